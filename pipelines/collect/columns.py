"""The columns of the watched system's databases, by name, type and comment, never their rows: what are they about?

A comment may itself tell of persons: it is matched against the terms here, in memory, and not kept.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from pipelines.collect.reading import Reading
from pipelines.collect.sources import COLUMN_EXEMPTIONS, SOURCE_COLUMNS, ColumnRules, Exemption, Source
from pipelines.collect.staging import DatasetError, Refusals, Shape, Staged, cleaned, table_of
from pipelines.register import columns
from pipelines.register.contracts import Column, Contract
from pipelines.warehouse import Connection, identifier, insert

# What is read of a column; the last are looked at and not kept.
NAMES = ("schema_name", "table_name", "column_name", "data_type")
LOOKED_AT = ("full_type", "comment", "table_comment")


def asked(source: Source, contracts) -> list[Contract]:
    """What is read of a source: its datasets; of a catalogue what `as_read` says; exemptions stand in sources.toml."""
    return [as_read(contracts[name]) if name == SOURCE_COLUMNS else contracts[name]
            for name in source.datasets if name != COLUMN_EXEMPTIONS]


def looked_at(connection: Connection, source: Source, staged: list[Staged], failed: dict[str, str], contracts
              ) -> tuple[list[Staged], dict[str, str]]:
    """The same, with the catalogue (if it is among them) as `classified` has it."""
    if SOURCE_COLUMNS in failed:
        failed = failed | {COLUMN_EXEMPTIONS: failed[SOURCE_COLUMNS]}
    found = []
    for one in staged:
        if one.contract.name == SOURCE_COLUMNS:
            told, why = classified(connection, source, one, contracts)
            found, failed = found + told, failed | why
        else:
            found.append(one)
    return found, failed


def as_read(contract: Contract) -> Contract:
    """What a source is asked for: the names, and what is only looked at."""
    looked_at = {name: Column(name, "word", "keep", None, False, (), False, None, False, contract.category)
                 for name in LOOKED_AT}
    return replace(contract, columns=MappingProxyType({name: contract.columns[name] for name in NAMES} | looked_at))


def reading(contract: Contract, asked: dict[str, str], relation: str, wire: str = "") -> Reading:
    """How a database's own catalogue is read: `asked`, its dialect's SQL for each of NAMES and LOOKED_AT."""
    shapes = {name: Shape(cleaned(identifier(name)), "VARCHAR", wire) for name in asked}
    return Reading(contract, asked, relation, MappingProxyType(shapes))


def classified(connection: Connection, source: Source, staged: Staged, contracts) -> tuple[list[Staged], dict[str, str]]:
    """In place of what was read: the columns with their category and what they smell of, and the exemptions with their use.

    Nothing of a comment is left. {dataset: why} where a schema that should be read shows no column.
    """
    given = ", ".join(identifier(name) if name in staged.columns else "NULL" for name in (*NAMES, *LOOKED_AT))
    place = "_file, _line" if staged.files else "NULL, NULL"
    rows = connection.execute(f"SELECT {given}, {place} FROM {staged.table} ORDER BY ALL").fetchall()
    connection.execute(f"DROP TABLE {staged.table}")
    try:
        _refuse_missing_schemas(source.columns, {row[0] for row in rows})
    except DatasetError as error:
        return [], {SOURCE_COLUMNS: str(error), COLUMN_EXEMPTIONS: str(error)}
    register = columns.load()
    found = [_classified(source, register, row) for row in rows]
    kept = Staged(contracts[SOURCE_COLUMNS], staged.source, staged.files, tuple(contracts[SOURCE_COLUMNS].columns),
                  staged.refusals, staged.written_at, staged.detail)
    _fill(connection, kept, [row for row, _ in found], with_places=bool(staged.files))
    used = [exemption for _, exemption in found if exemption]
    exemptions = Staged(contracts[COLUMN_EXEMPTIONS], staged.source, (), tuple(contracts[COLUMN_EXEMPTIONS].columns),
                        Refusals(), staged.written_at)
    _fill(connection, exemptions, [(source.name, one.pattern, one.until_on, used.count(one))
                                   for one in source.columns.exemptions])
    return [kept, exemptions], {}


def _refuse_missing_schemas(rules: ColumnRules, seen: set[str]) -> None:
    missing = sorted(set(rules.schemas) - seen)
    if missing or not seen:
        where = f" of {', '.join(missing)}" if missing else ""
        raise DatasetError(f"the catalogue shows no column{where}: correct `catalogue`, or let the role see the schema")


def _classified(source: Source, register: columns.ColumnRegister, row: tuple) -> tuple[tuple, Exemption | None]:
    """(the row as it is kept, the exemption that it makes use of)."""
    schema, table, column, kind, *looked_at, file, line = row
    name = (schema or "", table or "", column or "")
    smell = register.smell((table, column, *looked_at))
    exemption = next((one for one in source.columns.exemptions if columns.fits(one.pattern, *name)), None) if smell else None
    kept = (source.name, schema, table, column, kind, _category(source.columns, register, name),
            smell.category if smell else None, ", ".join(smell.terms)[:200] if smell else None,
            smell.is_ambiguous if smell else None, exemption.until_on if exemption else None)
    return (*kept, file, line), exemption


def _category(rules: ColumnRules, register: columns.ColumnRegister, name: tuple[str, str, str]) -> str | None:
    return next((category for category, patterns in _listed(rules, register)
                 if any(columns.fits(pattern, *name) for pattern in patterns)), None)


def _listed(rules: ColumnRules, register: columns.ColumnRegister) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from rules.categories.items()
    yield from register.categories.items()


def _fill(connection: Connection, staged: Staged, rows: list[tuple], with_places: bool = False) -> None:
    layout = [f"{identifier(name)} {column.sql_type}" for name, column in staged.contract.columns.items()]
    layout += ["_file INTEGER", "_line BIGINT"] if with_places else []
    connection.execute(f"CREATE TABLE {table_of(staged.contract)} ({', '.join(layout)})")
    insert(connection, table_of(staged.contract), [row[:len(layout)] for row in rows])
