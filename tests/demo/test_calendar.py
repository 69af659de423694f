"""The demo's own calendar and that of the rules were written apart: here they must agree."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines import warehouse
from pipelines.demo import moments
from pipelines.register import periods

PARIS = ZoneInfo("Europe/Paris")
DRAWS = 400


@pytest.fixture(scope="module")
def calendar():
    connection = warehouse.memory()
    periods.install(connection)
    yield connection
    connection.close()


def drawn_moments() -> list[int]:
    """Moments of ten years, and each minute around a change of the clocks."""
    dice = random.Random(7)
    first, last = (int(datetime(year, 1, 1, tzinfo=PARIS).timestamp()) for year in (2017, 2030))
    changes = [change for month in (3, 10) for change in moments.clock_changes(month) if first < change < last]
    around = [change + shift * 60 - 21 * moments.DAY for change in changes for shift in range(-150, 151, 37)]
    return [dice.randrange(first, last) for _ in range(DRAWS)] + around


def drawn_days() -> list[int]:
    dice = random.Random(8)
    leaps = [moments.day_number(date(year, 2, 28)) + shift for year in (2020, 2023, 2024) for shift in (0, 1)]
    return [dice.randrange(17_000, 22_000) for _ in range(DRAWS)] + leaps


def asked(calendar, sql: str, values: list) -> list:
    numbered = "SELECT unnest($values) AS v, generate_subscripts($values, 1) AS i"
    rows = calendar.execute(f"SELECT {sql} FROM ({numbered}) ORDER BY i", {"values": values}).fetchall()
    return [row[0] for row in rows]


def test_local_days_are_those_of_the_time_zone_database():
    for moment in drawn_moments():
        told = datetime.fromtimestamp(moment, PARIS)
        assert moments.as_date(moments.local_day(moment)) == told.date()
        assert moments.offset(moment) == told.utcoffset().total_seconds()


def test_a_wall_clock_is_read_as_the_standard_library_reads_it():
    for change in (*moments.clock_changes(3)[17:25], *moments.clock_changes(10)[17:25]):
        for shift in range(-3 * moments.HOUR, 3 * moments.HOUR, 600):
            wall = change + moments.HOUR + shift
            told = datetime(1970, 1, 1, tzinfo=PARIS) + timedelta(seconds=wall)
            assert moments.at(wall // moments.DAY, wall % moments.DAY) == int(told.timestamp())


def test_months_and_days_end_alike(calendar):
    days = drawn_days()
    dates = [moments.as_date(day) for day in days]
    for months in (1, 3, 36, 120, -12):
        told = asked(calendar, f"plus_months(v, {months})", dates)
        assert told == [moments.as_date(moments.plus_months(day, months)) for day in days]
    ends = asked(calendar, "epoch(day_end(v))::BIGINT", dates)
    assert ends == [int(moments.end_of(day)) for day in days]


def test_the_trash_ends_alike(calendar):
    drawn = drawn_moments()
    told = asked(calendar, "epoch(trash_until(to_timestamp(v), 21))::BIGINT", drawn)
    assert told == [moments.trash_end(moment) for moment in drawn]


def test_replies_are_due_alike(calendar):
    drawn = drawn_moments()
    days = [int(moments.local_day(moment)) for moment in drawn]
    for months in (1, 3):
        last = asked(calendar, f"epoch(reply_last(to_timestamp(v), {months}, 0))::BIGINT", drawn)
        safe = asked(calendar, f"epoch(reply_safe(to_timestamp(v), {months}, 0))::BIGINT", drawn)
        assert last == [int(moments.end_of(moments.last_day(day, months))) for day in days]
        assert safe == [int(moments.end_of(moments.safe_day(day, months))) for day in days]
