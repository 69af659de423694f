"""What the fault tests share: nights that are played or real, ways to kill them, and what must be whole afterwards."""

import hashlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from pipelines import disk, warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import audit
from pipelines.operate.ledger import Ledger
from pipelines.run import REPORTS

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pipelines.run", "pipelines.report.index", "pipelines.report.pdf",
                                "pipelines.report.workbooks", "killing"])
PLAYED = ("compliance", "traffic")
COMMAND = "from pipelines import run; run.REPORTS = {reports}; from pipelines.cli import main; main()"
# What the product looked up in the home itself, where every run leaves something.
OWN = ("own_storage", "own_access")
# Whatever changes what is on the disk goes through one of these.
WRITES = ("replace", "symlink", "unlink", "rmdir", "mkdir", "fsync")


def play(home: Path, day: str, built: Path, die_at: int | None = None, told=None) -> None:
    """A night in which only the notebooks are played. All else is the product's own.

    `die_at`: the process kills itself before its n-th change of the disk or the ledger; `told` is sent how many there were.
    """
    from pipelines import run as job

    play_notebooks(built, setattr)
    count = _dying(die_at)
    job.run(Home(home), date.fromisoformat(day), reports=PLAYED)
    if told:
        told.send(count())


def play_notebooks(built: Path, replace, failing: tuple[str, ...] = (), error: type[AlpiaError] = AlpiaError) -> None:
    """From now on what notebooks would make is put in place instead: as warehouse a copy of `built`, as pages their names.

    `replace`: setattr, or a test's own; `failing`: reports that cannot be made, and `error` what they end with.
    """
    from pipelines.report import pdf, workers

    def page_of(asked: workers.Job, worker: None = None) -> Path:
        if asked.name == "collect":
            building = Path(asked.parameters["building"])
            building.parent.mkdir(parents=True)
            shutil.copyfile(built, building)
        return disk.put((asked.into or asked.home.reports_of(asked.as_of)) / f"{asked.name}.html", asked.name)

    def done(asked: workers.Job) -> workers.Done:
        if asked.name in failing:
            return workers.Done(asked, None, error(f"The notebook {asked.name} failed: as told."), 0.0)
        return workers.Done(asked, page_of(asked), None, 0.0)

    replace(workers, "run", page_of)
    replace(workers, "begun", lambda ready: nullcontext())
    replace(workers, "call", lambda *given: [])
    replace(workers, "side_by_side", lambda jobs: [done(one) for one in jobs])
    replace(pdf, "write", lambda *given, **named: [])


def _dying(die_at: int | None):
    """Kill this process before its n-th write; returns what tells how many there were."""
    made = 0

    def counted(function):
        def write(*given, **named):
            nonlocal made
            made += 1
            if made == die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **named)
        return write

    for name in WRITES:
        setattr(os, name, counted(getattr(os, name)))
    Ledger._all = counted(Ledger._all)
    return lambda: made


def played(home: Home, day: date, built: Path, die_at: int | None = None) -> int | None:
    """Play a night in a process of its own: how many writes it made, None if it was killed."""
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=play, args=(home.path, f"{day}", built, die_at, sender))
    process.start()
    sender.close()
    try:
        writes = receiver.recv()
    except EOFError:
        writes = None
    process.join()
    assert process.exitcode == (0 if writes else -signal.SIGKILL)
    return writes


def real(home: Home, day: date, *words: str, reports: tuple[str, ...] = REPORTS) -> subprocess.Popen:
    """A real night, begun: it tells its stages on standard error. `reports`: those that it makes, if any."""
    command = [sys.executable, "-c", COMMAND.format(reports=reports), "run", *words]
    return subprocess.Popen([*command, "--home", home.path, "--as-of", f"{day}"], cwd=Path(__file__).parents[1],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen) -> int:
    """The exit status of a night that is left alone; 3 or 4 for a demo, which breaks promises."""
    told = process.communicate()[1]
    assert process.returncode in (3, 4), told
    return process.returncode


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()


def kill_after(process: subprocess.Popen, stage: str) -> None:
    """Kill a night when it has told of a stage."""
    for line in process.stderr:
        if line.startswith(stage):
            break
    kill(process)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(published: Path, schemas: tuple[str, ...] = ()) -> str:
    """One digest of every row of every table of a warehouse, whatever the order of the rows and the moment of collecting.

    Without OWN. `schemas`: only of these. A copied home reads its logs anew, and says so in source, report and verdict.
    """
    connection = warehouse.read(published)
    at = connection.execute("SELECT max(collected_at) FROM source.collection").fetchone()[0]
    total = hashlib.sha256()
    tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables() "
                                "WHERE database_name = current_database() ORDER BY ALL").fetchall()
    for schema, table in (one for one in tables if (not schemas or one[0] in schemas) and one[1] not in OWN):
        columns = connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE (schema_name, table_name) = ($schema, $table) "
            "AND database_name = current_database() ORDER BY column_index", {"schema": schema, "table": table}).fetchall()
        told = ", ".join(f'nullif("{name}", $at)' if kind == "TIMESTAMP WITH TIME ZONE" else f'"{name}"'
                         for name, kind in columns)
        rows = connection.execute(f'SELECT count(*), sum(hash({told})::HUGEINT), $at IS NULL FROM {schema}."{table}"',
                                  {"at": at}).fetchone()
        total.update(f"{schema}.{table}({told}):{rows}".encode())
    connection.close()
    return total.hexdigest()


def assert_whole(home: Home, known: tuple = ()) -> None:
    """Nothing is half done: no leftover of any run, every run has an end, nothing is owed, the evidence stands.

    `known`: findings of the evidence that were there before anything was killed.
    """
    ledger = Ledger(home.runs)
    assert [entry for entry in ledger.runs() if entry.result is None] == []
    assert ledger.owed() == []
    left = [path for folder in (home.warehouse, home.reports, home.evidence) for path in folder.rglob(".*")]
    assert left == []
    assert not list((home.warehouse / "building").glob("*"))
    assert {path.name for path in home.warehouse.glob("*.duckdb")} == {path.name for _, path in warehouse.published(home)}
    found = audit.verify(home.path)
    assert found.findings == list(known), found


def assert_readable(home: Home, known: set[str]) -> None:
    """Whoever looks now finds a whole warehouse: one of those that were ever published."""
    path = warehouse.current(home)
    assert sha256(path) in known
    connection = warehouse.read(path)
    assert connection.execute("SELECT count(*) FROM verdict.current").fetchone()[0] > 0
    connection.close()
