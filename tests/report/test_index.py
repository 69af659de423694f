"""The index: every day, newest first, with what was judged and a link to each format; it is searched where it lies."""

import shutil
from datetime import date

import pytest
import toy

from pipelines import warehouse
from pipelines.home import Home
from pipelines.report import index

# The toy's history: nine days to its own; from 28 January on, what was kept before is broken. We add a day, with one cured.
NEXT, FLIPPED, CALM, FORGOTTEN = date(2026, 2, 1), date(2026, 1, 28), date(2026, 1, 25), date(2025, 12, 1)
EVERY = ["2026-02-01", "2026-01-31", "2026-01-28", "2026-01-25", "2025-12-01"]
HOSTILE = "<img src=x onerror=alert(1)>"
FILES = {
    NEXT: ("compliance.html", f"{HOSTILE}.html", ".compliance.html.17", "notes.txt"),
    toy.AS_OF: ("compliance.html", "compliance.en.html", "compliance.xlsx", "traffic.html", "collect.html",
                "compliance.pdf"),
    FLIPPED: ("compliance.html",),
    CALM: ("compliance.html", "compliance.pdf"),
    FORGOTTEN: ("compliance.html",),
    date(2025, 11, 30): (),
}


@pytest.fixture(scope="module")
def indexed(home, tmp_path_factory):
    """A home of one more day than the toy's, with files of every kind."""
    place = Home(tmp_path_factory.mktemp("indexed") / "home")
    shutil.copytree(home.path, place.path, symlinks=True)
    built = place.warehouse / "next"
    shutil.copyfile(warehouse.current(home), built)
    connection = warehouse.connect(built)
    connection.execute(f"INSERT INTO verdict.history SELECT DATE '{NEXT}', promise, CASE promise WHEN 'trash.kept' THEN "
                       "'compliant' ELSE verdict END, reason, since_on FROM verdict.current")
    connection.execute(f"UPDATE report.run SET as_of = DATE '{NEXT}'")
    warehouse.finish(connection)
    warehouse.publish(place, built, NEXT, "next")
    shutil.rmtree(place.reports)
    for day, names in FILES.items():
        (place.reports / f"{day}").mkdir(parents=True)
        for name in names:
            (place.reports / f"{day}" / name).write_text("")
    index.write(place)
    return place


@pytest.fixture
def view(indexed, browser):
    page = browser.new_page()
    page.logged, page.asked = [], []
    page.on("console", lambda message: page.logged.append(message.text))
    page.on("pageerror", lambda error: page.logged.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((indexed.reports / "index.html").as_uri())
    yield page
    page.close()


def days(view):
    return view.evaluate("[...document.querySelectorAll('section.day')].filter(d => !d.hidden).map(d => d.dataset.day)")


def links(view, day):
    return view.evaluate(f"[...document.querySelectorAll('#day-{day} a')].map(a => a.getAttribute('href'))")


def test_days_stand_newest_first_and_only_those_that_have_reports(view):
    assert days(view) == EVERY


def test_every_format_of_every_report_is_linked_and_nothing_else(view, indexed):
    assert links(view, "2026-01-31") == [f"2026-01-31/{name}" for name in (
        "compliance.html", "compliance.pdf", "compliance.xlsx", "compliance.en.html", "traffic.html", "collect.html")]
    assert len(links(view, "2026-02-01")) == 2
    every = view.evaluate("[...document.querySelectorAll('a')].map(a => decodeURIComponent(a.getAttribute('href')))")
    assert all((indexed.reports / link).is_file() for link in every)


def test_it_asks_for_nothing_logs_nothing_and_lets_only_its_own_script_run(view, indexed):
    assert view.logged == []
    assert view.asked == [(indexed.reports / "index.html").as_uri()]
    policy = view.evaluate("document.querySelector('meta[http-equiv]').content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "http" not in policy
    view.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'document.title=1'}))")
    assert view.title() != "1"


def test_a_hostile_name_of_a_file_is_shown_as_text(view):
    assert view.evaluate("document.querySelectorAll('img').length") == 0
    assert HOSTILE in view.inner_text("#day-2026-02-01")


def test_a_day_tells_its_verdicts_which_moved_and_which_are_broken(view):
    told = view.inner_text("#day-2026-02-01")
    assert "trash.kept" in told.split("Celles")[0], "moved from breached to compliant"
    assert "5 promesses non tenues" in told.replace("\n", " ")
    assert view.get_attribute("#day-2026-02-01", "data-changed") == "trash.kept"
    assert "trash.kept" in view.get_attribute("#day-2026-01-31", "data-broken").split()
    assert "hors de l’historique" in view.inner_text("#day-2025-12-01")


@pytest.mark.parametrize(("asked", "show", "found"), [
    ("", "all", EVERY),
    ("janvier 2026", "all", EVERY[1:4]),
    ("2026-01-31", "all", EVERY[1:2]),
    ("TRAFIC", "all", EVERY[1:2]),
    ("trash.kept", "all", EVERY[:3]),
    ("semaines purgé", "all", EVERY[:3]),    # what the promise says, not how it is called
    ("decembre", "all", EVERY[4:]),          # accents are not asked for
    ("janvier trafic", "all", EVERY[1:2]),   # every word
    ("<script>", "all", []),
    ("", "changed", [EVERY[0], EVERY[2]]),
    ("", "broken", EVERY[:3]),
    ("trafic", "broken", EVERY[1:2]),
], ids=str)
def test_search_and_filter(view, asked, show, found):
    view.fill("#search", asked)
    view.select_option("#show", show)
    assert days(view) == found
    assert f"{len(found)} sur {len(EVERY)}" in view.inner_text("#found")
    assert view.is_visible("#nothing") is (not found)


def test_without_reports_it_says_so(tmp_path):
    (tmp_path / "sources.toml").write_text("")
    place = Home(tmp_path)
    place.prepare()
    text = index.write(place).read_text(encoding="utf-8")
    assert "Aucun rapport" in text
    assert "<script" not in text
