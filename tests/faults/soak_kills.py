"""Hundreds of kills of real nights, at the boundaries of their stages and anywhere between (`make soak`).

After every few kills a night is left to end, and must publish, row for row, what an undisturbed one does.
"""

import os
import random
import time
from datetime import date

import pytest
from killing import assert_readable, assert_whole, digest, ended, kill, kill_after, real, sha256

from pipelines import warehouse
from pipelines.demo.generate import generate
from pipelines.home import Home
from pipelines.operate import audit
from pipelines.operate.ledger import Ledger

KILLS = int(os.environ.get("SOAK_KILLS", "200"))
KILLS_A_NIGHT = 10
AS_OF = date(2026, 6, 30)
STAGES = ("collect", "verify", "publish", "compliance", "traffic", "xlsx", "pdf", "index")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A home in which one night ran undisturbed, that night's digest, and how many seconds it took."""
    home = Home(tmp_path_factory.mktemp("soak") / "home")
    generate(home.path, 7, 40, AS_OF)
    start = time.monotonic()
    ended(real(home, AS_OF))
    return home, digest(warehouse.current(home)), time.monotonic() - start


def test_a_night_that_is_killed_again_and_again_ends_as_an_undisturbed_one(undisturbed):
    home, whole, seconds = undisturbed
    chance, killed, findings = random.Random(20260630), 0, audit.verify(home.path).findings
    known = {sha256(warehouse.current(home))}
    while killed < KILLS:
        for number in range(KILLS_A_NIGHT):
            process = real(home, AS_OF)
            if number % 2:
                time.sleep(chance.uniform(0, seconds))
                kill(process)
            else:
                kill_after(process, chance.choice(STAGES))
            killed += 1
            assert digest(warehouse.current(home)) == whole
            known.add(sha256(warehouse.current(home)))
            assert_readable(home, known)
        ended(real(home, AS_OF))
        assert_whole(home, findings)
        assert digest(warehouse.current(home)) == whole
    results = [entry.result for entry in Ledger(home.runs).runs()]
    assert results.count("killed") > KILLS // 2  # a few are over, or have not begun, when the kill comes
