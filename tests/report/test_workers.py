"""Notebooks side by side: what fails takes no other along, and nothing outlives the process that asked for it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import toy
from processes import children, is_at_work, until

from pipelines.errors import AlpiaError
from pipelines.report import workers
from pipelines.report.render import render
from pipelines.report.workers import Job
from pipelines.verify import ahead

ASKING = """
import sys, threading
from pathlib import Path
from pipelines.home import Home
from pipelines.report import workers
from datetime import date
home = Home(Path(sys.argv[1]))
records = home.runs / "killed"
records.mkdir()
print(workers.run(workers.Job(home, date(2026, 1, 31), "inactivity", "fr", records)))
"""


def job(home, records, name="inactivity", **parameters):
    return Job(home, toy.AS_OF, name, "fr", records, parameters, records)


@pytest.fixture
def records(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    return folder


def test_a_report_that_fails_takes_no_other_along_and_the_order_stays(home, records):
    """The first has no warehouse; the second is no notebook."""
    jobs = [job(home, records, "deletions", warehouse="/nowhere.duckdb"), job(home, records, "nothing"), job(home, records)]
    done = list(workers.side_by_side(jobs))
    assert [one.job.name for one in done] == ["deletions", "nothing", "inactivity"]
    assert "There is no warehouse at /nowhere.duckdb" in str(done[0].error)
    assert "There is no notebook 'nothing'" in str(done[1].error)
    assert done[2].error is None
    assert done[2].page == records / "inactivity.html"
    assert [path.name for path in sorted(records.glob("*.html"))] == ["inactivity.html"]


def test_one_that_was_begun_makes_ready_first_and_gives_the_page_that_any_other_gives(home, records, pages):
    with workers.begun(ahead.begin) as worker:
        assert workers.run(job(home, records), worker) == records / "inactivity.html"
    assert (records / "inactivity.html").read_text() == pages["inactivity", "fr"].read_text()


def test_one_that_was_begun_and_not_needed_ends_with_all_that_it_began(home):
    with workers.begun(ahead.begin) as worker:
        below = until(lambda: len(found := children(worker._process.pid)) >= 3 and found)  # itself, its kernel, the canaries
        assert below
    assert until(lambda: not any(map(is_at_work, below)))


def test_one_that_dies_while_it_waits_is_told_of(home, records):
    with workers.begun(ahead.begin) as worker:
        worker._process.kill()
        with pytest.raises(AlpiaError, match="The notebook inactivity was not finished: .* -9 .killed"):
            workers.run(job(home, records), worker)


class Interrupted(BaseException):
    """Whoever waits is told to stop."""


def test_whoever_asked_is_interrupted_and_nothing_goes_on_behind_it():
    def interrupt(*_):
        raise Interrupted

    worker = workers.Worker(None)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(Interrupted):
            worker.ask("A long sleep", time.sleep, 60)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not worker._process.is_alive()


def test_a_kernel_copied_from_a_process_gives_the_page_of_one_that_began_anew(home, records, pages):
    render(home, toy.AS_OF, "inactivity", "fr", records, {}, records)
    assert (records / "inactivity.html").read_text() == pages["inactivity", "fr"].read_text()


def test_whoever_asked_is_killed_and_nothing_goes_on(home, records):
    """kill -9 of the run: its workers and their kernels end with it, and write nothing any more."""
    asking = subprocess.Popen([sys.executable, "-c", ASKING, str(home.path)], cwd=Path(__file__).parents[2],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    below = until(lambda: len(found := children(asking.pid)) >= 5 and found)  # itself, tracker, server, worker, kernel
    assert below
    os.kill(asking.pid, signal.SIGKILL)
    asking.wait()
    assert until(lambda: not any(map(is_at_work, below[1:])))
