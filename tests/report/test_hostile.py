"""Names that want to be more than names: shown as text wherever a page shows a name, run nowhere, and cut when very long."""

import re

import made
import pandas as pd
import pytest

from pipelines.report import figures, pages
from pipelines.report.figures import LOOKS, Series
from pipelines.report.words import Words

WORDS = Words("fr")
OWNED = "document.title='owned'"
NAMES = (
    f"<script>{OWNED}</script>",
    f"<img src=x onerror={OWNED}>",
    '<a href="http://a.example">clic</a>',
    f"<a href=\"javascript:{OWNED}\">j</a>",
    "<b>gras</b><br>ligne<sup>2</sup>",
    "</script><!--",
    "%{y}%{customdata}",
    "`x` & &lt;b&gt; &#60;i&#62;",
    '=HYPERLINK("http://a.example")',
    "+cmd|' /C calc'!A0",
    "bon\u202egnp.exe\u2066\u200b",
    "a\x00b\nc",
    "x" * 10_000,
)
SHORT = [name for name in NAMES if len(name) < 28 and name.isprintable()]


@pytest.fixture(scope="module")
def view(browser, tmp_path_factory):
    counts = list(range(10, 10 + len(NAMES)))
    frame = pd.DataFrame({"action": NAMES, "who": NAMES, "why": NAMES, "plan": NAMES, "accounts": counts})
    names = {f"c{place}": name for place, name in enumerate(NAMES)}
    wide = pd.DataFrame({"plan": ["p"], **{key: [1] for key in names}})
    series = [Series(name, [1, 2], LOOKS["plain"]) for name in NAMES]
    shown = [
        pages.sentence(NAMES[0]), pages.note(NAMES[1]), pages.caption(NAMES[2], NAMES[3]),
        pages.key_figures(WORDS, [(name, 1, "plain") for name in NAMES]),
        pages.table(WORDS, frame, tuple(frame.columns), NAMES[0], is_stacked=True),
        pages.table(WORDS, frame.assign(promise=NAMES), ("accounts", "promise"), NAMES[1], {name: name for name in NAMES},
                    group="plan"),
        pages.table(WORDS, wide, ("plan", *names), NAMES[2], heads=names),
        figures.rows(WORDS, NAMES[0], NAMES, [Series(NAMES[2], counts, LOOKS["plain"])], NAMES[4]),
        figures.columns(WORDS, NAMES[1], NAMES, series[:6], NAMES[2], line=Series(NAMES[3], counts, LOOKS["bad"])),
        figures.lines(WORDS, NAMES[2], NAMES, dict.fromkeys(NAMES[:6], counts), NAMES[4], finding=NAMES[0]),
    ]
    return made.opened(browser, made.page_of(*shown), tmp_path_factory.mktemp("hostile") / "page.html")


def test_nothing_ran_and_nothing_was_asked_for(view):
    view.wait_for_timeout(200)
    assert view.title() == "Question ? · 31 janvier 2026"
    assert view.logged == []
    assert len(view.asked) == 1


def test_no_name_became_an_element_or_a_link(view):
    assert view.evaluate("document.querySelectorAll('main :is(script:not([type]), img, b, i, br, sup)').length") == 0
    assert view.evaluate("[...document.querySelectorAll('main a, svg a')].length") == 0
    handlers = "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on/.test(a.name))).length"
    assert view.evaluate(handlers) == 0


def test_every_name_is_read_as_it_is_written(view):
    shown = view.inner_text("main")
    assert [name for name in SHORT if name not in shown] == []
    ticks = set(view.evaluate("[...document.querySelectorAll('.ytick text')].map(t => t.textContent)"))
    assert [name for name in SHORT if name not in ticks] == []
    legend = view.evaluate("[...document.querySelectorAll('.legendtext')].map(t => t.textContent)")
    assert legend[:6] == list(NAMES[:6])


def test_marks_that_reorder_or_hide_are_shown_as_such(view):
    shown = view.evaluate("document.body.textContent")
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\x00]", shown)
    assert "bon\ufffdgnp.exe\ufffd\ufffd" in shown


def test_what_is_very_long_is_cut_visibly(view):
    longest = max(re.findall("x+…?", view.inner_text("main")), key=len)
    assert longest.endswith("…")
    assert len(longest) <= pages.LONGEST_TEXT
    assert view.evaluate("document.documentElement.scrollWidth <= 1280")


@pytest.mark.parametrize("chart", range(3))
def test_hovering_shows_names_as_text(view, chart):
    """Plotly reads tags in what it fills into a hover text: none of ours gets there as a tag."""
    drawn, found = f"document.querySelectorAll('.chart')[{chart}]", ".hoverlayer :is(a, script, image, foreignObject)"
    for point, name in enumerate(NAMES):
        view.evaluate(f"Plotly.Fx.hover({drawn}, [{{curveNumber: 0, pointNumber: {point}}}])")
        assert view.evaluate("document.querySelectorAll('.hoverlayer text').length") > 0
        assert view.evaluate(f"document.querySelectorAll('{found}').length") == 0, name
    assert view.title() != "owned"
    assert view.logged == []


def test_the_policy_stops_what_would_run_all_the_same(view):
    """Were a name to become an element after all, the page would still not run it, nor ask anybody for anything."""
    view.evaluate("""() => {
        window.stopped = [];
        document.addEventListener('securitypolicyviolation', (event) => window.stopped.push(event.effectiveDirective));
        const script = document.createElement('script'), image = new Image(), style = document.createElement('style');
        const frame = document.createElement('iframe');
        script.textContent = "document.title = 'owned'";
        style.textContent = 'body { display: none }';
        image.src = 'http://127.0.0.1:9/x.png';
        frame.src = 'http://127.0.0.1:9/';
        document.body.append(script, image, style, frame);
        document.body.insertAdjacentHTML('beforeend', '<p onclick="document.title=`owned`" id="trap">x</p>');
        document.getElementById('trap').click();
        fetch('http://127.0.0.1:9/').catch(() => {});
    }""")
    view.wait_for_timeout(300)
    assert view.title() != "owned"
    assert view.evaluate("getComputedStyle(document.body).display") == "block"
    assert set(view.evaluate("window.stopped")) == {"script-src-elem", "img-src", "style-src-elem", "frame-src",
                                                    "script-src-attr", "connect-src"}
    assert set(view.asked[1:]) == set(view.refused) == {"http://127.0.0.1:9/x.png"}, "what is begun is refused by the policy"
