"""The published policy's own text, from a file or from the web: read whole, within limits, and kept nowhere."""

import http.client
import re
import socket
import ssl
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from pipelines.errors import AlpiaError, UsageError
from pipelines.register.published import Line, lines_of_page, lines_of_text

SCHEMES = ("http", "https")
MOST_BYTES = 4 * 1024 * 1024  # ours: a hundred times the text with its page around it
TIMEOUT_S = 20  # for each answer of the server, and twice that for all of them
HTML, TEXT = ("text/html", "application/xhtml+xml"), ("text/plain",)
PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
GONE = (404, 410)
HEAD_BYTES = 4096  # where a page says its own character set


class NotOnlineError(AlpiaError):
    """The server answered, and the policy is not there (`status`): a fact about the policy, not a failure of ours."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"{url} answers {status}: the policy is not online there.")
        self.status = status


@dataclass(frozen=True, slots=True)
class Page:
    """What was read: bytes, whether they are HTML, and the character set that the server names, if any."""

    content: bytes
    is_html: bool
    charset: str | None = None

    @property
    def lines(self) -> list[Line]:
        """The lines that a reader sees."""
        text = _decoded(self.content, self.charset, self.is_html)
        return lines_of_page(text) if self.is_html else lines_of_text(text)


def is_address(where: str) -> bool:
    """Whether `where` is an address on the web and not the name of a file."""
    return "://" in where


def read(where: str) -> Page:
    """The page or text at a path or at an http(s) address; AlpiaError where it cannot be had, NotOnlineError where the
    server says that it is not there."""
    return _fetch(where) if is_address(where) else _open(Path(where))


def _open(path: Path) -> Page:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise AlpiaError(f"{path} cannot be read ({error.strerror}): name a file with the published text.") from None
    _refuse_too_long(f"{path}", content)
    head = content[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return Page(content, path.suffix.lower() in PAGE_SUFFIXES or head.startswith((b"<!doctype", b"<html", b"<?xml")))


def _fetch(url: str) -> Page:
    if urlsplit(url).scheme not in SCHEMES or not urlsplit(url).hostname:
        raise UsageError(f"{url} is no http or https address: write one, or the name of a file.")
    request = urllib.request.Request(url, headers={"User-Agent": "alpia (policy check)", "Accept": ", ".join(HTML + TEXT),
                                                   "Accept-Encoding": "gzip"})
    # An opener of our own: the default one also speaks ftp, file and data.
    opener = urllib.request.build_opener(_SameHost())
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            content, headers = _body(url, answer), answer.headers
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in GONE:
            raise NotOnlineError(url, error.code) from None
        # A server that is down, or that does not let a program in, says nothing about what readers see.
        raise AlpiaError(f"{url} cannot be fetched: it answers {error.code}.") from None
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        raise AlpiaError(f"{url} cannot be fetched: {_cause(error)}.") from None
    return Page(content, _is_html(url, headers), headers.get_content_charset())


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect within one host, at most as far as from http to https; never to another one in silence."""

    def redirect_request(self, request, stream, code, message, headers, new_url):
        here, there = urlsplit(request.full_url), urlsplit(new_url)
        if there.hostname != here.hostname or there.scheme not in SCHEMES:
            raise AlpiaError(f"{request.full_url} leads to another host: name {new_url} if the policy is there.")
        if here.scheme == "https" and there.scheme == "http":
            raise AlpiaError(f"{request.full_url} leads to {new_url}, which is not encrypted: nothing was read.")
        return super().redirect_request(request, stream, code, message, headers, new_url)


def _body(url: str, answer) -> bytes:
    """The whole body, unzipped; AlpiaError where it is longer than a policy can be, or comes too slowly."""
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16) if answer.headers.get("Content-Encoding", "").lower() == "gzip" else None
    until, content = monotonic() + 2 * TIMEOUT_S, b""
    while piece := answer.read1(65536):
        content += unzip.decompress(piece, MOST_BYTES + 1) if unzip else piece
        _refuse_too_long(url, content)
        if monotonic() > until:
            raise AlpiaError(f"{url} sends its page too slowly: not whole after {2 * TIMEOUT_S} seconds.")
    if answer.length or (unzip and not unzip.eof):
        raise AlpiaError(f"{url} broke off before its page was whole: try again.")
    return content


def _refuse_too_long(where: str, content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise AlpiaError(f"{where} is longer than {MOST_BYTES // 1024 // 1024} MiB: that is not the policy's text alone.")


def _is_html(url: str, headers: Message) -> bool:
    kind = headers.get_content_type()
    if kind not in HTML + TEXT:
        raise AlpiaError(f"{url} is {kind}, neither a page nor plain text: save its text into a file and name that.")
    return kind in HTML


def _cause(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({cause.verify_message})"
    if isinstance(cause, TimeoutError | socket.timeout):
        return f"no answer within {TIMEOUT_S} seconds"
    return getattr(cause, "strerror", None) or type(cause).__name__


def _decoded(content: bytes, charset: str | None, is_html: bool) -> str:
    """The text: in the character set that is named, else UTF-8, else (no file says what it is) Windows-1252."""
    if content.startswith(b"\xef\xbb\xbf"):
        charset = "utf-8-sig"
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    named = CHARSET.search(content[:HEAD_BYTES]) if is_html and not charset else None
    for name in (charset or (named[1].decode("ascii") if named else "utf-8"), "utf-8", "cp1252"):
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")
