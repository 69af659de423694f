"""A whole night, as `alpia run` makes it, beside its bare work; and the next night of a home with many nights behind it.

`python -m tests.benchmarks.overnight night|bare HOME DAY` prints the seconds of one night. Bare: the same stages, figures
and records in one process that has everything imported, without papermill, kernels, pages, workbooks, prints or browsers.
`python -m tests.benchmarks.overnight history HOME DAY NIGHTS` leaves what so many nights leave, the last of them on DAY.
"""

import json
import math
import os
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

from pipelines.home import Home
from pipelines.report import workers
from tests.benchmarks import machine

LAST_DAY = date(2026, 6, 30)
GROWTH = 10  # how many times larger the larger home is
SMALL = 500  # accounts of the home with many nights: what a history costs is not to vanish in the work
HISTORIES = (1, 1000)


def measure(accounts: int, times: int) -> dict[int, dict[str, machine.Cost]]:
    """Accounts -> `night` and `bare` -> the cheapest of so many, in a home of a tenth and one of all the accounts."""
    with tempfile.TemporaryDirectory() as folder:
        return {size: _both(_new_home(Path(folder) / f"{size}", size), times) for size in (accounts // GROWTH, accounts)}


def _both(home: Home, times: int) -> dict[str, machine.Cost]:
    costs = {what: machine.best("tests.benchmarks.overnight", what, f"{home.path}", f"{LAST_DAY}", times=times)
             for what in ("bare", "night")}
    bare, night = (one.told["verdicts"] for one in costs.values())
    assert bare == night, f"the bare work and the night do not judge alike: {bare}, {night}"
    return costs


def after(history: int, times: int) -> machine.Cost:
    """The cheapest of the nights that follow `history` others, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        home = _new_home(Path(folder) / "home", SMALL)
        last = LAST_DAY - timedelta(days=times)
        machine.cost("tests.benchmarks.overnight", "history", f"{home.path}", f"{last}", f"{history}")
        return min((machine.cost("tests.benchmarks.overnight", "night", f"{home.path}", f"{last + timedelta(days=day)}")
                    for day in range(1, times + 1)), key=lambda one: one.wall_seconds)


def _new_home(path: Path, accounts: int) -> Home:
    from pipelines.demo.generate import generate

    generate(path, 1, accounts, LAST_DAY)
    return Home(path)


def exponent(larger: float, smaller: float) -> float:
    """By what power of the size a cost grows, where one is GROWTH times as large as the other."""
    return math.log(larger / smaller, GROWTH)


def told(nights: int) -> str:
    return f"after {nights:,} night{'s' if nights != 1 else ''}"


def night(home: Home, day: date) -> dict:
    """As the command begins one."""
    workers.prepare()
    from pipelines import run as job

    return {"verdicts": job.run(home, day, force=True).verdicts}


def bare(home: Home, day: date) -> dict:
    from pipelines import run as job
    from pipelines.report import open_run, workbooks

    outcome = job.run(home, day, reports=(), force=True)
    run = open_run(f"{home.path}", file=f"{outcome.published}")
    tables = sum(len(workbooks.tables(run, name)) for name in job.REPORTS)
    run.connection.close()
    return {"verdicts": outcome.verdicts, "tables": tables}


def history(home: Home, day: date, nights: str) -> dict:
    """One night is lived, on `day`; those before it are laid beside it by the product's own hands, as its copies.

    To live a thousand would take hours. Laid are what stays of a night: its entries in the ledger, its link of the evidence,
    its verdicts, and the pages of its reports.
    """
    from pipelines import run as job
    from pipelines import warehouse
    from pipelines.operate import evidence
    from pipelines.operate.ledger import Ledger
    from pipelines.operate.manifest import Occasion

    outcome = job.run(home, day)
    ledger, pages = Ledger(home.runs), sorted(filter(Path.is_file, home.reports_of(day).glob("*")))
    (lived,) = ledger.runs()
    before = [day - timedelta(days=number) for number in range(1, int(nights))][::-1]
    for earlier in before:
        at = lived.started_at - (day - earlier)
        run_id = job.new_run_id(at)
        ledger.start(run_id, lived.kind, earlier, at, lived.versions)
        for name, _, seconds, rows, result, detail in ledger.steps(lived.run_id):
            ledger.step(run_id, name, at, seconds, result, rows, detail)
        ledger.collected(run_id, ledger.datasets(lived.run_id))
        ledger.finish(run_id, at, lived.result, lived.message)
        home.reports_of(earlier).mkdir()
        for page in pages:
            os.link(page, home.reports_of(earlier) / page.name)
        outputs = home.reports_of(earlier).glob("*")
        evidence.record(home, Occasion(run_id, lived.kind, earlier, at), outcome.published, outputs)
    connection = warehouse.connect(outcome.published)
    connection.execute("INSERT INTO verdict.history SELECT unnest($days::DATE[]), * EXCLUDE (as_of) FROM verdict.history",
                       {"days": before})
    warehouse.finish(connection)
    return {"nights": len(ledger.runs())}


def _call_stages() -> None:
    """Let this process call the stages itself, and not as notebooks in others; it imports what they need."""
    from pipelines import run as job
    from pipelines.report import index, sections  # noqa: F401 (before anything is timed)
    from pipelines.verify import verification

    stages = {"collect": job.collect_stage, "verify": job.verify_stage}

    def work(home, as_of, name, lang, records, step, parameters, worker=None):
        with step(name):
            stages[name](f"{home.path}", f"{as_of}", **parameters)

    verification.imported()
    job._work, workers.begun = work, lambda ready: nullcontext()


def main(what: str, home: str, day: str, *more: str) -> None:
    if what == "bare":
        _call_stages()
    started = time.perf_counter()
    told = {"night": night, "bare": bare, "history": history}[what](Home(Path(home)), date.fromisoformat(day), *more)
    print(json.dumps({**told, "work": time.perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
