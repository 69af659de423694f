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
# One way to blind each rule that has a SELECT, or to make it accuse: what stands in it, and what is put there instead.
SPOILED = [
    ("collection.special-categories", "exempt_until_on < $as_of", "exempt_until_on <= $as_of"),
    ("collection.declared", "column_category IS NOT NULL AS ok", "column_name IS NOT NULL AS ok"),
    ("customer-data.access", "a.accessed_at < t.closed_at", "a.accessed_at <= t.closed_at"),
    ("rights.channels", "days_end(received_at, $acknowledge_days)", "days_end(received_at, $acknowledge_days + 1)"),
    ("processor.assistance", "coalesce(replied_at < due_at, false) END AS ok", "replied_at IS NOT NULL END AS ok"),
    ("use.purposes", "CASE WHEN legal_basis = 'legal_obligation' THEN true END", "true"),
    ("use.subprocessors", "list_concat($allowed_purposes, $hosting_purposes, $implied_purposes), purpose)\n",
     "list_concat($allowed_purposes, $hosting_purposes, $implied_purposes, ['sales_marketing']), purpose)\n"),
    ("use.no-promotional-sharing", "list_contains($third_parties, recipient_kind)", "basis <> 'consent'"),
    ("hosting.consent-to-leave", "WHEN NOT has_consent THEN", "WHEN NOT has_reference THEN"),
    ("hosting.france", "list_contains($allowed_countries, country) END AS ok", "country <> 'DE' END AS ok"),
    ("policy.published", "bool_and(is_online)", "bool_or(true)"),
    ("hosting.security-updates", "days_end(oldest_pending_at, $installed_days)",
     "days_end(oldest_pending_at, $installed_days + 30)"),
    ("backup.several-daily", "coalesce(p.role = 'backup', true)", "true"),
    ("backup.replicated", "count(*) FILTER (lag_seconds >= $lag_seconds)", "count(*) FILTER (lag_seconds > $lag_seconds)"),
    ("backup.restorable", "finished_at <= minutes_after(started_at, $restored_minutes)", "true"),
    ("transport.encrypted", "WHEN bits < $key_bits THEN 'weak_key'", "WHEN bits < $key_bits - 128 THEN 'weak_key'"),
    ("traffic.fields", "ELSE 'undeclared_field'", "ELSE 'kept'"),
    ("cookies.purposes", "c.is_undeclared OR d.purpose IS NULL", "c.is_undeclared AND d.purpose IS NOT NULL"),
    ("cookies.lifetime", "months_end(s.from_at, $period_months)", "months_end(s.from_at, $period_months + 1)"),
    ("customer-data.no-sharing", "WHERE data = 'customer_content' OR data IS NULL\n), used",
     "WHERE data = 'customer_content'\n), used"),
    ("retention.deleted-accounts", "months_end(opened_at, $period_months)", "months_end(opened_at, $period_months + 1)"),
    ("retention.inactive-accounts", "months_end(s.opened_at, $period_months)",
     "months_end(s.opened_at, $period_months - 1)"),
    ("retention.invoices", "day_end(greatest(", "day_start(greatest("),
    ("trash.kept", "trash_until(i.deleted_at, $kept_days)", "day_start(local_day(trash_until(i.deleted_at, $kept_days)))"),
    ("trash.recoverable", "WHEN outcome = 'refused' THEN", "WHEN outcome = 'denied' THEN"),
    ("trash.purged", "bool_and(gone_at IS NOT NULL)", "bool_or(gone_at IS NOT NULL)"),
    ("cancellation.done", "reply_last(asked_at, $period_months, 0)", "reply_safe(asked_at, $period_months, 0)"),
    ("marketing.unsubscribe", "has_list_unsubscribe OR has_unsubscribe_link", "has_list_unsubscribe"),
    ("marketing.respected", "days_end(stopped_at, $effect_days)", "days_end(stopped_at, $effect_days + 1)"),
    ("rights.answered", "reply_last(received_at, months, paused_days) AS due_at",
     "reply_safe(received_at, months, paused_days) AS due_at"),
]
# Each rule that rests on statements: as if one counted for longer, and as if none ever did.
STATED = [rule.promise for rule in POLICY.rules.values() if rule.kind == "attestation"]


def judged(tmp_path, policy=POLICY, contracts=CONTRACTS):
    return canaries.judge(tmp_path / "canaries.duckdb", CANARIES, contracts, policy)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """What is judged where nothing is spoiled."""
    return judged(tmp_path_factory.mktemp("sound"))


def seen(tmp_path, policy):
    """The promises whose canaries tell of a spoiled policy: by their states, else by the counts of the suite."""
    results = canaries.states(tmp_path / "states.duckdb", CANARIES, CONTRACTS, policy)
    if all(result.success for result in results):  # the states are right, and the counts of the suite are not
        results = judged(tmp_path, policy)
    return {result.subject for result in results if not result.success}


def with_rule(promise, sql_path):
    rules = dict(POLICY.rules)
    rules[promise] = replace(rules[promise], sql_path=sql_path)
    return replace(POLICY, rules=MappingProxyType(rules))


def test_every_canary_sings(sound):
    assert [result for result in sound if not result.success] == []
    assert {result.subject for result in sound} == {*POLICY.rules, *CONTRACTS}


@pytest.mark.parametrize(("promise", "right", "wrong"), SPOILED, ids=[promise for promise, _, _ in SPOILED])
def test_a_spoiled_rule_is_caught_by_its_own_canary(tmp_path, promise, right, wrong):
    sql = POLICY.rules[promise].sql_path.read_text(encoding="utf-8")
    assert right in sql
    spoiled = tmp_path / "spoiled.sql"
    spoiled.write_text(sql.replace(right, wrong), encoding="utf-8")
    assert seen(tmp_path, with_rule(promise, spoiled)) == {promise}


def test_a_spoiled_rule_is_seen_by_the_engine_and_by_the_counts_of_the_suite(tmp_path):
    promise, right, wrong = next(one for one in SPOILED if one[0] == "retention.deleted-accounts")
    spoiled = tmp_path / "spoiled.sql"
    spoiled.write_text(POLICY.rules[promise].sql_path.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    failed = {(result.subject, result.check_name) for result in judged(tmp_path, with_rule(promise, spoiled))
              if not result.success}
    assert {subject for subject, _ in failed} == {promise}
    assert len(failed) > 1


@pytest.mark.parametrize("promise", STATED)
@pytest.mark.parametrize("months", [1, 24])
def test_a_statement_that_counts_too_long_or_too_short_is_caught(tmp_path, promise, months):
    rule = POLICY.rules[promise]
    parameters = {**rule.parameters, "valid_months": replace(rule.parameters["valid_months"], value=months)}
    rules = {**POLICY.rules, promise: replace(rule, parameters=MappingProxyType(parameters))}
    assert promise in seen(tmp_path, replace(POLICY, rules=MappingProxyType(rules)))


def test_what_needs_a_statement_is_also_judged_without_one(sound):
    """The check that a promise is stated must be able to fail; so must the one that a register kept by hand is whole."""
    names = {(result.subject, result.check_name) for result in sound}
    by_hand = {name for name, contract in CONTRACTS.items() if contract.kept_by_hand}
    whole = {rule.promise for rule in POLICY.rules.values() if by_hand & {*rule.needs, *rule.completes}}
    assert {subject for subject, name in names if name == "unstated_is_stated"} == set(STATED)
    assert {subject for subject, name in names if name == "unstated_is_complete"} == whole


def test_every_rule_has_a_way_to_be_spoiled():
    with_select = {rule.promise for rule in POLICY.rules.values() if rule.kind == "obligation" or rule.has_conditions}
    assert {promise for promise, _, _ in SPOILED} == with_select
    assert with_select | set(STATED) == set(POLICY.rules)


def test_a_canary_that_no_rule_judges_stops_the_run(tmp_path):
    without = {promise: rule for promise, rule in POLICY.rules.items() if promise != "hosting.france"}
    with pytest.raises(AlpiaError, match=r"canaries for hosting\.france, which no rule judges"):
        judged(tmp_path, replace(POLICY, rules=MappingProxyType(without)))


def test_a_rule_without_a_canary_stops_the_run(tmp_path):
    sql = shutil.copy(POLICY.rules["trash.kept"].sql_path, tmp_path / "new.sql")
    rules = {**POLICY.rules, "use.purposes": replace(POLICY.rules["trash.kept"], promise="use.purposes", sql_path=sql)}
    with pytest.raises(AlpiaError, match=r"canary for use\.purposes"):
        judged(tmp_path, replace(POLICY, rules=MappingProxyType(rules)))
