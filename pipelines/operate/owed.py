"""The pages that published days still lack: what is asked of a run is owed until it is made, in all its formats."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from itertools import chain, groupby
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from pipelines.errors import AlpiaError, RefusedError
from pipelines.home import Home
from pipelines.operate.ledger import Page
from pipelines.operate.publication import file_of
from pipelines.operate.steps import Noted, Steps
from pipelines.report import workers

# What prints and indexes pages, and takes a second to import.
IMPORTED = ("pipelines.report.index", "pipelines.report.pdf", "playwright.sync_api")


class ReportsMissing(AlpiaError):
    """What was to be published is, but these of its pages could not be made; why, the ledger says."""

    def __init__(self, pages: list[Page]) -> None:
        super().__init__(f"Published, but without {_named(pages)}: the next `alpia run` or `alpia report` makes what is "
                         "missing; `alpia status --history` says why it is.")
        self.pages = pages


class ReportsRefused(RefusedError):
    """These pages can never be made, and are owed no more; why, the ledger says."""

    def __init__(self, pages: list[Page]) -> None:
        super().__init__(f"Never to be made: {_named(pages)}; `alpia status --history` says why.")


def _named(pages: list[Page]) -> str:
    return ", ".join(f"{page.name} ({page.lang}) of {page.as_of}" for page in pages)


def prepare() -> None:
    """Begin to import what prints and indexes the pages, beside what this process waits for."""
    Thread(target=_import, daemon=True).start()


def _import() -> None:
    with suppress(ImportError):  # whoever needs it says what is missing
        for name in IMPORTED:
            import_module(name)


class Press:
    """Prints pages of one day as they come, in a thread of its own. `begin`: opens the browser before there is any page."""

    def __init__(self, home: Home, step: Steps, as_of: date) -> None:
        self.as_of, self._home, self._step = as_of, home, step
        self._coming: SimpleQueue[Page | None] = SimpleQueue()
        self._printed: Future[list[Path]] | None = None
        self._thread = ThreadPoolExecutor(1, "press")

    def begin(self) -> None:
        """Open the browser, unless it was begun; what fails is told by `printed`."""
        if self._printed is None:
            self._printed = self._thread.submit(_printed, self._home, self._step, iter(self._coming.get, None), self.as_of)

    def take(self, page: Page) -> None:
        """Print this page, too."""
        self.begin()
        self._coming.put(page)

    def printed(self) -> list[Path]:
        """Wait until all is printed that came; AlpiaError where a page could not be."""
        self._coming.put(None)
        return self._printed.result() if self._printed else []

    def __enter__(self) -> "Press":
        return self

    def __exit__(self, *_) -> None:
        self._coming.put(None)
        self._thread.shutdown()


@dataclass(slots=True)
class Made:
    """The files that were made, and the pages that never can be: of a night of which an older version kept less."""

    files: list[Path] = field(default_factory=list)
    refused: list[Page] = field(default_factory=list)


def make(home: Home, step: Steps, records: Path, press: Press | None = None) -> Made:
    """Make every page that is owed, and its other formats.

    What fails takes nothing else along: it says so as a step of the run, and stays owed, unless it can never be made.
    `press`: for the day of its own.
    """
    made = Made()
    for as_of, pages in groupby(step.ledger.owed(), key=lambda page: page.as_of):
        published = file_of(home, as_of)
        if published is None:  # too long ago: nobody can make them any more
            for page in pages:
                step.ledger.paid(page)
            continue
        with nullcontext(press) if press and press.as_of == as_of else Press(home, step, as_of) as used:
            made.files += _of_day(home, step, list(pages), published, records, used, made.refused)
    return made


def _of_day(home: Home, step: Steps, pages: list[Page], published: Path, records: Path, press: Press, refused: list[Page]
            ) -> list[Path]:
    """Make pages of one day, and of each the other formats as soon as it is there, while others are still being made.

    Only when all of them have been is nothing owed of those that could be made.
    """
    to_list, done = SimpleQueue(), []
    with ThreadPoolExecutor(1, "books") as beside:
        books = beside.submit(_books, home, step, iter(to_list.get, None), published)
        try:
            for page in _pages(home, step, pages, published, records, refused):
                done.append(page)
                press.take(page)
                to_list.put(page)
        finally:
            to_list.put(None)
    files = [page.file(home) for page in done]
    try:
        files += [file for printed in (press.printed(), books.result()) for file in printed]
    except AlpiaError as error:
        step.tell(f"note: {error}")
        return files
    for page in done:
        step.ledger.paid(page)
    return files


def _pages(home: Home, step: Steps, pages: list[Page], published: Path, records: Path, refused: list[Page]
           ) -> Iterator[Page]:
    """Run the notebooks side by side; those pages that could be made. What never can be is owed no more, and `refused`."""
    at = step.clock()
    jobs = [workers.Job(home, page.as_of, page.name, page.lang, records, {"warehouse": str(published)}) for page in pages]
    for page, done in zip(pages, workers.side_by_side(jobs), strict=True):
        step.enter(page.name, at, done.seconds, "failed" if done.error else "done", Noted(detail=f"{done.error or ''}"))
        if isinstance(done.error, RefusedError):
            step.ledger.paid(page)
            refused.append(page)
        elif not done.error:
            yield page


def _printed(home: Home, step: Steps, coming: Iterator[Page], as_of: date) -> list[Path]:
    """The pages on paper; the step begins with the first that comes, and none does where none comes."""
    from pipelines.report import pdf

    is_begun = False
    with ExitStack() as held:
        def files() -> Iterator[Path]:
            nonlocal is_begun
            for page in coming:
                if not is_begun:
                    is_begun = True
                    held.enter_context(step("pdf"))
                yield page.file(home)

        try:
            return pdf.write(files(), as_of, step.tell)
        except AlpiaError:
            # A browser that does not open fails only what was to be printed.
            if not is_begun and next(coming, None) is not None:
                held.enter_context(step("pdf"))
            raise


def _books(home: Home, step: Steps, coming: Iterator[Page], published: Path) -> list[Path]:
    """The workbooks of the pages, each page's in a process that has imported already what they take; no step for none."""
    first = next(coming, None)
    if first is None:
        return []
    with step("xlsx"):
        return [book for page in chain([first], coming)
                for book in workers.call(f"The workbook of {page.name}", _books_of, home, page, published)]


def _books_of(home: Home, page: Page, published: Path) -> list[Path]:
    from pipelines.report import workbooks

    return workbooks.write(home, page.as_of, (page.name,), page.lang, published)
