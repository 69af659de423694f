"""What verification can do before there is anything to verify: a night does it beside the collection.

The checks are imported, and a copy of the process judges the canaries, which depend on the code and the registers alone.
Whoever verifies later, in this process or in another copy of it, is told what became of them.
"""

import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines import disk, warehouse
from pipelines.process import copied, end_with
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register

_telling: Connection | None = None  # the copy that judges the canaries writes at its other end


@dataclass(frozen=True, slots=True)
class Judged:
    """The results of the canaries, and the digests of the registers by which they were judged."""

    policy: str
    contracts: str
    results: list


def begin() -> None:
    """Import the checks, and let a copy of this process judge the canaries. Only while it has one thread."""
    global _telling
    from pipelines.verify import verification

    verification.imported()
    _telling, told = multiprocessing.Pipe(duplex=False)
    copied(_tell, told, os.getpid(), daemon=True)
    told.close()


def _tell(told: Connection, parent: int) -> None:
    end_with(parent)
    contracts, policy = contracts_register.load(), policy_register.load()
    told.send(Judged(policy.digest, contracts.digest, judge(contracts, policy)))


def canaries(contracts, policy) -> list:
    """The results of the canaries by these registers: those that were judged ahead, else judged now."""
    judged = _told()
    if judged and (judged.policy, judged.contracts) == (policy.digest, contracts.digest):
        return judged.results
    return judge(contracts, policy)


def _told() -> Judged | None:
    """What the copy has to tell, once; None where there is none, or where it ended without a word."""
    global _telling
    telling, _telling = _telling, None
    try:
        return telling.recv() if telling else None
    except EOFError:
        return None


def judge(contracts, policy) -> list:
    """Judge the canaries now, and the guards', in a private folder outside any home: what is invented needs no key."""
    from pipelines.verify import canaries, doubts

    held = canaries.load()
    with disk.private_folder() as folder:
        results = canaries.judge(Path(folder) / f"canaries{warehouse.SUFFIX}", held, contracts, policy)
    return [*results, *doubts.judge(held, contracts, policy)]
