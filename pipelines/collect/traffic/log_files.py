"""The files of an access log: found, opened, told apart by what they hold, and read line by line where nothing else will do.

A line ends with LF, CR or CRLF, for DuckDB's reader as for this one.
"""

import gzip
import hmac
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from isal import isal_zlib

from pipelines.collect import lines
from pipelines.collect.files import located, shown
from pipelines.collect.staging import DatasetError
from pipelines.home import Home

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HEAD = 64 * 1024
CHUNK = 1 << 20
DIGITS = 24
# What the last byte of a file is where no line lacks its end.
LINE_ENDS = (b"", b"\n", b"\r")
# A .gz ends with the size of what its last member unpacks to, modulo 4 GiB.
GZIP_SIZE_BYTES = 4
READ_ERRORS = (*lines.READ_ERRORS, isal_zlib.error, zstd.ZstdError)


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that is there now. `shown`: its name in results; `mark`: inode, size and moment of the last change.

    `stored`: bytes on disk. Renaming a file leaves its mark alone.
    """

    path: Path
    shown: str
    mark: str
    stored: int
    written: float

    @property
    def is_plain(self) -> bool:
        return self.path.suffix not in lines.COMPRESSIONS


@dataclass(frozen=True, slots=True)
class Measure:
    """A file by its decompressed bytes: how many, how many lines end with CRLF or otherwise, and has the last one an end?"""

    length: int
    crlf_ends: int
    other_ends: int
    has_last_end: bool


def find(home: Home, patterns: Iterable[str]) -> list[LogFile]:
    """The files that the patterns name, each once, in the order of their names, without those of 0 bytes.

    DatasetError where a pattern matches none, or leads out of the home.
    """
    paths = {path.resolve(): path for pattern in patterns for path in located(home, pattern)}
    found = [_log_file(home, path) for path in sorted(paths.values())]
    found = [file for file in found if file.stored]
    for file in found:
        _refuse_told_bomb(file)
    return found


def _refuse_told_bomb(file: LogFile) -> None:
    """DatasetError for a .gz that says itself that it unpacks to far too much; one that lies is found out as it is read."""
    if file.path.suffix != ".gz" or file.stored < GZIP_SIZE_BYTES:
        return
    with open(file.path, "rb") as stream:
        stream.seek(-GZIP_SIZE_BYTES, 2)
        told = int.from_bytes(stream.read(), "little")
    try:
        lines.refuse_bomb(told, file.stored)
    except lines.BombError as error:
        raise DatasetError(f"{file.shown} cannot be read: {lines.explained(error)}") from None


def _log_file(home: Home, path: Path) -> LogFile:
    told = path.stat()
    return LogFile(path, shown(home, path), f"{told.st_ino}:{told.st_size}:{told.st_mtime_ns}", told.st_size, told.st_mtime)


def opened(file: LogFile, unzip: Callable = gzip.open):
    """The bytes of the file, decompressed; `unzip` opens a .gz."""
    if file.path.suffix == ".zst":
        return zstd.open(file.path, "rb")
    return unzip(file.path, "rb") if file.path.suffix == ".gz" else open(file.path, "rb")


def chunks(file: LogFile, unzip: Callable = gzip.open, most: int | None = None) -> Iterator[bytes]:
    """The decompressed bytes; of a plain file as many as it had when it was found, since it may be growing.

    `unzip`: opens a .gz; `most`: bytes at a time, if not CHUNK. DatasetError where the compressed data are truncated or
    damaged, or unpack to far too much.
    """
    left, size, most = file.stored if file.is_plain else None, 0, most or CHUNK
    try:
        with opened(file, unzip) as stream:
            while chunk := stream.read(most if left is None else min(most, left)):
                left, size = None if left is None else left - len(chunk), size + len(chunk)
                if not file.is_plain:
                    lines.refuse_bomb(size, file.stored)
                yield chunk
    except READ_ERRORS as error:
        raise DatasetError(f"{file.shown} cannot be read: {_explained(error)}") from None


def _explained(error: Exception) -> str:
    if isinstance(error, isal_zlib.error | zstd.ZstdError):
        return "its compressed data is damaged: have it written again"
    return lines.explained(error)


def head(file: LogFile) -> bytes:
    """The first bytes, at most 64 KiB."""
    taken = b""
    for chunk in chunks(file, most=HEAD):
        taken += chunk[:HEAD - len(taken)]
        if len(taken) == HEAD:
            break
    return taken


def digest(key: bytes, content: bytes) -> str:
    """A keyed digest (24 hex digits): without the key nobody can try out what a line may have said."""
    return hmac.digest(key, content, "sha256").hex()[:DIGITS]


def measured(file: LogFile) -> Measure:
    """By reading the whole file."""
    size, crlf_ends, ends, last = 0, 0, 0, b""
    for chunk in chunks(file):
        size += len(chunk)
        crlf_ends += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
        ends += chunk.count(b"\r") + chunk.count(b"\n")
        last = chunk[-1:]
    return Measure(size, crlf_ends, ends - 2 * crlf_ends, last in LINE_ENDS)


def is_beginning_of(shorter: LogFile, longer: LogFile) -> bool:
    """Do the decompressed bytes of the one begin the other?"""
    others, waiting = chunks(longer), b""
    for chunk in chunks(shorter):
        while len(waiting) < len(chunk):
            following = next(others, b"")
            if not following:
                return False
            waiting += following
        if waiting[:len(chunk)] != chunk:
            return False
        waiting = waiting[len(chunk):]
    return True


def numbered_lines(file: LogFile) -> Iterator[tuple[int, str | None]]:
    """(number from 1, text) of every line, blank ones too; None for one that is longer than any can be.

    What is not UTF-8 is shown as U+FFFD: of a line's address, time and numbers every byte is ASCII.
    """
    number, tail, is_too_long = 0, b"", False
    for chunk in chunks(file):
        pieces = (tail + chunk).splitlines(keepends=True)
        # The last piece may go on in the next chunk, and so may a CR that an LF will follow.
        tail = pieces.pop() if not pieces[-1].endswith(b"\n") else b""
        for piece in pieces:
            number += 1
            yield number, None if is_too_long else _text(piece, number)
            is_too_long = False
        if len(tail) > lines.LONGEST_LINE:
            # Its last byte may be a CR that ends it.
            tail, is_too_long = b"x" + tail[-1:], True
    if tail:
        yield number + 1, None if is_too_long else _text(tail, number + 1)


def _text(line: bytes, number: int) -> str | None:
    if number == 1:
        line = line.removeprefix(lines.BOM)
    line = line.rstrip(b"\r\n")
    return None if len(line) > lines.LONGEST_LINE else line.decode("utf-8", "replace")
