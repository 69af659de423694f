"""The demo's records of probes and its declaration of cookies, as the product's own probes and people write them."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

from pipelines.demo.cases import Cases
from pipelines.demo.moments import NONE


def write(cases: Cases, folder: Path) -> None:
    """Write tls_probe.jsonl, cookie.jsonl and declared_cookie.csv into the folder."""
    for table in ("tls_probe", "cookie"):
        lines = [json.dumps({name: _told(name, value) for name, value in row.items()}) + "\n" for row in cases.rows[table]]
        (folder / f"{table}.jsonl").write_text("".join(lines), encoding="utf-8")
    with open(folder / "declared_cookie.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("pattern", "purpose", "lifetime"))
        writer.writeheader()
        writer.writerows(cases.rows["declared_cookie"])


def _told(name: str, value):
    if not name.endswith("_at"):
        return value
    return None if value == NONE else datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
