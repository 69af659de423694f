"""PostgreSQL as a source: one read-only snapshot, and only the columns of the contracts, by SQL that runs over there.

The password travels from the environment into a secret in DuckDB's memory, as a bound parameter. What PostgreSQL answers
in an error may hold a row's values: nothing of it is passed on but names of tables and columns, in sentences of ours.
"""

import re
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from functools import partial

from pipelines.collect.reading import (
    CUT,
    NEEDS_GRANT,
    Reading,
    connection_string,
    fields_of_uri,
    in_our_words,
    while_attached,
)
from pipelines.collect.retries import FULL, GAVE_WAY, LOST, UNREACHABLE
from pipelines.collect.sources import Source
from pipelines.collect.staging import (
    DatasetError,
    Refusals,
    Shape,
    Staged,
    cleaned,
    table_of,
    without_zone,
    wrong_type,
)
from pipelines.register.contracts import Column
from pipelines.warehouse import Connection, DatabaseError, identifier, quoted

SECRET_FIELDS = {"host": "HOST", "port": "PORT", "dbname": "DATABASE", "user": "USER", "password": "PASSWORD"}
CONNECT_SECONDS = 15
TEXTS = ("text", "varchar", "bpchar", "citext", "name", "enum")
WHOLE = ("int2", "int4", "int8")
# What DuckDB would wrap or clamp (infinity, and years beyond 9999) arrives as a moment that the checks refuse.
FAR_MOMENT, FAR_DAY = "'20000-01-01 00:00:00+00'::timestamptz", "'20000-01-01'::date"
TYPES = """SELECT t.oid::bigint AS oid, CASE WHEN t.typtype = 'e' THEN 'enum' ELSE t.typname::text END AS name,
    CASE WHEN t.typtype = 'd' THEN t.typbasetype::bigint END AS base FROM pg_catalog.pg_type AS t
    WHERE t.typtype IN ('b', 'd', 'e') AND t.typelem = 0 OR t.typname = 'name'"""

# PostgreSQL's words, and ours; a group is the name of a table or column, never a value.
SENTENCES = (
    (r"password authentication failed|no password supplied", "the user or the password in ${secret} is refused"),
    (r"no pg_hba\.conf entry", "the server does not let this user in from here: ask for a line in its pg_hba.conf"),
    (r"unexpected eof while reading|SSL SYSCALL error", LOST),  # OpenSSL's words for a server that is gone
    (r"certificate|SSL error|server does not support SSL|SSL connection is required",
     "TLS cannot be agreed on with the server: check sslmode and sslrootcert"),
    (r"could not translate host name|Connection refused|No route to host|timeout expired|could not connect|"
     r"No such file or directory|Network is unreachable|the database system is",
     UNREACHABLE),
    (r"too many connections|remaining connection slots|too many clients", FULL),
    (r'database "[^"]*" does not exist', "the database named in ${secret} does not exist"),
    (r'role "[^"]*" does not exist', "the user named in ${secret} does not exist"),
    (r"statement timeout", "it took longer than statement_timeout_seconds ({timeout}): raise it, or read less"),
    (r"row-level security", "row-level security would hide rows: let the role see all rows of the table"),
    (r"permission denied for (\w+) (\w+)", "the role may not read {0} {1}: " + NEEDS_GRANT),
    (r'relation "([\w.]+)" does not exist', "there is no table {0}: correct the SELECT"),
    (r'column "?([\w.]+)"? does not exist', "there is no column {0}: correct the SELECT"),
    (r"duplicate column name|specified more than once", "two columns of the SELECT have the same name: rename one"),
    (r"syntax error", "the SELECT is not SQL that PostgreSQL understands"),
    (r"cannot execute .* in a read-only transaction", "the SELECT tries to write: only reading is allowed"),
    (r"server closed the connection|terminating connection|connection to server|SSL connection has been closed|"
     r"no connection to the server|Software caused connection abort|Connection reset|could not receive data|Broken pipe",
     LOST),
    (r"conflict with recovery|could not serialize access|deadlock detected", GAVE_WAY),
    (r"[Ii]nvalid (?:input syntax|byte sequence|unicode|UTF)|out of range|could not convert|division by zero|not valid UTF",
     "a value cannot be converted as the SELECT asks: cast with care at the source"),
)


def read(connection: Connection, source: Source, database: str, readings: list[Reading]
         ) -> tuple[list[Staged], dict[str, str]]:
    """Stage all in one REPEATABLE READ, READ ONLY transaction; (all of them, {}) or else ([], {which failed: why})."""
    current, staged = readings[0], []
    connection.execute("BEGIN")
    try:
        at = ask(connection, database, "SELECT transaction_timestamp() AS at").fetchone()[0]
        for current in readings:
            connection.execute(f"CREATE TABLE {table_of(current.contract)} AS {_staged_sql(database, current)}")
            staged.append(Staged(current.contract, source.name, (), tuple(current.shapes), Refusals(), at,
                                 reads_from=current.reads_from))
        connection.execute("COMMIT")
        return staged, {}
    except DatabaseError as error:
        why = sentence(str(error), source)
    # A connection that is lost cannot say ROLLBACK any more; our side of the transaction ends all the same.
    with suppress(DatabaseError):
        connection.execute("ROLLBACK")
    return [], {current.contract.name: why}


def _staged_sql(database: str, reading: Reading) -> str:
    asked = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in reading.asked.items())
    columns = ", ".join(f"{shape.sql} AS {identifier(name)}" for name, shape in reading.shapes.items())
    there = f"SELECT {asked} FROM {reading.relation}"
    return f"SELECT {columns} FROM postgres_query({quoted(database)}, {quoted(there)})"


def ask(connection: Connection, database: str, sql: str):
    """Run SQL at the source."""
    return connection.execute(f"SELECT * FROM postgres_query({quoted(database)}, {quoted(sql)})")


def attached(connection: Connection, source: Source, read_only: bool = True) -> AbstractContextManager[str]:
    """Attach the source, and yield the name it is attached under; DatasetError, in our words, if it cannot be reached."""
    return while_attached(connection, source, "postgres_scanner", _make_secret, partial(_attach, read_only=read_only))


def _make_secret(connection: Connection, source: Source, name: str) -> None:
    fields = _connection_fields(source)
    given = {key: value for key, value in fields.items() if key in SECRET_FIELDS}
    options = ", ".join(f"{SECRET_FIELDS[key]} ${key}" for key in given)
    connection.execute(f"CREATE TEMPORARY SECRET {name} (TYPE postgres{', ' if options else ''}{options})", given)


def _attach(connection: Connection, source: Source, name: str, read_only: bool) -> None:
    words = quoted(_options(source, read_only))
    mode = "READ_ONLY, " if read_only else ""
    why = None
    try:
        connection.execute(f"ATTACH {words} AS {name} (TYPE postgres, {mode}SECRET {name})")
        ask(connection, name, "SELECT 1 AS one").fetchall()
    except DatabaseError as error:
        why = sentence(str(error), source)
    if why:
        connection.execute(f"DETACH DATABASE IF EXISTS {name}")
        raise DatasetError(why)


def _options(source: Source, read_only: bool) -> str:
    """The libpq settings that are no secret: TLS, encoding, time limits, and no silent hiding of rows."""
    fields = {key: value for key, value in _connection_fields(source).items() if key not in SECRET_FIELDS}
    server = f"-c statement_timeout={source.statement_timeout_seconds * 1000} -c row_security=off"
    server += " -c default_transaction_read_only=on" if read_only else ""
    fields["options"] = f"{fields.get('options', '')} {server}".strip()
    fields.setdefault("sslmode", "prefer")
    fields.setdefault("connect_timeout", str(CONNECT_SECONDS))
    fields.setdefault("application_name", "alpia")
    fields["client_encoding"] = "UTF8"
    if source.sslmode:
        fields["sslmode"] = source.sslmode
    if source.sslrootcert:
        fields["sslrootcert"] = str(source.sslrootcert)
    return " ".join(f"{key}={_libpq_quoted(value)}" for key, value in fields.items())


def _libpq_quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _connection_fields(source: Source) -> dict[str, str]:
    """The fields of the connection string in the source's environment variable; DatasetError, repeating none of it."""
    dsn = connection_string(source)
    fields = fields_of_uri(dsn) if re.match(r"postgres(ql)?://", dsn) else _from_pairs(dsn)
    if not fields:
        raise DatasetError(f"what the environment variable {source.secret} holds is no connection string: write "
                           "postgresql://user:password@host:port/database, or key=value pairs")
    return fields


def _from_pairs(dsn: str) -> dict[str, str]:
    pair = re.compile(r"\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)+))\s*")
    fields, at = {}, 0
    while at < len(dsn):
        match = pair.match(dsn, at)
        if match is None:
            return {}
        fields[match[1]] = re.sub(r"\\(.)", r"\1", match[2] if match[2] is not None else match[3])
        at = match.end()
    return fields


def sentence(message: str, source: Source) -> str:
    """PostgreSQL's error in our words, without a value and without a secret."""
    return in_our_words(message, source, SENTENCES)


def catalogue(connection: Connection, source: Source, database: str) -> tuple[dict[str, str], str]:
    """How the columns of the application's tables are asked for: from pg_catalog, which hides none from any role."""
    asked = {"schema_name": "n.nspname::text", "table_name": "c.relname::text", "column_name": "a.attname::text",
             "data_type": "t.typname::text", "full_type": "format_type(a.atttypid, a.atttypmod)",
             "comment": "col_description(c.oid, a.attnum)", "table_comment": "obj_description(c.oid, 'pg_class')"}
    only = f" AND n.nspname IN ({', '.join(map(quoted, source.columns.schemas))})" if source.columns.schemas else ""
    # A partition has the columns of its table, a view those of others.
    return asked, ("pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid "
                   "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
                   "JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid WHERE a.attnum > 0 AND NOT a.attisdropped "
                   "AND c.relkind IN ('r', 'p', 'f', 'm') AND NOT c.relispartition "
                   "AND n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'" + only)


def _known_types(connection: Connection, database: str) -> dict[int, str]:
    """The base type of every type of the database, by its oid; an enumeration counts as text."""
    rows = ask(connection, database, TYPES).fetchall()
    names = {oid: name for oid, name, _ in rows}
    bases = {oid: base for oid, _, base in rows if base is not None}
    found = {}
    for oid in names:
        root = oid
        while root in bases:
            root = bases[root]
        found[oid] = names.get(root, "?")
    return found


def kinds(connection: Connection, source: Source, database: str, select: str) -> dict[str, str]:
    """The SELECT's columns and their types at the source, reading no row; DatasetError where it cannot run."""
    why = None
    try:
        nothing = quoted(f"SELECT * FROM ({select}\n) AS q LIMIT 0")
        described = connection.execute(f"DESCRIBE FROM postgres_query({quoted(database)}, {nothing})").fetchall()
        names = [row[0] for row in described]
        # A row of types even where there is no row of data.
        asked = ", ".join(f"pg_typeof(q.{identifier(name)})::oid::bigint AS c{at}" for at, name in enumerate(names))
        empty = f"(SELECT * FROM ({select}\n) AS s LIMIT 0)"
        sql = f"SELECT {asked} FROM (SELECT 1 AS one) AS o LEFT JOIN {empty} AS q ON true"
        oids = ask(connection, database, sql).fetchone()
        types = _known_types(connection, database)
    except DatabaseError as error:
        why = sentence(str(error), source)
    if why:
        raise DatasetError(why)
    return {name: types.get(oid, "?") for name, oid in zip(names, oids, strict=True)}


def since(origin: str, kind: str, at: datetime, source: Source) -> str | None:
    """SQL that is true of the rows `q` not before `at`, or without a moment; None where the source could not tell."""
    by = f"q.{identifier(origin)}"
    return f"{by} >= {quoted(at.isoformat())}::timestamptz OR {by} IS NULL" if kind == "timestamptz" else None


def shape(column: Column, origin: str, kind: str, source: Source) -> tuple[str, Shape]:
    """How a column is asked for at the source, and how the answer is staged; DatasetError where its type will not do."""
    sql, name = f"q.{identifier(origin)}", identifier(column.name)
    if origin != column.name:
        blanks = r"E' \t\r\n'"
        return f"({sql} IS NOT NULL AND btrim({sql}::text, {blanks}) <> '')", Shape(name, "BOOLEAN")
    if kind in TEXTS:
        return f"left({sql}::text, {CUT})", Shape(cleaned(name), "VARCHAR")
    return _SHAPES[column.type](column, sql, kind, name)


def _label(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind in (*WHOLE, "uuid") or (kind == "bool" and column.type == "word"):
        # Shorter on the way than as text.
        return sql, Shape(f"{name}::VARCHAR", "VARCHAR")
    if kind == "numeric":
        return f"left({sql}::text, {CUT})", Shape(name, "VARCHAR")
    raise wrong_type(column, kind, f"{column.name}::bigint or ::text")


def _moment(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind == "timestamptz":
        near = f"{sql} >= '0001-01-01 00:00:00+00' AND {sql} < '10000-01-01 00:00:00+00'"
        return f"CASE WHEN {near} OR {sql} IS NULL THEN {sql} ELSE {FAR_MOMENT} END", Shape(name, "TIMESTAMPTZ")
    if kind in ("timestamp", "date"):
        raise without_zone(column, "timestamp without time zone" if kind == "timestamp" else "a date")
    raise wrong_type(column, kind, "a timestamptz")


def _day(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind == "date":
        near = f"{sql} >= '0001-01-01' AND {sql} < '10000-01-01'"
        return f"CASE WHEN {near} OR {sql} IS NULL THEN {sql} ELSE {FAR_DAY} END", Shape(name, "DATE")
    if kind in ("timestamptz", "timestamp"):
        raise wrong_type(column, kind, f"({column.name} AT TIME ZONE 'Europe/Paris')::date")
    raise wrong_type(column, kind, "a date")


def _flag(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind == "bool":
        return sql, Shape(name, "BOOLEAN")
    if kind in WHOLE:
        return f"{sql}::text", Shape(name, "VARCHAR")
    raise wrong_type(column, kind, "a boolean")


def _count(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind in WHOLE:
        return f"{sql}::bigint", Shape(name, "BIGINT")
    if kind in ("numeric", "float4", "float8"):
        return f"left({sql}::text, {CUT})", Shape(name, "VARCHAR")
    raise wrong_type(column, kind, "a whole number")


_SHAPES = {"id": _label, "word": _label, "moment": _moment, "day": _day, "flag": _flag, "count": _count}

