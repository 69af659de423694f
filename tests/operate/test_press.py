"""The press opens its browser before there is a page: one for which none comes leaves nothing, one that fails says so."""

import os
from contextlib import contextmanager
from datetime import date

import pytest
from processes import begun_by, children, is_at_work, name_of, until

from pipelines import browser
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate.ledger import Page
from pipelines.operate.owed import Press

pytestmark = pytest.mark.slow
DAY = date(2026, 1, 31)
PAGE = Page(DAY, "management", "fr")


class Noting:
    """Stands in for the steps of a run."""

    def __init__(self):
        self.begun, self.failed, self.told = [], [], []

    @contextmanager
    def __call__(self, name):
        self.begun.append(name)
        try:
            yield
        except BaseException:
            self.failed.append(name)
            raise

    def tell(self, line):
        self.told.append(line)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.reports_of(DAY).mkdir(parents=True)
    PAGE.file(home).write_text("<!doctype html><html lang=fr data-charts=drawn><title>T · jour</title><h1>T</h1>",
                               encoding="utf-8")
    return home


@pytest.fixture
def browsers():
    """Tells the processes of browsers opened since: other tests of this process may hold one open, too."""
    before = set(begun_by(os.getpid()))

    def opened():
        return [process for root in begun_by(os.getpid()) if root not in before
                for process in children(root) if "chrom" in name_of(process) and is_at_work(process)]
    return opened


def test_a_press_for_which_no_page_comes_leaves_neither_a_step_nor_a_browser(home, browsers):
    step = Noting()
    with Press(home, step, DAY) as press:
        press.begin()
        opened = until(browsers)
        assert opened, "it was to be open before any page comes"
        assert step.begun == []
    assert (step.begun, step.told, browsers()) == ([], [], [])
    assert not any(map(is_at_work, opened)), "one that lost its parent is no longer below us"


def test_a_press_that_was_begun_prints_what_comes_in_one_step(home):
    step = Noting()
    with Press(home, step, DAY) as press:
        press.begin()
        press.take(PAGE)
        assert press.printed() == [PAGE.file(home).with_suffix(".pdf")]
    assert step.begun == ["pdf"]
    assert PAGE.file(home).with_suffix(".pdf").read_bytes().startswith(b"%PDF")


@pytest.fixture
def broken_browser(tmp_path, monkeypatch):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(browser, "NAMES", (f"{broken}",))


def test_a_browser_that_does_not_open_is_an_error_of_what_is_printed(home, broken_browser):
    step = Noting()
    with Press(home, step, DAY) as press:
        press.begin()
        press.take(PAGE)
        with pytest.raises(AlpiaError):
            press.printed()
    assert step.begun == step.failed == ["pdf"]


def test_a_browser_that_does_not_open_is_nothing_where_no_page_comes(home, broken_browser):
    step = Noting()
    with Press(home, step, DAY) as press:
        press.begin()
    assert step.begun == []
