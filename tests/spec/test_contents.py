"""The table of contents in README.md, and that nothing of the register is left without a case."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from casebook import POLICY

from pipelines.models import engine, tables

HERE = Path(__file__).parent
CHAPTERS = sorted(path for path in HERE.glob("test_[0-9]*.py"))
LINE = re.compile(r"^\| (?P<number>\d+) \| \[(?P<title>[^\]]+)\]\((?P<file>[^)]+)\) \|", re.MULTILINE)
STATES = {"void", "unknown", "premature", "late", "met", "held", "overdue", "due_soon", "open"}
# A promise without a due date cannot be late, one without an earliest date cannot be premature, and so on.
RETENTION = STATES - {"premature"}
REPLY = STATES - {"premature", "held"}
OCCURRING = {
    "retention.deleted-accounts": RETENTION,
    "retention.inactive-accounts": RETENTION - {"void"},
    "retention.invoices": {"unknown", "premature", "met", "open"},
    "trash.kept": {"void", "unknown", "premature", "met", "open"},
    "trash.recoverable": REPLY - {"due_soon"},
    "trash.purged": RETENTION - {"due_soon"},
    "cancellation.done": REPLY,
    "rights.answered": REPLY,
    "hosting.security-updates": REPLY - {"void"},
    "backup.several-daily": {"unknown", "late", "met", "overdue"},
    "backup.restorable": REPLY - {"void"},
}


STATEMENT = {"valid", "expiring", "expired"}


def texts(path: Path) -> list[str]:
    """Every text of a chapter's code that is laid out as a table; what is filled in by a parameter reads `x`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    pieces = {id(part) for node in joined for part in node.values}
    plain = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in pieces]
    found = ["".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values) for node in joined]
    found += [node.value for node in plain if isinstance(node.value, str)]
    return [text for text in found if "|" in text and "\n" in text]


def expected_in(path: Path) -> list[dict]:
    """The rows of every table in which a chapter expects something of a subject."""
    return [row for text in texts(path) for row in tables.parse(text) if "subject" in row]


def chapters_of(promise: str) -> list[Path]:
    name = re.sub(r"\W", "_", promise)
    return [path for path in CHAPTERS if path.stem.endswith(name)]


def test_the_contents_name_every_chapter_in_its_order_by_its_title():
    listed = [(int(m["number"]), m["title"], m["file"]) for m in LINE.finditer((HERE / "README.md").read_text("utf-8"))]
    titles = [importlib.import_module(path.stem).title for path in CHAPTERS]
    numbers = [int(path.name.split("_")[1]) for path in CHAPTERS]
    assert listed == list(zip(numbers, titles, (path.name for path in CHAPTERS), strict=True))
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_case_is_a_sentence_and_every_chapter_says_what_it_is_about(path):
    module = importlib.import_module(path.stem)
    assert module.__doc__
    assert not module.title.endswith(".")
    names = [name for name in vars(module) if name.startswith("test_")]
    assert [name for name in names if len(name.split("_")) < 2] == []


@pytest.mark.parametrize("promise", [rule.promise for rule in POLICY.rules.values() if rule.kind == "obligation"])
def test_every_obligation_of_the_register_has_a_chapter_with_every_state_it_can_have(promise):
    (path,) = chapters_of(promise)
    told = {cell for row in expected_in(path) for name, cell in row.items() if name not in ("subject", "closed_by")}
    assert told & STATES == OCCURRING[promise]


@pytest.mark.parametrize("promise", [rule.promise for rule in POLICY.rules.values() if rule.kind != "obligation"])
def test_every_condition_and_attestation_has_a_chapter_with_everything_it_can_say(promise):
    """What is kept, every reason that its SELECT can give, and every state of a statement."""
    (path,), rule = chapters_of(promise), POLICY.rules[promise]
    told = {cell for row in expected_in(path) for name, cell in row.items() if name != "subject"}
    sql = engine.select(rule.sql_path) if rule.has_conditions else ""
    due = {"kept", *(word for word in POLICY.reasons if f"'{word}'" in sql)} if rule.has_conditions else set()
    assert due | (STATEMENT if rule.kind == "attestation" else set()) <= told


def test_every_closing_word_of_the_register_is_expected_somewhere_and_no_other():
    words = {row["closed_by"] for path in CHAPTERS for row in expected_in(path) if row.get("closed_by")}
    assert words - {"x"} == set(POLICY.closings)
