"""The next night of a home whose logs grow by one file a night: collected in a process of its own.

`python -m tests.benchmarks.nights HOME DAY` collects what HOME holds in the night after DAY, and prints what the table then
stands for and the seconds of work. All files stay in the folder, as long as logrotate keeps them: what a night costs must
depend on what is new, not on what is there.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from pipelines.home import Home
from tests.benchmarks import access_log, machine, traffic

LAST_DAY = date(2026, 9, 30)
LINES = 10_000
HISTORIES, LONG_HISTORIES = (10, 100), (10, 100, 1000)


def measure(history: int, lines: int, times: int) -> machine.Cost:
    """The cheapest of `times` nights, one after the other, in a home that holds `history` days of `lines` lines.

    It also tells the seconds of `history`, the first collection. AssertionError where a night counts other than was written.
    """
    first_on = LAST_DAY - timedelta(days=history + times - 1)
    with tempfile.TemporaryDirectory() as folder:
        truth = machine.cost("tests.benchmarks.access_log", folder, f"{first_on}", f"{history + times}", f"{lines}").told
        nights = list(_nights(Path(folder), truth, history))
    best = min(nights[1:], key=lambda one: one.wall_seconds)
    return replace(best, told=best.told | {"history": nights[0].told["work"]})


def _nights(folder: Path, truth: dict, history: int) -> Iterator[machine.Cost]:
    """The first collection of the whole history, then a night for each day that is left."""
    home = traffic.new_home(folder / "home")
    days = [date.fromisoformat(day) for day in truth]
    for day in days:
        _rotate(folder, home, day)
        if day < days[history - 1]:
            continue
        night = machine.cost("tests.benchmarks.nights", f"{home.path}", f"{day}")
        written = access_log.total({known: truth[known] for known in truth if known <= f"{day}"})
        assert night.told["hits"] == written["hits"], f"of {written['hits']} hits until {day} it holds {night.told['hits']}"
        yield night


def _rotate(folder: Path, home: Home, day: date) -> None:
    new = traffic.gzip_of(folder / access_log.GZIPPED, day)
    os.link(new, home.path / "logs" / new.name)


def main(home: str, day: str) -> None:
    started = time.perf_counter()
    counted = traffic.collect(Home.locate(home), date.fromisoformat(day))
    print(json.dumps(counted | {"work": time.perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
