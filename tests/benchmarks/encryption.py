"""What it costs that the warehouse is encrypted: to open, to scan and to write the same rows, plain and encrypted.

`python -m tests.benchmarks.encryption WHAT FILE` does one of it in a process of its own, with the key of the environment or
none, and prints its seconds; `measure` does all, in turns, and returns the quickest of each.
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines import warehouse
from pipelines.keyring import WAREHOUSE, variable_of
from tests.benchmarks import build, machine

WORKS = ("open", "scan", "write")
KINDS = PLAIN, ENCRYPTED = ("plain", "encrypted")


def measure(folder: Path, rows: int, times: int) -> tuple[dict[tuple[str, str], dict], dict[str, int]]:
    """((work, kind) -> seconds by clock and of CPU; kind -> bytes of its file)."""
    key = secrets.token_hex(32)
    files = {kind: folder / f"{kind}.duckdb" for kind in KINDS}
    for kind, file in files.items():
        with _environment(key if kind == ENCRYPTED else None):
            build.build(file, rows)
    assert [warehouse.is_encrypted(files[kind]) for kind in KINDS] == [False, True]
    told: dict[tuple[str, str], dict] = {}
    for _ in range(times):
        for work in WORKS:
            for kind, file in files.items():
                with _environment(key if kind == ENCRYPTED else None):
                    one = machine.cost("tests.benchmarks.encryption", work, f"{file}").told
                told[work, kind] = min(told.get((work, kind), one), one, key=lambda each: each["cpu"])
    assert told["scan", PLAIN]["answer"] == told["scan", ENCRYPTED]["answer"]
    return told, {kind: file.stat().st_size for kind, file in files.items()}


@contextmanager
def _environment(key: str | None) -> Iterator[None]:
    name = variable_of(WAREHOUSE)
    before = os.environ.pop(name, None)
    os.environ.update({name: key} if key else {})
    try:
        yield
    finally:
        os.environ.pop(name, None)
        os.environ.update({name: before} if before else {})


def work(what: str, file: Path) -> dict:
    """Do it once; the seconds, and of a scan a digest of all that was read."""
    answer, clock, cpu = None, time.perf_counter(), time.process_time()
    if what == "write":
        _copy(file)
    else:
        connection = warehouse.read(file)
        if what == "scan":  # opening it is told by itself
            clock, cpu = time.perf_counter(), time.process_time()
            answer = [f"{connection.execute(f'SELECT bit_xor(hash(t)) FROM {table} AS t').fetchone()[0]}"
                      for table in build.SELECTS]
        connection.close()
    return {"wall": time.perf_counter() - clock, "cpu": time.process_time() - cpu, "answer": answer}


def _copy(file: Path) -> None:
    """The same tables into a new file, as a night writes them, closed and safe on the disk."""
    written = file.with_name(f"written-{file.name}")
    connection = warehouse.connect(written)
    warehouse.attach(connection, file, "held")
    for table in build.SELECTS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.split('.')[0]}")
        connection.execute(f"CREATE TABLE {table} AS FROM held.{table}")
    warehouse.finish(connection)
    written.unlink()


def table(told: dict[tuple[str, str], dict], sizes: dict[str, int]) -> str:
    """As a Markdown table, plain and encrypted side by side."""
    lines = ["| | plain: wall | encrypted: wall | plain: CPU | encrypted: CPU | CPU, encrypted ÷ plain |", "|---" * 6 + "|"]
    for what in WORKS:
        plain, encrypted = (told[what, kind] for kind in KINDS)
        lines.append(f"| {what} | {plain['wall']:.2f} s | {encrypted['wall']:.2f} s | {plain['cpu']:.2f} s "
                     f"| {encrypted['cpu']:.2f} s | {encrypted['cpu'] / plain['cpu']:.2f} |")
    plain, encrypted = (sizes[kind] / 2**20 for kind in KINDS)
    return "\n".join([*lines, f"\nThe file is of {plain:,.1f} MiB plain, {encrypted:,.1f} MiB encrypted."])


if __name__ == "__main__":
    print(json.dumps(work(sys.argv[1], Path(sys.argv[2]))))
