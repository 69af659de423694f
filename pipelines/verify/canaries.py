"""The checks are checked: a small invented system, broken once and kept once by every rule, judged by the same code.

It lies in expectations/canaries.toml as tables that a reader can follow, and is judged in a file of its own, by the
process that verifies or a copy of it, with the register's own parameters.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import REPOSITORY
from pipelines.models import engine, tables
from pipelines.register import tables as register_tables
from pipelines.verify import kept, trust
from pipelines.verify.verification import Result, run, verify

FILE = REPOSITORY / "expectations" / "canaries.toml"
KEPT = "kept"
# The states that are failures, and the check of suite `kept` that counts each of them.
BROKEN = {"overdue": "no_overdue", "late": "no_late", "premature": "no_premature"}
STATES = {
    "obligation": "SELECT promise, subject, state FROM obligation.current",
    "condition": "SELECT promise, subject, coalesce(reason, state) FROM obligation.condition",
    "statement": "SELECT promise, attestation_id, state FROM obligation.statement WHERE kind = 'statement'",
}


@dataclass(frozen=True, slots=True)
class Canaries:
    """The tables of facts, and for each promise the states (subject, state) that they must give.

    The state of an obligation; of a condition `kept`, or the reason why it is not; of a statement whether it counts.
    `history_from`: per dataset, the day from which its table is taken to hold everything.
    """

    as_of: date
    history_from: dict[str, date]
    tables: dict[str, list[dict[str, str | None]]]
    expected: dict[str, Counter]

    def check_against(self, policy, contracts) -> None:
        """Refuse a rule without a canary that breaks it and one that keeps it, and a dataset without any row."""
        empty = sorted(name for name in contracts if not self.tables.get(name))
        if empty:
            raise AlpiaError(f"{FILE.name} has no canary in {', '.join(empty)}: add a row to each.")
        strange = sorted(set(self.expected) - set(policy.rules))
        if strange:
            raise AlpiaError(f"{FILE.name} has canaries for {', '.join(strange)}, which no rule judges: take them out.")
        for promise, rule in policy.rules.items():
            states = {state for _, state in self.expected.get(promise, ())}
            for no, yes in _opposites(rule, policy):
                if not states & no or not states & yes:
                    raise AlpiaError(f"{FILE.name} has no broken, or no kept, canary for {promise}: add one to its tables.")


def _opposites(rule, policy) -> Iterator[tuple[set[str], set[str]]]:
    """Of each way in which a rule can say no: the states that do, and those that say yes."""
    if rule.kind == "obligation":
        yield set(BROKEN), set(kept.STATES) - set(BROKEN)
    if rule.has_conditions:
        yield {word for word, reason in policy.reasons.items() if reason.outcome == "broken"}, {KEPT}
    if rule.kind == "attestation":
        yield {"expired"}, {"valid", "expiring"}


def load(path: Path = FILE) -> Canaries:
    """The canaries of the file."""
    with path.open("rb") as stream:
        document = tomllib.load(stream)
    return Canaries(
        as_of=document["as_of"],
        history_from=document["history_from"],
        tables={name: tables.parse(text) for name, text in document["tables"].items()},
        expected={promise: Counter((row["subject"], row["state"]) for row in tables.parse(text))
                  for promise, text in document["expected"].items()},
    )


def judge(path: Path, canaries: Canaries, contracts, policy) -> list[Result]:
    """Judge the canaries in a new file at `path`.

    Two results a promise: `states`, as the engine says, and `counted`, as the suite `kept` counts; and `unstated` where a
    statement is needed. One a dataset: `doubled`.
    """
    results = states(path, canaries, contracts, policy)
    checks = verify(path, contracts, policy, canaries.as_of)
    results += [_counted(promise, _failing(canaries.expected[promise], policy), checks)
                for promise, rule in policy.rules.items() if rule.kind == "obligation" or rule.has_conditions]
    return results + _unstated(path, canaries, contracts, policy, checks) + _doubled(path, canaries, contracts, checks)


def states(path: Path, canaries: Canaries, contracts, policy) -> list[Result]:
    """Of each promise, whether the engine gives its canaries the states that they must have; in a new file at `path`."""
    canaries.check_against(policy, contracts)
    connection = warehouse.create(path, None, contracts)
    tables.fill(connection, contracts, canaries.tables)
    register_tables.write_history(connection, canaries.history_from)
    engine.judge(connection, policy, contracts, canaries.as_of)
    found = _states(connection)
    warehouse.finish(connection)
    return [_compared(promise, canaries.expected[promise], found.get(promise, Counter())) for promise in policy.rules]


def _unstated(path: Path, canaries: Canaries, contracts, policy, clean: list[Result]) -> list[Result]:
    """Every statement once as it is and once taken away: what it says must be told stated, then not."""
    connection = warehouse.connect(path)
    connection.execute(f"DELETE FROM {kept.STATED}")
    warehouse.finish(connection)
    scans = [scan for scan in kept.scans(policy, contracts, canaries.as_of) if scan.name == kept.STATED]
    without = {(r.subject, r.check_name): r for r in run(path, scans)}
    before = {(r.subject, r.check_name): r for r in clean if (r.subject, r.check_name) in without}
    return [_result(promise, f"unstated_{name}", 1,
                    int(not before[promise, name].success or after.raised or after.success), "")
            for (promise, name), after in without.items()]


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
    for promise, subject, state in connection.execute(" UNION ALL ".join(STATES.values())).fetchall():
        found.setdefault(promise, Counter())[subject, state] += 1
    return found


def _compared(promise: str, expected: Counter, found: Counter) -> Result:
    wrong = (expected - found) + (found - expected)
    detail = "; ".join(f"{subject}: {state}" for subject, state in sorted(wrong))
    return _result(promise, "states", expected.total(), wrong.total(), detail)


def _failing(expected: Counter, policy) -> Counter:
    """How many breaches each check of suite `kept` must count, by its name."""
    by_reason = {word: f"no_{reason.outcome}" for word, reason in policy.reasons.items()}
    counted_by = BROKEN | {"unknown": "no_unknown"} | by_reason
    return Counter(counted_by[state] for (_, state), n in expected.items() for _ in range(n) if state in counted_by)


def _counted(promise: str, owed: Counter, checks: list[Result]) -> Result:
    counted = Counter({c.check_name: c.breaches for c in checks if c.suite == "kept" and c.subject == promise
                       and c.check_name in (*BROKEN.values(), "no_broken", "no_unknown")})
    wrong = (owed - counted) + (counted - owed)
    raised = [c.check_name for c in checks if c.suite == "kept" and c.subject == promise and c.raised]
    return _result(promise, "counted", owed.total(), wrong.total() + len(raised), ", ".join([*wrong, *raised]))


def _result(promise: str, name: str, rows: int, wrong: int, detail: str) -> Result:
    return Result(suite="canary", subject=promise, check_name=name, rows=rows, breaches=wrong, nulls=0, raised=False,
                  success=rows > 0 and wrong == 0, detail=detail)
