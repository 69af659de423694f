"""Night after night: whatever becomes of the files, in the end the counts are those of one collection of everything."""

import gzip
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from logbook import PARIS, Logs, Quick, line, lines, packed, watched

from pipelines import warehouse
from pipelines.collect.traffic import access_log

MONDAY = """
    at                  | who  | bytes
    2026-03-09 10:00:00 | anna | 1
    2026-03-09 23:50:00 | bert | 10
"""
TUESDAY = """
    at                  | who  | bytes
    2026-03-10 00:10:00 | bert | 100
    2026-03-10 11:00:00 | carl | 1000
"""
WEDNESDAY = """
    at                  | who  | bytes
    2026-03-11 12:00:00 | dora | 10000
"""
ALL_THREE = """
    day_on     | hits | bytes | visits | seconds | is_partial
    2026-03-09 | 2    | 11    | 2      | 1200    | false
    2026-03-10 | 2    | 1100  | 1      | 0       | false
    2026-03-11 | 1    | 10000 | 1      | 0       | false
"""


def joined(*requests: str) -> list[str]:
    return [one for table in requests for one in lines(table)]


# --- a log that grows, and is rotated -----------------------------------------------------------------------------


def test_a_log_that_grows(logs):
    logs.write("access.log", MONDAY)
    logs.night().expect("total", """
        day_on     | hits | bytes | visits | seconds | is_partial
        2026-03-09 | 2    | 11    | 2      | 0       | false
    """)
    logs.append("access.log", TUESDAY)
    logs.night()
    logs.append("access.log", WEDNESDAY)
    logs.night().expect("total", ALL_THREE)


def test_rotation_by_rename(logs):
    logs.write("access.log", MONDAY)
    logs.night()
    logs.rename("access.log", "access.log.1")
    logs.write("access.log", TUESDAY)
    logs.night()
    logs.rename("access.log.1", "access.log.2")
    logs.rename("access.log", "access.log.1")
    logs.write("access.log", WEDNESDAY)
    logs.night().expect("total", ALL_THREE)


def test_rotation_by_copytruncate(logs):
    """The copy is a new file, and the old one begins anew under the same inode."""
    logs.write("access.log", MONDAY)
    logs.night()
    for name, requests in (("access.log.1", TUESDAY), ("access.log.2", WEDNESDAY)):
        (logs.folder / name).write_bytes((logs.folder / "access.log").read_bytes())
        with (logs.folder / "access.log").open("r+b") as stream:
            stream.truncate(0)
        logs.append("access.log", requests)
        logs.night()
    logs.night().expect("total", ALL_THREE)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_log_that_is_packed_is_the_same_log(logs, ending):
    logs.write("access.log", MONDAY)
    logs.night()
    logs.append("access.log", TUESDAY)
    logs.pack("access.log", f"access.log.1{ending}")
    logs.write("access.log", WEDNESDAY)
    logs.night()
    logs.rename(f"access.log.1{ending}", f"access.log.2{ending}")
    logs.night().expect("total", ALL_THREE)


def test_a_log_that_lies_there_twice_is_counted_once(logs):
    """As a packed copy beside the plain one, under another name, as a link, and named by two patterns."""
    logs.map(files=["logs/*.log*", "logs/a*"])
    logs.write("access.log", joined(MONDAY, TUESDAY))
    logs.write("access.log.1.gz", joined(MONDAY, TUESDAY))
    logs.write("another.log", joined(MONDAY, TUESDAY))
    (logs.folder / "linked.log").symlink_to(logs.folder / "access.log")
    os.link(logs.folder / "access.log", logs.folder / "hard.log")
    first = logs.night()
    assert first.total("hits") == 4
    assert "3 files are copies of others" in first.detail
    logs.write("access.log.wednesday", WEDNESDAY)
    logs.night().expect("total", ALL_THREE)


@pytest.mark.parametrize("is_growing", [True, False])
def test_an_older_state_of_a_log_is_a_copy_too(logs, is_growing):
    """A backup of the log as it was at noon appears beside it, the night after."""
    logs.write("access.log", joined(MONDAY, TUESDAY))
    logs.night()
    logs.write("access.log.backup", joined(MONDAY))
    if is_growing:
        logs.append("access.log", WEDNESDAY)
    else:
        logs.write("other.log", WEDNESDAY)
    logs.night().expect("total", ALL_THREE)
    logs.night().expect("total", ALL_THREE)


def test_copies_of_logs_that_only_begin_alike_are_copies(logs):
    """Two servers' logs began with the same line; of the second there is a packed copy."""
    logs.write("a.log", lines(MONDAY)[:1])
    logs.night()
    logs.append("a.log", lines(MONDAY)[1:])
    logs.write("b.log", lines(MONDAY)[:1] + joined(TUESDAY, WEDNESDAY))
    logs.write("b.log.gz", lines(MONDAY)[:1] + joined(TUESDAY, WEDNESDAY))
    found = logs.night()
    assert (found.total("hits"), found.total("bytes")) == (6, 11112)


def test_an_older_state_that_was_there_alone_is_a_copy_once_the_log_is_back(logs):
    """While the log is away, only a backup of it lies there; then it is back as it was, and both lie there."""
    logs.write("access.log", joined(MONDAY, TUESDAY))
    logs.night()
    logs.rename("access.log", "../away")
    logs.write("backup.log", MONDAY)
    assert logs.night().total("hits") == 4
    logs.rename("../away", "access.log")
    third = logs.night()
    assert (third.total("hits"), third.partial_days()) == (4, [])
    assert logs.night().detail.startswith("0 of 1 logs are new or have changed; 0 days counted")


def test_an_older_state_that_was_counted_as_a_log_is_in_the_log_when_it_is_back(logs):
    """The log was cut and then restored, while the lines of another were away: in the end all lines are counted, once."""
    rows = lines(MONDAY) + [line("2026-03-09 23:55:00")]
    logs.write("b.log", [line("2026-03-09 12:00:00", who="dora")])
    logs.night()
    logs.rename("b.log", "../away")
    logs.write("a.log", rows)
    logs.night()
    logs.write("a.log", rows[:1])
    logs.rename("../away", "b.log")
    logs.night()
    logs.write("a.log", rows)
    last = logs.night()
    assert (last.total("hits"), last.partial_days()) == (4, [])


def test_two_servers_whose_logs_begin_alike_are_both_counted(logs):
    """In the first night there is only the one line that both have; they are told apart as soon as they differ."""
    first, *rest = lines(MONDAY)
    logs.write("a.log", [first])
    logs.write("b.log", [first])
    logs.night()
    logs.append("a.log", rest)
    logs.append("b.log", TUESDAY)
    second = logs.night()
    assert (second.total("hits"), second.total("bytes")) == (5, 1112)
    logs.append("b.log", WEDNESDAY)
    assert logs.night().counts == logs.at_once().counts


def test_logs_that_begin_alike_and_then_differ_are_refused(logs):
    """64 KiB of equal lines are no accident: one of the two was damaged or edited, and nobody can say which."""
    many = [line("2026-03-09 10:00:00", path=f"/{n}") for n in range(400)]
    logs.write("access.log", many)
    logs.night()
    logs.write("access.log.gz", [*many[:-1], line("2026-03-09 11:00:00")])
    second = logs.night()
    assert second.status == "failed"
    assert "begin alike and then differ" in second.detail
    assert second.total("hits") == 400


def test_a_large_log_grows_and_is_rotated(logs):
    """Beyond the first 64 KiB a log is known by these."""
    many = [line(datetime(2026, 3, 9, 10, tzinfo=PARIS) + timedelta(seconds=n), path=f"/{n}") for n in range(1500)]
    logs.write("access.log", many[:500])
    logs.night()
    logs.append("access.log", many[500:1000])
    assert logs.night().total("hits") == 1000
    logs.pack("access.log", "access.log.1.gz")
    logs.write("access.log", many[1000:])
    last = logs.night()
    assert (last.total("hits"), last.total("visits"), last.total("seconds"), last.partial_days()) == (1500, 1, 1499, [])


# --- what arrives late, and what has gone ---------------------------------------------------------------------------


def test_a_day_over_two_files_and_files_in_any_order(logs):
    """Tuesday lies in two files; Monday, whose visit crosses midnight, arrives last."""
    rows = lines(TUESDAY)
    logs.write("c.log", [rows[1], *lines(WEDNESDAY)])
    logs.night()
    logs.write("b.log", rows[:1])
    logs.night()
    logs.write("a.log", MONDAY)
    logs.night().expect("total", ALL_THREE)


def test_old_logs_that_are_taken_away_take_nothing_with_them(logs):
    logs.write("monday.log", MONDAY)
    logs.write("tuesday.log", TUESDAY)
    before = logs.night()
    (logs.folder / "monday.log").unlink()
    assert logs.night().counts == before.counts
    (logs.folder / "tuesday.log").unlink()
    logs.write("wednesday.log", WEDNESDAY)
    night = logs.night()
    night.expect("total", """
        day_on     | hits | bytes | visits | seconds | is_partial
        2026-03-09 | 2    | 11    | 2      | 1200    | false
        2026-03-10 | 2    | 1100  | 1      | 0       | false
        2026-03-11 | 1    | 10000 | 1      | 0       | true
    """)
    assert night.aside == set()


def test_a_day_whose_older_lines_are_gone_is_kept_and_says_so(logs):
    """New lines of Monday come when Monday's log is gone: they are set aside, and nothing is halved. Tuesday is counted, but
    nobody can say which of its visits began on Monday."""
    logs.write("monday.log", MONDAY)
    logs.night()
    (logs.folder / "monday.log").unlink()
    logs.write("late.log", """
        at                  | who  | bytes
        2026-03-09 15:00:00 | dora | 5
        2026-03-10 00:10:00 | bert | 100
    """)
    night = logs.night()
    night.expect("total", """
        day_on     | hits | bytes | visits | seconds | is_partial
        2026-03-09 | 2    | 11    | 2      | 0       | true
        2026-03-10 | 1    | 100   | 1      | 0       | true
    """)
    assert night.aside == {("older_lines_gone", "logs/late.log", 1)}
    assert (night.rows_in, night.kept) == (2, 1)
    assert "1 days kept as they were, since older lines of them are gone" in night.detail


@pytest.mark.parametrize("comes_back_as", ["monday.log", "elsewhere.log.gz"])
def test_when_the_older_lines_come_back_the_day_is_whole_again(logs, comes_back_as):
    monday = lines(MONDAY)
    logs.write("monday.log", monday[:1])
    logs.night()
    (logs.folder / "monday.log").unlink()
    logs.write("late.log", monday[1:])
    logs.append("late.log", TUESDAY)
    second = logs.night()
    assert second.partial_days() == [date(2026, 3, 9), date(2026, 3, 10)]
    assert logs.night().counts == second.counts
    logs.write(comes_back_as, monday[:1])
    logs.append("late.log", WEDNESDAY) if comes_back_as == "monday.log" else logs.write("wednesday.log", WEDNESDAY)
    last = logs.night()
    last.expect("total", ALL_THREE)
    assert last.aside == set()


def test_a_day_is_whole_again_once_the_day_beside_it_is_back(logs):
    """Wednesday was counted while Tuesday's log was away, which comes back as it was."""
    logs.write("tuesday.log", """
        at                  | who
        2026-03-10 23:59:00 | anna
    """)
    logs.night()
    logs.rename("tuesday.log", "../away")
    logs.write("wednesday.log", """
        at                  | who
        2026-03-11 00:01:00 | anna
    """)
    second = logs.night()
    assert (second.total("visits"), second.partial_days()) == (2, [date(2026, 3, 11)])
    logs.rename("../away", "tuesday.log")
    third = logs.night()
    assert (third.total("visits"), third.total("seconds"), third.partial_days()) == (1, 120, [])
    assert logs.night().detail == "0 of 2 logs are new or have changed; 0 days counted"


def test_a_log_of_which_only_a_part_is_counted_waits_for_the_rest(logs):
    """The log grows by lines of a day of which another log is gone; then that one is back, and nothing else is new."""
    monday = lines(MONDAY)
    logs.write("a.log", monday[:1])
    logs.write("b.log", [line("2026-03-09 12:00:00", who="dora")])
    logs.night()
    a = (logs.folder / "a.log").read_bytes()
    (logs.folder / "a.log").unlink()
    logs.append("b.log", monday[1:])
    second = logs.night()
    assert (second.total("hits"), second.aside) == (2, {("older_lines_gone", "logs/b.log", 1)})
    logs.write("a.log", a)
    third = logs.night()
    assert (third.total("hits"), third.partial_days(), third.aside) == (3, [], set())
    assert third.counts == logs.at_once().counts


@pytest.mark.parametrize("many", [3, 1000])
def test_a_log_that_has_shrunk_halves_nothing(logs, many):
    rows = [line(datetime(2026, 3, 9, 10, tzinfo=PARIS) + timedelta(seconds=n), path=f"/{n}") for n in range(many)]
    logs.write("access.log", rows)
    before = logs.night()
    logs.write("access.log", rows[:-1])
    assert logs.night().total("hits") == many
    logs.append("access.log", TUESDAY)
    assert (logs.night().total("hits"), before.total("hits")) == (many + 2, many)


def test_what_a_shrunken_log_has_lost_is_not_forgotten_the_night_after(logs):
    """Beyond 64 KiB it is still known by its beginning. A line of that day in another log must not have it counted anew."""
    rows = [line(datetime(2026, 3, 9, 10, tzinfo=PARIS) + timedelta(seconds=n), path=f"/{n}") for n in range(1000)]
    logs.write("access.log", rows)
    logs.night()
    logs.write("access.log", rows[:-10])
    logs.night()
    logs.write("other.log", [line("2026-03-09 12:00:00", who="dora")])
    third = logs.night()
    assert (third.total("hits"), third.partial_days()) == (1000, [date(2026, 3, 9)])
    assert third.aside == {("older_lines_gone", "logs/other.log", 1)}
    logs.write("access.log", rows)
    last = logs.night()
    assert (last.total("hits"), last.partial_days(), last.aside) == (1001, [], set())


def test_a_night_that_is_rebuilt_leaves_the_ledger_to_the_next(logs):
    """Else every line would be taken for a new one, and a day of which a log is gone would be halved."""
    logs.write("monday.log", MONDAY)
    logs.write("access.log", [line("2026-03-09 12:00:00", who="dora", bytes="1")])
    before = logs.night()
    logs.rebuild()
    (logs.folder / "monday.log").unlink()
    logs.append("access.log", [line("2026-03-09 12:00:01", who="dora", bytes="1")])
    after = logs.night()
    assert (before.total("hits"), after.total("hits"), after.partial_days()) == (3, 3, [date(2026, 3, 9)])


def test_a_damaged_log_fails_the_dataset_and_yesterdays_counts_stay(logs):
    logs.write("access.log.1", MONDAY)
    first = logs.night()
    whole = gzip.compress("".join(lines(TUESDAY) * 500).encode())
    (logs.folder / "access.log.2.gz").write_bytes(whole[:len(whole) // 2])
    logs.write("access.log", WEDNESDAY)
    second = logs.night()
    assert second.status == "failed"
    assert "logs/access.log.2.gz cannot be read: it is truncated" in second.detail
    assert (second.counts, second.log_files) == (first.counts, first.log_files)
    logs.write("access.log.2.gz", TUESDAY)
    third = logs.night()
    assert third.status == "collected"
    third.expect("total", ALL_THREE)


def test_files_that_are_not_there_fail_the_dataset_and_counts_stay(logs):
    logs.write("access.log", MONDAY)
    first = logs.night()
    (logs.folder / "access.log").unlink()
    second = logs.night()
    assert (second.status, second.counts) == ("failed", first.counts)


def test_an_empty_log_is_none_yet(logs):
    logs.write("access.log.1", MONDAY)
    logs.write("access.log", b"")
    assert logs.night().total("hits") == 2


# --- what is read again -------------------------------------------------------------------------------------------


def test_unchanged_logs_are_not_read_again(logs, monkeypatch):
    logs.write("access.log.2.gz", MONDAY)
    logs.write("access.log.1", TUESDAY)
    first = logs.night()
    logs.rename("access.log.2.gz", "access.log.3.gz")
    with watched(monkeypatch) as read:
        second = logs.night()
    assert read == []
    assert second.detail == "0 of 2 logs are new or have changed; 0 days counted"
    assert (second.counts, second.rows_in) == (first.counts, 0)


def test_a_new_day_reads_the_days_beside_it_and_no_others(logs, monkeypatch):
    for day in range(1, 9):
        logs.write(f"{day}.log", [line(f"2026-03-0{day} 10:00:00")])
    logs.night()
    logs.write("9.log", [line("2026-03-09 10:00:00")])
    with watched(monkeypatch) as read:
        night = logs.night()
    assert read == ["9.log", "7.log", "8.log"]
    assert night.detail == "1 of 9 logs are new or have changed; 2 days counted"


@pytest.mark.slow
def test_after_thirty_nights_only_the_logs_of_the_last_days_are_read(logs, monkeypatch):
    """logrotate's daily custom: at midnight log becomes log.1, log.1 becomes log.2.gz; the job runs at three."""
    midnight = datetime(2026, 3, 1, tzinfo=PARIS)
    quick, logged = Quick(logs.home), []

    def requests(day: datetime, hours: range) -> list[str]:
        rows = [line(day.replace(hour=hour, minute=m), who=f"203.0.113.{hour + m}") for hour in hours for m in (0, 25, 50)]
        logged.extend(rows)
        return rows

    logs.write("access.log", requests(midnight, range(24)))
    read_most = 0
    for night in range(1, 31):
        day = (midnight + timedelta(days=night)).replace(tzinfo=PARIS)
        for number in range(night, 1, -1):
            if (logs.folder / f"access.log.{number}.gz").exists():
                logs.rename(f"access.log.{number}.gz", f"access.log.{number + 1}.gz")
        if (logs.folder / "access.log.1").exists():
            logs.pack("access.log.1", "access.log.2.gz")
        logs.rename("access.log", "access.log.1")
        logs.write("access.log", requests(day, range(3)))
        with watched(monkeypatch) as read:
            found = quick.night()
        read_most = max(read_most, len(read))
        logs.append("access.log", requests(day, range(3, 24)))
    quick.close()
    assert len(list(logs.folder.iterdir())) == 31
    # Today's, yesterday's, the one that was packed, and one more for whoever came over the midnight before.
    assert read_most == 4
    assert found.total("hits") == 24 * 3 * 30 + 3 * 3
    alone = Logs(logs.home.path / "alone")
    alone.write("all.log", [row for row in logged if row not in logged[-21 * 3:]])
    at_once = Quick(alone.home)
    assert found.counts == at_once.night().counts
    at_once.close()


def test_another_version_of_duckdb_makes_no_day_partial_and_counts_none_anew(logs, monkeypatch):
    """Its hash may be another: then nothing is told by the digests of the days, until they are made anew."""
    logs.write("access.log.1", MONDAY)
    logs.write("access.log", TUESDAY)
    first = logs.night()
    monkeypatch.setattr(access_log._Collection, "_hasher", lambda self: "v9.9.9")
    monkeypatch.setattr("pipelines.collect.traffic.days.digest", lambda key, content: "another")
    logs.pack("access.log.1", "access.log.2.gz")
    second = logs.night()
    assert second.counts == first.counts
    assert second.detail == "1 of 2 logs are new or have changed; 0 days counted"
    logs.append("access.log", WEDNESDAY)
    logs.night().expect("total", ALL_THREE)


def test_lines_that_were_changed_in_place_are_counted_as_they_are_now(logs):
    """As many as before, of the same length: only the digest of the day tells."""
    rows = [line("2026-03-09 10:00:00", path=f"/{n}") for n in range(1000)]
    logs.write("access.log", rows)
    logs.night()
    logs.write("access.log", [*rows[:-1], rows[-1].replace(" 100 ", " 777 ")])
    os.utime(logs.folder / "access.log", (1, 1))
    found = logs.night()
    assert (found.total("hits"), found.total("bytes")) == (1000, 99_900 + 777)


# --- whatever happens -----------------------------------------------------------------------------------------------


@dataclass
class State:
    """How a log lies there in one night. `shown`: how many of its lines have been written; None: it is not there."""

    shown: int | None
    ending: str
    name: str
    is_doubled: bool


@st.composite
def histories(draw):
    """Logs (lists of lines), and for every night how each of them lies there; in the last night all of them are whole."""
    begun = draw(st.sampled_from(["2026-03-27 20:00", "2026-10-23 20:00", "2026-06-01 12:00"]))
    at = datetime.fromisoformat(begun).replace(tzinfo=PARIS)
    count = draw(st.integers(2, 5))
    logs: list[list[str]] = [[] for _ in range(count)]
    current, second = 0, int(at.timestamp())
    for number in range(draw(st.integers(4, 40))):
        second += draw(st.sampled_from([0, 60, 1800, 1801, 10_000, 40_000]))
        current = draw(st.sampled_from([current, current, current, *range(count)]))
        who = draw(st.sampled_from(["anna", "bert"]))
        moment = datetime.fromtimestamp(second, PARIS)
        logs[current].append(line(moment, who=who, path=f"/{number}", referrer=draw(st.sampled_from(["-", "http://a.example/"])),
                                  agent=draw(st.sampled_from(["firefox", "googlebot"]))))
    if draw(st.booleans()) and logs[0] and logs[1]:
        logs[1].insert(0, logs[0][0])  # two servers that begin alike
    logs = [rows for rows in logs if rows]
    nights = []
    for _ in range(draw(st.integers(1, 4))):
        nights.append([draw(states_of(rows)) for rows in logs])
    nights.append([draw(states_of(rows, st.just(len(rows)))) for rows in logs])
    return logs, nights


def states_of(rows: list[str], shown=None):
    if shown is None:
        shown = st.one_of(st.none(), st.integers(0, len(rows)), st.just(len(rows)))
    return st.builds(State, shown, st.sampled_from(["", "", ".gz", ".zst"]), st.sampled_from("xyz"), st.booleans())


def lay_out(folder: Path, logs: list[list[str]], states: list[State], before: list[State] | None) -> None:
    """What has not changed is only renamed; everything else is written anew."""
    kept = {}
    for number, state in enumerate(states):
        was = before[number] if before else None
        if was and state.shown and (was.shown, was.ending) == (state.shown, state.ending):
            path = folder / f"{was.name}{number}.log{was.ending}"
            kept[number] = path.rename(folder / f"kept{number}")
    for path in folder.iterdir():
        if path not in kept.values():
            path.unlink()
    for number, (rows, state) in enumerate(zip(logs, states, strict=True)):
        if not state.shown:
            continue
        name = f"{state.name}{number}.log{state.ending}"
        if number in kept:
            kept[number].rename(folder / name)
        else:
            (folder / name).write_bytes(packed(name, "".join(rows[:state.shown]).encode()))
        if state.is_doubled:
            (folder / f"copy{number}.gz").write_bytes(packed(".gz", "".join(rows[:state.shown]).encode()))


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True, phases=(Phase.generate,),
          suppress_health_check=list(HealthCheck))
@given(histories())
def test_whatever_happens_to_the_files_the_counts_are_those_of_one_collection_of_everything(tmp_path_factory, history):
    written, nights = history
    logs = Logs(tmp_path_factory.mktemp("history") / "home")
    quick, before = Quick(logs.home), None
    for states in nights:
        lay_out(logs.folder, written, states, before)
        before = states
        if any(state.shown for state in states):
            found = quick.night()
    quick.close()
    whole = Logs(tmp_path_factory.mktemp("whole") / "home")
    for number, rows in enumerate(written):
        whole.write(f"{number}.log", rows)
    at_once = Quick(whole.home)
    expected = at_once.night()
    at_once.close()
    assert found.counts == expected.counts
    assert found.partial_days() == []


def test_a_log_for_which_there_is_no_room_fails_alone_and_its_counts_are_carried(logs, monkeypatch):
    logs.write("access.log", [line("2026-03-10 10:00:00")])
    logs.night()
    logs.write("access.log", [line("2026-03-10 10:00:00"), line("2026-03-11 10:00:00")])
    monkeypatch.setattr(access_log, "MEMORY_MIB", 1)
    night = logs.night()
    assert night.status == "failed"
    assert "no room" in night.detail
    assert night.total("hits") == 1


def test_a_log_tells_what_it_records_and_which_of_its_files_are_there(logs):
    """A copy is the same log; one that is gone is no longer there, though its days are still counted."""
    day = datetime(2026, 3, 10, 12, tzinfo=PARIS)
    logs.write("a.log", [line(day), line(day + timedelta(days=2))])
    logs.write("b.log", [line(day + timedelta(days=5), agent="chrome")])
    logs.write("copy-of-b.log", [line(day + timedelta(days=5), agent="chrome")])
    first = logs.night()
    (logs.folder / "a.log").unlink()
    second = logs.night()
    told = []
    for night in (first, second):
        connection = warehouse.read(night.path)
        told.append(connection.execute("FROM source.raw_logs ORDER BY ALL").fetchall())
        fields = connection.execute("SELECT field FROM source.log_fields ORDER BY ALL").fetchall()
        connection.close()
    a, b = told[0]
    assert a == ("logs/a.log", date(2026, 3, 10), date(2026, 3, 12), 2)
    assert b[1:] == (date(2026, 3, 15), date(2026, 3, 15), 1)
    assert [row[1:] for row in told[1]] == [b[1:]]
    assert ("agent",) in fields
