"""retention.deleted-accounts: personal data goes at the latest three years after the user deleted the account.

Counted per account from the user's act (asked for, else done), and per user who was removed from a living account or whose
last account was deleted.
"""

import pytest

title = "Deleted accounts: gone within three years"


@pytest.fixture
def spec(judged):
    return judged("retention.deleted-accounts")


# --- when the three years end -------------------------------------------------------------------------------------


def test_data_still_there_when_the_last_day_ends_is_overdue(spec):
    """Deleted on 1 March 2021: all of 1 March 2024 is in time. From thirty days before, the date is due soon."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2021-03-01 14:00
        """,
        states="""
            subject | 2021-02-28 | 2021-03-01 | 2024-01-30 | 2024-01-31 | 2024-02-29 | 2024-03-01 | 2024-03-02
            a1      |            | open       | open       | due_soon   | due_soon   | overdue    | overdue
        """)


def test_erased_on_the_last_day_is_in_time_and_at_midnight_it_is_late(spec):
    spec(
        accounts="""
            account_id | deleted_at       | erased_at
            in_time    | 2021-03-01 14:00 | 2024-03-01 23:59:59.999999
            too_late   | 2021-03-01 14:00 | 2024-03-02 00:00
            same_day   | 2021-03-01 14:00 | 2021-03-01 15:00
        """,
        states="""
            subject  | 2024-02-29 | 2024-03-01 | 2024-03-02
            in_time  | due_soon   | met        | met
            too_late | due_soon   | overdue    | late
            same_day | met        | met        | met
        """)


def test_the_last_day_is_a_day_in_paris(spec):
    """23:30 UTC on 1 March is half past midnight on 2 March in Paris."""
    spec(
        accounts="""
            account_id | deleted_at             | erased_at
            in_time    | 2021-03-01 14:00       | 2024-03-01 22:59+00:00
            too_late   | 2021-03-01 14:00       | 2024-03-01 23:00+00:00
            next_day   | 2021-03-01 23:30+00:00 | 2024-03-02 22:59+00:00
        """,
        states="""
            subject  | 2024-03-31
            in_time  | met
            too_late | late
            next_day | met
        """)


def test_deleted_on_29_february(spec):
    """There is no 29 February 2027: the last day is the 28th."""
    spec(
        accounts="""
            account_id | deleted_at       | erased_at
            in_time    | 2024-02-29 12:00 | 2027-02-28 23:59
            too_late   | 2024-02-29 12:00 | 2027-03-01 00:00
        """,
        states="""
            subject  | 2027-03-31
            in_time  | met
            too_late | late
        """)


def test_no_weekend_or_holiday_prolongs_the_retention(spec):
    """2 March 2024 is a Saturday and 1 May 2024 a holiday."""
    spec(
        accounts="""
            account_id | deleted_at
            saturday   | 2021-03-02 12:00
            labour_day | 2021-05-01 12:00
        """,
        states="""
            subject    | 2024-03-01 | 2024-03-02 | 2024-04-30 | 2024-05-01
            saturday   | due_soon   | overdue    | overdue    | overdue
            labour_day | open       | open       | due_soon   | overdue
        """)


def test_an_account_that_lives_owes_nothing_here(spec):
    spec(
        accounts="""
            account_id | state
            active     | active
            trial      | trial
            suspended  | suspended
        """,
        states="""
            subject | 2024-03-01
        """)


# --- the user's act -----------------------------------------------------------------------------------------------


def test_the_three_years_run_from_the_asking_where_it_was_asked(spec):
    """The user's act is the request; how long we then took to delete the account prolongs nothing."""
    spec(
        accounts="""
            account_id | deletion_requested_at | deleted_at
            asked      | 2021-03-01 14:00      | 2021-03-28 14:00
            just_done  |                       | 2021-03-28 14:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject   | opened_at        | due_at           | state
            asked     | 2021-03-01 14:00 | 2024-03-01 24:00 | overdue
            just_done | 2021-03-28 14:00 | 2024-03-28 24:00 | due_soon
        """)


def test_the_asking_may_be_a_request_of_its_own(spec):
    """The register of requests says when it was asked; the first request that stands counts."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2021-03-28 14:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at
            d1         | a1         | 2021-03-01 14:00
            d2         | a1         | 2021-03-10 14:00
        """,
        as_of="2024-02-01",
        obligations="""
            subject | opened_at        | due_at           | state
            a1      | 2021-03-01 14:00 | 2024-03-01 24:00 | due_soon
        """)


def test_asked_for_and_never_done_still_runs(spec):
    """That the account was not deleted breaks another promise; it does not stop the three years."""
    spec(
        accounts="""
            account_id | state  | deletion_requested_at
            a1         | active | 2021-03-01 14:00
        """,
        states="""
            subject | 2021-03-02 | 2024-02-29 | 2024-03-01
            a1      | open       | due_soon   | overdue
        """)


def test_a_request_for_one_user_does_not_open_the_account(spec):
    spec(
        accounts="""
            account_id | state
            a1         | active
        """,
        users="""
            user_id | account_id
            u1      | a1
            u2      | a1
        """,
        deletion_requests="""
            request_id | account_id | user_id | requested_at
            d1         | a1         | u1      | 2021-03-01 14:00
        """,
        states="""
            subject | 2021-04-01
        """)


def test_a_deleted_account_without_a_date_is_unknown(spec):
    """State "deleted", no moment of asking or doing: the three years run from a date that nobody wrote down."""
    spec(
        accounts="""
            account_id | state   | deleted_at
            a1         | deleted |
        """,
        as_of="2024-03-01",
        obligations="""
            subject | state   | closed_by
            a1      | unknown | missing_date
        """)


# --- no longer owed -----------------------------------------------------------------------------------------------


def test_a_withdrawn_request_is_void(spec):
    """Until the day of withdrawal it stood."""
    spec(
        accounts="""
            account_id | state
            a1         | active
        """,
        deletion_requests="""
            request_id | account_id | requested_at     | withdrawn_at
            d1         | a1         | 2021-03-01 14:00 | 2021-03-05 09:00
        """,
        states="""
            subject | 2021-03-04 | 2021-03-05 | 2024-03-01
            a1      | open       | void       | void
        """)


def test_withdrawn_and_asked_again_counts_from_the_second_request(spec):
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2021-06-15 12:00
        """,
        deletion_requests="""
            request_id | account_id | requested_at     | withdrawn_at
            d1         | a1         | 2021-03-01 14:00 | 2021-03-05 09:00
            d2         | a1         | 2021-06-01 14:00 |
        """,
        states="""
            subject | opened     | 2024-03-01 | 2024-05-31 | 2024-06-01
            a1      | 2021-06-01 | open       | due_soon   | overdue
        """)


def test_a_reinstated_account_is_void(spec):
    spec(
        accounts="""
            account_id | state  | deleted_at       | reinstated_at
            a1         | active | 2021-03-01 14:00 | 2021-09-01 10:00
        """,
        states="""
            subject | 2021-08-31 | 2021-09-01 | 2024-03-01
            a1      | open       | void       | void
        """)


def test_reinstating_cures_nothing_once_the_date_has_passed(spec):
    """A failure before that stays a failure: the last instant in time, and the first too late."""
    spec(
        accounts="""
            account_id | state  | deleted_at       | reinstated_at
            before     | active | 2021-03-01 14:00 | 2024-03-01 23:59:59
            after      | active | 2021-03-01 14:00 | 2024-03-02 00:00
        """,
        states="""
            subject | 2024-03-01 | 2024-03-02
            before  | void       | void
            after   | overdue    | late
        """)


def test_reinstated_and_deleted_again_is_a_new_obligation(spec):
    """A reinstatement before the act does not void the act."""
    spec(
        accounts="""
            account_id | deleted_at       | reinstated_at
            a1         | 2022-05-01 10:00 | 2021-09-01 10:00
        """,
        states="""
            subject | opened     | 2025-04-30 | 2025-05-01
            a1      | 2022-05-01 | due_soon   | overdue
        """)


# --- what counts as gone ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ["has_email", "has_name", "has_phone", "has_address"])
def test_an_erasure_that_left_something_is_none(spec, left):
    """Closed needs a date and no fact that contradicts it; the contradiction is a finding of its own."""
    spec(
        accounts=f"""
            account_id | deleted_at       | erased_at        | {left}
            a1         | 2021-03-01 14:00 | 2022-01-01 12:00 | true
        """,
        states="""
            subject | 2022-01-01 | 2024-03-01
            a1      | open       | overdue
        """,
        findings="""
            kind               | subject
            erased_but_present | a1
        """)


def test_the_mark_deleted_is_not_an_erasure(spec):
    spec(
        accounts="""
            account_id | state   | deleted_at       | has_email
            a1         | deleted | 2021-03-01 14:00 | true
        """,
        states="""
            subject | 2024-03-01
            a1      | overdue
        """)


def test_data_gone_without_a_date_is_unknown(spec):
    """It is gone, but nobody can say whether that was in time."""
    spec(
        accounts="""
            account_id | deleted_at       | erased_at | has_email
            a1         | 2021-03-01 14:00 |           | false
        """,
        as_of="2024-03-01",
        obligations="""
            subject | state   | closed_by
            a1      | unknown | undated
        """)


def test_the_journal_of_erasures_closes(spec):
    """The product's own record gives the date where the row does not."""
    spec(
        accounts="""
            account_id | deleted_at       | has_email
            in_time    | 2021-03-01 14:00 | false
            too_late   | 2021-03-01 14:00 | false
        """,
        erasure_journal="""
            entry_id | account_id | erased_at
            e1       | in_time    | 2024-03-01 23:59
            e2       | too_late   | 2024-03-02 00:00
        """,
        states="""
            subject  | 2024-03-02
            in_time  | met
            too_late | late
        """)


def test_a_journal_that_says_erased_over_a_row_with_an_email_is_open(spec):
    spec(
        accounts="""
            account_id | deleted_at       | has_email
            a1         | 2021-03-01 14:00 | true
        """,
        erasure_journal="""
            entry_id | account_id | erased_at
            e1       | a1         | 2022-01-01 12:00
        """,
        states="""
            subject | 2022-06-01 | 2024-03-01
            a1      | open       | overdue
        """,
        findings="""
            kind               | subject
            erased_but_present | a1
        """)


def test_an_entry_for_an_item_or_an_invoice_erases_no_account(spec):
    spec(
        accounts="""
            account_id | deleted_at       | has_email
            a1         | 2021-03-01 14:00 | true
        """,
        erasure_journal="""
            entry_id | account_id | item_id | invoice_id | erased_at
            e1       | a1         | i1      |            | 2022-01-01 12:00
            e2       | a1         |         | f1         | 2022-01-01 12:00
        """,
        states="""
            subject | 2024-03-01
            a1      | overdue
        """,
        findings="kind | subject")


# --- users --------------------------------------------------------------------------------------------------------


def test_a_user_removed_from_a_living_account(spec):
    """ "Their account" may be the user's: who was removed is owed the same three years, the account itself is not."""
    spec(
        accounts="""
            account_id | state
            a1         | active
        """,
        users="""
            user_id  | account_id | removed_at       | erased_at
            u1       | a1         | 2021-03-01 14:00 |
            in_time  | a1         | 2021-03-01 14:00 | 2024-03-01 23:59
            too_late | a1         | 2021-03-01 14:00 | 2024-03-02 00:00
            stays    | a1         |                  |
        """,
        states="""
            subject  | 2021-02-28 | 2021-03-01 | 2024-02-29 | 2024-03-01 | 2024-03-02
            u1       |            | open       | due_soon   | overdue    | overdue
            in_time  |            | open       | due_soon   | met        | met
            too_late |            | open       | due_soon   | overdue    | late
        """)


def test_users_of_a_deleted_account_inherit_its_date(spec):
    """The account's date is the user's act: the asking."""
    spec(
        accounts="""
            account_id | deletion_requested_at | deleted_at
            a1         | 2021-03-01 14:00      | 2021-03-28 14:00
        """,
        users="""
            user_id | account_id
            u1      | a1
        """,
        as_of="2024-02-29",
        obligations="""
            subject | opened_at        | due_at           | state
            a1      | 2021-03-01 14:00 | 2024-03-01 24:00 | due_soon
            u1      | 2021-03-01 14:00 | 2024-03-01 24:00 | due_soon
        """)


def test_a_user_who_lives_in_another_account_owes_nothing(spec):
    spec(
        accounts="""
            account_id | state   | deleted_at
            a1         | deleted | 2021-03-01 14:00
            a2         | active  |
        """,
        users="""
            user_id  | account_id | removed_at
            deleted  | a1         |
            deleted  | a2         |
            removed  | a2         |
            removed  | a1         | 2020-05-05 12:00
        """,
        states="""
            subject | 2024-03-01
            a1      | overdue
        """)


def test_of_several_ends_the_last_one_opens(spec):
    """While one membership lives the data may stay; the three years begin with the end of the last one."""
    spec(
        accounts="""
            account_id | state   | deleted_at
            a1         | deleted | 2021-03-01 14:00
            a2         | deleted | 2022-05-01 14:00
            a3         | active  |
        """,
        users="""
            user_id       | account_id | removed_at
            both          | a1         |
            both          | a2         |
            then_removed  | a1         |
            then_removed  | a3         | 2023-07-01 10:00
            removed_first | a3         | 2020-02-01 10:00
            removed_first | a1         |
        """,
        as_of="2024-01-31",
        obligations="""
            subject       | opened_at        | state
            a1            | 2021-03-01 14:00 | due_soon
            a2            | 2022-05-01 14:00 | open
            both          | 2022-05-01 14:00 | open
            then_removed  | 2023-07-01 10:00 | open
            removed_first | 2021-03-01 14:00 | due_soon
        """)


def test_a_user_removed_before_the_account_was_deleted_counts_from_the_removal(spec):
    """The later end of the account gives nobody back the time before."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2022-05-01 14:00
        """,
        users="""
            user_id | account_id | removed_at
            u1      | a1         | 2021-03-01 14:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject | opened_at        | state
            a1      | 2022-05-01 14:00 | open
            u1      | 2021-03-01 14:00 | overdue
        """)


def test_a_person_in_two_accounts_is_erased_when_nothing_is_left_in_either_row(spec):
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2021-03-01 14:00
            a2         | 2021-03-01 14:00
        """,
        users="""
            user_id | account_id | erased_at        | has_email
            half    | a1         | 2022-01-01 12:00 | false
            half    | a2         |                  | true
            whole   | a1         | 2022-01-01 12:00 | false
            whole   | a2         | 2022-02-01 12:00 | false
        """,
        as_of="2024-03-01",
        obligations="""
            subject | state   | closed_at
            a1      | overdue |
            a2      | overdue |
            half    | overdue |
            whole   | met     | 2022-02-01 12:00
        """)


@pytest.mark.parametrize("left", ["has_email", "has_name", "has_phone"])
def test_a_user_s_erasure_that_left_something_is_none(spec, left):
    spec(
        accounts="""
            account_id | state
            a1         | active
        """,
        users=f"""
            user_id | account_id | removed_at       | erased_at        | {left}
            u1      | a1         | 2021-03-01 14:00 | 2022-01-01 12:00 | true
        """,
        states="""
            subject | 2024-03-01
            u1      | overdue
        """,
        findings="""
            kind               | subject
            erased_but_present | u1
        """)


def test_the_journal_knows_users_apart_from_accounts(spec):
    """An entry for one user of an account erases that user alone."""
    spec(
        accounts="""
            account_id | deleted_at       | has_email
            a1         | 2021-03-01 14:00 | true
        """,
        users="""
            user_id | account_id | has_email
            u1      | a1         | false
            u2      | a1         | true
        """,
        erasure_journal="""
            entry_id | account_id | user_id | erased_at
            e1       | a1         | u1      | 2022-01-01 12:00
        """,
        states="""
            subject | 2024-03-01
            a1      | overdue
            u1      | met
            u2      | overdue
        """)


def test_an_entry_for_a_user_s_item_erases_no_user(spec):
    spec(
        accounts="""
            account_id | state
            a1         | active
        """,
        users="""
            user_id | account_id | removed_at       | has_email
            u1      | a1         | 2021-03-01 14:00 | false
        """,
        erasure_journal="""
            entry_id | user_id | item_id | erased_at
            e1       | u1      | i1      | 2022-01-01 12:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject | state   | closed_by
            u1      | unknown | undated
        """)


def test_a_user_s_data_gone_without_a_date_is_unknown(spec):
    spec(
        accounts="""
            account_id | state
            a1         | active
        """,
        users="""
            user_id | account_id | removed_at       | has_email
            u1      | a1         | 2021-03-01 14:00 | false
        """,
        as_of="2024-03-01",
        obligations="""
            subject | state   | closed_by
            u1      | unknown | undated
        """)


# --- legal holds --------------------------------------------------------------------------------------------------


def test_a_legal_hold_suspends_the_date_while_it_runs(spec):
    """From 1 February to 10 March 2024, both half-open; on its last day it still holds, then the old date counts again."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2021-03-01 14:00
        """,
        legal_holds="""
            hold_id | account_id | promise                    | from_at          | until_at
            h1      | a1         | retention.deleted-accounts | 2024-02-01 00:00 | 2024-03-10 24:00
        """,
        states="""
            subject | 2024-01-31 | 2024-02-01 | 2024-03-01 | 2024-03-10 | 2024-03-11
            a1      | due_soon   | held       | held       | held       | overdue
        """)


def test_a_hold_must_cover_the_end_of_the_day(spec):
    """Judged at the first instant after the day: a hold that ended at noon holds no longer that evening."""
    spec(
        accounts="""
            account_id | deleted_at
            a1         | 2021-03-01 14:00
        """,
        legal_holds="""
            hold_id | account_id | from_at          | until_at
            h1      | a1         | 2024-02-01 12:00 | 2024-03-10 12:00
        """,
        states="""
            subject | 2024-01-31 | 2024-02-01 | 2024-03-09 | 2024-03-10
            a1      | due_soon   | held       | held       | overdue
        """)


def test_a_hold_needs_a_reason_and_someone_who_approved_it(spec):
    spec(
        accounts="""
            account_id  | deleted_at
            approved    | 2021-03-01 14:00
            no_reason   | 2021-03-01 14:00
            no_approver | 2021-03-01 14:00
        """,
        legal_holds="""
            hold_id | account_id  | has_reason | has_approver | from_at          | until_at
            h1      | approved    | true       | true         | 2024-01-01 00:00 | 2025-01-01 00:00
            h2      | no_reason   | false      | true         | 2024-01-01 00:00 | 2025-01-01 00:00
            h3      | no_approver | true       | false        | 2024-01-01 00:00 | 2025-01-01 00:00
        """,
        states="""
            subject     | 2024-03-01
            approved    | held
            no_reason   | overdue
            no_approver | overdue
        """)


def test_a_hold_is_on_its_subject_and_its_promise_only(spec):
    """One hold may name no promise: then it holds whatever would delete its subject."""
    spec(
        accounts="""
            account_id | deleted_at
            any        | 2021-03-01 14:00
            other      | 2021-03-01 14:00
            free       | 2021-03-01 14:00
        """,
        legal_holds="""
            hold_id | account_id | promise                     | from_at          | until_at
            h1      | any        |                             | 2024-01-01 00:00 | 2025-01-01 00:00
            h2      | other      | retention.inactive-accounts | 2024-01-01 00:00 | 2025-01-01 00:00
        """,
        states="""
            subject | 2024-03-01
            any     | held
            other   | overdue
            free    | overdue
        """)


def test_a_user_can_be_held_too(spec):
    spec(
        accounts="""
            account_id | state
            a1         | active
        """,
        users="""
            user_id | account_id | removed_at
            u1      | a1         | 2021-03-01 14:00
            u2      | a1         | 2021-03-01 14:00
        """,
        legal_holds="""
            hold_id | user_id | from_at          | until_at
            h1      | u1      | 2024-01-01 00:00 | 2025-01-01 00:00
        """,
        states="""
            subject | 2024-03-01
            u1      | held
            u2      | overdue
        """)


def test_a_hold_excuses_nothing_that_was_closed(spec):
    """Met, late and void come before held."""
    spec(
        accounts="""
            account_id | state   | deleted_at       | erased_at        | reinstated_at
            met        | deleted | 2021-03-01 14:00 | 2022-01-01 12:00 |
            late       | deleted | 2021-03-01 14:00 | 2024-03-05 12:00 |
            void       | active  | 2021-03-01 14:00 |                  | 2022-01-01 12:00
        """,
        legal_holds="""
            hold_id | account_id | from_at          | until_at
            h1      | met        | 2021-06-01 00:00 | 2025-01-01 00:00
            h2      | late       | 2024-03-03 00:00 | 2025-01-01 00:00
            h3      | void       | 2021-06-01 00:00 | 2025-01-01 00:00
        """,
        states="""
            subject | 2024-03-31
            met     | met
            late    | late
            void    | void
        """)
