"""retention.invoices: invoices are kept ten years.

A minimum: ten years from the day of issue as the policy says, or from the end of the financial year as accounting law is
read, whichever ends later. There is no last day here; an invoice held longer is a finding of its own.
"""

import pytest

title = "Invoices: kept for ten years"


@pytest.fixture
def spec(judged):
    return judged("retention.invoices")


def test_ten_years_from_the_end_of_the_financial_year(spec):
    """Issued on 10 February 2015, year closed on 31 December: kept until 31 December 2025, that day included."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on
            f1         | 2015-02-10 | 2015-12-31
        """,
        as_of="2025-06-30",
        obligations="""
            subject | earliest_at      | due_at | state
            f1      | 2025-12-31 24:00 |        | open
        """)


def test_once_the_ten_years_have_passed_with_the_invoice_still_there_the_promise_is_met(spec):
    """Never due soon and never overdue: nothing here has a last day."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on
            f1         | 2015-02-10 | 2015-12-31
        """,
        states="""
            subject | 2015-02-09 | 2015-02-10 | 2025-02-10 | 2025-12-30 | 2025-12-31 | 2030-01-01
            f1      |            | open       | open       | open       | met        | met
        """)


def test_removed_on_the_last_day_is_premature_and_at_midnight_it_is_allowed(spec):
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            too_early  | 2015-02-10 | 2015-12-31            | 2025-12-31 23:59:59.999999
            allowed    | 2015-02-10 | 2015-12-31            | 2026-01-01 00:00
        """,
        states="""
            subject   | 2025-12-30 | 2025-12-31 | 2026-01-01
            too_early | open       | premature  | premature
            allowed   | open       | met        | met
        """)


def test_the_policy_s_own_ten_years_are_not_enough(spec):
    """Ten years after issue the policy would let it go; accounting law does not. The later date counts."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            f1         | 2015-02-10 | 2015-12-31            | 2025-02-11 12:00
        """,
        states="""
            subject | 2025-02-11
            f1      | premature
        """)


def test_where_the_issue_is_later_the_issue_counts(spec):
    """An invoice issued after the year it is booked in was closed: ten years from its issue end later."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            too_early  | 2016-02-10 | 2015-12-31            | 2026-02-10 12:00
            allowed    | 2016-02-10 | 2015-12-31            | 2026-02-11 00:00
        """,
        states="""
            subject   | 2026-03-01
            too_early | premature
            allowed   | met
        """)


def test_29_february(spec):
    """There is no 29 February 2026: the last day of that month is the 28th, and 1 March is allowed."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            too_early  | 2016-02-29 | 2016-02-29            | 2026-02-28 23:59
            allowed    | 2016-02-29 | 2016-02-29            | 2026-03-01 00:00
        """,
        states="""
            subject   | 2026-03-31
            too_early | premature
            allowed   | met
        """)


def test_ten_years_are_not_3650_days(spec):
    """3,650 days end two or three days early: harmless for a maximum, a breach for a minimum."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            f1         | 2015-12-31 | 2015-12-31            | 2025-12-28 12:00
        """,
        states="""
            subject | 2025-12-31
            f1      | premature
        """)


def test_without_the_end_of_the_financial_year_the_date_cannot_be_told(spec):
    """Once the ten years from issue have passed, allowed or premature depends on a date that is missing."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            removed    | 2015-02-10 |                       | 2025-06-01 12:00
        """,
        as_of="2025-06-30",
        obligations="""
            subject | state   | closed_by
            removed | unknown | missing_date
        """)


def test_removed_before_ten_years_from_issue_is_premature_whenever_the_year_ended(spec):
    """The later of two dates is never before the known one: here the facts can tell, and no gap withholds a breach."""
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            f1         | 2015-02-10 |                       | 2018-06-01 12:00
        """,
        states="""
            subject | 2018-06-30
            f1      | premature
        """)


def test_credit_notes_and_corrected_originals_are_kept_as_well(spec):
    spec(
        invoices="""
            invoice_id | kind        | issued_on  | financial_year_end_on | removed_at
            invoice    | invoice     | 2015-02-10 | 2015-12-31            | 2020-01-01 12:00
            credit     | credit_note | 2015-02-10 | 2015-12-31            | 2020-01-01 12:00
            corrected  | corrected   | 2015-02-10 | 2015-12-31            | 2020-01-01 12:00
        """,
        states="""
            subject   | 2020-01-01
            invoice   | premature
            credit    | premature
            corrected | premature
        """)


def test_the_minimum_survives_the_account_and_its_erasure(spec):
    """Neither the deletion of the account, nor its erasure, nor a request for erasure lets an invoice go."""
    spec(
        accounts="""
            account_id | deleted_at       | erased_at
            a1         | 2016-03-01 12:00 | 2016-04-01 12:00
        """,
        rights_requests="""
            request_id | account_id | right   | received_at
            r1         | a1         | erasure | 2016-03-01 12:00
        """,
        erasure_journal="""
            entry_id | account_id | invoice_id | erased_at
            e1       | a1         |            | 2016-04-01 12:00
            e2       | a1         | gone       | 2016-04-01 12:00
        """,
        invoices="""
            invoice_id | account_id | issued_on  | financial_year_end_on | removed_at
            kept       | a1         | 2015-02-10 | 2015-12-31            |
            gone       | a1         | 2015-02-10 | 2015-12-31            | 2016-04-01 12:00
        """,
        states="""
            subject | 2016-04-30
            kept    | open
            gone    | premature
        """)


def test_an_invoice_that_is_still_there_has_not_gone_whatever_the_journal_says(spec):
    """Closed needs a date and no fact that contradicts it: the row is there, so the journal is the one to be explained."""
    spec(
        erasure_journal="""
            entry_id | invoice_id | erased_at
            e1       | f1         | 2016-04-01 12:00
        """,
        invoices="""
            invoice_id | issued_on  | financial_year_end_on
            f1         | 2015-02-10 | 2015-12-31
        """,
        as_of="2016-04-30",
        obligations="""
            subject | state | closed_at
            f1      | open  |
        """,
        findings="""
            kind               | subject
            erased_but_present | f1
        """)


def test_a_legal_hold_has_nothing_to_suspend(spec):
    """A hold keeps data; this promise keeps it too."""
    spec(
        accounts="""
            account_id
            a1
        """,
        invoices="""
            invoice_id | account_id | issued_on  | financial_year_end_on
            f1         | a1         | 2015-02-10 | 2015-12-31
        """,
        legal_holds="""
            hold_id | account_id | from_at          | until_at
            h1      | a1         | 2015-01-01 00:00 | 2030-01-01 00:00
        """,
        states="""
            subject | 2025-12-30 | 2025-12-31
            f1      | open       | met
        """)


def test_a_gap_in_a_series_of_numbers_is_a_finding(spec):
    """Each series counts for itself; the numbers need not begin at 1. The missing 3 may be an invoice that was removed."""
    spec(
        invoices="""
            invoice_id | series | number | issued_on  | financial_year_end_on
            f1         | A      | 1      | 2024-02-10 | 2024-12-31
            f2         | A      | 2      | 2024-02-11 | 2024-12-31
            f4         | A      | 4      | 2024-02-12 | 2024-12-31
            g7         | B      | 7      | 2024-02-10 | 2024-12-31
            g8         | B      | 8      | 2024-02-11 | 2024-12-31
        """,
        states="""
            subject | 2024-03-01
            f1      | open
            f2      | open
            f4      | open
            g7      | open
            g8      | open
        """,
        findings="""
            kind               | subject
            invoice_number_gap | f4
        """)


def test_an_invoice_held_longer_than_it_must_be_is_a_warning_of_its_own(spec):
    spec(
        invoices="""
            invoice_id | issued_on  | financial_year_end_on
            term_over  | 2010-02-10 | 2010-12-31
            in_term    | 2020-02-10 | 2020-12-31
        """,
        states="""
            subject   | 2026-01-31
            term_over | met
            in_term   | open
        """,
        findings="""
            kind                | subject
            invoice_held_longer | term_over
        """)
