"""Notebooks run side by side, each in a process of its own: the folder that papermill works in is the whole process's.

The processes are copies of one that has imported everything already. They end with the process that asked for them, however
that ends, and take their kernels along.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import forkserver
from pathlib import Path
from time import perf_counter

from pipelines import disk
from pipelines.errors import AlpiaError, without_values
from pipelines.home import Home

# What a worker or its kernel would import first of all.
IMPORTED = ("pipelines.report.slim", "pipelines.report.render", "pipelines.report.sections", "pipelines.report.opening",
            "pipelines.run", "pipelines.collect.collection", "pipelines.models.engine", "ipykernel.kernelapp",
            "ipykernel.ipkernel")
CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to run, as `render` takes it."""

    home: Home
    as_of: date
    name: str
    lang: str
    records: Path
    parameters: Mapping[str, str] = field(default_factory=dict)
    into: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job: its page, or why there is none; and in how many seconds."""

    job: Job
    page: Path | None
    error: AlpiaError | None
    seconds: float


def prepare() -> None:
    """Begin to import what the workers will need, beside what this process does meanwhile."""
    CONTEXT.set_forkserver_preload(list(IMPORTED))
    forkserver.ensure_running()


def side_by_side(jobs: Sequence[Job]) -> Iterator[Done]:
    """Run the jobs, as many at a time as there are cores; what became of each, in their order."""
    if not jobs:
        return
    prepare()
    with ThreadPoolExecutor(min(len(jobs), len(os.sched_getaffinity(0)))) as threads:
        yield from threads.map(_in_a_process, jobs)


def run(job: Job) -> Path:
    """Run one notebook in a process of its own; returns its page. AlpiaError as `render` says."""
    [done] = side_by_side([job])
    if done.error:
        raise done.error
    return done.page


def _in_a_process(job: Job) -> Done:
    start, (receiver, sender) = perf_counter(), CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(sender, job, dict(os.environ), os.getcwd()))
    process.start()
    sender.close()
    try:
        told = receiver.recv()
    except EOFError:
        told = None
    process.join()
    if told is None:
        told = AlpiaError(f"The notebook {job.name} was not finished: its process ended with status {process.exitcode}"
                          f"{' (killed: was there too little memory?)' if process.exitcode == -9 else ''}.")
    is_page = isinstance(told, Path)
    return Done(job, told if is_page else None, None if is_page else told, perf_counter() - start)


def _work(sender, job: Job, environment: dict[str, str], folder: str) -> None:
    """What a worker does: make ready for its kernel, run the notebook, tell the page or the error, and end."""
    from pipelines.report import kernel
    from pipelines.report.render import render

    os.umask(0o077)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    kernel.prepare()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        sender.send(render(job.home, job.as_of, job.name, job.lang, job.records, job.parameters, job.into))
    except AlpiaError as error:
        sender.send(error)
    except Exception as error:
        if not disk.is_full(error):
            print(without_values(type(error), error, error.__traceback__), file=sys.stderr)
            sys.exit(1)
        sender.send(AlpiaError(f"{error}"))
    finally:
        kernel.discard()


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
