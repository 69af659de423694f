"""The pages that published days still lack: what is asked of a run is owed until it is made, in all its formats."""

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate.ledger import Page
from pipelines.operate.publication import file_of
from pipelines.operate.steps import Noted, Steps
from pipelines.report import workers


class ReportsMissing(AlpiaError):
    """What was to be published is, but these of its pages could not be made; why, the ledger says."""

    def __init__(self, pages: list[Page]) -> None:
        named = ", ".join(f"{page.name} ({page.lang}) of {page.as_of}" for page in pages)
        super().__init__(f"Published, but without {named}: the next `alpia run` or `alpia report` makes what is missing; "
                         "`alpia status --history` says why it is.")
        self.pages = pages


def make(home: Home, step: Steps, records: Path) -> list[Path]:
    """Make every page that is owed, and its other formats; returns what was made.

    What fails takes nothing else along: it says so as a step of the run, and stays owed.
    """
    made: list[Path] = []
    for as_of, pages in groupby(step.ledger.owed(), key=lambda page: page.as_of):
        published = file_of(home, as_of)
        if published is None:  # too long ago: nobody can make them any more
            for page in pages:
                step.ledger.paid(page)
            continue
        done = _pages(home, step, list(pages), published, records)
        made += _other_formats(home, step, done, published) if done else []
    return made


def _pages(home: Home, step: Steps, pages: list[Page], published: Path, records: Path) -> list[Page]:
    """Run the notebooks side by side; those pages that could be made."""
    at, made = step.clock(), []
    jobs = [workers.Job(home, page.as_of, page.name, page.lang, records, {"warehouse": str(published)}) for page in pages]
    for page, done in zip(pages, workers.side_by_side(jobs), strict=True):
        step.enter(page.name, at, done.seconds, "failed" if done.error else "done", Noted(detail=f"{done.error or ''}"))
        made += [] if done.error else [page]
    return made


def _other_formats(home: Home, step: Steps, pages: list[Page], published: Path) -> list[Path]:
    """The workbooks of the reports, and their pages printed meanwhile; with them the pages themselves.

    Only then nothing is owed.
    """
    from pipelines.report import pdf

    files = [page.file(home) for page in pages]
    try:
        with ThreadPoolExecutor(1) as beside:
            writing = beside.submit(_books, home, step, pages, published)
            with step("pdf"):
                printed = pdf.write(files, pages[0].as_of, step.tell)
            books = writing.result()
    except AlpiaError as error:
        step.tell(f"note: {error}")
        return files
    for page in pages:
        step.ledger.paid(page)
    return [*files, *books, *printed]


def _books(home: Home, step: Steps, pages: list[Page], published: Path) -> list[Path]:
    """The workbooks, language by language."""
    from pipelines.report import workbooks

    with step("xlsx"):
        return [book for lang, those in groupby(sorted(pages, key=lambda page: page.lang), key=lambda page: page.lang)
                for book in workbooks.write(home, pages[0].as_of, [page.name for page in those], lang, published)]
