"""As a processor: customers are helped and advised on the duties that are theirs.

A named role states it, for a year at most (ours); and where the ticket system marks requests for such help, each of them is
answered. A statement never makes up for one that is not.
"""

import pytest

title = "As a processor: help and advice to customers"


@pytest.fixture
def spec(judged):
    return judged("processor.assistance")


def attestations(*rows: str) -> str:
    return "\n".join(["attestation_id | kind | promise | dataset | stated_on | valid_until_on | role", *rows])


def statement(name: str, stated: str, until: str) -> str:
    return f"{name} | statement | processor.assistance | | {stated} | {until} | dpo"


def test_help_is_answered_within_fifteen_days(spec):
    """Ours: the customer himself has a month for his own people. Through the fifteenth day; judged once that can be told."""
    spec(tickets="""
        ticket_id | kind       | opened_at        | answered_at
        at_once   | assistance | 2024-03-04 10:00 | 2024-03-04 10:01
        last      | assistance | 2024-03-04 10:00 | 2024-03-19 23:59:59.999999
        late      | assistance | 2024-03-04 10:00 | 2024-03-20 00:00
        never     | assistance | 2024-03-04 10:00 |
    """, states="""
        subject | 2024-03-03 | 2024-03-18 | 2024-03-19      | 2024-03-20
        at_once |            | kept       | kept            | kept
        last    |            |            | kept            | kept
        late    |            |            | help_unanswered | help_late
        never   |            |            | help_unanswered | help_unanswered
    """)


def test_closing_a_ticket_answers_nothing(spec):
    """If nothing was asked after all, the ticket is of another kind."""
    spec(tickets="""
        ticket_id | kind       | opened_at        | closed_at        | answered_at
        closed    | assistance | 2024-03-04 10:00 | 2024-03-05 10:00 |
        both      | assistance | 2024-03-04 10:00 | 2024-03-05 10:00 | 2024-03-05 09:00
    """, states="""
        subject | 2024-03-31
        closed  | help_unanswered
        both    | kept
    """)


def test_one_that_is_opened_again_is_asked_again(spec):
    """An answer from before it was opened again answers nothing of what is asked now."""
    spec(as_of="2024-03-31", tickets="""
        ticket_id | kind       | opened_at        | closed_at        | answered_at
        t1        | assistance | 2024-02-01 10:00 | 2024-02-03 10:00 | 2024-02-02 10:00
        t1        | assistance | 2024-03-01 10:00 |                  | 2024-02-02 10:00
        t2        | assistance | 2024-03-01 10:00 |                  | 2024-03-01 10:00
    """, conditions="""
        subject | seen_at          | ok    | reason          | cases | in_review
        t1      | 2024-02-01 10:00 | true  |                 | 1     | true
        t1      | 2024-03-01 10:00 | false | help_unanswered | 1     | true
        t2      | 2024-03-01 10:00 | true  |                 | 1     | true
    """)


def test_only_what_is_marked_as_a_request_for_help_is_judged(spec):
    """Support is answered too, but on that the policy says nothing. Unmarked tickets decide nothing."""
    spec(tickets="""
        ticket_id | kind       | opened_at
        support   | support    | 2024-01-04 10:00
        other     | other      | 2024-01-04 10:00
        unmarked  |            | 2024-01-04 10:00
        marked    | assistance | 2024-01-04 10:00
    """, states="""
        subject | 2024-03-31
        marked  | help_unanswered
    """)


def test_a_system_that_notes_no_answers_accuses_nobody(spec):
    spec(absent=("tickets.answered_at",), as_of="2024-03-31", tickets="""
        ticket_id | kind       | opened_at
        long_ago  | assistance | 2024-01-04 10:00
        young     | assistance | 2024-03-28 10:00
    """, conditions="""
        subject  | ok | reason
        long_ago |    | reply_unrecorded
    """)


def test_it_counts_for_twelve_months_from_when_it_was_asked(spec):
    spec(as_of="2024-03-31", tickets="""
        ticket_id | kind       | opened_at
        within    | assistance | 2023-04-01 00:00
        history   | assistance | 2023-03-31 23:59:59
    """, conditions="""
        subject | ok    | reason          | in_review
        within  | false | help_unanswered | true
        history | false | help_unanswered | false
    """)


def test_a_statement_counts_for_a_year_at_most(spec):
    """Its own last day, or the same date a year on, whichever comes first; `expiring` within thirty days of it."""
    spec(attestations=attestations(statement("decade", "2024-03-01", "2034-12-31"),
                                   statement("half", "2024-03-01", "2024-08-31")), states="""
        subject | 2024-02-29 | 2024-03-01 | 2024-08-01 | 2024-08-31 | 2024-09-01 | 2025-01-30 | 2025-03-01 | 2025-03-02
        decade  |            | valid      | valid      | valid      | valid      | expiring   | expiring   | expired
        half    |            | valid      | expiring   | expiring   | expired    | expired    | expired    | expired
    """)


WHOLE = "whole | completeness | | attestations | 2024-03-01 | 2024-06-01 | dpo"
GOOD, OLD = statement("good", "2024-03-01", "2024-12-31"), statement("old", "2022-03-01", "2023-03-01")


def condition(ok: str, reason: str, seen_at: str = "2024-03-05 10:00") -> str:
    return f"""
        promise              | subject | seen_at   | ok   | reason
        processor.assistance | t1      | {seen_at} | {ok} | {reason}
    """


@pytest.mark.parametrize(("told", "conditions", "datasets", "verdict_", "reason"), [
    ([GOOD], "promise", "", "compliant", "none"),
    ([GOOD], condition("true", ""), "", "compliant", "none"),
    ([], condition("true", ""), "", "unverifiable", "attestation_missing"),
    ([OLD], condition("true", ""), "", "unverifiable", "attestation_expired"),
    ([statement("soon", "2024-01-01", "2024-04-30")], condition("true", ""), "", "at_risk", "attestation_expiring"),
    ([GOOD], condition("false", "help_unanswered"), "", "breached", "broken_constraint"),
    ([], condition("false", "help_late"), "", "breached", "broken_constraint"),
    ([GOOD], condition("false", "help_late", "2023-03-05 10:00"), "", "compliant", "none"),
    ([GOOD], condition("", "reply_unrecorded"), "", "unverifiable", "condition_unknown"),
    ([GOOD], "promise", "tickets | missing | 0", "unverifiable", "dataset_missing"),
])
def test_it_takes_a_statement_and_every_request_for_help_answered(verdict, told, conditions, datasets, verdict_, reason):
    """Where no request is marked, the statement stands alone; without the tickets nobody can tell, and it is never green."""
    verdict(as_of="2024-03-31", attestations=attestations(WHOLE, *told), conditions=conditions,
            datasets="dataset | status | rows_kept\n" + datasets, verdicts=f"""
        promise              | verdict    | reason
        processor.assistance | {verdict_} | {reason}
    """)
