"""The product under its own policy: what a home stores, since when and until when, and how it goes.

How long each kind is kept says the register (`[forgetting]`), and of a report's pages the schedule, where an entry asks for
them. Days of data (the warehouse's files, reports) are counted back from the newest published day; what has a time of its
own (records of runs, lists with the sources' ids, records of probes) from the day of the run. Files are unlinked. What is
known of subjects inside the warehouse expires while a new file is built (collect/expiry.py). The ledger, the evidence and
the keys hold no subject and stay; replaced keys go with what they open.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from pipelines import disk, warehouse
from pipelines.home import Home
from pipelines.operate import keys, schedule
from pipelines.operate.annex import REVEALED
from pipelines.register import policy as policy_register
from pipelines.register import schedule as schedule_register
from pipelines.register.periods import months_earlier
from pipelines.register.schedule import Schedule

DAY = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?=T|_|$|\.|/)")
RESTRICTED = "restricted"  # of a day's reports, what lists subjects (report/workbooks.py)
RUN = "[0-9]" * 8 + "T*"
REPORTS = "reports"
WAREHOUSE, BUILDING = "warehouse", "building"  # what is built goes with the next run that finds it (recovery.py)

NAMING = (BUILDING, "revealed", RESTRICTED)  # kinds that name subjects; executed notebooks and reports hold none (a test)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is stored: under which parameter of the register it is kept, and where it lies.

    `parameter` None: it stays. `by_data`: its age is counted from the newest published day, not from today.
    """

    name: str
    parameter: str | None
    by_data: bool
    find: Callable[[Home], Iterable[Path]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What a home stores of one kind. `since_on`: the oldest; `until_on`: when the oldest goes, None where it stays or
    nothing is there. `kept`, `unit`: for how long."""

    kind: str
    files: int
    bytes: int
    since_on: date | None
    until_on: date | None
    kept: int | None
    unit: str | None


KINDS = (
    Kind(WAREHOUSE, "warehouse_days", True, lambda home: [path for _, path in warehouse.published(home)]),
    Kind("rebuilt", "rebuilt_days", True, lambda home: (home.warehouse / warehouse.PAST).glob(f"*{warehouse.SUFFIX}")),
    Kind(BUILDING, "by_hand_days", False, lambda home: (home.warehouse / BUILDING).glob("*")),
    Kind("records", "records_days", False, lambda home: home.runs.glob(RUN)),
    Kind("revealed", "revealed_days", False, lambda home: (home.runs / REVEALED).glob("*.csv")),
    Kind("restricted", "restricted_days", True, lambda home: home.reports.glob(f"????-??-??/{RESTRICTED}")),
    Kind(REPORTS, "reports_months", True, lambda home: filter(Path.is_file, home.reports.glob("????-??-??/*"))),
    Kind("probes", "probes_months", False, lambda home: (home.path / "probes").glob("*/*.jsonl")),
    Kind("ledger", None, False, lambda home: home.runs.glob("ledger.sqlite")),
    Kind("evidence", None, False, lambda home: home.evidence.glob("*")),
    Kind("keys", None, False, lambda home: home.keys.glob("*")),
)


def inventory(home: Home, today: date) -> list[Stored]:
    """What is stored in the home, a row a kind, in the order of KINDS. Reads names and sizes alone.

    `since_on` of a file whose name tells no day is the day of its last change, in the machine's zone.
    """
    kept, plan = policy_register.load().forgetting, schedule_register.load(home.path)
    return [_stored(home, kind, kept, plan) for kind in KINDS]


def _stored(home: Home, kind: Kind, kept: Mapping, plan: Schedule) -> Stored:
    found = sorted(kind.find(home))
    files = [file for path in found for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    since = min((day_of(kind, path) for path in found), default=None)
    limit = kept[kind.parameter] if kind.parameter else None
    return Stored(kind.name, len(files), sum(file.stat().st_size for file in files), since,
                  _first_goes_on(kind, found, limit, plan) if limit else None,
                  limit.value if limit else None, limit.unit if limit else None)


def _first_goes_on(kind: Kind, found: Iterable[Path], limit, plan: Schedule) -> date | None:
    """When the first of these goes; of those under one limit, that is the oldest."""
    oldest: dict = {}
    for path in found:
        own = _limit_of(kind, path, limit, plan)
        oldest[own.value] = min(oldest.get(own.value, (date.max, own)), (day_of(kind, path), own), key=lambda one: one[0])
    return min((_goes_on(since, own) for since, own in oldest.values()), default=None)


def _limit_of(kind: Kind, path: Path, limit, plan: Schedule):
    """How long it is kept: as the register says, or of a report's page (`compliance.en.pdf`) as the schedule does."""
    if kind.name != REPORTS:
        return limit
    report, *middle = path.name.split(".")[:-1] or [path.name]
    lang = middle[0] if middle and middle[0] in schedule_register.LANGUAGES else schedule_register.LANGUAGES[0]
    months = schedule.kept_months(plan, report, lang, day_of(kind, path))
    return limit if months is None else replace(limit, value=months)


def _goes_on(since: date, limit) -> date:
    """The day of the run that forgets what is of the day `since`."""
    day = since
    while first_kept(day, limit) <= since:
        day += timedelta(days=1)
    return day


def first_kept(today: date, limit) -> date:
    """The first day of which something is still kept, under a parameter in days or months."""
    if limit.unit == "days":
        return today - timedelta(days=limit.value - 1)
    return months_earlier(today, limit.value)


def day_of(kind: Kind, path: Path) -> date:
    """The day that a file or folder is of, as its name tells it (of data: as_of, else: when it was made); without a name
    that tells one, the day of its last change."""
    told = DAY.findall(f"{path.parent.name}/{path.name}")
    if not told:
        return date.fromtimestamp(path.stat().st_mtime)
    return date(*map(int, told[0 if kind.by_data else -1]))


def run(home: Home, published: Path, today: date, still_read: Path | None = None) -> tuple[int, str]:
    """Forget what has expired, for whoever holds the home alone; how much in all, and which kinds in words, without a name.

    Counts the files that went, and what was left behind inside the warehouse while `published` was built. `still_read`: a
    file that readers may be about to open.
    """
    gone, inside = _forget(home, today, still_read), Counter()
    connection = warehouse.read(published, is_brief=True)
    for what, dataset, rows in connection.execute("FROM source.forgotten ORDER BY ALL").fetchall():
        inside[f"{what} of {dataset}"] += rows
    connection.close()
    return (gone + inside).total(), ", ".join(f"{name}: {number}" for name, number in sorted((gone + inside).items()))


def forget_named(home: Home) -> int:
    """Forget what names subjects outside the published nights, for whoever holds the home alone; how many."""
    named = [path for kind in KINDS if kind.name in NAMING for path in sorted(kind.find(home))]
    for path in named:
        disk.remove(path)
    return len(named)


def _forget(home: Home, today: date, still_read: Path | None = None) -> Counter:
    kept, plan, gone = policy_register.load().forgetting, schedule_register.load(home.path), Counter()
    newest = warehouse.published(home)[-1][0]
    for kind in KINDS:
        if kind.parameter and kind.name != BUILDING:
            for path in _expired(home, kind, newest if kind.by_data else today, kept[kind.parameter], plan, still_read):
                disk.remove(path)
                gone[kind.name] += 1
    for folder in home.reports.glob("????-??-??"):
        if not any(folder.iterdir()):
            folder.rmdir()
    gone["keys"] += keys.forget_unneeded(home)
    return gone


def _expired(home: Home, kind: Kind, today: date, limit, plan: Schedule, still_read: Path | None) -> list[Path]:
    """What is older; of the published files also all but the newest run of each day. The file of `current` always stays."""
    found = sorted(kind.find(home))
    if kind.name != WAREHOUSE:
        return [path for path in found if day_of(kind, path) < first_kept(today, _limit_of(kind, path, limit, plan))]
    stay = {path for day, path in dict(warehouse.published(home)).items() if day >= first_kept(today, limit)}
    stay |= {warehouse.current(home), still_read}
    return [path for path in found if path not in stay]
