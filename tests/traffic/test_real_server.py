"""A log that a real server wrote: nginx over HTTP and HTTPS, asked by decent clients and by odd ones."""

import socket
import ssl
import struct
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from logbook import CHROME, FIREFOX, KEY, Logs
from search import found, tables
from web_server import free_port, nginx

from pipelines.collect.pseudonyms import pseudonym

FORMAT = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
          '"$http_host" $scheme $ssl_protocol $ssl_cipher $request_time "$http_x_account"')
CONFIGURATION = """
    log_format full '{form}';
    access_log {folder}/logs/combined.log combined;
    access_log {folder}/logs/full.log full;
    ssl_protocols TLSv1.2 TLSv1.3;
    server {{
        listen 127.0.0.1:{plain}; listen [::1]:{plain};
        location /go {{ return 301 https://www.example.org/; }}
        location /slow {{ proxy_pass http://127.0.0.1:{silent}; }}
        location / {{ return 200 "0123456789"; }}
    }}
    server {{
        listen 127.0.0.1:{tls} ssl; listen [::1]:{tls} ssl;
        location /missing {{ return 404; }}
        location / {{ return 200 "0123456789"; }}
    }}
"""
# Version, cipher suites (None: whatever both know), how many requests.
CONNECTIONS = (
    (ssl.TLSVersion.TLSv1_3, None, 3),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-GCM-SHA256", 2),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384", 1),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-CHACHA20-POLY1305", 1),
)
ODD = rb'Odd "agent" \ with Latin-1: ' + "é".encode("latin-1")


@contextmanager
def silent_backend():
    """A server that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = []
        threading.Thread(target=lambda: taken.append(server.accept()), daemon=True).start()
        yield server.getsockname()[1]
        for connection, _ in taken:
            connection.close()


@contextmanager
def logging_server(folder):
    with silent_backend() as silent:
        ports = SimpleNamespace(plain=free_port(), tls=free_port())
        configuration = CONFIGURATION.format(folder=folder, form=FORMAT, plain=ports.plain, tls=ports.tls, silent=silent)
        with nginx(folder, configuration, ports.tls):
            yield ports


def talk(port: int, sent: bytes, address: str = "127.0.0.1", context: ssl.SSLContext | None = None):
    """Send bytes and read all that is answered: (answer, bits that were negotiated)."""
    with socket.create_connection((address, port), timeout=10) as raw:
        wrapped = context.wrap_socket(raw, server_hostname="localhost") if context else raw
        wrapped.sendall(sent)
        answer = b""
        while chunk := wrapped.recv(65536):
            answer += chunk
        return answer, wrapped.cipher()[2] if context else None


def request(path: bytes = b"/", agent: bytes = FIREFOX.encode(), referrer: bytes = b"", account: bytes = b"",
            method: bytes = b"GET") -> bytes:
    headers = [b"Host: www.example.org", b"User-Agent: " + agent, b"Connection: close"]
    headers += [b"Referer: " + referrer] if referrer else []
    headers += [b"X-Account: " + account] if account else []
    return method + b" " + path + b" HTTP/1.1\r\n" + b"\r\n".join(headers) + b"\r\n\r\n"


def context(version: ssl.TLSVersion, ciphers: str | None = None) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.minimum_version = made.maximum_version = version
    if ciphers:
        made.set_ciphers(ciphers)
    return made


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The home in which nginx has logged, and what the clients sent and were given."""
    logs = Logs(tmp_path_factory.mktemp("server") / "home")
    bits: Counter = Counter()
    with logging_server(logs.home.path) as ports:
        for version, ciphers, times in CONNECTIONS:
            for _ in range(times):
                sent = request(referrer=b"https://www.search.example/?q=secret", account=b"4711")
                answer, negotiated = talk(ports.tls, sent, context=context(version, ciphers))
                assert answer.endswith(b"0123456789")
                bits[str(negotiated)] += 1
        modern = context(ssl.TLSVersion.TLSv1_3)
        bits[str(talk(ports.tls, request(b"/missing", CHROME.encode()), "::1", modern)[1])] += 1
        time.sleep(1.1)  # of requests in one second any may be the first, and the first tells where a visit came from
        # In the clear: three pages, a redirect with its small body and one without, and HTTP/0.9.
        talk(ports.plain, request(), "::1")
        talk(ports.plain, request(b"/caf\xe9?q=\xff\xfe", ODD, b"http://\xe9.example/\xff"))
        talk(ports.plain, request(b'/"quoted"', b'"', b'"'))
        talk(ports.plain, request(b"/go"))
        talk(ports.plain, request(b"/go", method=b"HEAD"))
        talk(ports.plain, b"GET /\r\n")
        # What is no request: a TLS hello to the plain port, nonsense, and plain HTTP to the TLS port.
        talk(ports.plain, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n")
        talk(ports.plain, b"\x00\x01\x02\x7f\x80\xff\"\\\r\n\r\n")
        talk(ports.tls, request())
        hang_up(ports.plain, b"")
        hang_up(ports.plain, request(b"/slow"))
        time.sleep(0.5)
    return SimpleNamespace(logs=logs, bits=bits)


def hang_up(port: int, sent: bytes) -> None:
    """Connect, send, and close the connection at once, without waiting for an answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(sent)
        time.sleep(0.2)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def collected(served, name: str, **settings):
    served.logs.map(files=f"logs/{name}", **settings)
    return served.logs.at_once(datetime.now(UTC) + timedelta(minutes=1))


def sums(night, dimension: str) -> Counter:
    """Hits by value, over persons and robots, and over midnight if that came between."""
    counts: Counter = Counter()
    for value, hits in night.of(dimension, ["value", "hits"]):
        counts[value] += int(hits)
    return counts


def logged(served, name: str) -> list[str]:
    return (served.logs.folder / name).read_text(encoding="ascii").splitlines()


def test_every_line_is_counted_or_set_aside(served):
    for name, settings in (("combined.log", {"form": "combined"}), ("full.log", {"form": FORMAT})):
        night, rows = collected(served, name, **settings), logged(served, name)
        assert night.status == "collected"
        assert night.rows_in == len(rows) == night.total("hits") + sum(count for _, _, count in night.aside)
        assert night.aside == set()
        assert night.total("hits") == 18  # what was sent; who says nothing is not logged


def test_answers_and_bytes_are_those_of_the_server(served):
    """The numbers after the request's closing quote, taken from the log by the plainest of means."""
    after = [row.split('" ')[1].split()[:2] for row in logged(served, "combined.log")]
    statuses, size = Counter(f"{status[0]}xx" for status, _ in after), sum(int(sent) for _, sent in after)
    assert {status for status, _ in after} >= {"200", "301", "400", "404", "499"}
    for name, settings in (("combined.log", {"form": "combined"}), ("full.log", {"form": FORMAT})):
        night = collected(served, name, **settings)
        assert sums(night, "status") == statuses
        assert night.total("bytes") == size


def test_the_bits_are_those_that_were_negotiated(served):
    night = collected(served, "full.log", form=FORMAT)
    found_bits = sums(night, "tls")
    assert {bits: found_bits[bits] for bits in served.bits} == dict(served.bits)
    assert {"128", "256"} == set(served.bits)
    # A HEAD is redirected without a body, a GET with nginx's page; a TLS hello, nonsense, plain HTTP to the TLS port and who
    # hung up are turned away; three pages and HTTP/0.9 went in the clear.
    plain = {"plain_redirect": 1, "plain_redirect_page": 1, "plain_refused": 4, "plain": 4}
    assert {value: hits for value, hits in found_bits.items() if value.startswith("plain")} == plain
    assert sum(plain.values()) == 18 - sum(served.bits.values())
    assert set(sums(collected(served, "combined.log", form="combined"), "tls")) == {"not_logged"}


def test_visitors_come_from_where_they_say(served):
    """Two addresses; a browser that came from a search, two broken referrers, and all others directly."""
    night = collected(served, "full.log", form=FORMAT, sites=["www.example.org"])
    origins = {value for (value,) in night.of("origin", ["value"])}
    assert origins == {"search.example", "direct", "malformed"}
    browsers = sums(night, "browser")
    assert (browsers["Firefox 140"], browsers["Chrome Mobile 125"]) == (12, 1)


def test_accounts_are_pseudonyms(served):
    night = collected(served, "full.log", form=FORMAT, fields={"account": "$http_x_account"})
    # A visit is of the first account that it tells: the same browser's requests in the clear are of it too.
    assert set(sums(night, "account")) == {pseudonym(KEY, "account", "4711"), "none"}
    assert sums(night, "account")[pseudonym(KEY, "account", "4711")] >= 7


def test_nothing_of_the_clients_is_kept(served):
    traces = {"127.0.0.1", "4711", "q=secret", "Mozilla/5.0", "Odd agent", "/caf"}
    assert found(traces, [("the log itself", "\n".join(logged(served, "full.log")))])
    night = collected(served, "full.log", form=FORMAT, fields={"account": "$http_x_account"})
    assert found(traces, tables(night.path)) == []
