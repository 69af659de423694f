"""The one place where periods are added: SQL macros, and the table of working days that replies are moved by.

Instants are TIMESTAMPTZ; a connection from `warehouse` has TimeZone Europe/Paris, so that a cast to DATE is the local
day. Intervals are half-open: a limit is the first instant too late (or, for a minimum, the first instant allowed).
Sources: the promises themselves; for replies, GDPR art. 12(3) with Regulation (EEC, Euratom) 1182/71, art. 3.
The decisions are argued one by one in tests/spec/.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 2000, 2060

# The calendar is one list, looked up by place: where a term depends on another term, a look-up by day is no join to DuckDB,
# and would try every day for every request.
MACROS = f"""
CREATE OR REPLACE MACRO local_day(moment) AS (moment)::DATE;
CREATE OR REPLACE MACRO day_start(day) AS ((day)::DATE)::TIMESTAMPTZ;
CREATE OR REPLACE MACRO day_end(day) AS ((day)::DATE + 1)::TIMESTAMPTZ;
CREATE OR REPLACE MACRO plus_months(day, months) AS ((day)::DATE + to_months((months)::INTEGER))::DATE;
CREATE OR REPLACE MACRO plus_days(day, days) AS ((day)::DATE + (days)::INTEGER);
CREATE OR REPLACE MACRO months_end(moment, months) AS day_end(plus_months(local_day(moment), months));
CREATE OR REPLACE MACRO days_end(moment, days) AS day_end(plus_days(local_day(moment), days));
CREATE OR REPLACE MACRO months_before(moment, months) AS day_start(plus_months(local_day(moment), -(months)));
CREATE OR REPLACE MACRO days_after(moment, days) AS day_start(plus_days(local_day(moment), days));
CREATE OR REPLACE MACRO minutes_after(moment, minutes) AS ((moment)::TIMESTAMPTZ + to_minutes((minutes)::BIGINT));
CREATE OR REPLACE MACRO days_between(from_moment, until_moment) AS (local_day(until_moment) - local_day(from_moment));
CREATE OR REPLACE MACRO months_between(from_day, until_day) AS
    (CASE WHEN plus_months(from_day, date_diff('month', (from_day)::DATE, (until_day)::DATE)) > (until_day)::DATE
          THEN date_diff('month', (from_day)::DATE, (until_day)::DATE) - 1
          ELSE date_diff('month', (from_day)::DATE, (until_day)::DATE) END);
CREATE OR REPLACE MACRO trash_until(moment, days) AS
    greatest(((moment)::TIMESTAMP + to_days((days)::INTEGER))::TIMESTAMPTZ,
             (moment)::TIMESTAMPTZ + to_hours(24 * (days)::INTEGER));
CREATE OR REPLACE MACRO reply_day(moment, months, pause_days) AS
    plus_days(plus_months(local_day(moment), months), pause_days);
CREATE OR REPLACE MACRO reply_safe(moment, months, pause_days) AS day_end(reply_day(moment, months, pause_days));
CREATE OR REPLACE MACRO reply_last(moment, months, pause_days) AS
    day_end((SELECT list(moved_to ORDER BY day) FROM calendar.working_day)[
        greatest(0, reply_day(moment, months, pause_days) - DATE '{FIRST_YEAR}-01-01' + 1)]);
"""


@cache
def working_days(alsace_moselle: bool = False) -> list[tuple[date, bool, date]]:
    """Every day of the years 2000 to 2060: (day, is it a working day, the working day that a term ending on it moves to)."""
    subdivision = {"subdiv": "57"} if alsace_moselle else {}
    public = holidays.country_holidays("FR", years=range(FIRST_YEAR, LAST_YEAR + 2), **subdivision)
    day, first = date(LAST_YEAR + 1, 1, 31), date(FIRST_YEAR, 1, 1)
    rows, moved_to = [], day
    while day >= first:
        is_working = day.weekday() < SATURDAY and day not in public
        moved_to = day if is_working else moved_to
        rows.append((day, is_working, moved_to))
        day -= timedelta(days=1)
    return rows[::-1]


def months_earlier(day: date, months: int) -> date:
    """The same day number so many calendar months before, or the last day of that month where there is none."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def install(connection, alsace_moselle: bool = False) -> None:
    """Register the macros and fill calendar.working_day(day, is_working, moved_to) in the connection's database."""
    rows = working_days(alsace_moselle)
    connection.execute("CREATE SCHEMA IF NOT EXISTS calendar")
    connection.execute("CREATE OR REPLACE TABLE calendar.working_day (day DATE, is_working BOOLEAN, moved_to DATE)")
    connection.execute(
        "INSERT INTO calendar.working_day SELECT unnest($days), unnest($working), unnest($moved)",
        {"days": [r[0] for r in rows], "working": [r[1] for r in rows], "moved": [r[2] for r in rows]},
    )
    connection.execute(MACROS)
