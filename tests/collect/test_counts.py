"""Events are kept as counts a local day: what a count is, and how one night's counts follow upon another's.

Every test gives events as lines `id | local moment | account | user | actor | action`; a count is told by its key.
"""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines import warehouse
from pipelines.collect import collection
from pipelines.collect.pseudonyms import pseudonym

PARIS = ZoneInfo("Europe/Paris")
ACCOUNTS = "account_id,created_at,state,email\nraw-a,2020-01-01T10:00:00Z,active,\nraw-b,2020-01-01T10:00:00Z,active,\n"
COLUMNS = ("event_id", "occurred_at", "account_id", "user_id", "actor", "action")
COUNTS = """SELECT account_id, user_id, actor, action, day_on::VARCHAR, actions, strftime(first_at, '%H:%M'),
    strftime(last_at, '%H:%M') FROM source.activity"""
EVERY_EVENT = """
    1 | 2026-01-10 09:00 | raw-a | raw-u | person | edit
    2 | 2026-01-10 17:00 | raw-a | raw-u | person | edit
    3 | 2026-01-11 09:00 | raw-a | raw-u | person | edit
    4 | 2026-01-12 09:00 | raw-a |       | api    |
    """


def events(text: str, columns=COLUMNS) -> str:
    """The events as CSV, moments with the offset that Paris had."""
    lines = [",".join(columns)]
    for row in text.strip().splitlines():
        given = dict(zip(COLUMNS, (cell.strip() for cell in row.split("|")), strict=True))
        at = datetime.fromisoformat(given["occurred_at"])
        given["occurred_at"] = (at if at.tzinfo else at.replace(tzinfo=PARIS)).isoformat()
        lines.append(",".join(given[name] for name in columns))
    return "\n".join(lines) + "\n"


@pytest.fixture
def night(place):
    """night(events, previous=…): collect these events, after the night before; None leaves the file away."""
    place.write("accounts.csv", ACCOUNTS)

    def collect(text: str | None, previous=None, columns=COLUMNS):
        (place.home.path / "usage.csv").unlink(missing_ok=True)
        if text is not None:
            place.write("usage.csv", events(text, columns))
        place.map_files(accounts="accounts.csv", activity="usage.csv")
        collected = place.collect(previous=previous.path if previous else None)
        collected.key = place.key
        collected.counted = counts(collected)
        collected.table = collected.rows("FROM source.activity ORDER BY ALL")
        collected.told = collected.status("activity"), collected.detail("activity"), collected.digest("activity")
        collected.close()
        return collected

    return collect


def counts(collected) -> list[str]:
    """A line a count: account user actor action day actions first-last; `-` for what is not known."""
    known = {pseudonym(collected.key, kind, f"raw-{letter}"): letter
             for kind, letters in (("account", "ab"), ("user", "uv")) for letter in letters}
    told = [["-" if cell is None else str(known.get(cell, cell)) for cell in row] for row in collected.rows(COUNTS)]
    return sorted(" ".join(row[:-2]) + f" {row[-2]}-{row[-1]}" for row in told)


def test_a_count_is_of_an_account_a_user_an_actor_an_action_and_a_day(night):
    found = night("""
        1 | 2026-01-10 09:00 | raw-a | raw-u | person | edit
        2 | 2026-01-10 17:00 | raw-a | raw-u | person | edit
        3 | 2026-01-10 12:00 | raw-a | raw-v | person | edit
        4 | 2026-01-10 12:00 | raw-a | raw-u | person | read
        5 | 2026-01-10 12:00 | raw-a | raw-u | api    | edit
        6 | 2026-01-10 12:00 | raw-b | raw-u | person | edit
        7 | 2026-01-11 12:00 | raw-a | raw-u | person | edit
        """)
    assert found.counted == [
        "a u api edit 2026-01-10 1 12:00-12:00",
        "a u person edit 2026-01-10 2 09:00-17:00",
        "a u person edit 2026-01-11 1 12:00-12:00",
        "a u person read 2026-01-10 1 12:00-12:00",
        "a v person edit 2026-01-10 1 12:00-12:00",
        "b u person edit 2026-01-10 1 12:00-12:00",
    ]
    assert found.told[0] == ("collected", 7, 7, 0)


def test_what_the_log_does_not_say_is_a_value_of_its_own(night):
    found = night("""
        1 | 2026-01-10 09:00 | raw-a |       | person |
        2 | 2026-01-10 10:00 | raw-a |       | person |
        3 | 2026-01-10 11:00 | raw-a | raw-u | person |
        4 | 2026-01-10 12:00 | raw-a |       | person | edit
        """)
    assert found.counted == ["a - person - 2026-01-10 2 09:00-10:00", "a - person edit 2026-01-10 1 12:00-12:00",
                             "a u person - 2026-01-10 1 11:00-11:00"]


def test_a_day_is_local_and_ends_at_midnight(night):
    """By the clock of Paris, whatever the offset in which the source writes: 23:00Z in winter is the next day."""
    found = night("""
        1 | 2026-01-10 23:59:59.999       | raw-a | | person | edit
        2 | 2026-01-11 00:00              | raw-a | | person | edit
        3 | 2026-01-11 22:59:59.999+00:00 | raw-a | | person | edit
        4 | 2026-01-11 23:00+00:00        | raw-a | | person | edit
        5 | 2025-07-01 22:00+00:00        | raw-a | | person | edit
        """)
    assert found.counted == [
        "a - person edit 2025-07-02 1 00:00-00:00",
        "a - person edit 2026-01-10 1 23:59-23:59",
        "a - person edit 2026-01-11 2 00:00-23:59",
        "a - person edit 2026-01-12 1 00:00-00:00",
    ]


def test_days_of_23_and_of_25_hours(night):
    """On 30 March 2025 the clock goes from 2 to 3, on 26 October from 3 back to 2: each is one day."""
    found = night("""
        1 | 2025-03-30 00:00+01:00        | raw-a | | person | edit
        2 | 2025-03-30 23:59:59.999+02:00 | raw-a | | person | edit
        3 | 2025-03-31 00:00+02:00        | raw-a | | person | edit
        4 | 2025-10-25 23:59:59.999+02:00 | raw-a | | person | edit
        5 | 2025-10-26 00:00+02:00        | raw-a | | person | edit
        6 | 2025-10-26 02:30+02:00        | raw-a | | person | edit
        7 | 2025-10-26 02:30+01:00        | raw-a | | person | edit
        8 | 2025-10-26 23:59:59.999+01:00 | raw-a | | person | edit
        9 | 2025-10-27 00:00+01:00        | raw-a | | person | edit
        """)
    assert found.counted == [
        "a - person edit 2025-03-30 2 00:00-23:59",
        "a - person edit 2025-03-31 1 00:00-00:00",
        "a - person edit 2025-10-25 1 23:59-23:59",
        "a - person edit 2025-10-26 4 00:00-23:59",
        "a - person edit 2025-10-27 1 00:00-00:00",
    ]


def test_events_are_judged_one_by_one_before_they_are_counted(night):
    found = night("""
        1 | 2026-01-10 09:00 | raw-a | | person | edit
        1 | 2026-01-10 09:00 | raw-a | | person | edit
        2 | 2026-01-10 09:00 | raw-x | | person | edit
        3 | 2026-01-10 09:00 | raw-a | | robot  | edit
        4 | 2027-01-10 09:00 | raw-a | | person | edit
        5 | 2009-01-10 09:00 | raw-a | | person | edit
        6 | 2026-01-10 10:00 | raw-a | | person | edit
        """)
    assert found.counted == ["a - person edit 2026-01-10 2 09:00-10:00"]
    assert found.told[0] == ("collected", 7, 2, 5)


# From night to night, of files that are read whole.
def test_the_same_files_give_the_same_table_every_night(night):
    first = night(EVERY_EVENT)
    second = night(EVERY_EVENT, first)
    again = night(EVERY_EVENT, first)
    assert first.told == second.told == again.told
    assert first.table == second.table == again.table


def test_a_late_event_is_counted_once(night):
    first = night(EVERY_EVENT)
    late = EVERY_EVENT + "5 | 2026-01-11 08:00 | raw-a | raw-u | person | edit\n"
    second = night(late, first)
    assert "a u person edit 2026-01-11 2 08:00-09:00" in second.counted
    assert night(late, second).counted == second.counted


def test_a_day_that_is_read_again_is_replaced(night):
    """What the source corrected is not counted under its old name as well."""
    first = night(EVERY_EVENT)
    second = night(EVERY_EVENT.replace("2026-01-11 09:00 | raw-a | raw-u | person | edit",
                                       "2026-01-11 09:00 | raw-a | raw-v | person | read"), first)
    assert [line for line in second.counted if "2026-01-11" in line] == ["a v person read 2026-01-11 1 09:00-09:00"]


def test_days_that_the_files_no_longer_hold_are_carried_over(night):
    first = night(EVERY_EVENT)
    second = night("5 | 2026-01-13 09:00 | raw-b | | person | edit", first)
    assert second.counted == sorted([*first.counted, "b - person edit 2026-01-13 1 09:00-09:00"])
    assert second.told[0] == ("collected", 1, 1, 0)
    assert second.told[1] == "4 rows carried over from the collection before"
    third = night("6 | 2026-01-14 09:00 | raw-b | | person | edit", second)
    assert third.counted == sorted([*second.counted, "b - person edit 2026-01-14 1 09:00-09:00"])


def test_a_day_whose_first_hours_were_rotated_away_is_not_halved(night):
    first = night("""
        1 | 2026-01-10 09:00 | raw-a | raw-u | person | edit
        2 | 2026-01-10 10:00 | raw-a | raw-u | person | edit
        3 | 2026-01-10 11:00 | raw-a | raw-v | person | edit
        4 | 2026-01-10 18:00 | raw-a | raw-u | person | edit
        """)
    second = night("""
        4 | 2026-01-10 18:00 | raw-a | raw-u | person | edit
        5 | 2026-01-11 09:00 | raw-a | raw-u | person | edit
        """, first)
    assert second.counted == [
        "a u person edit 2026-01-10 3 09:00-18:00",
        "a u person edit 2026-01-11 1 09:00-09:00",
        "a v person edit 2026-01-10 1 11:00-11:00",
    ]
    assert second.told[1] == ("3 rows carried over from the collection before; "
                              "1 day read with fewer rows than before: the larger counts are kept")


def test_of_the_oldest_day_each_count_stays_at_the_larger(night):
    """More was read of the day than was known, and still an older file is gone: late events came instead."""
    first = night("""
        1 | 2026-01-10 09:00 | raw-a |       | person |
        2 | 2026-01-10 18:00 | raw-a |       | person |
        """)
    second = night("""
        2 | 2026-01-10 18:00 | raw-a |       | person |
        3 | 2026-01-10 19:00 | raw-a | raw-v | person |
        4 | 2026-01-10 20:00 | raw-a | raw-v | person |
        5 | 2026-01-11 20:00 | raw-a | raw-v | person |
        """, first)
    assert second.counted == [
        "a - person - 2026-01-10 2 09:00-18:00",
        "a v person - 2026-01-10 2 19:00-20:00",
        "a v person - 2026-01-11 1 20:00-20:00",
    ]
    assert second.told[1] == "1 rows carried over from the collection before"


def test_a_straggler_of_a_day_long_gone_does_not_take_its_place(night):
    first = night(EVERY_EVENT)
    second = night("""
        5 | 2026-01-09 09:00 | raw-a | raw-u | person | edit
        6 | 2026-01-10 18:00 | raw-a | raw-u | person | edit
        7 | 2026-01-13 09:00 | raw-a | raw-u | person | edit
        """, first)
    assert second.counted == [
        "a - api - 2026-01-12 1 09:00-09:00",
        "a u person edit 2026-01-09 1 09:00-09:00",
        "a u person edit 2026-01-10 2 09:00-18:00",
        "a u person edit 2026-01-11 1 09:00-09:00",
        "a u person edit 2026-01-13 1 09:00-09:00",
    ]
    assert "1 day read with fewer rows than before" in second.told[1]


def test_a_column_that_the_source_gives_anew_counts_nothing_twice(night):
    first = night(EVERY_EVENT, columns=COLUMNS[:5])
    assert "a u person - 2026-01-10 2 09:00-17:00" in first.counted
    assert night(EVERY_EVENT, first).counted == night(EVERY_EVENT).counted
    assert night(EVERY_EVENT, night(EVERY_EVENT), columns=COLUMNS[:5]).counted == first.counted


def test_a_night_without_the_source_or_without_an_event_carries_all_over(night):
    first = night(EVERY_EVENT)
    for nothing, status in ((None, "failed"), ("", "collected")):
        second = night(nothing, first)
        assert second.counted == first.counted
        assert second.told[0] == (status, 0, 0, 0)


def test_many_nights_of_growing_files_are_as_one(night):
    """Events come late by days, files grow: in the end each event is counted once, as if all had been read at once."""
    dice = random.Random(1)
    lines = [f"{number} | 2026-01-{dice.randint(5, 20):02d} {dice.randint(0, 23):02d}:00 | raw-{dice.choice('ab')} | "
             f"{dice.choice(['raw-u', 'raw-v', ''])} | {dice.choice(['person', 'api'])} | {dice.choice(['edit', ''])}"
             for number in range(300)]
    previous = None
    for upto in (60, 130, 200, 300):
        previous = night("\n".join(lines[:upto]), previous)
    assert previous.counted == night("\n".join(lines)).counted
    assert sum(row[5] for row in previous.table) == 300


# Files of before, which hold events.
@pytest.fixture
def old(night, place):
    """A night of the layout of before: its table holds the events themselves."""
    first = night(EVERY_EVENT)
    con = warehouse.connect(first.path)
    con.execute("DROP TABLE source.activity")
    con.execute("CREATE TABLE source.activity (event_id VARCHAR, occurred_at TIMESTAMPTZ, account_id VARCHAR, "
                "user_id VARCHAR, actor VARCHAR, action VARCHAR)")
    for line in events(EVERY_EVENT).splitlines()[1:]:
        event, at, account, user, actor, action = (cell or None for cell in line.split(","))
        con.execute("INSERT INTO source.activity VALUES (?, ?, ?, ?, ?, ?)", [
            event, at, pseudonym(place.key, "account", account), user and pseudonym(place.key, "user", user), actor, action])
    warehouse.finish(con)
    return first


def test_the_events_of_an_older_file_are_counted_on_the_way(night, old):
    second = night("5 | 2026-01-13 09:00 | raw-b | | person | edit", old)
    assert second.counted == sorted([*old.counted, "b - person edit 2026-01-13 1 09:00-09:00"])
    assert night(EVERY_EVENT, old).counted == old.counted


def test_an_older_file_that_lacks_a_column_is_counted_without_it(night, old):
    con = warehouse.connect(old.path)
    con.execute("ALTER TABLE source.activity DROP COLUMN action")
    warehouse.finish(con)
    second = night("5 | 2026-01-13 09:00 | raw-b | | person | edit", old)
    assert second.counted == ["a - api - 2026-01-12 1 09:00-09:00", "a u person - 2026-01-10 2 09:00-17:00",
                              "a u person - 2026-01-11 1 09:00-09:00", "b - person edit 2026-01-13 1 09:00-09:00"]


def test_a_past_day_is_rebuilt_from_an_older_file(place, old):
    con = warehouse.create(place.home.path / "rebuilt.duckdb", None, place.contracts)
    collection.copy_from_held(con, old.path, place.contracts)
    assert con.execute("FROM source.activity ORDER BY ALL").fetchall() == old.table
    con.close()


def test_the_moment_of_a_count_is_an_instant(night):
    found = night("1 | 2026-01-10 09:00:00.123456 | raw-a | | person | edit")
    assert [row[-2:] for row in found.table] == [(datetime(2026, 1, 10, 8, 0, 0, 123456, UTC),) * 2]
