"""Hosting: technical staff work under French employment jurisdiction.

No data shows it: a named role states it, for a year at most (ours). A statement counts from the day on which it is made,
through the last day that it names itself, and through the same date a year on at the latest.
"""

import pytest

title = "Hosting: staff under French jurisdiction"


@pytest.fixture
def spec(judged):
    return judged("hosting.staff")


def attestations(*rows: str) -> str:
    head = "attestation_id | kind | promise | dataset | stated_on | valid_until_on | role"
    return "\n".join([head, *rows])


def statement(name: str, stated: str, until: str, role: str = "operations") -> str:
    return f"{name} | statement | hosting.staff | | {stated} | {until} | {role}"


def test_a_statement_counts_through_the_last_day_that_it_names(spec):
    """It is `expiring` while that day is at most thirty days away: time to renew it."""
    spec(attestations=attestations(statement("half", "2024-01-01", "2024-06-30")), states="""
        subject | 2023-12-31 | 2024-01-01 | 2024-05-30 | 2024-05-31 | 2024-06-30 | 2024-07-01
        half    |            | valid      | valid      | expiring   | expiring   | expired
    """)


def test_it_counts_for_a_year_at_most(spec):
    """Longer than the register allows, nobody can know: the same date a year later is the last day."""
    spec(attestations=attestations(statement("decade", "2024-02-29", "2034-12-31")), states="""
        subject | 2024-02-29 | 2025-02-28 | 2025-03-01
        decade  | valid      | expiring   | expired
    """)


def test_it_ends_before_it_begins_and_never_counts(spec):
    spec(attestations=attestations(statement("backwards", "2024-03-01", "2024-02-01")), states="""
        subject   | 2024-03-01
        backwards | expired
    """)


def test_it_says_who_and_until_when(spec):
    spec(as_of="2024-03-31", attestations=attestations(
        statement("one", "2024-03-01", "2024-09-30", "head of operations"),
        statement("two", "2023-01-01", "2030-01-01", "payroll")), statements="""
        subject | role               | stated_on  | counts_until_on | state
        one     | head of operations | 2024-03-01 | 2024-09-30      | valid
        two     | payroll            | 2023-01-01 | 2024-01-01      | expired
    """)


def test_what_is_stated_of_something_else_says_nothing_of_this(spec):
    """Another promise, another kind of statement, no role: none of them is a statement on this promise."""
    spec(as_of="2024-03-31", attestations=attestations(
        "other | statement | processor.assistance | | 2024-03-01 | 2024-09-30 | operations",
        "nil | nil_return | hosting.staff | | 2024-03-01 | 2024-09-30 | operations",
        "whole | completeness | hosting.staff | | 2024-03-01 | 2024-09-30 | operations",
        statement("ours", "2024-03-01", "2024-09-30")), statements="""
        subject | state
        ours    | valid
    """)


WHOLE = "whole | completeness | | attestations | {} | 2030-01-01 | dpo"


@pytest.mark.parametrize(("statements", "verdict_", "reason", "detail"), [
    ([], "unverifiable", "attestation_missing", ""),
    ([statement("old", "2023-01-01", "2023-12-31")], "unverifiable", "attestation_expired", "2023-12-31"),
    ([statement("ahead", "2024-04-01", "2024-12-31")], "unverifiable", "attestation_missing", ""),
    ([statement("soon", "2024-01-01", "2024-04-30")], "at_risk", "attestation_expiring", "2024-04-30"),
    ([statement("good", "2024-01-01", "2024-05-01")], "compliant", "none", ""),
    ([statement("soon", "2024-01-01", "2024-04-30"), statement("next", "2024-03-31", "2025-03-31")],
     "compliant", "none", ""),
    ([statement("old", "2023-01-01", "2023-12-31"), statement("good", "2024-01-01", "2024-12-31")],
     "compliant", "none", ""),
])
def test_the_promise_is_kept_while_a_statement_counts(verdict, statements, verdict_, reason, detail):
    """At the end of 31 March 2024, with a horizon of thirty days: 30 April is within it, 1 May is not."""
    verdict(as_of="2024-03-31", attestations=attestations(WHOLE.format("2024-01-01"), *statements), verdicts=f"""
        promise       | verdict    | reason   | detail
        hosting.staff | {verdict_} | {reason} | {detail}
    """)


@pytest.mark.parametrize(("whole", "verdict_", "reason"), [
    ("2023-12-31", "compliant", "none"),
    ("2023-12-30", "unverifiable", "completeness_missing"),
    ("2024-04-01", "unverifiable", "completeness_missing"),
])
def test_the_register_of_statements_is_stated_to_be_whole_each_quarter(verdict, whole, verdict_, reason):
    """It is kept by hand: what was withdrawn may be missing from it. Three calendar months, the last day included."""
    told = attestations(WHOLE.format(whole), statement("good", "2024-01-01", "2024-12-31"))
    verdict(as_of="2024-03-31", attestations=told, verdicts=f"""
        promise       | verdict    | reason
        hosting.staff | {verdict_} | {reason}
    """)
