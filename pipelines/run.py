"""The main job: collect, verify, publish, report. An entry point: what reads the clock stands here or in cli.py.

    collect notebook ──► building/<run>/warehouse.duckdb ──► verify notebook ──► publish (one swap) ──► report notebooks

The notebooks do their work through `collect_stage` and `verify_stage`; between them nobody holds the file.
"""

import fcntl
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from pipelines import warehouse
from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.operate import evidence
from pipelines.operate.ledger import Ledger
from pipelines.operate.manifest import Occasion
from pipelines.register import contracts as contracts_register
from pipelines.register import exceptions as exceptions_register
from pipelines.register import policy as policy_register
from pipelines.register import tables

REPORTS = ("compliance", "inactivity", "deletions", "traffic")
KEPT_DAYS = 35  # ours: nights whose collection stays at hand, so that a day can be rebuilt
LIBRARIES = ("duckdb", "great-expectations", "pandas", "papermill")


@dataclass(frozen=True, slots=True)
class Collected:
    """What the collect notebook shows: frames of counts, and where the file lies."""

    building: Path
    datasets: object
    set_aside: object


@dataclass(frozen=True, slots=True)
class Verified:
    """What the verify notebook shows: frames of checks, canaries and verdicts."""

    building: Path
    checks: object
    canaries: object
    verdicts: object


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run leaves: where, and how many promises have which verdict."""

    run_id: str
    as_of: date
    published: Path
    verdicts: dict[str, int]
    reports: tuple[Path, ...]

    @property
    def result(self) -> str:
        """As `result_of` says."""
        return result_of(self.verdicts)


def result_of(verdicts: dict[str, int]) -> str:
    """`breached`, `unverifiable` or `done`: the first that a promise is, by the counts of verdicts."""
    return next((word for word in ("breached", "unverifiable") if verdicts.get(word)), "done")


def now() -> datetime:
    """The time of this moment, in UTC."""
    return datetime.now(UTC)


def last_complete_day(at: datetime | None = None) -> date:
    """The last local day that is over."""
    return (at or now()).astimezone(ZoneInfo(warehouse.TIME_ZONE)).date() - timedelta(days=1)


def sources_of(home: Home):
    """The home's sources.toml, loaded against the contracts."""
    from pipelines.collect import sources

    return sources.load(home.sources_toml, contracts_register.load())


def default_as_of(home: Home) -> date:
    """The home's own fixed day (a demo has one), else the last complete local day."""
    return sources_of(home).system.as_of or last_complete_day()


def published_day(home: Home) -> date:
    """The newest published day; AlpiaError before the first run."""
    published = warehouse.published(home)
    if not published:
        raise AlpiaError(f"Nothing is published in {home.path} yet: `alpia run` makes a first run.")
    return published[-1][0]


def new_run_id(at: datetime) -> str:
    """A name that sorts by time."""
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z"


def is_past(home: Home, as_of: date) -> bool:
    """Whether a later day is published already: then the day is rebuilt from what was collected for it."""
    days = [day for day, _ in warehouse.published(home)]
    return bool(days) and as_of < max(days)


def held_collection(home: Home, as_of: date) -> Path:
    """The file that holds the collection of a past day; AlpiaError, naming the days that are held, where there is none."""
    held = warehouse.held_for(home, as_of)
    if held is None:
        days = ", ".join(sorted({f"{day}" for day, _ in warehouse.published(home)}))
        raise AlpiaError(f"No collection of {as_of} is held any more, so that day cannot be rebuilt; held are: {days}.")
    return held


def collect_stage(home: str, as_of: str, building: str = "", collected_at: str = "") -> Collected:
    """Collect into a new file and turn it into facts and obligations; without `building`, in a private folder.

    `as_of`: a local day, empty for the default one. `collected_at`: the moment of the run, empty for now.
    """
    from pipelines.collect import collection
    from pipelines.models import engine

    place = Home.locate(home)
    day = date.fromisoformat(as_of) if as_of else default_as_of(place)
    path = Path(building) if building else _private_place(place)
    at = datetime.fromisoformat(collected_at) if collected_at else now()
    contracts, policy = contracts_register.load(), policy_register.load()
    declared, exceptions = sources_of(place), exceptions_register.load(policy, contracts, place.path)
    connection = warehouse.create(path, warehouse.previous_for(place, day), contracts)
    if is_past(place, day):
        collection.copy_from_held(connection, held_collection(place, day), contracts)
    else:
        collection.collect(connection, place, declared, contracts, place.pseudonym_key(), at, day)
    tables.write_history(connection, declared.system.history_from)
    tables.write_exceptions(connection, exceptions)
    engine.judge(connection, policy, contracts, day)
    digests = policy.digest, contracts.digest, exceptions.digest
    engine.record_run(connection, declared.system.name, day, digests, versions())
    collected = Collected(path, warehouse.frame(connection, "FROM source.collection ORDER BY dataset"),
                          warehouse.frame(connection, "FROM source.set_aside ORDER BY ALL"))
    warehouse.finish(connection)
    return collected


def verify_stage(home: str, as_of: str, building: str = "", publish: bool = False) -> Verified:
    """Verify a built file and write results, verdicts and report tables into it.

    `as_of`: a local day, empty for the newest published one. Without `building`, a private copy of what is published for
    that day is verified, and nothing is published unless `publish` says so; a past day never is (AlpiaError).
    """
    from pipelines.models import engine
    from pipelines.verify import verification

    place = Home.locate(home)
    day = date.fromisoformat(as_of) if as_of else published_day(place)
    if publish and is_past(place, day):
        raise AlpiaError(f"{day} is a past day: it is rebuilt with `alpia run --as-of {day}`, and never becomes current.")
    contracts, policy = contracts_register.load(), policy_register.load()
    path = Path(building) if building else _private_copy(place, day)
    founded_on = sources_of(place).system.founded_on
    results = [*verification.verify(path, contracts, policy, day, founded_on), *_judge_canaries(path, contracts, policy)]
    connection = warehouse.reopen(path, warehouse.previous_for(place, day), contracts)
    verification.write(connection, results)
    bindings = engine.clock(connection, day)
    for stage in ("verdict", "report"):
        engine.build(connection, stage, bindings)
    verified = Verified(
        path,
        warehouse.frame(connection, "FROM verification.result WHERE suite <> 'canary' ORDER BY ALL"),
        warehouse.frame(connection, "FROM verification.result WHERE suite = 'canary' ORDER BY ALL"),
        warehouse.frame(connection, "FROM verdict.current ORDER BY position"))
    warehouse.finish(connection)
    if publish and not building:
        with only_one(place):
            evidence.refuse_unready(place)
            run_id = new_run_id(now())
            evidence.record(place, Occasion(run_id, "by_hand", day, now()), _publish(place, path, day, run_id), ())
    return verified


def _judge_canaries(path: Path, contracts, policy) -> list:
    from pipelines.verify import canaries, doubts

    held = canaries.load()
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="canaries-") as folder:
        results = canaries.judge(Path(folder) / f"canaries{warehouse.SUFFIX}", held, contracts, policy)
    return [*results, *doubts.judge(held, contracts, policy)]


def _private_place(home: Home) -> Path:
    home.prepare()
    return warehouse.building_path(home, f"{warehouse.BY_HAND}-{new_run_id(now())}")


def _private_copy(home: Home, as_of: date) -> Path:
    held = held_collection(home, as_of)
    path = _private_place(home)
    path.parent.mkdir(parents=True)
    shutil.copyfile(held, path)
    path.chmod(0o600)
    return path


def versions() -> dict[str, str]:
    """The versions of Python, of this product and of the libraries that decide."""
    return {"python": platform.python_version(), "alpia": version("alpia"), **{name: version(name) for name in LIBRARIES}}


def discard(building: Path) -> None:
    """Remove a private file and its folder."""
    shutil.rmtree(building.parent, ignore_errors=True)


@contextmanager
def only_one(home: Home) -> Iterator[None]:
    """Hold the home for one run; AlpiaError naming the holder where another run is at work."""
    home.prepare()
    with (home.runs / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlpiaError(f"Another run is at work in {home.path}: {lock.read().strip()}. Wait for it to end.") from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"process {os.getpid()}, since {now():%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        yield


def run(home: Home, as_of: date, lang: str = "fr", reports: tuple[str, ...] = REPORTS,
        tell: Callable[[str], None] = lambda line: None) -> Outcome:
    """One pass from the sources to the reports of `as_of`; AlpiaError where it cannot be done, and nothing is published.

    Safe to repeat. A day before the last published one is rebuilt from the collection held for it and never becomes
    `current`. `tell` hears one line a stage.
    """
    with only_one(home):
        _refuse_another_system(home)
        evidence.refuse_unready(home)
        started = now()
        warehouse.discard_stale(home, started - timedelta(days=1))
        run_id = new_run_id(started)
        ledger = Ledger(home.runs)
        ledger.start(run_id, "past" if is_past(home, as_of) else "run", as_of, started, str(versions()))
        try:
            outcome = _run(home, as_of, lang, reports, _Steps(ledger, run_id, tell), started)
        except BaseException as error:
            ledger.finish(run_id, now(), "failed", f"{type(error).__name__}: {error}" if isinstance(error, AlpiaError)
                          else type(error).__name__)
            raise
        finally:
            warehouse.discard_building(home, run_id)
        ledger.finish(run_id, now(), outcome.result, str(outcome.verdicts))
        return outcome


class _Steps:
    """Times each step, tells it in one line and enters it in the ledger."""

    def __init__(self, ledger: Ledger, run_id: str, tell: Callable[[str], None]) -> None:
        self.ledger, self.run_id, self.tell = ledger, run_id, tell

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        at, start, result = now(), perf_counter(), "failed"
        try:
            yield
            result = "done"
        finally:
            seconds = perf_counter() - start
            self.ledger.step(self.run_id, name, at, seconds, result)
            self.tell(f"{name:<12} {result:<6} {seconds:6.1f} s")


def _run(home: Home, as_of: date, lang: str, reports: tuple[str, ...], step: _Steps, started: datetime) -> Outcome:
    from pipelines.report import index
    from pipelines.report.render import render

    building = warehouse.building_path(home, step.run_id)
    records = home.runs / step.run_id
    records.mkdir(mode=0o700)
    past = is_past(home, as_of)
    work = {"building": str(building)}
    with step("collect"):
        collected = render(home, as_of, "collect", lang, records, {**work, "collected_at": started.isoformat()})
    with step("verify"):
        verified = render(home, as_of, "verify", lang, records, work)
    with step("publish"):
        published = _set_beside(home, building, as_of, step.run_id) if past else _publish(home, building, as_of, step.run_id)
    pages = []
    for name in reports:
        with step(name):
            pages.append(render(home, as_of, name, lang, records, {"warehouse": str(published)}))
    pages += _other_formats(home, as_of, reports, pages, lang, published, step)
    with step("index"):
        pages.append(index.write(home))
    with step("evidence"):
        evidence.record(home, Occasion(step.run_id, "past" if past else "run", as_of, now()), published,
                        (collected, verified, *pages))
    connection = warehouse.read(published)
    counts = connection.execute("SELECT verdict, count(*) FROM verdict.current GROUP BY verdict ORDER BY 1").fetchall()
    connection.close()
    return Outcome(step.run_id, as_of, published, dict(counts), tuple(pages))


def _other_formats(home: Home, as_of: date, names: tuple[str, ...], pages: list[Path], lang: str, published: Path,
                   step: _Steps) -> list[Path]:
    """The workbooks of the reports, and their pages printed."""
    from pipelines.report import pdf, workbooks

    if not names:
        return []
    with step("xlsx"):
        books = workbooks.write(home, as_of, names, lang, published)
    with step("pdf"):
        return [*books, *pdf.write(pages, as_of, step.tell)]


def report(home: Home, as_of: date, names: tuple[str, ...], lang: str,
           tell: Callable[[str], None] = lambda line: None) -> list[Path]:
    """Write reports again from the published file of that day; UsageError for a name that is none."""
    from pipelines.report import index
    from pipelines.report.render import render

    strange = sorted(set(names) - set(REPORTS))
    if strange:
        raise UsageError(f"There is no report {', '.join(strange)}; there are: {', '.join(REPORTS)}.")
    with only_one(home):
        evidence.refuse_unready(home)
        published, at = held_collection(home, as_of), now()
        run_id = new_run_id(at)
        ledger = Ledger(home.runs)
        ledger.start(run_id, "report", as_of, at, str(versions()))
        step, records = _Steps(ledger, run_id, tell), home.runs / run_id
        records.mkdir(mode=0o700)
        pages = []
        for name in names:
            with step(name):
                pages.append(render(home, as_of, name, lang, records, {"warehouse": str(published)}))
        pages += _other_formats(home, as_of, names, pages, lang, published, step)
        pages.append(index.write(home))
        evidence.record(home, Occasion(run_id, "report", as_of, now()), published, pages)
        ledger.finish(run_id, now(), "done", f"{len(names)} reports")
    return pages


def _publish(home: Home, built: Path, as_of: date, run_id: str) -> Path:
    published = warehouse.publish(home, built, as_of, run_id)
    warehouse.forget(home, KEPT_DAYS)
    return published


def _set_beside(home: Home, built: Path, as_of: date, run_id: str) -> Path:
    """A rebuilt past day lies apart: it is never `current`, and no later night reads it."""
    folder = home.warehouse / "past"
    folder.mkdir(exist_ok=True, mode=0o700)
    for old in folder.glob(f"{as_of}_*{warehouse.SUFFIX}"):
        old.unlink()
    return built.rename(folder / f"{as_of}_{run_id}{warehouse.SUFFIX}")


def _refuse_another_system(home: Home) -> None:
    current = warehouse.current(home)
    if current is None:
        return
    name = sources_of(home).system.name
    connection = warehouse.read(current)
    held = connection.execute("SELECT system FROM register.run").fetchone()[0]
    connection.close()
    if held != name:
        raise AlpiaError(f"The warehouse in {home.warehouse} is of the system {held!r}, but {home.sources_toml} says "
                         f"{name!r}: use another home for another system.")
