"""The processes below one, as the kernel tells them."""

import time
from pathlib import Path


def begun_by(process: int) -> list[int]:
    """The processes that this one began itself."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == process:
            found.append(int(entry.parent.name))
    return found


def children(process: int) -> list[int]:
    """All processes below one, and itself."""
    return [process, *(found for child in begun_by(process) for found in children(child))]


def is_at_work(process: int) -> bool:
    """Whether it is there, and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def name_of(process: int) -> str:
    """Its name, empty where it is gone."""
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def until(condition, seconds=60):
    """What the condition gives as soon as that is true, else what it gives at the end."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return found
