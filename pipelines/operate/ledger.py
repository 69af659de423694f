"""The ledger: what was run, when, with which result. It lies outside the warehouse, which is swapped whole.

One SQLite file per home, runs/ledger.sqlite, mode 0600. It holds counts, names of stages and datasets, and messages that
are free of values; never a subject, and of who gets mail no address: a role, and a keyed digest. Moments are ISO text in
UTC, given by the caller: this module reads no clock.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
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
CREATE TABLE IF NOT EXISTS scheduled (entry TEXT PRIMARY KEY, begins_on TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report (entry TEXT NOT NULL, as_of TEXT NOT NULL, result TEXT NOT NULL, made_at TEXT NOT NULL,
    made_from TEXT NOT NULL, verdicts TEXT, PRIMARY KEY (entry, as_of));
CREATE TABLE IF NOT EXISTS sent (entry TEXT NOT NULL, as_of TEXT NOT NULL, recipient TEXT NOT NULL, role TEXT NOT NULL,
    result TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (entry, as_of, recipient));
CREATE TABLE IF NOT EXISTS trouble (key TEXT PRIMARY KEY, kind TEXT NOT NULL, about TEXT NOT NULL, detail TEXT NOT NULL,
    at TEXT NOT NULL, told_at TEXT);
"""
# `unchanged`: nothing to be done. `incomplete`: published, and some of its reports are missing. `killed`: it did not end.
RESULTS = ("done", "failed", "breached", "unverifiable", "refused", "unchanged", "incomplete", "killed")
# Runs that hold the home alone: one of them without an end, seen by the next holder, was killed.
ALONE = ("run", "past", "report")
# Of a period's report: made, and its mail not through yet; failed, to be tried again; withheld, for what it rests on is not
# complete; done; lost, for its day's collection is not held any more. The last two are final.
REPORTED = MADE, FAILED, WITHHELD, DONE, LOST = ("made", "failed", "withheld", "done", "lost")
FINAL = (DONE, LOST)
# Of a mail to one recipient: sending, from just before the server gets its text until it has answered; the others are final.
SENT = SENDING, TAKEN, UNCHANGED, REFUSED, UNSURE = ("sending", "taken", "unchanged", "refused", "unsure")


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


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a period's report; `result` is one of REPORTED.

    `made_from`: the name of the warehouse file; `verdicts`: by promise, where the report was to be sent.
    """

    entry: str
    as_of: date
    result: str
    made_at: datetime
    made_from: str
    verdicts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a report's mail to one recipient, a keyed digest; `result` is one of SENT."""

    entry: str
    as_of: date
    recipient: str
    role: str
    result: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What operators are told, once: of which kind, about which run or period, and a detail free of values."""

    key: str
    kind: str
    about: str
    detail: str


class Ledger:
    """The only writer of a home's ledger; AlpiaError where it cannot be read or written."""

    def __init__(self, runs: Path) -> None:
        self._path = runs / "ledger.sqlite"
        is_new = not self._path.exists()
        self._all(LAYOUT, script=True)
        if is_new:
            self._path.chmod(0o600)

    def _all(self, sql: str, values: tuple = (), script: bool = False) -> list[tuple]:
        """Run one statement (or a script of them) on a connection of its own, so that none outlives a killed run."""
        try:
            with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
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
        """The page is made, or can never be."""
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

    def begin(self, entry: str, on: date, at: datetime, anew: bool = False) -> None:
        """Enter the first day that may close a period of an entry; what is entered already stays, unless `anew`."""
        self._all(f"INSERT OR {'REPLACE' if anew else 'IGNORE'} INTO scheduled VALUES (?, ?, ?)",
                   (entry, on.isoformat(), at.isoformat()))

    def begins(self) -> dict[str, date]:
        """By entry, the first day that may close a period of it."""
        return {entry: date.fromisoformat(on) for entry, on in self._all("SELECT entry, begins_on FROM scheduled")}

    def report(self, entry: str, as_of: date, result: str, at: datetime, made_from: str = "",
               verdicts: Mapping[str, str] | None = None) -> None:
        """Enter what became of a period's report: one of REPORTED, in place of what was entered before."""
        if result not in REPORTED:
            raise ValueError(f"{result} is no result of a report: {REPORTED}")
        self._all("INSERT OR REPLACE INTO report VALUES (?, ?, ?, ?, ?, ?)",
                   (entry, as_of.isoformat(), result, at.isoformat(), made_from, json.dumps(dict(verdicts or {}))))

    def reports(self) -> dict[tuple[str, date], Reported]:
        """What became of every period's report, by entry and as_of."""
        rows = self._all("SELECT entry, as_of, result, made_at, made_from, verdicts FROM report ORDER BY as_of, entry")
        return {(entry, date.fromisoformat(as_of)): Reported(entry, date.fromisoformat(as_of), result,
                                                             datetime.fromisoformat(at), made_from, json.loads(verdicts))
                for entry, as_of, result, at, made_from, verdicts in rows}

    def mail(self, entry: str, as_of: date, recipient: str, role: str, result: str, at: datetime) -> None:
        """Enter what became of a mail: one of SENT, in place of what was entered before."""
        if result not in SENT:
            raise ValueError(f"{result} is no result of a mail: {SENT}")
        self._all("INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?, ?)",
                   (entry, as_of.isoformat(), recipient, role, result, at.isoformat()))

    def not_taken(self, entry: str, as_of: date, recipient: str) -> None:
        """Take back `sending`: the server has said that it did not take the mail, so that it may be tried again."""
        self._all("DELETE FROM sent WHERE entry = ? AND as_of = ? AND recipient = ? AND result = 'sending'",
                   (entry, as_of.isoformat(), recipient))

    def mails(self) -> list[Sent]:
        """What became of every mail, oldest as_of first."""
        rows = self._all("SELECT entry, as_of, recipient, role, result FROM sent ORDER BY as_of, entry, recipient")
        return [Sent(r[0], date.fromisoformat(r[1]), *r[2:]) for r in rows]

    def trouble(self, trouble: Trouble, at: datetime) -> bool:
        """Enter what operators are to be told; whether it is news."""
        entered = self._all("INSERT OR IGNORE INTO trouble VALUES (?, ?, ?, ?, ?, NULL) RETURNING key", (
            trouble.key, trouble.kind, trouble.about, trouble.detail, at.isoformat()))
        return bool(entered)

    def untold(self) -> list[Trouble]:
        """What operators have not been told yet, in the order of its entry."""
        return [Trouble(*row) for row in self._all("SELECT key, kind, about, detail FROM trouble WHERE told_at IS NULL "
                                                    "ORDER BY rowid")]

    def told(self, keys: list[str], at: datetime) -> None:
        """Operators have been told of these."""
        for key in keys:
            self._all("UPDATE trouble SET told_at = ? WHERE key = ?", (at.isoformat(), key))


def _told(page: Page) -> tuple[str, str, str]:
    return page.as_of.isoformat(), page.name, page.lang
