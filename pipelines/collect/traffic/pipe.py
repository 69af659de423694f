"""A compressed file that the database reads decompressed, through a named pipe: nothing of it lies on disk.

A thread unpacks with libraries that check the file's checksums, and that take a third of the time of the database's own.
"""

import fcntl
import os
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from isal import igzip

from pipelines.collect.traffic.log_files import CHUNK, LogFile, chunks

OURS_ALONE = 0o600
SECONDS_TO_LET_GO = 0.01


@dataclass(frozen=True, slots=True)
class Passed:
    """What went through a pipe: how many bytes, and the last of them."""

    length: int
    last: bytes


@dataclass(frozen=True, slots=True)
class Pipe:
    """`path` can be read once, from its beginning to its end."""

    path: Path
    _feed: Future

    def passed(self) -> Passed | None:
        """What was read, once the reader has come to the end; None where it stopped before.

        DatasetError where the compressed data are truncated or damaged, or unpack to far too much: the reader has seen an
        early end, and no error.
        """
        return self._feed.result()


@contextmanager
def unpacked(file: LogFile, folder: Path) -> Iterator[Pipe]:
    """The decompressed bytes of the file, in a pipe in that folder for as long as the context lasts."""
    path, is_over = folder / secrets.token_hex(8), threading.Event()
    os.mkfifo(path, OURS_ALONE)
    with ThreadPoolExecutor(1, "unpack") as thread:
        feed = thread.submit(_feed, file, path, is_over)
        try:
            yield Pipe(path, feed)
        finally:
            is_over.set()
            _let_go(path, feed)
            path.unlink()


def _feed(file: LogFile, path: Path, is_over: threading.Event) -> Passed | None:
    length, last = 0, b""
    # Opening waits for the reader, so that it comes to an end of the pipe even where the file cannot be read.
    with open(path, "wb", buffering=0) as pipe:
        with suppress(OSError):
            # Fewer turns to wait for each other; a system may allow less.
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, CHUNK)
        # In this thread alone: it leaves wide registers of the processor in use, and what the same thread, or one that it
        # starts, does afterwards takes a tenth more time.
        for chunk in chunks(file, igzip.open):
            if is_over.is_set() or not _written(pipe, chunk):
                return None
            length, last = length + len(chunk), chunk[-1:]
    return Passed(length, last)


def _written(pipe, chunk: bytes) -> bool:
    """Did the reader take all of it?"""
    left = memoryview(chunk)
    try:
        while left:
            left = left[pipe.write(left):]
    except BrokenPipeError:
        return False
    return True


def _let_go(path: Path, feed: Future) -> None:
    """Let a feed that still waits for its reader, or for room in the pipe, come to its end."""
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        while not feed.done():
            with suppress(BlockingIOError):
                os.read(reader, CHUNK)
            with suppress(Exception):
                feed.exception(SECONDS_TO_LET_GO)
    finally:
        os.close(reader)
