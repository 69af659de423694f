"""What may be shown: small counts of persons are not, and their totals do not give them away; counts by state are."""

import pandas as pd
import pytest

from pipelines.report import disclosure
from pipelines.report.disclosure import BREAKDOWNS, shown, suppressed
from pipelines.report.texts import TEXTS


def by_plan(*rows):
    return pd.DataFrame(rows, columns=["plan", "idle_class", "idle_position", "accounts"])


def told(frame):
    return [None if pd.isna(value) else int(value) for value in frame["accounts"]]


@pytest.mark.parametrize(("counts", "hidden"), [
    ([0, 0, 0], []),            # nobody is no secret
    ([5, 9, 100], []),          # nor are five
    ([4, 3, 100], [0, 1]),      # two that hide each other: their sum is seven
    ([4, 9, 100], [0, 1]),      # one alone would be the total less the rest: the next smallest goes too
    ([1, 1, 100], [0, 1, 2]),   # two whose sum is two say that each is one: a third goes too
    ([3, 0, 100], [0, 1]),      # a zero can hide it as well
    ([3], [0]),
])
def test_which_counts_are_suppressed(counts, hidden):
    assert sorted(suppressed(pd.Series(counts, dtype=int))) == hidden


def test_a_breakdown_is_suppressed_group_by_group():
    frame = by_plan(("A", "old", 1, 50), ("B", "old", 1, 3), ("C", "old", 1, 7), ("A", "new", 2, 8), ("B", "new", 2, 9))
    assert told(shown("idle_by_plan", frame)) == [50, None, None, 10, 10]
    assert told(frame) == [50, 3, 7, 8, 9], "the frame that was given stays as it was"


@pytest.mark.parametrize(("count", "told"), [(0, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1002, 1000),
                                               (pd.NA, None)])
def test_what_is_left_is_rounded_to_the_nearest_multiple(count, told):
    (found,) = disclosure.rounded(pd.Series([count], dtype="Int64"), disclosure.ROUNDED_TO)
    assert (None if pd.isna(found) else found) == told


def test_two_nights_do_not_tell_that_one_account_moved():
    nights = [by_plan(("A", "old", 1, 50 + n), ("B", "old", 1, 60 - n), ("C", "old", 1, 400)) for n in (0, 1)]
    assert told(shown("idle_by_plan", nights[0])) == told(shown("idle_by_plan", nights[1]))


@pytest.mark.parametrize("lang", [0, 1])
def test_the_pages_say_how_they_round(lang):
    assert f" {disclosure.ROUNDED_TO}" in TEXTS["note.rounded"][lang]


def test_counts_by_rule_and_state_are_exact():
    frame = pd.DataFrame({"promise": ["a"], "state": ["overdue"], "subjects": [3]})
    assert shown("state_count", frame)["subjects"].tolist() == [3]


def test_every_breakdown_is_a_table_with_these_columns(run):
    for table, breakdown in BREAKDOWNS.items():
        assert {breakdown.attribute, breakdown.count, *breakdown.total_by} <= set(run.frame(table).columns)


def test_no_other_report_table_tells_persons_apart(run):
    attributes = {breakdown.attribute for breakdown in disclosure.BREAKDOWNS.values()} - {"age_class"}
    tables = run.sql("SELECT table_name FROM duckdb_columns() WHERE schema_name = 'report' AND "
                     "column_name IN (SELECT unnest($attributes))", attributes=sorted(attributes))
    assert set(tables["table_name"]) <= set(BREAKDOWNS)


def test_no_report_table_holds_a_subject(run):
    columns = run.sql("SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'report' AND "
                      "(column_name LIKE '%\\_id' ESCAPE '\\' OR column_name = 'subject')")
    assert set(map(tuple, columns.to_numpy())) == {("trash_by_server", "server_id"), ("failed_check", "subject")}


@pytest.mark.slow
def test_what_is_suppressed_is_in_no_page(run, pages):
    exact = run.frame("idle_by_plan")
    hidden = exact[shown("idle_by_plan", exact)["accounts"].isna()]
    assert len(hidden) > 0
    for (name, lang), table in ((("inactivity", "fr"), "idle_by_plan"), (("inactivity", "en"), "idle_by_plan"),
                                (("deletions", "fr"), "rights_by_right")):
        cell = f'<span class="suppressed">{"n. c." if lang == "fr" else "n/d"}</span>'
        hidden = run.shown(table).isna().to_numpy().sum()
        assert hidden > 0, table
        assert pages[name, lang].read_text(encoding="utf-8").count(cell) >= hidden, (name, table)
