"""The ledger: what was run, when, with which result. It lies outside the warehouse, which is swapped whole.

One SQLite file per home, runs/ledger.sqlite, mode 0600. It holds counts, names of stages and datasets, and messages that
are free of values; never a subject. Moments are ISO text in UTC, given by the caller: this module reads no clock.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from pathlib import Path

from pipelines.errors import AlpiaError
from pipelines.home import FIRST_LANGUAGE, Home

LAYOUT = """
CREATE TABLE IF NOT EXISTS run (run_id TEXT PRIMARY KEY, kind TEXT NOT NULL, as_of TEXT NOT NULL, started_at TEXT NOT NULL,
    finished_at TEXT, result TEXT, message TEXT, versions TEXT);
CREATE TABLE IF NOT EXISTS step (run_id TEXT NOT NULL REFERENCES run, name TEXT NOT NULL, started_at TEXT NOT NULL,
    seconds REAL, rows INTEGER, result TEXT NOT NULL, detail TEXT);
CREATE TABLE IF NOT EXISTS dataset (run_id TEXT NOT NULL REFERENCES run, dataset TEXT NOT NULL, source TEXT,
    status TEXT NOT NULL, seconds REAL, rows_in INTEGER NOT NULL, rows_kept INTEGER NOT NULL,
    rows_set_aside INTEGER NOT NULL, attempts INTEGER NOT NULL, detail TEXT);
CREATE TABLE IF NOT EXISTS owed (as_of TEXT NOT NULL, name TEXT NOT NULL, lang TEXT NOT NULL, run_id TEXT NOT NULL,
    PRIMARY KEY (as_of, name, lang));
"""
# `unchanged`: nothing to be done. `incomplete`: published, and some of its reports are missing. `killed`: it did not end.
RESULTS = ("done", "failed", "breached", "unverifiable", "refused", "unchanged", "incomplete", "killed")
# Runs that hold the home alone: one of them without an end, seen by the next holder, was killed.
ALONE = ("run", "past", "report")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, as `runs` gives it."""

    run_id: str
    kind: str
    as_of: date
    started_at: datetime
    finished_at: datetime | None
    result: str | None
    message: str | None
    versions: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """How one dataset of a run was collected. `attempts`: how often its source was asked; `seconds`: None if unknown."""

    dataset: str
    source: str | None
    status: str
    seconds: float | None
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    attempts: int
    detail: str | None


@dataclass(frozen=True, slots=True, order=True)
class Page:
    """A page that a published day is to have: of which notebook, in which language."""

    as_of: date
    name: str
    lang: str

    @property
    def file_name(self) -> str:
        """<name>.html, or <name>.en.html in another language than the first."""
        return f"{self.name}.html" if self.lang == FIRST_LANGUAGE else f"{self.name}.{self.lang}.html"

    def file(self, home: Home) -> Path:
        """Where it lies: reports/<as_of>/ and its name."""
        return home.reports_of(self.as_of) / self.file_name


class Ledger:
    """The only writer of a home's ledger; AlpiaError where it cannot be read or written."""

    def __init__(self, runs: Path) -> None:
        self._path = runs / "ledger.sqlite"
        is_new = not self._path.exists()
        self._all(LAYOUT, script=True)
        if is_new:
            self._path.chmod(0o600)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def _all(self, sql: str, values: tuple = (), script: bool = False) -> list[tuple]:
        """Run one statement (or a script of them) on a connection of its own, so that none outlives a killed run."""
        try:
            with closing(self._connect()) as connection:
                return list(connection.executescript(sql) if script else connection.execute(sql, values))
        except sqlite3.Error as error:
            raise AlpiaError(f"The ledger {self._path} cannot be read or written: {error}.") from error

    def start(self, run_id: str, kind: str, as_of: date, at: datetime, versions: str = "") -> None:
        """Enter a run before its work begins; without `finish` it stays visible as one that did not end."""
        self._all("INSERT INTO run (run_id, kind, as_of, started_at, versions) VALUES (?, ?, ?, ?, ?)",
                  (run_id, kind, as_of.isoformat(), at.isoformat(), versions))

    def step(self, run_id: str, name: str, at: datetime, seconds: float | None, result: str = "done",
             rows: int | None = None, detail: str = "") -> None:
        """Enter one step of a run (a stage, a report)."""
        self._all("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?)",
                  (run_id, name, at.isoformat(), seconds, rows, result, detail))

    def collected(self, run_id: str, datasets: Iterable[Dataset]) -> None:
        """Enter how each dataset of a run was collected, all or none."""
        marks = ", ".join("?" * (1 + len(fields(Dataset))))
        rows = [(run_id, *astuple(one)) for one in datasets]
        if rows:
            self._all(f"INSERT INTO dataset VALUES {', '.join([f'({marks})'] * len(rows))}", sum(rows, ()))

    def finish(self, run_id: str, at: datetime, result: str, message: str = "") -> None:
        """Close a run with one of RESULTS."""
        if result not in RESULTS:
            raise ValueError(f"{result} is no result of a run: {RESULTS}")
        self._all("UPDATE run SET finished_at = ?, result = ?, message = ? WHERE run_id = ?",
                  (at.isoformat(), result, message, run_id))

    def unended(self) -> list[Entry]:
        """The runs that held the home alone and have no end; whoever holds it now knows that they were killed."""
        return [entry for entry in self.runs() if entry.result is None and entry.kind in ALONE]

    def killed(self, run_id: str, message: str) -> None:
        """Close a run that did not end; when it ended, nobody knows."""
        self._all("UPDATE run SET result = 'killed', message = ? WHERE run_id = ?", (message, run_id))

    def owe(self, run_id: str, pages: Iterable[Page]) -> None:
        """Remember that these pages are to be made, until `paid` or `unowed`."""
        for page in pages:
            self._all("INSERT OR REPLACE INTO owed VALUES (?, ?, ?, ?)", (*_told(page), run_id))

    def paid(self, page: Page) -> None:
        """The page is made."""
        self._all("DELETE FROM owed WHERE (as_of, name, lang) = (?, ?, ?)", _told(page))

    def unowed(self, run_id: str) -> None:
        """Forget the pages that a run was to make: it published nothing."""
        self._all("DELETE FROM owed WHERE run_id = ?", (run_id,))

    def owed(self) -> list[Page]:
        """The pages that published days still lack, oldest day first."""
        return [Page(date.fromisoformat(as_of), name, lang)
                for as_of, name, lang in self._all("SELECT as_of, name, lang FROM owed ORDER BY as_of, rowid")]

    def runs(self) -> list[Entry]:
        """All runs, oldest first."""
        rows = self._all("SELECT run_id, kind, as_of, started_at, finished_at, result, message, versions FROM run "
                         "ORDER BY started_at, run_id")
        return [Entry(r[0], r[1], date.fromisoformat(r[2]), datetime.fromisoformat(r[3]),
                      r[4] and datetime.fromisoformat(r[4]), *r[5:]) for r in rows]

    def steps(self, run_id: str) -> list[tuple]:
        """The steps of a run, in order: (name, started_at, seconds, rows, result, detail)."""
        return self._all("SELECT name, started_at, seconds, rows, result, detail FROM step WHERE run_id = ? ORDER BY rowid",
                         (run_id,))

    def datasets(self, run_id: str) -> list[Dataset]:
        """How the datasets of a run were collected, in the contracts' order."""
        columns = ", ".join(field.name for field in fields(Dataset))
        rows = self._all(f"SELECT {columns} FROM dataset WHERE run_id = ? ORDER BY rowid", (run_id,))
        return [Dataset(*row) for row in rows]


def _told(page: Page) -> tuple[str, str, str]:
    return page.as_of.isoformat(), page.name, page.lang
