"""Which periods are due: pure functions of the schedule, of what is held and of what was done. Nothing here reads a clock.

A period is known by the local day that closes it, its `as_of`.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from pipelines.errors import UsageError
from pipelines.register.schedule import DAILY, MONTHLY, WEEKDAYS, WEEKLY, Schedule, Scheduled

DAY = timedelta(days=1)
QUARTER_ENDS = (3, 6, 9, 12)
FARTHEST = 100  # days to look ahead: longer than any period
# On the last Sunday of March these local times do not exist, on that of October they come twice.
CHANGING_FROM, CHANGING_UNTIL = time(2), time(3)


@dataclass(frozen=True, slots=True)
class Due:
    """A period that is to be reported. `is_lost`: later days are published, and its own day's collection is not held."""

    entry: Scheduled
    as_of: date
    is_lost: bool


def closes(entry: Scheduled, day: date) -> bool:
    """Whether a period of the entry ends with that local day."""
    if entry.cadence == DAILY:
        return True
    if entry.cadence == WEEKLY:
        return day.weekday() == WEEKDAYS.index(entry.day)
    last = monthrange(day.year, day.month)[1]
    if entry.cadence == MONTHLY:
        return day.day == (entry.day or last)
    return day.month in QUARTER_ENDS and day.day == last


def closings(entry: Scheduled, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included, that close a period of the entry."""
    return (day for day in days(first, last) if closes(entry, day))


def days(first: date, last: date) -> Iterator[date]:
    """All days from `first` to `last`, both included."""
    return (first + n * DAY for n in range((last - first).days + 1))


def name_of(entry: Scheduled, as_of: date) -> str:
    """A period's name: 2026-06-30, 2026-W26, 2026-06, 2026-Q2."""
    if entry.cadence == DAILY:
        return f"{as_of}"
    if entry.cadence == WEEKLY:
        return f"{as_of:%G-W%V}"
    return f"{as_of:%Y-%m}" if entry.cadence == MONTHLY else f"{as_of.year}-Q{(as_of.month + 2) // 3}"


def due(entries: Iterable[Scheduled], begins: Mapping[str, date], settled: Collection[tuple[str, date]],
        held: Collection[date], newest: date | None) -> list[Due]:
    """What is to be reported, oldest first, and of one day in the order of the schedule.

    `begins`: by entry, the first day that may close a period of it; `settled`: (entry, as_of) that are over and done;
    `held`: the days whose collection is at hand; `newest`: the newest published day. A later day awaits its night.
    """
    if newest is None:
        return []
    found = [Due(entry, day, day not in held) for entry in entries if entry.id in begins
             for day in closings(entry, begins[entry.id], newest) if (entry.id, day) not in settled]
    return sorted(found, key=lambda one: one.as_of)


def missed_nights(entries: Collection[Scheduled], newest: date | None, as_of: date, most: int) -> list[date]:
    """The days since the newest published one whose night did not run and that close a period, oldest first.

    The night of `as_of` itself is not among them. No more than the last `most`: what is older is lost.
    """
    if newest is None:
        return []
    first = max(newest + DAY, as_of - most * DAY)
    return [day for day in days(first, as_of - DAY) if any(closes(entry, day) for entry in entries)]


def next_closing(entry: Scheduled, after: date) -> date:
    """The first day after `after` that closes a period of the entry."""
    return next(closings(entry, after + DAY, after + FARTHEST * DAY))


def kept_months(schedule: Schedule, report: str, lang: str, as_of: date) -> int | None:
    """How many calendar months the pages of a report of that day are kept: as the longest entry that they serve says.

    None for pages that serve none.
    """
    wanted = [entry.keep_months for entry in schedule.entries.values()
              if (entry.report, entry.lang) == (report, lang) and closes(entry, as_of)]
    return max(wanted, default=None)


def local_time(text: str) -> time:
    """HH:MM as a local time at which a night may start; UsageError for none, and for the hour that the clocks change in."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or len(text) != len("04:10"):
        raise UsageError(f"--at {text}: write a local time such as 04:10.")
    if CHANGING_FROM <= at < CHANGING_UNTIL:
        raise UsageError(f"--at {text}: between 02:00 and 03:00 the clocks change in Europe/Paris. On the last Sunday of "
                         "March that time does not exist and the night would not run, on the last Sunday of October it "
                         "comes twice: take 01:55 or earlier, or 03:00 or later.")
    return at
