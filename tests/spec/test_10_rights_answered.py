"""rights.answered: access, rectification, objection, erasure can be exercised.

One month from receipt; three, where the person was told of the extension inside the first. A check of identity pauses the
clock. An erasure is done when it is carried out, or refused with reasons.
"""

import pytest

title = "Rights: answered within a month"


@pytest.fixture
def spec(judged):
    return judged("rights.answered")


# --- one month ----------------------------------------------------------------------------------------------------


def test_answered_on_the_last_legal_day_is_in_time_and_at_midnight_it_is_late(spec):
    """Received on 31 January 2026: safe by 28 February, legally by Monday 2 March."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | answered_at                | outcome
            in_time    | access | 2026-01-31 12:00 | 2026-03-02 23:59:59.999999 | granted
            too_late   | access | 2026-01-31 12:00 | 2026-03-03 00:00           | granted
            never      | access | 2026-01-31 12:00 |                            |
        """,
        states="""
            subject  | 2026-01-30 | 2026-01-31 | 2026-02-22 | 2026-02-23 | 2026-03-01 | 2026-03-02 | 2026-03-03
            in_time  |            | open       | open       | due_soon   | due_soon   | met        | met
            too_late |            | open       | open       | due_soon   | due_soon   | overdue    | late
            never    |            | open       | open       | due_soon   | due_soon   | overdue    | overdue
        """)


def test_both_dates_are_shown(spec):
    spec(
        rights_requests="""
            request_id | right  | received_at
            r1         | access | 2026-01-31 12:00
            r2         | access | 2026-04-01 12:00
            r3         | access | 2026-03-10 12:00
        """,
        as_of="2026-04-01",
        obligations="""
            subject | safe_due_at      | due_at
            r1      | 2026-02-28 24:00 | 2026-03-02 24:00
            r2      | 2026-05-01 24:00 | 2026-05-04 24:00
            r3      | 2026-04-10 24:00 | 2026-04-10 24:00
        """)


@pytest.mark.parametrize("right", ["access", "rectification", "objection", "restriction", "portability"])
def test_an_answer_closes_every_right_but_erasure(spec, right):
    """Where no outcome is written down, the answer counts; a refusal must give its reasons."""
    spec(
        rights_requests=f"""
            request_id | right   | received_at      | answered_at      | outcome | has_reasons
            granted    | {right} | 2026-03-10 12:00 | 2026-03-20 12:00 | granted |
            no_word    | {right} | 2026-03-10 12:00 | 2026-03-20 12:00 |         |
            refused    | {right} | 2026-03-10 12:00 | 2026-03-20 12:00 | refused | true
            bare       | {right} | 2026-03-10 12:00 | 2026-03-20 12:00 | refused | false
        """,
        as_of="2026-04-10",
        obligations="""
            subject | state   | closed_by
            granted | met     | answered
            no_word | met     | answered
            refused | met     | refused
            bare    | overdue |
        """)


def test_an_acknowledgement_is_no_answer(spec):
    spec(
        rights_requests="""
            request_id | right  | received_at      | acknowledged_at
            r1         | access | 2026-03-10 12:00 | 2026-03-10 12:05
        """,
        states="""
            subject | 2026-04-10
            r1      | overdue
        """)


def test_an_answer_without_a_date_is_unknown(spec):
    """It was answered, in time or not: a needed date is missing."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | answered_at | outcome | has_reasons
            granted    | access | 2026-03-10 12:00 |             | granted |
            refused    | access | 2026-03-10 12:00 |             | refused | true
            withdrawn  | access | 2026-03-10 12:00 |             | withdrawn |
        """,
        as_of="2026-04-30",
        obligations="""
            subject   | state
            granted   | unknown
            refused   | unknown
            withdrawn | unknown
        """)


def test_a_withdrawn_request_is_void_unless_it_was_due(spec):
    """A failure before that stays a failure."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | answered_at         | outcome
            early      | access | 2026-01-31 12:00 | 2026-02-05 12:00    | withdrawn
            in_time    | access | 2026-01-31 12:00 | 2026-03-02 23:59:59 | withdrawn
            too_late   | access | 2026-01-31 12:00 | 2026-03-03 00:00    | withdrawn
        """,
        states="""
            subject  | 2026-02-04 | 2026-02-05 | 2026-03-02 | 2026-03-03
            early    | open       | void       | void       | void
            in_time  | open       | open       | void       | void
            too_late | open       | open       | overdue    | late
        """)


# --- the extension ------------------------------------------------------------------------------------------------


def test_a_notice_inside_the_first_month_gives_three(spec):
    """The notice must go out before the first month ends, its legal last day included; one instant later it is void."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | extension_notified_at
            in_time    | access | 2026-01-31 12:00 | 2026-03-02 23:59:59
            too_late   | access | 2026-01-31 12:00 | 2026-03-03 00:00
            none       | access | 2026-01-31 12:00 |
        """,
        states="""
            subject  | 2026-03-01 | 2026-03-02 | 2026-03-03 | 2026-04-29 | 2026-04-30
            in_time  | due_soon   | open       | open       | due_soon   | overdue
            too_late | due_soon   | overdue    | overdue    | overdue    | overdue
            none     | due_soon   | overdue    | overdue    | overdue    | overdue
        """)


def test_the_extension_counts_three_months_from_receipt_and_shows_the_chained_date_where_it_is_earlier(spec):
    """31 January plus three months is 30 April; one month and then two is 28 April. 1 May 2026 is a holiday."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | extension_notified_at
            chained    | access | 2026-01-31 12:00 | 2026-02-10 12:00
            same       | access | 2026-01-28 12:00 | 2026-02-10 12:00
            holiday    | access | 2026-02-01 12:00 | 2026-02-10 12:00
        """,
        as_of="2026-02-15",
        obligations="""
            subject | safe_due_at      | due_at           | state
            chained | 2026-04-28 24:00 | 2026-04-30 24:00 | open
            same    | 2026-04-28 24:00 | 2026-04-28 24:00 | open
            holiday | 2026-05-01 24:00 | 2026-05-04 24:00 | open
        """)


# --- the check of identity ----------------------------------------------------------------------------------------


def test_a_check_of_identity_pauses_the_clock_by_whole_local_days(spec):
    """Received on 10 March 2026, due on Friday 10 April; every day of the check moves that by a day."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | identity_asked_at | identity_confirmed_at
            same_day   | access | 2026-03-10 12:00 | 2026-03-12 09:00  | 2026-03-12 18:00
            one_night  | access | 2026-03-10 12:00 | 2026-03-12 23:59  | 2026-03-13 00:01
            five_days  | access | 2026-03-10 12:00 | 2026-03-12 09:00  | 2026-03-17 18:00
        """,
        as_of="2026-03-20",
        obligations="""
            subject   | safe_due_at      | due_at
            same_day  | 2026-04-10 24:00 | 2026-04-10 24:00
            one_night | 2026-04-11 24:00 | 2026-04-13 24:00
            five_days | 2026-04-15 24:00 | 2026-04-15 24:00
        """)


def test_while_the_person_does_not_answer_the_clock_stands_still(spec):
    """Asked two days before the end, two days before the end it stays: due soon, never overdue."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | identity_asked_at
            r1         | access | 2026-03-10 12:00 | 2026-04-08 09:00
        """,
        states="""
            subject | 2026-04-02 | 2026-04-10 | 2026-04-30 | 2026-12-31
            r1      | open       | due_soon   | due_soon   | due_soon
        """)


def test_an_answer_ends_the_pause(spec):
    """Refused with reasons because nobody ever showed who he is: in time, however long we had waited."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | identity_asked_at | answered_at      | outcome | has_reasons
            r1         | access | 2026-03-10 12:00 | 2026-04-08 09:00  | 2026-06-30 12:00 | refused | true
        """,
        states="""
            subject | 2026-06-29 | 2026-06-30
            r1      | due_soon   | met
        """,
        as_of="2026-12-31",
        obligations="""
            subject | due_at           | state
            r1      | 2026-07-02 24:00 | met
        """)


def test_asking_for_identity_after_the_date_has_passed_cures_nothing(spec):
    """Due on Friday 10 April; asked on Saturday. The clock had run out: there was nothing left to pause."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | identity_asked_at | answered_at      | outcome
            never      | access | 2026-03-10 12:00 | 2026-04-11 09:00  |                  |
            answered   | access | 2026-03-10 12:00 | 2026-04-11 09:00  | 2026-04-13 12:00 | granted
            in_time    | access | 2026-03-10 12:00 | 2026-04-10 23:59  | 2026-04-13 12:00 | granted
        """,
        states="""
            subject  | 2026-04-09 | 2026-04-10 | 2026-04-11 | 2026-04-13
            never    | due_soon   | overdue    | overdue    | overdue
            answered | due_soon   | overdue    | overdue    | late
            in_time  | due_soon   | due_soon   | due_soon   | met
        """)


def test_the_pause_and_the_extension_add_up(spec):
    """The first month, pause included, is also how long the notice may take."""
    spec(
        rights_requests="""
            request_id | right  | received_at      | identity_asked_at | identity_confirmed_at | extension_notified_at
            in_time    | access | 2026-03-10 12:00 | 2026-03-12 09:00  | 2026-03-17 18:00      | 2026-04-15 23:59
            too_late   | access | 2026-03-10 12:00 | 2026-03-12 09:00  | 2026-03-17 18:00      | 2026-04-16 00:00
        """,
        as_of="2026-04-16",
        obligations="""
            subject  | due_at           | state
            in_time  | 2026-06-15 24:00 | open
            too_late | 2026-04-15 24:00 | overdue
        """)


# --- erasure ------------------------------------------------------------------------------------------------------


def test_an_erasure_is_done_when_it_is_carried_out_not_when_it_is_promised(spec):
    spec(
        rights_requests="""
            request_id | right   | received_at      | answered_at      | outcome | erased_at
            promised   | erasure | 2026-03-10 12:00 | 2026-03-12 12:00 | granted |
            in_time    | erasure | 2026-03-10 12:00 | 2026-03-12 12:00 | granted | 2026-04-10 23:59
            too_late   | erasure | 2026-03-10 12:00 | 2026-03-12 12:00 | granted | 2026-04-11 00:00
            silent     | erasure | 2026-03-10 12:00 |                  |         | 2026-03-20 12:00
        """,
        as_of="2026-04-11",
        obligations="""
            subject  | state   | closed_by   | closed_at
            promised | overdue |             |
            in_time  | met     | carried_out | 2026-04-10 23:59
            too_late | late    | carried_out | 2026-04-11 00:00
            silent   | met     | carried_out | 2026-03-20 12:00
        """)


def test_an_erasure_may_be_refused_with_reasons(spec):
    """Without reasons a refusal closes nothing."""
    spec(
        rights_requests="""
            request_id | right   | received_at      | answered_at      | outcome | has_reasons
            in_time    | erasure | 2026-03-10 12:00 | 2026-04-10 23:59 | refused | true
            too_late   | erasure | 2026-03-10 12:00 | 2026-04-11 00:00 | refused | true
            bare       | erasure | 2026-03-10 12:00 | 2026-03-12 12:00 | refused | false
            no_word    | erasure | 2026-03-10 12:00 | 2026-03-12 12:00 | refused |
        """,
        states="""
            subject  | 2026-04-11
            in_time  | met
            too_late | late
            bare     | overdue
            no_word  | overdue
        """)


def test_the_erasure_of_the_account_or_the_user_carries_it_out(spec):
    """By their own rows or by the journal: what counts is that the person's data went."""
    spec(
        accounts="""
            account_id | erased_at        | has_email
            a1         | 2026-03-20 12:00 | false
            a2         |                  | false
            a3         |                  | true
        """,
        users="""
            user_id | account_id | erased_at        | has_email
            u1      | a3         | 2026-03-21 12:00 | false
            u2      | a3         |                  | true
        """,
        erasure_journal="""
            entry_id | account_id | erased_at
            e1       | a2         | 2026-03-22 12:00
        """,
        rights_requests="""
            request_id    | account_id | user_id | right   | received_at
            by_account    | a1         |         | erasure | 2026-03-10 12:00
            by_journal    | a2         |         | erasure | 2026-03-10 12:00
            by_user       | a3         | u1      | erasure | 2026-03-10 12:00
            another_user  | a3         | u2      | erasure | 2026-03-10 12:00
        """,
        as_of="2026-04-10",
        obligations="""
            subject      | state   | closed_at
            by_account   | met     | 2026-03-20 12:00
            by_journal   | met     | 2026-03-22 12:00
            by_user      | met     | 2026-03-21 12:00
            another_user | overdue |
        """)


def test_what_was_gone_before_it_was_asked_for_is_done_on_receipt(spec):
    spec(
        accounts="""
            account_id | erased_at        | has_email
            a1         | 2025-06-01 12:00 | false
        """,
        rights_requests="""
            request_id | account_id | right   | received_at
            r1         | a1         | erasure | 2026-03-10 12:00
        """,
        as_of="2026-04-10",
        obligations="""
            subject | closed_at        | state
            r1      | 2026-03-10 12:00 | met
        """)


def test_an_erasure_that_left_something_is_not_carried_out(spec):
    """Closed needs a date and no fact that contradicts it."""
    spec(
        accounts="""
            account_id | has_email
            a1         | true
        """,
        rights_requests="""
            request_id | account_id | right   | received_at      | answered_at      | outcome | erased_at
            r1         | a1         | erasure | 2026-03-10 12:00 | 2026-03-12 12:00 | granted | 2026-03-12 12:00
        """,
        states="""
            subject | 2026-03-31 | 2026-04-10
            r1      | open       | overdue
        """)


def test_data_gone_without_a_date_is_unknown(spec):
    """Nothing of the person is left, and nobody wrote down since when."""
    spec(
        accounts="""
            account_id | has_email
            a1         | false
        """,
        rights_requests="""
            request_id | account_id | right   | received_at      | answered_at      | outcome
            r1         | a1         | erasure | 2026-03-10 12:00 | 2026-03-12 12:00 | granted
        """,
        as_of="2026-04-10",
        obligations="""
            subject | state   | closed_by
            r1      | unknown | undated
        """)


def test_the_same_request_in_two_datasets_is_one(spec):
    """The wish to be deleted is judged here, once; chapter 9 leaves it out."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2026-03-11 12:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            d1         | a1         | 2026-03-10 12:30
        """,
        rights_requests="""
            request_id | account_id | right   | received_at
            r1         | a1         | erasure | 2026-03-10 12:00
        """,
        states="""
            subject | 2026-04-10
            r1      | overdue
        """)


def test_a_legal_hold_delays_no_reply(spec):
    """Under a hold the data stays, and the person is told so with reasons, in time."""
    spec(
        accounts="""
            account_id
            a1
        """,
        rights_requests="""
            request_id | account_id | right   | received_at
            r1         | a1         | erasure | 2026-03-10 12:00
        """,
        legal_holds="""
            hold_id | account_id | from_at          | until_at
            h1      | a1         | 2026-01-01 00:00 | 2027-01-01 00:00
        """,
        states="""
            subject | 2026-04-10
            r1      | overdue
        """)


def test_what_was_answered_after_as_of_has_not_been_answered(spec):
    """Judged for a day in the past: neither the answer nor its outcome was there."""
    spec(
        rights_requests="""
            request_id | right   | received_at      | extension_notified_at | answered_at      | outcome   | erased_at
            answered   | access  | 2026-03-10 12:00 |                       | 2026-03-20 12:00 | granted   |
            withdrawn  | access  | 2026-03-10 12:00 |                       | 2026-03-20 12:00 | withdrawn |
            erased     | erasure | 2026-03-10 12:00 |                       | 2026-03-20 12:00 | granted   | 2026-03-20 12:00
            extended   | access  | 2026-03-10 12:00 | 2026-03-20 12:00      |                  |           |
        """,
        as_of="2026-03-19",
        obligations="""
            subject   | state | due_at           | closed_by
            answered  | open  | 2026-04-10 24:00 |
            withdrawn | open  | 2026-04-10 24:00 |
            erased    | open  | 2026-04-10 24:00 |
            extended  | open  | 2026-04-10 24:00 |
        """)
