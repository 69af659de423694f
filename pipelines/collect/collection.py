"""Collection: from all sources of a home into source.*, with the account of every row that came in."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines import warehouse
from pipelines.collect import columns, counts, database, files
from pipelines.collect.acceptance import JOURNAL, Acceptance, SetAside
from pipelines.collect.backups import listings
from pipelines.collect.declarations import declare
from pipelines.collect.probes import staged as probes
from pipelines.collect.pseudonyms import Pseudonyms, record, record_of
from pipelines.collect.reading import Known
from pipelines.collect.retries import Attempts
from pipelines.collect.sources import ACCESS_LOG, BACKUPS, LOG_FIELDS, RAW_LOGS, TLS_PROBES, Source, Sources
from pipelines.collect.staging import DatasetError, Staged, close_staging, open_staging
from pipelines.collect.traffic import access_log
from pipelines.collect.traffic.formats import recorded
from pipelines.collect.traffic.reader import Bounds
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection, identifier

# What reads the files of a kind of source that is not plain `files`.
READERS = {BACKUPS: listings.stage, TLS_PROBES: probes.stage}
COLLECTED, MISSING, FAILED = "collected", "missing", "failed"
# Rows written while the run was already reading are not of the future, as long as the clocks speak of the same day.
SAME_READING = timedelta(days=1)
LAYOUT = """
CREATE SCHEMA IF NOT EXISTS source;
CREATE OR REPLACE TABLE source.collection (dataset VARCHAR, source VARCHAR, status VARCHAR, detail VARCHAR,
    collected_at TIMESTAMPTZ, written_at TIMESTAMPTZ, rows_in BIGINT, rows_kept BIGINT, rows_set_aside BIGINT,
    digest VARCHAR, absent_columns VARCHAR[]);
CREATE OR REPLACE TABLE source.set_aside (dataset VARCHAR, reason VARCHAR, place VARCHAR, column_name VARCHAR, rows BIGINT);
CREATE OR REPLACE TABLE source.forgotten (what VARCHAR, dataset VARCHAR, rows BIGINT);
"""
# What is copied of the account that a held file gives of its collection.
ACCOUNT = {
    "collection": ("dataset", "source", "status", "detail", "collected_at", "written_at", "rows_in", "rows_kept",
                   "rows_set_aside", "digest", "absent_columns"),
    "set_aside": ("dataset", "reason", "place", "column_name", "rows"),
    "forgotten": ("what", "dataset", "rows"),
    # What the night after must know of the logs, lest it take every line for a new one.
    "log_file": tuple(access_log.LOG_FILE),
    "log_day": tuple(access_log.LOG_DAY),
}


def collect(con: Connection, home: Home, sources: Sources, contracts, key: bytes, collected_at: datetime,
            as_of: date | None = None, progress: Callable[[str], None] | None = None) -> dict[str, int]:
    """Fill source.* of the building file `con` (which has `previous` attached) with what the sources hold now.

    One table a contract, empty where nothing could be collected, one row a contract in source.collection, and counts of
    what was set aside in source.set_aside. A source or dataset that fails is recorded as failed; the others go on.
    What happens after `as_of` is collected too: that it has not happened yet is for the facts to say.
    `collected_at`: with a time zone. `progress` is called with "source <name>" when a source has been read, and with each
    dataset's name when it is done. Returns how often each source was asked.
    AlpiaError if rows in are not rows kept + rows set aside.
    """
    if collected_at.tzinfo is None:
        raise AlpiaError("collected_at has no time zone: give the moment of the collection with one.")
    collection = _Collection(con, home, sources, contracts, key, collected_at, progress or (lambda dataset: None))
    collection.run()
    return {name: collection.attempts[name].made or 1 for name in sources.by_name}


class _Collection:
    def __init__(self, con, home, sources, contracts, key, collected_at, progress):
        self.con, self.home, self.sources, self.contracts = con, home, sources, contracts
        self.collected_at, self.progress = collected_at, progress
        self.key = key
        self.attempts = {name: Attempts() for name in sources.by_name}

    def run(self) -> None:
        _make_tables(self.con, self.contracts)
        record(self.con, self.key)
        open_staging(self.con)
        try:
            staged, failed = self._stage()
            self._accept(declare(self.con, staged))
        finally:
            close_staging(self.con)
        failed |= self._count_log()
        self.progress(ACCESS_LOG)
        for name, why in failed.items():
            self._record(name, FAILED, why)
        for name in self.contracts:
            if self.sources.of(name) is None:
                self._record(name, MISSING, "no source gives it: map it in sources.toml")

    def _stage(self) -> tuple[dict[str, Staged], dict[str, str]]:
        """Read every dataset of every source; {dataset: staged}, {dataset: why it failed}."""
        staged: dict[str, Staged] = {}
        failed: dict[str, str] = {}
        # A connection of its own: a snapshot at a source is one transaction, and must not hold ours.
        reader = warehouse.cursor(self.con)
        try:
            for source in self.sources.by_name.values():
                read, refused = self._stage_source(reader, source)
                staged |= {one.contract.name: one for one in read}
                failed |= refused
                self.progress(f"source {source.name}")
        finally:
            reader.close()
        return staged, failed

    def _count_log(self) -> dict[str, str]:
        """Count the web server's log, where a source of that kind gives it; why it failed, if it did."""
        source = self.sources.of(ACCESS_LOG)
        if source is None or source.log is None:
            access_log.carry(self.con)
            return {}
        bounds = Bounds(self.sources.system.founded_on, self.collected_at + SAME_READING)
        failed: dict[str, str] = {}
        try:
            counted = access_log.collect(self.con, self.home, source, self.key, bounds, warehouse.folder_of(self.con))
        except DatasetError as error:
            failed = dict.fromkeys(source.datasets, str(error))
        if failed:
            access_log.carry(self.con)
            return failed
        contract = self.contracts[ACCESS_LOG]
        self._write_set_aside(contract, counted.set_aside)
        refused = sum(entry.rows for entry in counted.set_aside)
        self._record(ACCESS_LOG, COLLECTED, counted.detail, counted.written_at, digest(self.con, contract), counted.rows_in,
                     counted.rows_in - refused, refused)
        self._tell_of_log(source, counted)
        return {}

    def _tell_of_log(self, source: Source, counted: access_log.Counted) -> None:
        """What the log records, and which of its files are there: datasets beside its counts."""
        fields = [(field,) for field in recorded(source.log.form, source.log.fields)]
        for name, rows in ((LOG_FIELDS, fields), (RAW_LOGS, counted.at_hand)):
            if name in source.datasets:
                contract = self.contracts[name]
                warehouse.insert(self.con, _table(contract), rows)
                self._record(name, COLLECTED, None, counted.written_at, digest(self.con, contract), len(rows), len(rows))

    def _stage_source(self, reader: Connection, source: Source) -> tuple[list[Staged], dict[str, str]]:
        if source.kind == ACCESS_LOG:
            return [], {}
        contracts = columns.asked(source, self.contracts)
        if source.kind in database.DIALECTS:
            known = {contract.name: before for contract in contracts if (before := self._known(contract, source))}
            staged, failed = database.stage(reader, source, contracts, known, self.attempts[source.name])
        else:
            staged, failed = files.stage(reader, self.home, source, contracts, READERS.get(source.kind))
        return columns.looked_at(reader, source, staged, failed, self.contracts)

    def _known(self, contract: Contract, source: Source) -> Known | None:
        """What last night holds of an event dataset that is read by `since`; None: it is read whole, as at first."""
        if contract.since is None:
            return None
        newest = self.con.execute(
            f"SELECT max({identifier(contract.newest_by)}) FROM previous.source.{identifier(contract.name)}").fetchone()[0]
        if newest is None:
            return None
        at = newest.astimezone(UTC) - timedelta(days=source.overlap_of(contract.name))
        if contract.counted_by:  # a day's count is only right if the whole day is read
            at = self.con.execute("SELECT $at::TIMESTAMPTZ::DATE::TIMESTAMPTZ", {"at": at}).fetchone()[0].astimezone(UTC)
        return Known(at, frozenset(self._absent_before(contract)))

    def _absent_before(self, contract: Contract) -> list[str]:
        """The contract's columns that last night's rows lack: its source did not have them, or the contract did not."""
        rows = self.con.execute(
            "SELECT unnest(absent_columns) FROM previous.source.collection WHERE dataset = $dataset UNION "
            "(SELECT unnest($columns) EXCEPT SELECT column_name FROM duckdb_columns() WHERE database_name = 'previous_file' "
            "AND schema_name = 'source' AND table_name = $dataset) ORDER BY ALL",
            {"dataset": contract.name, "columns": list(contract.lasting)}).fetchall()
        return [name for (name,) in rows]

    def _accept(self, staged: dict[str, Staged]) -> None:
        acceptance = Acceptance(self.con, Pseudonyms(self.con, self.key, self.contracts), self.contracts,
                                self.sources.system.founded_on)
        for name in in_order(self.contracts):
            if name in staged:
                self._accept_one(acceptance, staged[name])
            else:
                self._carry(self.contracts[name])
            self.progress(name)

    def _accept_one(self, acceptance: Acceptance, staged: Staged) -> None:
        contract = staged.contract
        rows_in = self._count(staged.table) + staged.refusals.rows
        aside = acceptance.accept(staged, latest_plausible(self.collected_at, staged.written_at))
        kept, refused = self._stands_for(contract), sum(entry.rows for entry in aside)
        if rows_in != kept + refused:
            raise AlpiaError(f"{contract.name}: {rows_in} rows came in, but {kept} were kept and {refused} set aside. "
                             "This is an error of the product: keep the run's folder and report it.")
        self._write_set_aside(contract, aside)
        shrunk = self._carry(contract, staged)
        carried = self._stands_for(contract) - kept if contract.since else 0
        self._record(contract.name, COLLECTED, _detail(staged, carried, shrunk), staged.written_at,
                     digest(self.con, contract), rows_in, kept, refused, staged.absent)

    def _count(self, table: str) -> int:
        return self.con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def _stands_for(self, contract: Contract) -> int:
        """How many rows of its source a table holds, or counts."""
        rows = contract.row_count if contract.counted_by else "count(*)"
        return self.con.execute(f"SELECT {rows} FROM {_table(contract)}").fetchone()[0]

    def _write_set_aside(self, contract: Contract, aside: Iterable[SetAside]) -> None:
        for entry in aside:
            self.con.execute("INSERT INTO source.set_aside VALUES ($dataset, $reason, $place, $column, $rows)",
                             {"dataset": contract.name, "reason": entry.reason, "place": entry.place,
                              "column": entry.column, "rows": entry.rows})

    def _carry(self, contract: Contract, staged: Staged | None = None) -> int:
        """Take over of an event dataset that is read by `since` what was not read again (all of it where nothing was).

        Returns how many days of a counted dataset were read with fewer actions than were known.
        """
        if contract.since is None:
            return 0
        if contract.counted_by:
            return counts.carry(self.con, contract, _table(contract), self._boundary(contract, staged))
        key = ", ".join(identifier(name) for name in contract.key)
        columns = ", ".join(f"old.{identifier(name)}" for name in contract.columns)
        self.con.execute(
            f"INSERT INTO {_table(contract)} BY NAME SELECT {columns} "
            f"FROM previous.source.{identifier(contract.name)} AS old "
            f"ANTI JOIN {_table(contract)} AS new USING ({key})")
        return 0

    def _boundary(self, contract: Contract, staged: Staged | None) -> date | None:
        """The oldest day that was read, where the source may have forgotten its first hours.

        None for a reading that began with a whole day, and where the columns counted by are others than last night, so
        that old and new counts of one day cannot be laid side by side.
        """
        if staged is None or staged.reads_from is not None:
            return None
        if {*self._absent_before(contract)} != {*staged.absent} & {*contract.lasting}:
            return None
        return self.con.execute(f"SELECT min({counts.DAY}) FROM {_table(contract)}").fetchone()[0]

    def _record(self, name: str, status: str, detail: str | None, written_at: datetime | None = None,
                told: str | None = None, rows_in: int = 0, kept: int = 0, refused: int = 0,
                absent: list[str] | None = None) -> None:
        source = self.sources.of(name)
        self.con.execute(
            "INSERT INTO source.collection VALUES ($dataset, $source, $status, $detail, $collected_at, $written_at, "
            "$rows_in, $kept, $refused, $digest, $absent::VARCHAR[])",
            {"dataset": name, "source": source.name if source else None, "status": status, "detail": detail,
             "collected_at": self.collected_at, "written_at": written_at, "rows_in": rows_in, "kept": kept,
             "refused": refused, "digest": told,
             "absent": absent if status == COLLECTED and absent is not None else self._carried_absent(name)})

    def _carried_absent(self, name: str) -> list[str]:
        """What the rows lack that a night without its source carries over."""
        contract = self.contracts[name]
        carried = contract.since is not None and self._count(_table(contract)) > 0
        return self._absent_before(contract) if carried else []


def _make_tables(con: Connection, contracts) -> None:
    con.execute(LAYOUT)
    access_log.make_tables(con)
    for contract in contracts.values():
        con.execute(f"CREATE OR REPLACE TABLE {_table(contract)} ({contract.layout})")


def _table(contract: Contract) -> str:
    return f"source.{identifier(contract.name)}"


def _detail(staged: Staged, carried: int, shrunk: int) -> str | None:
    """What is worth saying about a dataset that was collected; None for nothing."""
    parts = [staged.detail] if staged.detail else []
    if staged.reads_from:
        parts.append(f"read from {staged.reads_from.astimezone(ZoneInfo(warehouse.TIME_ZONE)):%Y-%m-%d}")
    if carried:
        parts.append(f"{carried} rows carried over from the collection before")
    if shrunk:
        parts.append(f"{shrunk} day{'s' * (shrunk > 1)} read with fewer rows than before: the larger counts are kept")
    return "; ".join(parts) or None


def in_order(contracts) -> tuple[str, ...]:
    """The datasets, each after those that its ids refer to, and after the journal of erasures; ties as in the file."""
    graph = {}
    for name, contract in contracts.items():
        references = {column.references for column in contract.columns.values() if column.references}
        graph[name] = references | ({JOURNAL} & set(contracts) if references and name != JOURNAL else set())
    return tuple(TopologicalSorter(graph).static_order())


def latest_plausible(collected_at: datetime, written_at: datetime | None) -> datetime:
    """The moment after which a row is of the future: the collection's, or the source's own if that is a little later."""
    if written_at is not None and collected_at < written_at <= collected_at + SAME_READING:
        return written_at
    return collected_at


def digest(con: Connection, contract: Contract) -> str:
    """SHA-256 (hex) over the number of rows of source.<dataset> and the sum of their hashes: order does not matter."""
    columns = ", ".join(identifier(name) for name in contract.stored)
    sums = f"SELECT count(*), coalesce(sum(hash({columns})::HUGEINT), 0) FROM {_table(contract)}"
    rows, total = con.execute(sums).fetchone()
    return hashlib.sha256(f"{contract.name}({columns}):{rows}:{total}".encode()).hexdigest()


def copy_from_held(con: Connection, held_path: Path, contracts) -> None:
    """Fill source.* from a held warehouse file, to rebuild the as_of for which it was collected.

    A column that the held file does not have is NULL, and rows that are kept as counts today are counted. AlpiaError where
    the file holds no collection.
    """
    _make_tables(con, contracts)
    warehouse.attach(con, held_path, "held")
    try:
        record_of(con, "held")
        held = _held_columns(con)
        if "collection" not in held:
            raise AlpiaError(f"{held_path} holds no collection: collect anew with `alpia run`.")
        for table, columns in ACCOUNT.items():
            shared = ", ".join(identifier(name) for name in columns if name in held.get(table, ()))
            if shared:
                con.execute(f"INSERT INTO source.{identifier(table)} BY NAME "
                            f"SELECT {shared} FROM held.source.{identifier(table)}")
        for name, contract in contracts.items():
            if name in held:
                older = contract.of_older(f"held.source.{identifier(name)}", held[name])
                con.execute(f"INSERT INTO {_table(contract)} BY NAME {older}")
        _name_new_datasets(con, contracts)
    finally:
        con.execute("DETACH held")


def _held_columns(con: Connection) -> dict[str, set[str]]:
    rows = con.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'held' "
                       "AND schema_name = 'source'").fetchall()
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def _name_new_datasets(con: Connection, contracts) -> None:
    """A dataset whose contract is younger than the held file was not collected then: it says so."""
    for name in contracts:
        con.execute(
            "INSERT INTO source.collection BY NAME SELECT $name AS dataset, 'missing' AS status, "
            "'not collected at that time' AS detail, 0 AS rows_in, 0 AS rows_kept, 0 AS rows_set_aside, "
            "[]::VARCHAR[] AS absent_columns WHERE $name NOT IN (SELECT dataset FROM source.collection)", {"name": name})
