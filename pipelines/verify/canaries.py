"""The checks are checked: a small invented system, broken once and kept once by every rule, judged by the same code.

It lies in expectations/canaries.toml as tables that a reader can follow, and is judged in a file of its own, in the same
process as the run, with the register's own parameters.
"""

import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import REPOSITORY
from pipelines.models import engine, tables
from pipelines.verify import trust
from pipelines.verify.verification import Result, run, verify

FILE = REPOSITORY / "expectations" / "canaries.toml"
BROKEN = {"overdue": "no_overdue", "late": "no_late", "premature": "no_premature"}


@dataclass(frozen=True, slots=True)
class Canaries:
    """The tables of facts, and for each promise the states (subject, state) that they must give."""

    as_of: date
    tables: dict[str, list[dict[str, str | None]]]
    expected: dict[str, Counter]

    def check_against(self, policy, contracts) -> None:
        """Refuse a rule without a canary that breaks it and one that keeps it, and a dataset without any row."""
        empty = sorted(name for name in contracts if not self.tables.get(name))
        if empty:
            raise AlpiaError(f"{FILE.name} has no canary in {', '.join(empty)}: add a row to each.")
        for promise, rule in policy.rules.items():
            if rule.kind != "obligation":
                continue
            states = {state for _, state in self.expected.get(promise, ())}
            if not states & set(BROKEN) or not states - set(BROKEN):
                raise AlpiaError(f"{FILE.name} has no broken, or no kept, canary for {promise}: add one to its tables.")


def load(path: Path = FILE) -> Canaries:
    """The canaries of the file."""
    with path.open("rb") as stream:
        document = tomllib.load(stream)
    return Canaries(
        as_of=document["as_of"],
        tables={name: tables.parse(text) for name, text in document["tables"].items()},
        expected={promise: Counter((row["subject"], row["state"]) for row in tables.parse(text))
                  for promise, text in document["expected"].items()},
    )


def judge(path: Path, canaries: Canaries, contracts, policy) -> list[Result]:
    """Judge the canaries in a new file at `path`.

    Two results a promise: `states`, as the engine says, and `counted`, as the suite `kept` counts. One a dataset: `doubled`.
    """
    canaries.check_against(policy, contracts)
    connection = warehouse.create(path, None, contracts)
    tables.fill(connection, contracts, canaries.tables)
    engine.judge(connection, policy, contracts, canaries.as_of)
    found = _states(connection)
    warehouse.finish(connection)
    checks = verify(path, contracts, policy, canaries.as_of)
    results = [result for promise, expected in canaries.expected.items()
               for result in (_compared(promise, expected, found.get(promise, Counter())),
                              _counted(promise, expected, checks))]
    return results + _doubled(path, canaries, contracts, checks)


def _doubled(path: Path, canaries: Canaries, contracts, clean: list[Result]) -> list[Result]:
    """Every dataset once as it is and once with each row twice: the key must be told unique, then not."""
    connection = warehouse.connect(path)
    for name in contracts:
        table = f"source.{warehouse.identifier(name)}"
        connection.execute(f"INSERT INTO {table} FROM {table}")
    scans = trust.scans(connection, contracts, canaries.as_of)
    warehouse.finish(connection)
    keys = [replace(scan, checks=tuple(c for c in scan.checks if c.name == "key_is_unique")) for scan in scans]
    doubled = {r.subject: r for r in run(path, [scan for scan in keys if scan.checks])}
    before = {r.subject: r for r in clean if r.check_name == "key_is_unique"}
    return [_result(name, "doubled", 1, int(not before[name].success or doubled[name].raised or doubled[name].success), "")
            for name in contracts]


def _states(connection: warehouse.Connection) -> dict[str, Counter]:
    found: dict[str, Counter] = {}
    for promise, subject, state in connection.execute("SELECT promise, subject, state FROM obligation.current").fetchall():
        found.setdefault(promise, Counter())[subject, state] += 1
    return found


def _compared(promise: str, expected: Counter, found: Counter) -> Result:
    wrong = (expected - found) + (found - expected)
    detail = "; ".join(f"{subject}: {state}" for subject, state in sorted(wrong))
    return _result(promise, "states", expected.total(), wrong.total(), detail)


def _counted(promise: str, expected: Counter, checks: list[Result]) -> Result:
    owed = Counter(BROKEN[state] for (_, state), n in expected.items() for _ in range(n) if state in BROKEN)
    counted = Counter({c.check_name: c.breaches for c in checks
                       if c.suite == "kept" and c.subject == promise and c.check_name in BROKEN.values()})
    wrong = (owed - counted) + (counted - owed)
    raised = [c.check_name for c in checks if c.suite == "kept" and c.subject == promise and c.raised]
    return _result(promise, "counted", owed.total(), wrong.total() + len(raised), ", ".join([*wrong, *raised]))


def _result(promise: str, name: str, rows: int, wrong: int, detail: str) -> Result:
    return Result(suite="canary", subject=promise, check_name=name, rows=rows, breaches=wrong, nulls=0, raised=False,
                  success=rows > 0 and wrong == 0, detail=detail)
