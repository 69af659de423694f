"""The pages on paper: tagged, with outline, running head and page numbers; drawn by a browser that may ask for nothing."""

import re
import socket
from datetime import date

import formats
import made
import pypdf
import pytest
import toy
from browsing import apart

from pipelines import browser
from pipelines.errors import AlpiaError
from pipelines.report import pdf

pytestmark = [pytest.mark.slow]
REPORTS = ("management", "compliance", "inactivity", "deletions", "traffic")
LARGEST_PICTURE = 64  # pixels: a pattern's tile may be a picture, a chart may not


@pytest.fixture(params=REPORTS)
def read(request, printed):
    return pypdf.PdfReader(printed[request.param])


def headings(page):
    """The headings of a page, in their order."""
    found = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page.read_text(encoding="utf-8"))
    return [formats.shown(text) for text in found if "Sommaire" not in text]


def outline(entries):
    """The titles of an outline, depth first."""
    return [title for entry in entries
            for title in (outline(entry) if isinstance(entry, list) else [entry.title])]


def links(read):
    """The actions of every link."""
    return [note["/A"].get_object() if "/A" in note else {} for note in notes(read)]


def notes(read):
    return [note.get_object() for sheet in read.pages for note in sheet.get("/Annots", [])]


def a_page(tmp_path, body, name="page.html"):
    path = tmp_path / name
    path.write_text(f"<!doctype html><html lang=fr data-charts=drawn><title>T · jour</title><h1>T</h1>{body}",
                    encoding="utf-8")
    return path


def write(*pages):
    return apart(pdf.write, pages, toy.AS_OF, lambda line: None)


def test_is_tagged_in_its_language_with_an_outline_of_its_headings(read, pages):
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"].startswith("fr")
    name = next(name for name in REPORTS if headings(pages[name, "fr"])[0] in read.metadata.title)
    told = [formats.squeezed(title) for title in outline(read.outline)]
    assert [title for title in map(formats.squeezed, headings(pages[name, "fr"])) if title not in told] == []


def test_every_sheet_has_its_number_and_the_running_head(read):
    sheets = [formats.squeezed(sheet.extract_text()) for sheet in read.pages]
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in sheet
        assert "31janvier2026" in sheet
        assert "DOKUMENTO" in sheet


def test_sheets_are_a4_and_charts_are_lines_not_pictures(printed):
    for file in printed.values():
        sheets = pypdf.PdfReader(file).pages
        assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in sheets} == {(596, 843)}
        pictures = re.findall(rb"/Subtype /Image[^>]*?/Width (\d+)", file.read_bytes())
        assert all(int(width) <= LARGEST_PICTURE for width in pictures), file.name


def test_no_link_leaves_the_file(read):
    assert all(action.get("/S") in (None, "/GoTo") for action in links(read))
    raw = b"".join(str(action).encode() for action in links(read))
    assert b"file:" not in raw


def test_every_link_leads_to_what_is_printed(printed):
    led = {name: {note["/Dest"] for note in notes(pypdf.PdfReader(file)) if "/Dest" in note}
           for name, file in printed.items()}
    assert {"/actions", "/better", "/grounds"} <= led["management"]
    for name, file in printed.items():
        assert led[name] <= set(pypdf.PdfReader(file).named_destinations), name


def test_management_is_one_sheet_when_all_is_kept_and_two_at_the_worst(changed, tmp_path):
    moments = (("breached", "overdue", "compliant", 2), ("unverifiable", "dataset_missing", "breached", 2),
               ("compliant", "none", "compliant", 1))
    files = []
    for verdict, reason, before, _ in moments:
        run = changed(f"UPDATE verdict.current SET verdict = '{verdict}', reason = '{reason}', "
                      f"previous_verdict = '{before}'")
        files.append(tmp_path / f"{verdict}.html")
        files[-1].write_text(made.report_of(run, "management"), encoding="utf-8")
    assert [len(pypdf.PdfReader(file).pages) for file in write(*files)] == [sheets for *_, sheets in moments]


def test_hostile_names_are_text(printed):
    text = "".join(formats.of_pdf(printed["inactivity"]))
    assert formats.squeezed(toy.HOSTILE_SCRIPT) in text
    assert formats.squeezed(toy.HOSTILE_LINK) in text
    assert "=HYPERLINK" in text
    assert "\u202e" not in text


def test_tells_the_day_it_speaks_of_and_is_the_same_each_time(tmp_path):
    page = a_page(tmp_path, "<p>Un</p>")
    (first,), bytes_ = write(page), page.with_suffix(".pdf").read_bytes()
    assert pypdf.PdfReader(first).metadata.creation_date.date() == toy.AS_OF
    write(page)
    assert first.read_bytes() == bytes_


@pytest.mark.parametrize(("body", "why"), [
    ("<div class=chart aria-label='Chart: visits'></div>", "page.html cannot be printed: Chart: visits"),
    ("<script>throw new Error('torn')</script>", "page.html cannot be printed: torn"),
], ids=["undrawn", "error"])
def test_a_page_that_does_not_come_to_be_is_an_error_and_no_file(tmp_path, body, why):
    with pytest.raises(AlpiaError, match=why):
        write(a_page(tmp_path, body))
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_page_whose_charts_never_come_is_not_waited_for_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "DRAWING_MS", 300)
    page = a_page(tmp_path, "<div class=chart aria-label='Chart: visits'></div>")
    page.write_text(page.read_text(encoding="utf-8").replace(" data-charts=drawn", ""), encoding="utf-8")
    with pytest.raises(AlpiaError, match="cannot be printed"):
        write(page)


def test_nothing_is_asked_for_while_it_is_printed(tmp_path):
    (tmp_path / "secret.txt").write_text("read me")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        write(a_page(tmp_path, f"<img src='{url}'><iframe src='secret.txt'></iframe><link rel=stylesheet href='{url}'>"))
        with pytest.raises(TimeoutError):
            server.accept()
    assert "readme" not in "".join(formats.of_pdf(tmp_path / "page.pdf"))


@pytest.mark.parametrize("lacking", ["chromium", "playwright"])
def test_where_there_is_no_browser_it_says_what_to_install_and_goes_on(tmp_path, monkeypatch, lacking):
    if lacking == "chromium":
        monkeypatch.setattr(browser, "NAMES", ("no-such-browser",))
    else:
        monkeypatch.setitem(__import__("sys").modules, "playwright.sync_api", None)
    heard = []
    assert pdf.write([a_page(tmp_path, "")], toy.AS_OF, heard.append) == []
    (line,) = heard
    assert line.startswith("note: no PDF is made.")
    assert {"chromium": "apt-get install chromium", "playwright": "requirements-browser.lock"}[lacking] in line


def test_a_pdf_that_tells_its_moment_otherwise_is_refused():
    with pytest.raises(AlpiaError, match="date cannot be set"):
        pdf.dated(b"%PDF-1.4 /CreationDate (D:20260131)", date(2026, 1, 31))
