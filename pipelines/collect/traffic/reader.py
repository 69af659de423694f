"""Reads access-log files into groups of lines: one row for what one client did in one half hour.

Files, decompressed where need be, go through DuckDB's CSV reader, which splits a line at its quotes. That it gave every
line is proven by counting bytes: what the lines hold is as long as the file. A file of which that is not true, or that is no
UTF-8, is read again line by line, and what the lines then say is decided by the same SQL.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines import warehouse
from pipelines.collect import lines
from pipelines.collect.staging import MOST_LINES_NAMED, Refusals
from pipelines.collect.traffic.beginnings import beginning
from pipelines.collect.traffic.formats import FIELDS, NEVER, OF_LINE, USUAL_STATUS, Format
from pipelines.collect.traffic.log_files import LINE_ENDS, LogFile, head, measured, numbered_lines
from pipelines.collect.traffic.pipe import Passed, unpacked
from pipelines.models.engine import select
from pipelines.warehouse import Connection, DatabaseError, quoted, quoted_path

GROUPS = Path(__file__).with_name("line_group.sql")
# What a line can be refused for; its place is the code. 0: it is counted.
REASONS = (None, "unreadable_line", "wrong_type", "before_company", "in_future")
# Of a line that is not of the format's usual shape, until it has been judged by itself.
ODD = 9
NO_SINGLE_LINES = "CREATE OR REPLACE TEMP TABLE single_line (file INTEGER, place BIGINT, line VARCHAR)"
HALF_HOUR = 1800
# No web server wrote before it, and no answer has more bytes: what is added up fits into 64 bits, and what the answers of a
# class to one client add up to in half an hour is less than ONE_HIT.
FIRST_DAY, LARGEST_ANSWER = date(1990, 1, 1), 1 << 40
# Statuses below 100 as nginx writes them: no answer was begun, and HTTP/0.9.
LOW_STATUSES = "'000', '009'"
# Answers that matter where they were given in the clear. A page that a server adds to a redirect, or to what it cannot read
# as a request, is a fixed text of a few hundred bytes (with Apache, and the address asked for).
LONGEST_SERVER_PAGE = 1024
ANSWER = ("CASE WHEN number BETWEEN 100 AND 299 THEN '' "
          "WHEN number IN (301, 302, 307, 308) AND (size = 0 OR bytes = '-') THEN 'redirect' "
          f"WHEN number IN (301, 302, 307, 308) AND size <= {LONGEST_SERVER_PAGE} THEN 'redirect_page' "
          f"WHEN number = 400 AND size <= {LONGEST_SERVER_PAGE} "
          "OR number IN (0, 408, 444, 499) AND (size = 0 OR bytes = '-') THEN 'refused' ELSE '' END")
NO_ANSWER = "''"
# What a group adds up of a class of answers, hits and bytes, is one number: this many times the hits, and the bytes.
ONE_HIT = 1 << 62
# To be raised where the hash of a line is made of something else.
WAY_OF_HASHING = 2
MORE_QUOTES = 10
# At once: as few as hold the longest line, for what the processor's caches hold is split sooner.
CHUNK_BYTES = 2 * (lines.LONGEST_LINE + 1)
OF_CONNECTION = {"scheme", "protocol", "cipher", "key_bits"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """A line older than the company or younger than the collection is refused."""

    founded_on: date
    latest_at: datetime


class Reader:
    """Makes a table `line_group` of each file, in a confined database; `refusals` says which lines were refused.

    `take`: is handed the connection of each file that was read, on which its `line_group` is, and keeps what it wants.
    `folder`: where the pipes are through which compressed files are read.
    """

    def __init__(self, connection: Connection, form: Format, bounds: Bounds, take: Callable[[Connection], None],
                 folder: Path):
        self._connection, self._format, self._take, self._folder = connection, form, take, folder
        self._bindings = {"founded": datetime.combine(max(bounds.founded_on, FIRST_DAY), datetime.min.time()),
                          "latest": bounds.latest_at}
        # An empty text is a value here, and NULL is a piece that is not there: no line can hold what says so.
        self._nothing = secrets.token_hex(16)
        self._exact, self._groups = _exact(form), _grouping(form)
        self.refusals = Refusals()

    def read(self, files: Sequence[tuple[int, LogFile]]) -> Iterator[int]:
        """Read these files (number, file), several at a time; yields the number of each that was read."""
        cores = self._connection.execute("SELECT current_setting('threads')").fetchone()[0]
        # A file's lines have one order, and so one thread: others of DuckDB's would only wait for it, and loudly.
        self._connection.execute("SET threads = 1")
        try:
            # One more, for those that wait for the others.
            with ThreadPoolExecutor(cores + 1) as pool:
                for file, refused in zip(files, pool.map(lambda one: self._read_file(*one), files), strict=True):
                    for reason, *where in refused:
                        self.refusals.add_many(reason, file[1].shown, *where)
                    yield file[0]
        finally:
            self._connection.execute(f"SET threads = {cores}")

    def _read_file(self, number: int, file: LogFile) -> list[tuple]:
        """Read one file, on a connection of its own; refused lines: reason, the first, the last, how many."""
        with closing(warehouse.cursor(self._connection)) as connection:
            refused = self._if_whole(connection, number, file)
            if refused is None:
                refused = self._read_line_by_line(connection, number, file)
            self._take(connection)
            return refused

    def _if_whole(self, connection: Connection, number: int, file: LogFile) -> list[tuple] | None:
        """As the CSV reader splits the lines; None where that is not the whole file."""
        try:
            if self._read_at_once(connection, number, file):
                return self._judge_single_lines(connection)
        except DatabaseError:
            pass
        return None

    def _read_at_once(self, connection: Connection, number: int, file: LogFile) -> bool:
        """Group lines of the usual shape, and make `single_line` of the others; false where that is not the whole file."""
        passed = self._grouped(connection, number, file)
        if passed is None:
            return False
        count, size = connection.execute("SELECT coalesce(sum(hits), 0)::BIGINT, coalesce(sum(line_bytes), 0)::BIGINT "
                                         "FROM line_group").fetchone()
        connection.execute("CREATE TEMP TABLE single_line AS SELECT file, client::BIGINT AS place, line FROM line_group "
                           f"WHERE code = {ODD}")
        connection.execute(f"DELETE FROM line_group WHERE code = {ODD}")
        return _accounts_for(file, passed, count, size)

    def _grouped(self, connection: Connection, number: int, file: LogFile) -> Passed | None:
        """Group the lines into `line_group`; which bytes were there to read."""
        form = beginning(self._format, head(file).decode(errors="replace"))
        if file.is_plain:
            self._make_groups(connection, number, file.path, form)
            return Passed(file.stored, _last_byte(file))
        with unpacked(file, self._folder) as pipe:
            self._make_groups(connection, number, pipe.path, form)
            return pipe.passed()

    def _read_line_by_line(self, connection: Connection, number: int, file: LogFile) -> list[tuple]:
        refused = []
        connection.execute(NO_SINGLE_LINES)
        self._group_single_lines(connection, "CREATE OR REPLACE TEMP TABLE line_group AS")
        for batch in lines.batches(numbered_lines(file)):
            too_long = [place for place, text in batch if text is None]
            refused += [("too_long", [place], place, 1) for place in too_long]
            kept = [(place, text) for place, text in batch if text is not None]
            connection.execute(f"CREATE OR REPLACE TEMP TABLE single_line AS SELECT {number} AS file, "
                               "unnest($places::BIGINT[]) AS place, unnest($texts::VARCHAR[]) AS line",
                               {"places": [place for place, _ in kept], "texts": [text for _, text in kept]})
            refused += self._judge_single_lines(connection)
        return refused

    def _judge_single_lines(self, connection: Connection) -> list[tuple]:
        """Count the lines of `single_line` that can be counted after all; of each reason the others: first, last, how many.

        Counted by the database, for a format that does not fit refuses every line.
        """
        self._group_single_lines(connection, "INSERT INTO line_group")
        told = connection.execute(f"SELECT code, min(place, {MOST_LINES_NAMED + 1}), max(place), count(*) FROM line "
                                  "WHERE code > 0 GROUP BY code ORDER BY code").fetchall()
        connection.execute("DROP TABLE line; DROP TABLE single_line")
        return [(REASONS[code], *where) for code, *where in told]

    def _make_groups(self, connection: Connection, number: int, path: Path, form: Format) -> None:
        """Make `line_group` of a whole file, which can be read at once; `form`: with its own beginning."""
        self._run(connection, f"CREATE TEMP TABLE line_group AS WITH line AS ({self._quick(number, path, form)}) "
                              f"{_grouping(form)}")

    def _group_single_lines(self, connection: Connection, into: str) -> None:
        """Make the table `line` of `single_line`, each with what is said of it, and group them."""
        self._run(connection, f"CREATE OR REPLACE TEMP TABLE line AS {self._exact}")
        connection.execute(f"{into} {self._groups}")

    def _run(self, connection: Connection, sql: str) -> Connection:
        return connection.execute(sql, {name: value for name, value in self._bindings.items() if f"${name}" in sql})

    def _quick(self, number: int, path: Path, form: Format) -> str:
        """The lines of a file as the reader splits them, with their numbers."""
        return _usual(f"SELECT {number} AS file, row_number() OVER () AS place, * FROM {self._relation(path)}", form)

    def _relation(self, path: Path) -> str:
        """The pieces c1, c2, … of each line, in the order of the lines."""
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in _pieces(self._format))
        delimiter = "''" if self._format.is_json else "'\"'"
        return (f"read_csv([{quoted_path(path)}], auto_detect = false, header = false, delim = {delimiter}, quote = '', "
                f"escape = '', nullstr = '{self._nothing}', null_padding = true, strict_mode = false, parallel = false, "
                f"max_line_size = {lines.LONGEST_LINE + 1}, buffer_size = {CHUNK_BYTES}, columns = {{{columns}}})")


def _grouping(form: Format) -> str:
    """The SELECT of groups; what the format has no field for is said outright: DuckDB would look at it line by line."""
    sql = select(GROUPS)
    for name in FIELDS:
        if name not in form.fields:
            sql = sql.replace(f"any_value({name})", "NULL::VARCHAR")
    for name, told in form.of_head.items():
        sql = sql.replace(f"any_value({name})", told.replace("{head}", "any_value(head)"))
    return sql if OF_CONNECTION & set(form.fields) else sql.replace("any_value(answer)", NO_ANSWER)


def _pieces(form: Format) -> list[str]:
    return [f"c{place}" for place in range(1, 2 if form.is_json else form.columns + MORE_QUOTES + 1)]


def _whole_line(form: Format) -> str:
    return "c1" if form.is_json else f"concat_ws('\"', {', '.join(_pieces(form))})"


def _usual(relation: str, form: Format) -> str:
    """Every line: of the usual shape, and nothing speaks against it (code 0), or as it is, to be judged by itself (ODD)."""
    seldom = {name for name, is_seldom in (("time", form.cut), ("status", form.is_usual != NEVER)) if is_seldom
              and f"f_{name}" not in form.likely}
    cut = {f"f_{name}": sql for name, sql in form.fields.items() if name not in {*seldom, *form.of_head}}
    hashed = {f"h_{name}": f"hash({piece})" for name, piece in _whole_pieces(form).items()}
    parts = _with(_with(_parts(relation, form), cut | form.cut | hashed | {"is_usual": form.is_usual}), form.found)
    columns = {name: f"f_{name}" if f"f_{name}" in cut else "NULL::VARCHAR" for name in FIELDS if name not in seldom}
    told = _with(parts, columns, _digest(form, hashed), f"coalesce({form.likely}, false) AS is_sound")
    typed = _typed(told, form, {name: form.fields[name] for name in seldom})
    judged = (f"SELECT *, CASE WHEN is_sound AND {form.is_addressed} AND number IS NOT NULL AND "
              "moment BETWEEN $founded::TIMESTAMPTZ AND $latest::TIMESTAMPTZ AND "
              "CASE WHEN size IS NULL THEN coalesce(bytes IN ('-', ''), true) ELSE true END "
              f"THEN 0 ELSE {ODD} END AS code FROM ({typed})")
    line = f"SELECT *, CASE WHEN code = {ODD} THEN {_whole_line(form)} END AS line FROM ({judged})"
    client = dict.fromkeys("head" if name in form.of_head else f"h_{name}" if f"h_{name}" in hashed else name
                           for name in _of_client(form))
    return _keyed(f"SELECT * REPLACE (CASE WHEN code = {ODD} THEN strlen(line) + 1 ELSE line_bytes END AS line_bytes) "
                  f"FROM ({line})", form, client)


def _exact(form: Format) -> str:
    """The lines of `single_line` with their fields, typed, and the code of what speaks against each."""
    pieces = "[line]" if form.is_json else "string_split(line, '\"')"
    names = ", ".join(f"pieces[{place}] AS {name}" for place, name in enumerate(_pieces(form), 1))
    relation = f"SELECT file, place, {names}, line FROM (SELECT *, {pieces} AS pieces FROM single_line)"
    parts = _with(_parts(relation, form), {f"f_{name}": sql for name, sql in form.fields.items()})
    told = _told(f"SELECT *, coalesce({form.sound}, false) AS is_sound FROM ({parts})", form)
    return _keyed("SELECT *, CASE WHEN coalesce(address, '') = '' THEN 1 "
                  "WHEN moment IS NULL OR number IS NULL AND status IS DISTINCT FROM '-' "
                  "OR size IS NULL AND coalesce(bytes NOT IN ('-', ''), false) THEN 2 "
                  "WHEN moment < $founded::TIMESTAMPTZ THEN 3 WHEN moment > $latest::TIMESTAMPTZ THEN 4 ELSE 0 END AS code "
                  f"FROM ({_typed(told, form, {})})", form, _of_client(form))


def _of_client(form: Format) -> list[str]:
    """The fields by which lines are one client's."""
    return [name for name in FIELDS if name in form.fields and name not in OF_LINE]


def _whole_pieces(form: Format) -> dict[str, str]:
    """Fields of the client that are a whole piece of the line, and the piece: of a long one, one hash serves twice."""
    pieces = set() if form.is_json else {*_pieces(form)}
    return {name: form.fields[name] for name in _of_client(form) if form.fields[name] in pieces}


def _parts(relation: str, form: Format) -> str:
    return f"SELECT *, {form.parts} AS j FROM ({relation})" if form.is_json else relation


def _with(relation: str, columns: Mapping[str, str], *others: str) -> str:
    """The relation, and these columns beside its own."""
    return f"SELECT {', '.join(['*', *(f'{sql} AS {name}' for name, sql in columns.items()), *others])} FROM ({relation})"


def _told(relation: str, form: Format) -> str:
    """The fields as text, of sound lines and of others; a hash of the line, and its length with its end, in bytes."""
    names = ", ".join(quoted(group) for group in form.groups)
    exact = "NULL" if form.is_json else (
        f"CASE WHEN NOT is_sound THEN regexp_extract(line, {quoted(form.pattern)}, [{names}]) END")
    other = "NULL" if form.is_json else "exact.{name}"
    fields = ", ".join(f"CASE WHEN is_sound THEN f_{name} ELSE {other.format(name=name)} END AS {name}"
                       if name in form.fields else f"NULL::VARCHAR AS {name}" for name in FIELDS)
    return (f"SELECT file, place, NULL::VARCHAR AS line, {fields}, CASE WHEN is_sound THEN sound_hash ELSE hash(line) END "
            "AS line_hash, CASE WHEN is_sound THEN sound_bytes ELSE strlen(line) + 1 END AS line_bytes "
            f"FROM (SELECT * EXCLUDE (line_hash, line_bytes), line_hash AS sound_hash, line_bytes AS sound_bytes, "
            f"{exact} AS exact FROM (SELECT *, {_digest(form, {})} FROM ({relation})))")


def _digest(form: Format, hashed: Mapping[str, str]) -> str:
    """Of a sound line: a hash, and its length with its end, in bytes. `hashed`: columns, each with the hash that it is."""
    pieces = [f"c{place}" for place in range(1, form.columns + 1) if place not in form.fixed]
    column = {sql: name for name, sql in hashed.items()}
    whole = {f"hash({piece})" for piece in _whole_pieces(form).values()}
    told = [column.get(sql, sql) if (sql := f"hash({piece})") in whole else piece for piece in pieces]
    size = " + ".join([*(f"strlen({piece})" for piece in pieces), str(form.columns + sum(form.fixed.values()))])
    return f"hash({', '.join(told)}) AS line_hash, {size} AS line_bytes"


def _typed(relation: str, form: Format, seldom: Mapping[str, str]) -> str:
    """The moment, and the numbers as servers write them: try_cast also takes 2e2 and +20.

    `seldom`: the SQL of fields that are no columns, since they are looked at in few lines.
    """
    moment, status = form.moment.replace("{text}", seldom.get("time", "time")), seldom.get("status", "status")
    number = f"try_cast({status} AS USMALLINT)"
    usual = f"WHEN is_usual THEN {USUAL_STATUS}::USMALLINT " if "status" in seldom else ""
    number = (f"CASE {usual}WHEN {number} BETWEEN 100 AND 999 AND {number}::VARCHAR = {status} THEN {number} "
              f"WHEN {status} IN ({LOW_STATUSES}) THEN {number} END")
    size = f"CASE WHEN size BETWEEN 0 AND {LARGEST_ANSWER} AND size::VARCHAR = bytes THEN size END"
    return (f"SELECT * REPLACE ({size} AS size) FROM (SELECT *, {moment} AS moment, {number} AS number, "
            f"try_cast(bytes AS BIGINT) AS size FROM ({relation}))")


def _keyed(relation: str, form: Format, client: Iterable[str]) -> str:
    """What the lines of a group have in common, and the order of the lines in it. `client`: the columns that tell it."""
    has_answer = bool(OF_CONNECTION & set(form.fields))
    counted = ("SELECT * EXCLUDE (bytes), coalesce(size, 0) AS bytes, "
               "CASE WHEN number BETWEEN 100 AND 599 THEN number // 100 ELSE 0 END::UTINYINT AS class, "
               f"{ANSWER if has_answer else NO_ANSWER} AS answer, "
               f"CASE WHEN code = 0 THEN epoch_us(moment) // 1_000_000 END AS second FROM ({relation})")
    key = ", ".join([*client, *(["answer"] if has_answer else [])])
    return (f"SELECT *, (second // {HALF_HOUR})::INTEGER AS half_hour, bytes + {ONE_HIT} AS answered, "
            f"CASE code WHEN 0 THEN hash({key}) WHEN {ODD} THEN place ELSE code END AS client, "
            f"(second::UBIGINT << 31) | (line_hash >> 36 << 3) | class AS line_order FROM ({counted})")


def _accounts_for(file: LogFile, passed: Passed, count: int, size: int) -> bool:
    """Are the lines as long as the file? A line has one byte more with CRLF, the last one less without.

    DuckDB passes over blank lines, of which the missing bytes may be as many as the lines: so the ends are counted.
    """
    if passed.length == size - (passed.last not in LINE_ENDS):
        return True
    told = measured(file)
    lacking = 0 if told.has_last_end else 1
    is_crlf = told.crlf_ends == count - lacking and not told.other_ends
    return is_crlf and told.length == size + count - 2 * lacking


def _last_byte(file: LogFile) -> bytes:
    with open(file.path, "rb") as stream:
        stream.seek(max(0, file.stored - 1))
        return stream.read(1)
