"""The ledger: what was run, when, with which result. It lies outside the warehouse, which is swapped whole.

One SQLite file per home, runs/ledger.sqlite, mode 0600. It holds counts, names of stages and datasets, and messages that
are free of values; never a subject. Moments are ISO text in UTC, given by the caller: this module reads no clock.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

LAYOUT = """
CREATE TABLE IF NOT EXISTS run (run_id TEXT PRIMARY KEY, kind TEXT NOT NULL, as_of TEXT NOT NULL, started_at TEXT NOT NULL,
    finished_at TEXT, result TEXT, message TEXT, versions TEXT);
CREATE TABLE IF NOT EXISTS step (run_id TEXT NOT NULL REFERENCES run, name TEXT NOT NULL, started_at TEXT NOT NULL,
    seconds REAL, rows INTEGER, result TEXT NOT NULL, detail TEXT);
"""
RESULTS = ("done", "failed", "breached", "unverifiable", "refused")


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


class Ledger:
    """The only writer of a home's ledger."""

    def __init__(self, runs: Path) -> None:
        self._path = runs / "ledger.sqlite"
        is_new = not self._path.exists()
        with closing(self._connect()) as connection:
            connection.executescript(LAYOUT)
        if is_new:
            self._path.chmod(0o600)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def _write(self, sql: str, values: tuple) -> None:
        with closing(self._connect()) as connection:
            connection.execute(sql, values)

    def start(self, run_id: str, kind: str, as_of: date, at: datetime, versions: str = "") -> None:
        """Enter a run before its work begins; without `finish` it stays visible as one that did not end."""
        self._write("INSERT INTO run (run_id, kind, as_of, started_at, versions) VALUES (?, ?, ?, ?, ?)",
                    (run_id, kind, as_of.isoformat(), at.isoformat(), versions))

    def step(self, run_id: str, name: str, at: datetime, seconds: float | None, result: str = "done",
             rows: int | None = None, detail: str = "") -> None:
        """Enter one step of a run (a stage, a dataset, a report)."""
        self._write("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (run_id, name, at.isoformat(), seconds, rows, result, detail))

    def finish(self, run_id: str, at: datetime, result: str, message: str = "") -> None:
        """Close a run with one of RESULTS."""
        if result not in RESULTS:
            raise ValueError(f"{result} is no result of a run: {RESULTS}")
        self._write("UPDATE run SET finished_at = ?, result = ?, message = ? WHERE run_id = ?",
                    (at.isoformat(), result, message, run_id))

    def runs(self) -> list[Entry]:
        """All runs, oldest first."""
        with closing(self._connect()) as connection:
            rows = connection.execute("SELECT run_id, kind, as_of, started_at, finished_at, result, message FROM run "
                                      "ORDER BY started_at, run_id").fetchall()
        return [Entry(r[0], r[1], date.fromisoformat(r[2]), datetime.fromisoformat(r[3]),
                      r[4] and datetime.fromisoformat(r[4]), r[5], r[6]) for r in rows]

    def steps(self, run_id: str) -> list[tuple]:
        """The steps of a run, in order: (name, started_at, seconds, rows, result, detail)."""
        with closing(self._connect()) as connection:
            return connection.execute("SELECT name, started_at, seconds, rows, result, detail FROM step "
                                      "WHERE run_id = ? ORDER BY rowid", (run_id,)).fetchall()
