"""A log that is read as in a night, and what was said of each of its lines."""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock

import pytest
from hypothesis import HealthCheck, settings

from pipelines import warehouse
from pipelines.collect.traffic import reader
from pipelines.collect.traffic.formats import compiled
from pipelines.collect.traffic.log_files import LogFile
from pipelines.collect.traffic.reader import Bounds, Reader

BOUNDS = Bounds(date(2010, 1, 1), datetime(2026, 2, 1, 3, tzinfo=UTC))
TIME = "31/Jan/2026:13:55:36 +0100"
SECOND = 1769864136
TLS = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %{SSL_PROTOCOL}x %{SSL_CIPHER}x'
# Examples of each property; ALPIA_FUZZ=2000 makes a long run of it by hand.
EXAMPLES = int(os.environ.get("ALPIA_FUZZ", "40"))
# Always the same ones, unless somebody asks: a build does not fail for what nobody has changed.
FUZZ = settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize="ALPIA_FUZZ" not in os.environ,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example])
FIELDS = ("address", "first_second", "class", "bytes", "first_referrer", "agent", "host", "scheme", "protocol", "cipher",
          "key_bits", "account", "answer")


def combined(time: str = TIME, status: str = "200", size: str = "5", agent: str = "ua", referrer: str = "-",
             request: str = "GET / HTTP/1.1", address: str = "192.0.2.1", user: str = "-") -> bytes:
    """A line of combined, without its end."""
    return f'{address} - {user} [{time}] "{request}" {status} {size} "{referrer}" "{agent}"'.encode()


GOOD = combined() + b"\n"
# Of one client there may be several groups of a half hour (its user has changed, say), by one way of reading and not by
# another: what they tell together is the same.
MERGED = """SELECT file, code, half_hour, line, address, agent, host, scheme, protocol, cipher, key_bits, account, answer,
    max(last_second) AS last_second, min(first_line) AS first_line,
    arg_min_null(first_referrer, first_line) AS first_referrer, sum(COLUMNS('hits.*|bytes.*|line_hashes|line_bytes'))
FROM taken GROUP BY ALL ORDER BY ALL"""


def line_count(content: bytes) -> int:
    """Lines are what ends with LF, CR or CRLF, and what stands after the last of these."""
    pieces = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return len(pieces) - (pieces[-1] == b"")


EVERY_LINE = 100_000


class Refused:
    """Every refused line, where the program keeps a few."""

    def __init__(self):
        self.lines: list[tuple[str, str, int]] = []

    def add(self, reason: str, file: str, line: int) -> None:
        self.lines.append((reason, file, line))

    def add_many(self, reason: str, file: str, first: list[int], last: int, rows: int) -> None:
        assert (first[-1], len(first)) == (last, rows)
        self.lines += [(reason, file, line) for line in first]


@dataclass(frozen=True)
class Told:
    """`groups`: all of line_group, in order; `refused`: (reason, file, line); `slow_files`: those read line by line."""

    groups: list[dict]
    refused: list[tuple[str, str, int]]
    slow_files: int

    @property
    def counted(self) -> list[dict]:
        """The groups that count; `class`: of the first request, which is all of them where a group is a line."""
        return [{name: group[name] for name in (*FIELDS, "hits")} for group in self.groups if group["code"] == 0]

    @property
    def hits(self) -> int:
        return sum(group["hits"] for group in self.counted)

    @property
    def aside(self) -> list[tuple[str, int]]:
        """(reason, line) in the order of the lines."""
        return sorted(((reason, line) for reason, _, line in self.refused), key=lambda entry: entry[1])


class Desk:
    """Writes logs into a folder and reads them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.bounds = BOUNDS
        self.con = warehouse.confined(folder, 300)
        self._lock = Lock()

    def file(self, name: str, content: bytes, stored: int | None = None) -> LogFile:
        """`stored`: the size when it was found, where it has grown since."""
        path = self.folder / name
        path.write_bytes(content)
        return LogFile(path, name, "mark", path.stat().st_size if stored is None else stored, 0.0)

    def read(self, content: bytes, form: str = "combined", fields: dict | None = None, name: str = "access.log",
             is_slow: bool = False) -> Told:
        return self.read_files([self.file(name, content)], form, fields, is_slow)

    def read_files(self, files: list[LogFile], form: str = "combined", fields: dict | None = None,
                   is_slow: bool = False) -> Told:
        """`is_slow`: line by line, as if DuckDB's reader had lost something."""
        read = self.reader(form, fields)
        read.refusals = Refused()
        slow, numbered_lines = [], reader.numbered_lines
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reader, "MOST_LINES_NAMED", EVERY_LINE)
            patch.setattr(reader, "numbered_lines", lambda file: slow.append(file) or numbered_lines(file))
            if is_slow:
                patch.setattr(reader, "_accounts_for", lambda *_: False)
            list(read.read(list(enumerate(files, 1))))
        cursor = self.con.execute(MERGED)
        names = [column[0] for column in cursor.description]
        groups = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for group in groups:
            if group["code"] == 0:
                group |= {"class": group["first_line"] & 7, "first_second": group["first_line"] >> 31}
        return Told(groups, read.refusals.lines, len(slow))

    def reader(self, form: str = "combined", fields: dict | None = None) -> Reader:
        """A reader whose groups are put into the table `taken`, empty as yet."""
        self.con.execute("DROP TABLE IF EXISTS taken")
        return Reader(self.con, compiled(form, fields or {}), self.bounds, self._take, self.folder)

    def _take(self, connection) -> None:
        """Keep the groups of a file; the first one's layout is all of theirs."""
        with self._lock:
            connection.execute("CREATE TABLE IF NOT EXISTS taken AS FROM line_group LIMIT 0")
            connection.execute("INSERT INTO taken FROM line_group")

    def close(self) -> None:
        self.con.close()


def assert_every_line_is_accounted(told: Told, *contents: bytes) -> None:
    """lines = counted + set aside; what is set aside has one reason, one place, and its place is in the file."""
    lines = sum(line_count(content) for content in contents)
    assert told.hits + len(told.refused) == lines
    places = Counter((file, line) for _, file, line in told.refused)
    assert max(places.values(), default=1) == 1
    assert all(1 <= line <= lines for _, line in places)
