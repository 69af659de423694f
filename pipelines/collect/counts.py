"""Daily counts of events, from one night to the next: a day that is read again takes the place of what was known of it.

No count knows which events it counted. So nothing may be added to a day that is already counted; a day is taken from the
new reading or from the one before, and only what is certain to have been lost at the source is kept beside the new.
"""

from datetime import date

from pipelines.register.contracts import ACTIONS_COUNTED, DAY, FIRST, LAST, Contract
from pipelines.warehouse import Connection, identifier

MERGED = "staging.merged_day"


def carry(connection: Connection, contract: Contract, table: str, boundary: date | None) -> int:
    """Complete `table`, which holds the days that were read tonight, by what last night (`previous`) knew of others.

    A day that was not read is carried over. A day that was read is replaced, so that late rows count once and corrections
    arrive; but where fewer actions were read than were known of it, or it is the `boundary`, the oldest day of files whose
    older ones may have been rotated away in the middle of it, each count stays at the larger of the two: it began at the
    first moment of both and ended at the last. Returns how many days were read with fewer actions.
    """
    previous = f"previous.source.{identifier(contract.name)}"
    shrunk = _find_merged(connection, table, previous, boundary)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT {_columns(contract)} FROM {previous} AS old "
                       f"ANTI JOIN (SELECT DISTINCT {DAY} FROM {table}) AS read USING ({DAY})")
    if connection.execute(f"SELECT count(*) FROM {MERGED}").fetchone()[0]:
        _merge(connection, contract, table, previous)
    connection.execute(f"DROP TABLE {MERGED}")
    return shrunk


def _find_merged(connection: Connection, table: str, previous: str, boundary: date | None) -> int:
    """Note the days of which the larger counts stay; returns how many were read with fewer actions than were known."""
    def days(of: str) -> str:
        return f"(SELECT {DAY}, sum({ACTIONS_COUNTED}) AS actions FROM {of} GROUP BY {DAY})"

    connection.execute(
        f"CREATE TABLE {MERGED} AS SELECT {DAY}, new.actions < old.actions AS is_shrunk FROM {days(table)} AS new "
        f"JOIN {days(previous)} AS old USING ({DAY}) WHERE new.actions < old.actions OR {DAY} = $boundary::DATE",
        {"boundary": boundary})
    return connection.execute(f"SELECT count(*) FILTER (WHERE is_shrunk) FROM {MERGED}").fetchone()[0]


def _merge(connection: Connection, contract: Contract, table: str, previous: str) -> None:
    """In the days noted, keep of each count the larger; a NULL in its key is a value like any other."""
    columns, key = _columns(contract), ", ".join(identifier(name) for name in contract.stored_key)
    merged = f"SEMI JOIN {MERGED} USING ({DAY})"
    connection.execute(
        f"CREATE TABLE staging.larger AS SELECT {key}, max({ACTIONS_COUNTED}) AS {ACTIONS_COUNTED}, "
        f"min({FIRST}) AS {FIRST}, max({LAST}) AS {LAST} FROM (SELECT {columns} FROM {table} {merged} UNION ALL "
        f"SELECT {columns} FROM {previous} {merged}) GROUP BY {key}")
    connection.execute(f"DELETE FROM {table} WHERE {DAY} IN (SELECT {DAY} FROM {MERGED})")
    connection.execute(f"INSERT INTO {table} BY NAME FROM staging.larger")
    connection.execute("DROP TABLE staging.larger")


def _columns(contract: Contract) -> str:
    return ", ".join(identifier(name) for name in contract.stored)
