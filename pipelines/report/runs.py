"""What the index tells of the runs of a day: when each began, how long it took, and how it ended, in words and a shape.

The ledger's own messages are for operators, and stay there: they name places on the machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from pipelines import warehouse
from pipelines.operate.ledger import ALONE, Entry
from pipelines.report.words import Words

NIGHTS = ("run", "past")  # the kinds of run that judge a day
AMISS = ("failed", "killed", "incomplete", "refused")
RUNNING = "running"  # of a run that has no end yet
SHAPES = {RUNNING: "…", **dict.fromkeys(AMISS, "✕")}


def by_day(entries: Iterable[Entry]) -> Mapping[date, Sequence[Entry]]:
    """The runs of each day that were to judge it or to report on it, newest first."""
    found: dict[date, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.started_at, entry.run_id), reverse=True):
        if entry.kind in ALONE:
            found.setdefault(entry.as_of, []).append(entry)
    return found


def told(words: Words, entries: Sequence[Entry]) -> dict:
    """The runs of one day, newest first: how many, how many amiss, whether the last judgement is; and a row for each."""
    amiss = [entry for entry in entries if entry.result in AMISS]
    nights = [entry for entry in entries if entry.kind in NIGHTS]
    return {
        "amiss": len(amiss),
        "count": words("index.runs", n=len(entries)) + (words("index.runs.amiss", n=len(amiss)) if amiss else ""),
        "last": words(f"index.last.{nights[0].result}", at=_at(words, nights[0]))
        if nights and nights[0].result in AMISS else "",
        "rows": [_row(words, entry) for entry in entries],
    }


def _row(words: Words, entry: Entry) -> dict:
    result = entry.result or RUNNING
    lasted = entry.finished_at and words.lasting((entry.finished_at - entry.started_at).total_seconds())
    return {"id": entry.run_id, "kind": words(f"run.kind.{entry.kind}"), "at": _at(words, entry),
            "lasted": lasted or words("value.none"), "result": words(f"run.{result}"), "shape": SHAPES.get(result, "✓"),
            "is_amiss": result in AMISS}


def _at(words: Words, entry: Entry) -> str:
    """When it began, by the clock in Paris."""
    local = entry.started_at.astimezone(ZoneInfo(warehouse.TIME_ZONE))
    return words("index.at", day=words.short_day(local), time=f"{local:%H:%M}")
