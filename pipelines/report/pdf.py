"""The pages of a run on paper: each beside its page, printed by one warm Chromium; tagged, with outline, running head.

Chromium writes the moment of printing into a PDF, in two places of fixed width: there the day that is reported stands
instead, so that the same page gives the same file.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from pipelines import browser, disk
from pipelines.errors import AlpiaError
from pipelines.report.assets import asset

OPENING_MS = DRAWING_MS = 60_000  # for a page to load, then for its charts; on a busy machine, too
# Charts are drawn as wide as the paper leaves room: 210 mm less the margins, at 96 pixels an inch.
MARGIN = {"top": "18mm", "bottom": "16mm", "left": "14mm", "right": "14mm"}
VIEWPORT = {"width": 688, "height": 980}
STYLE = ("font: 7.5pt 'Liberation Sans', Arial, sans-serif; color: #55606e; width: 100%; margin: 0 14mm; display: flex; "
         "justify-content: space-between")
HEAD = f'<div style="{STYLE}"><span>Alpiasoft · DOKUMENTO</span><span class="title"></span></div>'
FOOT = (f'<div style="{STYLE}"><span></span><span><span class="pageNumber"></span>\u202f/\u202f'
        '<span class="totalPages"></span></span></div>')
PRINTED_AT = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)")
DRAWN = """(wait) => new Promise((tell) => {
    const until = Date.now() + wait, held = document.documentElement.dataset;
    const look = () => held.charts === 'drawn' || Date.now() > until ? tell() : setTimeout(look, 20);
    look();
})"""
# Made ready by us, a page is left alone by its own `beforeprint` and `afterprint`, which would draw its charts anew.
READY_ONCE = """addEventListener('beforeprint', (event) => {
    if (document.documentElement.dataset.paper) event.stopImmediatePropagation();
    document.documentElement.dataset.paper = 'ready';
});
addEventListener('afterprint', (event) => event.stopImmediatePropagation());"""
MAKE_READY = "new Promise((tell) => { dispatchEvent(new Event('beforeprint')); setTimeout(tell, 50); })"
# A link to another file would name a place on this machine, and one to what is not printed would lead nowhere.
UNLINK = """document.querySelectorAll('a[href]').forEach((link) => {
    const held = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!link.getAttribute('href').startsWith('#') || !held?.getClientRects().length) link.removeAttribute('href');
})"""
UNDRAWN = """[...document.querySelectorAll('.chart')].filter(
    (chart) => !chart.querySelector('.main-svg .trace')).map((chart) => chart.getAttribute('aria-label'))"""


def write(pages: Iterable[Path], as_of: date, tell: Callable[[str], None]) -> list[Path]:
    """Print pages, each beside itself; returns the PDFs' paths. AlpiaError for a page that does not come to be.

    The browser is open before the first page is asked for. Where there is none it prints nothing, and tells what to install.
    """
    try:
        with browser.launched(is_alone=True) as chromium:
            context = chromium.new_context(viewport=VIEWPORT, offline=True)
            context.add_init_script(READY_ONCE)
            # One view for all: what a renderer has compiled for one page is there for the next. A second browser gains
            # nothing, for one keeps two cores busy.
            view, errors = context.new_page(), []
            view.on("pageerror", lambda error: errors.append(f"{error}"))
            view.emulate_media(media="print")
            return [_print(view, page, as_of, errors) for page in pages]
    except browser.NoBrowserError as missing:
        tell(f"note: no PDF is made. {missing}")
        return []


def _print(view, page: Path, as_of: date, errors: list[str]) -> Path:
    """`errors`: what scripts of the page have raised is added to them."""
    view.unroute_all()
    view.route("**/*", lambda route: route.continue_() if route.request.url == page.as_uri() else route.abort())
    view.goto(page.as_uri(), timeout=OPENING_MS)
    _wait_for_charts(view, page, errors)
    for script in (MAKE_READY, asset("paper.js"), UNLINK):
        view.evaluate(script)
    printed = view.pdf(format="A4", margin=MARGIN, print_background=True, display_header_footer=True, header_template=HEAD,
                       footer_template=FOOT, tagged=True, outline=True)
    return disk.put(page.with_suffix(".pdf"), dated(printed, as_of))


def _wait_for_charts(view, page: Path, errors: list[str]) -> None:
    if view.locator(".chart").count():
        view.evaluate(DRAWN, DRAWING_MS)
    undrawn = view.evaluate(UNDRAWN)
    if undrawn or errors:
        raise AlpiaError(f"{page.name} cannot be printed: {'; '.join([*errors, *undrawn])}")


def dated(printed: bytes, as_of: date) -> bytes:
    """The PDF as if it had been printed at the end of the day that it reports; AlpiaError where it names no moment."""
    moment = f"D:{as_of:%Y%m%d}235959+00'00'".encode()
    told, places = PRINTED_AT.subn(lambda found: b"/%s (%s)" % (found[1], moment), printed)
    if places != 2 or len(told) != len(printed):
        raise AlpiaError("The browser wrote a PDF that tells otherwise when it was printed: its date cannot be set.")
    return told
