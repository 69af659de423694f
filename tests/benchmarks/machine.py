"""What a piece of work costs, measured in a process of its own, and on which machine."""

import contextlib
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
# The peers of the traffic benchmark have an environment of their own: neither the night nor the tests may lean on them.
PEERS = REPOSITORY / ".venv-bench" / "bin" / "python"
SAMPLED_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and CPU (user and system, all threads) in seconds, the peak of memory in bytes, and what the process told.

    All with the processes that it started and waited for. The peak is the kernel's for one process, and where several
    live at a time, their sum as seen five times a second.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    told: dict


def cost(module: str, *arguments: str, python: Path | str = sys.executable) -> Cost:
    """Run `python -m module arguments…`, whose last line of output is a JSON object; RuntimeError where it fails."""
    command = [python, "-m", module, *arguments]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, start_new_session=True)
    with _stopped(process), _sampled(process.pid) as sums:
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with status {process.returncode}")
    peak = max(used.ru_maxrss * 1024, *sums)
    return Cost(wall, used.ru_utime + used.ru_stime, peak, json.loads(output.splitlines()[-1]))


def best(module: str, *arguments: str, times: int, python: Path | str = sys.executable) -> Cost:
    """The cheapest of several runs: what the machine was doing besides is not what is measured."""
    return min((cost(module, *arguments, python=python) for _ in range(times)), key=lambda one: one.wall_seconds)


@contextlib.contextmanager
def two_cores() -> Iterator[None]:
    """What is started meanwhile has two cores, whatever the machine has."""
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:2])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


@contextlib.contextmanager
def _stopped(process: subprocess.Popen) -> Iterator[None]:
    """A benchmark that is interrupted leaves nothing running: in a session of its own it does not hear of it."""
    try:
        yield
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)


@contextlib.contextmanager
def _sampled(session: int) -> Iterator[list[int]]:
    """The bytes that all processes of a session hold together, again and again, in a list that grows meanwhile."""
    sums, ended = [0], threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLED_SECONDS):
            sums.append(_resident(session))

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield sums
    finally:
        ended.set()
        sampler.join()


def _resident(session: int) -> int:
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if os.getsid(int(folder.name)) == session:
                pages += int((folder / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


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
