"""Nothing leaves: the whole job, watched in a network of its own, tries to reach its declared source and nobody else."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from watching import alone

from pipelines import warehouse
from pipelines.home import REPOSITORY, Home
from pipelines.report import figures

AS_OF, ACCOUNTS = date(2026, 6, 30), 40
# Chromium asks the kernel whether there is a way to it, by a datagram socket on which nothing is sent; no flag forbids it.
ROUTE = ("2001:4860:4860::8888", 443)
SOMEBODY = ("192.0.2.77", 443)  # an address that is nobody's (RFC 5737)


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """What was seen of a whole night (see quiet_night.py), and the home that it left."""
    folder = tmp_path_factory.mktemp("quiet")
    return {**seen("quiet_night.py", folder), "home": Home(folder / "home")}


def seen(program, folder):
    """What a program beside this one saw in a network of its own."""
    command = [*alone(), sys.executable, str(Path(__file__).with_name(program)), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_whole_night_reaches_its_declared_source_and_tries_nobody_else(night):
    assert night["status"] == 3, night["told"]  # the demo's planted breaches
    assert [one for one in night["tried"] if tuple(one) != ROUTE] == [["127.0.0.1", night["port"]]]
    assert night["strange"] == []
    connection = warehouse.read(warehouse.current(night["home"]))
    assert connection.execute("SELECT count(*) FROM source.collection WHERE status = 'failed'").fetchone() == (0,)
    connection.close()
    pages = {page.name for page in (night["home"].reports / f"{AS_OF}").iterdir()}
    assert {"compliance.html", "inactivity.html", "deletions.html", "traffic.html"} <= pages


@pytest.mark.slow
def test_the_watch_sees_python_and_native_code_call_somebody(night):
    assert night["control"] == [[SOMEBODY[0], 443], [SOMEBODY[0], 5433]], night["control_told"]


@pytest.mark.slow
def test_no_secret_is_an_argument_of_a_process(night):
    assert night["started"] >= 6  # the job, and a kernel for each notebook
    assert night["with_secret"] == 0
    assert night["control_secret"] == 1, "what stands in an argument would have been seen"


@pytest.mark.slow
def test_jupyterlab_looks_neither_for_updates_nor_for_news(tmp_path):
    told = seen("quiet_lab.py", tmp_path)
    assert (told["ours"]["statuses"]["lab"], told["ours"]["tried"]) == (200, [])
    assert told["control"]["tried"], "switched on again it would have been seen"


def test_plotly_is_given_no_server():
    assert figures.CONFIG["plotlyServerURL"] == ""
    assert figures.CONFIG["showLink"] is False


def test_pip_never_looks_for_a_newer_one():
    calls = re.findall(r"^.*-m pip .*$", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert calls
    assert all("--disable-pip-version-check" in call for call in calls)
