"""Writes the tables: as files of the home, or, the application's own, into a database.

The same arrays pass the same SELECTs on both ways, so that nothing but the place differs.
"""

import csv
import os
import shutil
from pathlib import Path

import numpy as np

from pipelines import warehouse
from pipelines.collect.database import DIALECTS
from pipelines.collect.sources import Source
from pipelines.demo import columns, people, probes, weblog
from pipelines.demo.assembly import Assembly
from pipelines.demo.moments import NONE
from pipelines.demo.planted import collection
from pipelines.demo.world import World
from pipelines.warehouse import Connection, identifier, quoted

APP = ("customer", "person", "membership", "usage_event", "invoice", "trashed_item", "recovery", "deletion_request")
PARQUET, CSV, LINES = ("FORMAT parquet, COMPRESSION zstd", "FORMAT csv, HEADER true", "FORMAT json")
# The records come as people and tools leave them: tables by hand as CSV, catalogues as JSON lines.
RECORDS = {"item_copy": ("parquet", PARQUET), "erasure_journal": ("parquet", PARQUET), "server": ("csv", CSV),
           "legal_hold": ("csv", CSV), "attestation": ("csv", CSV), "rights_request": ("csv", CSV),
           "mailing": ("parquet", PARQUET), "opt_out": ("csv", CSV),
           "backup": ("jsonl", LINES), "published_policy": ("csv", CSV), "volume": ("csv", CSV),
           "restore_drill": ("csv", CSV), "security_update": ("csv", CSV), "replication_sample": ("parquet", PARQUET),
           "ticket": ("parquet", PARQUET), "staff_access": ("jsonl", LINES),
           "processing": ("csv", CSV), "disclosure": ("csv", CSV)}
KEYS = {"customer": "id", "person": "id", "membership": "person_id, customer_id", "usage_event": "id",
        "invoice": "invoice_id", "trashed_item": "id, deleted_at", "recovery": "recovery_id",
        "deletion_request": "request_id"}
ZONED = "TIMESTAMP WITH TIME ZONE"
MARIADB_TYPES = {"BIGINT": "bigint", "INTEGER": "int", "BOOLEAN": "bool", "DATE": "date", "VARCHAR": "varchar(500)",
                 ZONED: "timestamp NULL"}
# The variable that the demo's sources.toml names, and the one that the loader borrows for a moment.
SECRET, LOADER_SECRET = "ALPIA_APP_DSN", "ALPIA_DEMO_LOADER_DSN"


def write(world: World, whole: Assembly, folder: Path, database: tuple[str, str] | None) -> None:
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
    _write_catalogue(connection, app, records / "source_column.csv")
    probes.write(whole.cases, records)
    weblog.write(world, _at_work(world, whole), folder / "logs")
    if database:
        _load(connection, app, *database)
        shutil.rmtree(app)
    connection.close()
    _date(world, folder)


def _write_catalogue(connection: Connection, app: Path, file: Path) -> None:
    """The columns of the application's tables, as an export of its database's catalogue would list them."""
    rows = [(table, name, kind, None) for table in APP
            for name, kind, *_ in connection.execute(f"DESCRIBE FROM {_files(app, table)}").fetchall()]
    rows += [(table, column, "VARCHAR", comment) for table, column, comment in collection.COLUMNS]
    with open(file, "w", newline="", encoding="utf-8") as written:
        lines = csv.writer(written)
        lines.writerow(("schema_name", "table_name", "column_name", "data_type", "comment"))
        lines.writerows((collection.SCHEMA, *row) for row in rows)


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


def _load(connection: Connection, app: Path, kind: str, dsn: str) -> None:
    """Into fresh tables of the database that `dsn` names; DatasetError, without the password, where it cannot be reached."""
    source = Source("demo", kind, {}, secret=LOADER_SECRET)
    os.environ[LOADER_SECRET] = dsn
    try:
        with DIALECTS[kind].attached(connection, source, read_only=False) as database:
            for table in APP:
                LOADERS[kind](connection, database, app, table)
    finally:
        del os.environ[LOADER_SECRET]


def _files(app: Path, table: str) -> str:
    return f"read_parquet({quoted(str(app / table / '*.parquet' if table == 'usage_event' else app / f'{table}.parquet'))})"


def _load_postgres(connection: Connection, database: str, app: Path, table: str) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {database}.{identifier(table)}")
    connection.execute(f"CREATE TABLE {database}.{identifier(table)} AS FROM {_files(app, table)}")
    key = quoted(f"ALTER TABLE {identifier(table)} ADD PRIMARY KEY ({KEYS[table]})")
    connection.execute(f"CALL postgres_execute({quoted(database)}, {key})")


def _load_mariadb(connection: Connection, database: str, app: Path, table: str) -> None:
    """By a DATETIME first: an instant is written as the wall clock of the session's zone (UTC), which then says so."""
    execute = f"CALL mysql_execute({quoted(database)}, $sql)"
    described = connection.execute(f"DESCRIBE FROM {_files(app, table)}").fetchall()
    columns = ", ".join(f"`{name}` {MARIADB_TYPES[kind]}" for name, kind, *_ in described)
    connection.execute(execute, {"sql": f"DROP TABLE IF EXISTS `{table}`"})
    connection.execute(execute, {"sql": f"CREATE TABLE `{table}` ({columns}, PRIMARY KEY ({KEYS[table]}))"})
    connection.execute("CALL mysql_clear_cache()")
    given = ", ".join(f"{name} AT TIME ZONE 'UTC' AS {name}" if kind == ZONED else name for name, kind, *_ in described)
    connection.execute(f"INSERT INTO {database}.{identifier(table)} SELECT {given} FROM {_files(app, table)}")


LOADERS = {"postgres": _load_postgres, "mariadb": _load_mariadb}


def _date(world: World, folder: Path) -> None:
    """The files say that they were written in the night after as_of."""
    written = world.end + 2 * 3_600
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (written, written))
