"""The published text is read from a file or from the web, within limits, and from nowhere else than what was named."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines.collect import page
from pipelines.errors import AlpiaError, UsageError

HTML = "text/html; charset=utf-8"
TEXT = "<h1>Règles</h1><p>Le jardin ouvre.</p>"
LINES = ["Règles", "Le jardin ouvre."]


@pytest.fixture
def site():
    """`site.answers[path] = (status, headers, body)`, at `site.url`; a server of the test's own."""
    answers = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answers[self.path]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.answers, server.url = answers, f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


def lines(where):
    return [line.text for line in page.read(str(where)).lines if line.text]


@pytest.mark.parametrize(("headers", "body"), [
    ({"Content-Type": HTML}, TEXT.encode()),
    ({"Content-Type": "text/html; charset=iso-8859-15"}, TEXT.encode("iso-8859-15")),
    ({"Content-Type": "text/html"}, b"<meta charset='windows-1252'>" + TEXT.encode("cp1252")),
    ({"Content-Type": "text/html"}, TEXT.encode()),
    ({"Content-Type": "text/html"}, TEXT.encode("cp1252")),
    ({"Content-Type": "text/html; charset=nonsense"}, TEXT.encode()),
    ({"Content-Type": HTML, "Content-Encoding": "gzip"}, gzip.compress(TEXT.encode(), mtime=0)),
    ({"Content-Type": "application/xhtml+xml"}, b"<?xml version='1.0'?>" + TEXT.encode()),
    ({"Content-Type": "text/plain; charset=utf-8"}, "\n\n".join(LINES).encode()),
    ({"Content-Type": "text/plain"}, "\n".join(LINES).encode("utf-16")),
])
def test_a_page_is_read_in_its_own_character_set(site, headers, body):
    site.answers["/"] = (200, headers, body)
    assert lines(site.url + "/") == LINES


@pytest.mark.parametrize(("name", "body"), [
    ("a.html", TEXT.encode()), ("a.txt", "\n\n".join(LINES).encode()),
    ("a.txt", b"\xef\xbb\xbf" + "\n".join(LINES).encode()),
    ("saved", b"  <!DOCTYPE html>" + TEXT.encode()),
])
def test_a_file_is_a_page_or_plain_text(tmp_path, name, body):
    (tmp_path / name).write_bytes(body)
    assert lines(tmp_path / name) == LINES


def test_a_redirect_is_followed_within_the_host(site):
    site.answers["/old"] = (301, {"Location": "/new"}, b"")
    site.answers["/new"] = (200, {"Content-Type": HTML}, TEXT.encode())
    assert lines(site.url + "/old") == LINES


def test_a_redirect_to_another_host_is_refused_and_names_it(site):
    there = f"http://localhost:{site.server_port}/new"
    site.answers["/old"] = (302, {"Location": there}, b"")
    site.answers["/new"] = (200, {"Content-Type": HTML}, TEXT.encode())
    with pytest.raises(AlpiaError, match=f"leads to another host: name {there} if the policy is there"):
        page.read(site.url + "/old")


@pytest.mark.parametrize("there", ["ftp://127.0.0.1/x", "file:///etc/hostname", "/old"])
def test_a_redirect_to_no_page_is_refused(site, there):
    site.answers["/old"] = (302, {"Location": there}, b"")
    with pytest.raises(AlpiaError, match="leads to another host|cannot be fetched: it answers 302"):
        page.read(site.url + "/old")


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_server_in_trouble_says_nothing_about_the_policy(site, status):
    site.answers["/"] = (status, {"Content-Type": HTML}, TEXT.encode())
    with pytest.raises(AlpiaError, match=f"cannot be fetched: it answers {status}") as refused:
        page.read(site.url + "/")
    assert not isinstance(refused.value, page.NotOnlineError)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_is_a_fact_of_its_own(site, status):
    site.answers["/"] = (status, {"Content-Type": HTML}, TEXT.encode())
    with pytest.raises(page.NotOnlineError, match=f"answers {status}: the policy is not online there") as refused:
        page.read(site.url + "/")
    assert refused.value.status == status


@pytest.mark.parametrize(("headers", "body", "refusal"), [
    ({"Content-Type": "application/pdf"}, b"%PDF", "is application/pdf, neither a page nor plain text"),
    ({"Content-Type": HTML}, b"x" * (page.MOST_BYTES + 1), "is longer than 4 MiB"),
    ({"Content-Type": HTML, "Content-Encoding": "gzip"}, gzip.compress(b"x" * (page.MOST_BYTES + 1), mtime=0),
     "is longer than 4 MiB"),
    ({"Content-Type": HTML, "Content-Encoding": "gzip"}, gzip.compress(TEXT.encode(), mtime=0)[:-9], "broke off"),
    ({"Content-Type": HTML, "Content-Encoding": "gzip"}, TEXT.encode(), "cannot be fetched"),
    ({"Content-Type": HTML, "Content-Length": "9999"}, TEXT.encode(), "broke off"),
])
def test_what_cannot_be_the_policy_is_refused(site, headers, body, refusal):
    site.answers["/"] = (200, headers, body)
    with pytest.raises(AlpiaError, match=refusal):
        page.read(site.url + "/")


def test_a_server_that_says_nothing_is_not_waited_for(site, monkeypatch):
    monkeypatch.setattr(page, "TIMEOUT_S", 0.2)
    held = threading.Event()
    site.RequestHandlerClass.do_GET = lambda self: held.wait(5)
    with pytest.raises(AlpiaError, match="no answer within"):
        page.read(site.url + "/")
    held.set()


def test_nobody_there_is_an_error_that_says_so(site):
    site.shutdown()
    site.server_close()
    with pytest.raises(AlpiaError, match="cannot be fetched: Connection refused"):
        page.read(site.url + "/")


@pytest.mark.parametrize("where", ["ftp://example.org/x", "file:///etc/hostname", "http://", "data://text/plain,x"])
def test_only_http_and_https_are_spoken(where):
    with pytest.raises(UsageError, match="no http or https address"):
        page.read(where)


def test_a_file_that_is_not_there_or_too_long_is_refused(tmp_path):
    with pytest.raises(AlpiaError, match="cannot be read"):
        page.read(str(tmp_path / "none.html"))
    (tmp_path / "long").write_bytes(b"x" * (page.MOST_BYTES + 1))
    with pytest.raises(AlpiaError, match="is longer than 4 MiB"):
        page.read(str(tmp_path / "long"))
