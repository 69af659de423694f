"""The main job: collect, verify, publish, report. An entry point: what reads the clock stands here or in cli.py.

    collect notebook ──► building/<run>/warehouse.duckdb ──► verify notebook ──► publish (one swap) ──► report notebooks

The notebooks do their work through `collect_stage` and `verify_stage`; between them nobody holds the file.
"""

import json
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines import disk, warehouse
from pipelines.errors import AlpiaError, RefusedError, UsageError
from pipelines.home import Home
from pipelines.operate import evidence, forgetting, inputs, outward, owed, publication, recovery
from pipelines.operate.ledger import Dataset, Entry, Ledger, Page
from pipelines.operate.lock import only_one
from pipelines.operate.manifest import Occasion
from pipelines.operate.owed import ReportsMissing, ReportsRefused
from pipelines.operate.steps import Laps, Steps
from pipelines.register import contracts as contracts_register
from pipelines.register import exceptions as exceptions_register
from pipelines.register import policy as policy_register
from pipelines.register import tables
from pipelines.report import workers
from pipelines.verify import ahead

REPORTS = ("management", "compliance", "inactivity", "deletions", "traffic")
ENDS = {ReportsMissing: "incomplete", RefusedError: "refused"}  # what the ledger says of a run that ended by an error
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
    """What a run leaves: where, and how many promises have which verdict.

    `is_unchanged`: its inputs were those of the run of that day before it, whose file this is; `changed`: which were not.
    """

    run_id: str
    as_of: date
    published: Path
    verdicts: dict[str, int]
    reports: tuple[Path, ...]
    is_unchanged: bool = False
    changed: tuple[str, ...] = ()

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


def new_run_id(at: datetime) -> str:
    """A name that sorts by time."""
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03d}Z"


@outward.nothing_leaves()
def collect_stage(home: str, as_of: str, building: str = "", collected_at: str = "") -> Collected:
    """Collect into a new file and turn it into facts and obligations; without `building`, in a private folder.

    `as_of`: a local day, empty for the default one. `collected_at`: the moment of the run, empty for now.
    """
    from pipelines.collect import collection, expiry
    from pipelines.models import engine

    place = Home.locate(home)
    day = date.fromisoformat(as_of) if as_of else default_as_of(place)
    path = Path(building) if building else _private_place(place)
    at = datetime.fromisoformat(collected_at) if collected_at else now()
    contracts, policy = contracts_register.load(), policy_register.load()
    declared, exceptions = sources_of(place), exceptions_register.load(policy, contracts, place.path)
    previous, laps, attempts = warehouse.previous_for(place, day), Laps(), {}
    connection = warehouse.create(path, previous, contracts)
    if publication.is_past(place, day):
        collection.copy_from_held(connection, publication.held_collection(place, day), contracts)
    else:
        attempts = collection.collect(connection, place, declared, contracts, place.pseudonym_key(), at, day, laps)
    expiry.leave_behind(connection, contracts, day, policy.forgetting["subject_months"].value)
    tables.write_history(connection, declared.system.history_from)
    tables.write_exceptions(connection, exceptions)
    engine.judge(connection, policy, contracts, day)
    digests = {"policy": policy.digest, "contracts": contracts.digest, "exceptions": exceptions.digest}
    engine.record_run(connection, declared.system.name, day, tuple(digests.values()), versions())
    inputs.write(connection, engine.clock(connection, day)["as_of_end"], {**digests, "sources": declared.digest}, versions(),
                 previous)
    if building:
        Ledger(place.runs).collected(path.parent.name, _datasets(connection, contracts, laps, attempts))
    outward.write(connection, "collect")
    collected = Collected(path, warehouse.frame(connection, "FROM source.collection ORDER BY dataset"),
                          warehouse.frame(connection, "FROM source.set_aside ORDER BY ALL"))
    warehouse.finish(connection)
    return collected


def _datasets(connection: warehouse.Connection, contracts, laps: Laps, attempts: Mapping[str, int]) -> list[Dataset]:
    """How each dataset was collected, as the ledger keeps it, in the contracts' order."""
    rows = {row[0]: row for row in connection.execute(
        "SELECT dataset, source, status, rows_in, rows_kept, rows_set_aside, detail FROM source.collection").fetchall()}
    return [Dataset(name, source, status, laps.seconds.get(name), *counts, attempts.get(source, 0), detail)
            for name, source, status, *counts, detail in (rows[name] for name in contracts if name in rows)]


@outward.nothing_leaves()
def verify_stage(home: str, as_of: str, building: str = "", publish: bool = False) -> Verified:
    """Verify a built file and write results, verdicts and report tables into it.

    `as_of`: a local day, empty for the newest published one. Without `building`, a private copy of what is published for
    that day is verified, and nothing is published unless `publish` says so; a past day never is (AlpiaError).
    """
    from pipelines.models import engine
    from pipelines.verify import own, verification

    place = Home.locate(home)
    day = date.fromisoformat(as_of) if as_of else publication.published_day(place)
    if publish and publication.is_past(place, day):
        raise AlpiaError(f"{day} is a past day: it is rebuilt with `alpia run --as-of {day}`, and never becomes current.")
    contracts, policy = contracts_register.load(), policy_register.load()
    path = Path(building) if building else _private_copy(place, day)
    founded_on = sources_of(place).system.founded_on
    results = [*verification.verify(path, contracts, policy, day, founded_on), *ahead.canaries(contracts, policy)]
    connection = warehouse.reopen(path, warehouse.previous_for(place, day), contracts)
    verification.write(connection, results)
    own.write(connection, place, now().astimezone(ZoneInfo(warehouse.TIME_ZONE)).date())
    outward.write(connection, "verify")
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
        with only_one(place, now()):
            evidence.refuse_unready(place)
            run_id = new_run_id(now())
            published = publication.publish(place, path, day, run_id)
            evidence.record(place, Occasion(run_id, "by_hand", day, now()), published, ())
    return verified


def _private_place(home: Home) -> Path:
    home.prepare()
    return warehouse.building_path(home, f"{warehouse.BY_HAND}-{new_run_id(now())}")


def _private_copy(home: Home, as_of: date) -> Path:
    held = publication.held_collection(home, as_of)
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


def run(home: Home, as_of: date, lang: str = "fr", reports: tuple[str, ...] = REPORTS,
        tell: Callable[[str], None] = lambda line: None, force: bool = False, also: Sequence[Page] = ()) -> Outcome:
    """One pass from the sources to the reports of `as_of`; AlpiaError where it cannot be done, and nothing is published.

    `also`: pages that are due besides `reports`, such as those in another language.

    Safe to repeat, and to kill at any moment. A day that was run before is collected again; unless its inputs have changed,
    or `force` says so, it is not judged again, and only what is missing is made. A day before the last published one is
    rebuilt from the collection held for it and never becomes `current`. `tell` hears one line a stage.
    A report that fails takes neither the others along nor what is published: ReportsMissing names those that are missing,
    and the next run makes them.
    """
    kind = "past" if publication.is_past(home, as_of) else "run"
    with _entered(home, as_of, kind, tell) as step:
        _refuse_another_system(home)
        if kind == "past":
            publication.held_collection(home, as_of)
        asked = dict.fromkeys([*(Page(as_of, name, lang) for name in reports), *also])
        with owed.Press(home, step, as_of) as press:
            return _night(home, as_of, list(asked), force, step, lang, press)


def run_range(home: Home, first: date, last: date, lang: str = "fr", reports: tuple[str, ...] = REPORTS,
              tell: Callable[[str], None] = lambda line: None, force: bool = False) -> tuple[list[Outcome], list[str]]:
    """Run the days from `first` to `last`, both counted, oldest first; (what each left, why others cannot be run).

    A day that was run before is left alone, unless `force` says otherwise. A day that cannot be rebuilt is passed over, as
    nothing will ever change that; any other failure ends the range, lest the days after it make that day past.
    """
    if last < first:
        raise UsageError(f"The range ends before it begins: {first} to {last}.")
    outcomes, refused = [], []
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        known = publication.file_of(home, day)
        if known and not force:
            tell(f"note: {day} was run already: run {warehouse.run_of(known)}")
            continue
        tell(f"note: {day}")
        try:
            outcomes.append(run(home, day, lang, reports, tell, force))
        except RefusedError as error:
            refused.append(f"{error}")
    return outcomes, refused


def _night(home: Home, as_of: date, asked: list[Page], force: bool, step: Steps, lang: str, press: owed.Press) -> Outcome:
    """The steps of a night, in their order. `asked`: the pages that are to be there in the end."""
    building, records = warehouse.building_path(home, step.run_id), home.runs / step.run_id
    superseded = warehouse.current(home)  # whoever has just looked where `current` leads may open it until the next run
    before = publication.file_of(home, as_of)
    if asked:
        owed.prepare()
    # A day that was run before is most likely not to be judged again.
    with workers.begun(ahead.begin) if force or before is None else nullcontext() as verifying:
        _work(home, as_of, "collect", lang, records, step, {"building": str(building), "collected_at": now().isoformat()})
        changed = inputs.changed(inputs.of(before), inputs.of(building)) if before else ()
        is_same = bool(before) and not changed and not force
        if not is_same:
            if asked and not step.ledger.owed():  # what is owed of other days would be printed first, by another
                press.begin()  # verification leaves a core to it, which the reports do not
            _work(home, as_of, "verify", lang, records, step, {"building": str(building)}, verifying)
    if is_same:
        step.tell(f"unchanged    nothing has changed since run {warehouse.run_of(before)}: it is not judged again")
        published, made = before, []
        step.ledger.owe(step.run_id, [page for page in asked if not page.file(home).exists()])
    else:
        step.ledger.owe(step.run_id, asked)
        with step("publish") as noted:
            noted.detail = f"changed since run {warehouse.run_of(before)}: {inputs.told(changed)}" if changed else ""
            published = publication.publish(home, building, as_of, step.run_id)
            made = publication.release(home, as_of, records)
    with step("forget") as noted:
        today = now().astimezone(ZoneInfo(warehouse.TIME_ZONE)).date()
        noted.rows, noted.detail = forgetting.run(home, published, today, superseded)
    made += owed.make(home, step, records, press).files if asked else []
    verdicts = _verdicts(published)
    result = "unchanged" if is_same else result_of(verdicts)
    pages = _finish(home, as_of, step, published, [*made, *(page.file(home) for page in asked)], result)
    told = f"nothing has changed since run {warehouse.run_of(published)}: " if is_same else ""
    step.end(result, f"{told}{verdicts}")
    return Outcome(step.run_id, as_of, published, verdicts, pages, is_same, changed)


def report(home: Home, as_of: date, asked: Sequence[Page], tell: Callable[[str], None] = lambda line: None) -> list[Path]:
    """Write pages of a day again from its published file, and what else is owed; UsageError for a name that is none.

    ReportsRefused where a page can never be made, since an older version kept less of its night: it is owed no more.
    """
    strange = sorted({page.name for page in asked} - set(REPORTS))
    if strange:
        raise UsageError(f"There is no report {', '.join(strange)}; there are: {', '.join(REPORTS)}.")
    with _entered(home, as_of, "report", tell) as step:
        published = publication.file_of(home, as_of) or publication.held_collection(home, as_of)
        step.ledger.owe(step.run_id, asked)
        made = owed.make(home, step, home.runs / step.run_id)
        pages = _finish(home, as_of, step, published, made.files, "done")
        if made.refused:
            raise ReportsRefused(made.refused)
        step.end("done", f"{len(asked)} reports")
    return list(pages)


def _work(home: Home, as_of: date, name: str, lang: str, records: Path, step: Steps, parameters: dict[str, str],
          worker: workers.Worker | None = None) -> None:
    """Run a working notebook; its page waits among the run's records until something is published."""
    with step(name):
        workers.run(workers.Job(home, as_of, name, lang, records, parameters, into=records), worker)


def _finish(home: Home, as_of: date, step: Steps, published: Path, made: list[Path], result: str) -> tuple[Path, ...]:
    """What follows once the pages are there: all of them, and the index, which tells how this run is about to end.

    ReportsMissing, if something is still owed.
    """
    from pipelines.report import index

    there, missing = [path for path in dict.fromkeys(made) if path.exists()], step.ledger.owed()
    with step("index"):
        there.append(index.write(home, ending=_about_to_end(step, "incomplete" if missing else result)))
    with step("evidence"):
        evidence.record(home, Occasion(step.run_id, step.kind, as_of, now()), published, there)
    if missing:
        raise ReportsMissing(missing)
    return tuple(there)


def _about_to_end(step: Steps, result: str) -> Entry:
    [entry] = [entry for entry in step.ledger.runs() if entry.run_id == step.run_id]
    return replace(entry, finished_at=now(), result=result)


def _show_failure(home: Home, as_of: date, step: Steps) -> None:
    """The index tells of a run that failed, and the evidence of that index; what cannot be written now, the next run writes.

    Where nothing has ever been published, there is no index yet.
    """
    from pipelines.report import index

    published = warehouse.current(home)
    if published is None:
        return
    try:
        evidence.record(home, Occasion(step.run_id, "failed", as_of, now()), published, [index.write(home)])
    except (AlpiaError, OSError, warehouse.DatabaseError) as error:
        step.tell(f"note: the index does not tell of this run yet: {error}")


@contextmanager
def _entered(home: Home, as_of: date, kind: str, tell: Callable[[str], None]) -> Iterator[Steps]:
    """Hold the home for one run that is entered in the ledger from its beginning to its end, however it ends.

    What killed runs have left is cleared away first.
    """
    at = now()
    with only_one(home, at):
        evidence.refuse_unready(home)
        step = Steps(Ledger(home.runs), new_run_id(at), kind, tell, now)
        for killed in recovery.recover(home, step.ledger, at):
            tell(f"cleared      run {killed.run_id} of {killed.as_of} did not end: what it left half done is gone")
        step.ledger.start(step.run_id, kind, as_of, at, json.dumps(versions()))
        (home.runs / step.run_id).mkdir(mode=0o700)
        try:
            yield step
        except BaseException as error:
            told = _explained(home, step.run_id, error)
            result = next((word for kind, word in ENDS.items() if isinstance(told, kind)), "failed")
            with suppress(AlpiaError):  # on a full disk even this may fail: then the next run finds one that did not end
                step.end(result, f"{type(told).__name__}: {told}" if isinstance(told, AlpiaError) else type(told).__name__)
                if result == "failed":
                    _show_failure(home, as_of, step)
            if told is error:
                raise
            raise told from error
        finally:
            warehouse.discard_building(home, step.run_id)


def _explained(home: Home, run_id: str, error: BaseException) -> BaseException:
    """The error; or, where it only says in its own way that a disk is full, what names the place: then room is made, too."""
    if isinstance(error, ReportsMissing) or not disk.is_full(error):
        return error
    told = disk.full((home.warehouse, home.runs, home.reports))
    warehouse.discard_building(home, run_id)
    disk.remove(home.runs / run_id)
    return told


def _verdicts(published: Path) -> dict[str, int]:
    connection = warehouse.read(published, is_brief=True)
    counts = connection.execute("SELECT verdict, count(*) FROM verdict.current GROUP BY verdict ORDER BY 1").fetchall()
    connection.close()
    return dict(counts)


def _refuse_another_system(home: Home) -> None:
    current = warehouse.current(home)
    if current is None:
        return
    name = sources_of(home).system.name
    connection = warehouse.read(current, is_brief=True)
    held = connection.execute("SELECT system FROM register.run").fetchone()[0]
    connection.close()
    if held != name:
        raise AlpiaError(f"The warehouse in {home.warehouse} is of the system {held!r}, but {home.sources_toml} says "
                         f"{name!r}: use another home for another system.")
