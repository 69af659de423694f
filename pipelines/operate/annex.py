"""The restricted annex: the subjects of a promise, as pseudonyms; and, for those who must act, as the sources name them."""

import csv
import io
import json
import os
from datetime import date, datetime
from pathlib import Path

from pipelines import warehouse
from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.models import listing
from pipelines.operate import credential
from pipelines.operate.ledger import Ledger
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register

ACTIVE = ("=", "+", "-", "@", "\t", "\r")
REVEALED = "revealed"  # the folder in runs/ of what was turned back


def subjects(home: Home, promise: str, state: str | None) -> tuple[tuple[str, ...], list[tuple]]:
    """(columns, rows) of the promise's listing, worst first; UsageError for a promise or a state that does not exist."""
    listed = _listing(promise, state)
    _, connection = warehouse.read_current(home)
    answer = connection.execute(listed.sql, {"promise": promise, "state": state})
    columns, rows = tuple(column[0] for column in answer.description), answer.fetchall()
    connection.close()
    return columns, rows


def _listing(promise: str, state: str | None) -> listing.Listing:
    rules = policy_register.load().rules
    if promise not in rules:
        raise UsageError(f"{promise} has no list of subjects; these have: {', '.join(rules)}.")
    listed = listing.of(rules[promise])
    if state not in (None, *listed.states):
        raise UsageError(f"{state} is no state of {promise}; these are: {', '.join(listed.states)}.")
    return listed


def as_text(home: Home, promise: str, state: str | None, in_json: bool = False) -> str:
    """The annex as CSV, or as JSON for programs."""
    columns, rows = subjects(home, promise, state)
    if in_json:
        return json.dumps([dict(zip(columns, map(_told, row), strict=True)) for row in rows], indent=2)
    return _csv(columns, rows)


def reveal(home: Home, promise: str, state: str | None, passphrase: str, at: datetime) -> Path:
    """Write the annex with the sources' own ids to one file of mode 0600, and enter that in the ledger.

    AlpiaError unless `passphrase` is the home's credential; that it was refused is entered, too. The ids are asked of the
    sources anew. A subject that the sources no longer have keeps an empty id: a pseudonym cannot be turned back without
    them. What is no pseudonym, but a name of the sources' own (a server), needs no turning back.
    """
    _listing(promise, state)
    home.prepare()
    ledger, run_id, asked = Ledger(home.runs), f"reveal-{at:%Y%m%dT%H%M%S%f}", f"{promise}, {state or 'all states'}"
    ledger.start(run_id, "reveal", at.date(), at)
    result = "refused"
    try:
        credential.refuse_wrong(home, passphrase)
        result = "failed"
        file, listed, known = _reveal(home, promise, state, at)
    except Exception:
        ledger.finish(run_id, at, result, asked)
        raise
    ledger.finish(run_id, at, "done", f"{asked}: {listed} subjects, {known} revealed")
    return file


def _reveal(home: Home, promise: str, state: str | None, at: datetime) -> tuple[Path, int, int]:
    """(the file, how many subjects it lists, how many of them have the source's own id)"""
    from pipelines.collect import reveal as asked
    from pipelines.collect import sources

    columns, rows = subjects(home, promise, state)
    contracts = contracts_register.load()
    known = asked.reveal(home, sources.load(home.sources_toml, contracts), contracts, home.pseudonym_key(),
                         [row[0] for row in rows])
    folder = home.runs / REVEALED
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{promise}_{state or 'all'}_{at:%Y%m%dT%H%M%S%f}.csv"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        stream.write(_csv(("source_id", *columns), [(known.get(row[0], ""), *row) for row in rows]))
    return file, len(rows), len(known)


def _told(value) -> str | None:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _cell(value) -> object:
    """A value that a spreadsheet takes for no formula: an apostrophe before what would begin one (JSON has it as it is).

    Nor for a row: the writer leaves a carriage return bare.
    """
    if not isinstance(value, str):
        return value
    return ("'" if value.startswith(ACTIVE) else "") + value.replace("\r", " ")


def _csv(header: tuple[str, ...], rows: list[tuple]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[_cell(_told(value)) for value in row] for row in rows])
    return text.getvalue()
