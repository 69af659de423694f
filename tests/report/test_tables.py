"""Tables in a real browser: sorted by their headings, filtered by words, with the keyboard as with the mouse."""

from datetime import date

import made
import pandas as pd
import pytest

from pipelines.report import pages
from pipelines.report.words import Words

WORDS = Words("fr")
ROWS = pd.DataFrame({
    "dataset": ["écart", "zone", "Alpha", "beta", "d5", "d6", "d7", "d10", "d9", "d11", "d12"],
    "rows": [1234, 7, 100_000, 52, 5, 6, 7, 10, 9, 11, 12],
    "share": [0.1234, 0.5, pd.NA, 0.0005, 0.2, 0.25, 0.3, 0.35, 0.4, 0.41, 0.42],
    "until_on": [date(2026, 2, 1), date(2025, 12, 31), None, *[date(2026, 1, day) for day in range(1, 9)]],
    "verdict": ["compliant", "breached", "at_risk", "unverifiable", *["compliant"] * 7],
})
FEW = ROWS.head(2)


@pytest.fixture(scope="module")
def view(browser, tmp_path_factory):
    grouped = ROWS.assign(section=["A", "A", "A", *["B"] * 8])
    shown = (pages.table(WORDS, ROWS, tuple(ROWS.columns), "Toutes"), pages.table(WORDS, FEW, ("dataset", "rows"), "Deux"),
             pages.table(WORDS, grouped, ("dataset", "rows"), "Groupes", group="section", is_stacked=True))
    return made.opened(browser, made.page_of(*shown), tmp_path_factory.mktemp("tables") / "page.html")


def column(view, table=0, place=0):
    return view.evaluate(f"[...document.querySelectorAll('table')[{table}].querySelectorAll('tbody tr:not(.group)')]"
                         f".filter(row => row.offsetParent).map(row => row.cells[{place}].textContent.trim())")


def head(view, place, table=0):
    return view.locator("table").nth(table).locator("thead th").nth(place)


def sorted_by(view, place, table=0):
    """What the first column says after each of three presses."""
    told = []
    for _ in range(3):
        head(view, place, table).locator("button").click()
        told.append((head(view, place, table).get_attribute("aria-sort"), column(view, table)))
    return dict(told)


def test_texts_sort_as_a_reader_of_the_language_sorts(view):
    turned = sorted_by(view, 0)
    assert turned["ascending"] == ["Alpha", "beta", "d5", "d6", "d7", "d9", "d10", "d11", "d12", "écart", "zone"]
    assert turned["descending"] == turned["ascending"][::-1]
    assert turned[None] == ROWS["dataset"].tolist(), "the third press puts the rows back"


def test_numbers_sort_as_numbers_however_they_are_spaced(view):
    by_number = ROWS.sort_values("rows", kind="stable")["dataset"].tolist()
    assert sorted_by(view, 1)["ascending"] == by_number


@pytest.mark.parametrize(("place", "ascending"), [
    (2, ["beta", "écart", "d5", "d6", "d7", "d10", "d9", "d11", "d12", "zone", "Alpha"]),  # the suppressed one is last
    (3, ["zone", "beta", "d5", "d6", "d7", "d10", "d9", "d11", "d12", "écart", "Alpha"]),
])
def test_shares_and_dates_sort_by_their_value_and_what_tells_nothing_is_last(view, place, ascending):
    turned = sorted_by(view, place)
    assert turned["ascending"] == ascending
    assert turned["descending"] == [*ascending[:-1][::-1], ascending[-1]]


def test_verdicts_sort_by_how_bad_they_are(view):
    assert sorted_by(view, 4)["ascending"][:3] == ["zone", "Alpha", "beta"]


def test_a_group_is_sorted_under_its_heading(view):
    turned = sorted_by(view, 0, table=2)["ascending"]
    assert turned == ["Alpha", "écart", "zone", "beta", "d5", "d6", "d7", "d9", "d10", "d11", "d12"]
    assert view.evaluate("[...document.querySelectorAll('table')[2].tBodies].every(b => b.rows[0].matches('.group'))")


def test_the_keyboard_sorts_too(view):
    head(view, 0).locator("button").focus()
    for turn in ("ascending", "descending", None):
        view.keyboard.press("Enter")
        assert head(view, 0).get_attribute("aria-sort") == turn


def test_a_filter_takes_words_without_accents_and_tells_how_many_rows_are_left(view):
    asked, told = view.locator(".tools input").first, view.locator(".tools output").first
    asked.fill("ECART non")
    assert column(view) == []
    asked.fill("ecart TENUE")
    assert column(view) == ["écart"]
    assert told.text_content() == "1 / 11"
    asked.fill("")
    assert len(column(view)) == 11
    assert told.text_content() == ""


def test_a_group_without_a_fitting_row_is_not_shown(view):
    view.locator(".tools input").nth(1).fill("zone")
    assert view.evaluate("[...document.querySelectorAll('table')[2].tBodies].map(b => b.hidden)") == [False, True]
    view.locator(".tools input").nth(1).fill("")


def test_a_table_of_two_rows_needs_neither(view):
    assert view.evaluate("document.querySelectorAll('table')[1].querySelectorAll('button').length") == 0
    assert view.evaluate("document.querySelectorAll('.tools').length") == 2


def test_a_sort_key_tells_no_more_than_what_is_shown(view):
    keys = view.evaluate("[...document.querySelectorAll('table')[0].querySelectorAll('td:nth-child(3)')]"
                         ".map(cell => cell.dataset.sort)")
    assert keys[:4] == ["12.3", "50.0", "", "0.1"]


@pytest.mark.parametrize(("width", "display"), [(360, "block"), (1280, "table-row")])
def test_on_a_phone_a_row_is_a_card_that_names_its_cells(view, width, display):
    view.set_viewport_size({"width": width, "height": 900})
    row = "document.querySelectorAll('table')[2].querySelector('tbody tr:not(.group)')"
    assert view.evaluate(f"getComputedStyle({row}).display") == display
    assert view.evaluate(f"{row}.cells[1].dataset.label") == "Lignes\u00a0:"
    assert view.evaluate(f"document.documentElement.scrollWidth <= {width}")
    view.set_viewport_size({"width": 1280, "height": 900})
