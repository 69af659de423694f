"""The checks are checked: a rule that stops seeing, or starts accusing, is caught by its canary."""

import shutil
from dataclasses import replace
from types import MappingProxyType

import pytest

from pipelines.errors import AlpiaError
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register
from pipelines.verify import canaries

CONTRACTS, POLICY, CANARIES = contracts_register.load(), policy_register.load(), canaries.load()
# One way to blind each rule, or to make it accuse: what stands in its SELECT, and what is put there instead.
SPOILED = [
    ("retention.deleted-accounts", "months_end(opened_at, $period_months)", "months_end(opened_at, $period_months + 1)"),
    ("retention.inactive-accounts", "months_end(s.opened_at, $period_months)",
     "months_end(s.opened_at, $period_months - 1)"),
    ("retention.invoices", "day_end(greatest(", "day_start(greatest("),
    ("trash.kept", "trash_until(i.deleted_at, $kept_days)", "day_start(local_day(trash_until(i.deleted_at, $kept_days)))"),
    ("trash.recoverable", "WHEN outcome = 'refused' THEN", "WHEN outcome = 'denied' THEN"),
    ("trash.purged", "bool_and(gone_at IS NOT NULL)", "bool_or(gone_at IS NOT NULL)"),
    ("cancellation.done", "reply_last(asked_at, $period_months, 0)", "reply_safe(asked_at, $period_months, 0)"),
    ("rights.answered", "reply_last(received_at, months, paused_days) AS due_at",
     "reply_safe(received_at, months, paused_days) AS due_at"),
]


def judged(tmp_path, policy=POLICY, contracts=CONTRACTS):
    return canaries.judge(tmp_path / "canaries.duckdb", CANARIES, contracts, policy)


def with_rule(promise, sql_path):
    rules = dict(POLICY.rules)
    rules[promise] = replace(rules[promise], sql_path=sql_path)
    return replace(POLICY, rules=MappingProxyType(rules))


def test_every_canary_sings(tmp_path):
    results = judged(tmp_path)
    assert [result for result in results if not result.success] == []
    assert {result.subject for result in results} == {*POLICY.rules, *CONTRACTS}


@pytest.mark.parametrize(("promise", "right", "wrong"), SPOILED, ids=[promise for promise, _, _ in SPOILED])
def test_a_spoiled_rule_is_caught_by_its_own_canary(tmp_path, promise, right, wrong):
    sql = POLICY.rules[promise].sql_path.read_text(encoding="utf-8")
    assert right in sql
    spoiled = tmp_path / "spoiled.sql"
    spoiled.write_text(sql.replace(right, wrong), encoding="utf-8")
    results = judged(tmp_path, with_rule(promise, spoiled))
    assert {result.subject for result in results if not result.success} == {promise}


def test_every_rule_has_a_way_to_be_spoiled():
    assert {promise for promise, _, _ in SPOILED} == set(POLICY.rules)


def test_a_rule_without_a_canary_stops_the_run(tmp_path):
    sql = shutil.copy(POLICY.rules["trash.kept"].sql_path, tmp_path / "new.sql")
    rules = {**POLICY.rules, "traffic.fields": replace(POLICY.rules["trash.kept"], promise="traffic.fields", sql_path=sql)}
    with pytest.raises(AlpiaError, match=r"canary for traffic\.fields"):
        judged(tmp_path, replace(POLICY, rules=MappingProxyType(rules)))
