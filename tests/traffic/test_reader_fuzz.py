"""Damaged logs: the fast reading and the one line by line say the same, and for combined what an independent reading says.

ALPIA_FUZZ=2000 makes a long run by hand of what is short here.
"""

import json
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import BOUNDS, FUZZ, TLS, assert_every_line_is_accounted, combined, line_count

from pipelines.collect.traffic import log_files

VHOST = "vhost_combined"
JSON_LINE = b'{"remote_addr": "192.0.2.1", "time": 1769864136, "status": 200}'
ADDRESS = st.sampled_from(["192.0.2.1", "2001:db8::7", "10.0.0.1"])
USER = st.sampled_from(["-", "mary", "mary ann", "a [b] c", "[", "-", "é", "ééé", "\U0001f600"])
CLOCK = st.builds("{:02}/{}/{}:{:02}:{:02}:{:02} {}".format, st.integers(1, 31),
                  st.sampled_from(["Jan", "Feb", "Dec", "Okt"]),
                  st.sampled_from([2026, 2023, 2025, 2009, 2026, 1961, 9999]), st.integers(0, 24), st.integers(0, 59),
                  st.integers(0, 60), st.sampled_from(["+0100", "+0000", "-0730"]))
REQUEST = st.sampled_from(["GET / HTTP/1.1", "GET /é HTTP/2.0", "-", "", r"\x16\x03\x01", r"GET /\"a\" HTTP/1.1",
                           "GET /%22 x"])
STATUS = st.sampled_from(["200", "301", "404", "400", "-", "000", "009", "20", "2e2", "+20", "999"])
SIZE = st.sampled_from(["5", "0", "-", "1234567", "18446744073709551615", "1e3", "007", ""])
TEXT = st.sampled_from(["-", "", "https://example.org/", "Mozilla/5.0 (X11)", r"a\"b", r"\\", "é€\U0001f600", "[x]", "a b",
                        "a\\"])
HOST = st.sampled_from(["example.org:443", "www.example.org:80", "[::1]:80"])
PROTOCOL, CIPHER = st.sampled_from(["TLSv1.3", "-"]), st.sampled_from(["TLS_AES_256_GCM_SHA384", "-"])
LINES = {
    "combined": st.builds('{} - {} [{}] "{}" {} {} "{}" "{}"'.format, ADDRESS, USER, CLOCK, REQUEST, STATUS, SIZE, TEXT,
                          TEXT),
    VHOST: st.builds('{} {} - {} [{}] "{}" {} {} "{}" "{}"'.format, HOST, ADDRESS, USER, CLOCK, REQUEST, STATUS, SIZE, TEXT,
                     TEXT),
    TLS: st.builds('{} - {} [{}] "{}" {} {} "{}" "{}" {} {}'.format, ADDRESS, USER, CLOCK, REQUEST, STATUS, SIZE, TEXT, TEXT,
                   PROTOCOL, CIPHER),
    "json": st.builds(lambda *values: json.dumps(dict(zip(("remote_addr", "time", "status", "bytes", "http_referer",
                                                           "agent"),
                                                          values, strict=True))),
                      ADDRESS,
                      st.one_of(CLOCK, st.sampled_from([1769864136, 1769864136.7, "1769864136123", "2026-01-31T12:00:00Z",
                                                                 "2026-01-31T12:00:00", "nan", 1e300, -1, None])),
                      STATUS, SIZE, TEXT, TEXT),
}
ENDS = st.sampled_from([b"\n"] * 12 + [b"\r\n", b"\r", b"\n\n", b"\r\r\n"])
ANY_BYTE = st.integers(0, 255).map(lambda number: bytes([number]))
# White space other than a blank inside a field is what the oracle says nothing about.
PLAIN_BYTE = ANY_BYTE.filter(lambda byte: byte not in b"\t\v\f")


@st.composite
def damaged(draw, line, byte=ANY_BYTE):
    """A line with up to three faults."""
    content = bytearray(draw(line).encode())
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3]))):
        at = draw(st.integers(0, len(content)))
        kind = draw(st.sampled_from(["flip", "delete", "insert", "quote", "unquote", "cut", "noise", "double"]))
        if kind == "flip":
            content[at:at + 1] = draw(byte)
        elif kind == "delete":
            del content[at:at + draw(st.integers(1, 4))]
        elif kind == "insert":
            content[at:at] = draw(st.sampled_from([b" ", b'"', b"\\", b"\n", b"\r", b"\r\n", b"[", b"]", b"\0", b"\xc3\xa9",
                                                   b"{"]))
        elif kind == "quote":
            content[at:at] = draw(st.sampled_from([b'"', b'\\"', b'" "', b'"' * 12]))
        elif kind == "unquote":
            content = content.replace(b'"', b"", draw(st.integers(1, 2)))
        elif kind == "cut":
            del content[at:]
        elif kind == "noise":
            content[at:at] = b"".join(draw(st.lists(byte, max_size=6)))
        else:
            content += b" " + content
    return bytes(content)


@st.composite
def logs(draw, line, byte=ANY_BYTE):
    """Few files have no fault at all, few are damaged everywhere; one end of line is usual in a file."""
    usual = draw(st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r"]))
    is_even = draw(st.booleans())
    found = draw(st.lists(st.tuples(damaged(line, byte), ENDS), max_size=10))
    body = b"".join(content + (usual if is_even else end) for content, end in found)
    return draw(st.sampled_from([b"", b"", b"",
                                 b"\xef\xbb\xbf"])) + body + (b"" if draw(st.booleans()) else draw(damaged(line, byte)))


@pytest.mark.parametrize("form", LINES, ids=["combined", VHOST, "tls", "json"])
def test_fast_and_slow_reading_say_the_same_of_any_log(desk, form):
    @FUZZ
    @given(logs(LINES[form]))
    def same(body):
        fast = desk.read(body, form)
        assert_every_line_is_accounted(fast, body)
        slow = desk.read(body, form, is_slow=True)
        assert fast.slow_files <= slow.slow_files == 1
        assert (fast.groups, sorted(fast.refused)) == (slow.groups, sorted(slow.refused))

    same()


# An independent reading of combined: of a line's text, by an expression with escaped quotes, or else with six quotes.
ESCAPED, BARE = r'((?:[^"\\]|\\.)*)', r'([^"]*)'
# No field but those in quotes holds a quote, unless it is escaped.
ORACLE = [re.compile(rf'([^ ]+) [^ ]* {user} \[([^\]]*)\] "{text}" ([^ ]*) ([^ ]*) "{text}" "{text}"', re.DOTALL)
          for text, user in ((ESCAPED, r'(?:[^"\\]|\\.)*?'), (BARE, r'[^"\[]*?'))]
CLOCK_FORM = re.compile(r"\d{2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}", re.ASCII)


def expected(line: bytes) -> tuple | None:
    """(address, second, class, bytes, referrer, agent), None for a line that is set aside."""
    match = next(filter(None, (form.fullmatch(line.decode("utf-8", "replace")) for form in ORACLE)), None)
    if not match:
        return None
    address, time, _, status, size, referrer, agent = match.groups()
    moment = clock(time)
    is_number = re.fullmatch(r"[1-9]\d\d|000|009|-", status, re.ASCII)
    is_size = re.fullmatch(r"0|[1-9]\d{0,12}|-?", size, re.ASCII) and int(size if size.strip("-") else 0) <= 1 << 40
    if moment is None or not is_number or not is_size:
        return None
    if not datetime(BOUNDS.founded_on.year, 1, 1, tzinfo=UTC) <= moment <= BOUNDS.latest_at:
        return None
    return (address, int(moment.timestamp()), int(status) // 100 if "100" <= status <= "599" else 0,
            int(size if size.strip("-") else 0),
            referrer, agent)


def clock(text: str) -> datetime | None:
    if not CLOCK_FORM.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        return None


@FUZZ
@given(st.lists(damaged(LINES["combined"], PLAIN_BYTE).filter(lambda line: not set(line) & set(b"\r\n\t\v\f")), max_size=10))
def test_combined_is_read_as_an_independent_reading_has_it(desk, lines):
    """One line a file would be slow: the lines of a log are counted together, and each by its own agent."""
    body = b"".join(line + b"\n" for line in lines)
    told = desk.read(body)
    wanted = [expected(line) for line in lines]
    assert [line for _, line in told.aside] == [number for number, one in enumerate(wanted, 1) if one is None]
    hits, sizes = Counter(), Counter()
    for one in filter(None, wanted):
        address, second, kind, size, _, agent = one
        hits[address, agent, second // 1800, kind] += 1
        sizes[address, agent, second // 1800, kind] += size
    found, told_sizes = Counter(), Counter()
    for group in told.groups:
        if group["code"] == 0:
            for kind, hits_of, bytes_of in by_class(group):
                found[group["address"], group["agent"], group["half_hour"], kind] += hits_of
                told_sizes[group["address"], group["agent"], group["half_hour"], kind] += bytes_of
    assert (found, told_sizes) == (hits, sizes)


def by_class(group: dict) -> list[tuple[int, int, int]]:
    """(class, hits, bytes) of those that a group has; 0 is what is left of the whole."""
    told = [(kind, group[f"hits_{kind}"], group[f"bytes_{kind}"] or 0) for kind in range(1, 6)]
    rest = (0, group["hits"] - sum(hits for _, hits, _ in told), group["bytes"] - sum(size for _, _, size in told))
    return [one for one in (rest, *told) if one[1]]


@FUZZ
@given(st.lists(st.sampled_from([b"\n", b"\r", b"\r\n", b"a", b"bc", b"\xe2\x80\xa8", b"\x85", b"\x1c", b"x" * 40]),
                max_size=30),
       st.integers(1, 9))
def test_lines_end_where_they_end_whatever_the_border_of_chunks(desk, pieces, chunk):
    body = b"".join(pieces)
    file = desk.file("ends.log", body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_files, "CHUNK", chunk)
        patch.setattr(log_files.lines, "LONGEST_LINE", 20)
        found = list(log_files.numbered_lines(file))
        told = log_files.measured(file)
    others = body.replace(b"\r\n", b"")
    assert told == log_files.Measure(len(body), body.count(b"\r\n"), others.count(b"\r") + others.count(b"\n"),
                                     body[-1:] in (b"", b"\n", b"\r"))
    wanted = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[:line_count(body)]
    assert found == [(number, line.decode("utf-8", "replace") if len(line) <= 20 else None)
                     for number, line in enumerate(wanted, 1)]


@pytest.mark.parametrize(("form", "line"), [("combined", combined()), ("json", JSON_LINE)], ids=["combined", "json"])
def test_blank_lines_and_line_ends_of_all_kinds_are_lines(desk, form, line):
    @FUZZ
    @given(st.lists(st.sampled_from([b"\n", b"\r", b"\r\n", line, line + b"\n", line + b"\r\n"]), max_size=12))
    def all_counted(pieces):
        body = b"".join(pieces)
        told = desk.read(body, form)
        assert_every_line_is_accounted(told, body)
        assert told.hits == re.split(rb"\r\n|\r|\n", body).count(line)

    all_counted()
