"""Suite kept, condition by condition, on obligations written by hand: as_of is 2026-01-31, its end 2026-02-01 00:00.

The rules' own numbers: deleted accounts are a delete-by with a horizon of 30 days, rights a reply-by with one of 7,
invoices a keep-until; failures count for twelve months, so since 2025-02-01 00:00.
"""

import pytest
from sound import counts, failed

from pipelines.models import tables

OBLIGATIONS, CONDITIONS, STATEMENTS = "obligation.current", "obligation.condition", "fact.attestation"
DELETED, RIGHTS, INVOICES, TRASH = "retention.deleted-accounts", "rights.answered", "retention.invoices", "trash.kept"
# One obligation of each state that is no failure, as close to its edge as it can be.
KEPT = f"""
    promise    | subject | opened_at  | earliest_at | due_at           | closed_at        | state    | failed_at | in_review
    {DELETED}  | void    | 2022-01-01 |             | 2025-01-02       | 2024-01-01       | void     |           | false
    {DELETED}  | met     | 2022-01-01 |             | 2025-01-02 00:00 | 2025-01-01 23:59 | met      |           | false
    {DELETED}  | held    | 2022-01-01 |             | 2025-01-02       |                  | held     |           | false
    {DELETED}  | soon    | 2023-03-02 |             | 2026-03-03 00:00 |                  | due_soon |           | false
    {DELETED}  | open    | 2023-03-03 |             | 2026-03-04 00:00 |                  | open     |           | false
    {RIGHTS}   | soon    | 2026-01-01 |             | 2026-02-02       |                  | due_soon |           | false
    {RIGHTS}   | open    | 2026-01-31 |             | 2026-03-03       |                  | open     |           | false
    {INVOICES} | kept    | 2015-06-01 | 2026-02-01  |                  |                  | met      |           | false
    {INVOICES} | removed | 2015-06-01 | 2026-01-01  |                  | 2026-01-01       | met      |           | false
    {INVOICES} | open    | 2016-06-01 | 2026-02-02  |                  |                  | open     |           | false
    {TRASH}    | open    | 2026-01-30 | 2026-02-20  |                  |                  | open     |           | false
    """
FAILED = f"""
    promise    | subject | opened_at  | earliest_at | due_at     | closed_at  | state     | failed_at  | in_review
    {DELETED}  | over    | 2023-01-30 |             | 2026-02-01 |            | overdue   | 2026-02-01 | true
    {DELETED}  | late    | 2021-01-01 |             | 2024-01-02 | 2025-02-01 | late      | 2024-01-02 | true
    {DELETED}  | before  | 2021-01-01 |             | 2025-01-31 | 2025-01-31 | late      | 2025-01-31 | false
    {INVOICES} | early   | 2015-06-01 | 2026-01-01  |            | 2025-12-31 | premature | 2025-12-31 | true
    {INVOICES} | unknown | 2015-06-01 |             |            |            | unknown   |            | true
    {INVOICES} | unasked | 2015-06-01 |             |            |            | unknown   |            | false
    """
CELLS = ("promise", "subject", "opened_at", "earliest_at", "due_at", "safe_due_at", "closed_at", "state", "failed_at",
         "in_review")


@pytest.fixture
def obligations(copy):
    """The sound warehouse with obligations of the test's own, and a hold on the subject `held`."""

    def write(text: str):
        statements = ["DELETE FROM obligation.current", "DELETE FROM fact.legal_hold",
                      "INSERT INTO fact.legal_hold BY NAME SELECT 'h' AS hold_id, 'held' AS subject"]
        for row in tables.parse(text):
            values = ", ".join("NULL" if row.get(name) is None else f"'{row[name]}'" for name in CELLS)
            statements.append(f"INSERT INTO obligation.current ({', '.join(CELLS)}) VALUES ({values})")
        return copy.run(*statements)

    return write


def test_what_is_kept_fails_nothing(obligations):
    results = obligations(KEPT).kept(OBLIGATIONS)
    assert failed(results) == set()
    assert counts(results[DELETED, "no_overdue"]) == (5, 0, 0)
    assert counts(results[TRASH, "state_is_known"]) == (1, 0, 0)


def test_every_obligation_rule_is_checked_alike(obligations, policy):
    names = {}
    for subject, name in obligations(KEPT).kept(OBLIGATIONS):
        names.setdefault(subject, set()).add(name)
    assert names.pop(OBLIGATIONS) == {"rule_is_known"}
    assert set(names) == {rule.promise for rule in policy.rules.values() if rule.kind == "obligation"}
    assert len({frozenset(checks) for checks in names.values()}) == 1


def test_a_rule_under_which_nothing_is_owed_has_looked_at_nothing(obligations):
    results = obligations(KEPT).kept(OBLIGATIONS)
    assert counts(results["trash.recoverable", "no_overdue"]) == (0, 0, 0)
    assert results["trash.recoverable", "no_overdue"].success


def test_no_obligation_at_all(obligations):
    results = obligations("promise | subject").kept(OBLIGATIONS)
    assert failed(results) == set()
    assert {counts(result) for result in results.values()} == {(0, 0, 0)}


def test_failures_are_counted_by_kind_and_only_within_the_review_period(obligations):
    results = obligations(KEPT + FAILED.split("\n", 2)[2]).kept(OBLIGATIONS)
    assert failed(results) == {(DELETED, "no_overdue"), (DELETED, "no_late"), (INVOICES, "no_premature"),
                               (INVOICES, "no_unknown")}
    assert counts(results[DELETED, "no_overdue"]) == (8, 1, 0)
    assert counts(results[DELETED, "no_late"]) == (8, 1, 0)
    assert counts(results[INVOICES, "no_premature"]) == (6, 1, 0)
    assert counts(results[INVOICES, "no_unknown"]) == (6, 1, 0)


# What the model would have to get wrong: promise, subject, the change, which check tells, (rows, breaches, nulls)
WRONG = [
    (DELETED, "met", "state = 'finished'", "state_is_known", (8, 1, 0)),
    (DELETED, "met", "subject = NULL", "subject_is_there", (8, 1, 0)),
    (DELETED, "open", "opened_at = '2026-02-01 00:00'", "opened_by_as_of", (8, 1, 0)),
    (DELETED, "void", "closed_at = '2026-02-01 00:00'", "closed_by_as_of", (8, 1, 0)),
    (DELETED, "held", "due_at = NULL", "has_a_limit", (8, 1, 0)),
    (INVOICES, "open", "due_at = '2026-02-01 23:00'", "limits_in_order", (6, 1, 0)),
    (RIGHTS, "open", "safe_due_at = '2026-03-04'", "limits_in_order", (2, 1, 0)),
    (DELETED, "met", "closed_at = due_at", "met_in_time", (8, 1, 0)),
    (DELETED, "met", "closed_at = NULL", "met_in_time", (8, 1, 0)),
    (INVOICES, "removed", "closed_at = '2025-12-31 23:59'", "met_in_time", (6, 1, 0)),
    (INVOICES, "kept", "earliest_at = '2026-02-01 00:01'", "met_in_time", (6, 1, 0)),
    (DELETED, "over", "due_at = '2026-02-01 00:01'", "overdue_is_past_due", (8, 1, 0)),
    (DELETED, "over", "closed_at = '2026-01-31'", "overdue_is_past_due", (8, 1, 0)),
    (DELETED, "over", "due_at = NULL, earliest_at = '2020-01-01'", "overdue_is_past_due", (8, 0, 1)),
    (DELETED, "late", "due_at = '2025-02-01 00:01'", "late_is_past_due", (8, 1, 0)),
    (INVOICES, "early", "earliest_at = closed_at", "premature_is_early", (6, 1, 0)),
    (DELETED, "open", "closed_at = '2026-01-30'", "open_is_to_come", (8, 1, 0)),
    (INVOICES, "open", "earliest_at = '2026-02-01 00:00'", "open_is_to_come", (6, 1, 0)),
    (DELETED, "soon", "due_at = '2026-03-03 00:01'", "due_soon_is_to_come", (8, 1, 0)),
    (RIGHTS, "soon", "due_at = '2026-02-08 00:01'", "due_soon_is_to_come", (2, 1, 0)),
    (RIGHTS, "soon", "due_at = '2026-02-01 00:00'", "due_soon_is_to_come", (2, 1, 0)),
    (DELETED, "held", "subject = 'nobody'", "held_has_hold", (8, 1, 0)),
    (RIGHTS, "open", "state = 'held', subject = 'held'", "held_has_hold", (2, 1, 0)),
    (DELETED, "late", "failed_at = NULL", "failure_is_dated", (8, 1, 0)),
    (DELETED, "met", "failed_at = '2025-01-01'", "failure_is_dated", (8, 1, 0)),
    (DELETED, "late", "in_review = false", "review_is_told", (8, 1, 0)),
    (DELETED, "before", "in_review = true", "review_is_told", (8, 1, 0)),
    (DELETED, "over", "in_review = false", "review_is_told", (8, 1, 0)),
    (DELETED, "open", "subject = 'soon', opened_at = '2023-03-02'", "key_is_unique", (8, 1, 0)),
]


@pytest.fixture
def judged_by_hand(obligations):
    return obligations(KEPT + FAILED.split("\n", 2)[2])


@pytest.mark.parametrize(("promise", "subject", "change", "name", "expected"), WRONG,
                         ids=[f"{row[3]}-{number}" for number, row in enumerate(WRONG)])
def test_a_state_that_its_dates_contradict_is_told(judged_by_hand, promise, subject, change, name, expected):
    allowed = {"no_overdue", "no_late", "no_premature", "no_unknown"}
    judged_by_hand.run(f"UPDATE obligation.current SET {change} WHERE promise = '{promise}' AND subject = '{subject}'")
    results = judged_by_hand.kept(OBLIGATIONS)
    told = {key for key in failed(results) if key[1] not in allowed}
    assert (promise, name) in told
    assert {subject for subject, _ in told} == {promise}
    assert counts(results[promise, name]) == expected


def test_a_missing_state_is_neither_kept_nor_broken(judged_by_hand):
    judged_by_hand.run(f"UPDATE obligation.current SET state = NULL WHERE promise = '{TRASH}'")
    results = judged_by_hand.kept(OBLIGATIONS)
    for name in ("no_overdue", "no_late", "no_premature", "no_unknown", "state_is_known"):
        assert counts(results[TRASH, name]) == (1, 0, 1)
        assert not results[TRASH, name].success


def test_met_after_due_is_in_time_only_for_a_subject_once_held(judged_by_hand):
    change = "UPDATE obligation.current SET closed_at = due_at, subject = 'was held' WHERE subject = 'met'"
    assert (DELETED, "met_in_time") in failed(judged_by_hand.run(change).kept(OBLIGATIONS))
    judged_by_hand.run("INSERT INTO fact.legal_hold BY NAME SELECT 'h2' AS hold_id, 'was held' AS subject")
    assert (DELETED, "met_in_time") not in failed(judged_by_hand.kept(OBLIGATIONS))


@pytest.mark.parametrize("promise", ["'retention.everything'", "NULL"])
def test_an_obligation_under_no_rule_is_told(judged_by_hand, promise):
    judged_by_hand.run(f"UPDATE obligation.current SET promise = {promise} WHERE promise = '{TRASH}'")
    results = judged_by_hand.kept(OBLIGATIONS)
    assert counts(results["obligation.current", "rule_is_known"]) == (17, 1, 0)
    assert counts(results[TRASH, "no_overdue"]) == (0, 0, 0)


# Conditions. hosting.france is reviewed over twelve months, so since 2025-02-01 00:00.
FRANCE, STAFF = "hosting.france", "hosting.staff"
CONDITIONS_KEPT = f"""
    promise  | subject | seen_at          | ok   | reason | cases | state | since_on   | in_review
    {FRANCE} | stands  |                  | true |        | 1     | kept  |            | true
    {FRANCE} | within  | 2025-02-01 00:00 | true |        | 7     | kept  |            | true
    {FRANCE} | within  | 2025-02-02 00:00 | true |        | 7     | kept  |            | true
    {FRANCE} | before  | 2025-01-31 23:59 | true |        | 1     | kept  |            | false
    """
CONDITIONS_BROKEN = f"""
    promise  | subject | seen_at          | ok    | reason          | cases | state   | since_on   | in_review
    {FRANCE} | broken  |                  | false | abroad          | 1     | broken  | 2026-01-31 | true
    {FRANCE} | unsaid  |                  |       | country_unknown | 1     | unknown | 2024-01-31 | true
    {FRANCE} | late    | 2025-02-01 00:00 | false | abroad          | 90    | broken  | 2025-02-01 | true
    {FRANCE} | history | 2025-01-31 23:59 | false | abroad          | 1     | broken  | 2025-01-31 | false
    {FRANCE} | unasked | 2025-01-31 23:59 |       | server_unlisted | 1     | unknown | 2025-01-31 | false
    """
CONDITION_CELLS = ("promise", "subject", "seen_at", "ok", "reason", "cases", "state", "since_on", "in_review")


@pytest.fixture
def conditions(copy):
    """The sound warehouse with conditions of the test's own."""

    def write(text: str):
        statements = ["DELETE FROM obligation.condition"]
        for row in tables.parse(text):
            values = ", ".join("NULL" if row.get(name) is None else f"'{row[name]}'" for name in CONDITION_CELLS)
            statements.append(f"INSERT INTO obligation.condition ({', '.join(CONDITION_CELLS)}) VALUES ({values})")
        return copy.run(*statements)

    return write


def test_conditions_that_are_met_fail_nothing(conditions):
    results = conditions(CONDITIONS_KEPT).kept(CONDITIONS)
    assert failed(results) == set()
    assert counts(results[FRANCE, "no_broken"]) == (4, 0, 0)


def test_every_rule_with_conditions_is_checked_alike(conditions, policy):
    names = {}
    for subject, name in conditions(CONDITIONS_KEPT).kept(CONDITIONS):
        names.setdefault(subject, set()).add(name)
    assert names.pop(CONDITIONS) == {"rule_is_known"}
    assert set(names) == {rule.promise for rule in policy.rules.values() if rule.has_conditions}
    assert len({frozenset(checks) for checks in names.values()}) == 1


def test_conditions_not_met_are_counted_only_within_the_review_period(conditions):
    """Things judged are counted, not the cases that they stand for: the verdict counts the same, and shows the cases."""
    results = conditions(CONDITIONS_KEPT + CONDITIONS_BROKEN.split("\n", 2)[2]).kept(CONDITIONS)
    assert failed(results) == {(FRANCE, "no_broken"), (FRANCE, "no_unknown")}
    assert counts(results[FRANCE, "no_broken"]) == (9, 2, 0)
    assert counts(results[FRANCE, "no_unknown"]) == (9, 1, 0)


# What the model, or a SELECT, would have to get wrong: subject, the change, which check tells, (rows, breaches, nulls)
WRONG_CONDITIONS = [
    ("stands", "state = 'fine'", "state_is_known", (9, 1, 0)),
    ("stands", "ok = false, reason = 'abroad'", "state_is_told", (9, 1, 0)),
    ("stands", "ok = NULL, reason = 'country_unknown'", "state_is_told", (9, 1, 0)),
    ("broken", "ok = true, reason = NULL", "state_is_told", (9, 1, 0)),
    ("stands", "subject = NULL", "subject_is_there", (9, 1, 0)),
    ("stands", "seen_at = '2026-02-01 00:00'", "seen_by_as_of", (9, 1, 0)),
    ("stands", "reason = 'abroad'", "reason_is_told", (9, 1, 0)),
    ("broken", "reason = NULL", "reason_is_told", (9, 1, 0)),
    ("broken", "reason = 'country_unknown'", "reason_is_told", (9, 1, 0)),
    ("unsaid", "reason = 'abroad'", "reason_is_told", (9, 1, 0)),
    ("unsaid", "reason = NULL", "reason_is_told", (9, 1, 0)),
    ("broken", "reason = 'whim'", "reason_is_told", (9, 1, 0)),
    ("broken", "cases = 0", "cases_are_counted", (9, 1, 0)),
    ("broken", "cases = NULL", "cases_are_counted", (9, 0, 1)),
    ("broken", "since_on = NULL", "since_is_told", (9, 1, 0)),
    ("broken", "since_on = '2026-02-01'", "since_is_told", (9, 1, 0)),
    ("late", "since_on = '2025-01-31'", "since_is_told", (9, 1, 0)),
    ("stands", "since_on = '2026-01-31'", "since_is_told", (9, 1, 0)),
    ("stands", "in_review = false", "review_is_told", (9, 1, 0)),
    ("late", "in_review = false", "review_is_told", (9, 1, 0)),
    ("history", "in_review = true", "review_is_told", (9, 1, 0)),
    ("stands", "subject = 'unsaid'", "key_is_unique", (9, 1, 0)),
]


@pytest.mark.parametrize(("subject", "change", "name", "expected"), WRONG_CONDITIONS,
                         ids=[f"{row[2]}-{number}" for number, row in enumerate(WRONG_CONDITIONS)])
def test_a_condition_that_contradicts_itself_is_told(conditions, subject, change, name, expected):
    copy = conditions(CONDITIONS_KEPT + CONDITIONS_BROKEN.split("\n", 2)[2])
    results = copy.run(f"UPDATE obligation.condition SET {change} WHERE subject = '{subject}'").kept(CONDITIONS)
    told = {key for key in failed(results) if key[1] not in ("no_broken", "no_unknown")}
    assert (FRANCE, name) in told
    assert {promise for promise, _ in told} == {FRANCE}
    assert counts(results[FRANCE, name]) == expected


def test_a_missing_state_of_a_condition_is_neither_kept_nor_broken(conditions):
    results = conditions(CONDITIONS_KEPT).run("UPDATE obligation.condition SET state = NULL").kept(CONDITIONS)
    for name in ("no_broken", "no_unknown", "state_is_known", "state_is_told"):
        assert counts(results[FRANCE, name]) == (4, 0, 4)
        assert not results[FRANCE, name].success


def test_a_condition_under_no_rule_is_told(conditions):
    results = conditions(CONDITIONS_KEPT).run("UPDATE obligation.condition SET promise = 'hosting.mars'").kept(CONDITIONS)
    assert counts(results[CONDITIONS, "rule_is_known"]) == (4, 4, 0)


# Statements: what is written of a1 (the statement) or c1 (the completeness), and whether the check still succeeds.
STATED = [
    ("a1", "valid_until_on = '2026-01-31'", "is_stated", True),
    ("a1", "valid_until_on = '2026-01-30'", "is_stated", False),
    ("a1", "stated_on = '2025-01-31'", "is_stated", True),
    ("a1", "stated_on = '2025-01-30'", "is_stated", False),
    ("a1", "stated_on = '2026-02-01'", "is_stated", False),
    ("a1", "kind = 'nil_return'", "is_stated", False),
    ("a1", "promise = 'hosting.france'", "is_stated", False),
    ("c1", "valid_until_on = '2026-01-30'", "is_complete", False),
    ("c1", "stated_on = '2025-10-31'", "is_complete", True),
    ("c1", "stated_on = '2025-10-30'", "is_complete", False),
    ("c1", "dataset = 'servers'", "is_complete", False),
    ("c1", "kind = 'statement'", "is_complete", False),
]


@pytest.mark.parametrize(("attestation", "change", "name", "succeeds"), STATED,
                         ids=[f"{row[2]}-{number}" for number, row in enumerate(STATED)])
def test_what_is_stated_is_asked_of_its_own_dates(copy, attestation, change, name, succeeds):
    assert failed(copy.kept(STATEMENTS)) == set()
    copy.run(f"UPDATE fact.attestation SET {change} WHERE attestation_id = '{attestation}'")
    assert copy.kept(STATEMENTS)[STAFF, name].success is succeeds
