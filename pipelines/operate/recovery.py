"""What a run that was killed has left: recognised, entered in the ledger, and cleared away, by the next run.

Only for whoever holds the home alone. A run is killed when it has begun and nobody holds the home for it any more. What it
had not published yet is taken back; what it had published stays whole, and the pages that it still owed stay owed.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path

from pipelines import disk, warehouse
from pipelines.home import Home
from pipelines.operate import publication
from pipelines.operate.ledger import Entry, Ledger

BY_HAND_KEPT = timedelta(days=1)


def recover(home: Home, ledger: Ledger, at: datetime) -> list[Entry]:
    """Clear away what killed runs have left, and what was built by hand more than a day before `at`; the killed runs."""
    killed = ledger.unended()
    for entry in killed:
        warehouse.take_back(home, entry.run_id)
        was_published = warehouse.is_published(home, entry.run_id)
        if was_published:
            publication.release(home, entry.as_of, home.runs / entry.run_id)
        elif entry.kind != "report":
            ledger.unowed(entry.run_id)
        _discard_half_written(home.runs / entry.run_id)
        steps = [name for name, *_ in ledger.steps(entry.run_id)]
        ledger.killed(entry.run_id, f"did not end: {'after ' + steps[-1] if steps else 'before its first step was done'}; "
                                    f"{'its warehouse is published' if was_published else 'nothing of it is published'}")
    warehouse.discard_stale(home, at - BY_HAND_KEPT)
    for aside in home.reports.glob("????-??-??/**/.*"):
        disk.remove(aside)
    disk.discard_orphans()
    return killed


def _discard_half_written(records: Path) -> None:
    """Executed notebooks that end in the middle are no records."""
    for copy in records.glob("*.ipynb"):
        try:
            json.loads(copy.read_text(encoding="utf-8"))
        except ValueError:
            copy.unlink()
