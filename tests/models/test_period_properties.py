"""The periods against a second opinion: plain Python, another calendar of holidays, random instants near every trap."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import warehouse
from pipelines.register import periods

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2008, 1, 1), date(2045, 12, 31)
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
MOVING_HOLIDAYS = (1, 39, 50)  # days after Easter Sunday: Easter Monday, Ascension, Whit Monday

settings.register_profile("periods", max_examples=150, deadline=None)
settings.load_profile("periods")


# --- the second opinion -------------------------------------------------------------------------------------------


def day_of(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def midnight(day: date) -> datetime:
    """The first instant of a local day (midnight always exists in Paris, and only once)."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


def end_of(day: date) -> datetime:
    return midnight(day + timedelta(days=1))


def same_local_time(at: datetime, days: int) -> datetime:
    """The same clock time so many days on: the later of the two where the clock shows it twice, or not at all."""
    naive = at.astimezone(PARIS).replace(tzinfo=None) + timedelta(days=days)
    return max(naive.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1))


def is_working(day: date) -> bool:
    moving = {easter(day.year) + timedelta(days=n) for n in MOVING_HOLIDAYS}
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS and day not in moving


def next_working(day: date) -> date:
    while not is_working(day):
        day += timedelta(days=1)
    return day


# --- instants near the traps --------------------------------------------------------------------------------------


def change_of_clocks(year: int, month: int) -> datetime:
    """The last Sunday of March or October, 01:00 UTC."""
    last = date(year, month, 31)
    last -= timedelta(days=(last.weekday() + 1) % 7)
    return datetime(last.year, last.month, last.day, 1, tzinfo=UTC)


near_changes = st.builds(
    lambda year, month, days, seconds: change_of_clocks(year, month) - timedelta(days=days) + timedelta(seconds=seconds),
    st.integers(2008, 2045), st.sampled_from([3, 10]), st.sampled_from([0, 1, 20, 21, 22]), st.integers(-7300, 7300))
near_midnight = st.builds(
    lambda day, microseconds: midnight(day) + timedelta(microseconds=microseconds),
    st.dates(FIRST, LAST), st.sampled_from([-1, 0, 1, 3_600_000_000, -3_600_000_000]))
anywhere = st.datetimes(datetime(2008, 1, 1), datetime(2045, 12, 31), timezones=st.just(UTC))
month_ends = st.builds(
    lambda year, month, day, hour: datetime(year, month, 1, hour, tzinfo=PARIS).astimezone(UTC) + timedelta(days=day),
    st.integers(2008, 2044), st.integers(1, 12), st.integers(26, 31), st.integers(0, 23))
instants = st.one_of(near_changes, near_midnight, anywhere, month_ends)
months = st.integers(1, 120)


@pytest.fixture(scope="module")
def ask():
    """ask("months_end($at, $n)", at=…, n=…): what the macro says, as an instant in UTC."""
    connection = warehouse.memory()
    periods.install(connection)

    def answer(formula: str, **bound):
        found = connection.execute("SELECT " + formula, bound).fetchone()[0]
        return found.astimezone(UTC) if isinstance(found, datetime) else found

    return answer


# --- the same answers ---------------------------------------------------------------------------------------------


@given(at=instants, n=months)
def test_a_delete_by_ends_with_the_day_so_many_calendar_months_on(ask, at, n):
    assert ask("months_end($at, $n)", at=at, n=n) == end_of(day_of(at) + relativedelta(months=n))


@given(at=instants)
def test_the_trash_is_kept_21_local_days_and_504_hours(ask, at):
    assert ask("trash_until($at, 21)", at=at) == max(same_local_time(at, 21), at + timedelta(hours=504))


@given(at=instants, n=st.integers(0, 40))
def test_a_period_of_days_ends_with_its_last_local_day(ask, at, n):
    assert ask("days_end($at, $n)", at=at, n=n) == end_of(day_of(at) + timedelta(days=n))


@given(at=instants, n=st.sampled_from([1, 3]), pause=st.integers(0, 60))
def test_a_reply_ends_with_a_working_day(ask, at, n, pause):
    plain = day_of(at) + relativedelta(months=n) + timedelta(days=pause)
    assert ask("reply_safe($at, $n, $pause)", at=at, n=n, pause=pause) == end_of(plain)
    assert ask("reply_last($at, $n, $pause)", at=at, n=n, pause=pause) == end_of(next_working(plain))


@given(at=instants, n=st.integers(0, 24))
def test_looking_back_months_and_ahead_days_counts_local_midnights(ask, at, n):
    assert ask("months_before($at, $n)", at=at, n=n) == midnight(day_of(at) - relativedelta(months=n))
    assert ask("days_after($at, $n)", at=at, n=n) == midnight(day_of(at) + timedelta(days=n))


@given(since=st.dates(FIRST, LAST), days=st.integers(0, 4000))
def test_whole_months_between_two_days(ask, since, days):
    until = since + timedelta(days=days)
    whole = max(n for n in range(days // 28 + 2) if since + relativedelta(months=n) <= until)
    assert ask("months_between($since, $until)", since=since, until=until) == whole


def test_every_day_of_the_calendar_is_told_working_or_not_as_we_would():
    """From 2008 on: from 2005 to 2007 Whit Monday was a day of work, before any request that is still judged."""
    for day, working, moved_to in periods.working_days():
        if FIRST <= day <= LAST:
            assert (working, moved_to) == (is_working(day), next_working(day)), day


# --- what must hold whatever the answers are ------------------------------------------------------------------------


@given(at=instants, n=months)
def test_a_delete_by_is_never_before_its_own_day_nor_a_day_after_it(ask, at, n):
    """The same local time n months on lies in the last day; months are never shorter than 28 days."""
    end = ask("months_end($at, $n)", at=at, n=n)
    naive = at.astimezone(PARIS).replace(tzinfo=None) + relativedelta(months=n)
    assert timedelta(0) < end.astimezone(PARIS).replace(tzinfo=None) - naive <= timedelta(days=1)
    assert end - at > timedelta(days=28 * n)


@given(at=instants, later=st.timedeltas(timedelta(0), timedelta(days=40)), n=months)
def test_who_acts_later_is_never_due_earlier(ask, at, later, n):
    for formula in ("months_end($at, $n)", "reply_last($at, $n, 0)", "reply_safe($at, $n, 0)"):
        assert ask(formula, at=at, n=n) <= ask(formula, at=at + later, n=n)
    assert ask("trash_until($at, 21)", at=at) <= ask("trash_until($at, 21)", at=at + later)


@given(at=instants, n=months)
def test_a_longer_period_ends_later(ask, at, n):
    assert ask("months_end($at, $n)", at=at, n=n) < ask("months_end($at, $n)", at=at, n=n + 1)


@given(at=instants)
def test_three_weeks_are_never_short_and_at_most_an_hour_long(ask, at):
    kept = ask("trash_until($at, 21)", at=at)
    assert timedelta(hours=504) <= kept - at <= timedelta(hours=505)
    assert day_of(kept) - day_of(at) in (timedelta(days=21), timedelta(days=22))


@given(at=instants)
def test_the_purge_has_a_whole_local_day(ask, at):
    """From the end of the three weeks to the date there is one full local day, and never two."""
    kept, due = ask("trash_until($at, 21)", at=at), ask("days_end(trash_until($at, 21), 1)", at=at)
    assert due == end_of(day_of(kept) + timedelta(days=1))
    assert timedelta(hours=23) < due - kept <= timedelta(hours=49)


@given(at=instants, n=st.sampled_from([1, 3]), pause=st.integers(0, 60))
def test_the_legal_last_day_is_a_working_day_and_never_before_the_safe_one(ask, at, n, pause):
    safe = ask("reply_safe($at, $n, $pause)", at=at, n=n, pause=pause)
    last = ask("reply_last($at, $n, $pause)", at=at, n=n, pause=pause)
    assert is_working(day_of(last - timedelta(microseconds=1)))
    assert timedelta(0) <= last - safe <= timedelta(days=5)
