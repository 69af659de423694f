"""A format as one file begins with it: most lines of a log are of its first day and those behind it, in one zone."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from pipelines.collect.traffic.formats import Format, Opening
from pipelines.warehouse import quoted

LOCAL_DAY = re.compile(r"\[(\d\d/[A-Z][a-z]{2}/\d{4}):\d\d:\d\d:\d\d ([+-]\d{4})")
CLOCK, ZONE = "HH:MM:SS", " +HHMM"
# A log is rotated every day, or every week, a moment too late.
DAYS_OF_FILE = 8
LAST_FIRST_DAY = date.max - timedelta(days=DAYS_OF_FILE)


def beginning(form: Format, head: str) -> Format:
    """The same format, which takes less time where it is right that the file begins with `head`.

    The day with which the file seems to begin, those that follow, and the zone, are compared as text, and only the clock is
    read; any other time is read as ever. What stands before the clock is the same in all that a client wrote on a day: the
    fields in it are told once a group, not once a line.
    """
    opening, told = form.opening, LOCAL_DAY.search(head) if form.opening else None
    try:
        midnight = datetime.strptime(f"{told[1]} {told[2]}", "%d/%b/%Y %z") if told else None
    except ValueError:
        midnight = None
    if midnight is None or midnight.date() > LAST_FIRST_DAY:
        return form
    behind = len(ZONE) + len(opening.tail)
    days = " ".join(_begins_at(opening, midnight + timedelta(days=number)) for number in range(DAYS_OF_FILE))
    # Bytes are counted sooner than letters: where they are not as many, it is not the clock that is cut off.
    in_place = (f"suffix({opening.column}, {quoted(f' {told[2]}{opening.tail}')}) "
                f"AND strlen(head) = strlen({opening.column}) - {len(CLOCK) + behind}")
    return replace(
        form,
        cut=MappingProxyType({
            "head": f"substr({opening.column}, 1, strlen({opening.column}) - {len(CLOCK) + behind})",
            "clock": f"substr({opening.column}, -{len(CLOCK) + behind}, {len(CLOCK)})"}),
        found=MappingProxyType({
            "midnight": f"CASE WHEN {in_place} THEN CASE {days} END END",
            "time_of_day": "try_cast(clock AS TIME)"}),
        of_head=opening.fields, is_addressed=opening.is_addressed,
        likely=f"CASE WHEN midnight IS NULL THEN {opening.likely} ELSE head NOT LIKE '%[%[%' END AND {opening.others}",
        # The database reads more than is a clock (12:34:5x).
        moment="CASE WHEN midnight IS NOT NULL AND time_of_day::VARCHAR = clock AND time_of_day < TIME '24:00:00' "
               f"THEN make_timestamptz(midnight + epoch_us(time_of_day)) ELSE {form.moment} END")


def _begins_at(opening: Opening, midnight: datetime) -> str:
    """A branch of CASE: the microseconds since 1970 with which a day begins, for lines of that day."""
    since = (midnight - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"WHEN head LIKE {quoted(f'{opening.before}{midnight:%d/%b/%Y}:')} THEN {since}"
