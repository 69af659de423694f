"""Small tables of facts, written as text, put where a collection would put them: for canaries and for the spec tables.

A table is a header row and rows of cells between `|`; an empty cell is NULL; a frame of `|` around
the rows is allowed; a line of dashes is decoration. Moments
without an offset are local time in Europe/Paris. Subjects keep the names they are given.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from pipelines.warehouse import TIME_ZONE, Connection, identifier

LOCAL = ZoneInfo(TIME_ZONE)
COLLECTION = """CREATE OR REPLACE TABLE source.collection (dataset VARCHAR, source VARCHAR, status VARCHAR, detail VARCHAR,
    collected_at TIMESTAMPTZ, written_at TIMESTAMPTZ, rows_in BIGINT, rows_kept BIGINT, rows_set_aside BIGINT,
    digest VARCHAR, absent_columns VARCHAR[])"""
SET_ASIDE = """CREATE OR REPLACE TABLE source.set_aside (dataset VARCHAR, reason VARCHAR, place VARCHAR,
    column_name VARCHAR, rows BIGINT)"""
FORGOTTEN = "CREATE OR REPLACE TABLE source.forgotten (what VARCHAR, dataset VARCHAR, rows BIGINT)"
# What a row says where its table does not: a plain, living subject of long ago.
DEFAULTS = {
    "created_at": "2017-06-01 09:00", "state": "active", "actor": "person", "role": "primary", "status": "success",
    "in_service_at": "2017-03-01 00:00", "held_since_at": "2017-06-01 09:00", "right": "access", "channel": "in_app",
    "outcome": "pending", "has_reason": "true", "has_approver": "true", "kind": "nil_return", "source_server_id": "s1",
    "server_id": "s1", "bytes": "0", "visits": "0", "visitors": "0", "seconds": "0", "is_partial": "false",
    "host": "app.example.org", "domain": "app.example.org", "first_set_at": "2017-06-01 09:00", "is_session": "true",
    "has_staff": "true",
    "from_on": "2017-03-01", "has_reference": "true",
}


def parse(text: str) -> list[dict[str, str | None]]:
    """The rows of a table, each a dictionary from the header's words to the cells' text."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip("-+| \t")]
    if lines[0].startswith("|"):
        lines = [line.removeprefix("|").removesuffix("|") for line in lines]
    rows = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    header = rows[0]
    for row in rows[1:]:
        if len(row) != len(header):
            raise ValueError(f"a row of {len(row)} cells under a header of {len(header)}: {row}")
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def fill(connection: Connection, contracts, given: dict[str, list[dict[str, str | None]]],
         collected_at: str = "2099-01-01 03:00") -> None:
    """Fill source.* as a collection would: the datasets of `given` collected (also where empty), all others missing.

    Events that are kept as counts are given one by one, and counted as the collection counts them.
    """
    connection.execute(COLLECTION)
    connection.execute(SET_ASIDE)
    connection.execute(FORGOTTEN)
    for contract in contracts.values():
        table = f"source.{identifier(contract.name)}"
        connection.execute(f"CREATE OR REPLACE TABLE {table} ({contract.layout})")
        rows = given.get(contract.name)
        if contract.counted_by:
            _count(connection, contract, rows or [], table)
        else:
            _insert(connection, contract, rows or [], table)
        _record(connection, contract.name, rows, collected_at)


def _count(connection: Connection, contract, rows: list[dict[str, str | None]], table: str) -> None:
    columns = ", ".join(f"{identifier(column.name)} {column.sql_type}" for column in contract.columns.values())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE given ({columns})")
    _insert(connection, contract, rows, "given")
    connection.execute(f"INSERT INTO {table} BY NAME {contract.counts('given', contract.columns)}")
    connection.execute("DROP TABLE given")


def _insert(connection: Connection, contract, rows: list[dict[str, str | None]], table: str) -> None:
    strange = {name for row in rows for name in row} - set(contract.columns)
    if strange:
        raise ValueError(f"{contract.name} has no column {sorted(strange)}")
    for number, row in enumerate(rows, 1):
        values = [_value(contract, column, row, number) for column in contract.columns.values()]
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


def _value(contract, column, row: dict[str, str | None], number: int):
    text = row.get(column.name)
    if column.name in row and (text is not None or not column.required):
        return moment(text) if column.sql_type == "TIMESTAMPTZ" else text
    if column.name == "has_email":
        return "false" if row.get("erased_at") else "true"
    if not column.required:
        return None
    if column.type == "id" or column.name.endswith("_id") and column.name not in DEFAULTS:
        return f"{contract.name}-{number}"
    if column.values and DEFAULTS.get(column.name) not in column.values:
        return column.values[0]
    text = DEFAULTS.get(column.name)
    if text is None:
        raise ValueError(f"{contract.name}.{column.name} must be given in the table")
    return moment(text) if column.sql_type == "TIMESTAMPTZ" else text


def moment(text: str | None) -> datetime | None:
    """An instant; text without an offset is local time (the first of the two where the clock is set back)."""
    if text is None:
        return None
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=LOCAL)


def _record(connection: Connection, dataset: str, rows: list | None, collected_at: str) -> None:
    collected = rows is not None
    count = len(rows or [])
    connection.execute(
        "INSERT INTO source.collection VALUES (?, 'table', ?, NULL, ?, ?, ?, ?, 0, NULL, [])",
        [dataset, "collected" if collected else "missing", moment(collected_at) if collected else None,
         moment(collected_at) if collected else None, count, count])
