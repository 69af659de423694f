"""A first sources.toml from a database's own catalogue: it loads, what it maps runs, and no name there can break it."""

import re
import stat
import tomllib

import pytest
from click.testing import CliRunner

from pipelines import cli
from pipelines.collect import check, draft, sources
from pipelines.register import contracts as contracts_register

CONTRACTS = contracts_register.load()
FRENCH = {
    "postgres": """
        CREATE TABLE tbl_clients (id_client bigint PRIMARY KEY, raison_sociale text, "Prénom" text, courriel text,
            telephone text, adresse_ip inet, statut text, formule text, cree_le timestamptz, derniere_connexion timestamptz,
            supprime_le timestamptz);
        CREATE TABLE utilisateurs (id serial PRIMARY KEY, id_client bigint, nom text, prenom text, "adresseMail" text,
            date_creation timestamp, date_suppression date);
        CREATE TABLE evenements (id bigint, id_client bigint, utilisateur_id int, horodatage timestamptz, auteur text,
            "typeActeur" text, operation text);
        CREATE TABLE factures (id uuid PRIMARY KEY, client_id bigint, numero int, date_facture timestamp, nature text);
        CREATE TABLE demandes_rgpd (id int, client_id bigint, type_demande text, canal text, recue_le timestamptz);""",
    "mariadb": """
        CREATE TABLE tbl_clients (id_client bigint PRIMARY KEY, raison_sociale text, `Prénom` text, courriel text,
            telephone text, adresse_ip text, statut varchar(20), formule text, cree_le timestamp NULL,
            derniere_connexion datetime, supprime_le datetime);
        CREATE TABLE utilisateurs (id int PRIMARY KEY, id_client bigint, nom text, prenom text, `adresseMail` text,
            date_creation datetime, date_suppression date);
        CREATE TABLE evenements (id bigint, id_client bigint, utilisateur_id int, horodatage timestamp NULL, auteur text,
            `typeActeur` enum('person', 'api'), operation text);
        CREATE TABLE factures (id uuid PRIMARY KEY, client_id bigint, numero int, date_facture datetime, nature text);
        CREATE TABLE demandes_rgpd (id int, client_id bigint, type_demande text, canal text, recue_le timestamp NULL);""",
}
MAPPED = {"accounts", "users", "activity", "invoices", "rights_requests"}


class App:
    """An empty database, and what `alpia sources new` makes of it."""

    def __init__(self, kind, server, home, monkeypatch):
        self.kind, self.server, self.home = kind, server, home
        self.database = server.create_database()
        self.run = server.psql if kind == "postgres" else server.sql
        monkeypatch.setenv("TEST_APP_DSN", server.dsn(self.database))

    def sql(self, sql):
        return self.run(sql, self.database)

    def new(self, *words):
        return CliRunner().invoke(cli.main, ["sources", "new", "--kind", self.kind, "--secret", "TEST_APP_DSN", "--home",
                                             str(self.home.path), *words])

    def drafted(self, sql):
        """The text of sources.toml of a database with this schema."""
        self.sql(sql)
        return self.drafted_as_it_is()

    def drafted_as_it_is(self):
        done = self.new()
        assert done.exit_code == 0, done.output
        return self.home.sources_toml.read_text(encoding="utf-8")

    def checked(self):
        """By dataset that is mapped, what `alpia sources` finds."""
        loaded = sources.load(self.home.sources_toml, CONTRACTS)
        return {one.dataset: one for one in check.check(self.home, loaded, CONTRACTS) if one.source}

    def q(self, name):
        return f'"{name}"' if self.kind == "postgres" else f"`{name}`"


@pytest.fixture(params=["postgres", "mariadb"])
def app(request, place, monkeypatch):
    return App(request.param, request.getfixturevalue(f"{request.param}_server"), place.home, monkeypatch)


def selects(text):
    return tomllib.loads(text)["app"].get("datasets", {})


def uncommented(text):
    """What is left when every # with no space after it is taken away."""
    return re.sub(r"(?m)^#(?=[^ #\n])", "", text)


def test_french_names_are_known_and_what_is_mapped_runs(app):
    text = app.drafted(FRENCH[app.kind])
    assert set(selects(text)) == MAPPED
    found = app.checked()
    assert set(found) == MAPPED | {"source_columns", "column_exemptions"}
    assert all(one.ok for one in found.values()), found
    accounts = selects(text)["accounts"]
    for column, name in (("id_client", "account_id"), ("formule", "plan"), ("statut", "state"),
                         ("derniere_connexion", "last_sign_in_at")):
        assert f"{app.q(column)} AS {name}" in accounts
    assert f"{app.q('courriel')} IS NOT NULL AS has_email" in accounts
    assert "erased_at" in found["accounts"].detail


def test_a_row_arrives_as_the_draft_maps_it(app, place):
    app.drafted(FRENCH[app.kind])
    app.sql("INSERT INTO tbl_clients (id_client, courriel, statut, cree_le) VALUES "
            "(1, 'a@example.org', 'active', '2020-01-01 10:00:00'), (2, NULL, 'resilie', '2020-01-01 10:00:00')")
    collected = place.collect()
    assert collected.status("accounts") == ("collected", 2, 1, 1)
    assert collected.rows("SELECT has_email, has_phone, has_name FROM source.accounts") == [(True, False, False)]


def test_of_personal_columns_is_only_asked_whether_they_are_filled(app):
    text = app.drafted(FRENCH[app.kind])
    for name in ("raison_sociale", "Prénom", "courriel", "telephone", "adresse_ip", "nom", "prenom", "adresseMail"):
        for at in re.finditer(re.escape(app.q(name)), text):
            assert text[at.end():].startswith((" IS NOT NULL OR ", " IS NOT NULL AS has_", " IS NOT NULL) AS has_")), name
    assert f"({app.q('raison_sociale')} IS NOT NULL OR" in text or f"OR {app.q('raison_sociale')} IS NOT NULL)" in text


def test_a_wall_clock_is_given_a_zone_and_that_is_said(app):
    text = app.drafted(FRENCH[app.kind])
    if app.kind == "postgres":
        assert '"date_creation" AT TIME ZONE \'Europe/Paris\' AS created_at' in text
        assert "created_at, removed_at: not said in which time zone; Europe/Paris is a guess" in text
    else:
        assert 'datetime_zone = "Europe/Paris"' in text
        assert "correct it" in next(line for line in text.splitlines() if line.startswith("datetime_zone"))


def test_what_is_not_evident_is_a_commented_proposal_with_candidates(app):
    stamp = "timestamptz" if app.kind == "postgres" else "timestamp NULL"
    text = app.drafted(f"CREATE TABLE customers (id int, email text, registered {stamp}, opened {stamp}, "
                       f"deleted_at {stamp}, tag varchar(9), remark text, phone_note varchar(9))")
    assert selects(text) == {}
    assert "The likeliest table has no column that is evidently created_at, state." in text
    assert f"created_at: perhaps {app.q('opened')}, {app.q('registered')}" in text
    assert f"#CASE WHEN {app.q('deleted_at')} IS NULL THEN 'active' ELSE 'deleted' END AS state," in text
    assert "#… AS created_at," in text
    assert app.q("phone_note") not in text
    assert app.checked()["source_columns"].ok
    proposed = tomllib.loads(uncommented(text))["app"]["datasets"]["accounts"]
    complete = proposed.replace("…", app.q("registered"))
    app.home.sources_toml.write_text(f'[system]\nname = "x"\nfounded_on = 2000-01-01\n[app]\nkind = "{app.kind}"\nsecret = '
                                     f'"TEST_APP_DSN"\n[app.datasets]\naccounts = \'\'\'{complete}\'\'\'\n')
    assert app.checked()["accounts"].ok


def test_two_tables_that_both_would_do_are_a_question(app):
    stamp = "timestamptz" if app.kind == "postgres" else "timestamp NULL"
    columns = f"(id int PRIMARY KEY, email text, state varchar(9), created_at {stamp})"
    text = app.drafted(f"CREATE TABLE account {columns}; CREATE TABLE customers {columns}")
    assert selects(text) == {}
    asked = re.search(r"# accounts: a row is an account\. This, or (.+)\? Choose", text)[1]
    assert asked.endswith(app.q("customers"))
    assert "#accounts = " in text


def test_a_table_whose_name_only_has_a_prefix_gives_way(app):
    stamp = "timestamptz" if app.kind == "postgres" else "timestamp NULL"
    columns = f"(id int, email text, state varchar(9), created_at {stamp})"
    text = app.drafted(f"CREATE TABLE app_account {columns}; CREATE TABLE customers {columns}; "
                       f"CREATE TABLE customer_2019 {columns}")
    assert selects(text)["accounts"].rstrip().endswith(app.q("customers"))


def test_a_user_is_joined_to_its_account_and_a_table_needs_no_key(app):
    stamp = "timestamptz" if app.kind == "postgres" else "timestamp NULL"
    text = app.drafted(f'CREATE TABLE users (id int, {app.q("emailAddress")} text); CREATE TABLE team_members '
                       f'({app.q("userId")} int, {app.q("organisationId")} int, {app.q("createdAt")} {stamp}, id int)')
    select = selects(text)["users"]
    assert f"m.{app.q('userId')} AS user_id" in select
    assert f"p.{app.q('emailAddress')} IS NOT NULL AS has_email" in select
    assert f"ON p.{app.q('id')} = m.{app.q('userId')}" in select
    assert app.checked()["users"].ok


def test_three_hundred_tables(app):
    named = (f"thing_{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(300))
    many = " ".join(f"CREATE TABLE {name} (id int, label varchar(9));" for name in named)
    text = app.drafted(many + FRENCH[app.kind])
    assert set(selects(text)) == MAPPED
    assert "The other tables (300): " in text
    assert "and 100 more." in text
    assert len(text.splitlines()) < 500
    assert all(one.ok for one in app.checked().values())


HOSTILE = ('x"; DROP TABLE customers; --', "a\nsecret = 'b'\n[system]", "c`d'e\\", 'q"""\nw', "t{0}{}\t#",
           "é\u2028\u202e\x07", "#[app]")


def test_no_name_breaks_out_of_its_place(app):
    def quoted(name):
        return '"' + name.replace('"', '""') + '"' if app.kind == "postgres" else "`" + name.replace("`", "``") + "`"

    stamp = "timestamptz" if app.kind == "postgres" else "timestamp NULL"
    columns = ", ".join(f"{quoted(name)} {stamp}" for name in HOSTILE)
    tables = " ".join(f"CREATE TABLE {quoted(name)} (id int, {columns});" for name in HOSTILE)
    customers = '"custo\nmers'
    # Names that are matched whatever stands around their words.
    odd = [quoted(name) for name in ('"Créé\nle"', "state';\\", 'e-"mail"""')]
    text = app.drafted(f"{tables} CREATE TABLE {quoted(customers)} (id int, {odd[0]} {stamp}, "
                       f"{odd[1]} varchar(9), {odd[2]} text, {columns});")
    loaded = tomllib.loads(text)
    assert set(loaded) == {"system", "app"}
    assert loaded["app"]["secret"] == "TEST_APP_DSN"
    assert set(loaded["app"]["datasets"]) == {"accounts"}
    for name in odd:
        assert name in loaded["app"]["datasets"]["accounts"]
    assert app.checked()["accounts"].ok
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert set(tomllib.loads(uncommented(text))) == {"system", "app", "web", "endpoints", "records", "copies"}
    assert app.sql(f"SELECT count(*) FROM {quoted(customers)}") == "0"


def test_all_that_is_commented_out_loads_once_it_is_taken_in(app):
    """The settings, the proposals and the example of the other kinds; what the database would give twice is not."""
    text = uncommented(app.drafted(FRENCH[app.kind]))
    loaded = tomllib.loads(text)
    kinds = {table["kind"] for name, table in loaded.items() if name != "system"}
    assert kinds == {app.kind, "files", "access_log", "backups", "tls_probes"}
    given = set(loaded["app"]["datasets"])
    assert given >= set(CONTRACTS) & {"recoveries", "servers", "legal_holds"}
    assert set(loaded["records"]["datasets"]) & given
    kept = re.sub(r"(?m)^(invoices|rights_requests|item_copies|servers|legal_holds) = \"[a-z].*\n", "", text)
    app.home.sources_toml.write_text(kept, encoding="utf-8")
    sources.load(app.home.sources_toml, CONTRACTS)


def test_what_is_there_is_never_overwritten(app, monkeypatch):
    app.home.sources_toml.write_text("mine")
    monkeypatch.setenv("TEST_APP_DSN", "nowhere")
    done = app.new()
    assert done.exit_code == 2
    assert "nothing is overwritten" in done.output
    assert app.home.sources_toml.read_text() == "mine"
    app.home.sources_toml.unlink()
    app.home.sources_toml.symlink_to(app.home.path / "elsewhere")
    assert app.new().exit_code == 2
    assert not (app.home.path / "elsewhere").exists()


def test_the_file_is_its_owners_alone_and_holds_no_secret(app):
    text = app.drafted(FRENCH[app.kind])
    assert stat.S_IMODE(app.home.sources_toml.stat().st_mode) == 0o600
    assert 'secret = "TEST_APP_DSN"' in text
    for part in ("correct-horse", "127.0.0.1", str(app.server.port), "://"):
        assert part not in text.split(draft.OTHERS_BEGIN)[0], part


@pytest.mark.parametrize(("secret", "value", "words", "status"), [
    ("{dsn}", None, "is not the name of an environment variable", 2),
    ("NOT_SET_ANYWHERE", None, "the environment variable NOT_SET_ANYWHERE is not set", 1),
    ("TEST_APP_DSN", "{wrong}", "the user or the password in $TEST_APP_DSN is refused", 1),
    ("TEST_APP_DSN", "{dsn}", "the catalogue shows no table", 1),
])
def test_an_error_tells_no_secret_and_writes_nothing(app, monkeypatch, secret, value, words, status):
    dsn = app.server.dsn(app.database)
    said = {"dsn": dsn, "wrong": dsn.replace("correct-horse", "wrong-horse")}
    if value:
        monkeypatch.setenv("TEST_APP_DSN", value.format(**said))
    done = CliRunner().invoke(cli.main, ["sources", "new", "--kind", app.kind, "--secret", secret.format(**said), "--home",
                                         str(app.home.path / "new")])
    assert done.exit_code == status
    assert words in done.output
    assert "horse" not in done.output
    assert not (app.home.path / "new").exists()


def test_who_may_not_read_yet_gets_the_same_draft(app, monkeypatch):
    whole = app.drafted(FRENCH[app.kind])
    make = {"postgres": "CREATE ROLE newcomer LOGIN PASSWORD 'x'",
            "mariadb": f"CREATE USER newcomer@'%' IDENTIFIED BY 'x'; GRANT REFERENCES ON {app.database}.* TO newcomer@'%'"}
    drop = {"postgres": "DROP ROLE newcomer", "mariadb": "DROP USER newcomer@'%'"}
    app.sql(make[app.kind])
    try:
        monkeypatch.setenv("TEST_APP_DSN", app.server.dsn(app.database, "newcomer", "x"))
        app.home.sources_toml.unlink()
        assert app.drafted_as_it_is() == whole
        assert not app.checked()["accounts"].ok
    finally:
        app.sql(drop[app.kind])


def test_what_the_database_would_not_run_is_only_proposed(app):
    """A name that begins with a blank arrives without it, and such a column is not there."""
    stamp = "timestamptz" if app.kind == "postgres" else "timestamp NULL"
    text = app.drafted(f"CREATE TABLE account (id int, email text, state varchar(9), {app.q(' created_at')} {stamp})")
    assert selects(text) == {}
    assert "The database does not run this: there is no column" in text.replace("\n#   ", " ")
    assert "#accounts = " in text


def test_a_type_that_no_contract_takes_is_not_guessed(app):
    kind = "interval" if app.kind == "postgres" else "time"
    text = app.drafted(f"CREATE TABLE account (id int, email text, state varchar(9), created_at {kind})")
    assert selects(text) == {}
    assert "The likeliest table has no column that is evidently created_at." in text
