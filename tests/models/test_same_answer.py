"""Same inputs, same answer: whatever the order of the rows, the number of threads, or the day on which it is asked again."""

import random
from datetime import date, timedelta

import pytest

from pipelines import warehouse
from pipelines.models import engine, tables
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register
from pipelines.verify import canaries

CONTRACTS = contracts_register.load()
POLICY = policy_register.load(contracts=CONTRACTS)
CANARIES = canaries.load()
FINAL = ("void", "premature", "late")


def judged(as_of: date, rows: dict[str, list], threads: int = 2) -> dict[str, list]:
    """Every fact and obligation of the canaries' small world, as sorted rows."""
    connection = warehouse.scratch(CONTRACTS)
    connection.execute(f"SET threads = {threads}")
    tables.fill(connection, CONTRACTS, rows)
    engine.judge(connection, POLICY, CONTRACTS, as_of)
    names = [f"fact.{table}" for table in engine.in_order("fact")]
    names += ["obligation.current", "obligation.count", "obligation.condition", "obligation.statement"]
    return {name: sorted(connection.execute(f"FROM {name}").fetchall(), key=repr) for name in names}


@pytest.fixture(scope="module")
def plain():
    return judged(CANARIES.as_of, CANARIES.tables)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_rows_decides_nothing(plain, seed):
    shuffler = random.Random(seed)
    shuffled = {name: shuffler.sample(rows, len(rows)) for name, rows in CANARIES.tables.items()}
    assert judged(CANARIES.as_of, shuffled) == plain


def test_the_number_of_threads_decides_nothing(plain):
    assert judged(CANARIES.as_of, CANARIES.tables, threads=1) == plain


def test_asking_again_gives_the_same(plain):
    assert judged(CANARIES.as_of, CANARIES.tables) == plain


def test_an_account_s_obligations_are_its_own(plain):
    """With one account and all that hangs on it left out, every other account is judged as before."""
    accounts = [row["account_id"] for row in CANARIES.tables["accounts"]]
    left_out = accounts[0]
    rows = {name: [row for row in rows if row.get("account_id") != left_out] for name, rows in CANARIES.tables.items()}
    users = {row["user_id"] for row in CANARIES.tables["users"] if row["account_id"] == left_out}
    promise = "retention.deleted-accounts"

    def told(answer):
        return [row for row in answer["obligation.current"]
                if row[0] == promise and row[1] not in users | {left_out}]

    assert told(judged(CANARIES.as_of, rows)) == told(plain)


@pytest.mark.parametrize("days", [1, 30, 200])
def test_what_has_failed_or_is_void_stays_so(plain, days):
    """A day later, a month later: time alone takes no failure back and makes nothing owed again."""
    later = judged(CANARIES.as_of + timedelta(days=days), CANARIES.tables)
    state = {(row[0], row[1], row[2]): row[9] for row in later["obligation.current"]}
    for row in plain["obligation.current"]:
        if row[9] in FINAL:
            assert state[row[0], row[1], row[2]] == row[9], row[:3]
