"""A demo home in which two nights have run, shared by the tests of this folder that only read it."""

import os
from datetime import date
from types import SimpleNamespace

import pytest

from pipelines import run as job
from pipelines.demo.generate import generate
from pipelines.home import Home

AS_OF, NIGHT_BEFORE = date(2026, 6, 30), date(2026, 6, 29)
ACCOUNTS = 400


@pytest.fixture(scope="session")
def nights(tmp_path_factory):
    """`.home`, `.first`, `.second`: what the nights of 29 and 30 June 2026 left."""
    path = tmp_path_factory.mktemp("nights") / "home"
    before = os.umask(0o077)  # as the command line sets it
    try:
        generate(path, 7, ACCOUNTS, AS_OF)
        home = Home.locate(path)
        first = job.run(home, NIGHT_BEFORE, reports=())
        second = job.run(home, AS_OF)
    finally:
        os.umask(before)
    return SimpleNamespace(home=home, first=first, second=second)
