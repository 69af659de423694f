"""The canary of the guards sings: on the code as it is it succeeds, and whatever of a guard is broken, it fails."""

import pytest

from pipelines.models import engine
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register
from pipelines.verify import canaries, doubts

CONTRACTS, POLICY, CANARIES = contracts_register.load(), policy_register.load(), canaries.load()


def failing():
    return {(one.subject, one.check_name) for one in doubts.judge(CANARIES, CONTRACTS, POLICY) if not one.success}


def test_all_is_well():
    results = doubts.judge(CANARIES, CONTRACTS, POLICY)
    assert {(one.subject, one.check_name) for one in results} == {
        ("fewer_rows", "doubted"), ("more_closings", "doubted"), ("guards", "never_withhold"), ("guards", "confirmed")}
    assert all(one.success and one.suite == "canary" and not one.raised for one in results)


@pytest.mark.parametrize(("table", "old", "new", "missed"), [
    ("guard", "f.found * 100 < f.accepted", "f.found * 100 > f.accepted", ("fewer_rows", "doubted")),
    ("guard", "f.found >= g.at_least AND", "false AND", ("more_closings", "doubted")),
    ("guard", "THEN 'confirmed'", "THEN 'tripped'", ("guards", "confirmed")),
    ("guard", "WHEN NOT d.is_doubted THEN 'quiet'", "", ("fewer_rows", "doubted")),
    ("closing", "d.closed_at < $as_of_end", "d.closed_at < $as_of_end AND false", ("more_closings", "doubted")),
    ("current", "AND j.state NOT IN ('overdue', 'late', 'premature')", "", ("guards", "never_withhold")),
    ("current", "coalesce(d.is_whole OR c.subject IS NOT NULL, false)", "false", ("guards", "never_withhold")),
    ("doubt", "g.state = 'tripped'", "g.state <> 'quiet'", ("guards", "confirmed")),
])
def test_what_is_broken_is_missed(monkeypatch, table, old, new, missed):
    path = engine.MODELS / f"obligation.{table}.sql"
    select = engine.select
    assert old in select(path)
    monkeypatch.setattr(engine, "select", lambda at: select(at).replace(old, new, 1) if at == path else select(at))
    assert missed in failing()
