"""The disk: what must outlast a machine that is switched off, and what is said when no room is left."""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from pipelines.errors import AlpiaError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# The same in the words of the system, as they come out of a notebook's kernel, and in SQLite's.
NO_ROOM_SAID = re.compile("|".join([*map(os.strerror, NO_ROOM), "database or disk is full"]))
MEBIBYTE = 1 << 20
PRIVATE = "alpia-"


def flush(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(aside: Path, target: Path) -> None:
    """Put a whole file in its place in one step: whoever looks, and whenever the power goes, sees the old one or the new."""
    flush(aside)
    os.replace(aside, target)
    flush(target.parent)


def put(target: Path, content: str | bytes) -> Path:
    """Write a file (text as UTF-8) for its owner alone, in one step; nothing stays of one that could not be written to its
    end. Its path."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return target


def remove(path: Path) -> None:
    """Remove a file, or a folder and all that is in it, be it there or not."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def private_folder() -> tempfile.TemporaryDirectory:
    """A folder for a moment, for its owner's eyes only, in the system's place for what is temporary."""
    return tempfile.TemporaryDirectory(prefix=f"{PRIVATE}{os.getpid()}-")


def discard_orphans() -> None:
    """Remove the private folders of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PRIVATE}*"):
        process = folder.name.removeprefix(PRIVATE).split("-")[0]
        if process.isdigit() and folder.stat().st_uid == os.getuid() and not is_alive(int(process)):
            remove(folder)


def is_alive(process: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another's, under a number that was given anew
        return True
    return True


def is_full(error: BaseException) -> bool:
    """Whether an error, or one that it came from, says that no room is left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM or NO_ROOM_SAID.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def full(places: Iterable[Path]) -> AlpiaError:
    """The sentence for a disk without room, naming the place of all that has the least left."""
    place = min((place for place in places if place.exists()), key=lambda place: shutil.disk_usage(place).free)
    free = shutil.disk_usage(place).free / MEBIBYTE
    return AlpiaError(f"No room is left on the disk of {place} ({free:.1f} MiB free): make room there, and run again.")
