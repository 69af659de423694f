"""What a chart shows, in a sentence: only what may be told, and where that is nothing, so it says."""

import re

import pandas as pd
import pytest

from pipelines.report import open_run
from pipelines.report.figures import Chart
from pipelines.report.sections import SECTIONS, finding, inactivity, traffic
from pipelines.report.words import Words
from pipelines.run import REPORTS

FR, EN = Words("fr"), Words("en")
TOO_FEW = "Trop peu de cas pour en tirer un constat."
NAMES = ["a", "b", "c"]
NUMBER = re.compile(r"\(?[\d\u202f]+\b(?!\u00a0ans)")


@pytest.mark.parametrize(("values", "sentence"), [
    ([3, 1200, 7], "Au premier rang\u00a0: b, 1\u202f200 comptes."),
    ([pd.NA, 7, pd.NA], TOO_FEW),          # the only one that may be told is not known to be the first of several
    ([7, pd.NA, 6], "Au premier rang\u00a0: a, 7 comptes."),
    ([0, 0, 0], "Rien à compter."),
    ([0, pd.NA, 0], TOO_FEW),              # something, which may not be told
    ([1, 0, 0], TOO_FEW),                  # one account is no rank
    ([], "Rien à compter."),
    ([5, 3, 5], "À égalité au premier rang\u00a0: a, c, 5 comptes."),
])
def test_the_first_of_several(values, sentence):
    assert finding.first(FR, NAMES, values, "axis.accounts") == sentence


@pytest.mark.parametrize(("visits", "sentence"), [
    ({"curl": 539, "Searchbot": 451, "other": 714}, "Au premier rang\u00a0: curl, 539 visites."),
    ({"curl": 539, "other": 714}, TOO_FEW),
])
def test_the_rest_put_together_comes_first_of_nothing(visits, sentence):
    frame = pd.DataFrame({"category": list(visits), "visits": list(visits.values())})
    assert traffic._first_named(FR, frame, "category", "visits", [name != "other" for name in visits]) == sentence


def test_when_there_was_most():
    assert finding.peak(EN, ["Jan", "Feb", "Mar"], [3, 9, 2], "axis.visits") == "Highest: 9 visits, Feb."


@pytest.mark.parametrize(("values", "sentence"), [
    ([float("nan"), 5, 9], "From 5 to 9 accounts, b to c."),  # a month that is not whole is not compared
    ([4, float("nan"), float("nan")], "Too few cases to tell anything."),
])
def test_from_where_to_where(values, sentence):
    assert finding.moved(EN, NAMES, values, "axis.accounts") == sentence


@pytest.mark.parametrize(("past", "sentence"), [
    ([0, 0], "Aucun compte n’est inactif depuis 3\u00a0ans ou plus."),
    ([0, pd.NA], TOO_FEW),
    ([10, 5], "Inactifs depuis 3\u00a0ans ou plus, au premier rang\u00a0: Solo, 10 comptes."),
    (None, "Aucun compte n’est inactif depuis 3\u00a0ans ou plus."),
])
def test_who_is_past_the_term(past, sentence):
    wide = pd.DataFrame({"plan": ["Solo", "Pro"], **({} if past is None else {"months_36": past})})
    assert inactivity._most_past(FR, wide, "plan") == sentence


@pytest.mark.parametrize(("accounts", "sentence"), [
    ([0, 0], "Aucun compte n’est revenu sur toute la période."),
    ([1, 0], "1 compte est revenu sur la période, en mai\u00a02026."),
    ([7, 2], "9 comptes sont revenus sur la période, les derniers en juin\u00a02026."),
])
def test_who_came_back(accounts, sentence):
    frame = pd.DataFrame({"month_on": pd.to_datetime(["2026-05-01", "2026-06-01"]), "accounts": accounts})
    assert inactivity._returned(FR, frame) == sentence


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_chart_has_its_finding(home, lang):
    run = open_run(str(home.path), lang=lang)
    charts = [piece for name, section in SECTIONS.items() if name.partition(".")[0] in REPORTS
              for piece in section(run).pieces if isinstance(piece, Chart)]
    assert len(charts) > 25
    assert [chart.title for chart in charts if not chart.finding.endswith(".")] == []


def test_every_number_of_a_finding_stands_in_the_charts_own_table(run):
    checked = 0
    for name in ("inactivity.idle", "inactivity.month", "traffic.features", "traffic.peaks", "deletions.flow",
                 "deletions.invoices", "traffic.origin", "inactivity.plan", "traffic.plan"):
        pieces = SECTIONS[name](run).pieces
        for place, piece in enumerate(pieces):
            if isinstance(piece, Chart) and piece.finding:
                told = "".join(after.text for after in pieces[place + 1:] if not isinstance(after, Chart))
                numbers = [word.strip("().,") for word in piece.finding.split(" ") if NUMBER.match(word)]
                assert all(f">{one}<" in told for one in numbers), (name, piece.finding)
                checked += len(numbers)
    assert checked >= 7


def test_what_is_suppressed_is_in_no_finding(run):
    for table, section in (("idle_by_plan", "inactivity.plan"), ("usage_by_plan", "traffic.plan")):
        hidden = run.frame(table)[run.shown(table)["accounts"].isna()]
        said = [piece.finding for piece in SECTIONS[section](run).pieces if isinstance(piece, Chart)]
        assert len(hidden)
        assert said
        assert not any(f" {count} comptes" in sentence for sentence in said for count in hidden["accounts"])
