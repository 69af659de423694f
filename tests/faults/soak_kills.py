"""Hundreds of kills of real nights, at the boundaries of their stages and anywhere between (`make soak`).

On as many homes side by side as there are cores. After every few kills a night is left to end, and must publish, row for
row, what an undisturbed one does. SOAK_KILLS: how many kills in all; run with `-s` it tells how far it is.
"""

import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from killing import assert_readable, assert_whole, digest, ended, kill, kill_after, real, sha256

from pipelines import warehouse
from pipelines.demo.generate import generate
from pipelines.home import Home
from pipelines.operate import audit
from pipelines.operate.ledger import Ledger
from pipelines.register import schedule

KILLS = int(os.environ.get("SOAK_KILLS", "200"))
HOMES = len(os.sched_getaffinity(0))
KILLS_A_NIGHT = 10
ACCOUNTS = 40  # what a killed night leaves behind does not depend on how many there are
AS_OF, NIGHT_BEFORE = date(2026, 6, 30), date(2026, 6, 29)
# The night makes one page, and what is due another, in another language: each has all that the others have, too.
REPORTS, ENTRIES = ("compliance",), ("management-quarterly-en",)
STAGES = ("collect", "verify", "publish", "forget", "compliance", "xlsx", "pdf", "index", "evidence", "management")


@dataclass(frozen=True)
class Undisturbed:
    """A home in which two nights ran undisturbed: of the later one the digest, the pages and the seconds."""

    home: Home
    whole: str
    pages: frozenset[str]
    seconds: float
    findings: list


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("soak")
    with ThreadPoolExecutor(HOMES) as threads:
        return list(threads.map(lambda number: undisturbed(folder / f"home{number}", 7 + number), range(HOMES)))


def undisturbed(path: Path, seed: int) -> Undisturbed:
    generate(path, seed, ACCOUNTS, AS_OF)
    without = [name for name in schedule.load().entries if name not in ENTRIES]
    (path / "schedule.toml").write_text(f"without = {without}\n", encoding="utf-8")
    home = Home(path)
    ended(real(home, NIGHT_BEFORE, "--no-reports"))
    start = time.monotonic()
    ended(real(home, AS_OF, reports=REPORTS))
    seconds = time.monotonic() - start
    return Undisturbed(home, digest(warehouse.current(home)), _pages(home), seconds, audit.verify(path).findings)


def _pages(home: Home) -> frozenset[str]:
    return frozenset(f"{path.relative_to(home.reports)}" for path in home.reports.rglob("*.*") if path.is_file())


def soak(one: Undisturbed, kills: int, seed: int) -> Counter:
    """Kill nights in one home; how often after which stage, or at random (`anywhere`)."""
    chance, home, killed = random.Random(seed), one.home, Counter()
    known = {sha256(warehouse.current(home))}
    while killed.total() < kills:
        for _ in range(min(KILLS_A_NIGHT, kills - killed.total())):
            start, stage = time.monotonic(), chance.choice(("anywhere",) * len(STAGES) + STAGES)
            _kill(real(home, AS_OF, "--force", reports=REPORTS), stage, chance.uniform(0, one.seconds))
            killed[stage] += 1
            assert digest(warehouse.current(home)) == one.whole
            known.add(sha256(warehouse.current(home)))
            assert_readable(home, known)
            _say(f"{home.path.name}: {killed.total():4} of {kills} killed, {stage}, {time.monotonic() - start:.1f} s")
        ended(real(home, AS_OF, "--force", reports=REPORTS))
        assert_whole(home, one.findings)
        assert digest(warehouse.current(home)) == one.whole
        assert _pages(home) == one.pages
        known.add(sha256(warehouse.current(home)))
    return killed


def _kill(process, stage: str, seconds: float) -> None:
    if stage != "anywhere":
        return kill_after(process, stage)
    time.sleep(seconds)
    return kill(process)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def test_a_night_that_is_killed_again_and_again_ends_as_an_undisturbed_one(homes):
    start, shares = time.monotonic(), [KILLS // HOMES + (number < KILLS % HOMES) for number in range(HOMES)]
    with ThreadPoolExecutor(HOMES) as threads:
        killed = sum(threads.map(soak, homes, shares, range(20260630, 20260630 + HOMES)), Counter())
    results = Counter(entry.result for one in homes for entry in Ledger(one.home.runs).runs())
    _say(f"{killed.total()} nights were killed in {(time.monotonic() - start) / 60:.0f} minutes: "
         f"{dict(killed.most_common())}; the ledgers say {dict(results)}")
    assert killed.total() == KILLS
    assert results["killed"] > KILLS // 2  # a few are over, or have not begun, when the kill comes
