"""Two visits with a real browser: which cookies does a page set, until when, and does the second visit prolong them?

The browser begins with no cookie at all. The second visit comes some seconds after the first, in the same browser: a cookie
that then ends later was prolonged by it. Its clock is not moved between the two: a page's own clock can be, but not that by
which the browser and the server reckon a cookie's end, so that scripts would seem to prolong what they do not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pipelines import browser
from pipelines.collect.probes.set_cookie import LAST_MOMENT
from pipelines.errors import AlpiaError

SETTLE_MS, BETWEEN_MS, TIMEOUT_MS = 1500, 2500, 60_000
# Ends are told to the second, and two visits of one second's rounding differ by one.
ROUNDING_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Visited:
    """A cookie of the browser after both visits. `ends`: None for the session. `is_prolonged`: None for the session too."""

    name: str
    domain: str
    first_set_at: datetime
    ends: datetime | None
    is_prolonged: bool | None


@dataclass(frozen=True, slots=True)
class Visits:
    """`third_parties`: how many other hosts the page has asked for something."""

    cookies: tuple[Visited, ...]
    third_parties: int


NONE = Visits((), 0)


def visited(url: str, clock: Callable[[], datetime], timeout_ms: int = TIMEOUT_MS) -> Visits:
    """Visit the page twice. AlpiaError where there is no browser, or the page does not open."""
    hosts: set[str] = set()
    try:
        with browser.launched() as chromium:
            context = chromium.new_context()
            page = context.new_page()
            page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
            first_at, before = clock(), _look(page, context, url, timeout_ms)
            page.wait_for_timeout(BETWEEN_MS)
            second_at, after = clock(), _look(page, context, url, timeout_ms)
    except browser.NoBrowserError as missing:
        raise AlpiaError(f"Visits need a browser. {missing} Or ask with --no-visit for the headers alone.") from None
    except browser.BrowserError as error:
        raise AlpiaError(f"The page cannot be visited: {error}") from None
    cookies = (_compared(key, ends, before.get(key), first_at, second_at) for key, ends in sorted((before | after).items()))
    return Visits(tuple(cookies), len(hosts - {urlsplit(url).hostname, ""}))


def _look(page, context, url: str, timeout_ms: int) -> dict[tuple[str, str], float]:
    """Open the page, wait until it has settled; by domain and name, the end in seconds since 1970, -1 for the session.

    Of cookies that differ in their path alone, the one that lives longest.
    """
    answer = page.goto(url, wait_until="load", timeout=timeout_ms)
    if answer is not None and answer.status >= 400:
        raise AlpiaError(f"The page cannot be visited: the server answers {answer.status}.")
    page.wait_for_timeout(SETTLE_MS)
    found: dict[tuple[str, str], float] = {}
    for cookie in context.cookies():
        key = cookie["domain"].removeprefix(".").lower(), cookie["name"]
        found[key] = max(cookie["expires"], found.get(key, -1))
    return found


def _compared(key: tuple[str, str], ends: float, before: float | None, first_at: datetime, second_at: datetime) -> Visited:
    domain, name = key
    if ends < 0:
        return Visited(name, domain, second_at if before is None else first_at, None, None)
    is_prolonged = before is not None and ends > before + ROUNDING_SECONDS
    return Visited(name, domain, second_at if before is None else first_at, _moment(ends), is_prolonged)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(seconds, LAST_MOMENT.timestamp()), UTC)
