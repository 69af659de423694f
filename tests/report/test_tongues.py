"""No page says a word of the other language: what the sections say, read as a reader reads it."""

import html
import re

import pytest
from test_words import ENGLISH_WORDS, FRENCH_WORDS

from pipelines.report import open_run
from pipelines.report.figures import Chart
from pipelines.report.sections import SECTIONS

# Where it is no matter: what is typed, and what is marked as French, as the titles of French laws are.
NOT_PROSE = re.compile(r"<code>.*?</code>|<span lang=\"fr\">[^<]*</span>")


def told(section):
    """What a section says in words: its HTML without what is typed, its charts with their axes and series."""
    for piece in section.pieces:
        if isinstance(piece, Chart):
            drawn = piece.figure.to_plotly_json()
            axes = [drawn["layout"][axis].get("title", {}).get("text", "") for axis in ("xaxis", "yaxis")]
            yield " | ".join([piece.told, *axes, *(trace["name"] for trace in drawn["data"])])
        else:
            yield html.unescape(re.sub("<[^>]+>", " | ", NOT_PROSE.sub("", piece.text)))


@pytest.mark.parametrize(("lang", "foreign"), [("en", FRENCH_WORDS), ("fr", ENGLISH_WORDS)], ids=["en", "fr"])
def test_no_section_says_a_word_of_the_other_language(home, lang, foreign):
    """Also what the register says: promises, cures, reasons, parameters, in the reader's language."""
    run = open_run(str(home.path), lang=lang)
    found = [(name, text[max(0, match.start() - 30):match.end() + 30]) for name, made in SECTIONS.items()
             if not name.startswith("collect.") for text in told(made(run)) for match in foreign.finditer(text)]
    assert found == []


@pytest.mark.parametrize(("lang", "foreign"), [("en", FRENCH_WORDS), ("fr", ENGLISH_WORDS)], ids=["en", "fr"])
def test_a_word_of_the_other_language_would_be_found(home, lang, foreign):
    run = open_run(str(home.path), lang="fr" if lang == "en" else "en")
    assert all(foreign.search(" ".join(told(SECTIONS[name](run)))) for name in ("compliance.answer", "inactivity.idle"))
