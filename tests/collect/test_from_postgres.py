"""A real PostgreSQL as a source: what arrives, what is refused, and what may never be said in an error."""

import traceback
from datetime import UTC, datetime, timedelta

import pytest
from postgres_server import new_server

from pipelines.collect import check, grants, postgres, reading, reveal
from pipelines.collect.pseudonyms import pseudonym
from pipelines.collect.sources import Source
from pipelines.errors import AlpiaError
from pipelines.register import policy

ACCOUNTS = "SELECT id AS account_id, created_at, state, email IS NOT NULL AS has_email FROM customer"
USERS = "SELECT id AS user_id, customer_id AS account_id, created_at, email FROM member"
ACTIVITY = "SELECT id AS event_id, at AS occurred_at, customer_id AS account_id, 'person' AS actor FROM act"
SCHEMA = """
CREATE TYPE standing AS ENUM ('active', 'trial', 'suspended', 'deleted');
CREATE DOMAIN label AS varchar(40);
CREATE TABLE customer (id label PRIMARY KEY, email text, phone text, created_at timestamptz, state standing);
INSERT INTO customer SELECT 'raw-' || i, CASE WHEN i < 90 THEN 'raw-' || i || '@example.org' END, '06',
       '2020-01-01'::timestamptz + i * interval '1 day', 'active' FROM generate_series(1, 100) AS i;
CREATE TABLE member (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), customer_id text, email text, created_at timestamptz);
INSERT INTO member (customer_id, email, created_at) SELECT id, email, created_at FROM customer;
CREATE TABLE act (id bigint PRIMARY KEY, customer_id text, at timestamptz);
INSERT INTO act SELECT i, 'raw-' || 1 + i % 100, '2021-01-01'::timestamptz + i * interval '1 hour'
       FROM generate_series(1, 1000) AS i;
"""


@pytest.fixture
def app(place, postgres_server, database, monkeypatch):
    """A home whose variable TEST_APP_DSN names a filled database; `.psql` writes to that database."""
    postgres_server.psql(SCHEMA, database)
    monkeypatch.setenv("TEST_APP_DSN", postgres_server.dsn(database))
    place.psql = lambda sql: postgres_server.psql(sql, database)
    place.server, place.database = postgres_server, database
    return place


def failed(collected, dataset="accounts"):
    """The sentence of a dataset that failed and left nothing."""
    assert collected.status(dataset) == ("failed", 0, 0, 0)
    return collected.detail(dataset)


def test_what_arrives(app):
    app.map_postgres(accounts=ACCOUNTS, users=USERS, activity=ACTIVITY)
    collected = app.collect()
    assert collected.status("accounts") == ("collected", 100, 100, 0)
    assert collected.status("users") == ("collected", 100, 100, 0)
    assert collected.status("activity") == ("collected", 1000, 1000, 0)
    assert collected.rows("SELECT count(*) FILTER (has_email), count(*) FROM source.users") == [(89, 100)]
    joined = "SELECT count(*) FROM source.activity JOIN source.accounts USING (account_id)"
    assert collected.rows(joined) == [(1000,)]
    assert collected.rows("SELECT created_at = '2020-01-02 00:00:00+00' FROM source.accounts WHERE account_id = $p",
                          p=pseudonym(app.key, "account", "raw-1")) == [(True,)]
    assert collected.rows("SELECT written_at IS NOT NULL FROM source.collection WHERE dataset = 'users'") == [(True,)]


def test_files_and_a_database_give_the_same_pseudonyms(app):
    app.psql("CREATE TABLE odd (id bigint); INSERT INTO odd VALUES (42)")
    app.write("users.csv", "user_id,account_id,created_at,email\nraw-u,42,2020-01-01T10:00:00Z,\n")
    app.map('[app]\nkind = "postgres"\nsecret = "TEST_APP_DSN"\n[app.datasets]\naccounts = "SELECT id AS account_id, '
            "now() - interval '2 years' AS created_at, 'active' AS state, true AS has_email FROM odd\"\n"
            '[records]\nkind = "files"\n[records.datasets]\nusers = "users.csv"\n')
    assert app.collect().rows("SELECT count(*) FROM source.users JOIN source.accounts USING (account_id)") == [(1,)]


def test_one_snapshot_over_all_datasets(app):
    """A row that commits while the snapshot is read is in none of its datasets."""
    app.psql("CREATE EXTENSION dblink")
    write = (f"SELECT dblink_exec('{app.server.dsn(app.database)}', "
             "$$INSERT INTO member (customer_id, created_at) VALUES ('raw-1', '2020-01-01')$$)")
    writing = f"SELECT c.*, c.id AS account_id FROM customer AS c, ({write} OFFSET 0) AS w WHERE w IS NOT NULL"
    app.map_postgres(accounts=writing, users=USERS)
    collected = app.collect()
    assert collected.status("users") == ("collected", 100, 100, 0)
    assert int(app.psql("SELECT count(*) FROM member")) > 100


def test_the_source_cannot_be_written_to(app):
    app.psql("CREATE FUNCTION sneak() RETURNS text LANGUAGE sql AS $$ "
             "INSERT INTO act VALUES (0, 'raw-1', now()) RETURNING 'x' $$")
    app.map_postgres(accounts=ACCOUNTS.replace("FROM", ", sneak() AS plan FROM"))
    assert "only reading is allowed" in failed(app.collect())
    assert app.psql("SELECT count(*) FROM act WHERE id = 0") == "0"


@pytest.mark.parametrize(("change", "reason"), [
    ("created_at = 'infinity'", "wrong_type"),
    ("created_at = '-infinity'", "wrong_type"),
    ("created_at = '294200-01-01+00'", "wrong_type"),
    ("created_at = '2026-06-01+00'", "in_future"),
    ("created_at = '2001-01-01+00'", "before_company"),
    ("created_at = NULL", "missing_value"),
    ("state = NULL", "missing_value"),
])
def test_a_bad_row_is_set_aside(app, change, reason):
    app.psql(f"UPDATE customer SET {change} WHERE id = 'raw-7'")
    app.map_postgres(accounts=ACCOUNTS)
    collected = app.collect()
    assert collected.status("accounts") == ("collected", 100, 99, 1)
    assert {entry[:2] for entry in collected.aside("accounts")} == {(reason, "app.accounts")}


def test_numerics_never_change_silently(app):
    app.psql("CREATE TABLE bill (id int, n numeric); "
             "INSERT INTO bill VALUES (1, 9007199254740993), (2, 'NaN'), (3, 1.5), (4, 7.0)")
    app.map_postgres(invoices="SELECT id AS invoice_id, n AS number, '2020-01-01'::date AS issued_on FROM bill")
    collected = app.collect()
    assert collected.status("invoices") == ("collected", 4, 2, 2)
    assert collected.rows("SELECT number FROM source.invoices ORDER BY ALL") == [(7,), (9007199254740993,)]
    assert {entry[0] for entry in collected.aside("invoices")} == {"wrong_type"}


def test_far_days_are_set_aside(app):
    app.psql("CREATE TABLE bill (id int, d date); "
             "INSERT INTO bill VALUES (1, 'infinity'), (2, '2020-01-01'), (3, '20000-01-01')")
    app.map_postgres(invoices="SELECT id AS invoice_id, d AS issued_on FROM bill")
    assert app.collect().status("invoices") == ("collected", 3, 1, 2)


def test_a_doubled_key_keeps_one_row_and_always_the_same(app):
    app.map_postgres(accounts=f"({ACCOUNTS}) UNION ALL SELECT id, created_at - interval '1 day', state, true FROM customer")
    first = app.collect()
    app.map_postgres(accounts="SELECT id AS account_id, created_at - interval '1 day' AS created_at, state, "
                              f"true AS has_email FROM customer UNION ALL ({ACCOUNTS})")
    second = app.collect()
    assert first.status("accounts") == second.status("accounts") == ("collected", 200, 100, 100)
    assert first.digest("accounts") == second.digest("accounts")


@pytest.mark.parametrize(("select", "words"), [
    ("SELECT id AS account_id, created_at::timestamp, state, email FROM customer", "AT TIME ZONE"),
    ("SELECT id AS account_id, created_at::date, state, email FROM customer", "AT TIME ZONE"),
    ("SELECT id AS account_id, 5 AS created_at, state, email FROM customer", "created_at is int4"),
    ("SELECT 1.5::float8 AS account_id, created_at, state, email FROM customer", "account_id is float8"),
    ("SELECT id AS account_id, state, email FROM customer", "created_at"),
    ("SELECT id AS account_id, created_at, state FROM customer", "has_email (or email)"),
    ("SELECT * FROM nowhere", "no table nowhere"),
    ("SELECT id AS account_id, nothing FROM customer", "no column nothing"),
    ("SELECT id AS account_id, id AS account_id FROM customer", "same name"),
    ("SELECT id AS account_id FROM FROM customer", "not SQL"),
    ("SELECT email::int::text AS account_id, created_at, state, email FROM customer", "cannot be converted"),
])
def test_a_select_that_will_not_do_fails_its_dataset_alone(app, select, words):
    app.map_postgres(accounts=select, users=USERS)
    collected = app.collect()
    assert words in failed(collected)
    assert "example.org" not in collected.detail("accounts")
    assert collected.status("users") == ("collected", 100, 100, 0)


def test_a_trailing_comment_and_semicolon_do_no_harm(app):
    app.map_postgres(accounts=ACCOUNTS + " -- all of them\n;")
    assert app.collect().status("accounts") == ("collected", 100, 100, 0)


def test_a_statement_that_takes_too_long_is_stopped(app):
    slow = ACCOUNTS.replace("FROM", ", pg_sleep(0.5)::text AS plan FROM")
    app.map_postgres("statement_timeout_seconds = 1", accounts=slow, users=USERS)
    collected = app.collect()
    assert "statement_timeout_seconds (1)" in failed(collected)
    assert collected.status("users") == ("collected", 100, 100, 0)


def test_a_connection_lost_half_way_leaves_nothing_half_read(app):
    app.psql("INSERT INTO act SELECT i, 'raw-1', '2022-01-01' FROM generate_series(1001, 200000) AS i")
    death = "CASE WHEN id = 150000 AND pg_terminate_backend(pg_backend_pid()) THEN 0 ELSE id END"
    dying = ACTIVITY.replace("SELECT id AS", f"SELECT {death} AS")
    app.map_postgres(activity=dying, accounts=ACCOUNTS)
    collected = app.collect()
    assert "lost half-way" in failed(collected, "activity")
    assert collected.status("accounts") == ("collected", 100, 100, 0)


def test_a_server_that_dies_fails_its_source_and_no_other(app, monkeypatch):
    server = new_server()
    try:
        server.psql(SCHEMA)
        monkeypatch.setenv("TEST_APP_DSN", server.dsn())
        app.map_postgres(accounts=ACCOUNTS, users=USERS)
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


def test_neither_password_nor_key_is_said_anywhere(app, monkeypatch, capfd):
    monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, password="not-the-secret"))
    app.map_postgres(accounts=ACCOUNTS)
    collected = app.collect()
    assert "TEST_APP_DSN is refused" in failed(collected)
    said = collected.detail("accounts") + "".join(capfd.readouterr())
    with pytest.raises(AlpiaError) as caught:
        grants.grants(app.sources(), app.contracts)
    said += "".join(traceback.format_exception(caught.value))
    said += str(collected.rows("FROM duckdb_secrets()")) + str(collected.rows("FROM duckdb_databases()"))
    collected.close()
    assert "not-the-secret" not in said
    assert app.key.hex() not in said
    assert b"not-the-secret" not in collected.path.read_bytes()
    assert app.key not in collected.path.read_bytes()


@pytest.mark.parametrize(("dsn", "words"), [
    (None, "TEST_APP_DSN is not set"),
    ("no connection string", "no connection string"),
    ("postgresql://postgres:secret-word@127.0.0.1:1/x", "cannot be reached"),
    ("host='127.0.0.1' port=1 password='secret-word' dbname=x", "cannot be reached"),
    ("postgresql://postgres:secret-word@127.0.0.1:notaport/x", "no connection string"),
])
def test_a_source_that_cannot_be_reached_says_so(place, monkeypatch, dsn, words):
    monkeypatch.delenv("TEST_APP_DSN", raising=False)
    if dsn:
        monkeypatch.setenv("TEST_APP_DSN", dsn)
    place.map_postgres(accounts=ACCOUNTS)
    said = failed(place.collect())
    assert words in said
    assert "secret-word" not in said


def test_key_value_connection_strings_with_odd_passwords(app, monkeypatch):
    app.psql(r"CREATE ROLE odd LOGIN SUPERUSER PASSWORD 'it''s \ a=b @ word'")
    value = r"it\'s \\ a=b @ word"
    monkeypatch.setenv("TEST_APP_DSN", f"host=127.0.0.1 port={app.server.port} user=odd "
                                       f"dbname={app.database} password='{value}'")
    app.map_postgres(accounts=ACCOUNTS)
    try:
        assert app.collect().status("accounts") == ("collected", 100, 100, 0)
    finally:
        app.psql("DROP ROLE odd")


def test_tls_is_used_where_the_server_has_it_and_verified_when_asked(app, tmp_path_factory):
    seen = "SELECT id AS account_id, created_at, 'active' AS state, true AS has_email, (SELECT ssl::text FROM pg_stat_ssl " \
           "WHERE pid = pg_backend_pid()) AS plan FROM customer"
    app.map_postgres(accounts=seen)
    assert app.collect().rows("SELECT DISTINCT plan FROM source.accounts") == [("true",)]
    app.map_postgres(f'sslmode = "verify-full"\nsslrootcert = "{app.server.certificate}"', accounts=seen)
    assert app.collect().status("accounts") == ("collected", 100, 100, 0)
    stranger = tmp_path_factory.mktemp("ca") / "other.crt"
    stranger.write_text("no certificate\n")
    app.map_postgres(f'sslmode = "verify-full"\nsslrootcert = "{stranger}"', accounts=seen)
    assert "TLS cannot be agreed on" in failed(app.collect())


def test_a_latin1_database_is_read_as_it_is_meant(place, postgres_server, monkeypatch):
    name = postgres_server.create_database(options="ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    postgres_server.psql("CREATE TABLE customer (id int, plan text); INSERT INTO customer VALUES (1, 'élite')", name)
    monkeypatch.setenv("TEST_APP_DSN", postgres_server.dsn(name))
    place.map_postgres(accounts="SELECT id AS account_id, plan, '2020-01-01'::timestamptz AS created_at, 'active' AS state, "
                                "true AS has_email FROM customer")
    assert place.collect().rows("SELECT plan FROM source.accounts") == [("élite",)]


def test_events_are_read_from_last_night_on_and_joined_with_what_was_known(app):
    app.map_postgres(accounts=ACCOUNTS, activity=ACTIVITY)
    first = app.collect()
    first.close()
    app.psql("DELETE FROM act WHERE id < 100; "
             "INSERT INTO act VALUES (2001, 'raw-1', '2021-02-20'), (2002, 'raw-x', '2021-02-21')")
    second = app.collect(previous=first.path)
    status, rows_in, kept, aside = second.status("activity")
    assert (status, aside) == ("collected", 1)
    assert rows_in < 300
    assert second.rows("SELECT sum(actions) FROM source.activity") == [(1001,)]
    assert f"{1001 - kept} rows carried over" in second.detail("activity")


def per_day(collected) -> dict[str, int]:
    return dict(collected.rows("SELECT day_on::VARCHAR, sum(actions)::INTEGER FROM source.activity GROUP BY day_on"))


def test_whole_local_days_are_read_again_and_late_events_count_once(app):
    """The newest is of noon: reading begins with the local day, whose first hour is still the day before in UTC."""
    app.psql("SET TimeZone = 'Europe/Paris'; DELETE FROM act; "
             "INSERT INTO act VALUES (1, 'raw-1', '2021-03-24 23:59:59.999'), (2, 'raw-1', '2021-03-25 00:00'), "
             "(3, 'raw-1', '2021-03-25 23:00'), (4, 'raw-1', '2021-04-01 12:00')")
    app.map_postgres(accounts=ACCOUNTS, activity=ACTIVITY)
    first = app.collect()
    first.close()
    app.psql("SET TimeZone = 'Europe/Paris'; UPDATE act SET customer_id = 'raw-2' WHERE id = 3; "  # replaced, not added
             "INSERT INTO act VALUES (5, 'raw-1', '2021-03-25 00:30'), "
             "(6, 'raw-1', '2021-04-01 11:00'), (7, 'raw-1', '2021-04-02 09:00'), (8, 'raw-1', '2021-03-24 08:00')")
    second = app.collect(previous=first.path)
    # 24 March is not read any more, so that the event that came too late for it is missed, as the overlap says.
    assert second.status("activity") == ("collected", 6, 6, 0)
    assert per_day(second) == {"2021-03-24": 1, "2021-03-25": 3, "2021-04-01": 2, "2021-04-02": 1}
    assert second.detail("activity") == "read from 2021-03-25; 1 rows carried over from the collection before"
    again = app.collect(previous=first.path)
    assert again.digest("activity") == second.digest("activity")
    second.close()
    third = app.collect(previous=second.path)
    assert third.status("activity") == ("collected", 3, 3, 0)
    assert third.digest("activity") == again.digest("activity")


def test_events_that_the_source_has_forgotten_since_are_not_forgotten_here(app):
    app.psql("SET TimeZone = 'Europe/Paris'; DELETE FROM act; INSERT INTO act SELECT i, 'raw-1', "
             "'2021-03-20'::timestamptz + i * interval '6 hours' FROM generate_series(1, 20) AS i")
    app.map_postgres(accounts=ACCOUNTS, activity=ACTIVITY)
    first = app.collect()
    known = per_day(first)
    first.close()
    app.psql("SET TimeZone = 'Europe/Paris'; DELETE FROM act WHERE at < '2021-03-23 12:00'")
    second = app.collect(previous=first.path)
    assert per_day(second) == known
    assert "1 day read with fewer rows than before" in second.detail("activity")


def test_an_event_without_its_moment_is_counted_every_night(app):
    app.psql("INSERT INTO act VALUES (3000, 'raw-1', NULL)")
    app.map_postgres(accounts=ACCOUNTS, activity=ACTIVITY)
    first = app.collect()
    first.close()
    second = app.collect(previous=first.path)
    assert second.aside("activity") == {("missing_value", "app.activity", "occurred_at", 1)}


def test_events_are_carried_over_a_night_without_their_source(app, monkeypatch):
    app.map_postgres(accounts=ACCOUNTS, activity=ACTIVITY)
    first = app.collect()
    first.close()
    monkeypatch.delenv("TEST_APP_DSN")
    second = app.collect(previous=first.path)
    assert second.status("activity")[0] == "failed"
    assert second.rows("SELECT sum(actions) FROM source.activity") == [(1000,)]
    assert second.rows("SELECT count(*) FROM source.accounts") == [(0,)]


def test_the_overlap_is_a_setting_and_begins_with_a_whole_local_day(app):
    app.psql("SET TimeZone = 'Europe/Paris'; UPDATE act SET at = '2021-01-01'::timestamptz + id * interval '1 hour'")
    app.map_postgres("overlap = { activity = 1 }", accounts=ACCOUNTS, activity=ACTIVITY)
    first = app.collect()
    first.close()
    assert app.collect(previous=first.path).status("activity") == ("collected", 41, 41, 0)


def test_rows_written_while_reading_are_not_of_the_future(app):
    app.psql("INSERT INTO customer VALUES ('raw-new', NULL, NULL, now(), 'trial')")
    app.map_postgres(accounts=ACCOUNTS)
    collected = app.collect(at=datetime.now(UTC) - timedelta(minutes=5))
    assert collected.status("accounts") == ("collected", 101, 101, 0)


def test_row_level_security_never_hides_rows_silently(app, monkeypatch):
    app.psql("ALTER TABLE customer ENABLE ROW LEVEL SECURITY; CREATE ROLE seer LOGIN PASSWORD 'x'; "
             "GRANT SELECT ON customer TO seer; CREATE POLICY few ON customer TO seer USING (id < 'raw-5')")
    try:
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "seer", "x"))
        app.map_postgres(accounts=ACCOUNTS)
        assert "row-level security" in failed(app.collect())
    finally:
        app.psql("DROP OWNED BY seer; DROP ROLE seer")


def test_grants_are_enough_and_no_more(app, monkeypatch):
    app.psql("CREATE SCHEMA \"Odd One\"; CREATE TABLE \"Odd One\".plan (code int, \"Label\" text, note text); "
             "ALTER TABLE customer ADD COLUMN plan_code int; CREATE TABLE blocked (customer_id text, why text); "
             "CREATE ROLE reader LOGIN PASSWORD 'x'")
    app.map_postgres(
        accounts='SELECT c.id AS account_id, c.created_at, c.state::text, "Label" AS plan, true AS has_email '
                 'FROM customer AS c LEFT JOIN "Odd One".plan AS p ON p.code = c.plan_code '
                 'WHERE NOT EXISTS (SELECT FROM blocked AS b WHERE b.customer_id = c.id) '
                 'AND (SELECT count(*) FROM member) > 0',
        activity=ACTIVITY)
    text = grants.grants(app.sources(), app.contracts, role="reader")
    selects = {line for line in text.splitlines() if line.startswith("GRANT SELECT")}
    assert selects == {
        'GRANT SELECT ("code", "Label") ON "Odd One"."plan" TO "reader";',
        'GRANT SELECT ("id", "customer_id", "at") ON "public"."act" TO "reader";',
        'GRANT SELECT ("customer_id") ON "public"."blocked" TO "reader";',
        'GRANT SELECT ("id", "created_at", "state", "plan_code") ON "public"."customer" TO "reader";',
        'GRANT SELECT ("id") ON "public"."member" TO "reader";',
    }
    assert "view" in text  # accounts looks at personal columns: how to withhold them is said
    app.psql("REVOKE CONNECT ON DATABASE " + app.database + " FROM PUBLIC")
    app.psql(text)
    try:
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "reader", "x"))
        collected = app.collect()
        assert collected.status("accounts") == ("collected", 100, 100, 0)
        assert collected.status("activity") == ("collected", 1000, 1000, 0)
        with pytest.raises(RuntimeError, match="permission denied"):
            app.server.psql("SELECT email FROM customer", app.database, "reader", "x")
        app.map_postgres(accounts=ACCOUNTS)
        assert "may not read table customer" in failed(app.collect())
    finally:
        app.psql("DROP OWNED BY reader; DROP ROLE reader")


def test_grants_leave_nothing_behind(app):
    app.map_postgres(accounts=ACCOUNTS)
    grants.grants(app.sources(), app.contracts)
    assert app.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'alpia%'") == "0"


def test_the_check_names_what_is_missing_and_what_stays_unverifiable(app):
    app.map_postgres(accounts=ACCOUNTS, users="SELECT id AS user_id FROM member")
    found = {one.dataset: one for one in check.check(app.home, app.sources(), app.contracts)}
    assert list(found) == list(app.contracts)
    assert found["accounts"].ok
    assert "plan" in found["accounts"].detail
    assert not found["users"].ok
    assert "account_id" in found["users"].detail
    assert not found["invoices"].ok
    assert found["invoices"].source is None
    gaps = {gap.promise: gap.datasets for gap in check.unverifiable(found.values(), policy.load())}
    assert gaps["retention.invoices"][0] == "invoices"


def test_subjects_are_revealed_by_asking_again(app):
    app.map_postgres(accounts=ACCOUNTS, users=USERS)
    ids = ["raw-1", "raw-77", "raw-gone"]
    subjects = [pseudonym(app.key, "account", identity) for identity in ids]
    member = app.psql("SELECT id FROM member WHERE customer_id = 'raw-5'")
    subjects.append(pseudonym(app.key, "user", member))
    assert reveal.reveal(app.home, app.sources(), app.contracts, app.key, subjects) == {
        subjects[0]: "raw-1", subjects[1]: "raw-77", subjects[3]: member}


def test_an_unforeseen_error_says_nothing_of_its_own():
    source = Source("app", "postgres", {}, secret="NAME")
    assert postgres.sentence('ERROR: odd thing about "a value"', source) == reading.OTHERWISE
