"""Two visits with a real browser: which cookies does a page set, until when, and does the second visit prolong them?

The browser begins with no cookie at all. The second visit comes some seconds after the first, in the same browser: a cookie
that then ends later was prolonged by it. Its clock is not moved between the two: a page's own clock can be, but not that by
which the browser and the server reckon a cookie's end, so that scripts would seem to prolong what they do not.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pipelines.collect.probes.set_cookie import LAST_MOMENT
from pipelines.errors import AlpiaError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the page itself may ask for anything.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pings",
         "--disable-domain-reliability", "--no-first-run", "--disable-default-apps")
ROOT = ("--no-sandbox",)  # Chromium's own sandbox refuses to work for root
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
    sync_playwright, errors = _playwright()
    hosts: set[str] = set()
    try:
        with sync_playwright() as driver, _launched(driver) as browser:
            context = browser.new_context()
            page = context.new_page()
            page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
            first_at, before = clock(), _look(page, context, url, timeout_ms)
            page.wait_for_timeout(BETWEEN_MS)
            second_at, after = clock(), _look(page, context, url, timeout_ms)
    except errors as error:
        raise AlpiaError(f"The page cannot be visited: {str(error).splitlines()[0]}") from None
    cookies = (_compared(key, ends, before.get(key), first_at, second_at) for key, ends in sorted((before | after).items()))
    return Visits(tuple(cookies), len(hosts - {urlsplit(url).hostname, ""}))


def _launched(driver):
    return driver.chromium.launch(executable_path=_browser(), args=[*QUIET, *(ROOT if os.geteuid() == 0 else ())])


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


def _playwright():
    """Playwright's entry, and its errors; AlpiaError, with the cure, where it is not installed."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise AlpiaError("Visits need playwright: install requirements-probe.lock, or ask with --no-visit for the headers "
                         "alone.") from None
    return sync_playwright, Error


def _browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise AlpiaError("Visits need a browser: install Debian's chromium, or ask with --no-visit for the headers alone.")
    return found
