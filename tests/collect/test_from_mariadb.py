"""A real MariaDB as a source: what arrives, what is refused, and what may never be said in an error.

What holds of any database (the account of rows, events read again) is tested on PostgreSQL; here are MariaDB's own traps.
"""

import threading
import time
from datetime import UTC, datetime

import pytest
from mariadb_server import new_server

from pipelines.collect import check, grants, mariadb, reading, reveal
from pipelines.collect.pseudonyms import pseudonym
from pipelines.collect.sources import Source
from pipelines.errors import AlpiaError

ACCOUNTS = "SELECT id AS account_id, created_at, state, email IS NOT NULL AS has_email FROM customer"
USERS = "SELECT id AS user_id, customer_id AS account_id, created_at, email FROM member"
ACTIVITY = "SELECT id AS event_id, at AS occurred_at, customer_id AS account_id, 'person' AS actor FROM act"
SCHEMA = """
CREATE TABLE customer (id varchar(40) PRIMARY KEY, email text, phone text, created_at timestamp NULL,
                       state enum('active', 'trial', 'suspended', 'deleted'));
SET time_zone = '+00:00';
INSERT INTO customer SELECT CONCAT('raw-', seq), IF(seq < 90, CONCAT('raw-', seq, '@example.org'), NULL), '06',
       '2020-01-01' + INTERVAL seq DAY, 'active' FROM seq_1_to_100;
CREATE TABLE member (id uuid PRIMARY KEY DEFAULT uuid(), customer_id varchar(40), email text, created_at timestamp NULL);
INSERT INTO member (customer_id, email, created_at) SELECT id, email, created_at FROM customer;
CREATE TABLE act (id bigint unsigned PRIMARY KEY, customer_id varchar(40), at timestamp(6) NULL);
INSERT INTO act SELECT seq, CONCAT('raw-', 1 + seq % 100), '2021-01-01' + INTERVAL seq HOUR FROM seq_1_to_1000;
"""


@pytest.fixture
def app(place, mariadb_server, monkeypatch):
    """A home whose variable TEST_APP_DSN names a filled database; `.sql` writes to that database."""
    place.server, place.database = mariadb_server, mariadb_server.create_database()
    place.sql = lambda sql, *as_whom: mariadb_server.sql(sql, place.database, *as_whom)
    place.sql(SCHEMA)
    monkeypatch.setenv("TEST_APP_DSN", mariadb_server.dsn(place.database))
    return place


@pytest.fixture
def reader(app):
    """Makes a user with the grants given, and lets the collection connect as that user."""
    made = []

    def make(monkeypatch, *grants: str) -> None:
        app.sql("CREATE USER seer@'%' IDENTIFIED BY 'x'; " + "; ".join(f"{grant} TO seer@'%'" for grant in grants))
        made.append("seer")
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "seer", "x"))

    yield make
    for name in made:
        app.sql(f"DROP USER {name}@'%'")


def failed(collected, dataset="accounts"):
    """The sentence of a dataset that failed and left nothing."""
    assert collected.status(dataset) == ("failed", 0, 0, 0)
    return collected.detail(dataset)


def test_what_arrives(app):
    app.map_mariadb(accounts=ACCOUNTS, users=USERS, activity=ACTIVITY)
    collected = app.collect()
    assert collected.status("accounts") == ("collected", 100, 100, 0)
    assert collected.status("users") == ("collected", 100, 100, 0)
    assert collected.status("activity") == ("collected", 1000, 1000, 0)
    assert collected.rows("SELECT count(*) FILTER (has_email), count(*) FROM source.users") == [(89, 100)]
    joined = "SELECT count(*) FROM source.activity JOIN source.accounts USING (account_id)"
    assert collected.rows(joined) == [(1000,)]
    assert collected.rows("SELECT created_at = '2020-01-02 00:00:00+00' FROM source.accounts WHERE account_id = $p",
                          p=pseudonym(app.key, "account", "raw-1")) == [(True,)]
    written = collected.rows("SELECT written_at FROM source.collection WHERE dataset = 'users'")[0][0]
    assert abs(written - datetime.now(UTC)).total_seconds() < 60


def test_one_snapshot_over_all_datasets(app):
    """What commits while the statement runs is in none of its datasets."""
    def write():
        while app.sql("SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%slowly%' AND time_ms > 300 "
                      "AND id <> connection_id()") == "0":
            time.sleep(0.05)
        app.sql("INSERT INTO member (customer_id, created_at) VALUES ('raw-1', '2020-01-02')")

    # The first row of the first dataset opens the view; then it takes its time.
    slowly = "SELECT c.*, c.id AS account_id, email AS slowly FROM customer AS c WHERE sleep(0.02) = 0"
    app.map_mariadb(accounts=slowly, users=USERS)
    writer = threading.Thread(target=write)
    writer.start()
    collected = app.collect()
    assert writer.is_alive() is False
    writer.join()
    assert collected.status("users") == ("collected", 100, 100, 0)
    assert app.sql("SELECT count(*) FROM member") == "101"


def test_the_source_cannot_be_written_to(app):
    app.sql("DELIMITER //\nCREATE FUNCTION sneak() RETURNS text MODIFIES SQL DATA "
            "BEGIN INSERT INTO act VALUES (0, 'raw-1', now()); RETURN 'x'; END//")
    app.map_mariadb(accounts=ACCOUNTS.replace("FROM", ", sneak() AS plan FROM"), users=USERS)
    collected = app.collect()
    assert "only reading is allowed" in failed(collected)
    assert collected.status("users") == ("collected", 100, 100, 0)
    assert app.sql("SELECT count(*) FROM act WHERE id = 0") == "0"


@pytest.mark.parametrize(("change", "reason"), [
    ("created_at = '2026-06-01'", "in_future"),
    ("created_at = '2001-01-01'", "before_company"),
    ("created_at = NULL", "missing_value"),
    ("created_at = 0", "missing_value"),
    ("state = NULL", "missing_value"),
    ("state = 'no such word'", "missing_value"),  # '' in an ENUM is how MariaDB keeps a word that is not in it
])
def test_a_bad_row_is_set_aside(app, change, reason):
    app.sql(f"UPDATE customer SET {change} WHERE id = 'raw-7'")
    app.map_mariadb(accounts=ACCOUNTS)
    collected = app.collect()
    assert collected.status("accounts") == ("collected", 100, 99, 1)
    assert {entry[:2] for entry in collected.aside("accounts")} == {(reason, "app.accounts")}


def test_zero_dates_are_no_dates_and_half_dates_are_refused(app):
    app.sql("CREATE TABLE bill (id int, d date); INSERT INTO bill VALUES (1, '0000-00-00'), (2, '2020-01-31'), "
            "(3, '2020-00-10'), (4, '2020-01-00'), (5, '9999-12-31')")
    app.map_mariadb(invoices="SELECT id AS invoice_id, '2020-01-01' AS issued_on, d AS period_from_on FROM bill")
    collected = app.collect()
    assert collected.status("invoices") == ("collected", 5, 3, 2)
    assert {entry[0] for entry in collected.aside("invoices")} == {"wrong_type"}
    assert collected.rows("SELECT period_from_on::VARCHAR FROM source.invoices ORDER BY ALL") == [
        ("2020-01-31",), ("9999-12-31",), (None,)]


def test_the_same_of_moments(app):
    app.sql("ALTER TABLE customer ADD COLUMN deleted_at datetime(6); "
            "UPDATE customer SET deleted_at = '0000-00-00' WHERE id < 'raw-5'; "
            "UPDATE customer SET deleted_at = '2021-00-10 10:00:00' WHERE id = 'raw-9'")
    app.map_mariadb('datetime_zone = "UTC"', accounts=ACCOUNTS.replace("FROM", ", deleted_at FROM"))
    collected = app.collect()
    assert collected.status("accounts") == ("collected", 100, 99, 1)
    assert collected.rows("SELECT count(deleted_at) FROM source.accounts") == [(0,)]


@pytest.mark.parametrize(("zone", "instant"), [("Europe/Paris", "2021-07-01 10:00:00.25+00"),
                                              ("UTC", "2021-07-01 12:00:00.25+00")])
def test_a_datetime_is_a_wall_clock_of_the_zone_that_is_said_for_it(app, zone, instant):
    app.sql("CREATE TABLE visit (id int, at datetime(6)); INSERT INTO visit VALUES (1, '2021-07-01 12:00:00.25')")
    app.map_mariadb(f'datetime_zone = "{zone}"', accounts=ACCOUNTS, deletion_requests=(
        "SELECT id AS request_id, 'raw-1' AS account_id, at AS requested_at FROM visit"))
    collected = app.collect()
    assert collected.rows("SELECT requested_at = $at::TIMESTAMPTZ FROM source.deletion_requests", at=instant) == [(True,)]


def test_a_datetime_whose_zone_nobody_says_is_refused(app):
    app.map_mariadb(accounts=ACCOUNTS.replace("created_at", "CAST(created_at AS datetime) AS created_at"), users=USERS)
    collected = app.collect()
    assert "datetime_zone" in failed(collected)
    assert collected.status("users") == ("collected", 100, 100, 0)


@pytest.mark.parametrize("sql", ["coalesce(created_at, created_at)", "if(1, created_at, created_at)", "max(created_at)"])
def test_a_timestamp_is_known_as_one_behind_an_expression(app, sql):
    """The server's zone is +05:30 and the session's UTC: an instant must not move."""
    app.map_mariadb(accounts=ACCOUNTS.replace("created_at", f"{sql} AS created_at") + " GROUP BY id")
    collected = app.collect()
    assert collected.rows("SELECT created_at = '2020-01-02 00:00:00+00' FROM source.accounts WHERE account_id = $p",
                          p=pseudonym(app.key, "account", "raw-1")) == [(True,)]


def test_numbers_never_change_silently(app):
    app.sql("CREATE TABLE bill (id bigint unsigned, n decimal(65, 30)); INSERT INTO bill VALUES "
            "(18446744073709551615, 9007199254740993), (2, 12345678901234567890123456789012345), (3, 1.5), (4, 7.0)")
    app.map_mariadb(invoices="SELECT id AS invoice_id, n AS number, DATE'2020-01-01' AS issued_on FROM bill")
    collected = app.collect()
    assert collected.status("invoices") == ("collected", 4, 2, 2)
    assert collected.rows("SELECT number FROM source.invoices ORDER BY ALL") == [(7,), (9007199254740993,)]
    assert collected.rows("SELECT count(*) FROM source.invoices WHERE invoice_id = $p",
                          p=pseudonym(app.key, "invoice", "18446744073709551615")) == [(1,)]


def test_unsigned_numbers_above_the_signed_ones_are_refused_not_wrapped(app):
    app.sql("CREATE TABLE bill (id int, n bigint unsigned); INSERT INTO bill VALUES (1, 18446744073709551615), (2, 8)")
    app.map_mariadb(invoices="SELECT id AS invoice_id, n AS number, DATE'2020-01-01' AS issued_on FROM bill")
    collected = app.collect()
    assert collected.rows("SELECT number FROM source.invoices") == [(8,)]
    assert {entry[0] for entry in collected.aside("invoices")} == {"wrong_type"}


@pytest.mark.parametrize(("kind", "kept", "aside"), [("tinyint(1)", [False, True], 1), ("bit(1)", [False, True], 0),
                                                     ("bool", [False, True], 1), ("int", [False, True], 1)])
def test_flags_as_mariadb_has_them(app, kind, kept, aside):
    rows = "(1, 1), (2, 0)" + ", (3, 2)" * aside
    app.sql(f"CREATE TABLE flagged (id int, f {kind}); INSERT INTO flagged VALUES {rows}")
    app.map_mariadb(accounts="SELECT id AS account_id, f AS has_email, 'active' AS state, "
                             "(SELECT max(created_at) FROM customer) AS created_at FROM flagged")
    collected = app.collect()
    assert [row[0] for row in collected.rows("SELECT has_email FROM source.accounts ORDER BY ALL")] == kept
    assert sum(entry[3] for entry in collected.aside("accounts")) == aside


@pytest.mark.parametrize(("kind", "words"), [
    ("binary(16)", "HEX"), ("blob", "HEX"), ("float", "CAST"), ("date", "CAST"), ("bit(8)", "HEX"), ("point", "HEX"),
])
def test_ids_of_types_that_would_change_are_refused(app, kind, words):
    app.sql(f"CREATE TABLE odd (id {kind})")
    app.map_mariadb(accounts="SELECT id AS account_id, now() AS created_at, 'active' AS state, 1 AS has_email FROM odd")
    assert words in failed(app.collect())


def test_texts_of_any_character_set_and_collation(app):
    """A text of a binary collation (as JSON is one) is not taken for a BLOB; latin1 arrives as it is meant."""
    app.sql("CREATE TABLE odd (id varchar(20) COLLATE utf8mb4_bin, plan varchar(20) CHARACTER SET latin1, j json); "
            "INSERT INTO odd VALUES ('raw-é😀', 'été', '\"active\"'), (' raw-2 ', '', '\"active\"')")
    app.map_mariadb(accounts="SELECT id AS account_id, plan, (SELECT max(created_at) FROM customer) AS created_at, "
                             "json_unquote(j) AS state, 1 AS has_email FROM odd")
    collected = app.collect()
    assert collected.rows("SELECT plan FROM source.accounts ORDER BY ALL") == [("été",), (None,)]
    expected = {pseudonym(app.key, "account", identity) for identity in ("raw-é😀", "raw-2")}
    assert {row[0] for row in collected.rows("SELECT account_id FROM source.accounts")} == expected


def test_two_spellings_of_one_id_are_one_where_the_collation_says_so(app):
    app.sql("UPDATE member SET customer_id = upper(customer_id) WHERE customer_id IN ('raw-3', 'raw-4')")
    assert app.sql("SELECT count(*) FROM member JOIN customer AS c ON c.id = customer_id") == "100"
    app.map_mariadb(accounts=ACCOUNTS, users=USERS)
    collected = app.collect()
    assert collected.status("users") == ("collected", 100, 100, 0)
    assert collected.rows("SELECT count(*) FROM source.users JOIN source.accounts USING (account_id)") == [(100,)]
    # The owner's spelling is the one that counts, so that the account keeps its name from night to night.
    assert collected.rows("SELECT count(*) FROM source.users WHERE account_id = $p",
                          p=pseudonym(app.key, "account", "raw-3")) == [(1,)]


def test_two_spellings_are_two_where_the_collation_tells_them_apart(app):
    app.sql("CREATE TABLE odd (id varchar(20) COLLATE utf8mb4_bin PRIMARY KEY); INSERT INTO odd VALUES ('raw-a'), ('RAW-A')")
    app.map_mariadb(accounts="SELECT id AS account_id, (SELECT max(created_at) FROM customer) AS created_at, "
                             "'active' AS state, 1 AS has_email FROM odd")
    assert app.collect().rows("SELECT count(DISTINCT account_id) FROM source.accounts") == [(2,)]


@pytest.mark.parametrize("blank", ["''", "'  '", "char(9)", "char(10)", "NULL"])
def test_blank_is_not_present(app, blank):
    app.sql(f"UPDATE member SET email = {blank}")
    app.map_mariadb(accounts=ACCOUNTS, users=USERS)
    assert app.collect().rows("SELECT DISTINCT has_email FROM source.users") == [(False,)]


def test_an_encrypted_column_is_present_too(app):
    app.sql("ALTER TABLE member MODIFY email varbinary(200); UPDATE member SET email = x'00ff' WHERE customer_id = 'raw-1'")
    app.map_mariadb(accounts=ACCOUNTS, users=USERS)
    assert app.collect().rows("SELECT count(*) FROM source.users WHERE has_email") == [(89,)]


@pytest.mark.parametrize("mode", ["ANSI_QUOTES,NO_BACKSLASH_ESCAPES", "ORACLE", "TRADITIONAL"])
def test_the_servers_modes_change_nothing(app, mode):
    app.sql(f"SET GLOBAL sql_mode = '{mode}'")
    try:
        app.map_mariadb(accounts=ACCOUNTS.replace("state,", r"state, 'a\\b' AS plan,"), users=USERS, activity=ACTIVITY)
        collected = app.collect()
        assert collected.status("accounts") == ("collected", 100, 100, 0)
        assert collected.status("activity") == ("collected", 1000, 1000, 0)
    finally:
        app.sql("SET GLOBAL sql_mode = ''")


@pytest.mark.parametrize(("select", "words"), [
    ("SELECT id AS account_id FROM customer", "state"),
    ("SELECT nope AS account_id FROM customer", "no column nope"),
    ("SELECT 1 AS account_id FROM nowhere", "no table nowhere"),
    ("SELECT id AS account_id, id AS account_id FROM customer", "same name"),
    ("SELECT id AS account_id FRM customer", "not SQL"),
    (ACCOUNTS.replace("state,", "(SELECT state FROM customer) AS state,"), "cannot be converted"),
    (ACCOUNTS.replace("state,", "state, cast(exp(710) AS char) AS plan,"), "cannot be converted"),
])
def test_what_fails_says_why_and_nothing_else_fails(app, select, words):
    app.map_mariadb(accounts=select, users=USERS)
    collected = app.collect()
    assert words in failed(collected)
    assert "example.org" not in collected.detail("accounts")
    assert collected.status("users") == ("collected", 100, 100, 0)


def test_a_trailing_comment_and_semicolon_do_no_harm(app):
    app.map_mariadb(accounts=ACCOUNTS + " -- all of them\n;")
    assert app.collect().status("accounts") == ("collected", 100, 100, 0)


def test_a_statement_that_takes_too_long_is_stopped(app):
    slow = ACCOUNTS.replace("FROM", ", sleep(0.1) AS plan FROM")
    app.map_mariadb("statement_timeout_seconds = 1", accounts=slow, users=USERS)
    collected = app.collect()
    assert "statement_timeout_seconds (1)" in failed(collected)
    assert collected.status("users") == ("collected", 100, 100, 0)


def test_a_connection_lost_half_way_leaves_nothing_half_read(app):
    def kill():
        running = ("SELECT id FROM information_schema.processlist WHERE info LIKE '%slots%' AND id <> connection_id()")
        while not (found := app.sql(running.replace("slots", "killme"))):
            time.sleep(0.05)
        app.sql(f"KILL {found.splitlines()[0]}")

    app.sql("INSERT INTO act SELECT seq, 'raw-1', '2022-01-01' FROM seq_1001_to_60000")
    app.map_mariadb(activity=ACTIVITY.replace("FROM act", "FROM act WHERE id < 5000 OR sleep(0.001) = 0 AND 'killme' <> ''"),
                    accounts=ACCOUNTS)
    killer = threading.Thread(target=kill)
    killer.start()
    collected = app.collect()
    killer.join()
    # The others were read again, or were not: never half.
    assert collected.status("activity")[0] in ("collected", "failed")
    assert collected.rows("SELECT count(*) FROM source.accounts")[0][0] in (0, 100)
    assert {row[0] for row in collected.rows("SELECT detail FROM source.collection WHERE status = 'failed'")} <= {
        "the connection was lost half-way: nothing that was half read is kept"}


def test_an_answer_without_its_last_row_is_not_believed(app, monkeypatch):
    monkeypatch.setattr(mariadb, "END", 77)
    monkeypatch.setattr(mariadb._Layout, "_branch", lambda self, number, asked, relation, whole=mariadb._Layout._branch:
                        whole(self, 78 if number == 77 else number, asked, relation))
    app.map_mariadb(accounts=ACCOUNTS)
    assert "ended before its last row" in failed(app.collect())


def test_a_server_that_dies_fails_its_source_and_no_other(app, monkeypatch):
    server = new_server()
    try:
        server.sql("CREATE DATABASE app")
        server.sql(SCHEMA, "app")
        monkeypatch.setenv("TEST_APP_DSN", server.dsn("app"))
        app.map_mariadb(accounts=ACCOUNTS, users=USERS)
        app.write("sources.toml", app.home.sources_toml.read_text() + '[records]\nkind = "files"\n[records.datasets]\n'
                  'servers = "servers.csv"\n')
        app.write("servers.csv", "server_id,role,in_service_at\ns1,primary,2015-01-01T00:00:00Z\n")
        assert app.collect().status("users") == ("collected", 100, 100, 0)
        server.stop(at_once=True)
        collected = app.collect()
        assert "cannot be reached" in failed(collected)
        assert "cannot be reached" in failed(collected, "users")
        assert collected.status("servers") == ("collected", 1, 1, 0)
    finally:
        server.remove()


def test_the_password_is_said_nowhere(app, monkeypatch, capfd):
    monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, password="not-the-secret"))
    app.map_mariadb(accounts=ACCOUNTS)
    collected = app.collect()
    assert "TEST_APP_DSN is refused" in failed(collected)
    said = collected.detail("accounts") + "".join(capfd.readouterr())
    said += str(collected.rows("FROM duckdb_secrets()")) + str(collected.rows("FROM duckdb_databases()"))
    collected.close()
    assert "not-the-secret" not in said
    assert b"not-the-secret" not in collected.path.read_bytes()


@pytest.mark.parametrize(("dsn", "words"), [
    (None, "TEST_APP_DSN is not set"),
    ("no connection string", "no connection string"),
    ("mariadb://admin:secret-word@127.0.0.1:1/x", "cannot be reached"),
    ("mariadb://admin:secret-word@127.0.0.1:notaport/x", "no connection string"),
    ("mariadb://admin:secret-word@127.0.0.1:1/x?ssl=secret-word", "no connection string"),
    ("postgresql://admin:secret-word@127.0.0.1:1/x", "no connection string"),
])
def test_a_source_that_cannot_be_reached_says_so(place, monkeypatch, dsn, words):
    monkeypatch.delenv("TEST_APP_DSN", raising=False)
    if dsn:
        monkeypatch.setenv("TEST_APP_DSN", dsn)
    place.map_mariadb(accounts=ACCOUNTS)
    said = failed(place.collect())
    assert words in said
    assert "secret-word" not in said


@pytest.mark.parametrize(("dbname", "words"), [("", "names no database"), ("nowhere", "does not exist")])
def test_a_database_must_be_named(app, monkeypatch, dbname, words):
    monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(dbname))
    app.map_mariadb(accounts=ACCOUNTS)
    assert words in failed(app.collect())


def test_odd_passwords(app, monkeypatch):
    app.sql(r"CREATE USER odd@'%' IDENTIFIED BY 'it''s \\ \"a=b @ word'; GRANT ALL ON *.* TO odd@'%'")
    monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "odd", "it%27s%20%5C%20%22a%3Db%20%40%20word"))
    app.map_mariadb(accounts=ACCOUNTS)
    try:
        assert app.collect().status("accounts") == ("collected", 100, 100, 0)
    finally:
        app.sql("DROP USER odd@'%'")


def test_tls_is_used_where_the_server_has_it_and_verified_when_asked(app, tmp_path_factory):
    seen = ACCOUNTS.replace("state,", "state, (SELECT variable_value FROM information_schema.session_status "
                                      "WHERE variable_name = 'Ssl_version') AS plan,")
    app.map_mariadb(accounts=seen)
    assert app.collect().rows("SELECT DISTINCT plan FROM source.accounts") == [("TLSv1.3",)]
    app.map_mariadb('sslmode = "disable"', accounts=seen)
    assert app.collect().rows("SELECT DISTINCT plan FROM source.accounts") == [(None,)]
    app.map_mariadb(f'sslmode = "verify-full"\nsslrootcert = "{app.server.certificate}"', accounts=seen)
    assert app.collect().status("accounts") == ("collected", 100, 100, 0)
    stranger = tmp_path_factory.mktemp("ca") / "other.crt"
    stranger.write_text("no certificate\n")
    app.map_mariadb(f'sslmode = "verify-full"\nsslrootcert = "{stranger}"', accounts=seen)
    assert "TLS cannot be agreed on" in failed(app.collect())


def test_what_the_role_may_not_read_is_named(app, reader, monkeypatch):
    reader(monkeypatch, f"GRANT SELECT (id, created_at, state) ON {app.database}.customer")
    app.map_mariadb(accounts=ACCOUNTS, users=USERS)
    collected = app.collect()
    assert "column email of table customer" in failed(collected)
    assert "table member" in failed(collected, "users")


def test_grants_are_enough_and_no_more(app, reader, monkeypatch):
    app.sql("ALTER TABLE customer ADD COLUMN plan_code int; CREATE TABLE blocked (customer_id varchar(40), why text); "
            "CREATE TABLE plan (code int, `Odd``Label` text, note text)")
    app.map_mariadb(
        accounts="WITH c AS (SELECT * FROM customer) SELECT c.id AS account_id, created_at, state, `Odd``Label` AS plan, "
                 "1 AS has_email FROM c LEFT JOIN plan AS p ON p.code = c.plan_code WHERE NOT EXISTS "
                 "(SELECT 1 FROM blocked AS b WHERE b.customer_id = c.id) AND (SELECT count(*) FROM member) > 0",
        activity=ACTIVITY)
    text = grants.grants(app.sources(), app.contracts, role="seer")
    there = f"ON `{app.database}`."
    assert {line for line in text.splitlines() if line.startswith("GRANT")} == {
        f"GRANT SELECT (`code`, `Odd``Label`) {there}`plan` TO `seer`@'%';",
        f"GRANT SELECT (`id`, `customer_id`, `at`) {there}`act` TO `seer`@'%';",
        f"GRANT SELECT (`customer_id`) {there}`blocked` TO `seer`@'%';",
        f"GRANT SELECT (`id`, `email`, `phone`, `created_at`, `state`, `plan_code`) {there}`customer` TO `seer`@'%';",
        f"GRANT SELECT (`id`) {there}`member` TO `seer`@'%';",
    }
    reader(monkeypatch)
    app.sql(text)
    collected = app.collect()
    assert collected.status("accounts") == ("collected", 100, 100, 0)
    assert collected.status("activity") == ("collected", 1000, 1000, 0)
    with pytest.raises(RuntimeError, match="denied"):
        app.sql("SELECT why FROM blocked", "seer", "x")


def test_grants_for_a_select_that_names_what_is_not_there(app):
    app.map_mariadb(accounts="SELECT nope AS account_id FROM customer")
    with pytest.raises(AlpiaError, match="accounts: the SELECT names a table or column that this user cannot see"):
        grants.grants(app.sources(), app.contracts)


def test_events_are_read_from_last_night_on_and_joined_with_what_was_known(app):
    app.map_mariadb(accounts=ACCOUNTS, activity=ACTIVITY)
    first = app.collect()
    first.close()
    app.sql("DELETE FROM act WHERE id < 100; SET time_zone = '+00:00'; "
            "INSERT INTO act VALUES (2001, 'raw-1', '2021-02-20'), (2002, 'raw-x', '2021-02-21')")
    second = app.collect(previous=first.path)
    status, rows_in, kept, aside = second.status("activity")
    assert (status, aside) == ("collected", 1)
    assert rows_in < 300
    assert second.rows("SELECT sum(actions) FROM source.activity") == [(1001,)]
    assert f"{1001 - kept} rows carried over" in second.detail("activity")


@pytest.mark.parametrize(("kind", "zone", "at", "words"), [
    ("timestamp", None, "2021-07-01 12:00+02:00", "'2021-07-01 10:00:00.000000'"),
    ("datetime", "Europe/Paris", "2021-07-01 12:00+02:00", "'2021-07-01 12:00:00.000000'"),
    ("datetime", "UTC", "2021-07-01 12:00+02:00", "'2021-07-01 10:00:00.000000'"),
    # In the night in which 2:45 comes twice, what came before is read again and nothing is left out.
    ("datetime", "Europe/Paris", "2021-10-31 02:45+02:00", "'2021-10-31 02:00:00.000000'"),
])
def test_from_which_wall_clock_on(kind, zone, at, words):
    source = Source("app", "mariadb", {}, secret="NAME", datetime_zone=zone)
    assert f"`at` >= TIMESTAMP{words}" in mariadb.since("at", kind, datetime.fromisoformat(at), source)
    assert mariadb.since("at", "VARCHAR", datetime.fromisoformat(at), source) is None


def test_the_check_names_what_is_missing(app):
    app.map_mariadb(accounts=ACCOUNTS, users="SELECT id AS user_id FROM member")
    found = {one.dataset: one for one in check.check(app.home, app.sources(), app.contracts)}
    assert found["accounts"].ok
    assert "plan" in found["accounts"].detail
    assert not found["users"].ok
    assert "account_id" in found["users"].detail


def test_subjects_are_revealed_by_asking_again(app):
    app.map_mariadb(accounts=ACCOUNTS, users=USERS)
    ids = ["raw-1", "raw-77", "raw-gone"]
    subjects = [pseudonym(app.key, "account", identity) for identity in ids]
    assert reveal.reveal(app.home, app.sources(), app.contracts, app.key, subjects) == {
        subjects[0]: "raw-1", subjects[1]: "raw-77"}


@pytest.mark.parametrize(("message", "words"), [
    ('IO Error: Failed to prepare MySQL query "SELECT \'SSL": Unknown column \'": a\'": odd thing', reading.OTHERWISE),
    ('IO Error: Failed to fetch result row for MySQL query "SELECT 1": \n', "lost half-way"),
    ('IO Error: odd thing about "a value"', reading.OTHERWISE),
])
def test_an_error_is_the_servers_words_and_not_the_select(message, words):
    assert words in mariadb.sentence(message, Source("app", "mariadb", {}, secret="NAME"))
