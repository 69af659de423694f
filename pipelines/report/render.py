"""Runs a notebook with its parameters and writes its page: reports/<as_of>/<name>.html, or <name>.en.html in English."""

import logging
import os
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.exceptions import PapermillExecutionError
from traitlets import default

from pipelines.errors import AlpiaError, UsageError
from pipelines.home import REPOSITORY, Home
from pipelines.report.html import page
from pipelines.report.words import LANGUAGES, Words

NOTEBOOKS = REPOSITORY / "notebooks"
FIRST_LANGUAGE = LANGUAGES[0]
START_SECONDS = 120


class OwnKernel(AsyncKernelManager):
    """A kernel of the interpreter that runs now, whatever kernels are installed, and that finds this package.

    It is spoken to through files in a folder of its own, readable by the owner alone: no port is opened.
    """

    def __init__(self, **settings) -> None:
        super().__init__(**settings)
        self.folder = tempfile.TemporaryDirectory(prefix="alpia-kernel-")
        self.transport, self.connection_file = "ipc", str(Path(self.folder.name) / "kernel.json")

    @default("kernel_spec_manager")
    def _only_our_own(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])

    def pre_start_kernel(self, **settings):
        environment = dict(settings.pop("env", os.environ))
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(REPOSITORY), environment.get("PYTHONPATH"))))
        return super().pre_start_kernel(env=environment, **settings)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            self.folder.cleanup()

    cleanup_resources = _async_cleanup_resources


def render(home: Home, as_of: date, name: str, lang: str, run_dir: Path, parameters: Mapping[str, object] = {}) -> Path:
    """Execute notebooks/<name>.ipynb for `as_of` and export its page; returns the page's path.

    The executed copy stays in `run_dir`. UsageError for a notebook, a language or a parameter that is not there; AlpiaError
    where a cell failed or the last one did not run: then no page is written.
    """
    words = Words(lang)
    notebook = translated(read(name), name, words)
    given = {"home": str(home.path), "as_of": as_of.isoformat(), "lang": lang, **parameters}
    refuse_unknown(notebook, name, given)
    target = home.reports / as_of.isoformat() / file_name(name, lang)
    executed = execute(notebook, name, run_dir / file_name(name, lang).replace(".html", ".ipynb"), given)
    target.with_suffix(".pdf").unlink(missing_ok=True)  # printed from the page that is replaced now
    return write(target, page(executed, lang, words.day(as_of)))


def file_name(name: str, lang: str) -> str:
    return f"{name}.html" if lang == FIRST_LANGUAGE else f"{name}.{lang}.html"


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
    """Run the notebook in a kernel of its own and keep the executed copy; AlpiaError unless its last cell ran."""
    if "://" in str(copy):
        raise UsageError(f"{copy} is no place on this machine.")
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        executed = papermill.execute_notebook(
            notebook, str(copy).replace("{", "{{").replace("}", "}}"), dict(given), kernel_name="python3", language="python",
            kernel_manager_class=OwnKernel, progress_bar=False, start_timeout=START_SECONDS)
    except PapermillExecutionError as error:
        raise AlpiaError(f"The notebook {name} failed: {error.ename}: {error.evalue} (executed copy: {copy}).") from None
    prove_finished(executed, name)
    return executed


def prove_finished(executed: nbformat.NotebookNode, name: str) -> None:
    """AlpiaError unless every code cell ran to its end: a kernel that was left half-way counts as success for papermill."""
    for cell in executed.cells:
        if cell.cell_type == "code" and (cell.execution_count is None or cell.metadata.papermill.status != "completed"):
            raise AlpiaError(f"The notebook {name} ended before its cell {cell.id}: no page is written.")


def write(target: Path, text: str) -> Path:
    """`put` for text."""
    return put(target, text.encode())


def put(target: Path, content: bytes) -> Path:
    """Put a file in place in one step: a reader sees the old one or the new one, never half; returns its path."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    aside.write_bytes(content)
    os.replace(aside, target)
    return target
