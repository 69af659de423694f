"""Workbooks: typed cells, a frozen head with filters, and text that stays text whatever a source called itself.

Nothing in a workbook is a formula or a link. The same figures give the same bytes: the moment in its properties is the day
that it speaks of.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

import pandas as pd
import xlsxwriter

from pipelines.report import pages
from pipelines.report.words import Words, label

MOST_ROWS = 1_048_575  # Excel's own limit, less the head
LONGEST_CELL = 16_000  # characters; Excel takes 32,767 UTF-16 units, of which a character may need two
LONGEST_NAME, WIDEST, NARROWEST, SAMPLED = 31, 60, 9, 500
A4, WARNING = 9, "#A31D16"
FIRST_DAY = pd.Timestamp("1899-12-30")  # day 0 of Excel's calendar
PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
NO_NAME = re.compile(r"[\[\]:*?/\\]")
ACTIVE = ("=", "+", "-", "@")  # what a spreadsheet would take for a formula when somebody edits the cell
RICH = ("<r>", "</r>")  # what xlsxwriter would take for markup of its own
FORMATS = {"text": {}, "count": {"num_format": "#,##0"}, "number": {"num_format": "#,##0.0"},
           "share": {"num_format": "0.0%"}, "day": {}, "month": {}, "moment": {}}
LOCAL_FORMATS = {
    "fr": {"day": "dd/mm/yyyy", "month": "[$-40C]mmm yyyy", "moment": "dd/mm/yyyy hh:mm"},
    "en": {"day": "yyyy-mm-dd", "month": "[$-409]mmm yyyy", "moment": "yyyy-mm-dd hh:mm"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """Values under a head: numbers and days in the format of that name, texts as they are, None for an empty cell."""

    head: str
    format: str
    values: Sequence


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under its title; columns of one length."""

    title: str
    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        return len(self.columns[0].values)


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook says of itself: `lines` of (what, value) on its first sheet, and whether only few may read it."""

    title: str
    as_of: date
    lines: Sequence[tuple[str, str]]
    is_restricted: bool = False


def write(target: Path, words: Words, book: Book, sheets: Sequence[Sheet], most_rows: int = MOST_ROWS) -> Path:
    """Write a workbook in one step, readable by its owner alone; returns its path.

    A table of more than `most_rows` rows stands on several sheets, and the first sheet says so.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".xlsx-") as folder:
        aside = Path(folder) / target.name
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with xlsxwriter.Workbook(aside, {**PLAIN, "tmpdir": folder}) as made:
            made.set_properties({"title": book.title, "author": "Alpia", "created": datetime.combine(book.as_of, time())})
            _fill(_Pen(made, words, book), sheets, most_rows)
        os.replace(aside, target)
    return target


class _Pen:
    """The formats of one workbook, and how a cell is written in it."""

    def __init__(self, made: xlsxwriter.Workbook, words: Words, book: Book) -> None:
        self.made, self.words, self.book = made, words, book
        top = {"valign": "top", "text_wrap": True}
        local = LOCAL_FORMATS[words.lang]
        self.formats = {name: made.add_format({**look, **top, **({"num_format": local[name]} if name in local else {})})
                        for name, look in FORMATS.items()}
        self.head = made.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
        self.title = made.add_format({"bold": True, "font_size": 16})
        self.warning = made.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": WARNING, **top})
        self.quoted = made.add_format({**top, "quote_prefix": True})

    def put(self, sheet, row: int, column: int, value, look) -> None:
        if isinstance(value, str):
            text = told(value)
            sheet.write_string(row, column, text, self.quoted if text.startswith(ACTIVE) else look)
        elif value is not None:
            sheet.write_number(row, column, value, look)


def told(value: str) -> str:
    """A text as a cell can hold it: printable, legal in XML, never markup, cut where Excel's limit might be."""
    if value.isascii() and value.isprintable() and len(value) <= LONGEST_CELL and not value.startswith(RICH[0]):
        return value  # a pseudonym, most of the time
    text = NO_XML.sub("\ufffd", label(value, LONGEST_CELL))
    return f"{text}\u00a0" if text.startswith(RICH[0]) and text.endswith(RICH[1]) else text


def _fill(pen: _Pen, sheets: Sequence[Sheet], most_rows: int) -> None:
    first = pen.made.add_worksheet(pen.words("xlsx.about"))
    names = [_names(sheet, most_rows) for sheet in sheets]
    taken = {first.get_name().casefold()}
    listed = [[_unique(name, taken) for name in parts] for parts in names]
    _about(pen, first, sheets, listed, most_rows)
    for sheet, parts in zip(sheets, listed, strict=True):
        rows = zip(*(column.values for column in sheet.columns), strict=True)
        for name in parts:
            _sheet(pen, name, sheet, islice(rows, most_rows), min(sheet.rows, most_rows))


def _names(sheet: Sheet, most_rows: int) -> list[str]:
    """The same name for each sheet that the table needs; an empty table has none."""
    return [NO_NAME.sub(" ", told(sheet.title)).strip("' ")] * -(-sheet.rows // most_rows)


def _unique(name: str, taken: set[str]) -> str:
    """A name that Excel takes, and that no other sheet has."""
    cut, number = label(name, LONGEST_NAME), 2
    while cut.casefold() in taken:
        end = f" ({number})"
        cut, number = label(name, LONGEST_NAME - len(end)) + end, number + 1
    taken.add(cut.casefold())
    return cut


def _about(pen: _Pen, sheet, sheets: Sequence[Sheet], listed: Sequence[Sequence[str]], most_rows: int) -> None:
    """The first sheet: what the workbook is, of which day, from where, and what each of its sheets holds."""
    words, book, text = pen.words, pen.book, pen.formats["text"]
    marked = [((words("xlsx.restricted"), pen.warning), (words("xlsx.restricted_why"), pen.warning))]
    lines = [((book.title, pen.title),), *(marked if book.is_restricted else ()),
             ((words("xlsx.as_of"), text), (_serial(book.as_of), pen.formats["day"])),
             *(((what, text), (value, text)) for what, value in book.lines), (),
             tuple((words(key), pen.head) for key in ("xlsx.sheet", "xlsx.table", "xlsx.rows"))]
    for one, parts in zip(sheets, listed, strict=True):
        split = f" ({words('xlsx.split', n=len(parts), most=most_rows)})" if len(parts) > 1 else ""
        lines.append(((", ".join(parts) or words("value.none"), text), (one.title + split, text),
                      (one.rows, pen.formats["count"])))
    sheet.set_column(0, 1, WIDEST)
    for row, cells in enumerate(lines):
        for place, (value, look) in enumerate(cells):
            pen.put(sheet, row, place, value, look)


def _sheet(pen: _Pen, name: str, table: Sheet, rows: Iterator[tuple], count: int) -> None:
    sheet = pen.made.add_worksheet(name)
    _paper(pen, sheet)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, count, len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _width(column))
        pen.put(sheet, 0, place, column.head, pen.head)
    looks = [pen.formats[column.format] for column in table.columns]
    put = pen.put
    for row, values in enumerate(rows, 1):
        for place, value in enumerate(values):
            put(sheet, row, place, value, looks[place])


def _paper(pen: _Pen, sheet) -> None:
    """How a sheet prints: A4 across, its head on every page; a restricted one says so at the top of each."""
    if pen.book.is_restricted:
        sheet.set_tab_color(WARNING)
        sheet.set_header(f"&C&B{pen.words('xlsx.restricted')}")
    sheet.set_footer("&L&A&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _width(column: Column) -> int:
    longest = max((len(value) for value in column.values[:SAMPLED] if isinstance(value, str)), default=12)
    return max(NARROWEST, min(WIDEST, max(longest, len(column.head) // 2) + 2))


def columns(words: Words, figures: pages.Figures, promises) -> tuple[Column, ...]:
    """The columns of a table of a page as typed values; a promise stands in two, as it reads and as it is called."""
    made: list[Column] = []
    for name, head in figures.heads.items():
        values = figures.frame[name]
        if name == "promise":
            ids = [None if pd.isna(value) else value for value in values]
            made.append(Column(head, "text", [promises.get(one) for one in ids]))
            made.append(Column(words("xlsx.id"), "text", ids))
        else:
            made.append(column(words, name, head, values))
    return tuple(made)


def column(words: Words, name: str, head: str, values: pd.Series) -> Column:
    """One column by its name and type, as `pages.cell` tells it, but typed; what is suppressed is said in words."""
    if name in ("verdict", "previous_verdict"):
        return Column(head, "text", [None if pd.isna(value) else words(f"verdict.{value}") for value in values])
    if name in pages.CODED or name == "plan":
        return Column(head, "text", [pages.coded(words, name, value) for value in values])
    if pd.api.types.is_datetime64_any_dtype(values):
        return Column(head, _calendar(name, values), _serials(values))
    if name.endswith("share"):
        return Column(head, "share", [_number(words, value) for value in values])
    if pd.api.types.is_bool_dtype(values):
        return Column(head, "text", [words.value(bool(value)) for value in values])
    if pd.api.types.is_numeric_dtype(values):
        kind = "number" if pd.api.types.is_float_dtype(values) else "count"
        return Column(head, kind, [_number(words, value) for value in values])
    return _mixed(words, name, head, values)


def _mixed(words: Words, name: str, head: str, values: pd.Series) -> Column:
    """A column of objects: days, or numbers of which some are suppressed, or texts."""
    held = [value for value in values if not pd.isna(value)]
    if held and all(isinstance(value, date) for value in held):
        moments = pd.to_datetime(values)
        return Column(head, _calendar(name, moments), _serials(moments))
    kind = "count" if all(isinstance(value, int) and not isinstance(value, bool) for value in held) else "number"
    return Column(head, kind, [value.replace("`", "") if isinstance(value, str) and name in ("why", "cure")
                               else _number(words, value) for value in values])


def _number(words: Words, value):
    """A number, a text, or None; NA is what may not be shown."""
    if value is pd.NA:
        return words("value.suppressed")
    if pd.isna(value):
        return None
    if isinstance(value, bool):
        return words.value(value)
    return value if isinstance(value, str) else float(value)


def _calendar(name: str, values: pd.Series) -> str:
    if name == "month_on":
        return "month"
    days = values.dropna()
    return "day" if name.endswith("_on") or (days.dt.tz is None and (days == days.dt.normalize()).all()) else "moment"


def _serial(day: date) -> int:
    return (pd.Timestamp(day) - FIRST_DAY).days


def _serials(values: pd.Series) -> list[float | None]:
    """Days of Excel's calendar; moments as the clock in Paris showed them."""
    local = values.dt.tz_localize(None) if values.dt.tz is not None else values
    days = (local - FIRST_DAY) / pd.Timedelta(days=1)
    return [None if missing else number for number, missing in zip(days.tolist(), values.isna().tolist(), strict=True)]
