"""What a server accepts, tried with real handshakes against a real nginx, and what sslyze finds of the same servers."""

import json
import socket
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.collect.probes import handshakes, sslyze
from pipelines.collect.probes.endpoint import Endpoint, endpoint
from pipelines.collect.staging import DatasetError, Refusals
from pipelines.errors import UsageError
from pipelines.register import suites

SSLYZE = Path(__file__).parents[2] / ".venv-sslyze" / "bin" / "sslyze"
AES256, AES128 = "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"
CHACHA = "ECDHE-ECDSA-CHACHA20-POLY1305"
NEW = tuple(("TLSv1.3", suite) for suite in handshakes.TLS_1_3_SUITES[:3])  # AES-256, ChaCha20, AES-128
ACCEPTED = {
    "strict": {*NEW[:2], ("TLSv1.2", AES256), ("TLSv1.2", CHACHA)},
    "usual": {*NEW, ("TLSv1.2", AES256), ("TLSv1.2", AES128)},
    "aes128": {("TLSv1.2", AES128)},
    "modern128": {NEW[2]},
    "nobody": set(),
}


def found(port: int, timeout: float = 5) -> list[handshakes.Tried]:
    return handshakes.tried(Endpoint("localhost", port), timeout)


def accepted(tried) -> set[tuple[str, str]]:
    return {(one.protocol, one.suite) for one in tried if one.outcome == "accepted"}


def others(tried) -> dict[str, str]:
    return {one.protocol: one.outcome for one in tried if one.suite == handshakes.OTHERS}


@pytest.mark.parametrize("name", ACCEPTED)
def test_every_suite_that_is_accepted_is_found_and_no_other(servers, name):
    """`usual` prefers AES-256 and takes AES-128 from whoever has nothing else: who only asks once never sees it."""
    tried = found(servers.tls[name])
    assert accepted(tried) == ACCEPTED[name]
    assert {others(tried)[protocol] for protocol in handshakes.PROTOCOLS} == {"refused"}


def test_old_protocols_and_suites_without_encryption_are_tried(servers):
    """The security level of our own OpenSSL must not stand in the way."""
    taken = accepted(found(servers.tls["old"]))
    assert {protocol for protocol, _ in taken} == {"TLSv1.2", "TLSv1.1", "TLSv1"}
    assert {("TLSv1", "ECDHE-ECDSA-NULL-SHA"), ("TLSv1.1", "AECDH-AES128-SHA"), ("TLSv1.2", AES128)} <= taken


def test_what_this_openssl_cannot_offer_is_not_tried_and_never_refused(servers):
    told = {(one.protocol, one.suite): one.outcome for one in found(servers.tls["strict"])}
    untried = {key for key, outcome in told.items() if outcome == "not_tried"}
    assert {("SSLv3", "others"), ("SSLv2", "others"), ("any", "3DES"), ("any", "RC4"), ("any", "EXPORT"), ("any", "PSK")
            } <= untried
    assert not any(handshakes._listed(f"{family}:{handshakes.LEVEL}") for protocol, family in untried
                   if protocol == "any" and family not in handshakes.SHARED_SECRET)


@contextmanager
def odd_server(answer):
    """A server that does `answer(connection)` with whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def closing(connection):
    connection.recv(65536)


def speaking_http(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def silent(connection):
    connection.settimeout(1)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return


@pytest.mark.parametrize(("answer", "timeout"), [(closing, 5), (speaking_http, 5), (silent, 0.2)])
def test_a_server_that_never_says_yes_or_no_leaves_it_open(answer, timeout):
    with odd_server(answer) as port:
        told = others(found(port, timeout))
    assert {told[protocol] for protocol in handshakes.PROTOCOLS} == {"no_answer"}


def test_nobody_there_is_no_refusal():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        told = others(found(free.getsockname()[1]))
    assert {told[protocol] for protocol in handshakes.PROTOCOLS} == {"no_answer"}


def test_a_connection_closed_without_a_word_is_a_refusal_where_the_server_still_answers_others(servers):
    """In front of the server: whoever asks for TLS 1.0 or 1.1 is cut off, as some balancers do."""
    def cut_off_the_old(connection):
        hello = connection.recv(65536)
        if b"\x00\x2b" not in hello and hello[9:11] in (b"\x03\x01", b"\x03\x02"):
            return
        with socket.create_connection(("127.0.0.1", servers.tls["aes128"])) as behind:
            behind.sendall(hello)
            behind.settimeout(0.2)
            connection.settimeout(0.2)
            pass_on(connection, behind)
    with odd_server(cut_off_the_old) as port:
        tried = found(port)
    assert accepted(tried) == ACCEPTED["aes128"]
    assert (others(tried)["TLSv1.1"], others(tried)["TLSv1"]) == ("refused", "refused")


def pass_on(here: socket.socket, there: socket.socket) -> None:
    while True:
        for source, target in ((there, here), (here, there)):
            try:
                content = source.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                return
            if not content:
                return
            target.sendall(content)


@pytest.fixture(scope="module")
def scan(servers, tmp_path_factory):
    """What sslyze saves of the servers, and of a port where nobody is."""
    file = tmp_path_factory.mktemp("scan") / "scan.json"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        targets = [f"localhost:{port}" for port in (*servers.tls.values(), free.getsockname()[1])]
        assert SSLYZE.is_file(), "`make test` installs sslyze in .venv-sslyze"
        # The scans that are read: its many others would take minutes.
        kinds = [f"--{word}" for word in ("sslv2", "sslv3", "tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3")]
        subprocess.run([SSLYZE, "--mozilla_config=disable", *kinds, f"--json_out={file}", *targets], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return file, int(targets[-1].split(":")[1])


def rows(file, refusals=None) -> list[dict]:
    return [row for _, row in sslyze.rows(file, "scan.json", refusals or Refusals())]


def test_sslyze_and_the_handshakes_find_the_same(servers, scan):
    """Two programs, two OpenSSLs: of every suite that both can offer they say the same, under the same name."""
    file, _ = scan
    by_scan = {}
    for row in rows(file):
        if row["outcome"] == "accepted":
            by_scan.setdefault(row["endpoint"], set()).add((row["protocol"], row["suite"]))
    ours = {f"localhost:{port}": accepted(found(port)) for port in servers.tls.values()}
    assert by_scan == {place: taken for place, taken in ours.items() if taken}


def test_a_server_that_did_not_answer_sslyze_has_refused_nothing(scan):
    file, port = scan
    silent = [row for row in rows(file) if row["endpoint"] == f"localhost:{port}"]
    assert {row["outcome"] for row in silent} == {"no_answer"}
    assert len(silent) == 6


def test_of_sslyze_only_names_moments_and_outcomes_are_taken(scan):
    file, _ = scan
    assert "Traceback" in file.read_text()  # the control: traces and addresses stand in the file
    told = rows(file)
    assert {key for row in told for key in row} == {"endpoint", "probed_at", "protocol", "suite", "outcome", "suites"}
    assert not any("Traceback" in f"{row}" or "127.0.0.1" in f"{row}" for row in told)


def test_a_scan_that_cannot_be_understood_is_set_aside_server_by_server(scan, tmp_path):
    saved = json.loads(scan[0].read_text())
    saved["server_scan_results"][0]["server_location"].pop("port")
    saved["server_scan_results"][1]["scan_result"] = 7
    saved["invalid_server_strings"] = [{"server_string": "x"}]
    file = tmp_path / "scan.json"
    file.write_text(json.dumps(saved))
    refusals = Refusals()
    assert len({row["endpoint"] for row in rows(file, refusals)}) == len(saved["server_scan_results"]) - 2
    last = len(saved["server_scan_results"]) + 1
    assert refusals.entries() == [("unreadable_line", f"scan.json:1,2,{last}", 3)]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"server_scan_results": 1}', "[" * 100_000])
def test_what_is_no_scan_is_refused_as_a_whole(tmp_path, content):
    (tmp_path / "scan.json").write_text(content)
    with pytest.raises(DatasetError, match=r"scan.json is no scan: save what `sslyze --json_out` writes"):
        rows(tmp_path / "scan.json")


@pytest.mark.parametrize(("text", "host", "port", "shown"), [
    ("app.example.org", "app.example.org", 443, "app.example.org:443"),
    ("APP.example.org.:8443", "app.example.org", 8443, "app.example.org:8443"),
    ("192.0.2.1", "192.0.2.1", 443, "192.0.2.1:443"),
    ("[2001:db8::1]:8443", "2001:db8::1", 8443, "[2001:db8::1]:8443"),
    ("[2001:DB8::1]", "2001:db8::1", 443, "[2001:db8::1]:443"),
])
def test_an_endpoint_is_a_host_and_a_port(text, host, port, shown):
    asked = endpoint(text)
    assert (asked.host, asked.port, str(asked)) == (host, port, shown)


@pytest.mark.parametrize("text", ["", "https://app.example.org", "app.example.org:0", "app.example.org:99999", "a b", "[::1",
                                  "2001:db8::1", "[example.org]", "app.example.org/path", "a..b", ":443"])
def test_what_is_no_endpoint_is_refused(text):
    with pytest.raises(UsageError, match="is no endpoint: write HOST or HOST:PORT"):
        endpoint(text)


def test_the_bits_of_every_suite_are_what_openssl_says():
    """The one table of bits, held against the program that encrypts. (OpenSSL counts 3DES as 112 too.)"""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    told = {cipher["name"]: cipher["strength_bits"] for cipher in context.get_ciphers()}
    connection = warehouse.memory()
    suites.install(connection)
    ours = dict(connection.execute("SELECT name, suite_bits(name) FROM (SELECT unnest($names) AS name)",
                                   {"names": list(told)}).fetchall())
    assert ours == told
    assert len(told) > 100
    for name in ("SOMETHING-NEW", "", "-", "none", "others"):
        assert connection.execute("SELECT suite_bits($name)", {"name": name}).fetchone() == (None,)
