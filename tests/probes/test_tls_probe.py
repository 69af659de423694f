"""`alpia sources probe tls`: from a real server to a dated record in the home, and from there into the warehouse."""

import json
import stat
import time
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from pipelines import warehouse
from pipelines.cli import main
from pipelines.collect import collection, sources
from pipelines.collect.probes import records
from pipelines.collect.probes.endpoint import Endpoint
from pipelines.collect.probes.plain_answer import plain_answer
from pipelines.errors import AlpiaError
from pipelines.register import contracts

KEY = bytes(range(32))
CONTRACTS = contracts.load()
STATUS = "FROM source.collection SELECT {} WHERE dataset = 'tls_probes'"


@pytest.mark.parametrize(("name", "answer"), [
    ("bare", "redirect"),
    ("page", "redirect_page"),    # nginx's own page, of 162 bytes or so
    ("cookie", "content"),        # a cookie set in the clear is told in the clear
    ("loop", "content"),          # from the clear into the clear
    ("telling", "content"),       # one place redirects, another answers
    ("answer", "content"),
])
def test_what_a_plain_port_answers(servers, name, answer):
    assert plain_answer(Endpoint("localhost", servers.plain[name])) == answer


def test_a_tls_port_asked_in_the_clear_gives_an_answer_of_its_own(servers):
    """nginx says 400 there: it leads nowhere, so it is not the redirect that is exempt."""
    assert plain_answer(Endpoint("localhost", servers.tls["strict"])) == "content"


def probe(home, servers, tls: str, plain: str, *more: str):
    return CliRunner().invoke(main, ["sources", "probe", "tls", f"localhost:{servers.tls[tls]}", "--plain-port",
                                     str(servers.plain[plain]), "--home", str(home.path), *more], catch_exceptions=False)


def collected(home):
    """The connection of a finished collection of the home."""
    con = warehouse.create(home.path / "built" / f"{len(list(home.path.glob('built/*')))}.duckdb", None, CONTRACTS)
    collection.collect(con, home, sources.load(home.sources_toml, CONTRACTS), CONTRACTS, KEY, datetime.now(UTC))
    return con


def test_a_probe_says_what_it_found_and_where_it_is_stored(servers, home):
    run = probe(home, servers, "aes128", "page")
    assert run.exit_code == 0
    [file] = (home.path / "probes" / "tls").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run.output.splitlines()[-1] == f"{file} holds this record."
    assert f"localhost:{servers.tls['aes128']}  TLSv1.2  ECDHE-ECDSA-AES128-GCM-SHA256  accepted  1" in run.output
    assert "any  3DES  not_tried  -" in run.output
    stored = [json.loads(line) for line in file.read_text().splitlines()]
    as_json = json.loads(probe_later(home, servers).output)["found"]
    assert [row | {"probed_at": None} for row in stored] == [row | {"probed_at": None} for row in as_json]


def probe_later(home, servers):
    """A record has the second in its name, and a probe of a server at hand takes less."""
    for _ in range(30):
        time.sleep(0.1)
        run = CliRunner().invoke(main, ["sources", "probe", "tls", f"localhost:{servers.tls['aes128']}", "--plain-port",
                                        str(servers.plain["page"]), "--home", str(home.path), "--json"])
        if run.exit_code == 0:
            return run
        assert "a probe is never written over" in run.output
    raise AssertionError(run.output)


def test_records_and_scans_become_rows(servers, home):
    probe(home, servers, "usual", "bare")
    toml = home.sources_toml.read_text().replace('"probes/tls/*.jsonl"', '["probes/tls/*.jsonl", "scan.json", "*.json"]')
    home.sources_toml.write_text(toml)
    (home.path / "scan.json").write_text(json.dumps({"date_scans_started": "2026-01-02T03:04:05.678901Z",
        "server_scan_results": [{
            "server_location": {"hostname": "Old.example", "port": 443}, "scan_status": "COMPLETED", "scan_result": {
                "ssl_3_0_cipher_suites": {"status": "COMPLETED", "result": {"rejected_cipher_suites": [{}, {}],
                    "accepted_cipher_suites": [{"cipher_suite": {"name": "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
                                                                 "openssl_name": "DES-CBC3-SHA", "key_size": 168}}]}},
                "tls_1_2_cipher_suites": {"status": "ERROR", "result": None},
                "tls_1_3_cipher_suites": {"status": "NOT_SCHEDULED", "result": None}}}]}))
    con = collected(home)
    rows = con.execute("SELECT protocol, suite, outcome, suites FROM source.tls_probes WHERE endpoint = 'old.example:443' "
                       "ORDER BY ALL").fetchall()
    assert rows == [("SSLv2", "others", "not_tried", None), ("SSLv3", "DES-CBC3-SHA", "accepted", 1),
                    ("SSLv3", "others", "refused", 2), ("TLSv1", "others", "not_tried", None),
                    ("TLSv1.1", "others", "not_tried", None), ("TLSv1.2", "others", "no_answer", None),
                    ("TLSv1.3", "others", "not_tried", None)]
    place = f"localhost:{servers.tls['usual']}"
    taken = con.execute("SELECT count(*), count(DISTINCT probed_at) FROM source.tls_probes WHERE endpoint = $place "
                        "AND outcome = 'accepted'", {"place": place}).fetchone()
    assert taken == (5, 1)
    assert con.execute("SELECT outcome FROM source.tls_probes WHERE protocol = 'plain'").fetchall() == [("redirect",)]
    told = con.execute(STATUS.format("status, rows_in = rows_kept, rows_set_aside")).fetchone()
    assert told == ("collected", True, 0)


def test_a_bad_line_is_set_aside_by_itself(home):
    good = {"endpoint": "a.example:443", "probed_at": "2026-01-02T03:04:05Z", "protocol": "TLSv1.2", "suite": "others",
            "outcome": "refused", "suites": 3}
    bad = [good | {"outcome": "perhaps"}, good | {"probed_at": "2026-01-02T03:04:05"}, good | {"endpoint": " "}]
    lines = [json.dumps(row) for row in (good, *bad)]
    file = records.write(home, "tls", datetime(2026, 1, 2, tzinfo=UTC), "a", [])
    file.write_text("\n".join([*lines, "{"]))
    con = collected(home)
    shown = f"probes/tls/{file.name}"
    assert con.execute(STATUS.format("rows_in, rows_kept, rows_set_aside")).fetchone() == (5, 1, 4)
    aside = con.execute("FROM source.set_aside SELECT reason, place, column_name ORDER BY place").fetchall()
    assert aside == [("unknown_value", f"{shown}:2", "outcome"), ("time_without_zone", f"{shown}:3", "probed_at"),
                     ("missing_value", f"{shown}:4", "endpoint"), ("unreadable_line", f"{shown}:5", None)]


def test_a_home_without_a_record_says_so(home):
    status, detail = collected(home).execute(STATUS.format("status, detail")).fetchone()
    assert (status, detail) == ("failed", "no file matches probes/tls/*.jsonl: check the path in sources.toml")


def test_a_record_is_never_written_over(home):
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    file = records.write(home, "tls", at, "[2001:db8::1]:443", [{"a": 1}])
    assert file.name == "20260102T030405Z_2001-db8-1-443.jsonl"
    with pytest.raises(AlpiaError, match="a probe is never written over"):
        records.write(home, "tls", at, "[2001:db8::1]:443", [{"a": 2}])
    assert file.read_text() == '{"a": 1}\n'


def test_what_is_no_endpoint_is_wrong_usage(home):
    run = CliRunner().invoke(main, ["sources", "probe", "tls", "https://a.example", "--home", str(home.path)])
    assert (run.exit_code, "is no endpoint" in run.output) == (2, True)
