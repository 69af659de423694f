"""cancellation.done: a user may ask for the account to be deleted, and it is deleted within one month (ours).

A reply-by: it ends with the last hour of the same date of the next month, moved to a working day where that is none. What
remains of the data then follows the retention of deleted accounts.
"""

import pytest

title = "Cancellation: deleted within a month of asking"


@pytest.fixture
def spec(judged):
    return judged("cancellation.done")


def test_both_dates_of_a_reply_are_shown(spec):
    """Asked on 31 January 2026: safe by 28 February, a Saturday; legally by Monday 2 March."""
    spec(
        accounts="""
            account_id
            a1
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            d1         | a1         | 2026-01-31 12:00
        """,
        as_of="2026-02-01",
        obligations="""
            subject | opened_at        | safe_due_at      | due_at           | state
            d1      | 2026-01-31 12:00 | 2026-02-28 24:00 | 2026-03-02 24:00 | open
        """)


def test_deleted_on_the_last_legal_day_is_in_time_and_at_midnight_it_is_late(spec):
    """Due soon from seven days before the legal last day; the safe date passing turns nothing by itself."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2026-03-02 23:59:59.999999
            a2         | 2026-03-03 00:00
            a3         |
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            in_time    | a1         | 2026-01-31 12:00
            too_late   | a2         | 2026-01-31 12:00
            never      | a3         | 2026-01-31 12:00
        """,
        states="""
            subject  | 2026-01-30 | 2026-01-31 | 2026-02-22 | 2026-02-23 | 2026-03-01 | 2026-03-02 | 2026-03-03
            in_time  |            | open       | open       | due_soon   | due_soon   | met        | met
            too_late |            | open       | open       | due_soon   | due_soon   | overdue    | late
            never    |            | open       | open       | due_soon   | due_soon   | overdue    | overdue
        """)


def test_the_end_moves_over_a_holiday(spec):
    """Asked on 1 April 2026: 1 May is a holiday and a Friday; Monday 4 May is still in time."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2026-05-04 23:00
            a2         | 2026-05-05 00:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            in_time    | a1         | 2026-04-01 12:00
            too_late   | a2         | 2026-04-01 12:00
        """,
        states="""
            subject  | 2026-05-05
            in_time  | met
            too_late | late
        """)


def test_a_wish_that_only_the_account_s_own_row_knows_of_counts_too(spec):
    spec(
        accounts="""
            account_id | deletion_requested_at | deleted_at
            a1         | 2026-01-31 12:00      |
            a2         | 2026-01-31 12:00      | 2026-02-10 12:00
        """,
        states="""
            subject | 2026-02-01 | 2026-02-10 | 2026-03-02
            a1      | open       | open       | overdue
            a2      | open       | met        | met
        """)


def test_the_same_wish_in_the_row_and_in_the_register_is_one(spec):
    spec(
        accounts="""
            account_id | deletion_requested_at
            a1         | 2026-01-31 12:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            d1         | a1         | 2026-01-31 11:58
        """,
        states="""
            subject | 2026-03-02
            d1      | overdue
        """)


def test_a_withdrawn_request_is_void_unless_it_was_due(spec):
    """A failure before that stays a failure."""
    spec(
        accounts="""
            account_id
            a1
            a2
            a3
        """,
        deletion_requests="""
            request_id | account_id | requested_at     | withdrawn_at
            early      | a1         | 2026-01-31 12:00 | 2026-02-05 12:00
            in_time    | a2         | 2026-01-31 12:00 | 2026-03-02 23:59:59
            too_late   | a3         | 2026-01-31 12:00 | 2026-03-03 00:00
        """,
        states="""
            subject  | 2026-02-04 | 2026-02-05 | 2026-03-02 | 2026-03-03
            early    | open       | void       | void       | void
            in_time  | open       | open       | void       | void
            too_late | open       | open       | overdue    | late
        """)


def test_deleted_before_it_was_withdrawn_is_met(spec):
    """What was done in time stays done."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2026-02-03 12:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at     | withdrawn_at
            d1         | a1         | 2026-01-31 12:00 | 2026-02-05 12:00
        """,
        as_of="2026-02-28",
        obligations="""
            subject | closed_at        | closed_by | state
            d1      | 2026-02-03 12:00 | deleted   | met
        """)


def test_a_deletion_that_was_undone_before_the_request_answers_nothing(spec):
    """Deleted and reinstated years ago: what is asked for today is still to be done."""
    spec(
        accounts="""
            account_id | state  | deleted_at       | reinstated_at
            a1         | active | 2020-01-01 12:00 | 2021-01-01 12:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            d1         | a1         | 2026-01-31 12:00
        """,
        states="""
            subject | 2026-02-01 | 2026-03-02
            d1      | open       | overdue
        """)


def test_an_erasure_does_it_too_unless_something_is_left(spec):
    """Who erased everything has deleted the account, whatever its mark says; an erasure that left an e-mail has not."""
    spec(
        accounts="""
            account_id | state  | erased_at        | has_email
            a1         | active | 2026-02-05 12:00 | false
            a2         | active | 2026-02-05 12:00 | true
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            whole      | a1         | 2026-01-31 12:00
            half       | a2         | 2026-01-31 12:00
        """,
        states="""
            subject | 2026-02-05 | 2026-03-02
            whole   | met        | met
            half    | open       | overdue
        """)


def test_each_request_is_judged_by_itself(spec):
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2026-03-20 12:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            first      | a1         | 2026-01-31 12:00
            second     | a1         | 2026-03-01 12:00
        """,
        states="""
            subject | 2026-03-20
            first   | late
            second  | met
        """)


def test_a_request_for_one_user_is_done_when_that_user_is_removed(spec):
    spec(
        accounts="""
            account_id
            a1
        """,
        users="""
            user_id | account_id | removed_at
            u1      | a1         | 2026-03-02 23:59
            u2      | a1         | 2026-03-03 00:00
            u3      | a1         |
            u4      | a1         | 2026-02-01 12:00
        """,
        deletion_requests="""
            request_id | account_id | user_id | requested_at
            in_time    | a1         | u1      | 2026-01-31 12:00
            too_late   | a1         | u2      | 2026-01-31 12:00
            never      | a1         | u3      | 2026-01-31 12:00
        """,
        states="""
            subject  | 2026-03-02 | 2026-03-03
            in_time  | met        | met
            too_late | overdue    | late
            never    | overdue    | overdue
        """)


def test_an_account_marked_deleted_without_a_date_is_unknown(spec):
    spec(
        accounts="""
            account_id | state   | deleted_at
            a1         | deleted |
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            d1         | a1         | 2026-01-31 12:00
        """,
        as_of="2026-03-10",
        obligations="""
            subject | closed_by    | state
            d1      | missing_date | unknown
        """)


def test_asked_for_on_the_same_day_as_erasure_it_is_judged_there(spec):
    """One wish in two datasets is one obligation: the right to erasure asks for more, so it is judged under that promise."""
    spec(
        accounts="""
            account_id
            a1
            a2
            a3
            a4
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            same_day   | a1         | 2026-01-31 00:10
            day_after  | a2         | 2026-02-01 00:10
            no_erasure | a3         | 2026-01-31 12:00
            one_user   | a4         | 2026-01-31 12:00
        """,
        rights_requests="""
            request_id | account_id | user_id | right   | received_at
            q1         | a1         |         | erasure | 2026-01-31 23:50
            q2         | a2         |         | erasure | 2026-01-31 23:50
            q3         | a3         |         | access  | 2026-01-31 12:00
            q4         | a4         | u4      | erasure | 2026-01-31 12:00
        """,
        states="""
            subject    | 2026-02-10
            day_after  | open
            no_erasure | open
            one_user   | open
        """)


def test_a_legal_hold_delays_no_reply(spec):
    """A hold suspends deletion of data, not the closing of an account: whoever cannot act answers with reasons."""
    spec(
        accounts="""
            account_id
            a1
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            d1         | a1         | 2026-01-31 12:00
        """,
        legal_holds="""
            hold_id | account_id | from_at          | until_at
            h1      | a1         | 2026-01-01 00:00 | 2027-01-01 00:00
        """,
        states="""
            subject | 2026-03-02
            d1      | overdue
        """)
