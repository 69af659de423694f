"""The annexes of a run as workbooks: the figures that each page shows, and apart, for few, the lists of subjects."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from pipelines.home import Home
from pipelines.models import listing
from pipelines.operate.ledger import Page
from pipelines.register import policy
from pipelines.report import xlsx
from pipelines.report.opening import Run, open_run
from pipelines.report.pages import Figures, Html
from pipelines.report.sections import SECTIONS

RESTRICTED = "restricted"
LISTED_BY = "compliance"  # the report that the lists of subjects belong to
# Nobody has to act on these: they would be most of the rows, and `alpia annex` lists them on request.
AT_REST = ("open", "met", "void", "kept", "valid")
REASONED = {"closed_by", "reason"}


def write(home: Home, as_of: date, names: Sequence[str], lang: str, warehouse: Path) -> list[Path]:
    """Write the workbook of each report beside its page, and with compliance the lists of subjects; returns them all.

    The lists go to `restricted/` in the day's folder (0700, the file 0600), which nothing links to or sends.
    """
    run = open_run(str(home.path), lang=lang, file=str(warehouse))
    try:
        made = [figures(run, name, Page(as_of, name, lang).file(home).with_suffix(".xlsx")) for name in names]
        if LISTED_BY in names:
            lists = Page(as_of, "subjects", lang).file(home).with_suffix(".xlsx")
            made.append(subjects(run, lists.parent / RESTRICTED / lists.name))
    finally:
        run.connection.close()
    return made


def figures(run: Run, name: str, target: Path) -> Path:
    """The tables of one page, after disclosure control, a sheet each."""
    words = run.words
    sheets = [xlsx.Sheet(one.title, xlsx.columns(words, one, run.promises)) for one in tables(run, name)]
    title = words("xlsx.title", report=words(f"name.{name}"))
    return xlsx.write(target, words, _book(run, title, words("xlsx.figures_of")), sheets)


def tables(run: Run, name: str) -> list[Figures]:
    """The figures of every table of the page `name`, in its order."""
    sections = [run.show(key) for key in SECTIONS if key.startswith(f"{name}.")] + [run.believe()]
    return [one for section in sections for piece in section.pieces if isinstance(piece, Html) for one in piece.tables]


def subjects(run: Run, target: Path, most_rows: int = xlsx.MOST_ROWS) -> Path:
    """Who is concerned, promise by promise, as pseudonyms with their dates: all but those on whom nothing is to be done."""
    words = run.words
    listed = [_listed(run, promise, rule, _reasons(run)) for promise, rule in policy.load().rules.items()]
    sheets = [sheet for sheet in listed if sheet.rows]
    book = _book(run, words("xlsx.subjects"), words("xlsx.listed"), is_restricted=True)
    return xlsx.write(target, words, book, sheets, most_rows)


def _listed(run: Run, promise: str, rule, reasons: Mapping[str, str]) -> xlsx.Sheet:
    words = run.words
    frame = run.sql(f"SELECT * FROM ({listing.of(rule).sql}) WHERE state NOT IN (SELECT unnest($at_rest))",
                    promise=promise, state=None, at_rest=list(AT_REST))
    for name in REASONED & set(frame.columns):
        frame[name] = frame[name].replace(reasons)
    columns = (xlsx.column(words, name, words(f"annex.{name}"), frame[name]) for name in frame.columns)
    return xlsx.Sheet(promise, tuple(columns))


def _reasons(run: Run) -> dict[str, str]:
    """The register's words for what became of an obligation, and why a condition is not met, in the reader's language."""
    told = run.sql("SELECT word, fr, en FROM register.closing UNION ALL SELECT word, fr, en FROM register.reason")
    return dict(zip(told["word"], told[run.words.lang], strict=True))


def _book(run: Run, title: str, note: str, is_restricted: bool = False) -> xlsx.Book:
    words, held = run.words, run.one("register.run")
    lines = {"xlsx.system": held["system"], "xlsx.source": words("xlsx.made_by"), "xlsx.note": note}
    return xlsx.Book(title, run.as_of, [(words(key), value) for key, value in lines.items()], is_restricted)
