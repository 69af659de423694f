"""What a chart shows, in a sentence: only what may be told, and nothing where nothing can be."""

import re

import pandas as pd
import pytest

from pipelines.report.figures import Chart
from pipelines.report.sections import SECTIONS, finding
from pipelines.report.words import Words

FR, EN = Words("fr"), Words("en")
NAMES = ["a", "b", "c"]
NUMBER = re.compile(r"\(?[\d\u202f]+\b(?!\u00a0ans)")


@pytest.mark.parametrize(("values", "sentence"), [
    ([3, 1200, 7], "Au premier rang\u00a0: b, 1\u202f200 comptes."),
    ([pd.NA, 7, pd.NA], ""),               # the only one that may be told is not known to be the first of several
    ([7, pd.NA, 6], "Au premier rang\u00a0: a, 7 comptes."),
    ([0, 0, 0], ""),
    ([1, 0, 0], ""),                       # one account is no rank
    ([], ""),
    ([5, 5, 5], "Au premier rang\u00a0: a, 5 comptes."),
])
def test_the_first_of_several(values, sentence):
    assert finding.first(FR, NAMES, values, "axis.accounts") == sentence


def test_when_there_was_most():
    assert finding.peak(EN, ["Jan", "Feb", "Mar"], [3, 9, 2], "axis.visits") == "Highest: 9 visits, Feb."


@pytest.mark.parametrize(("values", "sentence"), [
    ([float("nan"), 5, 9], "From 5 to 9 accounts, b to c."),  # a month that is not whole is not compared
    ([4, float("nan"), float("nan")], ""),
])
def test_from_where_to_where(values, sentence):
    assert finding.moved(EN, NAMES, values, "axis.accounts") == sentence


def test_every_number_of_a_finding_stands_in_the_charts_own_table(run):
    checked = 0
    for name in ("inactivity.idle", "inactivity.month", "traffic.features", "traffic.peaks", "deletions.flow",
                 "deletions.invoices", "traffic.origin", "inactivity.plan"):
        pieces = SECTIONS[name](run).pieces
        for place, piece in enumerate(pieces):
            if isinstance(piece, Chart) and piece.finding:
                told = "".join(after.text for after in pieces[place + 1:] if not isinstance(after, Chart))
                numbers = [word.strip("().,") for word in piece.finding.split(" ") if NUMBER.match(word)]
                assert all(f">{one}<" in told for one in numbers), (name, piece.finding)
                checked += len(numbers)
    assert checked >= 7


def test_what_is_suppressed_is_in_no_finding(run):
    hidden = run.frame("idle_by_plan")[run.shown("idle_by_plan")["accounts"].isna()]
    said = [piece.finding for piece in SECTIONS["inactivity.plan"](run).pieces if isinstance(piece, Chart)]
    assert len(hidden)
    assert said
    assert not any(f": {count}." in sentence.replace("\u00a0", " ") for sentence in said for count in hidden["accounts"])
