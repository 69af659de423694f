"""retention.inactive-accounts: personal data goes after three years of inactivity.

Counted per account and spell of idleness: from the latest of its creation, the last thing any of its persons did and the
end of its last paid period. Only what a person does is activity.
"""

import pytest

title = "Inactive accounts: gone after three years of idleness"


@pytest.fixture
def spec(judged):
    return judged("retention.inactive-accounts", leave_out=("witness",))


# --- when idleness ends in overdue --------------------------------------------------------------------------------


def test_three_calendar_years_after_the_last_action(spec):
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2019-06-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
            a1         | person | 2020-11-05 09:00
            a1         | person | 2021-03-01 14:00
        """,
        states="""
            subject | opened     | 2024-01-30 | 2024-01-31 | 2024-02-29 | 2024-03-01 | 2024-03-02
            a1      | 2021-03-01 | open       | due_soon   | due_soon   | overdue    | overdue
        """)


def test_every_account_has_a_current_spell(spec):
    """Even the one that was used today: the spell is open, and due three years on."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2019-06-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
            a1         | person | 2021-03-01 09:00
            a1         | person | 2021-03-01 14:00
        """,
        as_of="2021-03-01",
        obligations="""
            subject | opened_at        | due_at           | state
            a1      | 2021-03-01 14:00 | 2024-03-01 24:00 | open
        """)


def test_an_account_that_was_never_used_is_idle_from_its_creation(spec):
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2021-03-01 14:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        states="""
            subject | opened     | 2024-02-29 | 2024-03-01
            a1      | 2021-03-01 | due_soon   | overdue
        """)


def test_before_the_account_there_is_nothing(spec):
    spec(
        accounts="""
            account_id | created_at
            a1         | 2021-03-01 14:00
        """,
        states="""
            subject | 2021-02-28 | 2021-03-01
            a1      |            | open
        """)


# --- what is activity ---------------------------------------------------------------------------------------------


def test_only_what_a_person_does_counts(spec):
    """An API key, a background job and an opened e-mail keep nobody's data."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            person     | 2021-03-01 12:00
            api        | 2021-03-01 12:00
            system     | 2021-03-01 12:00
            mail_open  | 2021-03-01 12:00
        """,
        activity="""
            account_id | actor     | occurred_at
            witness    | person    | 2010-01-01 12:00
            person     | person    | 2023-05-01 12:00
            api        | api       | 2023-05-01 12:00
            system     | system    | 2023-05-01 12:00
            mail_open  | mail_open | 2023-05-01 12:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject   | opened_at        | state
            person    | 2023-05-01 12:00 | open
            api       | 2021-03-01 12:00 | overdue
            system    | 2021-03-01 12:00 | overdue
            mail_open | 2021-03-01 12:00 | overdue
        """)


def test_each_signal_of_a_person_counts(spec):
    """The account's or a user's last sign-in, the account's or a user's last edit: the latest of all decides."""
    spec(
        accounts="""
            account_id     | created_at       | last_sign_in_at  | last_edit_at
            witness        | 2010-01-01 12:00 |                  |
            none           | 2021-03-01 12:00 |                  |
            signed_in      | 2021-03-01 12:00 | 2022-01-01 12:00 |
            edited         | 2021-03-01 12:00 |                  | 2022-02-01 12:00
            user_signed_in | 2021-03-01 12:00 |                  |
            user_edited    | 2021-03-01 12:00 |                  |
            latest         | 2021-03-01 12:00 | 2022-01-01 12:00 | 2022-02-01 12:00
        """,
        users="""
            user_id | account_id     | last_sign_in_at  | last_edit_at
            u1      | user_signed_in | 2022-03-01 12:00 |
            u2      | user_signed_in | 2021-12-01 12:00 |
            u3      | user_edited    |                  | 2022-04-01 12:00
            u4      | latest         | 2022-05-01 12:00 | 2021-04-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
            latest     | person | 2022-04-15 12:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject        | opened_at        | state
            none           | 2021-03-01 12:00 | overdue
            signed_in      | 2022-01-01 12:00 | open
            edited         | 2022-02-01 12:00 | open
            user_signed_in | 2022-03-01 12:00 | open
            user_edited    | 2022-04-01 12:00 | open
            latest         | 2022-05-01 12:00 | open
        """)


def test_another_account_s_activity_does_not_count(spec):
    """A person in two accounts keeps only the one awake in which he acts."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            used       | 2021-03-01 12:00
            idle       | 2021-03-01 12:00
        """,
        users="""
            user_id | account_id
            u1      | used
            u1      | idle
        """,
        activity="""
            account_id | user_id | actor  | occurred_at
            witness    |         | person | 2010-01-01 12:00
            used       | u1      | person | 2023-05-01 12:00
        """,
        states="""
            subject | opened     | 2024-03-01
            used    | 2023-05-01 | open
            idle    | 2021-03-01 | overdue
        """)


# --- the paid period ----------------------------------------------------------------------------------------------


def test_idleness_begins_after_the_last_paid_period(spec):
    """What is paid for is not idle, whether or not it was used."""
    spec(
        accounts="""
            account_id | created_at       | paid_from_at     | paid_until_at
            a1         | 2019-01-01 12:00 | 2019-01-01 12:00 | 2021-03-01 12:00
            witness    | 2010-01-01 12:00 |                  |
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        states="""
            subject | opened     | 2021-03-01 | 2024-02-29 | 2024-03-01
            a1      | 2021-03-01 | open       | due_soon   | overdue
        """)


def test_while_it_is_paid_for_nothing_is_owed(spec):
    spec(
        accounts="""
            account_id | created_at       | paid_from_at     | paid_until_at
            paid       | 2015-01-01 12:00 | 2015-01-01 12:00 | 2024-03-02 12:00
            lapsed     | 2015-01-01 12:00 | 2015-01-01 12:00 | 2024-03-01 12:00
        """,
        states="""
            subject | 2024-03-01
            lapsed  | open
        """)


def test_an_invoice_shows_a_paid_period_too(spec):
    """Paid for until 31 December 2021, that day included: three years of idleness end with 31 December 2024."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2021-01-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        invoices="""
            invoice_id | account_id | issued_on  | financial_year_end_on | period_from_on | period_until_on
            f1         | a1         | 2021-01-01 | 2021-12-31            | 2021-01-01     | 2021-12-31
        """,
        states="""
            subject | 2021-12-30 | 2022-01-01 | 2024-12-30 | 2024-12-31
            a1      |            | open       | due_soon   | overdue
        """)


def test_activity_after_the_paid_period_counts_as_well(spec):
    spec(
        accounts="""
            account_id | created_at       | paid_from_at     | paid_until_at    | last_sign_in_at
            a1         | 2019-01-01 12:00 | 2019-01-01 12:00 | 2020-01-01 12:00 | 2021-03-01 12:00
        """,
        states="""
            subject | opened     | 2024-03-01
            a1      | 2021-03-01 | overdue
        """)


# --- spells that ended --------------------------------------------------------------------------------------------


def test_coming_back_on_the_last_day_is_in_time_and_the_next_instant_is_late(spec):
    """A spell that did not exceed the three years leaves nothing behind; one that did stays on record."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            in_time    | 2021-03-01 12:00
            too_late   | 2021-03-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
            in_time    | person | 2024-03-01 23:59:59
            too_late   | person | 2024-03-02 00:00
        """,
        as_of="2024-03-02",
        obligations="""
            subject  | opened_at           | due_at           | closed_at        | closed_by | state
            in_time  | 2024-03-01 23:59:59 | 2027-03-01 24:00 |                  |           | open
            too_late | 2021-03-01 12:00    | 2024-03-01 24:00 | 2024-03-02 00:00 | active    | late
            too_late | 2024-03-02 00:00    | 2027-03-02 24:00 |                  |           | open
        """)


def test_paying_again_ends_a_spell_too(spec):
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2019-03-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        invoices="""
            invoice_id | account_id | issued_on  | financial_year_end_on | period_from_on | period_until_on
            f1         | a1         | 2022-06-01 | 2022-12-31            | 2022-06-01     | 2022-12-31
        """,
        as_of="2022-06-30",
        obligations="""
            subject | opened_at        | closed_at        | closed_by | state
            a1      | 2019-03-01 12:00 | 2022-06-01 00:00 | paid      | late
        """)


def test_every_past_spell_that_was_too_long_is_kept(spec):
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2010-01-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
            a1         | person | 2013-06-01 12:00
            a1         | person | 2015-06-01 12:00
            a1         | person | 2018-06-02 12:00
        """,
        states="""
            subject | opened     | 2019-01-01
            a1      | 2010-01-01 | late
            a1      | 2015-06-01 | late
            a1      | 2018-06-02 | open
        """)


def test_before_the_log_of_activity_begins_no_past_spell_is_claimed(spec):
    """Nobody wrote down what happened before 2022. Not to be seen in a log that did not exist accuses nobody."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2015-01-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2022-01-01 12:00
            a1         | person | 2022-06-01 12:00
        """,
        states="""
            subject | opened     | 2022-06-30
            a1      | 2022-06-01 | open
        """)


def test_without_any_log_a_last_sign_in_claims_no_past_spell(spec):
    """A last sign-in hides all those before it: nine years between creation and last sign-in prove no idleness."""
    spec(
        accounts="""
            account_id | created_at       | last_sign_in_at
            a1         | 2015-01-01 12:00 | 2024-01-01 12:00
        """,
        states="""
            subject | opened     | 2024-03-01
            a1      | 2024-01-01 | open
        """)


def test_a_log_that_is_too_short_cannot_tell_until_it_has_lasted_three_years(spec):
    """No last sign-in is kept, and the log begins in 2022. A use before that may have left no trace: not overdue, unknown.

    Three years after the log began it has been idle for three years all the same, whatever came before.
    """
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2015-01-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2022-03-01 12:00
        """,
        states="""
            subject | 2017-12-31 | 2024-06-01 | 2025-02-28 | 2025-03-01
            a1      | due_soon   | unknown    | unknown    | overdue
        """)


def test_a_log_that_is_too_short_is_named_as_the_reason(spec):
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2015-01-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2022-03-01 12:00
        """,
        as_of="2024-06-01",
        obligations="""
            subject | state   | closed_by
            a1      | unknown | short_history
        """)


# --- how it ends --------------------------------------------------------------------------------------------------


def test_erasure_ends_the_obligation(spec):
    spec(
        accounts="""
            account_id | created_at       | erased_at
            witness    | 2010-01-01 12:00 |
            in_time    | 2021-03-01 12:00 | 2024-03-01 23:59:59
            too_late   | 2021-03-01 12:00 | 2024-03-02 00:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        states="""
            subject  | 2024-02-29 | 2024-03-01 | 2024-03-02
            in_time  | due_soon   | met        | met
            too_late | due_soon   | overdue    | late
        """)


def test_an_erasure_that_left_something_ends_nothing(spec):
    spec(
        accounts="""
            account_id | created_at       | erased_at        | has_email
            witness    | 2010-01-01 12:00 |                  |
            a1         | 2021-03-01 12:00 | 2022-01-01 12:00 | true
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        states="""
            subject | 2024-03-01
            a1      | overdue
        """)


def test_the_journal_of_erasures_ends_it_too(spec):
    spec(
        accounts="""
            account_id | created_at       | has_email
            witness    | 2010-01-01 12:00 |
            a1         | 2021-03-01 12:00 | false
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        erasure_journal="""
            entry_id | account_id | erased_at
            e1       | a1         | 2024-01-15 12:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject | closed_at        | closed_by | state
            a1      | 2024-01-15 12:00 | erased    | met
        """)


def test_data_gone_without_a_date_is_unknown(spec):
    """Gone within the three years or after them: nobody can say, once the three years are over."""
    spec(
        accounts="""
            account_id | created_at       | has_email
            witness    | 2010-01-01 12:00 |
            a1         | 2021-03-01 12:00 | false
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject | closed_by | state
            a1      | undated   | unknown
        """)


def test_deletion_does_not_restart_idleness(spec):
    """The two promises are judged apart: idle since 2021, deleted in 2022, due by idleness in 2024 all the same."""
    spec(
        accounts="""
            account_id | created_at       | deleted_at
            witness    | 2010-01-01 12:00 |
            a1         | 2021-03-01 12:00 | 2022-06-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        states="""
            subject | opened     | 2024-03-01
            a1      | 2021-03-01 | overdue
        """)


def test_a_hold_suspends_it(spec):
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            held       | 2021-03-01 12:00
            free       | 2021-03-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
        """,
        legal_holds="""
            hold_id | account_id | promise                     | from_at          | until_at
            h1      | held       | retention.inactive-accounts | 2024-01-01 00:00 | 2024-03-04 24:00
        """,
        states="""
            subject | 2024-02-29 | 2024-03-01 | 2024-03-04 | 2024-03-05
            held    | held       | held       | held       | overdue
            free    | due_soon   | overdue    | overdue    | overdue
        """)


# --- a past as_of -------------------------------------------------------------------------------------------------


def test_what_happened_after_as_of_has_not_happened(spec):
    """Judged for 1 March 2024, the return of 2 March is still to come."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2021-03-01 12:00
            a2         | 2023-03-01 12:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
            a1         | person | 2024-03-02 09:00
            a2         | person | 2024-03-02 00:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject | opened_at        | closed_at | state
            a1      | 2021-03-01 12:00 |           | overdue
            a2      | 2023-03-01 12:00 |           | open
        """)


def test_a_last_sign_in_after_as_of_hides_the_one_before(spec):
    """Whoever signed in on 5 March may have signed in before as well; that was overwritten. Unknown, never overdue."""
    spec(
        accounts="""
            account_id | created_at       | last_sign_in_at
            witness    | 2010-01-01 12:00 |
            hidden     | 2021-03-01 12:00 | 2024-03-05 09:00
            recent     | 2021-03-01 12:00 | 2024-03-05 09:00
        """,
        activity="""
            account_id | actor  | occurred_at
            witness    | person | 2010-01-01 12:00
            recent     | person | 2023-06-01 12:00
        """,
        as_of="2024-03-01",
        obligations="""
            subject | state   | closed_by
            hidden  | unknown | overwritten
            recent  | open    |
        """)


# --- an idle user in an active account ----------------------------------------------------------------------------


def test_an_idle_user_in_an_active_account_is_to_be_justified(spec):
    """No obligation of its own, but a finding, so that somebody says why the data is still needed."""
    spec(
        accounts="""
            account_id | created_at
            witness    | 2010-01-01 12:00
            a1         | 2019-03-01 12:00
        """,
        users="""
            user_id | account_id | created_at       | last_sign_in_at
            busy    | a1         | 2019-03-01 12:00 | 2024-02-01 12:00
            idle    | a1         | 2019-03-01 12:00 | 2021-02-01 12:00
        """,
        activity="""
            account_id | user_id | actor  | occurred_at
            witness    |         | person | 2010-01-01 12:00
            a1         | busy    | person | 2021-06-01 12:00
            a1         | busy    | person | 2023-06-01 12:00
        """,
        states="""
            subject | opened     | 2024-03-01
            a1      | 2024-02-01 | open
        """,
        findings="""
            kind      | subject
            idle_user | idle
        """)
