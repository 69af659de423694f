"""The only door to DuckDB: how a warehouse file is made, read, published and forgotten.

A published file is never written again: each run builds a new one aside, and one atomic swap of the link `current` shows
it to readers, who keep the file they have open. Moments are TIMESTAMPTZ and every connection counts days in Europe/Paris.
"""

import importlib.util
import os
import shutil
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines.errors import AlpiaError
from pipelines.home import Home

TIME_ZONE = "Europe/Paris"
STAGES = ("source", "fact", "obligation", "verification", "verdict", "report")
SCHEMAS = ("register", "calendar", *STAGES)
CARRIED_LAYOUT = Path(__file__).parent / "models" / "carried.sql"
CURRENT = "current"
SUFFIX = ".duckdb"
BY_HAND = "by-hand"
# Nothing is fetched by DuckDB itself: no extension but those we load from the locked wheels.
CONFIGURATION = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
SESSION = f"SET TimeZone = '{TIME_ZONE}'"
QUIET = "SET enable_progress_bar = false"

Connection = duckdb.DuckDBPyConnection
DatabaseError = duckdb.Error
NO_ROOM = (duckdb.OutOfMemoryException, duckdb.IOException)  # in memory, or on the disk for what spills


def connect(path: Path | str, read_only: bool = False) -> Connection:
    """A connection with our settings; AlpiaError where the file is missing, damaged or held by a writer."""
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=CONFIGURATION)
    except duckdb.Error as error:
        raise AlpiaError(f"The warehouse {path} cannot be opened: {str(error).splitlines()[0]}") from None
    connection.execute(SESSION)
    if "ipykernel" not in sys.modules:  # in a notebook DuckDB draws no bar by itself, and refuses to be told so
        connection.execute(QUIET)
    return connection


def memory() -> Connection:
    """A connection that leaves nothing behind."""
    return connect(":memory:")


def confined(folder: Path, memory_mib: int) -> Connection:
    """A connection in memory for what must never lie on disk as it is: no more than `memory_mib`, the rest spills encrypted.

    The key of what spills into `folder` is DuckDB's own, and gone with the process.
    """
    connection = memory()
    load_extension(connection, "httpfs")
    connection.execute("SET temp_file_encryption = true")
    connection.execute(f"SET temp_directory = {quoted(str(folder))}")
    connection.execute(f"SET memory_limit = '{memory_mib}MiB'")
    return connection


def read(path: Path) -> Connection:
    """A read-only connection to a published or finished file."""
    if not Path(path).exists():
        raise AlpiaError(f"There is no warehouse at {path} yet: `alpia run` makes one.")
    return connect(Path(path).resolve(), read_only=True)


def create(path: Path, previous: Path | None, contracts) -> Connection:
    """A read-write connection to a NEW file with all schemas, and the last accepted run attached as `previous`."""
    if path.exists():
        raise AlpiaError(f"{path} exists already; a run only builds a new file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    connection = connect(path)
    path.chmod(0o600)
    return _furnish(connection, previous, contracts)


def scratch(contracts, previous: Path | None = None) -> Connection:
    """The same in memory: for canaries, for what-if questions and for the spec tables."""
    return _furnish(memory(), previous, contracts)


def reopen(path: Path, previous: Path | None, contracts) -> Connection:
    """A read-write connection to a file that is still being built."""
    connection = connect(path)
    attach_previous(connection, previous, contracts)
    return connection


def _furnish(connection: Connection, previous: Path | None, contracts) -> Connection:
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    attach_previous(connection, previous, contracts)
    return connection


def attach_previous(connection: Connection, previous: Path | None, contracts) -> None:
    """Make `previous.*`: today's layout over the last accepted file, or empty tables on the first run.

    A column that the older file does not have yet reads as NULL, and rows that are kept as counts today are counted, so that
    a new version can start from an old warehouse.
    """
    connection.execute("ATTACH ':memory:' AS previous")
    for schema in STAGES:
        connection.execute(f"CREATE SCHEMA previous.{schema}")
    _make_carried_tables(connection, contracts)
    if previous is not None:
        connection.execute(f"ATTACH {quoted(str(Path(previous).resolve()))} AS previous_file (READ_ONLY)")
        _point_at_previous_file(connection, contracts)


def _make_carried_tables(connection: Connection, contracts) -> None:
    connection.execute("USE previous")
    connection.execute(CARRIED_LAYOUT.read_text(encoding="utf-8"))
    for contract in contracts.values():
        connection.execute(f"CREATE TABLE source.{identifier(contract.name)} ({contract.layout})")
    connection.execute("USE " + own_database(connection))


def own_database(connection: Connection) -> str:
    """The quoted name of the database that the connection was opened on."""
    names = connection.execute(
        "SELECT database_name FROM duckdb_databases() WHERE NOT internal "
        "AND database_name NOT IN ('previous', 'previous_file') ORDER BY database_oid LIMIT 1"
    ).fetchone()
    return identifier(names[0])


def _columns(connection: Connection, database: str) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, kind in connection.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = $database "
        "AND NOT internal ORDER BY schema_name, table_name, column_index", {"database": database},
    ).fetchall():
        found.setdefault((schema, table), []).append((column, kind))
    return found


def _point_at_previous_file(connection: Connection, contracts) -> None:
    held = {key: {name for name, _ in columns} for key, columns in _columns(connection, "previous_file").items()}
    for (schema, table), columns in _columns(connection, "previous").items():
        if (schema, table) not in held:
            continue
        older = f"previous_file.{schema}.{identifier(table)}"
        if schema == "source" and table in contracts:
            select = contracts[table].of_older(older, held[schema, table])
        else:
            selected = ", ".join(
                identifier(name) if name in held[schema, table] else f"NULL::{kind} AS {identifier(name)}"
                for name, kind in columns
            )
            select = f"SELECT {selected} FROM {older}"
        place = f"previous.{schema}.{identifier(table)}"
        connection.execute(f"DROP TABLE {place}")
        connection.execute(f"CREATE VIEW {place} AS {select}")


def folder_of(connection: Connection) -> Path:
    """The folder of the file that the connection was opened on; AlpiaError for one in memory."""
    path = connection.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()").fetchone()[0]
    if path is None:
        raise AlpiaError("This warehouse is in memory and has no folder: collect into a file.")
    return Path(path).parent


def finish(connection: Connection) -> None:
    """Write everything to the file and let go of it."""
    connection.execute("CHECKPOINT")
    connection.close()


def load_extension(connection: Connection, name: str) -> None:
    """Load DuckDB's own signed extension from its wheel, offline; AlpiaError where the wheel is not installed."""
    module = f"duckdb_extension_{name}"
    if importlib.util.find_spec(module) is None:
        raise AlpiaError(f"The DuckDB extension {name} is not installed: install the locked requirements again.")
    version = connection.execute("SELECT library_version FROM pragma_version()").fetchone()[0]
    folder = Path(importlib.util.find_spec(module).submodule_search_locations[0])
    connection.execute(f"LOAD {quoted(str(folder / 'extensions' / version / f'{name}.duckdb_extension'))}")


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """A text quoted for SQL, for the few statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def building_path(home: Home, run_id: str) -> Path:
    """Where a run builds its file, out of the readers' sight."""
    return home.warehouse / "building" / run_id / f"warehouse{SUFFIX}"


def published(home: Home) -> list[tuple[date, Path]]:
    """The published files, oldest first: (as_of, path); of several runs of one day, the newest comes last."""
    files = sorted(home.warehouse.glob(f"????-??-??_*{SUFFIX}"))
    return [(date.fromisoformat(file.name[:10]), file) for file in files]


def current(home: Home) -> Path | None:
    """The file that `current` points to, None before the first run."""
    link = home.warehouse / CURRENT
    return link.resolve() if link.exists() else None


def held_for(home: Home, as_of: date) -> Path | None:
    """The newest published file of that very day: the collection from which the day can be rebuilt."""
    files = [path for day, path in published(home) if day == as_of]
    return files[-1] if files else None


def previous_for(home: Home, as_of: date) -> Path | None:
    """The newest published file of an earlier day: what `previous.*` reads in a run for `as_of`."""
    files = [path for day, path in published(home) if day < as_of]
    return files[-1] if files else None


def publish(home: Home, built: Path, as_of: date, run_id: str) -> Path:
    """Move a finished file into place and swap `current` to it, atomically; returns where it now lies."""
    target = home.warehouse / f"{as_of:%Y-%m-%d}_{run_id}{SUFFIX}"
    _flush(built)
    os.replace(built, target)
    link = home.warehouse / f".{CURRENT}.{run_id}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    os.replace(link, home.warehouse / CURRENT)
    _flush(home.warehouse)
    return target


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget(home: Home, keep_days: int) -> list[Path]:
    """Remove published files of all but the newest `keep_days` days, and superseded runs of the days kept."""
    files = published(home)
    newest = dict(files)
    kept_days = sorted(newest)[-keep_days:]
    kept = {newest[day] for day in kept_days} | {current(home)}
    gone = [path for _, path in files if path not in kept]
    for path in gone:
        path.unlink()
    return gone


def discard_building(home: Home, run_id: str) -> None:
    """Remove what a run has left of its building place."""
    shutil.rmtree(home.warehouse / "building" / run_id, ignore_errors=True)


def discard_stale(home: Home, before: datetime) -> None:
    """Remove what runs that were killed have left, and what was built by hand before that moment.

    Only for whoever holds the home alone: a run that is at work has its building place there too.
    """
    for folder in (home.warehouse / "building").glob("*"):
        if not folder.name.startswith(BY_HAND) or folder.stat().st_mtime < before.timestamp():
            shutil.rmtree(folder)


def frame(connection: Connection, sql: str, parameters: dict | None = None):
    """The rows of a SELECT as a pandas data frame."""
    import warnings

    with warnings.catch_warnings():
        # DuckDB 1.5 still names an argument that pandas 4 will drop; nothing a reader could do about it.
        warnings.filterwarnings("ignore", message="The inplace keyword")
        return connection.execute(sql, parameters or {}).df()
