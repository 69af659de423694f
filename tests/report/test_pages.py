"""The pages as their readers open them: in a real browser, offline, from a file."""

import io
import json
import re
from html.parser import HTMLParser
from importlib import resources

import plotly.offline
import pypdf
import pytest
import toy
from browsing import until

from pipelines.home import REPOSITORY
from pipelines.models import listing
from pipelines.register import policy
from pipelines.report import bundle, disclosure, open_run
from pipelines.report.figures import Chart
from pipelines.report.pages import Cited, cell
from pipelines.report.sections import SECTIONS
from pipelines.report.words import Words

pytestmark = [pytest.mark.slow]
EVERY = [("management", "fr"), ("compliance", "fr"), ("inactivity", "fr"), ("deletions", "fr"), ("traffic", "fr"),
         ("inactivity", "en")]
MOST_BYTES = 750_000
SCREENSHOTS = REPOSITORY / "build" / "screenshots"  # kept by the test run, for who wants to look
AXE = "level => axe.run({exclude: ['.main-svg']}, {runOnly: level, resultTypes: ['violations']})"
# Headings of columns that take more lines than they have words: a word was broken ("indéterminé|e").
BROKEN_HEADS = """[...document.querySelectorAll('thead th')].filter((head) => {
    const range = document.createRange();
    range.selectNodeContents(head);
    const lines = new Set([...range.getClientRects()].filter((box) => box.width).map((box) => Math.round(box.bottom)));
    return head.offsetParent && !head.querySelector('wbr') && lines.size > head.textContent.trim().split(/\\s+/).length + 1;
}).map((head) => head.textContent)"""
LEVEL_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Read(HTMLParser):
    """Tables by their caption, as rows of texts, and the charts' data, of a page's file."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.charts, self.rows, self.cell, self.caption, self.script = {}, [], None, None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        held = dict(attributes)
        if tag == "table":
            self.rows, self.caption = [], ""
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th", "caption"):
            self.cell = ""
        elif tag == "script" and "data-for" in held:
            self.script = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data
        elif self.script is not None:
            self.script += data

    def handle_endtag(self, tag):
        if tag == "caption":
            self.caption, self.cell = self.cell, None
        elif tag in ("td", "th"):
            self.rows[-1].append(self.cell.strip())
            self.cell = None
        elif tag == "table":
            self.tables.setdefault(self.caption, []).append(self.rows[1:])
        elif tag == "script" and self.script:
            self.charts.append(json.loads(self.script))
            self.script = None


def read(pages, name, lang="fr"):
    return Read(pages[name, lang].read_text(encoding="utf-8"))


def number(text):
    """What a reader takes a cell for: a number, or None where none is told."""
    digits = re.sub(r"[\u202f\u00a0 ,]", "", text)
    return int(digits) if digits.lstrip("-").isdigit() else None


@pytest.mark.parametrize("key", EVERY, ids="-".join)
class TestInTheBrowser:
    def test_nothing_is_logged(self, opened, key):
        assert opened[key].logged == []

    def test_nothing_is_asked_for_but_the_file(self, opened, pages, key):
        assert opened[key].asked == [pages[key].as_uri()]

    def test_charts_are_drawn_with_marks(self, opened, key):
        marks = opened[key].evaluate("[...document.querySelectorAll('.chart')].map("
                                     "c => c.querySelectorAll('.main-svg .point, .main-svg .bars path').length)")
        assert marks
        assert all(count > 0 for count in marks)

    def test_language_and_title(self, opened, key):
        assert opened[key].evaluate("document.documentElement.lang") == key[1]
        assert opened[key].title() != "owned"
        assert opened[key].evaluate("document.querySelectorAll('h1').length") == 1

    def test_no_code_is_shown(self, opened, key):
        shown = opened[key].inner_text("body")
        assert "open_run" not in shown
        assert "run.show" not in shown
        assert "In [" not in shown

    @pytest.mark.parametrize("width", [360, 820, 1280])
    def test_no_page_is_wider_than_its_window(self, opened, key, width):
        view = opened[key]
        view.set_viewport_size({"width": width, "height": 900})
        until(view, f"document.documentElement.scrollWidth <= {width}")
        assert view.evaluate(BROKEN_HEADS) == []
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        view.screenshot(path=SCREENSHOTS / f"{'.'.join(key)}.{width}.png", full_page=True)

    def test_no_barrier_to_accessibility_is_found(self, opened, key):
        """axe-core, level AA, everything unfolded; a chart is one image with a text: what it is drawn with is left out."""
        view = opened[key]
        view.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        view.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
        found = view.evaluate(AXE, LEVEL_AA)
        assert {one["id"]: one["nodes"][0]["html"] for one in found["violations"]} == {}

    def test_verdicts_are_told_by_a_word_and_a_shape(self, opened, key):
        told = opened[key].evaluate("[...document.querySelectorAll('.verdict')].map(v => v.innerText.trim())")
        assert all(re.fullmatch(r"[✕▲?✓]\s\S.*", verdict) for verdict in told)
        assert told or key[0] != "compliance"

    def test_every_chart_has_a_title_and_a_text_alternative(self, opened, key):
        charts = opened[key].evaluate("[...document.querySelectorAll('.chart')].map("
                                      "c => [c.getAttribute('aria-label'), c.previousElementSibling.textContent])")
        assert charts
        assert all(alternative and title and title.rstrip(".") in alternative for alternative, title in charts)

    def test_every_chart_is_followed_by_its_table(self, opened, key):
        """In its section a table comes after it: the one that the text alternative speaks of."""
        assert opened[key].evaluate("""[...document.querySelectorAll('.chart')].filter((chart) => {
            let next = chart;
            while ((next = next.nextElementSibling))
                if (next.matches('.scroll, .figures') && next.querySelector('table')) return false;
            return true;
        }).map((chart) => chart.getAttribute('aria-label'))""") == []


@pytest.mark.parametrize("key", EVERY, ids="-".join)
class TestInTheFile:
    def test_one_file_of_a_bearable_size(self, pages, key):
        assert pages[key].stat().st_size < MOST_BYTES

    def test_no_address_is_loaded_and_plotly_stands_there_once(self, pages, key):
        text = pages[key].read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|img|iframe|link|object|embed)[^>]*(?:src|href)=", text)
        assert text.count('id="plotly"') == 1
        assert "cdn." not in text.lower()

    def test_the_security_policy_allows_no_address(self, pages, key):
        found = re.search(r'Content-Security-Policy" content="([^"]+)"', pages[key].read_text(encoding="utf-8"))
        policy = found.group(1).replace("&#39;", "'")
        assert policy.startswith("default-src 'none'; script-src 'sha256-")
        assert "http" not in policy
        assert "script-src 'unsafe" not in policy


def test_a_barrier_would_be_found(opened):
    view = opened["inactivity", "en"]
    view.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    view.evaluate("document.documentElement.removeAttribute('lang'); document.querySelector('.note').style.color = '#ccc'")
    found = view.evaluate(AXE, LEVEL_AA)
    view.evaluate("document.documentElement.lang = 'en'; document.querySelector('.note').style.color = ''")
    assert sorted(one["id"] for one in found["violations"]) == ["color-contrast", "html-has-lang"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_hostile_names_are_shown_as_text(opened, lang):
    view = opened["inactivity", lang]
    view.bring_to_front()
    assert view.evaluate("document.querySelectorAll('.chart a').length") == 0
    assert view.evaluate("[...document.querySelectorAll('a')].filter(a => a.protocol !== 'file:').length") == 0
    ticks = view.evaluate("[...document.querySelectorAll('.chart text')].map(t => t.textContent)")
    assert any(tick.startswith("<script>") for tick in ticks)
    assert toy.HOSTILE_LINK in ticks
    view.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    shown = view.inner_text("body")
    assert toy.HOSTILE_SCRIPT in shown
    assert toy.HOSTILE_LINK in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("width", [360, 1200])
def test_every_row_of_a_chart_has_its_name(opened, width):
    """Plotly leaves names out where it finds them too close; a bar without its name says nothing."""
    view = opened["inactivity", "fr"]
    view.set_viewport_size({"width": width, "height": 900})
    for place in range(3):
        rows, names = (f"new Set(document.querySelectorAll('.chart')[{place}].data[0].y).size",
                       f"document.querySelectorAll('.chart')[{place}].querySelectorAll('.ytick text').length")
        until(view, f"{rows} === {names}")


def test_hover_shows_a_hostile_name_as_text(opened):
    view = opened["inactivity", "fr"]
    view.set_viewport_size({"width": 1200, "height": 900})
    chart = view.locator(".chart").nth(1)
    chart.scroll_into_view_if_needed()
    view.evaluate("Plotly.Fx.hover(document.querySelectorAll('.chart')[1], [{curveNumber: 0, pointNumber: 1}])")
    assert view.evaluate("document.querySelectorAll('.hoverlayer a, .hoverlayer script').length") == 0


def test_the_numbers_of_the_pages_are_those_of_the_tables(pages, home):
    run = open_run(str(home.path), lang="fr")
    words = run.words
    by_class = {row[0]: number(row[1]) for row in read(pages, "inactivity").tables[words("title.idle_distribution")][0]}
    frame = run.frame("idle_distribution")
    named = [words(f"idle_class.{name}") for name in frame["idle_class"]]
    assert by_class == dict(zip(named, frame["accounts"], strict=True))
    months = [number(row[1]) for row in read(pages, "inactivity").tables[words("title.due_by_month")][0]]
    due = run.frame("due_by_month")
    assert months == due[due["promise"] == "retention.inactive-accounts"]["subjects"].tolist()
    servers = read(pages, "deletions").tables[words("title.trash_by_server")][0]
    told = [[number(cell) for cell in row[3:8]] for row in servers]
    assert told == run.frame("trash_by_server").iloc[:, 3:8].to_numpy().tolist()
    verdicts = run.frame("verdict_count").set_index("verdict")["promises"]
    page = pages["compliance", "fr"].read_text(encoding="utf-8")
    for verdict, count in verdicts.items():
        assert f"<strong>{count}</strong> {words(f'verdicts.{verdict}')}" in page


def test_conditions_are_shown_with_their_cases_and_who_states_what(pages, home):
    """Cases are counted, the older ones apart; a subject is never named; who states something is shown as text."""
    words, told = open_run(str(home.path), lang="fr").words, read(pages, "compliance").tables
    rows = {row[2]: row for row in told[words("title.conditions")][0]}
    assert [number(rows["serveur hors de France"][place]) for place in (3, 5)] == [121, 7]
    assert number(rows["pays du serveur inconnu"][3]) == 1
    (met,) = (row for row in told[words("title.conditions_met")][0] if "hosting.france" in row[0])
    assert number(met[2]) == 2
    stated = [row[1:] for row in told[words("title.statements")][0] if "hosting.staff" in row[0]]
    assert [(row[0], row[3]) for row in stated] == [("<b>direction</b>", "à renouveler"), ("direction", "expirée")]
    (channels,) = (row[1:] for row in told[words("title.statements")][0] if "rights.channels" in row[0])
    assert (channels[0], channels[3]) == ("support", "en cours de validité")
    assert told[words("title.completeness")][0][0][-1] == "jamais faite"
    page = pages["compliance", "fr"].read_text(encoding="utf-8")
    assert "srv-3" not in page
    assert "122 cas" not in page


def test_a_chart_draws_what_its_table_says_and_nothing_that_is_suppressed(pages, home):
    run = open_run(str(home.path), lang="fr")
    frame = disclosure.shown("idle_by_plan", run.frame("idle_by_plan"))
    drawn = [value for trace in read(pages, "inactivity").charts[1]["data"] for value in trace["x"]]
    kept = [None if value != value else int(value) for value in frame["accounts"].astype(float)]
    assert sorted(drawn, key=str) == sorted(kept, key=str)


def test_the_bundle_is_of_the_version_that_the_python_package_speaks_to():
    assert plotly.offline.get_plotlyjs_version() == bundle.VERSION
    assert f"* plotly.js (basic - minified) v{bundle.VERSION}" in bundle.source()
    assert set(re.findall(r'moduleType:"trace",name:"(\w+)"', bundle.source())) == bundle.TRACES


def test_a_chart_that_the_bundle_would_draw_as_another_is_refused():
    import plotly.graph_objects as go

    with pytest.raises(ValueError, match="draws no heatmap; it draws bar, pie, scatter"):
        Chart(go.Figure(go.Heatmap(z=[[1]])), "t").bundle()


def test_a_bundle_that_was_changed_is_refused(monkeypatch, tmp_path):
    import gzip

    from pipelines.errors import AlpiaError

    (tmp_path / "plotly.gz").write_bytes(gzip.compress(b"alert(1)"))
    monkeypatch.setattr(bundle, "FILE", tmp_path / "plotly.gz")
    with pytest.raises(AlpiaError, match="as it was reviewed"):
        bundle.source.__wrapped__()


@pytest.mark.parametrize("key", [("deletions", "fr")], ids="-".join)
def test_paper_has_whole_rows_repeated_headers_and_charts_that_fit(opened, key):
    view = opened[key]
    view.set_viewport_size({"width": 1280, "height": 900})
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    printed = view.pdf(path=SCREENSHOTS / f"{'.'.join(key)}.pdf", prefer_css_page_size=True, print_background=True)
    sheets = pypdf.PdfReader(io.BytesIO(printed)).pages
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in sheets} == {(595, 842)}, "A4, not shrunk"
    assert 6 <= len(sheets) <= 14
    texts = [re.sub(r"\s+", " ", sheet.extract_text()) for sheet in sheets]
    assert "Sommaire" not in "".join(texts)
    flow = [text for text in texts if "déc. 2025" in text and "janv. 2026" in text]
    assert flow
    assert all("Mois" in text and "Dans les délais" in text for text in flow), "a table that goes on has its header again"
    widths = view.evaluate("[...document.querySelectorAll('.chart .main-svg')].map(drawn => drawn.clientWidth)")
    assert min(widths) > 1000, "on the screen the charts are again as wide as they were"


@pytest.mark.parametrize("name", ["compliance", "traffic"])
def test_on_paper_no_table_and_no_chart_is_wider_than_the_sheet(opened, name):
    view = opened[name, "fr"]
    view.set_viewport_size({"width": 688, "height": 900})
    view.emulate_media(media="print")
    view.evaluate("dispatchEvent(new Event('beforeprint'))")
    wide = "[...document.querySelectorAll('table, .main-svg')].filter(e => e.getBoundingClientRect().right > 688.5).length"
    assert view.evaluate(wide) == 0
    view.evaluate("dispatchEvent(new Event('afterprint'))")
    view.emulate_media(media="screen")


def test_a_page_prints_with_its_tables_open(opened):
    view = opened["inactivity", "fr"]
    view.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    view.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert view.evaluate("[...document.querySelectorAll('details')].every(d => d.open)")
    view.evaluate("dispatchEvent(new Event('afterprint'))")
    assert view.evaluate("[...document.querySelectorAll('details')].every(d => !d.open)")


def test_a_title_in_french_is_marked_and_set_apart_from_what_follows():
    cited = Cited.of("Code de commerce", "(1 May 2000).")
    assert cited == "Code de commerce (1 May 2000)."
    assert cell(Words("en"), "source", cited) == '<span lang="fr">Code de commerce</span> (1 May 2000).'


def test_every_list_that_a_page_names_can_be_had(home):
    """`alpia annex … --state …` as it is written there, with a state that this promise's list knows."""
    run, named = open_run(str(home.path)), []
    for section in ("compliance.conditions", "deletions.overdue", "inactivity.overdue"):
        told = "".join(getattr(piece, "text", "") for piece in SECTIONS[section](run).pieces)
        named += re.findall(r"alpia annex (\S+) --state (\w+)", told)
    rules = policy.load().rules
    assert {state for _, state in named} >= {"overdue", "broken", "unknown"}
    assert [(promise, state) for promise, state in named if state not in listing.of(rules[promise]).states] == []
