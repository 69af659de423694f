"""Records of probes: one file of JSON lines a probe, dated, in the home's folder `probes`, for their owner's eyes only."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import AlpiaError
from pipelines.home import Home

FOLDER = "probes"
UNSAFE = re.compile(r"[^a-z0-9.-]+")


def written(moment: datetime) -> str:
    """The moment as records write it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(home: Home, kind: str, moment: datetime, name: str, rows: Iterable[Mapping]) -> Path:
    """Write the rows to probes/<kind>/<moment>_<name>.jsonl (mode 0600), a blank line for none.

    AlpiaError where that probe is recorded already.
    """
    folder = home.path / FOLDER / kind
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}_{UNSAFE.sub('-', name.lower()).strip('-')}.jsonl"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise AlpiaError(f"{file} is there already: a probe is never written over; wait a second and probe again.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines([json.dumps(row, ensure_ascii=False) + "\n" for row in rows] or ["\n"])
    return file


def pattern(kind: str) -> str:
    """The glob of a kind's records, relative to the home, as sources.toml names them."""
    return f"{FOLDER}/{kind}/*.jsonl"
