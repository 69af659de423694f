"""The reports of one night in every format: seconds and bytes of each, and a workbook of a hundred thousand rows.

`python -m tests.benchmarks.reporting ACCOUNTS TIMES` makes a demo, judges one night of it, and prints what each format
takes, the quickest of TIMES. Pages as a night makes them, in a copy of a process that has everything imported; workbooks in
a process that is at work already; PDFs in a browser that is open, whose start is told apart.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd

from pipelines import browser
from pipelines import run as job
from pipelines.demo.generate import generate
from pipelines.home import Home
from pipelines.report import open_run, pdf, workbooks, workers, xlsx
from pipelines.report.words import Words

AS_OF = date(2026, 6, 30)
ROWS = 100_000
FORMATS = ("html", "xlsx", "pdf")


def measure(accounts: int, times: int) -> dict:
    """Report -> format -> (seconds, bytes); `start`: seconds to open the browser; `rows`: of the large workbook."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        generate(home.path, 1, accounts, AS_OF)
        published = job.run(home, AS_OF, reports=()).published
        (home.runs / "bench").mkdir()
        start = _seconds(_open_a_browser, times)
        reports = {name: _report(home, published, name, start, times) for name in job.REPORTS}
        return {"start": start, "reports": reports, "rows": _large(Path(folder) / "large.xlsx", times)}


def _report(home: Home, published: Path, name: str, start: float, times: int) -> dict:
    file = home.reports_of(AS_OF) / f"{name}.html"
    run = open_run(str(home.path), lang="fr", file=str(published))
    page = workers.Job(home, AS_OF, name, "fr", home.runs / "bench", {"warehouse": str(published)})
    seconds = {
        "html": _seconds(lambda: workers.run(page), times),
        "xlsx": _seconds(lambda: workbooks.figures(run, name, file.with_suffix(".xlsx")), times),
        "pdf": _seconds(lambda: pdf.write([file], AS_OF, _refuse), times) - start,
    }
    run.connection.close()
    return {format_: (seconds[format_], file.with_suffix(f".{format_}").stat().st_size) for format_ in FORMATS}


def _large(path: Path, times: int) -> tuple[float, int]:
    """Eight columns: pseudonyms, words, and moments."""
    moments = pd.Series(pd.date_range("2020-01-01", periods=ROWS, freq="min", tz="Europe/Paris"))
    texts = (("Sujet", [f"account-{n:024d}" for n in range(ROWS)]), ("État", ["échue, non faite"] * ROWS),
             ("Fondement", ["current spell"] * ROWS))
    columns = [xlsx.Column(head, "text", values) for head, values in texts]
    columns += [xlsx.column(Words("fr"), "due_at", f"Date {n}", moments) for n in range(5)]
    book, sheet = xlsx.Book("Annexe", AS_OF, [("Source", "-")]), xlsx.Sheet("Liste", tuple(columns))
    return _seconds(lambda: xlsx.write(path, Words("fr"), book, [sheet]), times), path.stat().st_size


def _seconds(work: Callable[[], object], times: int) -> float:
    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started
    return min(once() for _ in range(times))


def _open_a_browser() -> None:
    with browser.launched(is_alone=True):
        pass


def _refuse(line: str) -> None:
    raise RuntimeError(line)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
