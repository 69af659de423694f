"""The access log as a source: from files of lines to source.access_log, counts by local day.

Only days that new lines touch are counted anew, from all files that hold lines of them and of the days beside them. What was
counted of older days is carried over, and of a day whose older lines are gone too.
"""

import secrets
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines import warehouse
from pipelines.collect.acceptance import SetAside
from pipelines.collect.sources import Source
from pipelines.collect.staging import DatasetError, Refusals
from pipelines.collect.traffic import log_files
from pipelines.collect.traffic.countries import Countries
from pipelines.collect.traffic.days import COUNTED, Days
from pipelines.collect.traffic.formats import compiled
from pipelines.collect.traffic.known import DayOfLog, Log, Present, Recount, Sorted, recount, remembered, told_apart
from pipelines.collect.traffic.reader import WAY_OF_HASHING, Bounds, Reader
from pipelines.home import Home
from pipelines.warehouse import Connection

MEMORY_MIB = 608
VISITOR_KEY_BYTES = 32
GONE = "older_lines_gone"
# The ledger of the files, beside the counts: no dataset, but what tells tomorrow what is new.
LOG_FILE = {"log_id": "VARCHAR", "head_bytes": "BIGINT", "name": "VARCHAR", "mark": "VARCHAR", "hasher": "VARCHAR"}
LOG_DAY = {"log_id": "VARCHAR", "day_on": "DATE", "lines": "BIGINT", "digest": "VARCHAR"}
CARRIED = """
INSERT INTO source.access_log BY NAME
SELECT * EXCLUDE (is_partial), is_partial OR list_contains($partial::DATE[], day_on) AS is_partial
FROM previous.source.access_log WHERE NOT list_contains($days::DATE[], day_on)
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a night's reading gave. `rows_in`: lines of the files that are new or have changed; each is kept or set aside.

    `at_hand`: of each log that is there (name, first and last local day, lines), copies left out.
    """

    rows_in: int
    set_aside: list[SetAside]
    written_at: datetime
    detail: str
    at_hand: tuple[tuple[str, date, date, int], ...]


def collect(connection: Connection, home: Home, source: Source, key: bytes, bounds: Bounds, folder: Path) -> Counted:
    """Fill source.access_log, source.log_file and source.log_day of the building file, from the logs and from `previous`.

    `folder`: where what does not fit into memory may spill, encrypted. DatasetError where the files cannot be read, or there
    is no room for them: then nothing is written, and `carry` takes over what was known.
    """
    try:
        with TemporaryDirectory(dir=folder, prefix="traffic-") as spill, _countries(home, source) as countries, \
                closing(warehouse.confined(Path(spill), MEMORY_MIB)) as confined:
            return _Collection(connection, confined, home, source, key, bounds, countries, Path(spill)).run()
    except warehouse.NO_ROOM:
        # What DuckDB says may hold a line: nothing of it is passed on.
        raise DatasetError("the log cannot be counted: no room is left in memory, or on the disk for what spills") from None


def make_tables(connection: Connection) -> None:
    """The empty ledger of the files."""
    for table, columns in (("log_file", LOG_FILE), ("log_day", LOG_DAY)):
        told = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"CREATE OR REPLACE TABLE source.{table} ({told})")


def carry(connection: Connection) -> None:
    """Take over all that was counted and known before, as it was."""
    connection.execute(CARRIED, {"partial": [], "days": []})
    for table in ("log_file", "log_day"):
        connection.execute(f"INSERT INTO source.{table} FROM previous.source.{table}")


def look(home: Home, source: Source) -> int:
    """How many files there are to read, by a look at their names and first bytes; DatasetError if there is none."""
    files = log_files.find(home, source.log.files)
    for file in files:
        log_files.head(file)
    with _countries(home, source):
        return len(files)


def _countries(home: Home, source: Source) -> AbstractContextManager[Countries | None]:
    """The country database that the source names, open; nothing where it names none."""
    name = source.log.countries
    return Countries(home.path / name, name) if name else nullcontext()


class _Collection:
    def __init__(self, connection: Connection, confined: Connection, home: Home, source: Source, key: bytes, bounds: Bounds,
                 countries: Countries | None, folder: Path):
        self._connection, self._home, self._settings, self._key = connection, home, source.log, key
        form = compiled(source.log.form, source.log.fields)
        self._days = Days(confined, secrets.token_bytes(VISITOR_KEY_BYTES), key, source.log.sites, countries, form.fields)
        self._reader = Reader(confined, form, bounds, self._days.take, folder)
        self._numbers: dict[str, int] = {}

    def run(self) -> Counted:
        known = _known(self._connection)
        files = log_files.find(self._home, self._settings.files)
        hasher = self._hasher()
        found = told_apart(files, known, self._key)
        known = [log for log in known if log.log_id not in found.absorbed]
        changed = [one for one in found.present if not one.is_unchanged]
        read = self._read(changed)
        refusals, self._reader.refusals = self._reader.refusals, Refusals()
        kept = sum(told.lines for days in read.values() for told in days.values())
        read |= self._read(one for one in found.present if one.is_unsettled)
        need = recount(found.present, read, known, hasher, _partial(self._connection))
        self._read(need.files)
        self._write(need)
        self._remember(remembered(found.present, read, known, need, hasher))
        lost = _lost(need, found.present)
        aside = [SetAside(reason, where, None, rows) for reason, where, rows in refusals.entries()] + lost
        newest = max((file.written for file in files), default=0)
        return Counted(kept + refusals.rows, aside, datetime.fromtimestamp(newest, UTC), _detail(found, changed, need),
                       _at_hand(found.present, read))

    def _hasher(self) -> str:
        """What the digests of days are made by: DuckDB's hash may change from one version to the next, and what we hash."""
        version = self._connection.execute("SELECT library_version FROM pragma_version()").fetchone()[0]
        return f"{version}/{WAY_OF_HASHING}"

    def _read(self, logs: Iterable[Present]) -> dict[str, dict[date, DayOfLog]]:
        """Take in the lines of these logs; by log id, the days that they hold."""
        logs = list(logs)
        numbered = {len(self._numbers) + place: one for place, one in enumerate(logs, 1)}
        self._numbers |= {one.log_id: number for number, one in numbered.items()}
        for _ in self._reader.read([(number, one.file) for number, one in numbered.items()]):
            self._days.describe_agents()
        self._days.settle()
        held = self._days.held(self._key)
        return {one.log_id: held.get(number, {}) for number, one in numbered.items()}

    def _write(self, need: Recount) -> None:
        self._connection.execute(CARRIED, {"partial": sorted(need.kept), "days": sorted(need.days)})
        if not need.days:
            return
        rows = [(*row, row[0] in need.partial) for row in self._days.counted(need.days)]
        warehouse.append(self._connection, "source.access_log", COUNTED | {"is_partial": "BOOLEAN"}, rows)

    def _remember(self, logs: list[Log]) -> None:
        make_tables(self._connection)
        warehouse.append(self._connection, "source.log_file", LOG_FILE, [
            (log.log_id, log.head_bytes, log.name, log.mark, log.hasher) for log in logs])
        warehouse.append(self._connection, "source.log_day", LOG_DAY, [
            (log.log_id, day, told.lines, told.digest) for log in logs for day, told in sorted(log.days.items())])


def _known(connection: Connection) -> list[Log]:
    days: dict[str, dict[date, DayOfLog]] = {}
    for log_id, day, count, told in connection.execute("FROM previous.source.log_day ORDER BY ALL").fetchall():
        days.setdefault(log_id, {})[day] = DayOfLog(count, told)
    files = connection.execute("SELECT log_id, head_bytes, name, mark, hasher FROM previous.source.log_file ORDER BY ALL")
    return [Log(log_id, head_bytes, name, mark, hasher, days.get(log_id, {}))
            for log_id, head_bytes, name, mark, hasher in files.fetchall()]


def _partial(connection: Connection) -> list[date]:
    return [day for (day,) in connection.execute(
        "SELECT DISTINCT day_on FROM previous.source.access_log WHERE is_partial ORDER BY day_on").fetchall()]


def _lost(need: Recount, present: Iterable[Present]) -> list[SetAside]:
    names: Mapping[str, str] = {one.log_id: one.file.shown for one in present}
    return [SetAside(GONE, names[log_id], "day_on", rows) for log_id, rows in sorted(need.lost_lines.items())]


def _at_hand(present: Iterable[Present], read: Mapping[str, Mapping[date, DayOfLog]]) -> tuple:
    days = {one.file.shown: read[one.log_id] if one.before is None else read.get(one.log_id, one.before.days)
            for one in present}
    return tuple((name, min(told), max(told), sum(day.lines for day in told.values()))
                 for name, told in sorted(days.items()) if told)


def _detail(found: Sorted, changed: list[Present], need: Recount) -> str:
    parts = [f"{len(changed)} of {len(found.present)} logs are new or have changed", f"{len(need.days)} days counted"]
    if found.copies:
        parts.append(f"{len(found.copies)} files are copies of others")
    if need.kept:
        parts.append(f"{len(need.kept)} days kept as they were, since older lines of them are gone")
    return "; ".join(parts)
