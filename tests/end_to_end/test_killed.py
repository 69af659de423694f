"""kill -9 of a real night: what is published stays, and the next run ends as if nothing had been (`make soak`: 200)."""

import shutil
import time
from datetime import date

import pytest
from killing import assert_readable, assert_whole, digest, ended, kill, kill_after, real, sha256

from pipelines import warehouse
from pipelines.home import Home
from pipelines.operate import audit
from pipelines.operate.ledger import Ledger

pytestmark = [pytest.mark.slow]
AS_OF = date(2026, 6, 30)


def test_a_night_that_is_killed_ends_at_the_next_run_as_an_undisturbed_one(nights, tmp_path):
    shutil.copytree(nights.home.path, tmp_path / "home", symlinks=True)
    home, known = Home(tmp_path / "home"), {sha256(nights.second.published)}
    process = real(home, AS_OF, "--force", "--no-reports")
    time.sleep(2)
    kill(process)
    kill_after(real(home, AS_OF, "--force", "--no-reports"), "collect")
    assert_readable(home, known)
    ended(real(home, AS_OF, "--force", "--no-reports"))
    assert_whole(home, audit.verify(nights.home.path).findings)
    assert warehouse.run_of(warehouse.current(home)) != nights.second.run_id
    answers = ("fact", "obligation")
    assert digest(warehouse.current(home), answers) == digest(nights.second.published, answers)
    assert [entry.result for entry in Ledger(home.runs).runs()][-2:] == ["killed", nights.second.result]
