"""What decides a day's answer: collections, registers, code, and the night before. A day whose inputs are the same is not
judged again.

The inputs of a warehouse stand in its own table register.input: a name and a SHA-256 each, no value and no secret.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from pipelines import warehouse
from pipelines.home import REPOSITORY
from pipelines.operate import manifest

# Moments count as far as the day reaches: whoever collects it an hour later, with the same rows, collects the same.
# What was set aside of the logs tells which of their files were read anew, not what they hold.
COLLECTED = """
    SELECT c.dataset, c.source, c.status, c.digest, c.absent_columns,
           CASE WHEN c.status = 'failed' THEN c.detail END AS why,
           epoch_us(least(c.written_at, $end)) AS written, epoch_us(least(c.collected_at, $end)) AS collected,
           list((a.reason, a.place, a.column_name, a.rows) ORDER BY a.reason, a.place, a.column_name, a.rows)
               FILTER (c.dataset <> 'access_log') AS aside
    FROM source.collection AS c LEFT JOIN source.set_aside AS a USING (dataset)
    GROUP BY ALL ORDER BY dataset
"""


def write(connection: warehouse.Connection, end: datetime, registers: Mapping[str, str], versions: Mapping[str, str],
          previous: Path | None) -> None:
    """Make register.input of a warehouse that has been collected. `end`: the first instant after its day.

    `registers`: the digest of each; `previous`: the file of the night before.
    """
    collected = connection.execute(COLLECTED, {"end": end}).fetchall()
    found = {f"dataset {name}": _digest(repr(rest)) for name, *rest in collected}
    found |= dict(registers) | {f"version of {name}": _digest(told) for name, told in versions.items()} | code()
    found["the night before"] = _digest(previous.name if previous else "")
    connection.execute("CREATE OR REPLACE TABLE register.input (name VARCHAR, digest VARCHAR)")
    warehouse.insert(connection, "register.input", sorted(found.items()))


@cache
def code() -> dict[str, str]:
    """The digests of the product's own parts."""
    return {part: manifest.digest_of_part(REPOSITORY / part) for part in manifest.CODE}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def of(path: Path) -> dict[str, str]:
    """The inputs of a warehouse, {name: digest}; of one that is too old to tell, none."""
    connection = warehouse.read(path, is_brief=True)
    try:
        is_told = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE (schema_name, table_name) = "
                                     "('register', 'input')").fetchone()[0]
        return dict(connection.execute("FROM register.input").fetchall()) if is_told else {}
    finally:
        connection.close()


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the inputs that are not the same, in order."""
    return tuple(sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)))


def told(names: tuple[str, ...], most: int = 8) -> str:
    """The names in a sentence; of many, the first."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
