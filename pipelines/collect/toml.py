"""TOML files that people keep by hand: each table of the array `[[<dataset>]]` is a row."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from pipelines.collect import lines
from pipelines.collect.staging import DatasetError, Refusals

LARGEST = 16 * 2**20
INTEGER_BITS = 64  # of a number as TOML has it


def records(path: Path, name: str, dataset: str, refusals: Refusals) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The rows of the dataset: (line of the table's head, values as text). One whose value is a list or a table is refused.

    So is one with a number that TOML does not have: hexadecimal digits by the thousand pass Python's reader.

    Moments and days as TOML writes them become ISO text: a moment without a zone has none there either. DatasetError for a
    file that is no TOML (nothing of it can be believed then), or that holds anything but this dataset.
    """
    tables, heads = _read(path, name, dataset)
    for table, line in zip(tables, heads, strict=True):
        if not all(_is_plain(value) for value in table.values()):
            refusals.add("unreadable_line", name, line)
        else:
            yield line, {key: _as_text(value) for key, value in table.items()}


def keys(path: Path, name: str, dataset: str) -> set[str]:
    """The keys that any row uses."""
    return {key for table in _read(path, name, dataset)[0] for key in table}


def _read(path: Path, name: str, dataset: str) -> tuple[list[dict], list[int]]:
    text = _text(path, name)
    why = None
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (line \d+)", f"{error}")
        why = f"{name} is no TOML{f' ({place[1]})' if place else ''}: mend it, for nothing of it can be read"
    except (ValueError, RecursionError):
        why = f"{name} is nested too deep, or has a number of thousands of digits: a row's values are plain"
    if why:
        raise DatasetError(why)
    tables = told.pop(dataset, [])
    if told or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise DatasetError(f"{name} holds something else than rows of {dataset}: begin each row with [[{dataset}]]")
    heads = [number for number, line in enumerate(text.splitlines(), 1)
             if re.match(rf"\s*\[\[\s*[\"']?{re.escape(dataset)}[\"']?\s*\]\]", line)]
    # An array written in one value has no heads of its own, and a text of several lines may look like one.
    return tables, heads if len(heads) == len(tables) else [1] * len(tables)


def _text(path: Path, name: str) -> str:
    with lines.open_bytes(path) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise DatasetError(f"{name} is larger than what is kept by hand: give it as CSV or JSON lines")
    why = None
    try:
        return content.removeprefix(lines.BOM).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        why = f"{name} is not UTF-8: save it as UTF-8"
    raise DatasetError(why)


def _is_plain(value) -> bool:
    return not isinstance(value, dict | list) and not (isinstance(value, int) and value.bit_length() > INTEGER_BITS)


def _as_text(value) -> str | None:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return lines.as_text(value)
