"""Lines of text files, one by one: what survives a damaged file, and the proof that no line of it was lost.

Every line that is not blank ends in exactly one way: it belongs to a record that is yielded, or it is refused with a reason.
"""

import codecs
import csv
import gzip
import io
import json
import mmap
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipelines.collect.staging import DatasetError, Refusals
from pipelines.warehouse import Connection, DatabaseError, quoted_path

COMPRESSIONS = (".gz", ".zst")
CHUNK = 1 << 20
LONGEST_LINE = 2 * 2**20
# A quoted field may hold line ends; one that runs on for longer is a stray quote.
LONGEST_RECORD_LINES = 100
BATCH = 20_000
# What unpacks to more than so many times its size, and to more than so many bytes, is no file of rows or lines.
MOST_UNPACKED_TIMES, UNPACKED_ANYWAY = 200, 256 * 2**20
ZSTD_BLOCK = 128 * 2**10  # no block holds more once unpacked (RFC 8878)
# A line with so many brackets is looked at by itself: DuckDB's reader of JSON does not survive one that is nested too deep.
MOST_BRACKETS = 500
BOM = codecs.BOM_UTF8
OTHER_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
READ_ERRORS = (OSError, EOFError, zlib.error)
ZSTD_MAGIC = 0xFD2FB528
ZSTD_SKIPPABLE = range(0x184D2A50, 0x184D2A60)


@dataclass(frozen=True, slots=True)
class Survey:
    """`rows_at_once`: the number of lines, if nothing speaks against every line being a row (or the header); else None."""

    rows_at_once: int | None


class BombError(OSError):
    """A compressed file unpacks to far more than any file of rows does."""


def explained(error: Exception) -> str:
    """Why a file could not be read, without anything that stands in it."""
    if isinstance(error, BombError):
        return f"it unpacks to more than {MOST_UNPACKED_TIMES} times its size: give it unpacked if it is meant"
    if isinstance(error, EOFError):
        return "it is truncated (its compressed data ends too early): have it written again"
    if isinstance(error, gzip.BadGzipFile | zlib.error):
        return "its compressed data is damaged: have it written again"
    return (getattr(error, "strerror", None) or "it cannot be opened").lower()


def open_bytes(path: Path):
    """The file's bytes, decompressed where it is a .gz; reading on raises BombError where it unpacks to far too much."""
    if path.suffix != ".gz":
        return open(path, "rb")
    return io.BufferedReader(_Unpacked(gzip.open(path, "rb"), path.stat().st_size), CHUNK)


def refuse_bomb(unpacked: int, stored: int) -> None:
    """BombError where so many bytes came, or will come, out of a compressed file of that size."""
    if unpacked > UNPACKED_ANYWAY and unpacked > stored * MOST_UNPACKED_TIMES:
        raise BombError


class _Unpacked(io.RawIOBase):
    """What a decompressor gives, counted."""

    def __init__(self, stream: gzip.GzipFile, stored: int):
        self._stream, self._stored, self._count = stream, stored, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        read = self._stream.readinto(buffer)
        self._count += read
        refuse_bomb(self._count, self._stored)
        return read

    def close(self) -> None:
        self._stream.close()
        super().close()


def survey(connection: Connection, path: Path, name: str, is_json: bool = False) -> Survey:
    """Read the whole file once, as bytes. EOFError where a compressed file is truncated; DatasetError for UTF-16."""
    if path.suffix == ".zst":
        refuse_truncated_zstd(path, name)
        return Survey(_lines_by_database(connection, path, is_json))
    return _survey_bytes(path, name, is_json)


def _survey_bytes(path: Path, name: str, is_json: bool) -> Survey:
    decoder, brackets = codecs.getincrementaldecoder("utf-8")(), _Brackets()
    count, last, is_plain, is_first = 0, b"\n", True, True
    with open_bytes(path) as file:
        while chunk := file.read(CHUNK):
            if is_first:
                _refuse_other_encodings(chunk, name)
                is_plain, is_first = not chunk.startswith(BOM), False
            count += chunk.count(b"\n")
            is_plain = is_plain and _is_plain(last + chunk, decoder) and not (is_json and brackets.are_many(chunk))
            last = chunk[-1:]
    if is_first:
        raise DatasetError(f"{name} is empty (0 bytes once decompressed)")
    is_plain = is_plain and last != b"\r" and _ends(decoder)
    return Survey(count + (last != b"\n") if is_plain else None)


class _Brackets:
    """How many opening brackets the lines have, over the borders of chunks."""

    def __init__(self) -> None:
        self._open_line = 0

    def are_many(self, chunk: bytes) -> bool:
        """Has a line so many of them that it could be nested too deep?"""
        counts = [line.count(b"[") + line.count(b"{") for line in chunk.split(b"\n")]
        counts[0] += self._open_line
        self._open_line = counts[-1]
        return max(counts) > MOST_BRACKETS


def _is_plain(chunk: bytes, decoder) -> bool:
    """No blank line, no zero byte, no lone carriage return, and UTF-8. `chunk` begins with the byte before it."""
    returns = chunk.count(b"\r")
    if b"\n\n" in chunk or b"\n\r" in chunk or b"\0" in chunk:
        return False
    if returns and returns != chunk.count(b"\r\n") + chunk.endswith(b"\r"):
        return False
    try:
        decoder.decode(chunk[1:])
    except UnicodeDecodeError:
        return False
    return True


def _ends(decoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_other_encodings(chunk: bytes, name: str) -> None:
    if chunk.startswith(OTHER_BOMS):
        raise DatasetError(f"{name} is UTF-16: save it as UTF-8")


def _lines_by_database(connection: Connection, path: Path, is_json: bool) -> int | None:
    """The number of lines of a .zst, None where they are not plain UTF-8 lines, or of JSON that may be nested too deep."""
    try:
        count, brackets = connection.execute(
            "SELECT count(line), coalesce(max(strlen(line) - strlen(translate(line, '[{', ''))), 0) "
            f"FROM {_line_relation(path)}").fetchone()
    except DatabaseError:
        return None
    return None if is_json and brackets > MOST_BRACKETS else count


def _line_relation(path: Path) -> str:
    return (f"read_csv({quoted_path(path)}, auto_detect = false, header = false, delim = '', quote = '', escape = '', "
            f"columns = {{'line': 'VARCHAR'}}, max_line_size = {LONGEST_LINE})")


def refuse_compressed_without_reader(path: Path, name: str) -> None:
    """DatasetError for a .zst that is not plain: only DuckDB reads it, and it cannot set aside one bad line of it."""
    if path.suffix == ".zst":
        raise DatasetError(f"{name} has lines that cannot be read: give it as .gz or plain, and the bad ones "
                           "will be set aside one by one")


def refuse_truncated_zstd(path: Path, name: str) -> None:
    """DatasetError unless the file is whole frames of zstd (RFC 8878): DuckDB would read a truncated one in silence."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        blocks = _blocks_of_zstd(content)
        refuse_bomb((blocks or 0) * ZSTD_BLOCK, len(content))
    if blocks is None:
        raise DatasetError(f"{name} cannot be read: it is truncated or damaged; have it written again")


def _blocks_of_zstd(content: mmap.mmap) -> int | None:
    """How many blocks its frames have; None where the last one is not whole."""
    at, blocks = 0, 0
    try:
        while at < len(content):
            at, more = _end_of_frame(content, at)
            blocks += more
    except IndexError:
        return None
    return blocks if at == len(content) else None


def _number(content: mmap.mmap, at: int, size: int) -> int:
    if at + size > len(content):
        raise IndexError
    return int.from_bytes(content[at:at + size], "little")


def _end_of_frame(content: mmap.mmap, at: int) -> tuple[int, int]:
    """Where the frame ends, and how many blocks it has."""
    magic = _number(content, at, 4)
    if magic in ZSTD_SKIPPABLE:
        return at + 8 + _number(content, at + 4, 4), 0
    if magic != ZSTD_MAGIC:
        raise IndexError
    descriptor = _number(content, at + 4, 1)
    is_single = bool(descriptor & 0x20)
    size_of_size = (1 if is_single else 0, 2, 4, 8)[descriptor >> 6]
    at += 5 + (0 if is_single else 1) + (0, 1, 2, 4)[descriptor & 3] + size_of_size
    is_last, blocks = False, 0
    while not is_last:
        block = _number(content, at, 3)
        is_last, kind, size = bool(block & 1), block >> 1 & 3, block >> 3
        at += 3 + (1 if kind == 1 else size)
        blocks += 1
    return at + (4 if descriptor & 4 else 0), blocks


def first_line(connection: Connection, path: Path, name: str) -> str:
    """The first line of a text file, "" where there is none; DatasetError for UTF-16."""
    return next(iter(_first_lines(connection, path, name, 1)), "")


def _first_lines(connection: Connection, path: Path, name: str, count: int) -> list[str]:
    if path.suffix == ".zst":
        refuse_truncated_zstd(path, name)
        return _first_by_database(connection, path, name, count)
    with open_bytes(path) as file:
        taken = [(line or b"").removeprefix(BOM) for line, _ in islice(physical_lines(file), count)]
    if taken:
        _refuse_other_encodings(taken[0], name)
    return [line.decode("utf-8", "replace") for line in taken]


def _first_by_database(connection: Connection, path: Path, name: str, count: int) -> list[str]:
    rows = None
    with suppress(DatabaseError):
        rows = connection.execute(f"SELECT line FROM {_line_relation(path)} LIMIT {count}").fetchall()
    if rows is None:
        refuse_compressed_without_reader(path, name)
    return [(line or "").removeprefix("\ufeff") for (line,) in rows]


def physical_lines(file) -> Iterator[tuple[bytes | None, int]]:
    """(the line without its end, its number from 1); None for a line longer than any row can be."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
            yield None, number
        else:
            yield line.removesuffix(b"\n").removesuffix(b"\r"), number


def batches(records: Iterable) -> Iterator[list]:
    """The records in lists of a bounded length."""
    records = iter(records)
    while batch := list(islice(records, BATCH)):
        yield batch


def _decoded(path: Path, name: str, refusals: Refusals, after: int = 0) -> Iterator[tuple[str, int]]:
    """The lines that are UTF-8 and not blank, with their numbers; the others are refused or passed over.

    `after`: how many at the head are none of it, whatever they hold.
    """
    with open_bytes(path) as file:
        for line, number in islice(physical_lines(file), after, None):
            if line is None:
                refusals.add("unreadable_line", name, number)
                continue
            if number == 1:
                line = line.removeprefix(BOM)
            if not line.strip():
                continue
            try:
                yield line.decode("utf-8"), number
            except UnicodeDecodeError:
                refusals.add("not_utf8", name, number)


def csv_records(path: Path, name: str, delimiter: str, width: int, refusals: Refusals
                ) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV below its header: (first line, fields). A line that begins none is refused by itself."""
    waiting: list[tuple[str, int]] = []
    source = _decoded(path, name, refusals, after=1)  # a header that is not UTF-8 is the header all the same
    while True:
        if not waiting:
            following = next(source, None)
            if following is None:
                return
            waiting.append(following)
        fields, used = _csv_record(waiting, source, delimiter)
        number = waiting[0][1]
        fields = _fitting(fields, width)
        if fields is None:
            # Only the first line is given up: what follows it may be sound.
            refusals.add("unreadable_line", name, number)
            del waiting[0]
        else:
            yield number, fields
            del waiting[:used]


def _csv_record(waiting: list[tuple[str, int]], source: Iterator[tuple[str, int]], delimiter: str
                ) -> tuple[list[str] | None, int]:
    """Try the first line waiting, and as many after it as an open quote asks for; (fields or None, lines used)."""
    for used in range(1, LONGEST_RECORD_LINES + 1):
        while len(waiting) < used:
            following = next(source, None)
            if following is None:
                return None, used
            waiting.append(following)
        if used > 1 and waiting[used - 1][0].count('"') % 2 == 0:
            continue  # the quote that is open cannot be closed here
        records, is_open = _parsed([line for line, _ in waiting[:used]], delimiter)
        if not is_open:
            return (records[0] if len(records) == 1 else None), used
    return None, LONGEST_RECORD_LINES


def _parsed(texts: list[str], delimiter: str) -> tuple[list[list[str]], bool]:
    """The records of the lines (none if they are no CSV), and whether a quote is still open at their end."""
    reader = csv.reader([text + "\n" for text in texts], delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        return list(reader), False
    except csv.Error as error:
        return [], "unexpected end of data" in str(error)


def _fitting(fields: list[str] | None, width: int) -> list[str] | None:
    """The fields if they are as many as the header's; one more is let pass if it is empty (a delimiter at the end)."""
    if fields is not None and len(fields) == width + 1 and fields[-1] == "":
        return fields[:-1]
    return fields if fields is not None and len(fields) == width else None


def json_records(path: Path, name: str, refusals: Refusals) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The objects of a JSON lines file: (line, values as text). A line that is no object is refused."""
    for line, number in _decoded(path, name, refusals):
        try:
            record = json.loads(line, object_pairs_hook=_without_repetition, parse_float=_shortest)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict) and _is_sound(record):
            yield number, {key: as_text(value) for key, value in record.items()}
        else:
            refusals.add("unreadable_line", name, number)


def _without_repetition(pairs: list[tuple]) -> dict:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _shortest(text: str) -> str:
    return repr(float(text))


def _is_sound(record: dict) -> bool:
    """No half of a surrogate pair, which is no text and cannot be stored; and not nested too deep to be written again."""
    try:
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def as_text(value) -> str | None:
    """A value of JSON as text: text as it is, everything else as JSON writes it."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_keys(connection: Connection, path: Path, name: str, count: int) -> set[str]:
    """The keys used in the first `count` lines."""
    keys: set[str] = set()
    for line in _first_lines(connection, path, name, count):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        keys |= set(record) if isinstance(record, dict) else set()
    return keys
