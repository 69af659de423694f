"""MariaDB as a source: one statement is one snapshot, and only the columns of the contracts, by SQL that runs over there.

DuckDB's extension resets its connection before each statement and starts no transaction for SQL of ours, so that no snapshot
can outlast a statement. A single statement has one: InnoDB reads all tables of it as of one moment, and other engines lock
theirs. So all datasets are read by one SELECT, a UNION ALL in which each dataset's columns sit in typed slots, under a time
limit and forbidden to write (SET STATEMENT); a last row says that nothing is missing.

The password travels from the environment into a secret in DuckDB's memory, as a bound parameter. What MariaDB answers in an
error may hold a row's values: nothing of it is passed on but names of tables and columns, in sentences of ours.
"""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from itertools import zip_longest
from zoneinfo import ZoneInfo

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
    WHOLE_NUMBERS,
    WIDE_NUMBERS,
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
TLS = {"disable": "disabled", "prefer": "preferred", "require": "required", "verify-ca": "verify_ca",
       "verify-full": "verify_identity"}
# Of a TIMESTAMP the server gives the wall clock of the session's zone; a TINYINT(1) may hold 2; '0000-00-00' is no date.
SETTINGS = ("SET mysql_session_time_zone = '+00:00'", "SET mysql_tinyint1_as_boolean = false",
            "SET mysql_bit1_as_boolean = true", "SET mysql_incomplete_dates_as_nulls = true")
# What travels in a slot: whole numbers, moments (wall clock), days, texts.
WIRES = {"whole": "BIGINT", "moment": "TIMESTAMP", "day": "DATE", "text": "VARCHAR"}
EMPTY_SLOTS = {"whole": "CAST(NULL AS SIGNED)", "moment": "CAST(NULL AS DATETIME(6))", "day": "CAST(NULL AS DATE)",
               "text": "CAST(NULL AS CHAR)"}
STAMP, DATETIME = "timestamp", "datetime"
TEXT, FOLDED = "VARCHAR", "VARCHAR of a collation that ignores case"
# A date of which only the month or the day is nought is no date: it arrives as one that the checks refuse.
NO_MOMENT, NO_DAY = "CAST('0000-01-01' AS DATETIME(6))", "CAST('0000-01-01' AS DATE)"
END = -1
# The extension's own errors repeat the SQL before the server's words.
SERVERS_WORDS = re.compile(r'(?s)^.*?MySQL query ".*": (.*?)(?:\n\nLINE \d+:.*)?$')
TYPE_IN_ERROR = re.compile(r"Illegal parameter data type (\w+) for operation")

# MariaDB's words, and ours; a group is the name of a table or column, never a value.
SENTENCES = (
    (r"Access denied for user .* to database", "the user may not use the database named in ${secret}"),
    (r"Access denied for user", "the user or the password in ${secret} is refused"),
    (r"(?i)\bSSL\b|\bTLS\b|certificate", "TLS cannot be agreed on with the server: check sslmode and sslrootcert"),
    (r"Unknown database", "the database named in ${secret} does not exist"),
    (r"No database selected", "${secret} names no database: write it at the end of the connection string"),
    (r"Can't connect|Unknown (?:MySQL )?server host|Connection refused|reading initial communication",
     UNREACHABLE),
    (r"Too many connections|max_user_connections", FULL),
    (r"max_statement_time exceeded", "it took longer than statement_timeout_seconds ({timeout}): raise it, or read less"),
    (r"command denied to user .* for column [`'](\w+)[`'] in table [`'](\w+)",
     "the role may not read column {0} of table {1}: " + NEEDS_GRANT),
    (r"command denied to user .* for table (?:[`']\w+[`']\.)?[`'](\w+)",
     "the role may not read table {0}: " + NEEDS_GRANT),
    (r"command denied to user|denied for routine", "the role may not read all that the SELECT names: " + NEEDS_GRANT),
    (r"Table '(?:\w+\.)?(\w+)' doesn't exist", "there is no table {0}: correct the SELECT"),
    (r"Unknown column '([\w.]+)'", "there is no column {0}: correct the SELECT"),
    (r"Duplicate column name|duplicate column name", "two columns of the SELECT have the same name: rename one"),
    (r"error in your SQL syntax", "the SELECT is not SQL that MariaDB understands"),
    (r"READ ONLY transaction|read-only", "the SELECT tries to write: only reading is allowed"),
    (r"Lost connection|gone away|Connection was killed|Connection reset|Broken pipe|execution was interrupted",
     LOST),
    (r"[Dd]eadlock found|Lock wait timeout exceeded|Table definition has changed", GAVE_WAY),
    (r"out of range|more than 1 row|Illegal mix of collations|Incorrect .* value|Division by 0",
     "a value cannot be converted as the SELECT asks: cast with care at the source"),
)


def read(connection: Connection, source: Source, database: str, readings: list[Reading]
         ) -> tuple[list[Staged], dict[str, str]]:
    """Stage all by one statement; (all of them, {}) or else ([], {which failed: why})."""
    layout = _Layout(readings)
    try:
        connection.execute(f"CREATE TABLE staging.slots AS {_asked(database, layout.sql(source))}")
    except DatabaseError as error:
        why = sentence(str(error), source)
        failed = _culprits(connection, source, database, readings)
        return [], failed or {reading.contract.name: why for reading in readings}
    at = _whole_until(connection)
    staged = []
    for number, reading in enumerate(readings):
        connection.execute(f"CREATE TABLE {table_of(reading.contract)} AS {layout.of(number)}")
        staged.append(Staged(reading.contract, source.name, (), tuple(reading.shapes), Refusals(), at,
                             reads_from=reading.reads_from))
    connection.execute("DROP TABLE staging.slots")
    _spell_alike(connection, readings)
    return staged, {}


def _spell_alike(connection: Connection, readings: list[Reading]) -> None:
    """Give one spelling to ids that are one for the source: the one of the dataset that has the id in its key, if any."""
    places: dict[str, list[tuple[str, str, bool]]] = {}
    for reading in readings:
        for name, given in reading.shapes.items():
            column = reading.contract.columns[name]
            if given.ignores_case and column.type == "id":
                places.setdefault(column.of, []).append(
                    (table_of(reading.contract), identifier(name), reading.contract.key == (name,)))
    for found in places.values():
        ids = " UNION ALL ".join(f"SELECT {name} AS id, {not owner} AS borrowed FROM {table} WHERE {name} IS NOT NULL"
                                 for table, name, owner in found)
        connection.execute(
            "CREATE TABLE staging.spelling AS SELECT id, chosen FROM (SELECT id, first(id) OVER (PARTITION BY lower(id) "
            f"ORDER BY borrowed, id) AS chosen FROM (SELECT id, min(borrowed) AS borrowed FROM ({ids}) GROUP BY id)) "
            "WHERE id <> chosen")
        if connection.execute("SELECT count(*) FROM staging.spelling").fetchone()[0]:
            for table, name, _ in found:
                connection.execute(f"UPDATE {table} SET {name} = s.chosen FROM staging.spelling AS s WHERE s.id = {name}")
        connection.execute("DROP TABLE staging.spelling")


def _whole_until(connection: Connection) -> datetime:
    """The moment of the statement, from its last row; DatasetError if that never came."""
    found = connection.execute(f"SELECT moment_1 AT TIME ZONE 'UTC' FROM staging.slots WHERE part = {END}").fetchone()
    if found is None:
        connection.execute("DROP TABLE staging.slots")
        raise DatasetError("the answer ended before its last row: nothing that was half read is kept")
    return found[0]


class _Layout:
    """Which column of which reading sits in which slot of the one statement."""

    def __init__(self, readings: list[Reading]):
        self.readings = readings
        self.slots = [self._slots(reading) for reading in readings]
        # The last row brings the moment of the statement.
        most = {wire: max([int(wire == "moment"), *(len(slots[wire]) for slots in self.slots)]) for wire in WIRES}
        self.names = {wire: [f"{wire}_{number}" for number in range(1, count + 1)] for wire, count in most.items()}

    @staticmethod
    def _slots(reading: Reading) -> dict[str, list[str]]:
        return {wire: [name for name, shape in reading.shapes.items() if shape.wire == wire] for wire in WIRES}

    def sql(self, source: Source) -> str:
        """The statement, in MariaDB's own words."""
        limits = f"SET STATEMENT max_statement_time={source.statement_timeout_seconds}, tx_read_only=1 FOR "
        end = {"moment": ["UTC_TIMESTAMP(6)"]}
        branches = [self._branch(number, {wire: [reading.asked[name] for name in names] for wire, names in slots.items()},
                                 reading.relation)
                    for number, (reading, slots) in enumerate(zip(self.readings, self.slots, strict=True))]
        return limits + " UNION ALL ".join([*branches, self._branch(END, end, "(SELECT 1 AS one) AS q")])

    def _branch(self, number: int, asked: dict[str, list[str]], relation: str) -> str:
        columns = [f"{number} AS part"]
        for wire, names in self.names.items():
            columns += [f"{sql or EMPTY_SLOTS[wire]} AS {name}" for name, sql in zip_longest(names, asked.get(wire, []))]
        return f"SELECT {', '.join(columns)} FROM {relation}"

    def of(self, number: int) -> str:
        """A SELECT of one reading's rows from staging.slots, each column as it is staged."""
        reading = self.readings[number]
        given = ", ".join(f"{slot} AS {identifier(name)}" for wire, names in self.slots[number].items()
                          for slot, name in zip(self.names[wire], names, strict=False))
        columns = ", ".join(f"{shape.sql} AS {identifier(name)}" for name, shape in reading.shapes.items())
        return f"SELECT {columns} FROM (SELECT {given} FROM staging.slots WHERE part = {number})"


def _culprits(connection: Connection, source: Source, database: str, readings: list[Reading]) -> dict[str, str]:
    """Which readings fail when each is computed by itself, and why; no row of them is fetched."""
    failed = {}
    for reading in readings:
        values = ", ".join(f"CONVERT({sql} USING utf8mb4)" for sql in reading.asked.values())
        limit = f"SET STATEMENT max_statement_time={source.statement_timeout_seconds}, tx_read_only=1 FOR "
        sql = f"{limit}SELECT max(char_length(concat_ws('', {values}))) AS longest FROM {reading.relation}"
        try:
            # Unlike a stream, a stored result tells the server's words when it fails.
            connection.execute(_asked(database, sql, is_stream=False)).fetchall()
        except DatabaseError as error:
            failed[reading.contract.name] = sentence(str(error), source)
    return failed


def ask(connection: Connection, database: str, sql: str):
    """Run SQL at the source."""
    return connection.execute(_asked(database, sql, is_stream=False))


def _asked(database: str, sql: str, is_stream: bool = True) -> str:
    return f"SELECT * FROM mysql_query({quoted(database)}, {quoted(sql)}, stream_results = {is_stream})"


def attached(connection: Connection, source: Source, read_only: bool = True) -> AbstractContextManager[str]:
    """Attach the source, and yield the name it is attached under; DatasetError, in our words, if it cannot be reached."""
    return while_attached(connection, source, "mysql_scanner", _make_secret, partial(_attach, read_only=read_only))


def _make_secret(connection: Connection, source: Source, name: str) -> None:
    fields = _connection_fields(source)
    options = ", ".join(f"{SECRET_FIELDS[key]} ${key}" for key in SECRET_FIELDS if key in fields)
    given = {key: fields[key] for key in SECRET_FIELDS if key in fields}
    connection.execute(f"CREATE TEMPORARY SECRET {name} (TYPE mysql, {options})", given)


def _attach(connection: Connection, source: Source, name: str, read_only: bool) -> None:
    for setting in SETTINGS:
        connection.execute(setting)
    why = None
    try:
        connection.execute(f"ATTACH {quoted(_options(source))} AS {name} (TYPE mysql, "
                           f"{'READ_ONLY, ' if read_only else ''}SECRET {name})")
        isolation, chosen = ask(connection, name, "SELECT @@tx_isolation AS i, database() AS d").fetchone()
        if isolation == "READ-UNCOMMITTED":
            why = "the server reads what is not committed yet (tx_isolation): give the role's sessions REPEATABLE READ"
        elif chosen is None:
            why = in_our_words("No database selected", source, SENTENCES)
    except DatabaseError as error:
        why = sentence(str(error), source)
    if why:
        connection.execute(f"DETACH DATABASE IF EXISTS {name}")
        raise DatasetError(why)


def _options(source: Source) -> str:
    """The settings that are no secret: TLS."""
    fields = {"ssl_mode": TLS[source.sslmode or "prefer"]}
    if source.sslrootcert:
        fields["ssl_ca"] = str(source.sslrootcert)
    return " ".join(f'{key}="{_escaped(value)}"' for key, value in fields.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _connection_fields(source: Source) -> dict[str, str]:
    """The fields of the connection string in the source's environment variable; DatasetError, repeating none of it."""
    dsn = connection_string(source)
    fields = fields_of_uri(dsn) if re.match(r"(mariadb|mysql)://", dsn) else {}
    if not fields or set(fields) - set(SECRET_FIELDS):
        raise DatasetError(f"what the environment variable {source.secret} holds is no connection string: write "
                           "mariadb://user:password@host:port/database, and TLS as sslmode and sslrootcert in sources.toml")
    return fields


def sentence(message: str, source: Source) -> str:
    """MariaDB's error in our words, without a value and without a secret."""
    match = SERVERS_WORDS.match(message)
    words = match[1] if match else message
    if match and not words.strip():
        words = "execution was interrupted"  # a stream that breaks off does not say why
    return in_our_words(words, source, SENTENCES)


def kinds(connection: Connection, source: Source, database: str, select: str) -> dict[str, str]:
    """The SELECT's columns and their types, reading no row; DatasetError where it cannot run.

    As DuckDB names them, but for what it cannot tell apart: of a moment, whether the server knows its instant (timestamp)
    or only a wall clock (datetime); of a text, whether its collation ignores case. A text of a binary collation is no BLOB.
    """
    why, found = None, {}
    try:
        nothing = _asked(database, f"SELECT * FROM ({select}\n) AS q LIMIT 0")
        found = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {nothing}").fetchall()}
        found |= _texts(connection, database, select, [name for name, kind in found.items() if kind in (TEXT, "BLOB")])
        for name in [name for name, kind in found.items() if kind == "TIMESTAMP"]:
            found[name] = _type_of(connection, database, select, name)
    except DatabaseError as error:
        why = sentence(str(error), source)
    if why:
        raise DatasetError(why)
    return found


# Whoever may do one of these to a whole schema (or to all) sees all its columns; to some columns, only those.
SHOWS_COLUMNS = re.compile(r"\b(ALL PRIVILEGES|SELECT|INSERT|UPDATE|REFERENCES)\b(?! \()")
GRANT = re.compile(r"GRANT (?P<privileges>.+?) ON (?P<schema>\*|`(?:[^`]|``)+`)\.\* TO ")


def catalogue(connection: Connection, source: Source, database: str) -> tuple[dict[str, str], str, str]:
    """How the columns of the application's tables are asked for; DatasetError where this user would not see them all."""
    schemas = source.columns.schemas or (ask(connection, database, "SELECT database() AS d").fetchone()[0],)
    for schema in schemas:
        if not _shows_all(connection, database, schema):
            raise DatasetError(f"the database hides columns of {schema} from this user, who sees only what it may read: "
                               f"GRANT REFERENCES ON {name_of(schema)}.* shows the columns and gives no access to rows")
    asked = {"schema_name": "c.table_schema", "table_name": "c.table_name", "column_name": "c.column_name",
             "data_type": "c.data_type", "full_type": "c.column_type", "comment": "c.column_comment",
             "table_comment": "t.table_comment"}
    listed = ", ".join(quoted(schema) for schema in schemas)
    return ({name: f"CONVERT({sql} USING utf8mb4)" for name, sql in asked.items()},
            "information_schema.columns AS c JOIN information_schema.tables AS t ON t.table_schema = c.table_schema "
            "AND t.table_name = c.table_name WHERE t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') "
            f"AND c.table_schema IN ({listed})", "text")


def _shows_all(connection: Connection, database: str, schema: str) -> bool:
    """By the user's own grants, and those of the roles that are its by default."""
    grants = [GRANT.match(row[0]) for row in ask(connection, database, "SHOW GRANTS").fetchall()]
    return any(one and SHOWS_COLUMNS.search(one["privileges"]) and _is_of(one["schema"], schema) for one in grants)


def _is_of(granted: str, schema: str) -> bool:
    """Is a grant on this name, in which % and _ stand for anything unless escaped, one on the schema?"""
    if granted == "*":
        return True
    parts = re.findall(r"\\.|.", granted[1:-1].replace("``", "`"))
    pattern = "".join({"%": ".*", "_": "."}.get(part, re.escape(part[-1])) for part in parts)
    return re.fullmatch(pattern, schema) is not None


def _texts(connection: Connection, database: str, select: str, names: list[str]) -> dict[str, str]:
    """Which of the columns are texts, and of which kind."""
    if not names:
        return {}
    asked = ", ".join(f"collation(q.{name_of(name)}) AS c{number}" for number, name in enumerate(names))
    # A row that tells the type even where there is no row of data.
    sql = (f"SELECT {asked} FROM (SELECT 1 AS one) AS o LEFT JOIN (SELECT * FROM ({select}\n) AS s LIMIT 0) AS q ON true")
    collations = ask(connection, database, sql).fetchone()
    return {name: "BLOB" if told == "binary" else FOLDED if "_ci" in told else TEXT
            for name, told in zip(names, collations, strict=True)}


def _type_of(connection: Connection, database: str, select: str, name: str) -> str:
    """The server's own name of a column's type: it stands in the error that a function for other types is refused with."""
    try:
        ask(connection, database, f"SELECT ST_AsText(q.{name_of(name)}) AS t FROM ({select}\n) AS q LIMIT 0")
    except DatabaseError as error:
        match = TYPE_IN_ERROR.search(str(error))
        if match:
            return match[1]
    return "a moment of a kind that the server does not name"


def since(origin: str, kind: str, at: datetime, source: Source) -> str | None:
    """SQL that is true of the rows `q` not before `at`, or without a moment; None where the source could not tell.

    A wall clock that shows the hour of `at` twice (a night in autumn) shows it as the first time: nothing is left out.
    """
    zone = {STAMP: UTC, DATETIME: ZoneInfo(source.datetime_zone or "UTC")}.get(kind)
    if zone is None:
        return None
    by, local = f"q.{name_of(origin)}", at.astimezone(zone)
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        local = local.replace(minute=0, second=0, microsecond=0)
    return f"{by} >= TIMESTAMP'{local:%Y-%m-%d %H:%M:%S.%f}' OR {by} IS NULL OR {by} = 0"


def shape(column: Column, origin: str, kind: str, source: Source) -> tuple[str, Shape]:
    """How a column is asked for at the source, and how the answer is staged; DatasetError where its type will not do."""
    sql, name = f"q.{name_of(origin)}", identifier(column.name)
    if origin != column.name:
        return _presence(sql, kind), Shape(f"({name} <> 0)", "BOOLEAN", "whole")
    if kind in (TEXT, FOLDED):
        return _text(sql), Shape(cleaned(name), "VARCHAR", "text", ignores_case=kind == FOLDED)
    if column.type == "moment":
        return _moment(column, sql, kind, name, source)
    return _SHAPES[column.type](column, sql, kind, name)


def _presence(sql: str, kind: str) -> str:
    if kind == "BLOB":
        return f"({sql} IS NOT NULL AND length({sql}) > 0)"
    text = f"CONVERT({sql} USING utf8mb4)"
    for code in (9, 10, 13):
        text = f"replace({text}, char({code} USING utf8mb4), ' ')"
    return f"({sql} IS NOT NULL AND trim({text}) <> '')"


def _text(sql: str) -> str:
    return f"left(CONVERT({sql} USING utf8mb4), {CUT})"


def _label(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind in WHOLE_NUMBERS:
        return _whole(sql), Shape(f"{name}::VARCHAR", "VARCHAR", "whole")
    if kind in WIDE_NUMBERS or kind.startswith("DECIMAL"):
        return _text(sql), Shape(name, "VARCHAR", "text")
    raise wrong_type(column, kind, f"CAST({column.name} AS CHAR), or LOWER(HEX({column.name})) of a binary id")


def _moment(column: Column, sql: str, kind: str, name: str, source: Source) -> tuple[str, Shape]:
    if kind not in (STAMP, DATETIME):
        raise wrong_type(column, kind, "a TIMESTAMP or a DATETIME")
    zone = "UTC" if kind == STAMP else source.datetime_zone
    if zone is None:
        raise without_zone(column, "a DATETIME", "write datetime_zone, the zone in which the application writes them, "
                                                 f"into {source.name} in sources.toml")
    return (_near(sql, "DATETIME(6)", NO_MOMENT),
            Shape(f"({name} AT TIME ZONE {quoted(zone)})", "TIMESTAMPTZ", "moment"))


def _day(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind == "DATE":
        return _near(sql, "DATE", NO_DAY), Shape(name, "DATE", "day")
    raise wrong_type(column, kind, "a DATE, in the local time of the day that is meant")


def _near(sql: str, kind: str, refused: str) -> str:
    """A date as it is; '0000-00-00' is how MariaDB writes that there is none."""
    return (f"CASE WHEN {sql} IS NULL OR {sql} = 0 THEN NULL "
            f"WHEN month({sql}) = 0 OR dayofmonth({sql}) = 0 OR year({sql}) = 0 THEN {refused} "
            f"ELSE CAST({sql} AS {kind}) END")


def _flag(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind == "BOOLEAN" or kind in WHOLE_NUMBERS:
        return _whole(sql), Shape(f"{name}::VARCHAR", "VARCHAR", "whole")
    raise wrong_type(column, kind, "0 or 1")


def _count(column: Column, sql: str, kind: str, name: str) -> tuple[str, Shape]:
    if kind in WHOLE_NUMBERS:
        return _whole(sql), Shape(name, "BIGINT", "whole")
    if kind in WIDE_NUMBERS or kind.startswith("DECIMAL") or kind in ("DOUBLE", "FLOAT"):
        return _text(sql), Shape(name, "VARCHAR", "text")
    raise wrong_type(column, kind, "a whole number")


def _whole(sql: str) -> str:
    return f"CAST({sql} AS SIGNED)"


_SHAPES = {"id": _label, "word": _label, "day": _day, "flag": _flag, "count": _count}


def name_of(name: str) -> str:
    """A name quoted for MariaDB, whatever its sql_mode."""
    return "`" + name.replace("`", "``") + "`"
