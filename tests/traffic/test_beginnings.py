"""Lines of a file that begins with a day are read in a quicker way: it says the same as the usual one, and line by line."""

from datetime import UTC, date, datetime, timedelta

import pytest
from reading import TIME, Desk, assert_every_line_is_accounted, combined

from pipelines.collect.traffic.beginnings import beginning
from pipelines.collect.traffic.formats import compiled
from pipelines.collect.traffic.reader import Bounds

LOCAL_TIME = "%d/%b/%Y:%H:%M:%S %z"
# Hours, minutes and seconds, and whether they are a time.
CLOCKS = {"00:00:00": True, "23:59:59": True, "12:34:56": True, "24:00:00": False, "12:60:00": False, "12:34:5x": False,
          " 1:02:03": False, "12:34:5.": False}
FIRSTS = [date(2024, 2, 25), date(2023, 2, 28), date(2025, 12, 28), date(2025, 10, 20)]


def moments(desk, first: date, pieces: list[str], is_alone: bool = False) -> list[int | None]:
    """The seconds that the quicker way tells for these first pieces of lines, in a file that begins on that day.

    `is_alone`: without the usual way, which reads what the quicker one does not.
    """
    form = beginning(compiled("combined", {}), f"- [{first:%d/%b/%Y}:00:00:00 +0200]")
    moment = form.moment.replace("{text}", form.fields["time"])
    if is_alone:
        usual = compiled("combined", {}).moment.replace("{text}", form.fields["time"])
        moment = moment.replace(f"ELSE {usual}", "ELSE NULL")
        assert "strptime" not in moment
    relation = "(SELECT unnest($pieces) AS c1)"
    for columns in (form.cut, form.found):
        relation = f"(SELECT *, {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM {relation})"
    told = desk.con.execute(f"SELECT epoch_us({moment}) // 1_000_000 FROM {relation}", {"pieces": pieces})
    return [second for (second,) in told.fetchall()]


@pytest.mark.parametrize("first", FIRSTS, ids=str)
def test_times_of_the_days_with_which_a_file_begins_and_of_others_are_told_alike(desk, first):
    """Those of eight days are read in a quicker way: they are the same moments, and what is no time still is none."""
    assert beginning(compiled("combined", {}), f"- [{first:%d/%b/%Y}:00:00:00 +0200]") != compiled("combined", {})
    times = [f"{first + timedelta(days=days):%d/%b/%Y}:{clock} {zone}" for days in (0, 1, 7, 8, -1) for clock in CLOCKS
             for zone in ("+0200", "+0100", "-1130", "0100")]
    body = b"".join(combined(time, agent=f"{number}") + b"\n" for number, time in enumerate(times, 1))
    told, slowly = desk.read(body), desk.read(body, is_slow=True)
    wanted = {f"{number}": int(datetime.strptime(time, LOCAL_TIME).timestamp()) for number, time in enumerate(times, 1)
              if CLOCKS[time[12:20]] and time[-5] in "+-"}
    assert {one["agent"]: one["first_second"] for one in told.counted} == wanted
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    assert len(told.aside) == len(times) - len(wanted) > 0


@pytest.mark.parametrize("first", FIRSTS, ids=str)
def test_the_quicker_way_reads_eight_days_and_leaves_the_others(desk, first):
    times = [f"{first + timedelta(days=number):%d/%b/%Y}:23:59:58 +0200" for number in range(-1, 9)]
    pieces = [f"192.0.2.1 - - [{time}] " for time in times]
    wanted = [int(datetime.strptime(time, LOCAL_TIME).timestamp()) for time in times]
    assert moments(desk, first, pieces) == wanted
    assert moments(desk, first, pieces, is_alone=True) == [None, *wanted[1:-1], None]


# What stands before the bracket of the time in a line, and whether the line is counted.
HEADS = {
    "192.0.2.1 - - ": True, "192.0.2.1 - ann - ": True, "192.0.2.1 - ann lee ": True, "192.0.2.1 - [b] ": True,
    "192.0.2.1 - [01/Mar/2026:00:00:00 +0200] ": True, "192.0.2.1 - é ": True, "192.0.2.1 - ééééé éééééé éé ": True,
    "192.0.2.1 - x": False, "192.0.2.1 - ": False, " - - ": False, "192.0.2.1 - - x": False, "192.0.2.1 - - [": False,
    "": False, "192.0.2.1 - - [01/Mar/2026:": False, "192.0.2.1 - a [b ": False,
}


@pytest.mark.parametrize("form", ["combined", "$remote_addr - $remote_user [$time_local] \"$request\" $status $bytes_sent "
                                              "\"$http_referer\" \"$http_user_agent\""], ids=["Apache", "nginx"])
def test_what_stands_before_the_time_is_read_alike_in_both_ways(desk, form):
    lines = [f'{head}[01/Mar/2026:10:00:{second} +0200]{tail}"GET / HTTP/1.1" 200 5 "-" "{head}|{second}|{tail}"'
             for head in HEADS for second in ("00", "59", "5x") for tail in (" ", "  ", "", " x ")]
    body = "".join(f"{line}\n" for line in lines).encode()
    late = Desk(desk.folder)
    late.bounds = Bounds(date(2010, 1, 1), datetime(2100, 1, 1, tzinfo=UTC))
    told, slowly = late.read(body, form), late.read(body, form, is_slow=True)
    late.close()
    assert (told.slow_files, slowly.slow_files) == (0, 1)
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    counted = {one["agent"] for one in told.counted}
    if form == "combined":
        assert counted == {f"{head}|{second}| " for head, is_counted in HEADS.items() if is_counted
                           for second in ("00", "59")}
    assert {one["address"] for one in told.counted} == {"192.0.2.1"}


# Formats, and lines that are almost of them, {} for the time. A line of the same day stands before each.
ALMOST = {
    "letters of three more bytes before a time without seconds": ("combined", {}, [
        '192.0.2.1 - {user} [01/Mar/2023:10:00 +0200] "GET /" 200 5 "-" "ua"'.replace("{user}", user)
        for user in ("ééé", "\U0001f600", "€é", "éééé", "éé")]),
    "a status that is not a word": (
        '$remote_addr [$time_local] "$request" status=$status bytes=$body_bytes_sent "$http_user_agent"', {},
        [f'192.0.2.1 [{{}}] "GET /" status={status} bytes={size} "ua"' for status in ("200", "404", "2000")
         for size in ("7", "7x", "", "-5", "-")]),
    "a status behind what LIKE takes for more": (
        '$remote_addr [$time_local] "$request" 100% $status $body_bytes_sent "$http_user_agent"', {},
        [f'192.0.2.1 [{{}}] "GET /" {words} "ua"'
         for words in ("100% 200 5", "100% 404 200", "100% 404 200 0", "100 200 5")]),
    "a status behind a letter that LIKE takes for any": (
        '$remote_addr [$time_local] "$request" st_$status $body_bytes_sent "$http_user_agent"', {},
        [f'192.0.2.1 [{{}}] "GET /" {words} "ua"' for words in ("st_200 5", "stX200 5", "stX404 5", "st_404 5")]),
    "a status twice": (
        '$remote_addr [$time_local] "$request" $status $body_bytes_sent "$http_user_agent" "$status"', {},
        [f'192.0.2.1 [{{}}] "GET /" {first} 5 "ua" "{last}"' for first in ("200", "404", "2x4")
         for last in ("200", "404", "2x4")]),
    "an address with its port": (
        '$remote_addr:$remote_port - $remote_user [$time_local] "$request" $status $body_bytes_sent', {},
        [f'{address} - - [{{}}] "GET /" 200 5' for address in ("192.0.2.1:80", ":80", "192.0.2.1", ":", "")]),
    "an address and another": (
        '$remote_addr,$http_x_forwarded_for [$time_local] "$request" $status $body_bytes_sent', {},
        [f'{address} [{{}}] "GET /" 200 5' for address in ("192.0.2.1,-", ",1.1.1.1", ",", "192.0.2.1")]),
    "an address at the bracket": (
        '$remote_addr[$time_local] "$request" $status $body_bytes_sent', {},
        [f'{address}[{{}}] "GET /" 200 5' for address in ("192.0.2.1", "", " ")]),
    "a literal that is spelled like the address": (
        'a%a %u %t "%r" %>s %b', {}, [f'{word} - [{{}}] "GET /" 200 5' for word in ("a192.0.2.1", "a", "192.0.2.1")]),
    "an address twice": (
        '$remote_addr [$time_local] "$request" $status $body_bytes_sent "$http_user_agent" "$remote_addr"', {},
        [f'192.0.2.1 [{{}}] "GET /" 200 5 "ua" "{last}"' for last in ("192.0.2.1", "10.0.0.9", "")]),
    "an account twice": (
        '$remote_addr $remote_user [$time_local] "$request" $status $body_bytes_sent "$remote_user"',
        {"account": "remote_user"}, [f'192.0.2.1 ann [{{}}] "GET /" 200 5 "{last}"' for last in ("ann", "bea", "")]),
    "a time twice": (
        '$remote_addr [$time_local] "$request" $status $body_bytes_sent "$time_local"', {},
        [f'192.0.2.1 [{{}}] "GET /" 200 5 "{last}"' for last in ("01/Mar/2023:11:00:00 +0200", "xx", "")]),
    "behind the time what LIKE takes for more": (
        'it $remote_addr - $remote_user [$time_local] %_ "$request" $status $body_bytes_sent', {"account": "remote_user"},
        [f'it 192.0.2.1 - ann [{{}}] {tail} "GET /" 200 5' for tail in ("%_", "%x", "x")]),
    "the address and the host in the last piece, too": (
        '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
        '$host $remote_addr', {}, ['192.0.2.1 - - [{}] "GET /" 200 5 "-" "ua" a.example 192.0.2.1']),
}


@pytest.mark.parametrize(("form", "chosen", "lines"), ALMOST.values(), ids=ALMOST)
def test_lines_that_are_almost_of_the_format_are_read_alike_in_both_ways(desk, form, chosen, lines):
    """Each behind a good one: whose day, zone and status are those that the quicker way looks for."""
    time = "01/Mar/2023:10:00:00 +0200"
    body = "".join(f"{line.replace('{}', time)}\n" for line in (f'192.0.2.1 - - [{time}] "GET /" 200 5 "-" "ua"', *lines))
    told, slowly = desk.read(body.encode(), form, chosen), desk.read(body.encode(), form, chosen, is_slow=True)
    assert (told.slow_files, slowly.slow_files) == (0, 1)
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    assert_every_line_is_accounted(told, body.encode())
    assert told.hits > 0


STATUSES = {"200": True, "404": True, "-": True, "000": True, "20": False, "2000": False, "2x0": False, "1e2": False,
            "+20": False, "099": False, "": False}
SIZES = {"5": True, "0": True, "-": True, "": True, "05": False, "-5": False, "1e2": False, "+5": False, "5.0": False,
         "é": False, "5é": False, f"{1 << 40}": True, f"{(1 << 40) + 1}": False, f"{1 << 70}": False, "-0": False}


def test_statuses_and_sizes_are_read_alike_in_both_ways(desk):
    told_by = {f"{status}|{size}": combined(TIME, status, size, agent=f"{status}|{size}") + b"\n"
               for status in STATUSES for size in SIZES}
    body = b"".join(told_by.values())
    told, slowly = desk.read(body), desk.read(body, is_slow=True)
    assert (told.slow_files, slowly.slow_files) == (0, 1)
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    assert {one["agent"] for one in told.counted} == {
        f"{status}|{size}" for status in STATUSES for size in SIZES if STATUSES[status] and SIZES[size]}


@pytest.mark.parametrize(("form", "head"), [
    ("combined", ""), ("combined", "- [31/Feb/2026:00:00:00 +0200]"), ("combined", "- [31/Xyz/2026:00:00:00 +0200]"),
    ("combined", "- [31/Dec/9999:00:00:00 +0200]"), ("json", "- [31/Jan/2026:00:00:00 +0200]"),
    ('$remote_addr [$time_iso8601] "$request" $status', "- [31/Jan/2026:00:00:00 +0200]")])
def test_a_head_that_tells_no_day_changes_nothing(form, head):
    assert beginning(compiled(form, {}), head) == compiled(form, {})
