"""A search that decodes: what is compressed or packed is read back as text before it is searched."""

import html
import re
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from pipelines import warehouse

WORD = re.compile(r"[\w@.+-]+")


def texts(folder: Path, leave_out: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(place, text) for everything under `folder`: every row of every table of a database, every other file decoded."""
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if not path.is_file() or path.is_symlink() or place.parts[0] in leave_out:
            continue
        if path.suffix == warehouse.SUFFIX:
            yield from ((f"{place}: {table}", text) for table, text in tables(path))
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as packed:
                yield from ((f"{place}: {name}", html.unescape(packed.read(name).decode("utf-8", "replace")))
                            for name in packed.namelist())
        elif path.suffix == ".pdf":
            told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True)
            yield f"{place}", told.stdout
        elif path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as connection:
                yield f"{place}", "\n".join(connection.iterdump())
        else:
            yield f"{place}", html.unescape(path.read_bytes().decode("utf-8", "replace"))


def tables(path: Path) -> Iterator[tuple[str, str]]:
    """(table, its rows as text) for every table of a DuckDB file."""
    with closing(warehouse.read(path)) as connection:
        names = connection.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal "
                                   "AND database_name NOT IN ('system', 'temp')").fetchall()
        for schema, name in names:
            table = f"{schema}.{warehouse.identifier(name)}"
            for (text,) in connection.execute(f"SELECT string_agg(t::VARCHAR, chr(10)) FROM {table} AS t").fetchall():
                yield table, text or ""


def found(values: Iterable[str], pages: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(place, value) wherever a value's words follow each other in a text, whatever stands between them."""
    wanted: dict[str, list[tuple[str, ...]]] = {}
    for value in values:
        words = tuple(WORD.findall(value.lower()))
        if words:
            wanted.setdefault(words[0], []).append(words)
    hits = []
    for place, text in pages:
        words = WORD.findall(text.lower())
        for position, word in enumerate(words):
            hits += [(place, " ".join(value)) for value in wanted.get(word, ())
                     if tuple(words[position:position + len(value)]) == value]
    return hits
