"""What a page's cookies are, from visits and from headers, as rows of the dataset cookies. Values are never looked at."""

import http.client
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from pipelines.collect.probes.plain_answer import AGENT
from pipelines.collect.probes.records import written
from pipelines.collect.probes.set_cookie import SetCookie, of_file, of_headers
from pipelines.collect.probes.visits import Visits
from pipelines.errors import AlpiaError, UsageError

TIMEOUT_SECONDS = 30
LARGEST_FILE = 16 * 2**20


def site(url: str) -> SplitResult:
    """The parts of a page's address; UsageError where it is none of http or https."""
    try:
        parts = urlsplit(url)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_page = False
    if not is_page or parts.username:
        raise UsageError("That is no address of a page: write http://… or https://…, without a user or a password.")
    return parts


def of_visits(visits: Visits, host: str, seen_at: datetime) -> list[dict]:
    """One row a cookie that the browser held after both visits."""
    return [_row(cookie.name, cookie.domain, host, seen_at, "visit", cookie.first_set_at, cookie.ends, cookie.is_prolonged)
            for cookie in visits.cookies]


def of_answer(headers: Iterable[str], host: str, at: datetime) -> list[dict]:
    """One row a cookie that Set-Cookie headers leave behind."""
    return [_of_header(cookie, host, at) for cookie in of_headers(headers, host, at).values()]


def of_saved(file: Path, host: str) -> list[dict]:
    """The same of saved headers. UsageError where the file cannot be read, or is no text."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{file} is too large for headers: save those of one page.")
        text, saved_at = file.read_bytes().decode("iso-8859-1"), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).") from None
    rows: dict[tuple, dict] = {}
    for at, headers in of_file(text, saved_at):
        for row in of_answer(headers, host, at):
            rows[row["domain"], row["cookie_id"], row["seen_at"]] = row
    return list(rows.values())


def asked(parts: SplitResult, clock: Callable[[], datetime]) -> list[dict]:
    """Ask for the page once, following nothing, and read its Set-Cookie headers. AlpiaError where nobody answers."""
    connection = _connection(parts)
    try:
        place = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", place, headers={"User-Agent": AGENT})
        answer = connection.getresponse()
        return of_answer(answer.headers.get_all("Set-Cookie") or [], parts.hostname, clock())
    except (OSError, http.client.HTTPException) as error:
        raise AlpiaError(f"{parts.hostname} does not answer: {type(error).__name__}.") from None
    finally:
        connection.close()


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    if parts.scheme == "https":
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS,
                                           context=ssl.create_default_context())
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)


def _of_header(cookie: SetCookie, host: str, at: datetime) -> dict:
    return _row(cookie.name, cookie.domain, host, at, "header", at, cookie.ends, None)


def _row(name: str, domain: str, host: str, seen_at: datetime, how: str, first_set_at: datetime,
         ends: datetime | str | None, is_prolonged: bool | None) -> dict:
    return {"cookie_id": name, "host": host, "domain": domain, "seen_at": written(seen_at), "how": how,
            "first_set_at": written(first_set_at), "expires_at": written(ends) if isinstance(ends, datetime) else ends,
            "is_session": ends is None, "is_prolonged": is_prolonged}
