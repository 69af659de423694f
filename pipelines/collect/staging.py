"""Staging: where rows wait, as the source gave them, between being read and being judged.

Staging is a database in memory beside the warehouse file, so that a raw value or id is never written to that file; what
does not fit in memory spills into the folder of the file that is being built, which is for its owner's eyes only, and is
removed again when the connection closes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipelines.errors import AlpiaError
from pipelines.register.contracts import Column, Contract
from pipelines.warehouse import Connection, identifier

WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
WIDE_NUMBERS = ("UBIGINT", "HUGEINT", "UHUGEINT")
ZONELESS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE")
ZONED = "TIMESTAMP WITH TIME ZONE"
MOST_LINES_NAMED = 5
BLANKS = "' ' || chr(9) || chr(10) || chr(13)"


class DatasetError(AlpiaError):
    """A dataset cannot be read as it is; the sentence names no value and no secret."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a source's column becomes a staged one: SQL over the source's relation, and the type it has then.

    VARCHAR means: as the source wrote it (cleaned of blanks), to be read by the rules for text.
    `wire`: the type in which it travels, where the dialect of a database must choose one. `ignores_case`: two spellings
    that differ by case are one value for the source.
    """

    sql: str
    sql_type: str
    wire: str = ""
    ignores_case: bool = False


class Refusals:
    """Rows that never became staged rows: per (reason, file) how many, and where."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], list[int]] = {}
        self._rows: dict[tuple[str, str], int] = {}
        self._last: dict[tuple[str, str], int] = {}

    def add(self, reason: str, file: str, line: int) -> None:
        self.add_many(reason, file, [line], line, 1)

    def add_many(self, reason: str, file: str, first: list[int], last: int, rows: int) -> None:
        """`rows` rows at once, of which `first` are the first lines (as many as can be named, and one more)."""
        at = (reason, file)
        self._rows[at] = self._rows.get(at, 0) + rows
        self._last[at] = last
        named = self._lines.setdefault(at, [])
        named += first[:MOST_LINES_NAMED + 1 - len(named)]

    @property
    def rows(self) -> int:
        return sum(self._rows.values())

    def entries(self) -> list[tuple[str, str, int]]:
        """(reason, place, rows), in a fixed order."""
        return [(reason, place(file, self._lines[reason, file], self._last[reason, file]), rows)
                for (reason, file), rows in sorted(self._rows.items())]


def place(file: str, lines: list[int], last: int) -> str:
    """Where rows stand: `file:3,7` for a few lines, `file:3-1200` for many."""
    if len(lines) <= MOST_LINES_NAMED:
        return f"{file}:{','.join(str(line) for line in lines)}"
    return f"{file}:{lines[0]}-{last}"


@dataclass(frozen=True, slots=True)
class Staged:
    """A dataset that has been read whole. `files`: as `_file` numbers them; empty for a database.

    `columns`: the contract's columns that the source gave. `written_at`: when the source last wrote it.
    `reads_from`: the moment from which an event dataset was read, None if it was read whole.
    """

    contract: Contract
    source: str
    files: tuple[str, ...]
    columns: tuple[str, ...]
    refusals: Refusals
    written_at: datetime | None
    detail: str | None = None
    reads_from: datetime | None = None

    @property
    def table(self) -> str:
        return table_of(self.contract)

    @property
    def absent(self) -> list[str]:
        """The contract's columns that the source does not have."""
        return [name for name in self.contract.columns if name not in self.columns]


def table_of(contract: Contract) -> str:
    return f"staging.{identifier(contract.name)}"


def open_staging(connection: Connection) -> None:
    """Attach the database in memory `staging`."""
    connection.execute("ATTACH ':memory:' AS staging")


def close_staging(connection: Connection) -> None:
    connection.execute("DETACH staging")


def origins(contract: Contract, offered: Mapping[str, object] | set[str]) -> dict[str, str]:
    """Which of the source's columns each contract column is made from.

    A `present` column is taken ready-made where the source offers it, else from the personal column that it is `of`.
    DatasetError where a required one is missing.
    """
    found = {}
    for column in contract.columns.values():
        if column.name in offered:
            found[column.name] = column.name
        elif column.action == "present" and column.of in offered:
            found[column.name] = column.of
    refuse_missing(contract, found)
    return found


def refuse_missing(contract: Contract, found) -> None:
    """DatasetError naming the required columns that are not among `found`."""
    missing = [described(column) for column in contract.columns.values() if column.required and column.name not in found]
    if missing:
        raise DatasetError(f"the required column{'s' * (len(missing) > 1)} {', '.join(missing)} "
                           f"{'are' if len(missing) > 1 else 'is'} missing: add to what sources.toml reads")


def described(column: Column) -> str:
    """A column's name, and what may stand for it."""
    return f"{column.name} (or {column.of})" if column.action == "present" else column.name


def shape(column: Column, sql: str, kind: str) -> Shape:
    """How a typed column (a Parquet file's, a SELECT's) is staged; DatasetError, with the cure, if it cannot be."""
    if kind == "VARCHAR" or kind.startswith("ENUM"):
        return Shape(cleaned(f"{sql}::VARCHAR"), "VARCHAR")
    return _SHAPES[column.type](column, sql, kind)


def cleaned(sql: str) -> str:
    """A text without blanks around it, NULL where nothing is left: an empty text is no value."""
    return f"nullif(trim({sql}, {BLANKS}), '')"


def presence(sql: str) -> Shape:
    """Whether a personal column is filled: the only thing that is taken of it."""
    return Shape(f"({sql} IS NOT NULL AND trim({sql}::VARCHAR, {BLANKS}) <> '')", "BOOLEAN")


def _label(column: Column, sql: str, kind: str) -> Shape:
    whole = kind in WHOLE_NUMBERS or kind in WIDE_NUMBERS or kind == "UUID"
    if whole or (kind.startswith("DECIMAL") and kind.endswith(",0)")) or (kind == "BOOLEAN" and column.type == "word"):
        return Shape(f"{sql}::VARCHAR", "VARCHAR")
    raise wrong_type(column, kind, f"CAST({column.name} AS BIGINT) or AS VARCHAR")


def _moment(column: Column, sql: str, kind: str) -> Shape:
    if kind == ZONED:
        return Shape(sql, "TIMESTAMPTZ")
    if kind in ZONELESS:
        raise without_zone(column, kind)
    raise wrong_type(column, kind, "a moment with its time zone")


def _day(column: Column, sql: str, kind: str) -> Shape:
    if kind == "DATE":
        return Shape(sql, "DATE")
    raise wrong_type(column, kind, f"CAST({column.name} AS DATE), in the local time of the day that is meant")


def _flag(column: Column, sql: str, kind: str) -> Shape:
    if kind == "BOOLEAN":
        return Shape(sql, "BOOLEAN")
    if kind in WHOLE_NUMBERS:
        return Shape(f"{sql}::VARCHAR", "VARCHAR")
    raise wrong_type(column, kind, "true or false")


def _count(column: Column, sql: str, kind: str) -> Shape:
    if kind in WHOLE_NUMBERS:
        return Shape(f"{sql}::BIGINT", "BIGINT")
    if kind in WIDE_NUMBERS or kind.startswith("DECIMAL") or kind in ("DOUBLE", "FLOAT"):
        return Shape(f"{sql}::VARCHAR", "VARCHAR")
    raise wrong_type(column, kind, "a whole number")


_SHAPES = {"id": _label, "word": _label, "moment": _moment, "day": _day, "flag": _flag, "count": _count}


def wrong_type(column: Column, kind: str, cure: str) -> DatasetError:
    return DatasetError(f"{column.name} is {kind} where a {column.type} is asked: give {cure}")


def without_zone(column: Column, kind: str, cure: str = "") -> DatasetError:
    cure = cure or (f"write {column.name} AT TIME ZONE 'Europe/Paris' (or the zone in which it was written) AS "
                    + column.name)
    return DatasetError(f"{column.name} is {kind}, which has no time zone: {cure}")
