"""The demo's own calendar: whole seconds since 1970 (UTC) and local days in Europe/Paris, scalar or as arrays.

It knows nothing of `register.periods`, on purpose: what is planted is worked out a second time, by other means, so that a
mistake in the calendar of the rules cannot hide itself. NONE (-1) stands for "no such moment".
"""

from datetime import date, timedelta
from functools import cache

import numpy as np

NONE = -1
MINUTE, HOUR, DAY = 60, 3_600, 86_400
WINTER, SUMMER = HOUR, 2 * HOUR
TRASH_DAYS = 21
_EPOCH = date(1970, 1, 1).toordinal()
_YEARS = range(2000, 2062)


def day_number(day: date) -> int:
    """A date as days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def as_date(day: int) -> date:
    """Days since 1970-01-01 as a date."""
    return date.fromordinal(int(day) + _EPOCH)


def _last_sunday(year: int, month: int) -> int:
    last = date(year, month, 31)
    return day_number(last - timedelta(days=(last.weekday() + 1) % 7))


def clock_changes(month: int) -> list[int]:
    """The instants at which the clocks change in March (3) or October (10): the last Sunday, 01:00 UTC."""
    return [_last_sunday(year, month) * DAY + HOUR for year in _YEARS]


_CHANGES = np.array(sorted(clock_changes(3) + clock_changes(10)), dtype=np.int64)


def offset(moment):
    """Seconds that Paris is ahead of UTC: between a change in March and one in October, two hours."""
    return np.where(np.searchsorted(_CHANGES, moment, side="right") % 2 == 1, SUMMER, WINTER)


def local_day(moment):
    """The local day of a moment."""
    return (moment + offset(moment)) // DAY


def at(day, second=0):
    """The moment of a local time of day, given in seconds after midnight as a wall clock shows them.

    A time that occurs twice is the first of the two; one that is skipped is read by the clock before the change.
    """
    wall = np.asarray(day, dtype=np.int64) * DAY + second
    moment = np.where(offset(wall - SUMMER) == SUMMER, wall - SUMMER, wall - WINTER)
    return moment if moment.ndim else int(moment)


def end_of(day):
    """The first instant after a local day."""
    return at(np.asarray(day) + 1)


def plus_months(day, months):
    """Calendar months on (or back): the same day number, or the last day of a month that has none."""
    days = np.asarray(day, dtype=np.int64).astype("datetime64[D]")
    first = days.astype("datetime64[M]")
    number = (days - first).astype(np.int64)
    target = first + np.asarray(months)
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64)
    moved = (target.astype("datetime64[D]").astype(np.int64)) + np.minimum(number, length - 1)
    return moved if moved.ndim else int(moved)


def latest_with(day_after, limit: int, start: int) -> int:
    """The latest day, searched back from `start`, for which `day_after(day) <= limit`."""
    day = start
    while day_after(day) > limit:
        day -= 1
    return day


def trash_end(deleted):
    """Three weeks in the trash: the later of the same local time 21 days on, and 21 times 24 hours.

    Of a local time that occurs twice, the later is meant: in doubt, what is kept is kept longer.
    """
    wall = deleted + offset(deleted) + TRASH_DAYS * DAY
    occurs_once = (offset(wall - SUMMER) == SUMMER) & (offset(wall - WINTER) == SUMMER)
    end = np.maximum(np.where(occurs_once, wall - SUMMER, wall - WINTER), deleted + TRASH_DAYS * DAY)
    return end if end.ndim else int(end)


@cache
def _easter(year: int) -> date:
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (epact // 28) * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    shift = epact - weekday
    month = 3 + (shift + 40) // 44
    return date(year, month, shift + 28 - 31 * (month // 4))


@cache
def _holidays(year: int) -> frozenset[date]:
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (timedelta(days=days) for days in (1, 39, 50))
    return frozenset({date(year, *day) for day in fixed} | {_easter(year) + days for days in moving})


def is_working(day: int) -> bool:
    """No Saturday, Sunday or French public holiday."""
    found = as_date(day)
    return found.weekday() < 5 and found not in _holidays(found.year)


def next_working(day: int) -> int:
    """The day itself, or the next working day after it."""
    while not is_working(day):
        day += 1
    return day


def safe_day(received: int, months: int = 1) -> int:
    """The day on which a reply is due at the latest, had it no weekends and holidays."""
    return plus_months(received, months)


def last_day(received: int, months: int = 1) -> int:
    """The last day for a reply by law."""
    return next_working(safe_day(received, months))
