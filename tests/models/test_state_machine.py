"""The state machine against a second opinion: the nine states told in plain Python, on random dates that often coincide."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import warehouse
from pipelines.models import engine, tables
from pipelines.register import contracts as contracts_register
from pipelines.register import periods, suites
from pipelines.register import policy as policy_register
from pipelines.register import tables as register_tables

CONTRACTS = contracts_register.load()
POLICY = policy_register.load(contracts=CONTRACTS)
AS_OF = date(2024, 3, 1)
END = tables.moment("2024-03-02 00:00")
TICK = timedelta(microseconds=1)
RULES = ("retention.deleted-accounts", "retention.invoices", "cancellation.done", "trash.purged")
INSERT_DUTY = """INSERT INTO obligation.duty (promise, subject, opened_at, earliest_at, due_at, closed_at, closed_by)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
INSERT_HOLD = """INSERT INTO source.legal_holds (hold_id, promise, account_id, has_reason, has_approver, from_at, until_at)
    VALUES (?, ?, ?, true, true, ?, ?)"""
CLOSES, VOIDS, UNKNOWN = ([w.word for w in POLICY.closings.values() if w.outcome == outcome]
                          for outcome in ("closes", "voids", "unknown"))


@dataclass(frozen=True)
class Hold:
    from_at: datetime
    until_at: datetime
    is_general: bool


@dataclass(frozen=True)
class Duty:
    promise: str
    earliest_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    holds: tuple[Hold, ...]


# --- the second opinion -------------------------------------------------------------------------------------------


def suspended_until(duty: Duty) -> datetime | None:
    """The end of the suspension: holds that began while the date was still to come, or while another suspended it."""
    if POLICY.rules[duty.promise].clock != "delete_by" or duty.due_at is None:
        return None
    until = None
    for hold in sorted(duty.holds, key=lambda h: h.from_at):
        begun = hold.from_at < END
        if begun and (hold.from_at < duty.due_at or (until is not None and hold.from_at <= until)):
            until = max(until or hold.until_at, hold.until_at)
    return until


def state_of(duty: Duty) -> str:
    """The first of the nine that fits."""
    rule = POLICY.rules[duty.promise]
    outcome = POLICY.closings[duty.closed_by].outcome if duty.closed_by else None
    closed_at = duty.closed_at if duty.closed_at is not None and duty.closed_at < END else None
    until = suspended_until(duty)
    limit = duty.due_at if until is None or duty.due_at is None else max(duty.due_at, until)
    if outcome == "voids" and closed_at is not None and (limit is None or closed_at < limit):
        return "void"
    if outcome == "unknown" or (outcome and duty.closed_at is None) or (duty.earliest_at is None and duty.due_at is None):
        return "unknown"
    if outcome == "closes" and closed_at is not None and duty.earliest_at is not None and closed_at < duty.earliest_at:
        return "premature"
    if closed_at is not None:
        return "late" if limit is not None and closed_at >= limit else "met"
    if duty.due_at is None:
        return "met" if duty.earliest_at <= END else "open"
    if until is not None and until >= END:
        return "held"
    if limit <= END:
        return "overdue"
    if rule.horizon_days is not None and limit <= END + timedelta(days=rule.horizon_days):
        return "due_soon"
    return "open"


# --- random duties ------------------------------------------------------------------------------------------------

# A few days around as_of, each with the instants on either side, so that dates meet and edges are hit.
moments = st.builds(lambda days, ticks: END + timedelta(days=days) + ticks * TICK,
                    st.sampled_from([-400, -10, -3, -2, -1, 0, 1, 2, 7, 8, 29, 30]), st.sampled_from([-1, 0, 0, 1]))
maybe = st.one_of(st.none(), moments)
holds = st.builds(lambda a, b, general: Hold(min(a, b), max(a, b) + TICK, general), moments, moments, st.booleans())
closings = st.one_of(
    st.just((None, None)),
    st.tuples(maybe, st.sampled_from(CLOSES)), st.tuples(maybe, st.sampled_from(VOIDS)),
    st.tuples(maybe, st.sampled_from(UNKNOWN)))
duties = st.builds(lambda promise, earliest, due, closing, on: Duty(promise, earliest, due, *closing, tuple(on)),
                   st.sampled_from(RULES), maybe, maybe, closings, st.lists(holds, max_size=3))


@pytest.fixture(scope="module")
def database():
    connection = warehouse.scratch(CONTRACTS)
    register_tables.write(connection, POLICY, CONTRACTS)
    periods.install(connection)
    suites.install(connection)
    tables.fill(connection, CONTRACTS, {})
    return connection


def judged(connection, given_duties: list[Duty]) -> dict[str, str]:
    """The states as the SQL tells them, by the place in the list."""
    connection.execute(engine.DUTY)
    connection.execute(engine.OBSERVED)
    connection.execute("DELETE FROM source.legal_holds")
    rows = [(d.promise, f"s{n}", END - timedelta(days=900), d.earliest_at, d.due_at, d.closed_at, d.closed_by)
            for n, d in enumerate(given_duties)]
    connection.executemany(INSERT_DUTY, rows)
    for n, duty in enumerate(given_duties):
        for hold in duty.holds:
            promise = None if hold.is_general else duty.promise
            connection.execute(INSERT_HOLD, (f"h{n}", promise, f"s{n}", hold.from_at, hold.until_at))
    engine.build(connection, "fact", engine.clock(connection, AS_OF))
    engine.build(connection, "obligation", engine.clock(connection, AS_OF))
    return dict(connection.execute("SELECT subject, state FROM obligation.current").fetchall())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(given_duties=st.lists(duties, min_size=20, max_size=60))
def test_every_duty_is_in_the_state_that_plain_python_tells(database, given_duties):
    told = judged(database, given_duties)
    wrong = [(duty, told[f"s{n}"], state_of(duty)) for n, duty in enumerate(given_duties) if told[f"s{n}"] != state_of(duty)]
    assert wrong[:1] == []


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(given_duties=st.lists(duties, min_size=20, max_size=60))
def test_a_failure_is_dated_and_in_review_for_twelve_months(database, given_duties):
    """failed_at is there where something failed, and nowhere else; what failed long ago is history."""
    judged(database, given_duties)
    rows = database.execute("SELECT state, failed_at, closed_at, in_review FROM obligation.current").fetchall()
    review = tables.moment("2023-03-02 00:00")
    for state, failed_at, closed_at, in_review in rows:
        assert (failed_at is not None) == (state in ("late", "overdue", "premature"))
        if state in ("late", "premature"):
            assert in_review == (closed_at >= review)
        elif state != "unknown":
            assert in_review == (state == "overdue")
