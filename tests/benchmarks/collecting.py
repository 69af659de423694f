"""Collection from PostgreSQL beside DuckDB's bare extension, each in a process, on a server of the benchmark's own.

`python -m tests.benchmarks.collecting bare|ours FOLDER` prints the rows kept, the seconds of work and, of ours, those of
pseudonyms. The connection string is in the environment.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipelines import warehouse
from pipelines.register import contracts as contracts_register

DSN = "ALPIA_BENCH_DSN"
CONTENDERS = {"bare": "the extension alone: `postgres_query` into a table", "ours": "ours"}
AT = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)
COLUMNS = "id, created_at, plan, state, last_sign_in_at, deletion_requested_at, deleted_at"
CUSTOMERS = """
CREATE UNLOGGED TABLE customer AS SELECT i::bigint AS id,
    '2016-01-01'::timestamptz + i * interval '200 seconds' AS created_at,
    CASE WHEN i % 3 = 0 THEN 'pro' ELSE 'starter' END AS plan,
    CASE WHEN i % 9 = 0 THEN 'deleted' WHEN i % 7 = 0 THEN 'trial' ELSE 'active' END AS state,
    '2026-01-31'::timestamptz - i % 90000 * interval '1 minute' AS last_sign_in_at,
    CASE WHEN i % 9 = 0 THEN '2025-05-01'::timestamptz + i % 9000 * interval '1 minute' END AS deletion_requested_at,
    CASE WHEN i % 9 = 0 THEN '2025-06-01'::timestamptz + i % 9000 * interval '1 minute' END AS deleted_at,
    CASE WHEN i % 9 > 0 THEN 'customer-' || i || '@example.org' END AS email
FROM generate_series(1, {rows}) AS i;
ANALYZE customer;
"""
SOURCES = f"""
[system]
name = "Benchmark"
founded_on = 2015-01-01

[app]
kind = "postgres"
secret = "{DSN}"
[app.datasets]
accounts = "SELECT {COLUMNS.replace('id,', 'id AS account_id,', 1)}, email FROM customer"
"""


@contextlib.contextmanager
def server(rows: int) -> Iterator[str]:
    """A server with `rows` customers, and the folder to work in; the connection string goes into the environment."""
    from tests.postgres_server import new_server

    running = new_server()
    try:
        database = running.create_database()
        running.psql(CUSTOMERS.format(rows=rows), database)
        os.environ[DSN] = running.dsn(database)
        with tempfile.TemporaryDirectory() as folder:
            yield folder
    finally:
        os.environ.pop(DSN, None)
        running.remove()


def bare(folder: Path) -> dict:
    """The same columns by one postgres_query, as they are, into a table of a file."""
    connection = warehouse.connect(folder / "bare.duckdb")
    warehouse.load_extension(connection, "postgres_scanner")
    started = time.perf_counter()
    connection.execute(f"ATTACH {warehouse.quoted(os.environ[DSN])} AS app (TYPE postgres, READ_ONLY)")
    connection.execute(f"CREATE TABLE accounts AS FROM postgres_query('app', "
                       f"'SELECT {COLUMNS}, email IS NOT NULL AS has_email FROM customer')")
    rows = connection.execute("SELECT count(*) FROM accounts").fetchone()[0]
    warehouse.finish(connection)
    return {"rows": rows, "work": time.perf_counter() - started}


def ours(folder: Path) -> dict:
    """A whole collection: every row judged, keys unique, ids replaced by pseudonyms, rows counted in and out."""
    from pipelines.collect import collection, pseudonyms, sources
    from pipelines.home import Home

    taken = _timed(pseudonyms.Pseudonyms, "learn")
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    contracts = contracts_register.load()
    connection = warehouse.create(folder / "ours.duckdb", None, contracts)
    started = time.perf_counter()
    declared = sources.load(folder / "sources.toml", contracts)
    collection.collect(connection, Home(folder), declared, contracts, bytes(range(32)), AT)
    rows = connection.execute("SELECT rows_kept FROM source.collection WHERE dataset = 'accounts'").fetchone()[0]
    warehouse.finish(connection)
    return {"rows": rows, "work": time.perf_counter() - started, "pseudonyms": sum(taken)}


def _timed(owner: type, name: str) -> list[float]:
    """Let a method note the seconds of each of its calls."""
    taken, method = [], getattr(owner, name)

    def timed(*arguments, **settings):
        started = time.perf_counter()
        try:
            return method(*arguments, **settings)
        finally:
            taken.append(time.perf_counter() - started)

    setattr(owner, name, timed)
    return taken


def main(name: str, folder: str) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        print(json.dumps({"bare": bare, "ours": ours}[name](Path(place))))


if __name__ == "__main__":
    main(*sys.argv[1:])
