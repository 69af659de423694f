"""Reading back what was written: tables and charts of a page or of an executed notebook, the text of a PDF, a workbook."""

import html
import re
import unicodedata
from itertools import chain
from pathlib import Path

import nbformat
import openpyxl
import pypdf
from test_pages import Read

from pipelines.report.figures import MIME

SPACES = re.compile(r"\s+")


def squeezed(text):
    """A text without any white space and without ligatures: a PDF breaks its lines, and joins letters, where it likes."""
    return SPACES.sub("", unicodedata.normalize("NFKC", text))


def of_page(path):
    """(tables by their caption, charts) of a page."""
    read = Read(Path(path).read_text(encoding="utf-8"))
    return read.tables, read.charts


def of_notebook(path):
    """The same of the outputs of an executed notebook."""
    cells = nbformat.read(path, as_version=4).cells
    outputs = list(chain.from_iterable(cell.outputs for cell in cells if cell.cell_type == "code"))
    shown = [output.data for output in outputs if output.output_type in ("display_data", "execute_result")]
    text = "".join(data["text/html"] for data in shown if "text/html" in data)
    return Read(text).tables, [data[MIME] for data in shown if MIME in data]


def of_pdf(path):
    """The squeezed text of every sheet."""
    return [squeezed(sheet.extract_text()) for sheet in pypdf.PdfReader(path).pages]


def of_workbook(path):
    """Sheet name -> rows of values, as openpyxl reads them; formulas would come as text that begins with `=`."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def shown(cell):
    """What a reader sees of a cell of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", cell)).strip()


def numbers(values):
    """The numbers among values, rounded as a chart draws them; None is kept."""
    return {None if value is None else round(float(value), 6) for value in values
            if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))}


def drawn(chart):
    """(name, values) of each trace: the length of its bars, or the height of its points."""
    return [(trace.get("name"), trace["x"] if trace.get("orientation") == "h" else trace["y"]) for trace in chart["data"]]
