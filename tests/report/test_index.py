"""The index: every day, newest first, with what was judged, a link to each format, and its runs, also those that failed.

It is searched where it lies, and stays short and quick when it tells of a thousand days.
"""

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
import toy

from pipelines import warehouse
from pipelines.home import Home
from pipelines.operate.ledger import Ledger
from pipelines.report import index

# The toy's history: nine days to its own; from 28 January on, what was kept before is broken. We add a day, with one cured.
NEXT, FLIPPED, CALM, FORGOTTEN = date(2026, 2, 1), date(2026, 1, 28), date(2026, 1, 25), date(2025, 12, 1)
FAILED = date(2026, 2, 2)  # of which there is nothing but a run that failed
EVERY = ["2026-02-02", "2026-02-01", "2026-01-31", "2026-01-28", "2026-01-25", "2025-12-01"]
AT = datetime(2026, 2, 2, 3, 10, tzinfo=UTC)
# (day, kind, how long after AT it began, seconds or no end, result); the last is of a day whose reports are forgotten.
RUNS = (
    (NEXT, "run", 0, 62, "breached"), (NEXT, "report", 1, 4, "done"), (toy.AS_OF, "run", -40, None, "killed"),
    (toy.AS_OF, "run", -30, 3725, "unverifiable"), (FAILED, "run", 24, 2.4, "failed"), (NEXT, "reveal", 2, 1, "done"),
    (date(2021, 1, 1), "run", -9000, 5, "breached"),
)
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
    enter(Ledger(place.runs), RUNS)
    index.write(place)
    return place


def enter(ledger, runs):
    for number, (day, kind, hours, seconds, result) in enumerate(runs):
        began = AT + timedelta(hours=hours)
        ledger.start(f"run-{number}", kind, day, began)
        if seconds is None:
            ledger.killed(f"run-{number}", "in /srv/secret")
        else:
            ledger.finish(f"run-{number}", began + timedelta(seconds=seconds), result, "in /srv/secret")


@pytest.fixture(scope="module")
def view(indexed, browser):
    page = browser.new_page()
    page.logged, page.asked = [], []
    page.on("console", lambda message: page.logged.append(message.text))
    page.on("pageerror", lambda error: page.logged.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((indexed.reports / "index.html").as_uri())
    yield page
    page.close()


def shown(view):
    return view.evaluate("[...document.querySelectorAll('section.day')].filter(d => !d.hidden).map(d => d.dataset.day)")


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def codes(view, day, kind):
    return view.evaluate(f"[...document.querySelectorAll('#day-{day} .{kind} code')].map(c => c.textContent)")


def runs(view, day):
    told = view.evaluate(f"""[...document.querySelectorAll('#day-{day} .runs tbody tr')].map(
        row => [...row.cells].map(cell => cell.textContent))""")
    return [[plain(cell) for cell in row] for row in told]


def links(view, day):
    return view.evaluate(f"[...document.querySelectorAll('#day-{day} a')].map(a => a.getAttribute('href'))")


def test_days_stand_newest_first_and_only_those_that_have_reports_or_ran_while_reports_are_kept(view):
    assert shown(view) == EVERY


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
    assert codes(view, "2026-02-01", "changed") == ["trash.kept"]
    assert "trash.kept" in codes(view, "2026-01-31", "broken")
    assert "hors de l’historique" in view.text_content("#day-2025-12-01")


@pytest.mark.parametrize(("asked", "show", "found"), [
    ("", "all", EVERY),
    ("janvier 2026", "all", EVERY[2:5]),
    ("2026-01-31", "all", EVERY[2:3]),
    ("TRAFIC", "all", EVERY[2:3]),
    ("trash.kept", "all", EVERY[1:4]),
    ("semaines purgé", "all", EVERY[1:4]),   # what the promise says, not how it is called
    ("decembre", "all", EVERY[5:]),          # accents are not asked for
    ("janvier trafic", "all", EVERY[2:3]),   # every word
    ("echouee", "all", EVERY[:1]),           # how a run ended
    ("<script>", "all", []),
    ("", "changed", [EVERY[1], EVERY[3]]),
    ("", "broken", EVERY[1:4]),
    ("", "amiss", [EVERY[0], EVERY[2]]),
    ("trafic", "broken", EVERY[2:3]),
], ids=str)
def test_search_and_filter(view, asked, show, found):
    view.fill("#search", asked)
    view.select_option("#show", show)
    assert shown(view) == found
    assert f"{len(found)} sur {len(EVERY)}" in view.inner_text("#found")
    assert view.is_visible("#nothing") is (not found)
    if asked or show != "all":
        assert [day for day in EVERY if view.is_visible(f"#day-{day} h3")] == found, "what is found is unfolded"


def test_only_the_newest_month_is_unfolded_and_again_once_nothing_is_sought(view):
    unfolded = "[...document.querySelectorAll('details.month')].map((month) => month.open)"
    view.select_option("#show", "all")
    view.fill("#search", "decembre")
    assert view.evaluate(unfolded) == [True, True, True]
    view.fill("#search", "")
    assert view.evaluate(unfolded) == [True, False, False]


def test_each_run_of_a_day_tells_when_how_long_and_how_it_ended(view):
    assert runs(view, "2026-02-01") == [
        ["run-1", "rapports", "02/02/2026 à 05:10", "4 s", "✓ terminée"],
        ["run-0", "jugement du jour", "02/02/2026 à 04:10", "1 min 2 s",
         "✓ terminée : une promesse au moins n’est pas tenue"]]
    assert runs(view, "2026-01-31") == [
        ["run-3", "jugement du jour", "31/01/2026 à 22:10", "1 h 2 min",
         "✓ terminée : une promesse au moins n’est pas vérifiable"],
        ["run-2", "jugement du jour", "31/01/2026 à 12:10", "—", "✕ interrompue"]]


def test_a_night_that_failed_is_told_without_being_unfolded_and_without_what_operators_are_told(view, indexed):
    told = plain(view.inner_text("#day-2026-02-02"))
    assert "✕ L’exécution du 03/02/2026 à 04:10 a échoué" in told
    assert "Aucun rapport de ce jour." in told
    assert "1 exécution, dont 1 non aboutie" in told
    assert view.locator("#day-2026-01-31 p.amiss").count() == 0, "it was run again, and ended well"
    assert "secret" not in (indexed.reports / "index.html").read_text(encoding="utf-8")
    assert "2 jours, dont 1 avec une exécution non aboutie" in plain(view.inner_text("#month-2026-02 > summary"))


def test_the_run_that_writes_the_index_is_told_as_it_is_about_to_end(indexed, tmp_path):
    place = Home(tmp_path / "home")
    shutil.copytree(indexed.path, place.path, symlinks=True)
    ledger = Ledger(place.runs)
    ledger.start("now", "run", NEXT, AT + timedelta(days=2))
    assert "…</span> en cours" in index.write(place).read_text(encoding="utf-8")
    ending = replace(ledger.runs()[-1], finished_at=AT + timedelta(days=2, seconds=7), result="unchanged")
    told = index.write(place, ending=ending).read_text(encoding="utf-8")
    assert "terminée\u00a0: rien n’avait changé" in told
    assert "7\u202fs" in told
    assert "en cours" not in told


def test_a_thousand_days_make_a_short_page_that_opens_and_is_searched_at_once(home, browser, tmp_path):
    place = Home(tmp_path / "home")
    shutil.copytree(home.path, place.path, symlinks=True)
    shutil.rmtree(place.reports)
    days = [toy.AS_OF - timedelta(days=back) for back in range(1000)]
    for day in days:
        (place.reports / f"{day}").mkdir(parents=True)
        for name in ("management", "compliance", "inactivity", "deletions", "traffic"):
            for suffix in index.FORMATS:
                (place.reports / f"{day}" / f"{name}{suffix}").touch()
    a_thousand_nights(Ledger(place.runs), days)
    started = perf_counter()
    page = index.write(place)
    assert perf_counter() - started < 5  # 0.7 s
    assert page.stat().st_size < 5_000_000
    view = browser.new_page(viewport={"width": 1200, "height": 900})
    view.goto(page.as_uri())
    assert view.evaluate("document.documentElement.scrollHeight") < 15_000
    assert view.evaluate("performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart") < 3_000  # 0.4 s
    assert view.evaluate("""() => { const began = performance.now(), search = document.getElementById('search');
        search.value = 'echouee'; search.dispatchEvent(new Event('input'));
        document.body.offsetHeight; return performance.now() - began; }""") < 2_000  # 0.3 s
    assert len(shown(view)) == 10
    view.close()


def a_thousand_nights(ledger, days):
    """One run a day, of which every hundredth failed; entered at once, for each entry of the ledger waits for the disk."""
    ledger.start("first", "run", days[0], AT)
    with sqlite3.connect(ledger._path) as connection:
        connection.executemany("INSERT INTO run VALUES (?, 'run', ?, ?, ?, ?, '', '')", [
            (f"{day}", f"{day}", f"{day}T03:10:00+00:00", f"{day}T03:11:00+00:00", "breached" if number % 100 else "failed")
            for number, day in enumerate(days)])


def test_without_reports_it_says_so(tmp_path):
    (tmp_path / "sources.toml").write_text("")
    place = Home(tmp_path)
    place.prepare()
    text = index.write(place).read_text(encoding="utf-8")
    assert "Aucun rapport" in text
    assert "<script" not in text
