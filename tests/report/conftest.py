"""A home with an invented warehouse, its pages in both languages, and a browser that may fetch nothing."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import toy  # noqa: E402
from browsing import apart, until  # noqa: E402

from pipelines import warehouse  # noqa: E402
from pipelines.models import engine  # noqa: E402
from pipelines.report import index, open_file, open_run, pdf, workbooks, workers  # noqa: E402
from pipelines.report.workers import Job  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
REPORTS = ("management", "compliance", "inactivity", "deletions", "traffic")


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return toy.make_home(tmp_path_factory.mktemp("toy"))


@pytest.fixture
def run(home):
    return open_run(str(home.path), lang="fr")


@pytest.fixture
def changed(home, tmp_path, monkeypatch):
    """A function: the run as it would be if these statements had changed what was collected."""
    monkeypatch.setenv("ALPIA_WAREHOUSE_KEY", toy.KEY)

    def change(*statements):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.duckdb"
        shutil.copyfile(warehouse.current(home), path)
        connection = warehouse.connect(path)
        for statement in statements:
            connection.execute(statement)
        engine.build(connection, "report", engine.clock(connection, toy.AS_OF))
        warehouse.finish(connection)
        return open_file(path)
    return change


@pytest.fixture(scope="session")
def pages(home):
    """(name, lang) -> the page's file: every report in French, and one in English."""
    records = home.runs / "test"
    records.mkdir()
    asked = [*((name, "fr") for name in REPORTS), ("inactivity", "en")]
    done = list(workers.side_by_side([Job(home, toy.AS_OF, name, lang, records) for name, lang in asked]))
    assert [one.error for one in done if one.error] == []
    index.write(home)
    return {(one.job.name, one.job.lang): one.page for one in done}


@pytest.fixture(scope="session")
def printed(pages):
    """name -> the PDF of every French page, printed in one browser."""
    files = {name: pages[name, "fr"] for name in REPORTS}
    return dict(zip(files, apart(pdf.write, list(files.values()), toy.AS_OF, print), strict=True))


@pytest.fixture(scope="session")
def books(home, pages):
    """name -> the workbook of every report, in French; `subjects`: the restricted lists."""
    made = workbooks.write(home, toy.AS_OF, REPORTS, "fr", warehouse.current(home))
    return dict(zip([*REPORTS, "subjects"], made, strict=True))


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opened(pages, browser):
    """(name, lang) -> the page in a real browser, drawn, with what it logged and what it asked for."""
    views = {}
    for key, file in pages.items():
        view = browser.new_page(viewport={"width": 1200, "height": 900})
        view.logged, view.asked = [], []
        view.on("console", lambda message, held=view: held.logged.append(message.text))
        view.on("pageerror", lambda error, held=view: held.logged.append(str(error)))
        view.on("request", lambda request, held=view: held.asked.append(request.url))
        view.goto(file.as_uri())
        until(view, "document.documentElement.dataset.charts === 'drawn'")
        views[key] = view
    return views
