"""Runs a notebook with its parameters and writes its page: reports/<as_of>/<name>.html, or <name>.en.html in English."""

import logging
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError

from pipelines import disk
from pipelines.errors import AlpiaError, RefusedError, UsageError, is_meant_to_be_read
from pipelines.home import REPOSITORY, Home
from pipelines.operate.ledger import Page
from pipelines.report.html import page
from pipelines.report.kernel import OwnKernel
from pipelines.report.words import Words

NOTEBOOKS = REPOSITORY / "notebooks"
START_SECONDS = 120
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r"(File \S+:\d+, in [\w.<>]+|Cell In\[\d+\], line \d+)")  # of IPython's traceback


def render(home: Home, as_of: date, name: str, lang: str, run_dir: Path, parameters: Mapping[str, object] = {},
           into: Path | None = None) -> Path:
    """Execute notebooks/<name>.ipynb for `as_of` and export its page; returns the page's path.

    The page lies with the reports of its day, or in the folder `into`. The executed copy stays in `run_dir`.
    UsageError for a notebook, a language or a parameter that is not there; AlpiaError where a cell failed or the last one
    did not run: then no page is written.
    """
    words = Words(lang)
    notebook = translated(read(name), name, words)
    given = {"home": str(home.path), "as_of": as_of.isoformat(), "lang": lang, **parameters}
    refuse_unknown(notebook, name, given)
    target = Page(as_of, name, lang).file(home)
    executed = execute(notebook, name, run_dir / target.with_suffix(".ipynb").name, given)
    target = into / target.name if into else target
    target.with_suffix(".pdf").unlink(missing_ok=True)  # printed from the page that is replaced now
    return disk.put(target, page(executed, lang, words.day(as_of)))


def read(name: str) -> nbformat.NotebookNode:
    """The committed notebook `name`; UsageError where there is none."""
    path = NOTEBOOKS / f"{name}.ipynb"
    if not name.isidentifier() or not path.is_file():
        known = ", ".join(sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb")))
        raise UsageError(f"There is no notebook {name!r}; there are: {known}.")
    return nbformat.read(path, as_version=4)


def translated(notebook: nbformat.NotebookNode, name: str, words: Words) -> nbformat.NotebookNode:
    """The notebook with its Markdown cells in the reader's language."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = words(f"{name}.{cell.id}")
    return notebook


def refuse_unknown(notebook: nbformat.NotebookNode, name: str, given: Mapping[str, object]) -> None:
    """UsageError for a parameter that the notebook does not have: papermill would only warn, and change nothing."""
    known = parameters_of(notebook)
    strange = sorted(set(given) - set(known))
    if strange:
        raise UsageError(f"The notebook {name} has no parameter {', '.join(strange)}; it has: {', '.join(known)}.")


def parameters_of(notebook: nbformat.NotebookNode) -> tuple[str, ...]:
    """The names in the notebook's parameters cell."""
    lines = [line for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())
             for line in cell.source.splitlines()]
    return tuple(line.split(":")[0].strip() for line in lines if ":" in line.split("#")[0])


def execute(notebook: nbformat.NotebookNode, name: str, copy: Path, given: Mapping[str, object]) -> nbformat.NotebookNode:
    """Run the notebook in a kernel of its own and keep the executed copy; AlpiaError unless its last cell ran.

    RefusedError where a cell says that it never will.
    """
    if "://" in str(copy):
        raise UsageError(f"{copy} is no place on this machine.")
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        executed = papermill.execute_notebook(
            notebook, str(copy).replace("{", "{{").replace("}", "}}"), dict(given), kernel_name="python3", language="python",
            kernel_manager_class=OwnKernel, progress_bar=False, start_timeout=START_SECONDS,
            request_save_on_cell_execute=False)  # writing the copy after every cell took as long as the cells
    except PapermillExecutionError as error:
        hide_values(copy)
        is_told = is_meant_to_be_read(error.ename) or disk.is_full(Exception(error.evalue))  # that names a place alone
        told = f": {error.evalue}" if is_told else ""
        kind = RefusedError if error.ename == RefusedError.__name__ else AlpiaError
        raise kind(f"The notebook {name} failed: {error.ename}{told} (executed copy: {copy}).") from None
    except DeadKernelError:
        raise AlpiaError(f"The notebook {name} failed: its kernel died, or never answered; was there too little memory?"
                         ) from None
    prove_finished(executed, name)
    return executed


def hide_values(copy: Path) -> None:
    """Take out of an executed copy what an exception says that is not meant to be read: kind and places stay."""
    executed = nbformat.read(copy, as_version=4)
    for cell in executed.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and not is_meant_to_be_read(output.ename):
                lines = [COLOUR.sub("", line) for told in output.traceback for line in told.splitlines()]
                output.traceback = [match[0] for line in lines if (match := PLACE.match(line))]
                output.evalue = ""
    disk.put(copy, nbformat.writes(executed))


def prove_finished(executed: nbformat.NotebookNode, name: str) -> None:
    """AlpiaError unless every code cell ran to its end: a kernel that was left half-way counts as success for papermill."""
    for cell in executed.cells:
        if cell.cell_type == "code" and (cell.execution_count is None or cell.metadata.papermill.status != "completed"):
            raise AlpiaError(f"The notebook {name} ended before its cell {cell.id}: no page is written.")
