"""The comparison of what was planted with what was found: it must itself be able to fail."""

from datetime import datetime

import pytest

from pipelines import warehouse
from pipelines.collect.pseudonyms import pseudonym
from pipelines.errors import AlpiaError
from pipelines.register import contracts as register
from pipelines.verify.against import against

KEY = bytes(32)
PROMISE = "retention.deleted-accounts"


@pytest.fixture(scope="module")
def contracts():
    return register.load()


@pytest.fixture
def found():
    """found("1 overdue", …): a warehouse in which these accounts are in these states ("history": failed long ago)."""
    connection = warehouse.memory()
    connection.execute("CREATE SCHEMA obligation")
    connection.execute("CREATE TABLE obligation.current (promise VARCHAR, subject VARCHAR, opened_at TIMESTAMPTZ, "
                       "state VARCHAR, in_review BOOLEAN)")
    connection.execute("CREATE TABLE obligation.condition (promise VARCHAR, subject VARCHAR, seen_at TIMESTAMPTZ, "
                       "reason VARCHAR, state VARCHAR, in_review BOOLEAN)")
    connection.execute("CREATE TABLE obligation.statement (promise VARCHAR, attestation_id VARCHAR, stated_on DATE, "
                       "kind VARCHAR, state VARCHAR)")

    def fill(*rows: str):
        for row in rows:
            number, state, *history = row.split()
            connection.execute("INSERT INTO obligation.current VALUES ($promise, $subject, $opened, $state, $in_review)", {
                "promise": PROMISE, "subject": pseudonym(KEY, "account", number), "state": state, "in_review": not history,
                "opened": datetime.fromisoformat("2024-01-31 23:30+01:00")})
        return connection

    yield fill
    connection.close()


def planted(*rows: str) -> list[dict]:
    shared = {"promise": PROMISE, "dataset": "accounts", "subject_kind": "account", "opened_on": "2024-01-31",
              "why_fr": "parce que", "why_en": "because"}
    return [shared | {"subject": number, "state": state, "in_review": not history}
            for number, state, *history in (row.split() for row in rows)]


def test_agreement(found, contracts):
    assert against(found("1 overdue", "2 open", "3 met"), planted("1 overdue", "2 open"), KEY, contracts) == ([], [])


def test_a_breach_that_was_not_found_is_missed(found, contracts):
    missed, invented = against(found("1 met"), planted("1 overdue"), KEY, contracts)
    assert [(row["subject"], row["state"], row["found"]) for row in missed] == [("1", "overdue", "met")]
    assert invented == []


def test_a_subject_that_is_not_there_is_missed(found, contracts):
    missed, _ = against(found(), planted("1 overdue"), KEY, contracts)
    assert [row["found"] for row in missed] == ["none"]


def test_an_obligation_that_should_not_be_is_missed(found, contracts):
    missed, _ = against(found("1 open"), planted("1 none", "2 none"), KEY, contracts)
    assert [(row["subject"], row["found"]) for row in missed] == [("1", "open")]


@pytest.mark.parametrize("state", ["overdue", "late", "premature", "unknown", "held"])
def test_an_accusation_that_nobody_planted_is_invented(found, contracts, state):
    missed, invented = against(found(f"9 {state}"), [], KEY, contracts)
    assert missed == []
    assert [(row["subject"], row["state"]) for row in invented] == [(pseudonym(KEY, "account", "9"), state)]


@pytest.mark.parametrize("state", ["met", "open", "due_soon", "void"])
def test_who_is_accused_of_nothing_needs_no_planting(found, contracts, state):
    assert against(found(f"9 {state}"), [], KEY, contracts) == ([], [])


def test_history_is_told_from_a_failure_that_counts(found, contracts):
    connection = found("1 late history", "2 late")
    assert against(connection, planted("1 late history", "2 late"), KEY, contracts) == ([], [])
    missed, _ = against(connection, planted("1 late", "2 late history"), KEY, contracts)
    assert {row["subject"] for row in missed} == {"1", "2"}


def test_an_old_failure_that_nobody_planted_is_invented_too(found, contracts):
    _, invented = against(found("9 late history"), [], KEY, contracts)
    assert len(invented) == 1


def test_a_kind_that_no_contract_knows_is_refused(found, contracts):
    row = planted("1 overdue")[0] | {"subject_kind": "customer"}
    with pytest.raises(AlpiaError, match="customer"):
        against(found(), [row], KEY, contracts)


def condition(connection, subject: str, reason: str | None, seen: str | None = None, in_review: bool = True):
    row = "('hosting.france', $subject, $seen, $reason, $state, $review)"
    connection.execute(f"INSERT INTO obligation.condition VALUES {row}", {
        "subject": subject, "seen": seen and datetime.fromisoformat(seen), "reason": reason,
        "state": "broken" if reason else "kept", "review": in_review})


def server(subject: str, state: str, opened_on: str | None = None, in_review: bool = True) -> dict:
    return {"promise": "hosting.france", "dataset": "servers", "subject_kind": None, "subject": subject, "state": state,
            "in_review": in_review, "opened_on": opened_on, "why_fr": "parce que", "why_en": "because"}


def test_conditions_are_compared_by_their_reason(found, contracts):
    connection = found()
    condition(connection, "s1", "abroad")
    condition(connection, "s2", None)
    condition(connection, "s3", "abroad", "2024-01-31 23:30+01:00", in_review=False)
    listed = [server("s1", "abroad"), server("s2", "kept"), server("s3", "abroad", "2024-01-31", in_review=False)]
    assert against(connection, listed, KEY, contracts) == ([], [])
    wrong = [server("s1", "country_unknown"), server("s2", "abroad"), server("s3", "abroad", "2024-01-31")]
    missed, _ = against(connection, wrong, KEY, contracts)
    assert [(row["subject"], row["found"]) for row in missed] == [
        ("s1", "abroad"), ("s2", "kept"), ("s3", "abroad, before the review period")]


def test_a_condition_that_is_not_met_and_was_not_planted_is_invented(found, contracts):
    connection = found()
    condition(connection, "s1", "abroad")
    condition(connection, "s2", None)
    missed, invented = against(connection, [], KEY, contracts)
    assert missed == []
    assert [(row["subject"], row["state"]) for row in invented] == [("s1", "abroad")]


def test_a_statement_that_was_planted_must_be_found_in_its_state(found, contracts):
    connection = found()
    row = "('hosting.staff', 'a1', '2024-01-31', 'statement', 'expired')"
    connection.execute(f"INSERT INTO obligation.statement VALUES {row}")
    planted_one = {**server("a1", "expired", "2024-01-31"), "promise": "hosting.staff"}
    assert against(connection, [planted_one], KEY, contracts) == ([], [])
    assert against(connection, [], KEY, contracts) == ([], [])
    missed, _ = against(connection, [{**planted_one, "state": "valid"}], KEY, contracts)
    assert [(row["subject"], row["found"]) for row in missed] == [("a1", "expired")]
