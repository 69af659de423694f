"""What may pass by itself is waited for and asked again, on a real PostgreSQL; what cannot pass is told at once."""

import threading

import pytest
from postgres_server import new_server

from pipelines.collect import postgres, retries

ACCOUNTS = "SELECT id AS account_id, created_at, state, email IS NOT NULL AS has_email FROM customer"
USERS = "SELECT id AS user_id, id AS account_id, created_at, email FROM customer"
SCHEMA = """
CREATE TABLE customer (id text PRIMARY KEY, email text, created_at timestamptz, state varchar(20));
INSERT INTO customer SELECT 'raw-' || i, 'raw-' || i || '@example.org', '2020-01-01', 'active'
FROM generate_series(1, 9) AS i;
"""
ALL = ("collected", 9, 9, 0)


@pytest.fixture
def pauses(monkeypatch):
    """The seconds that were waited, in order; `pauses.meanwhile` is called instead of waiting."""
    class Pauses(list):
        meanwhile = staticmethod(lambda: None)

    made = Pauses()

    def wait(seconds):
        made.append(seconds)
        made.meanwhile()

    monkeypatch.setattr(retries, "sleep", wait)
    return made


@pytest.fixture
def app(place, pauses, postgres_server, database, monkeypatch):
    monkeypatch.setattr(retries, "PAUSES", (2, 15, 60))
    postgres_server.psql(SCHEMA, database)
    monkeypatch.setenv("TEST_APP_DSN", postgres_server.dsn(database))
    place.map_postgres(accounts=ACCOUNTS, users=USERS)
    place.server, place.sql = postgres_server, lambda sql: postgres_server.psql(sql, database)
    return place


def test_a_server_that_dies_in_the_middle_and_comes_back_is_read_whole(place, pauses, monkeypatch):
    server = new_server()
    try:
        monkeypatch.setattr(retries, "PAUSES", (2, 15, 60))
        server.psql(SCHEMA)
        server.psql("CHECKPOINT")  # the tests' server keeps nothing safe by itself
        monkeypatch.setenv("TEST_APP_DSN", server.dsn())
        slow = ACCOUNTS.replace("FROM customer", "FROM customer, LATERAL (SELECT pg_sleep(0.3) WHERE id > '') AS slow")
        place.map_postgres(accounts=slow, users=USERS)
        pauses.meanwhile = server.start
        dying = threading.Timer(1.5, server.stop, kwargs={"at_once": True})
        dying.start()
        collected = place.collect()
        dying.join()
        assert (pauses, collected.detail('accounts')) == ([2], None)
        assert collected.status("accounts") == collected.status("users") == ALL
    finally:
        server.remove()


def test_a_server_that_stays_away_is_asked_four_times(app, pauses, monkeypatch):
    monkeypatch.setenv("TEST_APP_DSN", "postgresql://postgres:x@127.0.0.1:1/x")
    collected = app.collect()
    assert pauses == [2, 15, 60]
    assert collected.status("accounts") == ("failed", 0, 0, 0)
    assert "cannot be reached" in collected.detail("accounts")


def test_a_server_without_a_free_connection_is_asked_again(app, pauses, monkeypatch):
    app.sql("CREATE ROLE crowd LOGIN PASSWORD 'x' CONNECTION LIMIT 0; GRANT SELECT ON customer TO crowd")
    try:
        database = app.sql("SELECT current_database()")
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(database, user="crowd", password="x"))
        pauses.meanwhile = lambda: app.sql("ALTER ROLE crowd CONNECTION LIMIT 9")
        assert app.collect().status("accounts") == ALL
        assert pauses == [2]
    finally:
        app.sql("DROP OWNED BY crowd; DROP ROLE crowd")


def test_columns_that_change_while_they_are_read_are_read_again(app, pauses, monkeypatch):
    read = postgres.read

    def changing(*given):
        if app.sql("SELECT pg_typeof(state) FROM customer LIMIT 1") == "character varying":
            app.sql("ALTER TABLE customer ALTER COLUMN state TYPE text")
        return read(*given)

    monkeypatch.setattr(postgres, "read", changing)
    collected = app.collect()
    assert pauses == [2]
    assert collected.status("accounts") == collected.status("users") == ALL


@pytest.mark.parametrize(("select", "password", "words"), [
    (ACCOUNTS, "wrong", "is refused"),
    (ACCOUNTS.replace("state", "standing"), None, "no column standing"),
    ("SELECT id AS account_id FROM customer", None, "created_at"),
    (ACCOUNTS.replace("FROM", ", pg_sleep(2)::text AS plan FROM"), None, "statement_timeout_seconds"),
])
def test_what_cannot_pass_is_not_waited_for(app, pauses, monkeypatch, select, password, words):
    if password:
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(password=password))
    app.map_postgres("statement_timeout_seconds = 1", accounts=select)
    collected = app.collect()
    assert words in collected.detail("accounts")
    assert pauses == []


def test_every_sentence_that_may_pass_is_one_that_a_database_can_say():
    assert {words for words in retries.PASSING if words != retries.CHANGED} <= {words for _, words in postgres.SENTENCES}
    assert retries.may_pass(retries.UNREACHABLE.format(secret="APP"), "APP")
    assert not retries.may_pass("the user or the password in $APP is refused", "APP")
