"""The product under its own eyes: who can read what it stores, whether an address is inside, whether anything was sent."""

import socket

import pytest

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import outward
from pipelines.verify import own


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    home.path.chmod(0o700)
    return home


@pytest.fixture
def file():
    connection = warehouse.memory()
    connection.execute("CREATE SCHEMA source; CREATE SCHEMA verification")
    yield connection
    connection.close()


def test_what_others_can_use_is_named_and_what_is_closed_is_not(home):
    for name, mode in (("reports/x.html", 0o644), ("reports/y.html", 0o600), ("runs/z.ipynb", 0o620),
                       ("sources.toml", 0o604)):
        path = home.path / name
        path.write_text("x", encoding="utf-8")
        path.chmod(mode)
    (home.path / "theirs").mkdir()
    (home.path / "theirs" / "a.csv").write_text("x", encoding="utf-8")  # not ours to judge
    home.runs.chmod(0o750)
    looked_at, opened = own.access(home)
    assert opened == [("reports/x.html", "0644"), ("runs", "0750"), ("runs/z.ipynb", "0620"), ("sources.toml", "0604")]
    assert looked_at == 8  # the home, warehouse, reports, runs, and the four files


ADDRESSES = {"email": ("a.b+c@sub.example.org", "<x@y.fr>", "mail an x@y.de, bitte"),
             "ip_v4": ("203.0.113.9", "[203.0.113.9]:443", "from 10.0.0.1 on"),
             "ip_v6": ("2001:db8::1", "[fe80::1:2]", "2001:0db8:0000:0000:0000:ff00:0042:8329")}
INNOCENT = ("account-0123456789abcdef01234567", "2026-06-30 10:11:12+02", "1.2.3", "120.0.6099.109.1", "300.1.1.1", "@",
            "a@b", "10:11:12", "Europe/Paris", "trash.kept", "12 % ; 3:4", "", "é@", "1.2.3.4.5")


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in ADDRESSES.items() for text in texts])
def test_an_address_is_found_in_texts_lists_and_maps(file, what, text):
    file.execute("CREATE TABLE source.t AS SELECT 1 AS n, $text AS plain, [$text] AS listed, MAP {'k': $text} AS mapped", {
        "text": text})
    found = {row[0]: (row[3], row[4]) for row in own.content(file)}
    assert found[what] == (3, "source.t.plain, source.t.listed, source.t.mapped")
    assert all(found[other] == (0, None) for other in ADDRESSES if other != what)


def test_what_looks_like_none_is_not_found_and_what_was_read_is_counted(file):
    file.execute("CREATE TABLE source.t AS SELECT unnest($texts) AS v, 5 AS n", {"texts": list(INNOCENT)})
    assert own.content(file) == [(what, 1, len(INNOCENT), 0, None) for what in ADDRESSES]


def test_a_search_that_misses_what_is_planted_publishes_nothing(file, monkeypatch):
    monkeypatch.setitem(own.LOOKS, "email", "contains(v, '#')")
    with pytest.raises(AlpiaError, match="misses what is planted"):
        own.content(file)


def called(*target):
    """What was raised by a call of Python code."""
    with socket.socket() as one:
        one.settimeout(1)
        try:
            one.connect(target)
        except OSError as error:
            return type(error)
    return None


def test_a_call_of_python_code_is_refused_and_counted(file, tmp_path):
    with outward.nothing_leaves():
        assert called("192.0.2.77", 443) is PermissionError
        with pytest.raises(PermissionError, match="declared sources"):
            socket.getaddrinfo("telemetry.example.org", 443)
        assert called("127.0.0.1", 9) is ConnectionRefusedError  # this machine
        with socket.socket(socket.AF_UNIX) as kernel, pytest.raises(FileNotFoundError):
            kernel.connect(str(tmp_path / "none"))
        outward.write(file, "verify")
        outward.write(file, "verify")  # again: not twice
    assert file.execute("FROM verification.own_call ORDER BY what").fetchall() == [
        ("fetching_settings", "verify", 0), ("undeclared_calls", "verify", 2)]
    assert called("127.0.0.1", 9) is ConnectionRefusedError


def test_outside_of_the_stages_nothing_is_refused(file):
    with outward.nothing_leaves():
        pass
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("no-such-host.invalid", 443)
    outward.write(file, "collect")
    assert file.execute("SELECT sum(seen) FROM verification.own_call").fetchone() == (0,)
