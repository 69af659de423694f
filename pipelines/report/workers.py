"""Notebooks run side by side, each in a process of its own: the folder that papermill works in is the whole process's.

The processes are copies of one that has imported everything already. They end with the process that asked for them, however
that ends, and take their kernels along. One may be begun before its notebook can run, to make ready meanwhile.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import forkserver
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from pipelines import disk
from pipelines.errors import AlpiaError, without_values
from pipelines.home import Home

# What a worker or its kernel would import first of all.
IMPORTED = ("pipelines.report.slim", "pipelines.report.render", "pipelines.report.sections", "pipelines.report.opening",
            "pipelines.run", "pipelines.collect.collection", "pipelines.models.engine", "ipykernel.kernelapp",
            "ipykernel.ipkernel")
BEHIND = 5  # niceness of pages and workbooks: what prints them has the longest way to go
T = TypeVar("T")
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
    """Run the jobs, as many at a time as there are cores, behind whatever prints; what became of each, in their order."""
    if not jobs:
        return
    prepare()
    with ThreadPoolExecutor(min(len(jobs), len(os.sched_getaffinity(0)))) as threads:
        yield from threads.map(_in_a_process, jobs)


def run(job: Job, worker: "Worker | None" = None) -> Path:
    """Run one notebook in a process of its own, or in a worker that was begun; its page. AlpiaError as `render` says."""
    prepare()
    done = (worker or Worker(_and_then_a_kernel)).run(job)
    if done.error:
        raise done.error
    return done.page


def call(named: str, function: Callable[..., T], *given) -> T:
    """What a module's function gives, in a process of its own, which has no kernel.

    AlpiaError as the function raises it, or with the name of what was not finished.
    """
    told = Worker(os.nice, BEHIND).ask(named, function, *given)
    if isinstance(told, AlpiaError):
        raise told
    return told


@contextmanager
def begun(ready: Callable[[], None]) -> Iterator["Worker"]:
    """A worker that first does what `ready` says (a module's function), then waits for a notebook until the context ends."""
    prepare()
    worker = Worker(_and_then_a_kernel, ready)
    try:
        yield worker
    finally:
        worker.discard()


class Worker:
    """A process that does one piece of work. `ready`: what it does before it is asked (a module's function)."""

    def __init__(self, ready: Callable[..., None] | None, *given):
        self._answers, sender = CONTEXT.Pipe(duplex=False)
        receiver, self._asks = CONTEXT.Pipe(duplex=False)
        self._process = CONTEXT.Process(target=_work, args=(sender, receiver, ready, given, dict(os.environ), os.getcwd()))
        self._process.start()
        sender.close()
        receiver.close()

    def run(self, job: Job) -> Done:
        """Run a notebook and wait for its end."""
        start = perf_counter()
        told = self.ask(f"The notebook {job.name}", _rendered, job)
        is_page = isinstance(told, Path)
        return Done(job, told if is_page else None, None if is_page else told, perf_counter() - start)

    def ask(self, named: str, function: Callable, *given) -> object:
        """What a function gives in there, or the AlpiaError that it ended with."""
        try:
            self._asks.send((function, given))
            told = self._answers.recv()
        except (EOFError, BrokenPipeError):
            told = None
        except BaseException:  # whoever asked is interrupted: nothing of it goes on behind what follows
            self.discard()
            raise
        self._process.join()
        if told is None:
            status = self._process.exitcode
            told = AlpiaError(f"{named} was not finished: its process ended with status {status}"
                              f"{' (killed: was there too little memory?)' if status == -9 else ''}.")
        return told

    def discard(self) -> None:
        """End it, whether it was asked for anything or not."""
        self._process.kill()
        self._process.join()


def _in_a_process(job: Job) -> Done:
    return Worker(_behind).run(job)


def _behind() -> None:
    os.nice(BEHIND)
    _and_then_a_kernel()


def _and_then_a_kernel(ready: Callable[[], None] | None = None) -> None:
    from pipelines.report import kernel

    if ready:
        ready()
    kernel.prepare()


def _rendered(job: Job) -> Path:
    from pipelines.report import kernel
    from pipelines.report.render import render

    try:
        return render(job.home, job.as_of, job.name, job.lang, job.records, job.parameters, job.into)
    finally:
        kernel.discard()


def _work(sender, receiver, ready: Callable[..., None] | None, given: tuple, environment: Mapping[str, str],
          folder: str) -> None:
    """What a worker does: make ready, wait for what is asked, do it, tell its value or the error, and end."""
    os.umask(0o077)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if ready:
        ready(*given)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        function, given = receiver.recv()
    except EOFError:  # nobody will ask any more
        os._exit(1)
    try:
        sender.send(function(*given))
    except AlpiaError as error:
        sender.send(error)
    except Exception as error:
        if not disk.is_full(error):
            print(without_values(type(error), error, error.__traceback__), file=sys.stderr)
            sys.exit(1)
        sender.send(AlpiaError(f"{error}"))


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
