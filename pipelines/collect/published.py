"""What was seen of the published policy, kept for the night as the dataset `published_policy`: fingerprints, no sentence."""

import csv
import os
from datetime import datetime
from pathlib import Path

from pipelines.home import Home
from pipelines.register.published import Comparison

PLACE = Path("records") / "published_policy.csv"  # in the home; sources.toml maps it
COLUMNS = ("place", "is_online", "fingerprint", "checked_at")


def save(home: Home, compared: Comparison | None, at: datetime) -> Path:
    """Write what was compared at the moment `at` (None: the server says that it is not there); returns where.

    A row a block of the policy, in its order from 1; a single row 0 without a fingerprint where it was not online. Of what
    was saved before, only that it was not online stays: a breach is one for as long as its review period lasts.
    """
    marks = enumerate(compared.marks, 1) if compared else [(0, "")]
    told = "true" if compared else "false", at.isoformat(timespec="seconds")
    file = home.path / PLACE
    before = [row for row in _saved(file) if row[1] == "false"]
    file.parent.mkdir(mode=0o700, exist_ok=True)
    building = file.with_suffix(".part")
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows([*before, *((place, told[0], mark, told[1]) for place, mark in marks)])
    os.replace(building, file)
    return file


def _saved(file: Path) -> list[list[str]]:
    """The rows that lie there already; none where nothing was saved yet."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]
