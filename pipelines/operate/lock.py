"""The locks of a home: one run at a time, one delivery. The system drops each with its process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pipelines.errors import AlpiaError
from pipelines.home import Home

FILES = {"run": "lock", "delivery": "delivery.lock"}


@contextmanager
def only_one(home: Home, at: datetime, what: str = "run") -> Iterator[None]:
    """Hold the home from `at` (UTC) on; AlpiaError, naming the holder's process and start, where another run is at work.

    `what`: a run, or a delivery, which has a lock of its own, since it may have a report made, and that is a run.

    What the file says of its holder counts only while somebody holds it: a killed run leaves its words and no lock.
    """
    home.prepare()
    with (home.runs / FILES[what]).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlpiaError(f"Another {what} is at work in {home.path}: {lock.read().strip() or 'it has just begun'}. "
                             "Wait for it to end.") from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"process {os.getpid()}, since {at:%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        yield
