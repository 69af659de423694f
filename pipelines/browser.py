"""The only door to a browser: Debian's Chromium, headless, driven by playwright. No verdict needs either."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.errors import AlpiaError

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but what is opened may ask for anything.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pings",
         "--disable-domain-reliability", "--no-first-run", "--disable-default-apps")
# What prints a page that is whole has nobody to ask: without this Chromium looks up names of its own, flags or not.
ALONE = ("--host-resolver-rules=MAP * ~NOTFOUND",)
ROOT = ("--no-sandbox",)  # Chromium's own sandbox refuses to work for root


class NoBrowserError(AlpiaError):
    """There is no browser here; the sentence says what to install."""


class BrowserError(AlpiaError):
    """The browser could not do what it was asked; the sentence is its own first line."""


@contextmanager
def launched(is_alone: bool = False) -> Iterator:
    """A browser (playwright's Browser) that ends with the block; one that is alone knows no other machine.

    NoBrowserError where it or playwright is not installed, BrowserError where it fails inside the block.
    """
    path = _path()
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowserError("playwright is not installed: install requirements-browser.lock.") from None
    try:
        flags = [*QUIET, *(ALONE if is_alone else ()), *(ROOT if os.geteuid() == 0 else ())]
        with sync_playwright() as driver, driver.chromium.launch(executable_path=path, args=flags) as browser:
            yield browser
    except Error as error:
        raise BrowserError(str(error).splitlines()[0]) from None


def _path() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowserError("Chromium is not installed: as root, `apt-get install chromium`.")
    return found
