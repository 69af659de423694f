"""How a period is added, and when exactly it ends.

A limit is written as the first instant too late: `2024-03-01 24:00` is the midnight that ends 1 March 2024, so that all of
1 March is still in time. Moments without an offset are local time in Europe/Paris.
"""

import pytest

title = "Periods"

THREE_YEARS = "months_end({at}, 36)"
TEN_YEARS = "day_end(plus_months(local_day({at}), 120))"
TRASH = "trash_until({at}, 21)"
TRASH_DUE = "days_end(trash_until({at}, 21), 1)"
SAFE = "reply_safe({at}, 1, 0)"
LAST = "reply_last({at}, 1, 0)"


# --- delete-by: calendar months and years -------------------------------------------------------------------------


def test_three_years_are_calendar_years_and_end_with_the_local_day(holds):
    """The same day number three years on, whatever lies between. 3 × 365 days would end on 29 February 2024, a day early."""
    holds(THREE_YEARS, """
        at                  | gives
        2021-03-01 14:00    | 2024-03-01 24:00
        2022-03-01 14:00    | 2025-03-01 24:00
    """)


def test_the_hour_of_the_act_does_not_count(holds):
    """The pair around midnight: the first and the last instant of a day end together, the next instant a day later."""
    holds(THREE_YEARS, """
        at                         | gives
        2021-03-01 00:00           | 2024-03-01 24:00
        2021-03-01 23:59:59.999999 | 2024-03-01 24:00
        2021-03-02 00:00           | 2024-03-02 24:00
    """)


def test_the_day_is_the_day_in_paris_not_in_utc(holds):
    """23:30 UTC is past midnight in Paris, in winter by half an hour and in summer by an hour and a half."""
    holds(THREE_YEARS, """
        at                        | gives
        2021-02-28 22:59:59+00:00 | 2024-02-28 24:00
        2021-02-28 23:00+00:00    | 2024-03-01 24:00
        2021-06-30 21:59:59+00:00 | 2024-06-30 24:00
        2021-06-30 22:00+00:00    | 2024-07-01 24:00
    """)
    holds("months_end({at}, 1)", """
        at                     | gives
        2026-03-31 23:30+00:00 | 2026-05-01 24:00
    """)


def test_29_february_becomes_the_28th_where_there_is_no_29th(holds):
    """The last day of the month where the day number is missing: never 1 March, which would lengthen the retention."""
    holds(THREE_YEARS, """
        at               | gives
        2024-02-28 12:00 | 2027-02-28 24:00
        2024-02-29 12:00 | 2027-02-28 24:00
        2024-03-01 12:00 | 2027-03-01 24:00
    """)
    holds("months_end({at}, 48)", """
        at               | gives
        2024-02-29 12:00 | 2028-02-29 24:00
    """)


def test_28_february_does_not_become_the_29th(holds):
    """The same day number, not the same place in the month: the last day of February 2025 ends on 28 February 2028."""
    holds(THREE_YEARS, """
        at               | gives
        2025-02-28 12:00 | 2028-02-28 24:00
    """)


def test_month_ends(holds):
    holds("months_end({at}, {n})", """
        at               | n | gives
        2026-01-30 12:00 | 1 | 2026-02-28 24:00
        2026-01-31 12:00 | 1 | 2026-02-28 24:00
        2024-01-31 12:00 | 1 | 2024-02-29 24:00
        2026-03-31 12:00 | 1 | 2026-04-30 24:00
        2026-04-30 12:00 | 1 | 2026-05-30 24:00
        2025-12-31 12:00 | 2 | 2026-02-28 24:00
        2026-12-31 12:00 | 1 | 2027-01-31 24:00
    """)


def test_months_are_added_at_once_not_one_after_the_other(holds):
    """Adding one month twice to 31 January would lose three days on the way through February."""
    holds("months_end({at}, 2)", """
        at               | gives
        2026-01-31 12:00 | 2026-03-31 24:00
    """)


def test_a_delete_by_never_waits_for_a_working_day(holds):
    """A weekend or a holiday at the end would lengthen the retention: Saturday 2 March 2024, Labour Day, Christmas."""
    holds(THREE_YEARS, """
        at               | gives
        2021-03-02 12:00 | 2024-03-02 24:00
        2021-05-01 12:00 | 2024-05-01 24:00
        2022-12-25 12:00 | 2025-12-25 24:00
    """)


def test_the_day_on_which_the_clocks_change_ends_at_its_own_midnight(holds):
    """31 March 2024 has 23 hours and 27 October 2024 has 25; both end at local midnight, an hour apart in UTC."""
    holds(THREE_YEARS, """
        at               | gives
        2021-03-30 12:00 | 2024-03-30 23:00+00:00
        2021-03-31 12:00 | 2024-03-31 22:00+00:00
        2021-10-26 12:00 | 2024-10-26 22:00+00:00
        2021-10-27 12:00 | 2024-10-27 23:00+00:00
    """)


def test_both_readings_of_the_repeated_hour_are_the_same_day(holds):
    holds(THREE_YEARS, """
        at                     | gives
        2024-10-27 02:30+02:00 | 2027-10-27 24:00
        2024-10-27 02:30+01:00 | 2027-10-27 24:00
    """)


# --- the trash: three weeks ---------------------------------------------------------------------------------------


def test_three_weeks_in_the_trash_are_21_days_to_the_minute(holds):
    """While the clocks stand still, the same local time 21 days on and 504 hours are one instant."""
    holds(TRASH, """
        at               | gives
        2026-01-10 14:00 | 2026-01-31 14:00
        2026-02-20 23:59 | 2026-03-13 23:59
        2024-02-10 14:00 | 2024-03-02 14:00
    """)


def test_when_an_hour_is_lost_504_hours_decide(holds):
    """Clocks go forward on 29 March 2026: 21 local days are 503 hours only. A minimum takes the later: an hour more."""
    holds(TRASH, """
        at               | gives
        2026-03-07 14:00 | 2026-03-28 14:00
        2026-03-08 01:59 | 2026-03-29 01:59
        2026-03-08 14:00 | 2026-03-29 15:00
        2026-03-28 14:00 | 2026-04-18 15:00
        2026-03-29 03:00 | 2026-04-19 03:00
    """)


def test_when_an_hour_is_won_the_local_time_decides(holds):
    """Clocks go back on 25 October 2026: 504 hours would end an hour before the same local time."""
    holds(TRASH, """
        at               | gives
        2026-10-03 14:00 | 2026-10-24 14:00
        2026-10-04 14:00 | 2026-10-25 14:00+01:00
        2026-10-24 14:00 | 2026-11-14 14:00
        2026-10-25 14:00 | 2026-11-15 14:00
    """)


def test_a_local_time_that_does_not_exist_gives_way_to_the_504_hours(holds):
    """02:30 on 29 March 2026 is on no clock; 504 hours end at 03:30."""
    holds(TRASH, """
        at               | gives
        2026-03-08 02:30 | 2026-03-29 03:30
    """)


def test_of_a_local_time_that_occurs_twice_the_later_one_counts(holds):
    """02:30 on 25 October 2026 comes twice. Keep-until: when in doubt, the later date."""
    holds(TRASH, """
        at                     | gives
        2026-10-04 02:30+02:00 | 2026-10-25 02:30+01:00
        2026-10-04 03:00+02:00 | 2026-10-25 03:00+01:00
    """)


def test_deleted_in_the_hour_that_occurs_twice(holds):
    """Both 02:30 are in the trash until 02:30 local, 21 days on: for the first that is 505 hours, for the second 504."""
    holds(TRASH, """
        at                     | gives
        2026-10-25 02:30+02:00 | 2026-11-15 02:30+01:00
        2026-10-25 02:30+01:00 | 2026-11-15 02:30+01:00
    """)


def test_the_purge_is_due_by_the_end_of_the_next_local_day(holds):
    """A purge every night can be on time: whatever the hour of deletion, it has the whole of the next local day."""
    holds(TRASH_DUE, """
        at               | gives
        2026-01-10 00:00 | 2026-02-01 24:00
        2026-01-10 14:00 | 2026-02-01 24:00
        2026-01-10 23:59 | 2026-02-01 24:00
        2026-01-11 00:00 | 2026-02-02 24:00
    """)


def test_an_hour_of_summer_time_can_move_the_purge_to_the_next_day(holds):
    """Deleted at 23:00 before the clocks go forward: the 504 hours end on day 22, and the tolerance follows that day."""
    holds(TRASH_DUE, """
        at               | gives
        2026-03-20 22:59 | 2026-04-11 24:00
        2026-03-20 23:00 | 2026-04-12 24:00
    """)


# --- keep-until: invoices -----------------------------------------------------------------------------------------


def test_ten_years_end_with_the_day(holds):
    """The first instant at which an invoice may go: issued on 10 February 2015, all of 10 February 2025 is still kept."""
    holds(TEN_YEARS, """
        at               | gives
        2015-02-10 00:00 | 2025-02-10 24:00
        2016-02-29 00:00 | 2026-02-28 24:00
    """)


# --- reply-by -----------------------------------------------------------------------------------------------------


def test_a_reply_has_until_the_end_of_the_same_date_of_the_next_month(holds):
    holds(LAST, """
        at                  | gives
        2026-03-10 00:00    | 2026-04-10 24:00
        2026-03-10 23:59:59 | 2026-04-10 24:00
        2026-03-11 00:00    | 2026-04-13 24:00
    """)


def test_the_safe_date_is_the_plain_one(holds):
    """Who answers by the safe date need not know any holiday."""
    holds(SAFE, """
        at               | gives
        2026-01-31 12:00 | 2026-02-28 24:00
        2026-04-01 12:00 | 2026-05-01 24:00
        2026-03-10 12:00 | 2026-04-10 24:00
    """)


def test_the_examples_of_the_promises(holds):
    """28 February 2026 is a Saturday: the next working day is Monday 2 March. 1 May 2026 is a Friday and a holiday."""
    holds(LAST, """
        at               | gives
        2026-01-31 12:00 | 2026-03-02 24:00
        2026-04-01 12:00 | 2026-05-04 24:00
    """)
    holds("reply_last({at}, 3, 0)", """
        at               | gives
        2026-01-31 12:00 | 2026-04-30 24:00
    """)
    holds("least(reply_safe({at}, 3, 0), day_end(plus_months(plus_months(local_day({at}), 1), 2)))", """
        at               | gives
        2026-01-31 12:00 | 2026-04-28 24:00
    """)
    holds(THREE_YEARS, """
        at               | gives
        2024-02-29 12:00 | 2027-02-28 24:00
        2021-03-01 12:00 | 2024-03-01 24:00
    """)


def test_a_weekend_moves_the_last_day_of_a_reply(holds):
    """Friday stays; Saturday and Sunday become Monday; Monday stays."""
    holds(LAST, """
        at               | gives
        2026-05-12 12:00 | 2026-06-12 24:00
        2026-05-13 12:00 | 2026-06-15 24:00
        2026-05-14 12:00 | 2026-06-15 24:00
        2026-05-15 12:00 | 2026-06-15 24:00
    """)


@pytest.mark.parametrize(("received", "last", "holiday"), [
    ("2025-12-01", "2026-01-02", "New Year's Day, Thursday 1 January 2026"),
    ("2026-03-06", "2026-04-07", "Easter Monday, 6 April 2026"),
    ("2025-03-21", "2025-04-22", "Easter Monday, 21 April 2025"),
    ("2026-04-01", "2026-05-04", "Labour Day, Friday 1 May 2026, and the weekend after it"),
    ("2025-04-08", "2025-05-09", "Victory Day, Thursday 8 May 2025"),
    ("2026-04-14", "2026-05-15", "Ascension, Thursday 14 May 2026"),
    ("2026-04-25", "2026-05-26", "Whit Monday, 25 May 2026"),
    ("2026-06-14", "2026-07-15", "Bastille Day, Tuesday 14 July 2026"),
    ("2025-07-15", "2025-08-18", "Assumption, Friday 15 August 2025, and the weekend after it"),
    ("2024-10-01", "2024-11-04", "All Saints, Friday 1 November 2024, and the weekend after it"),
    ("2026-10-11", "2026-11-12", "Armistice, Wednesday 11 November 2026"),
    ("2025-11-25", "2025-12-26", "Christmas Day, Thursday 25 December 2025"),
])
def test_each_french_public_holiday_moves_the_last_day(holds, received, last, holiday):
    """All eleven of article L3133-1 of the Code du travail; the safe date never moves."""
    holds(LAST, f"at | gives\n{received} 12:00 | {last} 24:00")


@pytest.mark.parametrize(("received", "last"), [
    ("2026-03-03", "2026-04-03"),  # Good Friday
    ("2025-11-26", "2025-12-26"),  # the day after Christmas
    ("2026-04-15", "2026-05-15"),  # the Friday that many take after Ascension
    ("2025-11-24", "2025-12-24"),  # Christmas Eve
])
def test_what_is_no_holiday_in_all_of_france_moves_nothing(holds, received, last):
    holds(LAST, f"at | gives\n{received} 12:00 | {last} 24:00")


def test_holidays_in_a_row_are_all_passed_over(holds):
    """Friday 1 May 2026 ends on Monday 4 May; Saturday 4 April 2026, Easter Sunday and Easter Monday on Tuesday 7 April."""
    holds(LAST, """
        at               | gives
        2026-03-04 12:00 | 2026-04-07 24:00
        2026-03-05 12:00 | 2026-04-07 24:00
        2026-03-07 12:00 | 2026-04-07 24:00
        2026-03-08 12:00 | 2026-04-08 24:00
    """)


def test_alsace_moselle_has_two_holidays_more_when_asked_for(holds):
    """Good Friday 3 April 2026 is followed by the weekend and Easter Monday; 26 December 2025 by the weekend."""
    holds(LAST, """
        at               | gives
        2026-03-03 12:00 | 2026-04-07 24:00
        2025-11-26 12:00 | 2025-12-29 24:00
        2026-04-01 12:00 | 2026-05-04 24:00
    """, alsace_moselle=True)


def test_the_month_of_receipt_is_counted_in_paris(holds):
    """Received at 23:30 UTC on 31 March is received on 1 April: the last day is 1 May, moved to 4 May."""
    holds(LAST, """
        at                        | gives
        2026-03-31 21:59:59+00:00 | 2026-04-30 24:00
        2026-03-31 22:00+00:00    | 2026-05-04 24:00
    """)


def test_a_pause_is_given_back_in_whole_days_at_the_end(holds):
    """The clock stood still for so many days: the plain date moves by as many, and only then by weekend and holidays."""
    holds("reply_last({at}, 1, {days})", """
        at               | days | gives
        2026-03-10 12:00 | 0    | 2026-04-10 24:00
        2026-03-10 12:00 | 1    | 2026-04-13 24:00
        2026-03-10 12:00 | 3    | 2026-04-13 24:00
        2026-03-10 12:00 | 4    | 2026-04-14 24:00
        2026-01-31 12:00 | 2    | 2026-03-02 24:00
        2026-01-31 12:00 | 3    | 2026-03-03 24:00
    """)
    holds("reply_safe({at}, 1, {days})", """
        at               | days | gives
        2026-03-10 12:00 | 1    | 2026-04-11 24:00
        2026-01-31 12:00 | 2    | 2026-03-02 24:00
    """)


# --- looking back and ahead ---------------------------------------------------------------------------------------


def test_the_review_period_looks_back_calendar_months_to_the_start_of_a_day(holds):
    """as_of 29 February 2024 ends at the first instant of 1 March: twelve months before that is 1 March 2023."""
    holds("months_before({at}, 12)", """
        at               | gives
        2024-03-01 00:00 | 2023-03-01 00:00
        2024-02-29 00:00 | 2023-02-28 00:00
        2023-10-30 00:00 | 2022-10-30 00:00
    """)


def test_the_horizon_looks_ahead_local_days(holds):
    """Seven days over a change of the clocks are seven midnights, not 168 hours."""
    holds("days_after({at}, 7)", """
        at               | gives
        2026-03-25 00:00 | 2026-04-01 00:00
        2026-10-20 00:00 | 2026-10-27 00:00
    """)


# --- minutes that are tolerated ---------------------------------------------------------------------------------------


def test_minutes_are_elapsed_ones(holds):
    """An hour is sixty minutes, also in the night in which the clock shows one of them twice, or none."""
    holds("minutes_after({at}, 60)", """
        at                        | gives
        2024-03-06 18:00          | 2024-03-06 19:00
        2024-03-31 01:30          | 2024-03-31 03:30
        2024-10-27 02:30:00+02:00 | 2024-10-27 02:30:00+01:00
    """)
