"""Traffic from access logs beside its floor and GoAccess, each in a process; ClickHouse and polars are in peers.py.

`python -m tests.benchmarks.traffic floor|goaccess|ours FOLDER` reads the plain or gzipped files of a folder that
access_log.py made, and prints what was counted and the seconds of work.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import keys
from pipelines.register import contracts as contracts_register
from tests.benchmarks import machine
from tests.benchmarks.access_log import file_of

FIRST_DAY, DAYS = date(2026, 9, 1), 30
SOURCES = """[system]
name = "Benchmark"
founded_on = 2015-01-01

[web]
kind = "access_log"
files = "logs/access.log*"
format = "combined"
"""
# A visit that crosses midnight is one for us: peers, and the truth, count each day by itself and are not compared in that.
TOTALS = """SELECT coalesce(sum(hits), 0)::BIGINT AS hits, coalesce(sum(bytes), 0)::BIGINT AS bytes,
    coalesce(sum(visits), 0)::BIGINT AS visits_begun, coalesce(sum(visitors), 0)::BIGINT AS visitors
FROM source.access_log WHERE dimension = 'total'"""


def floor(folder: Path) -> dict:
    """Read or decompress everything and count the lines: `cat` or `zcat` into `wc`, two at a time."""
    files = sorted(folder.iterdir())
    tool = _reader(files)

    def count(some: list[Path]) -> int:
        counted = subprocess.run(["sh", "-c", f'{tool} "$@" | wc -l', "sh", *some], stdout=subprocess.PIPE, check=True)
        return int(counted.stdout)

    with ThreadPoolExecutor(2) as pool:
        return {"lines": sum(pool.map(count, (files[::2], files[1::2])))}


def goaccess(folder: Path) -> dict:
    """GoAccess with the settings that it comes with; it takes no gzip, so `zcat` feeds it."""
    files = sorted(folder.iterdir())
    report = folder.parent / "goaccess.json"
    options = ["--log-format=COMBINED", "--no-progress", f"--output={report}"]
    if _reader(files) == "cat":
        subprocess.run(["goaccess", *files, *options], stdin=subprocess.DEVNULL, check=True)
    else:
        with subprocess.Popen(["zcat", *files], stdout=subprocess.PIPE) as feed:
            subprocess.run(["goaccess", "-", *options], stdin=feed.stdout, check=True)
    told = json.loads(report.read_text(encoding="utf-8", errors="replace"))["general"]
    # Its visitors and visits are one figure, and not ours: an address and an agent on a day, errors of the client left out.
    return {"lines": told["total_requests"], "hits": told["valid_requests"], "set_aside": told["failed_requests"],
            "bytes": told["bandwidth"], "version": _goaccess_version()}


def ours(folder: Path) -> dict:
    """A whole collection into a new warehouse file, by everything that the contract of the access log says."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        home = new_home(Path(place))
        for file in folder.iterdir():
            os.link(file, home.path / "logs" / file.name)
        return collect(home, max(day_of(file) for file in folder.iterdir()))


CONTENDERS = {contender.__name__: contender for contender in (floor, goaccess, ours)}


def new_home(path: Path) -> Home:
    """A home whose only source is the access log in its folder `logs`, still without a file."""
    (path / "logs").mkdir(parents=True)
    (path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    home = Home(path)
    home.prepare()
    keys.missing(home)
    return home


def collect(home: Home, day: date) -> dict[str, int]:
    """The night after `day`, at five in the morning: collect what the logs hold, after what the night before has left.

    Returns what was read and what the table now stands for; AlpiaError where the log could not be collected.
    """
    from pipelines.collect import collection, sources

    contracts = contracts_register.load()
    connection = warehouse.create(warehouse.building_path(home, f"{day}"), warehouse.previous_for(home, day), contracts)
    declared = sources.load(home.sources_toml, contracts)
    at = datetime.combine(day + timedelta(days=1), clock(3, 0), UTC)
    collection.collect(connection, home, declared, contracts, bytes(range(32)), at, day)
    status, detail, lines, set_aside = connection.execute(
        "SELECT status, detail, rows_in, rows_set_aside FROM source.collection WHERE dataset = 'access_log'").fetchone()
    if status != collection.COLLECTED:
        raise AlpiaError(f"The access log of the benchmark was not collected: {detail}")
    totals = connection.execute(TOTALS)
    counted = dict(zip([column[0] for column in totals.description], totals.fetchone(), strict=True))
    warehouse.finish(connection)
    warehouse.publish(home, warehouse.building_path(home, f"{day}"), day, "bench")
    return {"lines": lines, "set_aside": set_aside, **counted}


def require_peers() -> None:
    """SystemExit, with the cure, where a contender is not installed: better before the hour of measuring than after."""
    if shutil.which("goaccess") is None:
        raise SystemExit("GoAccess is missing: as root, `tests/system_packages.sh bench` or `apt-get install goaccess`.")
    if not machine.PEERS.exists():
        raise SystemExit("ClickHouse and polars are missing: `make bench` installs them into .venv-bench.")


def gzip_of(folder: Path, day: date) -> Path:
    """Where the compressed lines of a day are."""
    plain = file_of(folder, day)
    return plain.with_name(f"{plain.name}.gz")


def day_of(file: Path) -> date:
    """The day whose lines a file of `access_log` holds."""
    return date.fromisoformat(file.name.removesuffix(".gz")[-len("2026-09-01"):])


def _reader(files: list[Path]) -> str:
    return "zcat" if files[0].suffix == ".gz" else "cat"


def _goaccess_version() -> str:
    told = subprocess.run(["goaccess", "--version"], stdout=subprocess.PIPE, check=True, text=True).stdout
    return told.split()[2].rstrip(".")


def main(name: str, folder: str) -> None:
    started = time.perf_counter()
    counted = CONTENDERS[name](Path(folder))
    print(json.dumps(counted | {"work": time.perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
