"""`alpia sources probe cookies`: a real Chromium visits a real server, and what it was given comes into the warehouse."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from search import found, tables
from web_server import free_port, nginx

from pipelines import warehouse
from pipelines.cli import main
from pipelines.collect import collection, sources
from pipelines.collect.pseudonyms import pseudonym
from pipelines.register import contracts

KEY = bytes(range(32))
CONTRACTS = contracts.load()
VALUE = "secret-value"
# once: set where it is not there; renewed: by each answer; _ga_…: by a script; third: with a picture of another host.
PAGES = """
access_log {folder}/access.log;
map $cookie_once $set_once {{ default ""; "" "once={value}; Max-Age=86400; Path=/"; }}
server {{
    listen 127.0.0.1:{port};
    location = / {{
        default_type text/html;
        add_header Set-Cookie "sess_12345={value}; HttpOnly; Path=/";
        add_header Set-Cookie "renewed={value}; Max-Age=34560000; Path=/";
        add_header Set-Cookie $set_once;
        return 200 '<!doctype html><img src="http://127.0.0.1:{port}/third.png"><script>
            document.cookie = "_ga_G7X2K9={value}; Max-Age=7200; Path=/"; localStorage.setItem("seen", "1");</script>';
    }}
    location = /third.png {{ add_header Set-Cookie "third={value}; Max-Age=60"; return 204; }}
    location = /none {{ default_type text/html; return 200 "<!doctype html>"; }}
    location = /broken {{ return 500; }}
    location = /moved {{ add_header Set-Cookie "moved={value}" always; return 302 /; }}
    location = /odd {{ add_header Set-Cookie "odd={value}; Expires=in a while"; return 204; }}
}}
"""
DECLARED = """pattern,purpose,lifetime
sess_*,sign_in,session
_ga_*,visits,13 mois
renewed,preferences,1 an
ren*,other,1 an
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("pages"), free_port()
    with nginx(folder, PAGES.format(folder=folder, port=port, value=VALUE), port):
        yield f"http://localhost:{port}"


@pytest.fixture
def home(tmp_path):
    from pipelines.home import Home

    (tmp_path / "sources.toml").write_text(
        '[system]\nname = "Test"\nfounded_on = 2010-01-01\n[records]\nkind = "files"\n[records.datasets]\n'
        'cookies = "probes/cookies/*.jsonl"\ndeclared_cookies = "declared.csv"\n')
    (tmp_path / "declared.csv").write_text(DECLARED, encoding="utf-8")
    return Home(tmp_path)


def probe(home, *arguments: str):
    return CliRunner().invoke(main, ["sources", "probe", "cookies", *arguments, "--home", str(home.path)])


def records(home) -> dict[tuple[str, str], dict]:
    [file] = (home.path / "probes" / "cookies").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return {(row["cookie_id"], row["how"]): row for row in map(json.loads, file.read_text().splitlines())}


def collected(home):
    con = warehouse.create(home.path / "built" / f"{len(list(home.path.glob('built/*')))}.duckdb", None, CONTRACTS)
    collection.collect(con, home, sources.load(home.sources_toml, CONTRACTS), CONTRACTS, KEY,
                       datetime.now(UTC) + timedelta(minutes=1))
    return con


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def visit(pages, tmp_path_factory):
    """A home in which the page was visited once, and what the command said."""
    folder = tmp_path_factory.mktemp("visited")
    (folder / "declared.csv").write_text(DECLARED, encoding="utf-8")
    (folder / "sources.toml").write_text(
        '[system]\nname = "Test"\nfounded_on = 2010-01-01\n[records]\nkind = "files"\n[records.datasets]\n'
        'cookies = "probes/cookies/*.jsonl"\ndeclared_cookies = "declared.csv"\n')
    from pipelines.home import Home

    home = Home(folder)
    return home, probe(home, pages)


def test_a_visit_finds_what_headers_and_scripts_set(visit):
    home, run = visit
    assert run.exit_code == 0, run.output
    rows = records(home)
    assert {name for name, how in rows if how == "visit"} == {"sess_12345", "renewed", "once", "_ga_G7X2K9"}
    assert {name for name, how in rows if how == "header"} == {"sess_12345", "renewed", "once"}
    assert {(row["host"], row["domain"]) for row in rows.values()} == {("localhost", "localhost")}
    assert "Other hosts that the page asked for something: 1." in run.output.splitlines()


def test_a_cookie_that_the_second_visit_prolongs_is_told_from_one_that_it_leaves(visit):
    rows = records(visit[0])
    told = {name: row["is_prolonged"] for (name, how), row in rows.items() if how == "visit"}
    assert told == {"sess_12345": None, "renewed": True, "once": False, "_ga_G7X2K9": True}
    assert {row["is_prolonged"] for (_, how), row in rows.items() if how == "header"} == {None}


def test_when_a_cookie_ends_is_told_by_the_header_and_by_the_browser(visit):
    """34,560,000 seconds are 400 days: as long as Chromium lets a cookie live at all."""
    rows = records(visit[0])
    for how, tolerance in (("header", 2), ("visit", 15)):
        lived = moment(rows["renewed", how]["expires_at"]) - moment(rows["renewed", how]["first_set_at"])
        assert abs(lived.total_seconds() - 34_560_000) <= tolerance
        session = rows["sess_12345", how]
        assert (session["is_session"], session["expires_at"]) == (True, None)
    assert 86_395 <= (moment(rows["once", "visit"]["expires_at"])
                      - moment(rows["once", "visit"]["first_set_at"])).total_seconds() <= 86_405


def test_names_become_pseudonyms_and_only_declared_patterns_are_kept(visit):
    home, _ = visit
    con = collected(home)
    rows = con.execute("SELECT cookie_id, declared_as FROM source.cookies WHERE how = 'visit' ORDER BY 2").fetchall()
    assert rows == [(pseudonym(KEY, "cookie", name), pattern) for name, pattern in (
        ("_ga_G7X2K9", "_ga_*"), ("renewed", "renewed"), ("sess_12345", "sess_*"), ("once", None))]
    assert con.execute("SELECT pattern, lifetime FROM source.declared_cookies ORDER BY ALL").fetchall() == [
        ("_ga_*", "P13M"), ("ren*", "P12M"), ("renewed", "P12M"), ("sess_*", "session")]
    path = con.execute("SELECT path FROM duckdb_databases() WHERE path LIKE '%built%'").fetchone()[0]
    warehouse.finish(con)
    names = {"sess_12345", "G7X2K9", "once"}
    assert found(names, [("the record", "".join(f"{row}" for row in records(home).values()))])
    assert found(names | {VALUE}, tables(path)) == []


def test_no_value_of_a_cookie_is_ever_written(visit):
    home, run = visit
    files = [(str(path), path.read_text()) for path in home.path.rglob("*") if path.suffix in (".jsonl", ".csv", ".toml")]
    assert found({VALUE}, [*files, ("output", run.output)]) == []


def test_without_a_browser_the_headers_of_the_page_alone_are_read(pages, home):
    """Nothing is followed: what the place that it leads to sets is no cookie of this page."""
    run = probe(home, f"{pages}/moved", "--no-visit")
    assert run.exit_code == 0, run.output
    assert set(records(home)) == {("moved", "header")}


def test_saved_headers_are_read_and_nobody_is_asked(home):
    file = home.path / "headers.txt"
    file.write_text(f"HTTP/1.1 200 OK\nDate: Tue, 10 Mar 2026 09:00:00 GMT\nSet-Cookie: a={VALUE}; Max-Age=86400\n"
                    f"Set-Cookie: b={VALUE}; Domain=.example; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Max-Age=60\n")
    os.utime(file, (1, 1))
    run = probe(home, "https://app.example/page", "--headers", str(file))
    assert run.exit_code == 0, run.output
    rows = records(home)
    assert rows["a", "header"]["expires_at"] == "2026-03-11T09:00:00Z"
    assert (rows["b", "header"]["domain"], rows["b", "header"]["expires_at"]) == ("example", "2026-03-10T09:01:00Z")
    assert found({VALUE}, [("record", f"{rows}"), ("output", run.output)]) == []


def test_an_end_that_cannot_be_read_is_set_aside(pages, home):
    assert probe(home, f"{pages}/odd", "--no-visit").exit_code == 0
    con = collected(home)
    assert con.execute("SELECT reason, column_name, rows FROM source.set_aside WHERE dataset = 'cookies'").fetchall() == [
        ("wrong_type", "expires_at", 1)]


def test_a_page_without_cookies_leaves_a_record_without_rows(pages, home):
    run = probe(home, f"{pages}/none")
    assert run.exit_code == 0, run.output
    status = collected(home).execute("SELECT status, rows_in FROM source.collection WHERE dataset = 'cookies'").fetchone()
    assert status == ("collected", 0)


def test_a_declaration_that_says_nothing_or_cannot_be_read(home):
    """`*` would declare everything; `[` and `?` are letters like others; a lifetime that nobody understands is set aside."""
    (home.path / "declared.csv").write_text("pattern,purpose,lifetime\n*,sign_in,session\na?c,visits,1 an\n"
                                            "x[1],visits,6 mois\ny*,visits,quelque temps\n", encoding="utf-8")
    folder = home.path / "probes" / "cookies"
    folder.mkdir(parents=True)
    row = {"host": "a.example", "domain": "a.example", "seen_at": "2026-01-02T03:04:05Z", "how": "visit", "is_session": True,
           "first_set_at": "2026-01-02T03:04:05Z", "declared_as": "believe me"}
    names = ("abc", "a?c", "x1", "x[1]", "yes", "zzz")
    (folder / "a.jsonl").write_text("".join(json.dumps(row | {"cookie_id": name}) + "\n" for name in names))
    con = collected(home)
    told = dict(con.execute("SELECT cookie_id, declared_as FROM source.cookies").fetchall())
    assert {name: told[pseudonym(KEY, "cookie", name)] for name in names} == {
        "abc": None, "a?c": "a?c", "x1": None, "x[1]": "x[1]", "yes": "y*", "zzz": None}
    aside = con.execute("SELECT reason, column_name, rows FROM source.set_aside").fetchall()
    assert aside == [("wrong_type", "lifetime", 1)]


@pytest.mark.parametrize("url", ["app.example", "ftp://app.example", "https://", "https://me:pass@app.example/",
                                 "http://app.example:99999/"])
def test_what_is_no_page_is_wrong_usage_and_is_not_repeated(home, url):
    run = probe(home, url)
    assert (run.exit_code, "no address of a page" in run.output) == (2, True)
    assert "me:pass" not in run.output


def test_a_page_that_does_not_open_is_a_clear_error(pages, home):
    for url in (f"{pages}/broken", f"http://localhost:{free_port()}"):
        run = probe(home, url)
        assert (run.exit_code, run.output.startswith("alpia: The page cannot be visited: ")) == (1, True)
    assert not (home.path / "probes").exists()
