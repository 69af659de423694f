"""The home's sources.toml: what it may say, and that nonsense is refused in a sentence naming file, key and cure."""

from datetime import date

import pytest

from pipelines.collect import sources
from pipelines.errors import AlpiaError

HEAD = '[system]\nname = "Alpiasoft"\nfounded_on = 2012-03-01\n'
APP = '[app]\nkind = "postgres"\nsecret = "APP_DSN"\n'
MARIA = APP.replace("postgres", "mariadb")
WEB = '[web]\nkind = "access_log"\n'
COPIES = '[copies]\nkind = "backups"\n'
RESTIC = COPIES + '[copies.catalogues.a]\ntool = "restic"\nfiles = "a.json"\n'
PGBACKREST = RESTIC.replace("restic", "pgbackrest")
FILES = '[records]\nkind = "files"\n'


def load(place, text):
    place.write("sources.toml", text)
    return place.sources()


def test_what_a_file_may_say(place):
    read = load(place, HEAD + "as_of = 2026-01-31\nhistory_from = { activity = 2019-01-01 }\n"
                + APP + 'statement_timeout_seconds = 60\nsslmode = "verify-full"\nsslrootcert = "keys/ca.crt"\n'
                '[app.datasets]\naccounts = "SELECT 1;"\nactivity = "WITH a AS (SELECT 1) SELECT * FROM a"\n'
                "[app.overlap]\nactivity = 3\n" + FILES + '[records.datasets]\ninvoices = "records/*.parquet"\n'
                "servers = \"SELECT * FROM read_csv('records/s.csv')\"\n")
    assert read.system == sources.System("Alpiasoft", date(2012, 3, 1), date(2026, 1, 31), {"activity": date(2019, 1, 1)})
    app = read.by_name["app"]
    assert (app.secret, app.statement_timeout_seconds, app.sslmode) == ("APP_DSN", 60, "verify-full")
    assert app.sslrootcert == place.home.path / "keys" / "ca.crt"
    assert (app.overlap_of("activity"), app.overlap_of("accounts")) == (3, sources.DEFAULT_OVERLAP_DAYS)
    assert app.datasets["accounts"] == "SELECT 1"
    assert read.of("invoices").name == "records"
    assert read.of("users") is None
    assert len(read.digest) == 64


@pytest.mark.parametrize(('text', 'words'), [
    (APP, "system is missing"),
    ('[system]\nname = "x"\n' + APP, "system.founded_on is missing"),
    ('[system]\nname = "x"\nfounded_on = "2012"\n', "founded_on"),
    ('[system]\nname = "x"\nfounded_on = 2012-01-01T00:00:00Z\n', "is a moment"),
    (HEAD + "history_from = { nothing = 2019-01-01 }\n", "has no contract"),
    (HEAD, "names no source"),
    (HEAD + '[app]\nkind = "oracle"\n', "app.kind is 'oracle'"),
    (HEAD + MARIA + 'datetime_zone = "Paris"\n[app.datasets]\naccounts = "SELECT 1"\n', "app.datetime_zone is 'Paris'"),
    (HEAD + APP + 'datetime_zone = "UTC"\n[app.datasets]\naccounts = "SELECT 1"\n', "app.datetime_zone is not a key"),
    (HEAD + '[web]\nkind = "access_log"\n', "web.files is missing"),
    (HEAD + '[web]\nkind = "access_log"\nfiles = []\n', "web.files is empty"),
    (HEAD + WEB + 'files = "../access.log"\n', "leaves the home"),
    (HEAD + WEB + 'files = ["a.log", "https://example.org/a.log"]\n', "is an address"),
    (HEAD + WEB + 'files = "a.log"\ncountries = "../geo.mmdb"\n', "web.countries leaves the home"),
    (HEAD + WEB + 'files = "a.log"\nformat = "plain"\n', "web.format names no variable"),
    (HEAD + WEB + 'files = "a.log"\nformat = "%h %r %>s"\n', "web.format does not tell the time"),
    (HEAD + WEB + 'files = "a.log"\nformat = "%h %{%H:%M}t %>s"\n', "without its zone"),
    (HEAD + WEB + 'files = "a.log"\n[web.fields]\ncolour = "x"\n', "there is no field colour"),
    (HEAD + WEB + 'files = "a.log"\n[web.fields]\naccount = "http_x_account"\n', "has no variable http_x_account"),
    (HEAD + WEB + 'files = "a.log"\nformats = "combined"\n', "web.formats is not a key"),
    (HEAD + '[App]\nkind = "files"\n', "lower-case"),
    (HEAD + APP, "app.datasets is missing"),
    (HEAD + APP + "[app.datasets]\n", "names no dataset"),
    (HEAD + APP + '[app.datasets]\nnothing = "SELECT 1"\n', "app.datasets.nothing has no contract"),
    (HEAD + APP + '[app.datasets]\naccounts = "customer"\n', "is no SELECT"),
    (HEAD + APP + 'sslmode = "maybe"\n[app.datasets]\naccounts = "SELECT 1"\n', "app.sslmode"),
    (HEAD + APP + 'statement_timeout_seconds = 0\n[app.datasets]\naccounts = "SELECT 1"\n', "at least 1"),
    (HEAD + APP + 'pasword = "x"\n[app.datasets]\naccounts = "SELECT 1"\n', "app.pasword is not a key"),
    (HEAD + APP + '[app.datasets]\naccounts = "SELECT 1"\n[app.overlap]\nusers = 2\n', "app.overlap.users"),
    (HEAD + FILES + '[records.datasets]\naccounts = "../accounts.csv"\n', "leaves the home"),
    (HEAD + FILES + '[records.datasets]\naccounts = "https://example.org/a.csv"\n', "is an address"),
    (HEAD + COPIES, "copies.catalogues is missing"),
    (HEAD + COPIES + "[copies.catalogues]\n", "copies.catalogues names no catalogue"),
    (HEAD + COPIES + '[copies.catalogues.a]\ntool = "tar"\n', "copies.catalogues.a.tool is 'tar'"),
    (HEAD + COPIES + '[copies.catalogues.a]\ntool = "restic"\n', "copies.catalogues.a.files is missing"),
    (HEAD + RESTIC, "copies.catalogues.a.server is missing; write server = …"),
    (HEAD + RESTIC + 'server = "v"\n', "copies.catalogues.a.source is missing; write source = … or a table sources"),
    (HEAD + RESTIC + 'server = "v"\nsource = "p"\nsources = { h = "p" }\n', "copies.catalogues.a.source is said twice"),
    (HEAD + RESTIC + 'server = "v 1"\nsource = "p"\n', "copies.catalogues.a.server is 'v 1'"),
    (HEAD + RESTIC + 'server = "v"\nsources = { h = 1 }\n', "copies.catalogues.a.sources.h is 1"),
    (HEAD + RESTIC + 'server = "v"\nsource = "p"\nvolume = "d"\n', "copies.catalogues.a.volume is not a key"),
    (HEAD + RESTIC + 'server = "v"\nsource = "p"\nlogs = "../a.log"\n', "copies.catalogues.a.logs leaves the home"),
    (HEAD + RESTIC.replace("a.json", "/../a.json") + 'server = "v"\nsource = "p"\n', "leaves the home"),
    (HEAD + PGBACKREST + 'server = "v"\nsource = "p"\nlogs = "a.log"\n', "copies.catalogues.a.logs is not a key"),
    (HEAD + PGBACKREST + 'server = "v"\nservers = { 1 = "v" }\n', "copies.catalogues.a.server is said twice"),
    (HEAD + COPIES + '[copies.catalogues.a]\ntool = "records"\nfiles = "a.csv"\nserver = "v"\n', "server is not a key"),
    (HEAD + RESTIC + 'server = "v"\nsource = "p"\n' + FILES + '[records.datasets]\nbackups = "b.csv"\n',
     "already given by copies"),
    (HEAD + FILES + '[records.datasets]\naccounts = "a.csv"\n' + APP + '[app.datasets]\naccounts = "SELECT 1"\n',
     "already given by records"),
])
def test_nonsense_is_refused_with_a_sentence(place, text, words):
    with pytest.raises(AlpiaError) as caught:
        load(place, text)
    assert words in str(caught.value)
    assert "sources.toml" in str(caught.value)
    assert ";" in str(caught.value)


def test_a_password_written_into_the_file_is_not_repeated(place):
    with pytest.raises(AlpiaError) as caught:
        load(place, HEAD + '[app]\nkind = "postgres"\nsecret = "postgresql://u:secret-word@h/d"\n'
             '[app.datasets]\naccounts = "SELECT 1"\n')
    assert "secret-word" not in str(caught.value)
    assert "environment variable" in str(caught.value)


def test_the_example_is_a_file_that_loads(place):
    from pipelines.home import REPOSITORY
    example = sources.load(REPOSITORY / "data" / "sources.example.toml", place.contracts)
    given = {dataset for source in example.by_name.values() for dataset in source.datasets}
    assert given == set(place.contracts)
