"""Writes the tables: as files of the home, or, the application's own, into a PostgreSQL database.

The same arrays pass the same SELECTs on both ways, so that nothing but the place differs.
"""

import os
import shutil
from pathlib import Path

import numpy as np

from pipelines import warehouse
from pipelines.collect import postgres
from pipelines.collect.sources import Source
from pipelines.demo import columns, people, weblog
from pipelines.demo.assembly import Assembly
from pipelines.demo.moments import NONE
from pipelines.demo.world import World
from pipelines.warehouse import Connection, identifier, quoted

APP = ("customer", "person", "membership", "usage_event", "invoice", "trashed_item", "recovery", "deletion_request")
PARQUET, CSV, LINES = ("FORMAT parquet, COMPRESSION zstd", "FORMAT csv, HEADER true", "FORMAT json")
# The records come as people and tools leave them: tables by hand as CSV, catalogues as JSON lines.
RECORDS = {"item_copy": ("parquet", PARQUET), "erasure_journal": ("parquet", PARQUET), "server": ("csv", CSV),
           "legal_hold": ("csv", CSV), "attestation": ("csv", CSV), "rights_request": ("csv", CSV),
           "backup": ("jsonl", LINES)}
KEYS = {"customer": "id", "person": "id", "membership": "person_id, customer_id", "usage_event": "id",
        "invoice": "invoice_id", "trashed_item": "id, deleted_at", "recovery": "recovery_id",
        "deletion_request": "request_id"}
# The variable that the demo's sources.toml names, and the one that the loader borrows for a moment.
SECRET, LOADER_SECRET = "ALPIA_APP_DSN", "ALPIA_DEMO_LOADER_DSN"


def write(world: World, whole: Assembly, folder: Path, postgres_dsn: str | None) -> None:
    """Write app/, records/ and logs/ under `folder`, for what is there; app/ goes into the database if one is named."""
    shutil.rmtree(folder, ignore_errors=True)
    app, records = folder / "app", folder / "records"
    for place in (app / "usage_event", records):
        place.mkdir(parents=True)
    connection = _connection()
    for table in APP:
        if table != "usage_event":
            _copy(connection, table, whole.tables[table], app / f"{table}.parquet", PARQUET)
    for number, block in enumerate(whole.events, 1):
        _copy(connection, "usage_event", block, app / "usage_event" / f"{number:04}.parquet", PARQUET)
    for table, (suffix, form) in RECORDS.items():
        _copy(connection, table, whole.tables[table], records / f"{table}.{suffix}", form)
    weblog.write(world, _at_work(world, whole), folder / "logs")
    if postgres_dsn:
        _load(connection, app, postgres_dsn)
        shutil.rmtree(app)
    connection.close()
    _date(world, folder)


def _at_work(world: World, whole: Assembly) -> np.ndarray:
    """The ids of the accounts whose people signed in within the last three months."""
    rows = whole.tables["customer"]
    return rows["account"][(rows["last_sign_in_at"] >= world.ago(weblog.DAYS)) & (rows["erased_at"] == NONE)]


def _connection() -> Connection:
    connection = warehouse.memory()
    # Row groups are cut the same way whatever the machine: equal worlds are equal byte for byte.
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(people.MACROS)
    connection.execute(columns.MACROS)
    return connection


def _copy(connection: Connection, table: str, rows: dict, path: Path, form: str) -> None:
    connection.register(table, rows)
    connection.execute(f"COPY ({columns.TABLES[table]}) TO {quoted(str(path))} ({form})")
    connection.unregister(table)


def _load(connection: Connection, app: Path, dsn: str) -> None:
    """Into fresh tables of the database that `dsn` names; DatasetError, without the password, where it cannot be reached."""
    source = Source("demo", "postgres", {}, secret=LOADER_SECRET)
    os.environ[LOADER_SECRET] = dsn
    try:
        with postgres.attached(connection, source, read_only=False) as database:
            for table in APP:
                _load_table(connection, database, app, table)
    finally:
        del os.environ[LOADER_SECRET]


def _load_table(connection: Connection, database: str, app: Path, table: str) -> None:
    files = app / table / "*.parquet" if table == "usage_event" else app / f"{table}.parquet"
    connection.execute(f"DROP TABLE IF EXISTS {database}.{identifier(table)}")
    connection.execute(f"CREATE TABLE {database}.{identifier(table)} AS FROM read_parquet({quoted(str(files))})")
    key = quoted(f"ALTER TABLE {identifier(table)} ADD PRIMARY KEY ({KEYS[table]})")
    connection.execute(f"CALL postgres_execute({quoted(database)}, {key})")


def _date(world: World, folder: Path) -> None:
    """The files say that they were written in the night after as_of."""
    written = world.end + 2 * 3_600
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (written, written))
