"""The product under its own eyes: what it stores, who can read it, and that no address is inside.

What is found is counted and named by place: a file below the home, a column of the warehouse. No value is kept.
"""

import stat
from datetime import date
from pathlib import Path

from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import forgetting
from pipelines.warehouse import Connection, identifier, insert

LAYOUT = """
CREATE OR REPLACE TABLE verification.own_storage (position BIGINT, kind VARCHAR, files BIGINT, bytes BIGINT, since_on DATE,
    until_on DATE, kept BIGINT, unit VARCHAR);
CREATE OR REPLACE TABLE verification.own_access (looked_at BIGINT, open BIGINT);
CREATE OR REPLACE TABLE verification.own_open_file (place VARCHAR, mode VARCHAR);
CREATE OR REPLACE TABLE verification.own_content (what VARCHAR, columns BIGINT, texts BIGINT, found BIGINT, place VARCHAR);
"""
# What a home holds of ours; the rest (a demo's sources, say) is somebody else's.
WRITTEN = ("sources.toml", "exceptions.toml", "schedule.toml", "keys", "warehouse", "reports", "runs", "evidence", "probes")
OTHERS = stat.S_IRWXG | stat.S_IRWXO
MOST_NAMED = 20


def _look(sign: str, *patterns: str) -> str:
    """What looks like an address, if the sign is in it, which almost no text has; AND would try the patterns on all."""
    matching = " AND ".join(f"regexp_matches(v, '{pattern}')" for pattern in patterns)
    return f"CASE WHEN contains(v, '{sign}') THEN {matching} ELSE false END"


LOOKS = {
    "email": _look("@", r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "ip_v4": _look(".", r"(^|[^0-9.])(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}([^0-9.]|$)"),
    "ip_v6": _look(":", r"(^|[^0-9A-Za-z:])([0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}([^0-9A-Za-z:]|$)",
                   r"::[0-9A-Fa-f]|[0-9A-Fa-f]::|([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]"),
}
CONTROLS = ("somebody@example.org", "from 192.0.2.77 on", "2001:db8::77")
TEXTS = """
    SELECT schema_name, table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
    WHERE database_name = current_database() AND NOT internal AND contains(data_type, 'VARCHAR')
    GROUP BY ALL ORDER BY ALL
"""
PLANTED = "own_control"


def write(connection: Connection, home: Home, today: date) -> None:
    """Fill verification.own_* of a file that is being built. AlpiaError where the search misses what is planted for it."""
    connection.execute(LAYOUT)
    stored = forgetting.inventory(home, today)
    insert(connection, "verification.own_storage", [
        (place, one.kind, one.files, one.bytes, one.since_on, one.until_on, one.kept, one.unit)
        for place, one in enumerate(stored, 1)])
    looked_at, opened = access(home)
    connection.execute("INSERT INTO verification.own_access VALUES (?, ?)", [looked_at, len(opened)])
    insert(connection, "verification.own_open_file", opened[:MOST_NAMED])
    insert(connection, "verification.own_content", content(connection))


def access(home: Home) -> tuple[int, list[tuple[str, str]]]:
    """(how many of our files and folders were looked at, (place, mode) of each that others than its owner can use)."""
    tops = [home.path, *(home.path / name for name in WRITTEN if (home.path / name).exists())]
    paths = [path for top in tops for path in ([top] if top == home.path or top.is_file() else [top, *top.rglob("*")])
             if not path.is_symlink()]
    modes = [(path, mode) for path in sorted(paths) for mode in [_mode(path)] if mode is not None]
    return len(modes), [(_below(home, path), f"{mode:04o}") for path, mode in modes if mode & OTHERS]


def _mode(path: Path) -> int | None:
    """None for what is gone by now."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _below(home: Home, path: Path) -> str:
    return path.relative_to(home.path).as_posix()


def content(connection: Connection) -> list[tuple[str, int, int, int, str | None]]:
    """For each kind of address: what, how many columns and texts were searched, how many look like it, and in which columns.

    Every text of the file is decoded for it, in lists and maps too. A control of each kind must be found first.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {PLANTED} AS SELECT unnest($texts) AS v", {"texts": list(CONTROLS)})
    looks = ", ".join(f"count_if({look})" for look in LOOKS.values())
    controls = connection.execute(f"SELECT {looks} FROM {PLANTED}").fetchone()
    connection.execute(f"DROP TABLE {PLANTED}")
    if controls != (1,) * len(LOOKS):
        raise AlpiaError("The search for addresses in the warehouse misses what is planted for it: nothing is published.")
    columns, texts, found = 0, 0, {what: {} for what in LOOKS}
    for schema, table, names in connection.execute(TEXTS).fetchall():
        for name, count, *counts in _searched(connection, schema, table, names):
            columns, texts = columns + 1, texts + count
            for what, hits in zip(LOOKS, counts, strict=True):
                if hits:
                    found[what][f"{schema}.{table}.{name}"] = hits
    return [(what, columns, texts, sum(places.values()), ", ".join(list(places)[:MOST_NAMED]) or None)
            for what, places in found.items()]


def _searched(connection: Connection, schema: str, table: str, names: list[str]) -> list[tuple]:
    """(column, how many texts, how many of each look) of each column that may hold text, in one reading of the table."""
    counts = [f"count({identifier(name)})" for name in names]
    looks = [f"count_if({look.replace('(v,', f'({identifier(name)}::VARCHAR,')})"
             for name in names for look in LOOKS.values()]
    row = connection.execute(f"SELECT {', '.join(counts + looks)} FROM {identifier(schema)}.{identifier(table)}").fetchone()
    width = len(LOOKS)
    return [(name, row[place], *row[len(names) + place * width:len(names) + (place + 1) * width])
            for place, name in enumerate(names)]
