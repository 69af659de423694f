"""Acceptance: which staged rows become rows of source.*, and which are set aside, with the reason and the place.

Every staged row ends as exactly one of the two. A row has one reason: the first that fits, in the order of the contract's
columns; what is wrong inside the row comes before a doubled key, and that before an id that nobody knows.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pipelines.collect.pseudonyms import Pseudonyms, expression
from pipelines.collect.staging import MOST_LINES_NAMED, Staged, place
from pipelines.register import durations
from pipelines.register.contracts import Column, Contract
from pipelines.warehouse import Connection, identifier

JOURNAL = "erasure_journal"
LONGEST_TEXT = 200
# Of several rows with one key, a file's first line is kept; a database has no first row, so the smallest is.
DUPLICATE, UNKNOWN = "duplicate_key", "unknown_reference"
TRUE_WORDS = "('true', 't', '1', 'yes', 'y')"
FALSE_WORDS = "('false', 'f', '0', 'no', 'n')"
YEAR_10000 = "'10000-01-01 00:00:00+00'::TIMESTAMPTZ"
YEAR_1 = "'0001-01-02 00:00:00+00'::TIMESTAMPTZ"


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which moments a row can have happened: the system's first local day, and the moment of reading."""

    founded_on: date
    latest_at: datetime

    def bindings(self, sql: str) -> dict:
        given = {"founded_on": self.founded_on, "latest_at": self.latest_at}
        return {name: value for name, value in given.items() if f"${name}" in sql}


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows that were refused: counts and places, never values."""

    reason: str
    place: str
    column: str | None
    rows: int


class Acceptance:
    """Judges the staged rows of one dataset after another; `accept` moves the good ones into source.*."""

    def __init__(self, connection: Connection, pseudonyms: Pseudonyms, contracts, founded_on: date):
        self._connection = connection
        self._pseudonyms = pseudonyms
        self._contracts = contracts
        self._founded_on = founded_on
        self._known: set[str] = set()
        durations.install(connection)
        connection.execute("CREATE TABLE staging.known (dataset VARCHAR, column_name VARCHAR, id VARCHAR)")

    def accept(self, staged: Staged, latest_at: datetime) -> list[SetAside]:
        """Fill the (empty) table source.<dataset> with the rows that keep the contract, or with the counts of them.

        Returns what was set aside; of what was staged, nothing is left.
        """
        limits = Limits(self._founded_on, latest_at)
        bad = f"staging.{identifier('bad ' + staged.contract.name)}"
        self._connection.execute(f"CREATE TABLE {bad} (row BIGINT, code INTEGER)")
        codes = self._judge_rows(staged, bad, limits)
        self._judge_keys(staged, bad, codes)
        self._judge_references(staged, bad, codes)
        self._remember_ids(staged)
        found = self._counted(staged, bad, codes)
        self._keep(staged, bad)
        self._connection.execute(f"DROP TABLE {bad}")
        return found

    def _run(self, sql: str, **bindings):
        return self._connection.execute(sql, {**self._pseudonyms.bindings(sql), **bindings})

    def _types(self, staged: Staged) -> dict[str, str]:
        rows = self._connection.execute(f"DESCRIBE {staged.table}").fetchall()
        return {row[0]: row[1] for row in rows}

    def _judge_rows(self, staged: Staged, bad: str, limits: Limits) -> list[tuple[str, str | None]]:
        """Note every row that is wrong in itself; returns what the codes mean: (reason, column).

        Staged texts that stand for other types are typed on the way, once, in place.
        """
        types = self._types(staged)
        codes: list[tuple[str, str | None]] = []
        tests, given = [], []
        for name in staged.columns:
            column = staged.contract.columns[name]
            given += [f"{identifier(name)} AS {identifier('text ' + name)}",
                      f"{typed(column, types[name])} AS {identifier('typed ' + name)}"]
            for reason, condition in checks(column, types[name]):
                codes.append((reason, name))
                tests.append(f"WHEN {condition} THEN {len(codes) - 1}")
        code = f"CASE {' '.join(tests)} END"
        if any(is_parsed(staged.contract.columns[name], types[name]) for name in staged.columns):
            self._parse(staged, given, code, limits)
            self._run(f"INSERT INTO {bad} SELECT rowid, _code FROM {staged.table} WHERE _code IS NOT NULL")
            return codes
        sql = (f"INSERT INTO {bad} SELECT row, code FROM (SELECT row, {code} AS code "
               f"FROM (SELECT rowid AS row, {', '.join(given)} FROM {staged.table})) WHERE code IS NOT NULL")
        self._run(sql, **limits.bindings(sql))
        return codes

    def _parse(self, staged: Staged, given: list[str], code: str, limits: Limits) -> None:
        """Replace the staged table by one with typed columns and `_code`, what is wrong; rows keep their order."""
        place = "_file, _line, " if staged.files else ""
        kept = ", ".join(f"{identifier('typed ' + name)} AS {identifier(name)}" for name in staged.columns)
        raw = f"staging.{identifier('raw ' + staged.contract.name)}"
        self._run(f"ALTER TABLE {staged.table} RENAME TO {identifier('raw ' + staged.contract.name)}")
        sql = (f"CREATE TABLE {staged.table} AS SELECT {place}{kept}, {code} AS _code "
               f"FROM (SELECT {place}{', '.join(given)} FROM {raw})")
        self._run(sql, **limits.bindings(sql))
        self._run(f"DROP TABLE {raw}")

    def _good(self, staged: Staged, bad: str, columns: tuple[str, ...]) -> str:
        """A SELECT of the rows not refused so far: `row` and the columns asked for."""
        given = ", ".join(f"staged.{identifier(name)}" for name in columns)
        refused = self._connection.execute(f"SELECT count(*) FROM {bad}").fetchone()[0]
        anti = f" ANTI JOIN {bad} AS bad ON bad.row = staged.rowid" if refused else ""
        return f"SELECT staged.rowid AS row, {given} FROM {staged.table} AS staged{anti}"

    def _judge_keys(self, staged: Staged, bad: str, codes: list) -> None:
        """Note all but the first of the rows that share a key. Hashes find the few candidates, values decide."""
        key = ", ".join(identifier(name) for name in staged.contract.key)
        rows = self._good(staged, bad, staged.contract.key)
        twice = f"SELECT h FROM (SELECT hash({key}) AS h FROM ({rows})) GROUP BY h HAVING count(*) > 1"
        self._run(f"CREATE TABLE staging.twice AS {twice}")
        if self._run("SELECT count(*) FROM staging.twice").fetchone()[0]:
            codes.append((DUPLICATE, staged.contract.key[0] if len(staged.contract.key) == 1 else None))
            order = "row" if staged.files else ", ".join(identifier(name) for name in staged.columns) + ", row"
            rows = self._good(staged, bad, staged.columns)
            self._run(
                f"INSERT INTO {bad} SELECT row, {len(codes) - 1} FROM (SELECT row, row_number() OVER "
                f"(PARTITION BY {key} ORDER BY {order}) AS place FROM ({rows}) WHERE hash({key}) IN (FROM staging.twice)) "
                "WHERE place > 1")
        self._run("DROP TABLE staging.twice")

    def _judge_references(self, staged: Staged, bad: str, codes: list) -> None:
        """Note the rows whose id is in no row of the dataset that must know it, now, last night, or in the journal.

        Where that dataset was not collected nothing is said: its own absence is what has to be cured.
        """
        for name in staged.columns:
            column = staged.contract.columns[name]
            if column.references is None or column.references not in self._known:
                continue
            strangers = self._strangers(staged, bad, column)
            if not strangers:
                continue
            codes.append((UNKNOWN, name))
            rows = self._good(staged, bad, (name,))
            self._run(f"INSERT INTO {bad} SELECT row, {len(codes) - 1} FROM ({rows}) "
                      f"WHERE {identifier(name)} IN (SELECT id FROM staging.stranger)")
            self._run("DROP TABLE staging.stranger")

    def _strangers(self, staged: Staged, bad: str, column: Column) -> int:
        """Make staging.stranger, the ids that nobody knows; returns how many (and leaves no table where none)."""
        name = identifier(column.name)
        rows = self._good(staged, bad, (column.name,))
        self._run(
            f"CREATE TABLE staging.stranger AS SELECT DISTINCT {name} AS id FROM ({rows}) AS asked "
            f"ANTI JOIN (SELECT id FROM staging.known WHERE dataset = $dataset AND column_name = $column) AS known "
            f"ON known.id = asked.{name} WHERE {name} IS NOT NULL",
            dataset=column.references, column=column.name)
        remembered = self._remembered(column)
        if remembered:
            self._run(f"DELETE FROM staging.stranger WHERE {expression(column.of, 'id')} IN ({remembered})")
        count = self._run("SELECT count(*) FROM staging.stranger").fetchone()[0]
        if not count:
            self._run("DROP TABLE staging.stranger")
        return count

    def _remembered(self, column: Column) -> str:
        """A SELECT of the pseudonyms known from last night's facts and from the journal of erasures; "" for none."""
        parts = []
        fact = column.references.removesuffix("s")
        if self._has_column("previous", "fact", fact, column.name):
            parts.append(f"SELECT {identifier(column.name)} FROM previous.fact.{identifier(fact)} "
                         f"WHERE {identifier(column.name)} IS NOT NULL")
        journal = self._contracts.get(JOURNAL)
        if journal and column.name in journal.columns and journal.columns[column.name].of == column.of:
            parts.append(f"SELECT {identifier(column.name)} FROM source.{JOURNAL} "
                         f"WHERE {identifier(column.name)} IS NOT NULL")
        return " UNION ALL ".join(parts)

    def _has_column(self, database: str, schema: str, table: str, column: str) -> bool:
        return bool(self._run(
            "SELECT count(*) FROM duckdb_columns() WHERE database_name = $database AND schema_name = $schema "
            "AND table_name = $table AND column_name = $column",
            database=database, schema=schema, table=table, column=column).fetchone()[0])

    def _remember_ids(self, staged: Staged) -> None:
        """Keep the ids that others may refer to: of all rows, for a row that is refused for a wrong date still is a row."""
        asked = {column.name for contract in self._contracts.values() for column in contract.columns.values()
                 if column.references == staged.contract.name}
        for name in asked:
            self._run(f"INSERT INTO staging.known SELECT DISTINCT $dataset, $column, {identifier(name)} "
                      f"FROM {staged.table}", dataset=staged.contract.name, column=name)
        self._known.add(staged.contract.name)

    def _keep(self, staged: Staged, bad: str) -> None:
        """Move the good rows, or the counts of them, ids as pseudonyms, into the table source.<dataset>."""
        contract, good = staged.contract, f"({self._good(staged, bad, staged.columns)})"
        if not contract.counted_by:
            self._store(contract, good, staged.columns)
            self._run(f"DROP TABLE {staged.table}")
            return
        # Counted before ids become pseudonyms: there are fewer counts than rows, and no pseudonym is needed of an event. In
        # order, an account's counts lie together: the file is a fifth smaller than in the order in which they were made.
        counts = f"staging.{identifier('counts of ' + contract.name)}"
        self._run(f"CREATE TABLE {counts} AS {contract.counts(good, staged.columns)}")
        self._run(f"DROP TABLE {staged.table}")
        self._store(contract, counts, tuple(contract.stored), f"ORDER BY {identifier(contract.stored_key[0])}")
        self._run(f"DROP TABLE {counts}")

    def _store(self, contract: Contract, relation: str, columns: tuple[str, ...], order: str = "") -> None:
        selected, joins = [], []
        for number, name in enumerate(columns):
            column = contract.stored[name]
            if column.action != "pseudonym":
                selected.append(identifier(name))
            elif self._pseudonyms.is_shared(column.of):
                self._pseudonyms.learn(column.of, f"SELECT {identifier(name)} AS id FROM {relation}")
                selected.append(f"p{number}.pseudonym AS {identifier(name)}")
                joins.append(f"LEFT JOIN staging.pseudonym_{column.of} AS p{number} "
                             f"ON p{number}.id = good.{identifier(name)}")
            else:
                selected.append(f"{expression(column.of, identifier(name))} AS {identifier(name)}")
        self._run(f"INSERT INTO source.{identifier(contract.name)} BY NAME SELECT {', '.join(selected)} "
                  f"FROM {relation} AS good {' '.join(joins)} {order}")

    def _counted(self, staged: Staged, bad: str, codes: list) -> list[SetAside]:
        found = [SetAside(reason, where, None, rows) for reason, where, rows in staged.refusals.entries()]
        where = "staged._file, staged._line" if staged.files else "0, 0"
        rows = self._run(
            f"SELECT code, file, count(*), list(line ORDER BY line)[:{MOST_LINES_NAMED + 1}], max(line) FROM "
            f"(SELECT bad.code, {where} FROM {bad} AS bad JOIN {staged.table} AS staged ON staged.rowid = bad.row) "
            "AS refused(code, file, line) GROUP BY code, file ORDER BY file, code").fetchall()
        for code, file, count, lines, last in rows:
            reason, column = codes[code]
            at = place(staged.files[file], lines, last) if staged.files else f"{staged.source}.{staged.contract.name}"
            found.append(SetAside(reason, at, column, count))
        return found


def is_parsed(column: Column, kind: str) -> bool:
    """Is the column staged as text that stands for another type?"""
    return kind == "VARCHAR" and column.type not in ("id", "word")


def typed(column: Column, kind: str) -> str:
    """SQL that gives the staged column its contract's type, NULL where it cannot."""
    name = identifier(column.name)
    return _TYPED[column.type](name) if is_parsed(column, kind) else name


def zoned_moment(text: str) -> str:
    """SQL of the moment that an ISO text tells, NULL where it has no zone or is none."""
    return f"CASE WHEN {_has_zone(text)} THEN try_cast({text} AS TIMESTAMPTZ) END"


def _has_zone(text: str) -> str:
    """Does a text end in Z or in an offset? Without one DuckDB would silently read it as local time."""
    offset = f"regexp_matches(right({text}, 6), '[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?$')"
    return f"(left({text}, 10) LIKE '____-__-__' AND length({text}) >= 17 AND (right({text}, 1) = 'Z' OR {offset}))"


def _day(text: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN try_cast({text} AS DATE) END"


def _flag(text: str) -> str:
    return f"CASE WHEN lower({text}) IN {TRUE_WORDS} THEN true WHEN lower({text}) IN {FALSE_WORDS} THEN false END"


def _count(text: str) -> str:
    # 12.0 is how a table program writes the whole number 12 of a column that has gaps.
    return (f"CASE WHEN regexp_full_match({text}, '[0-9]{{1,18}}(\\.0+)?') "
            f"THEN try_cast(split_part({text}, '.', 1) AS BIGINT) END")


def _duration(text: str) -> str:
    """As in ISO 8601, by the one reader of what people write; Python, for there are few of them."""
    return f"duration_iso({text})"


_TYPED = {"moment": zoned_moment, "day": _day, "flag": _flag, "count": _count, "duration": _duration}


def checks(column: Column, kind: str) -> list[tuple[str, str]]:
    """What can be wrong with a column of a row: (reason, SQL that is true if so), the first that fits counts.

    The SQL sees the column as the source wrote it as "text <name>", and with its type as "typed <name>".
    """
    value, text = identifier("typed " + column.name), identifier("text " + column.name)
    found = []
    if column.required:
        found.append(("missing_value", f"{text} IS NULL"))
    if column.type in ("id", "word"):
        found.append(("too_long", f"length({text}) > {LONGEST_TEXT}"))
    elif kind == "VARCHAR":
        found += _checks_of_text(column, value, text)
    if column.values:
        words = ", ".join("'" + word.replace("'", "''") + "'" for word in column.values)
        found.append(("unknown_value", f"{value} NOT IN ({words})"))
    if column.type == "count":
        found.append(("wrong_type", f"{value} < 0"))
    if column.type in ("moment", "day"):
        found += _checks_of_time(column, value)
    return found


def _checks_of_text(column: Column, value: str, text: str) -> list[tuple[str, str]]:
    found = []
    if column.type == "moment":
        looks = f"regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ][0-9:.]+)?')"
        zoneless = f"{looks} AND try_cast({text} AS TIMESTAMP) IS NOT NULL"
        found.append(("time_without_zone", f"{value} IS NULL AND {text} IS NOT NULL AND {zoneless}"))
    found.append(("wrong_type", f"{value} IS NULL AND {text} IS NOT NULL"))
    return found


def _checks_of_time(column: Column, value: str) -> list[tuple[str, str]]:
    as_moment = value if column.type == "moment" else f"{value}::TIMESTAMPTZ"
    first, last = ("$founded_on::DATE::TIMESTAMPTZ", "$latest_at::TIMESTAMPTZ")
    if column.type == "day":
        first, last = "$founded_on::DATE", "$latest_at::TIMESTAMPTZ::DATE"
    found = [("wrong_type", f"{as_moment} >= {YEAR_10000} OR {as_moment} < {YEAR_1}"),
             ("before_company", f"{value} < {first}")]
    if not column.future:
        found.append(("in_future", f"{value} > {last}"))
    return found
