"""Suite kept, condition by condition, on obligations written by hand: as_of is 2026-01-31, its end 2026-02-01 00:00.

The rules' own numbers: deleted accounts are a delete-by with a horizon of 30 days, rights a reply-by with one of 7,
invoices a keep-until; failures count for twelve months, so since 2025-02-01 00:00.
"""

import pytest
from sound import counts, failed

from pipelines.models import tables

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
    results = obligations(KEPT).kept()
    assert failed(results) == set()
    assert counts(results[DELETED, "no_overdue"]) == (5, 0, 0)
    assert counts(results[TRASH, "state_is_known"]) == (1, 0, 0)


def test_every_obligation_rule_is_checked_alike(obligations, policy):
    names = {}
    for subject, name in obligations(KEPT).kept():
        names.setdefault(subject, set()).add(name)
    assert names.pop("obligation.current") == {"rule_is_known"}
    assert set(names) == {rule.promise for rule in policy.rules.values() if rule.kind == "obligation"}
    assert len({frozenset(checks) for checks in names.values()}) == 1


def test_a_rule_under_which_nothing_is_owed_has_looked_at_nothing(obligations):
    results = obligations(KEPT).kept()
    assert counts(results["trash.recoverable", "no_overdue"]) == (0, 0, 0)
    assert results["trash.recoverable", "no_overdue"].success


def test_no_obligation_at_all(obligations):
    results = obligations("promise | subject").kept()
    assert failed(results) == set()
    assert {counts(result) for result in results.values()} == {(0, 0, 0)}


def test_failures_are_counted_by_kind_and_only_within_the_review_period(obligations):
    results = obligations(KEPT + FAILED.split("\n", 2)[2]).kept()
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
    results = judged_by_hand.kept()
    told = {key for key in failed(results) if key[1] not in allowed}
    assert (promise, name) in told
    assert {subject for subject, _ in told} == {promise}
    assert counts(results[promise, name]) == expected


def test_a_missing_state_is_neither_kept_nor_broken(judged_by_hand):
    judged_by_hand.run(f"UPDATE obligation.current SET state = NULL WHERE promise = '{TRASH}'")
    results = judged_by_hand.kept()
    for name in ("no_overdue", "no_late", "no_premature", "no_unknown", "state_is_known"):
        assert counts(results[TRASH, name]) == (1, 0, 1)
        assert not results[TRASH, name].success


def test_met_after_due_is_in_time_only_for_a_subject_once_held(judged_by_hand):
    change = "UPDATE obligation.current SET closed_at = due_at, subject = 'was held' WHERE subject = 'met'"
    assert (DELETED, "met_in_time") in failed(judged_by_hand.run(change).kept())
    judged_by_hand.run("INSERT INTO fact.legal_hold BY NAME SELECT 'h2' AS hold_id, 'was held' AS subject")
    assert (DELETED, "met_in_time") not in failed(judged_by_hand.kept())


@pytest.mark.parametrize("promise", ["'retention.everything'", "NULL"])
def test_an_obligation_under_no_rule_is_told(judged_by_hand, promise):
    judged_by_hand.run(f"UPDATE obligation.current SET promise = {promise} WHERE promise = '{TRASH}'")
    results = judged_by_hand.kept()
    assert counts(results["obligation.current", "rule_is_known"]) == (17, 1, 0)
    assert counts(results[TRASH, "no_overdue"]) == (0, 0, 0)
