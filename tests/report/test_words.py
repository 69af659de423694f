"""Everything is said in both languages, and written as each language writes it."""

import ast
import re
from datetime import date
from string import Formatter

import pytest

from pipelines.errors import UsageError
from pipelines.home import REPOSITORY
from pipelines.report.figures import text
from pipelines.report.pages import CODED, escape, prose
from pipelines.report.texts import TEXTS
from pipelines.report.words import FORM, Words, label, typeset

FR, EN = Words("fr"), Words("en")
REPORT = REPOSITORY / "pipelines" / "report"
# The names by which plotly.js asks for its words.
NO_SPEECH = {"Double-click on legend to isolate one trace", "Double-click to zoom back out"}
# The same in both languages, and rightly so.
OF_A_PROMISE = {("promise", "kind"), ("promise", "reason"), ("verdict_change", "reason"),
                ("condition_count", "reason")}  # told by other words
ALIKE = {
    "unit.bits", "unit.minutes", "total", "column.section", "column.verdict", "column.site", "column.data_type",
    "column.suite", "column.source", "column.robot", "right.rectification", "client.robot", "device.robot", "country.CA",
    "country.FR", "country.GP", "country.LU", "country.MC", "country.MQ", "country.PT", "axis.minutes", "axis.obligations",
    "page.product", "xlsx.source"}
FRENCH_WORDS = re.compile(
    r"\b(le|la|les|des|une|est|sont|dans|pour|avec|depuis|jours|mois|comptes|aucune?|pas|par|sur|et)\b", re.IGNORECASE)
ENGLISH_WORDS = re.compile(
    r"\b(the|of|is|are|with|which|days|within|since|and|for|by|from|months?|no|not|to)\b", re.IGNORECASE)
SOURCES = [REPORT / name for name in ("pages.py", "figures.py", "html.py", "index.py", "disclosure.py")]
SOURCES += sorted((REPORT / "sections").glob("*.py"))


def fields(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_take_the_same_values_and_none_is_empty(key):
    french, english = TEXTS[key]
    assert french.strip()
    assert english.strip()
    assert fields(french) == fields(english) or {"n"} >= fields(french) ^ fields(english)
    assert len(french.split(FORM)) == len(english.split(FORM))


def test_nothing_is_left_untranslated():
    """What reads alike in both languages is named here, one by one."""
    alike = {key for key, (french, english) in TEXTS.items()
             if french == english and re.search("[A-Za-z]{2}", re.sub(r"\{\w+\}", "", french))}
    assert alike == ALIKE


def test_french_is_not_english_and_english_is_not_french():
    placeless = {key: [re.sub(r"\{\w+\}|`[^`]*`", "", text) for text in pair] for key, pair in TEXTS.items()}
    assert [key for key, (_, english) in placeless.items() if FRENCH_WORDS.search(english)] == []
    assert [key for key, (french, _) in placeless.items() if ENGLISH_WORDS.search(french)] == []
    assert [key for key, (_, english) in TEXTS.items() if re.search("[àâçéèêëîïôùûœ«»]", english)] == ["country.RE"]


def test_quotes_apostrophes_and_ellipses_are_those_of_print():
    assert [key for key, pair in TEXTS.items() if any(re.search("['\"]|\\.\\.\\.", text) for text in pair)] == []


def sentences(tree):
    """The string literals of a module that read as prose, but for docstrings, errors and SQL."""
    silent = {id(node) for parent in ast.walk(tree) if isinstance(parent, (ast.Raise, ast.Expr)) for node in ast.walk(parent)
              if isinstance(parent, ast.Raise) or isinstance(parent.value, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            text = re.sub(r"<[^>]*>?|[\w-]+=\"|%\{.*?\}", " ", node.value)
            if re.search(r"\b[A-Za-zÀ-ÿ]{2,} [a-zà-ÿ]{2,}\b", text) and not re.search(r"\b(SELECT|FROM)\b", text):
                yield node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_code_of_the_reports_speaks_by_itself(path):
    speech = [text for text in sentences(ast.parse(path.read_text(encoding="utf-8"))) if text not in NO_SPEECH]
    assert speech == []


def test_speech_in_code_would_be_found():
    code = '"""A docstring here."""\nx = f"<p>Nothing to report: {n}</p>"\nraise E("so it is")'
    assert list(sentences(ast.parse(code))) == ["<p>Nothing to report: "]


@pytest.mark.parametrize("path", sorted((REPORT / "templates").rglob("*.j2")), ids=lambda path: path.parent.name)
def test_no_template_speaks_by_itself(path):
    text = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "", path.read_text(encoding="utf-8"))
    text = text.replace("Alpiasoft · DOKUMENTO", "")
    assert re.findall(r"[A-Za-zÀ-ÿ]{2,}", text) == []


def test_every_state_and_verdict_and_reason_has_its_words():
    states = ("open", "due_soon", "met", "late", "overdue", "premature", "held", "void", "unknown", "kept", "broken",
              "valid", "expiring", "expired", "missing")
    reasons = ("none", "overdue", "late", "premature", "broken_constraint", "dataset_missing", "dataset_failed",
               "dataset_untrusted", "dataset_empty", "obligation_unknown", "canary_failed", "check_failed", "rule_not_built",
               "due_soon", "condition_unknown", "nothing_judged", "completeness_missing", "attestation_missing",
               "attestation_expired", "attestation_expiring")
    set_aside = ("wrong_type", "missing_value", "duplicate_key", "unknown_reference", "in_future", "before_company",
                 "time_without_zone", "not_utf8", "unknown_value", "too_long", "unreadable_line", "truncated")
    keys = [*(f"state.{s}" for s in states), *(f"reason.{r}" for r in reasons), *(f"set_aside.{s}" for s in set_aside)]
    assert [key for key in keys if key not in TEXTS] == []


def test_every_class_that_a_report_table_makes_has_its_words(run):
    """What the models call a class (`months_0_1`) is told in words, in every table that holds one."""
    unsaid = []
    for table in run.sql("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'report'")["table_name"]:
        frame = run.frame(table)
        coded = [c for c in frame.columns if c in CODED and (table, c) not in OF_A_PROMISE]
        keys = [f"{CODED[column]}.{value}" for column in coded for value in frame[column].dropna().unique() if value]
        unsaid += [key for key in keys if key not in TEXTS]
    assert unsaid == []


def test_dates():
    assert FR.day(date(2026, 11, 23)) == "23\u00a0novembre\u00a02026"
    assert FR.day(date(2026, 3, 1)) == "1er\u00a0mars\u00a02026"
    assert EN.day(date(2026, 11, 23)) == "23\u00a0November\u00a02026"
    assert FR.month(date(2026, 7, 1)) == "juil.\u00a02026"


def test_numbers():
    assert FR.number(1234567) == "1\u202f234\u202f567"
    assert FR.percent(12.345) == "1\u202f234,5\u202f%"
    assert EN.percent(0.1234) == "12.3%"
    assert EN.number(1234567) == "1,234,567"


@pytest.mark.parametrize(("seconds", "told"), [(0.2, "1 s"), (59.4, "59 s"), (59.6, "1 min"), (62, "1 min 2 s"),
                                               (3599.6, "1 h"), (7500, "2 h 5 min")])
def test_how_long(seconds, told):
    assert FR.lasting(seconds).replace("\u202f", " ").replace("\u00a0", " ") == told


def test_forms():
    assert FR("detail.judged", n=0) == "rien à juger"
    assert FR("detail.judged", n=1) == "1 obligation examinée"
    assert FR("detail.judged", n=1500) == "1\u202f500 obligations examinées"
    assert FR("unit.months", n=0) == "0\u00a0mois"
    assert EN("unit.days", n=1) == "1\u00a0day"
    assert EN("unit.days", n=0) == "0\u00a0days"


def test_french_spacing():
    assert typeset("« oui » ; non : pourquoi ?") == "«\u00a0oui\u00a0»\u202f; non\u00a0: pourquoi\u202f?"


def test_a_language_that_is_not_spoken_is_refused():
    with pytest.raises(UsageError, match="lang: 'de'"):
        Words("de")


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        FR("state.forgotten")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "<a href=javascript:x>b</a>", "a\u202eb\u2066c",
                                     "a\nb\x00c", "x" * 10_000, "%{y}", "\"onload=\"x"])
def test_hostile_names_become_one_short_printable_line(hostile):
    told = label(hostile)
    assert len(told) <= 60
    assert told.isprintable()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\n\x00]", told)
    assert "<" not in text(hostile)
    assert not set('<>"') & set(escape(hostile))


def test_prose_marks_what_is_typed_and_nothing_else():
    assert prose("`alpia <x>` & co") == "<code>alpia &lt;x&gt;</code> &amp; co"
