"""The canary of the guards: the small invented system on a second night that is too strange to be believed.

It has lost most of its accounts since the night before, and closes more than the register allows at a stroke. What is kept
must then be unknown and what is broken must stay broken; the same night must be believed once it is confirmed.
"""

from datetime import date, timedelta

from pipelines import warehouse
from pipelines.models import engine, tables
from pipelines.register.exceptions import Confirmation, Exceptions
from pipelines.register.guards import FEWER_ROWS, MORE_CLOSINGS
from pipelines.register.tables import write_exceptions
from pipelines.verify.canaries import BROKEN, Canaries
from pipelines.verify.verification import Result

DATASET, PROMISE = "accounts", "retention.deleted-accounts"
CONCERNS = {FEWER_ROWS: DATASET, MORE_CLOSINGS: PROMISE}
NOTHING = Exceptions({}, {}, "")
HELD = "INSERT INTO previous.obligation.guard (guard, concerns, state, accepted) VALUES (?, ?, 'quiet', ?)"
STATES = "SELECT guard, concerns, state FROM obligation.guard ORDER BY ALL"
BROKEN_NOW = f"""SELECT subject, state FROM obligation.current
    WHERE promise = '{PROMISE}' AND state IN ({', '.join(f"'{state}'" for state in BROKEN)}) ORDER BY ALL"""
DOUBTED = f"SELECT count(*) FROM obligation.current WHERE promise = '{PROMISE}' AND closed_by = 'guarded'"


def judge(canaries: Canaries, contracts, policy) -> list[Result]:
    """Four results: each guard doubts what is strange and nothing else, no breach is withheld, a confirmation is heard."""
    strange, doubted, broken = _night(canaries, contracts, policy, NOTHING)
    heard, still_doubted, believed = _night(canaries, contracts, policy, _confirmed(canaries.as_of))
    closings = policy.guards[MORE_CLOSINGS].at_least
    tripped = {key for key, state in strange.items() if state == "tripped"}
    return [
        *(_result(guard, "doubted", int({key for key in tripped if key[0] == guard} != {(guard, name)}))
          for guard, name in CONCERNS.items()),
        _result("guards", "never_withhold", int(broken != believed or not broken) + int(doubted < closings)),
        _result("guards", "confirmed",
                int(still_doubted > 0) + sum(heard.get(key) != "confirmed" for key in CONCERNS.items())),
    ]


def _night(canaries: Canaries, contracts, policy, set_apart: Exceptions) -> tuple[dict, int, list]:
    """The strange night: the state of each guard, how many obligations of the promise it doubts, and which are broken."""
    connection = warehouse.scratch(contracts)
    accounts = [*canaries.tables[DATASET], *_closed(canaries.as_of, policy.guards[MORE_CLOSINGS].at_least)]
    tables.fill(connection, contracts, canaries.tables | {DATASET: accounts})
    _before(connection, policy, canaries.as_of, 100 + policy.guards[FEWER_ROWS].at_least)
    write_exceptions(connection, set_apart)
    engine.judge(connection, policy, contracts, canaries.as_of)
    states = {(guard, concerns): state for guard, concerns, state in connection.execute(STATES).fetchall()}
    doubted = connection.execute(DOUBTED).fetchone()[0]
    broken = connection.execute(BROKEN_NOW).fetchall()
    connection.close()
    return states, doubted, broken


def _closed(as_of: date, count: int) -> list[dict[str, str | None]]:
    return [{"account_id": f"mass {number}", "created_at": "2018-01-08 10:00", "state": "deleted",
             "deleted_at": f"{as_of - timedelta(days=300)} 12:00", "erased_at": f"{as_of} 02:00"} for number in range(count)]


def _before(connection: warehouse.Connection, policy, as_of: date, factor: int) -> None:
    """What the night before left: the same rows, of the accounts `factor` times as many, and every promise judged."""
    connection.execute("INSERT INTO previous.source.collection FROM source.collection")
    connection.execute(f"UPDATE previous.source.collection SET rows_kept = rows_kept * {factor} WHERE dataset = '{DATASET}'")
    yesterday = as_of - timedelta(days=1)
    for promise, rule in policy.rules.items():
        connection.execute("INSERT INTO previous.verdict.current (promise, reason) VALUES (?, 'none')", [promise])
        connection.execute("INSERT INTO previous.verdict.history (as_of, promise) VALUES (?, ?)", [yesterday, promise])
        if rule.kind == "obligation":
            connection.execute(HELD, [MORE_CLOSINGS, promise, 0 if promise == PROMISE else 1_000_000])


def _confirmed(night: date) -> Exceptions:
    told = {guard: Confirmation(guard, guard, concerns, night, "a canary", "canary", night, "")
            for guard, concerns in CONCERNS.items()}
    return Exceptions({}, told, "")


def _result(subject: str, name: str, wrong: int) -> Result:
    return Result(suite="canary", subject=subject, check_name=name, rows=1, breaches=wrong, nulls=0, raised=False,
                  success=wrong == 0, detail="")
