"""What a run that was killed has left: recognised, entered in the ledger, and cleared away, by the next run.

Only for whoever holds the home alone. A run is killed when it has begun and nobody holds the home for it any more. What it
had not published yet is taken back; what it had published stays whole, and the pages that it still owed stay owed.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from pipelines import disk, warehouse
from pipelines.home import Home
from pipelines.operate import evidence, publication
from pipelines.operate.ledger import Entry, Ledger
from pipelines.operate.manifest import Occasion
from pipelines.register import policy


def recover(home: Home, ledger: Ledger, at: datetime) -> list[Entry]:
    """Clear away what killed runs have left, and what was built by hand longer ago than it is kept; the killed runs."""
    killed = ledger.unended()
    _discard_asides(home)
    for entry in killed:
        warehouse.take_back(home, entry.run_id)
        published = warehouse.published_by(home, entry.run_id)
        if published:
            _complete(home, ledger, entry, published, at)
        elif entry.kind != "report":
            ledger.unowed(entry.run_id)
        _discard_half_written(home.runs / entry.run_id)
        ledger.killed(entry.run_id, f"did not end: {_reached(ledger, entry)}; "
                                    f"{'its warehouse is published' if published else 'nothing of it is published'}")
    warehouse.discard_stale(home, at - timedelta(days=policy.load().forgetting["by_hand_days"].value))
    disk.discard_orphans()
    return killed


def _discard_asides(home: Home) -> None:
    """What was written aside, and never came to its place."""
    for pattern in ("reports/.*", "reports/????-??-??/**/.*", "evidence/.*"):
        for aside in home.path.glob(pattern):
            disk.remove(aside)


def _complete(home: Home, ledger: Ledger, entry: Entry, published: Path, at: datetime) -> None:
    """What a run that had published its warehouse still had to do, but for its pages, which are owed."""
    publication.release(home, entry.as_of, home.runs / entry.run_id)
    if "evidence" not in {name for name, *_ in ledger.steps(entry.run_id)}:
        pages = [path for path in home.reports_of(entry.as_of).glob("*") if path.is_file()]
        evidence.record(home, Occasion(entry.run_id, entry.kind, entry.as_of, at), published, pages)


def _reached(ledger: Ledger, entry: Entry) -> str:
    steps = [name for name, *_ in ledger.steps(entry.run_id)]
    return f"after {steps[-1]}" if steps else "before its first step was done"


def _discard_half_written(records: Path) -> None:
    """Executed notebooks that end in the middle are no records."""
    for copy in records.glob("*.ipynb"):
        try:
            json.loads(copy.read_text(encoding="utf-8"))
        except ValueError:
            copy.unlink()
