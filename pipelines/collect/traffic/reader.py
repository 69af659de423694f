"""Reads access-log files into groups of lines: one row for what one client did in one half hour.

Plain, gzip and zstd files go through DuckDB's parallel CSV reader, which splits a line at its quotes. That it gave every
line is proven by counting bytes: what the lines hold is as long as the file. A file of which that is not true, or that is no
UTF-8, is read again line by line, and what the lines then say is decided by the same SQL.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.collect import lines
from pipelines.collect.staging import MOST_LINES_NAMED, Refusals
from pipelines.collect.traffic.formats import FIELDS, Format
from pipelines.collect.traffic.log_files import (
    GZIP_SIZE_MODULUS,
    LINE_ENDS,
    LogFile,
    length,
    measured,
    numbered_lines,
)
from pipelines.models.engine import select
from pipelines.warehouse import Connection, DatabaseError, quoted

GROUPS = Path(__file__).with_name("line_group.sql")
# What a line can be refused for; its place is the code. 0: it is counted.
REASONS = (None, "unreadable_line", "wrong_type", "before_company", "in_future")
UNREADABLE = REASONS.index("unreadable_line")
HALF_HOUR = 1800
# No web server wrote before it, and no answer has more bytes: what is added up fits into 64 bits.
FIRST_DAY, LARGEST_ANSWER = date(1990, 1, 1), 1 << 40
# Statuses below 100 as nginx writes them: no answer was begun, and HTTP/0.9.
LOW_STATUSES = "'000', '009'"
# Answers that matter where they were given in the clear. A page that a server adds to a redirect, or to what it cannot read
# as a request, is a fixed text of a few hundred bytes (with Apache, and the address asked for).
LONGEST_SERVER_PAGE = 1024
ANSWER = ("CASE WHEN number IN (301, 302, 307, 308) AND (size = 0 OR bytes = '-') THEN 'redirect' "
          f"WHEN number IN (301, 302, 307, 308) AND size <= {LONGEST_SERVER_PAGE} THEN 'redirect_page' "
          f"WHEN number = 400 AND size <= {LONGEST_SERVER_PAGE} "
          "OR number IN (0, 408, 444, 499) AND (size = 0 OR bytes = '-') THEN 'refused' ELSE '' END")
GLOB_CHARACTER = re.compile(r"[*?\[]")
MORE_QUOTES = 10
# So much is read at once, so that the groups of a batch stay small beside the memory of a run.
BATCH_BYTES, PACKED = 512 * 2**20, 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """A line older than the company or younger than the collection is refused."""

    founded_on: date
    latest_at: datetime


class Reader:
    """Fills the table `line_group` of a confined connection, file by file; `refusals` says which lines were refused."""

    def __init__(self, connection: Connection, form: Format, bounds: Bounds):
        self._connection, self._format, self._bounds = connection, form, bounds
        # An empty text is a value here, and NULL is a piece that is not there: no line can hold what says so.
        self._nothing = secrets.token_hex(16)
        self.refusals = Refusals()

    def read(self, files: Sequence[tuple[int, LogFile]]) -> None:
        """Make `line_group` anew of these files (number, file)."""
        try:
            self._make(self._judged(self._relation(files)))
            doubtful = self._not_whole(files)
        except DatabaseError:
            # One file of the batch is the cause: each by itself, and that one line by line.
            doubtful = list(files)
            self._make(self._judged(self._nothing_at_all()))
        for number, file in doubtful:
            self._read_alone(number, file)
        self._locate([(number, file) for number, file in files if (number, file) not in doubtful])

    def _read_alone(self, number: int, file: LogFile) -> None:
        is_whole = False
        self._connection.execute(f"DELETE FROM line_group WHERE file = {number}")
        try:
            self._add(self._judged(self._relation([(number, file)])))
            is_whole = not self._not_whole([(number, file)])
        except DatabaseError:
            is_whole = False
        if is_whole:
            self._locate([(number, file)])
            return
        self._connection.execute(f"DELETE FROM line_group WHERE file = {number}")
        self._read_line_by_line(number, file)

    def _read_line_by_line(self, number: int, file: LogFile) -> None:
        for batch in lines.batches(numbered_lines(file)):
            for place, text in batch:
                if text is None:
                    self.refusals.add("too_long", file.shown, place)
            kept = [(place, text) for place, text in batch if text is not None]
            self._connection.execute("CREATE OR REPLACE TEMP TABLE single_line AS SELECT unnest($places) AS place, "
                                     "unnest($texts)::VARCHAR AS line",
                                     {"places": [place for place, _ in kept], "texts": [text for _, text in kept]})
            judged = self._judged(self._single_lines(number), ("place",), "line")
            self._add(judged)
            self._note(file, judged)
        self._connection.execute("DROP TABLE IF EXISTS single_line")

    def _make(self, judged: str) -> None:
        self._run(f"CREATE OR REPLACE TEMP TABLE line_group AS WITH line AS ({judged}) {select(GROUPS)}")

    def _add(self, judged: str) -> None:
        self._run(f"INSERT INTO line_group WITH line AS ({judged}) {select(GROUPS)}")

    def _run(self, sql: str):
        founded = datetime.combine(max(self._bounds.founded_on, FIRST_DAY), datetime.min.time())
        given = {"founded": founded, "latest": self._bounds.latest_at}
        return self._connection.execute(sql, {name: value for name, value in given.items() if f"${name}" in sql})

    def _not_whole(self, files: Iterable[tuple[int, LogFile]]) -> list[tuple[int, LogFile]]:
        """The files whose lines, as read, are not as long as the file."""
        told = {number: (count, size) for number, count, size in self._connection.execute(
            "SELECT file, sum(hits)::BIGINT, sum(line_bytes)::BIGINT FROM line_group GROUP BY file").fetchall()}
        return [(number, file) for number, file in files if not _accounts_for(file, *told.get(number, (0, 0)))]

    def _locate(self, files: Iterable[tuple[int, LogFile]]) -> None:
        """Find the places of refused lines: their files are read once more, in order, for nothing else."""
        worst = dict(self._connection.execute(
            "SELECT file, max(code) FROM line_group WHERE code > 0 GROUP BY file").fetchall())
        for number, file in files:
            if number in worst:
                numbered = f"SELECT *, row_number() OVER () AS place FROM ({self._relation([(number, file)])})"
                suspects = self._unsound(numbered) if worst[number] == UNREADABLE else numbered
                self._note(file, self._judged(suspects, ("place",)))

    def _unsound(self, numbered: str) -> str:
        """The lines among which all unreadable ones are: what makes the others readable need not be asked twice."""
        kept = ", ".join(("file", "place", *self._pieces))
        sounded = _sounded(_taken_apart(numbered, self._format), self._format)
        return f"SELECT {kept} FROM ({sounded}) WHERE NOT is_sound OR coalesce(f_address, '') = ''"

    def _note(self, file: LogFile, judged: str) -> None:
        """Note the lines that are refused; counted by the database, for a format that does not fit refuses them all."""
        for code, first, last, count in self._run(
                f"SELECT code, min(place, {MOST_LINES_NAMED + 1}), max(place), count(*) FROM ({judged}) WHERE code > 0 "
                "GROUP BY code ORDER BY code").fetchall():
            self.refusals.add_many(REASONS[code], file.shown, first, last, count)

    def _relation(self, files: Sequence[tuple[int, LogFile]]) -> str:
        """The lines of the files: `file` and the pieces c1, c2, …"""
        numbers = {str(file.path): number for number, file in files}
        paths = ", ".join(quoted(_literally(path)) for path in numbers)
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in self._pieces)
        delimiter = "''" if self._format.is_json else "'\"'"
        which = " ".join(f"WHEN {quoted(path)} THEN {number}" for path, number in numbers.items())
        return (f"SELECT CASE filename {which} END AS file, {', '.join(self._pieces)} "
                f"FROM read_csv([{paths}], auto_detect = false, header = false, delim = {delimiter}, quote = '', "
                "escape = '', "
                f"nullstr = '{self._nothing}', null_padding = true, strict_mode = false, filename = true, "
                f"max_line_size = {lines.LONGEST_LINE + 1}, columns = {{{columns}}})")

    def _single_lines(self, number: int) -> str:
        """The same of the lines that were read one by one, with their `place`."""
        pieces = "[line]" if self._format.is_json else "string_split(line, '\"')"
        names = ", ".join(f"pieces[{place}] AS {name}" for place, name in enumerate(self._pieces, 1))
        return (f"SELECT {number} AS file, place, {names}, line "
                f"FROM (SELECT place, line, {pieces} AS pieces FROM single_line)")

    def _nothing_at_all(self) -> str:
        return f"SELECT 0 AS file, {', '.join(f'NULL::VARCHAR AS {name}' for name in self._pieces)} WHERE false"

    @property
    def _pieces(self) -> list[str]:
        width = 1 if self._format.is_json else self._format.columns + MORE_QUOTES
        return [f"c{place}" for place in range(1, width + 1)]

    def _judged(self, relation: str, carried: tuple[str, ...] = (), line: str | None = None) -> str:
        """Every line with its fields, typed, and the code of what speaks against it; `line`: SQL of the whole line."""
        line = line or ("c1" if self._format.is_json else f"concat_ws('\"', {', '.join(self._pieces)})")
        return _typed(_told(_sounded(_taken_apart(relation, self._format), self._format), self._format, carried, line),
                      self._format)


def _taken_apart(relation: str, form: Format) -> str:
    """The pieces, and the fields f_… as they are if the line is sound."""
    parts = f"SELECT *, {form.parts} AS j FROM ({relation})" if form.is_json else relation
    return f"SELECT *, {', '.join(f'{sql} AS f_{name}' for name, sql in form.fields.items())} FROM ({parts})"


def _sounded(relation: str, form: Format) -> str:
    return f"SELECT *, coalesce({form.sound}, false) AS is_sound FROM ({relation})"


def _told(relation: str, form: Format, carried: tuple[str, ...], line: str) -> str:
    """The fields as text, of sound lines and of others; a hash of the line, and its length with its end, in bytes."""
    names = ", ".join(quoted(group) for group in form.groups)
    exact = "NULL" if form.is_json else (
        f"CASE WHEN NOT is_sound THEN regexp_extract({line}, {quoted(form.pattern)}, [{names}]) END")
    other = "NULL" if form.is_json else "exact.{name}"
    fields = ", ".join(f"CASE WHEN is_sound THEN f_{name} ELSE {other.format(name=name)} END AS {name}"
                       if name in form.fields else f"NULL::VARCHAR AS {name}" for name in FIELDS)
    pieces = [f"c{place}" for place in range(1, form.columns + 1)]
    size = " + ".join([*(f"strlen({piece})" for piece in pieces), str(form.columns)])
    return (f"SELECT {', '.join((*carried, 'file'))}, {fields}, "
            f"CASE WHEN is_sound THEN hash({', '.join(pieces)}) ELSE hash({line}) END AS line_hash, "
            f"CASE WHEN is_sound THEN {size} ELSE strlen({line}) + 1 END AS line_bytes "
            f"FROM (SELECT *, {exact} AS exact FROM ({relation}))")


def _typed(relation: str, form: Format) -> str:
    moment = form.moment.replace("{text}", "time")
    return (f"SELECT * EXCLUDE (time, status, bytes, moment, number), coalesce(size, 0) AS bytes, "
            "coalesce(number // 100, 0)::UTINYINT AS class, "
            f"{ANSWER} AS answer, "
            f"(second // {HALF_HOUR})::INTEGER AS half_hour, "
            "(second::UBIGINT << 31) | (line_hash >> 33) AS moment_of_line, "
            "CASE WHEN coalesce(address, '') = '' THEN 1 "
            "WHEN moment IS NULL OR number IS NULL AND status IS DISTINCT FROM '-' "
            "OR size IS NULL AND coalesce(bytes NOT IN ('-', ''), false) THEN 2 "
            "WHEN moment < $founded::TIMESTAMPTZ THEN 3 WHEN moment > $latest::TIMESTAMPTZ THEN 4 ELSE 0 END AS code "
            f"FROM (SELECT * REPLACE (CASE WHEN {_writes('status', 'number', 100, 999)} OR status IN ({LOW_STATUSES}) "
            f"THEN number END AS number, CASE WHEN {_writes('bytes', 'size', 0, LARGEST_ANSWER)} THEN size END AS size), "
            "CASE WHEN moment BETWEEN $founded::TIMESTAMPTZ AND $latest::TIMESTAMPTZ "
            "THEN epoch_us(moment) // 1_000_000 END AS second FROM ("
            f"SELECT *, {moment} AS moment, try_cast(status AS USMALLINT) AS number, try_cast(bytes AS UBIGINT) AS size "
            f"FROM ({relation})))")


def _writes(text: str, number: str, least: int, most: int) -> str:
    """SQL that is true if the text writes the number as servers do: try_cast also takes 2e2 and +20."""
    return f"{number} BETWEEN {least} AND {most} AND {number}::VARCHAR = {text}"


def _literally(path: str) -> str:
    """The path as DuckDB has to be told it, for which any path is a glob."""
    return GLOB_CHARACTER.sub(r"[\g<0>]", path)


def _accounts_for(file: LogFile, count: int, size: int) -> bool:
    """Are the lines as long as the file? A line has one byte more with CRLF, the last one less without.

    DuckDB passes over blank lines, of which the missing bytes may be as many as the lines: so the ends are counted. Only
    of a .gz one blank line may go unnoticed, where the last line has no end: to see it would be to decompress it once more.
    """
    if file.is_plain and file.stored == size - (not _ends_with_line_end(file)):
        return True
    if file.path.suffix == ".gz" and length(file) == size % GZIP_SIZE_MODULUS:
        return True
    told = measured(file)
    lacking = 0 if told.has_last_end else 1
    is_crlf = told.crlf_ends == count - lacking and not told.other_ends
    return told.length == size - lacking or (is_crlf and told.length == size + count - 2 * lacking)


def _ends_with_line_end(file: LogFile) -> bool:
    with open(file.path, "rb") as stream:
        stream.seek(max(0, file.stored - 1))
        return stream.read(1) in LINE_ENDS


def batches(files: Iterable[tuple[int, LogFile]]) -> Iterator[list[tuple[int, LogFile]]]:
    """The files in lots that are read at once."""
    batch, size = [], 0
    for number, file in files:
        expected = file.stored * (1 if file.is_plain else PACKED)
        if batch and size + expected > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append((number, file))
        size += expected
    if batch:
        yield batch
