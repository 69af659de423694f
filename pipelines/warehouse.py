"""The only door to DuckDB: how a warehouse file is made, read, published and forgotten.

A published file is never written again: each run builds a new one aside, and one atomic swap of the link `current` shows
it to readers, who keep the file they have open. Moments are TIMESTAMPTZ and every connection counts days in Europe/Paris.

Every file under a home's warehouse/ is encrypted, AES-256 in GCM mode, under the home's warehouse key; so are its log of
changes and whatever does not fit into memory. A file that lies in no home is encrypted where a key is at hand (`keyring`),
and is never published. Files of older homes, which are not encrypted yet, can be read.
"""

import importlib.util
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import duckdb

from pipelines import disk, keyring
from pipelines.errors import AlpiaError
from pipelines.home import Home

TIME_ZONE = "Europe/Paris"
STAGES = ("source", "fact", "obligation", "verification", "verdict", "report")
SCHEMAS = ("register", "calendar", *STAGES)
CARRIED_LAYOUT = Path(__file__).parent / "models" / "carried.sql"
CURRENT = "current"
PAST = "past"
SUFFIX = ".duckdb"
BY_HAND = "by-hand"
# Whom `previous.*` shows no more, and from which day on it shows changes of states: a run fills them (collect/expiry.py).
EXPIRED = "CREATE TABLE previous.main.expired (subject VARCHAR); CREATE TABLE previous.main.expiry (from_on DATE)"
OF_INVOICES = ("fact", "invoice")  # an invoice outlives its account, without naming it
# Nothing is fetched by DuckDB itself: no extension but those we load from the locked wheels.
CONFIGURATION = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
DATABASE = "warehouse"  # the name under which a connection knows the file that it was opened on
CIPHER = "GCM"
# httpfs is loaded for its OpenSSL. What else it can do is switched off, for good in that connection.
NO_NETWORK = "SET disabled_filesystems = 'HTTPFileSystem,S3FileSystem,HuggingFaceFileSystem'"
# Where an encrypted file says so: a bit of the flags in DuckDB's main header.
MAGIC, MAGIC_AT, FLAGS_AT, ENCRYPTED_FLAG = b"DUCK", 8, 20, 1
# Up to here a file is read with DuckDB's own, slower AES: to load OpenSSL takes longer (0.1 s, for DuckDB proves its
# signature each time) than it would gain.
SMALL_BYTES = 16 * 2**20
SPILL = ".spill-"
GLOB_CHARACTER = re.compile(r"[*?\[]")
WRONG_KEY = "Wrong encryption key"
DAMAGE = ("Computed AES tag differs", "Could not read enough bytes", "Corrupt database file", "not a valid DuckDB database")
SESSION = f"SET TimeZone = '{TIME_ZONE}'"
QUIET = "SET enable_progress_bar = false"

Connection = duckdb.DuckDBPyConnection
DatabaseError = duckdb.Error
QUOTES_NO_VALUE = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.IOException,
                   duckdb.OutOfMemoryException, duckdb.TransactionException, duckdb.FatalException)
NO_ROOM = (duckdb.OutOfMemoryException, duckdb.IOException)  # in memory, or on the disk for what spills


def connect(path: Path | str, read_only: bool = False, key: keyring.Key | None = None, is_brief: bool = False) -> Connection:
    """A connection with our settings to the file at `path`, made if it is new; AlpiaError where it is damaged, held by a
    writer, or encrypted under a key that is not at hand.

    The key is `key`, else that of the home in which the file lies, else what `keyring` finds. `is_brief`: little of a large
    file will be read.
    """
    path = Path(path).resolve()
    keys = _keys_for(path, key)
    connection = _session()
    try:
        if not keys:
            connection.execute(f"SET temp_directory = {quoted(_spill_place(path.parent))}")
        elif not read_only or not is_brief and path.stat().st_size > SMALL_BYTES:
            spill_into(connection, path.parent)
        _attach(connection, path, DATABASE, read_only, keys)
    except AlpiaError:
        connection.close()
        raise
    connection.execute(f"USE {DATABASE}")
    return connection


def _session() -> Connection:
    """A connection that has nothing on disk."""
    connection = duckdb.connect(":memory:", config=CONFIGURATION)
    connection.execute(SESSION)
    connection.execute("SET temp_directory = ''")
    _quiet(connection)
    return connection


def _quiet(connection: Connection) -> None:
    """No progress bar: in a notebook that DuckDB recognises it draws none, and refuses to be told so."""
    with suppress(duckdb.Error):
        connection.execute(QUIET)


def memory() -> Connection:
    """A connection that leaves nothing behind, and may use no more room than memory has."""
    return _session()


def spill_into(connection: Connection, folder: Path) -> None:
    """Let what does not fit into memory spill into `folder`, encrypted: its key is DuckDB's own, and gone with the process.

    Each connection has a folder of its own in there, which goes when it is closed.
    """
    load_extension(connection, "httpfs")
    connection.execute(NO_NETWORK)
    connection.execute("SET temp_file_encryption = true")
    connection.execute(f"SET temp_directory = {quoted(_spill_place(folder))}")


def _spill_place(folder: Path) -> str:
    return str(Path(folder).resolve() / f"{SPILL}{os.getpid()}-{secrets.token_hex(4)}")


def confined(folder: Path, memory_mib: int) -> Connection:
    """A connection in memory for what must never lie on disk as it is: no more than `memory_mib`, the rest spills encrypted
    into `folder`."""
    connection = memory()
    spill_into(connection, folder)
    connection.execute(f"SET memory_limit = '{memory_mib}MiB'")
    return connection


def cursor(connection: Connection) -> Connection:
    """A second connection to what `connection` has open, in the same database and with our settings; for any thread."""
    second = connection.cursor()
    second.execute(SESSION)
    _quiet(second)
    known = second.execute("SELECT database_name FROM duckdb_databases()").fetchall()
    if (DATABASE,) in known:
        second.execute(f"USE {DATABASE}")
    return second


def read(path: Path, key: keyring.Key | None = None, is_brief: bool = False) -> Connection:
    """A read-only connection to a published or finished file; the key is found as `connect` says.

    `is_brief`: for a look at small tables, which is over before OpenSSL would be loaded.
    """
    if not Path(path).exists():
        raise AlpiaError(f"There is no warehouse at {path} yet: `alpia run` makes one.")
    return connect(Path(path).resolve(), read_only=True, key=key, is_brief=is_brief)


def read_current(home: Home, is_brief: bool = False) -> tuple[Path, Connection]:
    """The published file and a read-only connection to it, as `read` makes one; AlpiaError before the first run.

    Where a run publishes another one just between looking and opening, that one is opened.
    """
    while True:
        path = current(home)
        try:
            return path, read(path or home.warehouse / CURRENT, is_brief=is_brief)
        except (AlpiaError, FileNotFoundError):
            if path is None or path == current(home):
                raise


def attach(connection: Connection, path: Path, name: str) -> None:
    """Attach the file as `name`, for reading, with the first key at hand that opens it; AlpiaError as `connect` says."""
    path = Path(path).resolve()
    _attach(connection, path, name, True, _keys_for(path))


def key_of(path: Path) -> keyring.Key | None:
    """The key at hand that opens the file, None for one that is not encrypted; AlpiaError where none opens it."""
    path = Path(path).resolve()
    connection = memory()
    try:
        return _attach(connection, path, DATABASE, True, _keys_for(path))
    finally:
        connection.close()


def _attach(connection: Connection, path: Path, name: str, read_only: bool, keys: list[keyring.Key]) -> keyring.Key | None:
    """Attach with the first key that opens the file, and return it."""
    options, told = ["READ_ONLY"] if read_only else [], ""
    for key in keys or [None]:
        try:
            _attach_with(connection, path, name, options, key)
            return key
        except duckdb.Error as error:
            told = str(error).splitlines()[0]
            if WRONG_KEY not in told:
                break
    raise AlpiaError(_refusal(path, keys, told))


def _attach_with(connection: Connection, path: Path, name: str, options: list[str], key: keyring.Key | None) -> None:
    """The key goes in as a bound value: it stands in no SQL text, and so in no log, error or profile."""
    if key:
        connection.execute("SET VARIABLE warehouse_key = $key", {"key": key.value.hex()})
        options = [*options, "ENCRYPTION_KEY getvariable('warehouse_key')", f"ENCRYPTION_CIPHER '{CIPHER}'"]
    told = f" ({', '.join(options)})" if options else ""
    try:
        connection.execute(f"ATTACH {quoted(str(path))} AS {identifier(name)}{told}")
    finally:
        connection.execute("RESET VARIABLE warehouse_key")


def _keys_for(path: Path, key: keyring.Key | None = None) -> list[keyring.Key]:
    """The keys that may open a file, the one to write with first; none for one that is not, and will not be, encrypted."""
    is_new = not path.exists()
    if not is_new and not is_encrypted(path):
        return []
    home = home_of(path)
    if key:
        return [key]
    if home:
        return [home.warehouse_key(), *keyring.older(home.keys, keyring.WAREHOUSE)]
    found = keyring.find(None, keyring.WAREHOUSE)
    if found is None and not is_new:
        raise AlpiaError(f"{path} is encrypted, and no warehouse key is at hand: set "
                         f"{keyring.variable_of(keyring.WAREHOUSE)} to the key of the home that it came from.")
    return [found] if found else []


def home_of(path: Path) -> Home | None:
    """The home in whose warehouse/ the file lies, None for one that lies in no home."""
    for folder in Path(path).resolve().parents:
        home = Home(folder.parent)
        if folder == home.warehouse and (home.sources_toml.exists() or home.keys.exists()):
            return home
    return None


def is_encrypted(path: Path) -> bool:
    """Whether a file is an encrypted DuckDB database, by its header."""
    with Path(path).open("rb") as stream:
        header = stream.read(FLAGS_AT + 1)
    is_database = len(header) > FLAGS_AT and header[MAGIC_AT:].startswith(MAGIC)
    return is_database and bool(header[FLAGS_AT] & ENCRYPTED_FLAG)


def _refusal(path: Path, keys: list[keyring.Key], told: str) -> str:
    if WRONG_KEY in told:
        places = " nor ".join(f"{key.place} ({key.fingerprint})" for key in keys)
        return (f"{path} was written under another warehouse key than {places}: restore the right one from your safe. "
                "`alpia keys check` says what each key opens.")
    return f"The warehouse {path} cannot be opened: {damage(told) or told}"


def explained(error: DatabaseError) -> str:
    """DuckDB's reason in one line where it can but name tables, columns and files; else its kind, for it quotes values."""
    line = str(error).splitlines()[0]
    return line if isinstance(error, QUOTES_NO_VALUE) else line.partition(":")[0]


def damage(told: str) -> str | None:
    """What to say, with its cure, where an error of DuckDB's tells of a damaged file; None for any other error.

    A byte that was changed is only noticed when its block is read, and so may be told by any query.
    """
    if not any(mark in told for mark in DAMAGE):
        return None
    return ("the file is damaged, or was changed by someone who does not have its key. Restore it from a backup; or remove "
            "it, and the next run starts from the file of the day before.")


def create(path: Path, previous: Path | None, contracts) -> Connection:
    """A read-write connection to a NEW file with all schemas, and the last accepted run attached as `previous`."""
    if path.exists():
        raise AlpiaError(f"{path} exists already; a run only builds a new file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    connection = connect(path)
    path.chmod(0o600)
    return _furnish(connection, previous, contracts)


def scratch(contracts, previous: Path | None = None, spill: Path | None = None) -> Connection:
    """The same in memory, for what-if questions and for the spec tables; `spill`: where it may grow beyond memory."""
    connection = memory()
    if spill is not None:
        spill_into(connection, spill)
    return _furnish(connection, previous, contracts)


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
    connection.execute(EXPIRED)
    for schema in STAGES:
        connection.execute(f"CREATE SCHEMA previous.{schema}")
    _make_carried_tables(connection, contracts)
    if previous is not None:
        attach(connection, previous, "previous_file")
        _point_at_previous_file(connection, contracts)


def _make_carried_tables(connection: Connection, contracts) -> None:
    own = _own(connection)
    connection.execute("USE previous")
    connection.execute(CARRIED_LAYOUT.read_text(encoding="utf-8"))
    for contract in contracts.values():
        connection.execute(f"CREATE TABLE source.{identifier(contract.name)} ({contract.layout})")
    connection.execute(f"USE {own}")


def _carried(schema: str, table: str, name: str) -> str:
    if (schema, table) == OF_INVOICES and name == "account_id":
        return f"CASE WHEN {name} NOT IN (FROM previous.main.expired) THEN {name} END AS {name}"
    return identifier(name)


def _has_not_expired(schema: str, table: str, columns: set[str]) -> str:
    """SQL: whether a carried row may still be known, by the subjects that it names."""
    named = sorted(columns & {"account_id", "user_id", "item_id", "subject"}) if (schema, table) != OF_INVOICES else []
    conditions = [f"({name} IS NULL OR {name} NOT IN (FROM previous.main.expired))" for name in named]
    if (schema, table) == ("obligation", "change"):
        conditions.append("as_of >= coalesce((SELECT max(from_on) FROM previous.main.expiry), '-infinity'::DATE)")
    return " AND ".join(conditions) or "true"


def _own(connection: Connection) -> str:
    """The quoted name of the database that a connection works in."""
    return identifier(connection.execute("SELECT current_database()").fetchone()[0])


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
            selected = ", ".join(_carried(schema, table, name) if name in held[schema, table]
                                 else f"NULL::{kind} AS {identifier(name)}" for name, kind in columns)
            select = f"SELECT {selected} FROM {older} WHERE {_has_not_expired(schema, table, held[schema, table])}"
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


def is_one_select(connection: Connection, sql: str) -> bool:
    """Whether a text is one SELECT and nothing else, so that it can stand in brackets."""
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error:
        return False
    return [statement.type for statement in statements] == [duckdb.StatementType.SELECT]


def quoted_path(path: Path) -> str:
    """A file's path quoted for DuckDB's readers, for which any path is a glob."""
    return quoted(GLOB_CHARACTER.sub(r"[\g<0>]", str(path)))


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


def files(home: Home) -> list[Path]:
    """Every warehouse file of the home: published, rebuilt apart, and being built."""
    return sorted(path for path in home.warehouse.rglob(f"*{SUFFIX}") if path.is_file() and not path.is_symlink())


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
    if not is_encrypted(built):
        raise AlpiaError(f"{built} is not encrypted, so it is not published: build it under {home.warehouse}.")
    target = lay(home, built, as_of, run_id)
    _lead_to(home, target)
    return target


def lay(home: Home, built: Path, as_of: date, run_id: str) -> Path:
    """Move a finished file among the published ones, where `current` does not lead to it yet; returns where it now lies."""
    target = home.warehouse / f"{as_of:%Y-%m-%d}_{run_id}{SUFFIX}"
    disk.replace(built, target)  # on the disk under its name before `current` may lead there
    return target


def lead_to_newest(home: Home) -> None:
    """Let `current` lead to the newest published file, where there is one."""
    files = published(home)
    if files:
        _lead_to(home, files[-1][1])


def _lead_to(home: Home, target: Path) -> None:
    link = home.warehouse / f".{CURRENT}.{run_of(target)}"
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    os.replace(link, home.warehouse / CURRENT)
    disk.flush(home.warehouse)


def set_beside(home: Home, built: Path, as_of: date, run_id: str) -> Path:
    """Move the finished file of a rebuilt past day apart: it is never `current`, and no later night reads it."""
    folder = home.warehouse / PAST
    folder.mkdir(exist_ok=True, mode=0o700)
    target = folder / f"{as_of:%Y-%m-%d}_{run_id}{SUFFIX}"
    disk.replace(built, target)
    for older in beside(home, as_of):
        if older != target:
            older.unlink()
    return target


def beside(home: Home, as_of: date) -> list[Path]:
    """The files of that past day, rebuilt apart, oldest first."""
    return sorted((home.warehouse / PAST).glob(f"{as_of:%Y-%m-%d}_*{SUFFIX}"))


def run_of(published: Path) -> str:
    """The run that made a published file."""
    return published.stem.split("_", 1)[1]


def published_by(home: Home, run_id: str) -> Path | None:
    """The file of that run among the published ones, or among the past days rebuilt apart; None where there is none."""
    places = (home.warehouse, home.warehouse / PAST)
    return next((file for place in places for file in place.glob(f"*_{run_id}{SUFFIX}")), None)


def take_back(home: Home, run_id: str) -> None:
    """Remove what a killed run had half published: a file that `current` never led to, and its link."""
    reached = current(home)
    for file in home.warehouse.glob(f"????-??-??_{run_id}{SUFFIX}"):
        if reached is None or file.name > reached.name:
            file.unlink()
    (home.warehouse / f".{CURRENT}.{run_id}").unlink(missing_ok=True)


def discard_building(home: Home, run_id: str) -> None:
    """Remove what a run has left of its building place."""
    disk.remove(home.warehouse / "building" / run_id)


def discard_stale(home: Home, before: datetime) -> None:
    """Remove what runs that were killed have left, and what was built by hand before that moment.

    Only for whoever holds the home alone: a run that is at work has its building place there too.
    """
    for folder in (home.warehouse / "building").glob("*"):
        if not folder.name.startswith(BY_HAND) or folder.stat().st_mtime < before.timestamp():
            disk.remove(folder)
    for folder in home.warehouse.rglob(f"{SPILL}*"):
        if not disk.is_alive(int(folder.name.removeprefix(SPILL).split("-")[0])):
            disk.remove(folder)


def insert(connection: Connection, table: str, rows: Sequence[tuple]) -> None:
    """Append rows to a table in one statement. One statement a row takes a hundred times as long: each is a transaction."""
    if rows:
        marks = f"({', '.join('?' * len(rows[0]))})"
        connection.execute(f"INSERT INTO {table} VALUES {', '.join([marks] * len(rows))}", list(chain.from_iterable(rows)))


def append(connection: Connection, table: str, columns: Mapping[str, str], rows: Sequence[tuple]) -> None:
    """Append rows to a table at once. `columns`: the name of each place of a row, and its type."""
    told = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)) if rows else dict.fromkeys(columns, [])
    values = ", ".join(f"unnest(${name}::{kind}[]) AS {name}" for name, kind in columns.items())
    connection.execute(f"INSERT INTO {table} BY NAME SELECT {values}", told)


def frame(connection: Connection, sql: str, parameters: dict | None = None):
    """The rows of a SELECT as a pandas data frame."""
    import warnings

    with warnings.catch_warnings():
        # DuckDB 1.5 still names an argument that pandas 4 will drop; nothing a reader could do about it.
        warnings.filterwarnings("ignore", message="The inplace keyword")
        return connection.execute(sql, parameters or {}).df()
