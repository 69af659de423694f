"""What the reports on usage read: a day, an account and an action, persons and machines apart."""

from datetime import date

from pipelines import warehouse
from pipelines.models import engine, tables
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register

CONTRACTS = contracts_register.load()
POLICY = policy_register.load(contracts=CONTRACTS)
ACTIVITY = """
    account_id | user_id | occurred_at             | actor     | action
    a1         | u1      | 2026-01-30 09:00        | person    | edit
    a1         | u1      | 2026-01-30 10:00        | person    | edit
    a1         | u2      | 2026-01-30 11:00        | person    | edit
    a1         |         | 2026-01-30 12:00        | person    | edit
    a1         | u1      | 2026-01-30 12:00        | api       | edit
    a1         |         | 2026-01-30 12:00        | system    | edit
    a1         |         | 2026-01-30 12:00        | system    | backup
    a1         |         | 2026-01-30 12:00        | mail_open | edit
    a1         |         | 2026-01-30 12:00        | mail_open | open
    a1         | u1      | 2026-01-31 00:00        | person    |
    a2         | u1      | 2026-01-31 23:59:59.999 | person    | edit
    a2         | u1      | 2026-02-01 00:00        | person    | edit
    """


def judged(as_of: date):
    connection = warehouse.scratch(CONTRACTS)
    tables.fill(connection, CONTRACTS, {"accounts": tables.parse("account_id\na1\na2"), "activity": tables.parse(ACTIVITY)})
    engine.judge(connection, POLICY, CONTRACTS, as_of)
    return connection


def test_usage_of_a_day_by_persons_and_by_machines():
    """An opened e-mail is neither; a person without a name acts, but is no user; the day after as_of has not come."""
    assert judged(date(2026, 1, 31)).execute("FROM fact.usage_day ORDER BY ALL").fetchall() == [
        ("a1", date(2026, 1, 30), "backup", 0, 1, 0),
        ("a1", date(2026, 1, 30), "edit", 4, 2, 2),
        ("a1", date(2026, 1, 31), None, 1, 0, 1),
        ("a2", date(2026, 1, 31), "edit", 1, 0, 1),
    ]
    assert len(judged(date(2026, 2, 1)).execute("FROM fact.usage_day").fetchall()) == 5


def test_usage_agrees_with_the_days_on_which_persons_were_active():
    connection = judged(date(2026, 1, 31))
    by_day = "SELECT account_id, {} AS day, sum({})::INTEGER FROM {} GROUP BY ALL ORDER BY ALL"
    assert (connection.execute(by_day.format("day_on", "person_actions", "fact.usage_day")).fetchall()
            == connection.execute(by_day.format("day", "actions", "fact.active_day")).fetchall()
            == [("a1", date(2026, 1, 30), 4), ("a1", date(2026, 1, 31), 1), ("a2", date(2026, 1, 31), 1)])
