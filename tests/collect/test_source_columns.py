"""The catalogue of a database's columns: all of them, none of their rows, and no word of a comment."""

import pytest
from search import found, tables

from pipelines.collect import grants, mariadb
from pipelines.errors import AlpiaError

ACCOUNTS = "SELECT id AS account_id, created_at, 'active' AS state, 1 AS has_email FROM person"
SCHEMA = {
    "postgres": """
        CREATE TABLE person (id int PRIMARY KEY, email text, created_at timestamptz, trace_id text, "bloodGroup" text,
                             sexe text, remark text, mystery text);
        COMMENT ON COLUMN person.remark IS 'la maladie de Jean Dupont, voir secrétariat';
        CREATE SCHEMA archive; CREATE TABLE archive.medical_file (id int, body text);
        CREATE VIEW seen AS SELECT mystery AS unseen FROM person;
        CREATE TABLE log (id int, at date) PARTITION BY RANGE (at);
        CREATE TABLE log_2020 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');""",
    "mariadb": """
        CREATE TABLE person (id int PRIMARY KEY, email text, created_at timestamp NULL, trace_id text, `bloodGroup` text,
                             sexe text, remark text COMMENT 'la maladie de Jean Dupont, voir secrétariat', mystery text);
        CREATE TABLE medical_file (id int, body text); CREATE TABLE log (id int, at date);
        CREATE VIEW seen AS SELECT mystery AS unseen FROM person;""",
}


class App:
    def __init__(self, place, kind, server, database):
        self.place, self.kind, self.server, self.database = place, kind, server, database
        self.run = server.psql if kind == "postgres" else server.sql

    def sql(self, sql):
        return self.run(sql, self.database)

    def map(self, extra="", settings="catalogue = true"):
        self.place.map(f'[app]\nkind = "{self.kind}"\nsecret = "TEST_APP_DSN"\n{settings}\n'
                       f'[app.datasets]\naccounts = "{ACCOUNTS}"\n{extra}')

    def collect(self, extra="", settings="catalogue = true", **given):
        self.map(extra, settings)
        return self.place.collect(**given)


@pytest.fixture(params=["postgres", "mariadb"])
def app(request, place, monkeypatch):
    server = request.getfixturevalue(f"{request.param}_server")
    made = App(place, request.param, server, server.create_database())
    made.sql(SCHEMA[request.param])
    monkeypatch.setenv("TEST_APP_DSN", server.dsn(made.database))
    return made


def columns(collected, what, where="table_name = 'person'"):
    return dict(collected.rows(f"SELECT column_name, {what} FROM source.source_columns WHERE {where}"))


def test_every_column_of_a_table_is_there_and_nothing_else(app):
    collected = app.collect()
    assert collected.rows("SELECT table_name, column_name FROM source.source_columns ORDER BY ALL") == [
        ("log", "at"), ("log", "id"), ("medical_file", "body"), ("medical_file", "id"), ("person", "bloodGroup"),
        ("person", "created_at"), ("person", "email"), ("person", "id"), ("person", "mystery"), ("person", "remark"),
        ("person", "sexe"), ("person", "trace_id")]
    assert collected.status("source_columns") == ("collected", 12, 12, 0)
    assert collected.status("accounts")[0] == "collected"
    assert collected.rows("SELECT DISTINCT source_name FROM source.source_columns") == [("app",)]


def test_what_a_column_smells_of(app):
    collected = app.collect()
    assert columns(collected, "special_category") == {
        "id": None, "email": None, "created_at": None, "trace_id": None, "mystery": None,
        "bloodGroup": "health", "sexe": "sexual_orientation", "remark": "health"}
    assert columns(collected, "is_ambiguous", "special_category IS NOT NULL") == {
        "bloodGroup": False, "sexe": True, "remark": False, "body": False, "id": False}
    assert columns(collected, "special_terms")["remark"] == "maladie"


def test_no_word_of_a_comment_is_kept(app):
    collected = app.collect()
    collected.close()
    assert found(["voir", "Dupont"], tables(collected.path)) == []
    assert found(["maladie"], tables(collected.path)) != []


def test_to_which_category_a_column_belongs(app):
    extra = '[app.categories]\nusage = ["person.MYST*"]\nmanagement = ["person.m*", "*.log.at"]\n'
    collected = app.collect(extra)
    assert columns(collected, "column_category") == {
        "id": "technical", "email": "contact", "created_at": "technical", "trace_id": "technical", "bloodGroup": None,
        "sexe": None, "remark": None, "mystery": "usage"}
    assert columns(collected, "column_category", "table_name = 'log'") == {"id": "technical", "at": "management"}


def test_an_exemption_counts_what_it_exempts(app):
    exemptions = "".join(
        f'[[app.exemptions]]\ncolumn = "{column}"\nwhy = "donnée du client"\nwho = "DPO"\nuntil = {until}\n'
        for column, until in (("medical_file.*", "2026-12-31"), ("person.sexe", "2025-01-01"),
                              ("person.email", "2027-01-01")))
    collected = app.collect(exemptions)
    used = "SELECT pattern, until_on::VARCHAR, columns_matched FROM source.column_exemptions ORDER BY ALL"
    assert collected.rows(used) == [
        ("medical_file.*", "2026-12-31", 2), ("person.email", "2027-01-01", 0), ("person.sexe", "2025-01-01", 1)]
    assert columns(collected, "exempt_until_on::VARCHAR", "exempt_until_on IS NOT NULL") == {
        "id": "2026-12-31", "body": "2026-12-31", "sexe": "2025-01-01"}


def test_only_the_schemas_that_are_named(app):
    schema = "archive" if app.kind == "postgres" else app.database
    collected = app.collect(settings=f'catalogue = ["{schema}"]')
    tables_seen = {row[0] for row in collected.rows("SELECT table_name FROM source.source_columns")}
    assert tables_seen == ({"medical_file"} if app.kind == "postgres" else {"medical_file", "person", "log"})


def test_a_schema_that_is_not_there_fails_the_catalogue_and_no_more(app):
    collected = app.collect(settings='catalogue = ["nowhere"]')
    assert collected.status("source_columns")[0] == "failed"
    assert collected.status("column_exemptions")[0] == "failed"
    assert "no column of nowhere" in collected.detail("source_columns")
    assert collected.status("accounts")[0] == "collected"


def test_the_least_grants_show_every_column(app, monkeypatch):
    app.map()
    text = grants.grants(app.place.sources(), app.place.contracts, role="seer")
    make = {"postgres": "CREATE ROLE seer LOGIN PASSWORD 'x'", "mariadb": "CREATE USER seer@'%' IDENTIFIED BY 'x'"}
    drop = {"postgres": "DROP OWNED BY seer; DROP ROLE seer", "mariadb": "DROP USER seer@'%'"}
    app.sql(make[app.kind])
    try:
        app.sql(text)
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "seer", "x"))
        collected = app.collect()
        assert collected.status("source_columns") == ("collected", 12, 12, 0)
        assert collected.status("accounts")[0] == "collected"
        with pytest.raises(RuntimeError, match="denied"):
            app.run("SELECT mystery FROM person", app.database, "seer", "x")
    finally:
        app.sql(drop[app.kind])


@pytest.mark.parametrize("grant", ["GRANT SELECT (id, created_at) ON {}.person TO seer@'%'",
                                   "GRANT SELECT, REFERENCES ON {}.person TO seer@'%'",
                                   "GRANT EXECUTE ON {}.* TO seer@'%'"])
def test_a_user_from_whom_mariadb_hides_columns_proves_nothing(place, mariadb_server, monkeypatch, grant):
    app = App(place, "mariadb", mariadb_server, mariadb_server.create_database())
    app.sql(SCHEMA["mariadb"])
    app.sql("CREATE USER seer@'%' IDENTIFIED BY 'x'; " + grant.format(app.database))
    try:
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "seer", "x"))
        collected = app.collect()
        assert collected.status("source_columns")[0] == "failed"
        assert "GRANT REFERENCES" in collected.detail("source_columns")
    finally:
        app.sql("DROP USER seer@'%'")


def test_a_role_that_shows_the_columns_is_enough(place, mariadb_server, monkeypatch):
    app = App(place, "mariadb", mariadb_server, mariadb_server.create_database())
    app.sql(SCHEMA["mariadb"])
    app.sql(f"CREATE ROLE eyes; GRANT REFERENCES ON {app.database}.* TO eyes; GRANT SELECT (id, created_at) ON "
            f"{app.database}.person TO eyes; CREATE USER seer@'%' IDENTIFIED BY 'x'; GRANT eyes TO seer@'%'; "
            "SET DEFAULT ROLE eyes FOR seer@'%'")
    try:
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "seer", "x"))
        assert app.collect().status("source_columns") == ("collected", 12, 12, 0)
    finally:
        app.sql("DROP USER seer@'%'; DROP ROLE eyes")


@pytest.mark.parametrize(("granted", "schema", "does_fit"), [
    ("*", "app", True), ("`app`", "app", True), ("`app`", "apps", False), ("`app%`", "apps", True), ("`a_p`", "app", True),
    (r"`a\_p`", "app", False), (r"`a\_p`", "a_p", True), ("`a``p`", "a`p", True), ("`a.p`", "axp", False),
])
def test_a_grant_on_a_pattern(granted, schema, does_fit):
    assert mariadb._is_of(granted, schema) is does_fit


def test_a_catalogue_may_be_a_file(place):
    place.write("columns.csv", "schema_name,table_name,column_name,data_type,comment\npublic,person,email,text,\n"
                               "public,person,note,text,sa religion\npublic,,x,text,\n")
    place.map('[schema]\nkind = "files"\n[schema.datasets]\nsource_columns = "columns.csv"\n[[schema.exemptions]]\n'
              'column = "person.note"\nwhy = "x"\nwho = "DPO"\nuntil = 2026-12-31\n')
    collected = place.collect()
    assert collected.status("source_columns") == ("collected", 3, 2, 1)
    assert collected.aside("source_columns") == {("missing_value", "columns.csv:4", "table_name", 1)}
    assert columns(collected, "special_category") == {"email": None, "note": "religious"}
    assert collected.rows("SELECT columns_matched FROM source.column_exemptions") == [(1,)]


@pytest.mark.parametrize(("text", "words"), [
    ("catalogue = []\n", "names no schema"),
    ("catalogue = 1\n", "catalogue"),
    ("catalogue = false\n[app.categories]\ncontact = []\n", "categories is not a key"),
    ('catalogue = true\n[app.categories]\nprivate = ["a.b"]\n', "private is no category"),
    ('catalogue = true\n[app.categories]\ncontact = ["email"]\n', "table.column"),
    ('catalogue = true\n[[app.exemptions]]\ncolumn = "a.b"\nwhy = "x"\nwho = "y"\n', "until"),
    ('catalogue = true\n[[app.exemptions]]\ncolumn = "a.b"\nwho = "y"\nuntil = 2027-01-01\n', "why"),
    ('catalogue = true\n[[app.exemptions]]\ncolumn = "b"\nwhy = "x"\nwho = "y"\nuntil = 2027-01-01\n', "table.column"),
])
def test_nonsense_is_refused_with_a_sentence(place, text, words):
    place.map(f'[app]\nkind = "postgres"\nsecret = "X"\n{text}'
              '[app.datasets]\naccounts = "SELECT 1"\n')
    with pytest.raises(AlpiaError) as caught:
        place.sources()
    assert words in str(caught.value)
