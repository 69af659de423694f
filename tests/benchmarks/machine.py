"""What a piece of work costs, measured in a process of its own, and on which machine."""

import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and CPU (user and system, all threads) in seconds, the peak of memory in bytes, and what the process told."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    told: dict


def cost(module: str, *arguments: str) -> Cost:
    """Run `python -m module arguments…`, whose last line of output is a JSON object; RuntimeError where it fails."""
    command = [sys.executable, "-m", module, *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with status {process.returncode}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, json.loads(output.splitlines()[-1]))


def best(module: str, *arguments: str, times: int) -> Cost:
    """The cheapest of several runs: what the machine was doing besides is not what is measured."""
    return min((cost(module, *arguments) for _ in range(times)), key=lambda one: one.wall_seconds)


def table(rows: list[tuple[str, Cost]], timed: dict[str, str], floor: str) -> str:
    """A Markdown table: whole process, parts by what it told, and ratios to the row called `floor`."""
    least = dict(rows)[floor]
    columns = ("", "wall", "CPU", "peak memory", *timed.values(), "wall ÷ floor", "CPU ÷ floor", "work ÷ floor")
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for name, one in rows:
        parts = [f"{one.told[key]:.2f} s" if key in one.told else "–" for key in timed]
        lines.append(
            f"| {name} | {one.wall_seconds:.2f} s | {one.cpu_seconds:.2f} s | {one.peak_bytes / 2**20:.0f} MiB | "
            + " | ".join(parts)
            + f" | {one.wall_seconds / least.wall_seconds:.2f} | {one.cpu_seconds / least.cpu_seconds:.2f}"
            + f" | {one.told['work'] / least.told['work']:.2f} |")
    return "\n".join(lines)


def description() -> str:
    """The machine and the versions that decide, without its name or any path."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "great-expectations", "sqlalchemy"))
    return (f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, {platform.system()} on {platform.machine()}; "
            f"Python {platform.python_version()}, {versions}")
