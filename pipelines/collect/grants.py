"""The least that a database role needs: SELECT on exactly the columns that the SELECTs of a source read.

Which columns those are, PostgreSQL itself says: a view on the SELECT is made in a transaction that is rolled back, and the
view's recorded dependencies (pg_depend) name every column in it, in joins, conditions and expressions alike. Limits: it
needs a primary server, a user who may read the tables already, and the right to make temporary tables; nothing is said on
functions (PUBLIC may call them by default) and on row-level security, which fails loudly in the collection.

MariaDB records no dependencies and rolls no view back: there the SELECT is taken apart here (sqlglot), with the columns that
the user may see (information_schema). Stored functions need their own GRANT EXECUTE.
"""

from contextlib import suppress
from dataclasses import dataclass

from pipelines import warehouse
from pipelines.collect import mariadb, postgres
from pipelines.collect.database import DIALECTS
from pipelines.collect.sources import SOURCE_COLUMNS, Source, Sources, is_select
from pipelines.collect.staging import DatasetError
from pipelines.errors import AlpiaError
from pipelines.warehouse import Connection, DatabaseError, quoted

DEFAULT_ROLE = "alpia"
# A table of which no column is named (count(*)) needs the right to some column: its first is the least.
DEPENDENCIES = """
SELECT DISTINCT n.nspname::text AS schema_name, c.relname::text AS table_name, a.attname::text AS column_name,
       a.attnum::int AS place
FROM pg_catalog.pg_depend AS d
JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_class'::regclass
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     AND (a.attnum = d.refobjsubid OR d.refobjsubid = 0 AND a.attnum = (
          SELECT min(f.attnum) FROM pg_catalog.pg_attribute AS f
          WHERE f.attrelid = c.oid AND f.attnum > 0 AND NOT f.attisdropped)
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS o WHERE o.objid = d.objid AND o.refobjid = c.oid
                          AND o.classid = d.classid AND o.refobjsubid > 0))
WHERE r.ev_class = '{view}'::regclass AND c.oid <> r.ev_class
"""


@dataclass(frozen=True, slots=True)
class Reads:
    """The columns read of one table, in the table's order."""

    schema: str
    table: str
    columns: tuple[str, ...]


def grants(sources: Sources, contracts, role: str = DEFAULT_ROLE, source: str | None = None) -> str:
    """The SQL that an administrator runs once, for all databases or the source named; AlpiaError if none is one."""
    chosen = [one for one in sources.by_name.values() if one.kind in DIALECTS and source in (None, one.name)]
    if not chosen:
        raise AlpiaError("sources.toml has no such source in a database: grants are for databases only.")
    return "\n\n".join(_grants_of(one, contracts, role) for one in chosen) + "\n"


def selects(source: Source) -> dict[str, str]:
    """The SELECTs of a database: all that is mapped but its own catalogue."""
    return {name: text for name, text in source.datasets.items() if is_select(text)}


def _grants_of(source: Source, contracts, role: str) -> str:
    con = warehouse.memory()
    try:
        lines = _LINES[source.kind](con, source, role)
    except DatasetError as error:
        raise AlpiaError(f"{source.name}: {error}.") from None
    finally:
        con.close()
    return "\n".join([f"-- {source.name}: what the collection reads, and nothing else", *lines, *_hint(source, contracts)])


def _postgres_lines(con: Connection, source: Source, role: str) -> list[str]:
    with postgres.attached(con, source, read_only=False) as database:
        name = postgres.ask(con, database, "SELECT current_database()::text AS name").fetchone()[0]
        read = columns_read(con, source, database)
    own = [one for one in read if one.schema != "pg_catalog"]
    lines = [f"GRANT CONNECT ON DATABASE {_name(name)} TO {_name(role)};"]
    lines += [f"GRANT USAGE ON SCHEMA {_name(schema)} TO {_name(role)};" for schema in sorted({one.schema for one in own})]
    return lines + [_grant(one, _name(role), _name) for one in own]


def _mariadb_lines(con: Connection, source: Source, role: str) -> list[str]:
    with mariadb.attached(con, source) as database:
        own = mariadb.ask(con, database, "SELECT database() AS name").fetchone()[0]
        rows = mariadb.ask(con, database, "SELECT table_schema AS s, table_name AS t, column_name AS c "
                                          "FROM information_schema.columns ORDER BY 1, 2, ordinal_position").fetchall()
    known: dict[str, dict[str, dict[str, str]]] = {}
    for schema, table, column in rows:
        known.setdefault(schema, {}).setdefault(table, {})[column] = "text"
    read = [one for one in _columns_named(source, known, own) if one.schema != "information_schema"]
    whom = f"{mariadb.name_of(role)}@'%'"
    # It shows the columns of all tables, also of those to come, and gives access to no row.
    seen = (source.columns.schemas or (own,)) if source.columns and SOURCE_COLUMNS not in selects(source) else ()
    return [_grant(one, whom, mariadb.name_of) for one in read] + [
        f"GRANT REFERENCES ON {mariadb.name_of(schema)}.* TO {whom};" for schema in seen]


_LINES = {"postgres": _postgres_lines, "mariadb": _mariadb_lines}


def _columns_named(source: Source, known: dict, database: str) -> list[Reads]:
    """Every table that the SELECTs name, with the columns, in the table's order; DatasetError if one is not understood."""
    # Not with the rest: the night does without it, and it takes a second to load.
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import traverse_scope

    found: dict[tuple[str, str], set[str]] = {}
    for dataset, select in selects(source).items():
        try:
            tree = qualify(parse_one(select, dialect="mysql"), schema=known, db=database, dialect="mysql")
        except SqlglotError:
            raise DatasetError(f"{dataset}: the SELECT names a table or column that this user cannot see") from None
        for scope in traverse_scope(tree):
            tables = {name: (one.db, one.name) for name, one in scope.sources.items() if isinstance(one, exp.Table)}
            for place in tables.values():
                found.setdefault(place, set())
            for column in scope.columns:
                if column.table in tables:
                    found[tables[column.table]].add(column.name.lower())
    return [Reads(schema, table, _in_order(known.get(schema, {}).get(table, {}), named))
            for (schema, table), named in sorted(found.items())]


def _in_order(columns: dict[str, str], named: set[str]) -> tuple[str, ...]:
    """The columns named, as the table writes and orders them; of a table of which none is (count(*)), the first."""
    return tuple(column for column in columns if column.lower() in named) or tuple(columns)[:1]


def _grant(one: Reads, role: str, name) -> str:
    columns = ", ".join(name(column) for column in one.columns)
    return f"GRANT SELECT ({columns}) ON {name(one.schema)}.{name(one.table)} TO {role};"


def columns_read(con: Connection, source: Source, database: str) -> list[Reads]:
    """Every table that the source's SELECTs read, with the columns; DatasetError naming the dataset if one cannot run."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    for dataset, select in selects(source).items():
        for schema, table, column, place in _dependencies(con, source, database, dataset, select):
            found.setdefault((schema, table), {})[place] = column
    return [Reads(schema, table, tuple(columns[place] for place in sorted(columns)))
            for (schema, table), columns in sorted(found.items())]


def _dependencies(con: Connection, source: Source, database: str, dataset: str, select: str) -> list[tuple]:
    view = f"pg_temp.alpia_{dataset}"
    why, rows = None, []
    make_view = quoted(f"CREATE TEMPORARY VIEW alpia_{dataset} AS {select}")
    con.execute("BEGIN")
    try:
        con.execute(f"CALL postgres_execute({quoted(database)}, {make_view})")
        rows = postgres.ask(con, database, DEPENDENCIES.format(view=view)).fetchall()
    except DatabaseError as error:
        why = postgres.sentence(str(error), source)
    with suppress(DatabaseError):
        con.execute("ROLLBACK")
    if why:
        raise DatasetError(f"{dataset}: {why}")
    return rows


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _hint(source: Source, contracts) -> list[str]:
    """Which datasets look at personal columns: the role can then read these, unless a view stands between."""
    flagged = [dataset for dataset in source.datasets
               if any(column.action == "present" for column in contracts[dataset].columns.values())]
    if not flagged:
        return []
    return [f"-- {', '.join(flagged)}: to see whether a personal column is filled, a role must be allowed to read it.",
            "-- To withhold even that, let the owner make a view of the SELECT in sources.toml (CREATE VIEW … AS SELECT …),",
            "-- write SELECT * FROM that view there, and run this command again."]
