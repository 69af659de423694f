"""How a day's warehouse becomes the published one, and which file speaks for a day."""

from datetime import date
from pathlib import Path

from pipelines import disk, warehouse
from pipelines.errors import AlpiaError, RefusedError
from pipelines.home import Home


def published_day(home: Home) -> date:
    """The newest published day; AlpiaError before the first run."""
    published = warehouse.published(home)
    if not published:
        raise AlpiaError(f"Nothing is published in {home.path} yet: `alpia run` makes a first run.")
    return published[-1][0]


def is_past(home: Home, as_of: date) -> bool:
    """Whether a later day is published already: then the day is rebuilt from what was collected for it."""
    days = [day for day, _ in warehouse.published(home)]
    return bool(days) and as_of < max(days)


def held_collection(home: Home, as_of: date) -> Path:
    """The file that holds the collection of a past day; RefusedError, naming the days that are held, where there is none."""
    held = warehouse.held_for(home, as_of)
    if held is None:
        days = ", ".join(sorted({f"{day}" for day, _ in warehouse.published(home)}))
        raise RefusedError(f"No collection of {as_of} is held any more, so that day cannot be rebuilt; held are: {days}.")
    return held


def file_of(home: Home, as_of: date) -> Path | None:
    """The file that speaks for a day: of the day rebuilt apart, else the published one; None where none is held."""
    return next(reversed(warehouse.beside(home, as_of)), None) or warehouse.held_for(home, as_of)


def publish(home: Home, built: Path, as_of: date, run_id: str) -> Path:
    """Make the file the one that `current` leads to, or lay it apart if its day is past; returns where it now lies."""
    if is_past(home, as_of):
        return warehouse.set_beside(home, built, as_of, run_id)
    return warehouse.publish(home, built, as_of, run_id)


def release(home: Home, as_of: date, records: Path) -> list[Path]:
    """Put the pages of the working notebooks, which waited for the publication, beside the reports of the day."""
    released = []
    for waiting in sorted(records.glob("*.html")):
        target = home.reports_of(as_of) / waiting.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        disk.replace(waiting, target)
        released.append(target)
    return released
