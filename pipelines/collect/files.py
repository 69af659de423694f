"""Files as a source: CSV, Parquet, JSON lines and TOML, plain or compressed, a glob of them, or a SELECT over them.

A text file is first surveyed byte by byte. One in which every line is a row goes through DuckDB's parallel readers; in any
other, `lines` looks at each line by itself, so that a bad one is set aside alone and no line is ever lost.
"""

import csv
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from glob import escape, glob
from pathlib import Path

from pipelines.collect import lines, toml
from pipelines.collect.sources import Source, is_select
from pipelines.collect.staging import (
    DatasetError,
    Refusals,
    Shape,
    Staged,
    cleaned,
    origins,
    presence,
    refuse_missing,
    shape,
    table_of,
)
from pipelines.home import Home
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection, DatabaseError, identifier, is_one_select, quoted, quoted_path

CSV_ENDINGS = (".csv", ".tsv", ".txt")
JSON_ENDINGS = (".jsonl", ".ndjson", ".json")
PARQUET_ENDINGS = (".parquet",)
TOML_ENDINGS = (".toml",)
# Forms in which each row spells its own keys: one may first appear far down, and which are absent is known at the end.
KEYED = ("json", "toml")
DELIMITERS = (",", ";", "\t", "|")
# So many lines are looked at to learn which keys a JSON lines file uses.
KEYS_LOOKED_AT = 1000
LARGEST_OBJECT = 16 * 2**20
# Far more columns than any table has that somebody made.
MOST_COLUMNS = 2000


@dataclass(frozen=True, slots=True)
class File:
    """One file of a dataset. `shown`: its name in results, relative to the home. `form`: csv, json, parquet or toml.

    `relation`: SQL that reads it, with `_line` first; "" where only `toml` can. `shapes`: what is taken, by contract column.
    `header`: a CSV's column names, in order; `origins`: the file's own column for each contract column.
    """

    path: Path
    shown: str
    form: str
    relation: str
    shapes: dict[str, Shape]
    origins: dict[str, str] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    delimiter: str = ","


CHANGED = ("a file changed while it was read: nothing that was half read is kept; write a new file beside it, and rename it "
           "when it is whole")


def stage(connection: Connection, home: Home, source: Source, contracts: Iterable[Contract], reader=None
          ) -> tuple[list[Staged], dict[str, str]]:
    """Read the datasets into staging, each by itself; returns what was read, and what failed: {dataset: why}.

    `reader` reads one whole, as `stage_one` does, which it is by default.
    """
    staged, failed = [], {}
    for contract in contracts:
        try:
            staged.append((reader or stage_one)(connection, home, source, contract))
        except DatasetError as error:
            connection.execute(f"DROP TABLE IF EXISTS {table_of(contract)}")
            failed[contract.name] = str(error)
    return staged, failed


def stage_one(connection: Connection, home: Home, source: Source, contract: Contract) -> Staged:
    """Read one dataset whole into staging; DatasetError, in a sentence, if it cannot be, or if a file changed meanwhile."""
    mapping = source.datasets[contract.name]
    if is_select(mapping):
        return _stage_select(connection, home, source, contract, mapping)
    before = _marks(located(home, mapping))
    files = plan(connection, home, contract, mapping)
    columns = _columns(contract, files)
    refusals = Refusals()
    make_table(connection, contract, columns, "_file INTEGER, _line BIGINT")
    for number, file in enumerate(files):
        read(connection, contract, file, number, columns, refusals)
    if any(file.form in KEYED for file in files):
        columns = drop_unused(connection, contract, files, columns)
    if _marks(located(home, mapping)) != before:
        raise DatasetError(CHANGED)
    return Staged(contract, source.name, tuple(file.shown for file in files), tuple(columns), refusals,
                  newest(file.path for file in files), _partly_absent(contract, files))


def plan(connection: Connection, home: Home, contract: Contract, mapping: str) -> list[File]:
    """The files of a mapping and how each is read, without reading their rows; DatasetError if the contract is not met."""
    files = [_plan_file(connection, home, contract, path) for path in located(home, mapping)]
    for file in files:
        if file.form not in KEYED:
            try:
                refuse_missing(contract, file.shapes)
            except DatasetError as error:
                raise DatasetError(f"{file.shown}: {error}") from None
    return files


def located(home: Home, mapping: str) -> list[Path]:
    """The files that a path or a glob names, in the order of their names.

    DatasetError where there is none, where a name cannot be printed, or where a relative one leads out of the home (by a
    symbolic link).
    """
    root = home.path.resolve()
    is_absolute = Path(mapping).is_absolute()
    pattern = mapping if is_absolute else f"{escape(str(root))}/{mapping}"
    found = sorted(Path(name) for name in glob(pattern, recursive=True) if Path(name).is_file())
    if not found:
        raise DatasetError(f"no file matches {mapping}: check the path in sources.toml")
    for path in found:
        if not str(path).isprintable():
            raise DatasetError(f"a file that {mapping} matches has a name with characters that cannot be printed: rename it")
        if not is_absolute and not path.resolve().is_relative_to(root):
            raise DatasetError(f"{path.relative_to(root)} leads out of the home: write the absolute path if that is meant")
    return found


def _marks(paths: Iterable[Path]) -> dict[Path, tuple[int, int, int]]:
    """What tells a file from the same file written on, or another in its place: number, size and last writing."""
    told = {path: path.stat() for path in paths}
    return {path: (one.st_ino, one.st_size, one.st_mtime_ns) for path, one in told.items()}


def newest(paths: Iterable[Path]) -> datetime:
    """When the newest of the files was last written."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), UTC)


def shown(home: Home, path: Path) -> str:
    """A file's name in results: relative to the home where it lies there."""
    root = home.path.resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def form_of(path: Path, name: str) -> str:
    """csv, json, parquet or toml, by the ending before .gz or .zst."""
    ending = (path.with_suffix("") if path.suffix in lines.COMPRESSIONS else path).suffix.lower()
    for form, endings in (("csv", CSV_ENDINGS), ("json", JSON_ENDINGS), ("parquet", PARQUET_ENDINGS),
                          ("toml", TOML_ENDINGS)):
        if ending in endings:
            return form
    raise DatasetError(f"{name} is of no known form: name it .csv, .parquet, .jsonl or .toml (and .gz or .zst), "
                       "or write a SELECT")


def _plan_file(connection: Connection, home: Home, contract: Contract, path: Path) -> File:
    name = shown(home, path)
    form = form_of(path, name)
    if path.stat().st_size == 0:
        raise DatasetError(f"{name} is empty (0 bytes): a file without rows still has its header, or one blank line "
                           "in JSON lines")
    try:
        return _PLANS[form](connection, contract, path, name)
    except lines.READ_ERRORS as error:
        raise DatasetError(f"{name} cannot be read: {lines.explained(error)}") from None


def _plan_csv(connection: Connection, contract: Contract, path: Path, name: str) -> File:
    line = lines.first_line(connection, path, name)
    if not line.strip():
        raise DatasetError(f"{name} has no header: its first line must name the columns")
    delimiter = max(DELIMITERS, key=lambda mark: len(_known(contract, _split(line, mark))))
    header = tuple(word.strip() for word in _split(line, delimiter))
    if len(header) > MOST_COLUMNS:
        raise DatasetError(f"{name} has {len(header)} columns, more than {MOST_COLUMNS}: is its first line the header?")
    repeated = next((word for word in _known(contract, header) if header.count(word) > 1), None)
    if repeated:
        raise DatasetError(f"{name} has two columns named {repeated}: keep one")
    found = _origins(contract, set(header))
    shapes = {column: _text_shape(contract, column, origin, f"c{header.index(origin)}") for column, origin in found.items()}
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    relation = (f"(SELECT row_number() OVER () + 1 AS _line, * FROM read_csv({quoted_path(path)}, auto_detect = false, "
                f"header = true, delim = {quoted(delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}}, "
                f"strict_mode = true, max_line_size = {lines.LONGEST_LINE}))")
    return File(path, name, "csv", relation, shapes, found, header, delimiter)


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a name longer than any: the line is no header at this delimiter
        return []


def _known(contract: Contract, words: Iterable[str]) -> set[str]:
    columns = contract.columns.values()
    wanted = {column.name for column in columns} | {column.of for column in columns if column.action == "present"}
    return wanted & {word.strip() for word in words}


def _origins(contract: Contract, offered: set[str]) -> dict[str, str]:
    """As `origins`, but what is missing is said later, with the file's name."""
    try:
        return origins(contract, offered)
    except DatasetError:
        columns = contract.columns.values()
        ready = {column.name: column.name for column in columns if column.name in offered}
        return {column.name: column.of for column in columns
                if column.action == "present" and column.of in offered} | ready


def _text_shape(contract: Contract, column: str, origin: str, sql: str) -> Shape:
    return Shape(cleaned(sql), "VARCHAR") if origin == column else presence(sql)


def _plan_json(connection: Connection, contract: Contract, path: Path, name: str) -> File:
    offered = _known(contract, lines.json_keys(connection, path, name, KEYS_LOOKED_AT))
    shapes, found = _keyed(contract, offered)
    keys = ", ".join(f"{quoted(key)}: 'VARCHAR'" for key in sorted(set(found.values())))
    relation = (f"(SELECT row_number() OVER () AS _line, * FROM read_json({quoted_path(path)}, "
                f"format = 'newline_delimited', columns = {{{keys}}}, maximum_object_size = {LARGEST_OBJECT}))")
    return File(path, name, "json", relation, shapes, found, tuple(sorted(offered)))


def _keyed(contract: Contract, offered: set[str]) -> tuple[dict[str, Shape], dict[str, str]]:
    """Shapes and origins of all columns: what was not seen yet is read all the same, and dropped if it never comes."""
    wanted = {column.name for column in contract.columns.values()}
    found = _origins(contract, offered)
    found |= {column: column for column in wanted if column not in found}
    return ({column: _text_shape(contract, column, found[column], identifier(found[column])) for column in contract.columns},
            found)


def _plan_toml(connection: Connection, contract: Contract, path: Path, name: str) -> File:
    offered = _known(contract, toml.keys(path, name, contract.name))
    shapes, found = _keyed(contract, offered)
    return File(path, name, "toml", "", shapes, found, tuple(sorted(offered)))


def _plan_parquet(connection: Connection, contract: Contract, path: Path, name: str) -> File:
    read = f"read_parquet({quoted_path(path)})"
    kinds = _kinds(connection, read, f"{name} is no whole Parquet file: have it written again")
    found = _origins(contract, set(kinds))
    shapes = {}
    for column, origin in found.items():
        sql = identifier(origin)
        shapes[column] = (presence(sql) if origin != column
                          else _shape_or_nothing(connection, contract, column, kinds[origin], read))
    numbered = f"read_parquet({quoted_path(path)}, file_row_number = true)"
    relation = f"(SELECT file_row_number + 1 AS _line, * FROM {numbered})"
    return File(path, name, "parquet", relation, shapes, found)


def _shape_or_nothing(connection: Connection, contract: Contract, name: str, kind: str, relation: str) -> Shape:
    """The column's shape; a column of a wrong type in which nothing is filled is NULL, as table programs write it."""
    column, sql = contract.columns[name], identifier(name)
    why = None
    try:
        return shape(column, sql, kind)
    except DatasetError as error:
        why = error
    if connection.execute(f"SELECT count({sql}) FROM {relation}").fetchone()[0]:
        raise why
    return Shape(f"NULL::{column.sql_type}", column.sql_type)


def _kinds(connection: Connection, relation: str, otherwise: str) -> dict[str, str]:
    described = None
    with suppress(DatabaseError):
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    if described is None:
        raise DatasetError(otherwise)
    return {row[0]: row[1] for row in described}


_PLANS = {"csv": _plan_csv, "json": _plan_json, "parquet": _plan_parquet, "toml": _plan_toml}


def offered_columns(contract: Contract, files: list[File]) -> list[str]:
    """The contract columns that the files seem to have (of JSON lines, only the first are looked at)."""
    return [name for name in contract.columns if any(
        name in file.shapes and (file.form not in KEYED or file.origins[name] in file.header) for file in files)]


def _columns(contract: Contract, files: list[File]) -> dict[str, str]:
    """The contract columns that any of the files gives, with the type in which all of them can be staged."""
    found = {}
    for name in contract.columns:
        kinds = {file.shapes[name].sql_type for file in files if name in file.shapes}
        if kinds:
            found[name] = kinds.pop() if len(kinds) == 1 else "VARCHAR"
    return found


def make_table(connection: Connection, contract: Contract, columns: dict[str, str], before: str) -> None:
    """Make the dataset's staging table: the columns `before`, then these."""
    given = ", ".join([before, *(f"{identifier(name)} {kind}" for name, kind in columns.items())])
    connection.execute(f"CREATE TABLE {table_of(contract)} ({given})")


def read(connection: Connection, contract: Contract, file: File, number: int, columns: dict[str, str],
          refusals: Refusals) -> None:
    """Add one file to the dataset's staging table: at once if every line is a row, else line by line."""
    if file.form == "parquet":
        if _read_at_once(connection, contract, file, number, columns, None) is None:
            raise DatasetError(f"{file.shown} is damaged: have it written again")
        return
    try:
        if file.form != "toml" and _is_read_at_once(connection, contract, file, number, columns):
            return
        lines.refuse_compressed_without_reader(file.path, file.shown)
        _read_line_by_line(connection, contract, file, number, columns, refusals)
    except lines.READ_ERRORS as error:
        raise DatasetError(f"{file.shown} cannot be read: {lines.explained(error)}") from None


def _is_read_at_once(connection: Connection, contract: Contract, file: File, number: int, columns: dict[str, str]) -> bool:
    """Whether every line of the text file is a row, and all are staged."""
    rows = lines.survey(connection, file.path, file.shown, file.form == "json").rows_at_once
    if rows is None:
        return False
    return _read_at_once(connection, contract, file, number, columns, rows - (file.form == "csv")) is not None


def _read_at_once(connection: Connection, contract: Contract, file: File, number: int, columns: dict[str, str],
                  expected: int | None) -> int | None:
    """Rows read, or None (and nothing staged) if the file is not what it seems, or gives another number than expected."""
    given = ", ".join(f"{file.shapes[name].sql if name in file.shapes else 'NULL'}::{kind} AS {identifier(name)}"
                      for name, kind in columns.items())
    connection.execute("BEGIN")
    try:
        rows = connection.execute(f"INSERT INTO {table_of(contract)} SELECT {number}, _line, {given} FROM {file.relation}"
                                  ).fetchone()[0]
    except DatabaseError:
        rows = None
    if rows is None or (expected is not None and rows != expected):
        connection.execute("ROLLBACK")
        return None
    connection.execute("COMMIT")
    return rows


def _read_line_by_line(connection: Connection, contract: Contract, file: File, number: int, columns: dict[str, str],
                       refusals: Refusals) -> None:
    if file.form == "csv":
        records = lines.csv_records(file.path, file.shown, file.delimiter, len(file.header), refusals)
        places = {name: file.header.index(origin) for name, origin in file.origins.items()}
    else:
        records = (toml.records(file.path, file.shown, contract.name, refusals) if file.form == "toml"
                   else lines.json_records(file.path, file.shown, refusals))
        places = file.origins
    taken = [(name, places.get(name), contract.columns[name]) for name in columns]
    marks = ", ".join(f"{_text_sql(file, name, position)}::{kind}" for position, (name, kind) in enumerate(columns.items()))
    sql = (f"INSERT INTO {table_of(contract)} SELECT {number}, _line, {marks} FROM (SELECT unnest($lines) AS _line, "
           + ", ".join(f"unnest($v{position}) AS v{position}" for position in range(len(taken))) + ")")
    for batch in lines.batches(records):
        values = {f"v{position}": _values(batch, place) for position, (_, place, _) in enumerate(taken)}
        connection.execute(sql, {"lines": [line for line, _ in batch], **values})


def _text_sql(file: File, name: str, position: int) -> str:
    value = f"v{position}::VARCHAR"
    return presence(value).sql if file.origins.get(name, name) != name else cleaned(value)


def _values(batch: list, place) -> list[str | None]:
    if place is None:
        return [None] * len(batch)
    if isinstance(place, int):
        return [record[place] for _, record in batch]
    return [record.get(place) for _, record in batch]


def drop_unused(connection: Connection, contract: Contract, files: list[File], columns: dict[str, str],
                told: Iterable[str] = ()) -> dict[str, str]:
    """Take out the columns that no JSON line has: they are absent, not empty; DatasetError for a required one.

    `told`: columns that something else gives, empty or not.
    """
    seen = {name for file in files for name, origin in file.origins.items()
            if file.form not in KEYED or origin in file.header} | set(told)
    unseen = [name for name in columns if name not in seen]
    counts = ", ".join(f"count({identifier(name)})" for name in columns)
    rows, *filled = connection.execute(f"SELECT count(*), {counts} FROM {table_of(contract)}").fetchone()
    if rows == 0:  # of no line at all nothing can be said
        return columns
    used = dict(zip(columns, filled, strict=True))
    unused = [name for name in unseen if used[name] == 0]
    refuse_missing(contract, set(columns) - set(unused))
    for name in unused:
        connection.execute(f"ALTER TABLE {table_of(contract)} DROP COLUMN {identifier(name)}")
    return {name: kind for name, kind in columns.items() if name not in unused}


def _partly_absent(contract: Contract, files: list[File]) -> str | None:
    """A sentence on columns that some files lack and others have; None where there are none."""
    lacking = [f"{name} in {file.shown}" for name in contract.columns for file in files
               if name not in file.shapes and any(name in other.shapes for other in files)]
    return f"missing, and read as empty: {', '.join(lacking)}" if lacking else None


def _stage_select(connection: Connection, home: Home, source: Source, contract: Contract, select: str) -> Staged:
    """Stage what a SELECT over files gives; its paths are relative to the home."""
    shapes = plan_select(connection, home, contract, select)
    given = ", ".join(f"{shape.sql} AS {identifier(name)}" for name, shape in shapes.items())
    why = None
    try:
        connection.execute(f"CREATE TABLE {table_of(contract)} AS SELECT {given} FROM ({select}\n) AS q")
    except DatabaseError:
        why = "the SELECT fails on the files' rows: read the columns as VARCHAR, and bad rows will be set aside one by one"
    if why:
        raise DatasetError(why)
    return Staged(contract, source.name, (), tuple(shapes), Refusals(), None)


def plan_select(connection: Connection, home: Home, contract: Contract, select: str) -> dict[str, Shape]:
    """How the columns of a SELECT over files are staged; DatasetError if it cannot run or does not meet the contract."""
    connection.execute(f"SET file_search_path = {quoted(str(home.path.resolve()))}")
    if not is_one_select(connection, select):
        raise DatasetError("the mapping is no single SELECT: write one, and nothing after it")
    relation = f"({select}\n) AS q"
    kinds = _kinds(connection, relation,
                   "the SELECT cannot run: check its SQL, its paths (relative to the home) and the files")
    return {name: presence(identifier(origin)) if origin != name
            else _shape_or_nothing(connection, contract, name, kinds[origin], relation)
            for name, origin in origins(contract, kinds).items()}
