"""Processes that fuzz, watched from outside: one that dies or hangs in native code is named with the input that it had."""

import multiprocessing
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from mmap import mmap
from multiprocessing.connection import Connection, wait

from running import SHOWN, run

SILENT_SECONDS = 90  # without a new input; what Python code can interrupt, the target does earlier
PROCESSES = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Portion:
    """Some inputs of a target, the same for the same seed."""

    name: str
    inputs: int
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a portion. `failure`: why it ended early, with the input; None where it did not."""

    portion: Portion
    inputs: int
    seconds: float
    failure: str | None = None


class Noted:
    """The input that a process has just now, and how many it has had, where its parent can read it when it is dead."""

    ROOM = 2**20

    def __init__(self) -> None:
        self.memory = mmap(-1, self.ROOM)

    def __call__(self, value: str | bytes) -> None:
        held = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        shown = held[:self.ROOM - 16]
        self.memory[8:16] = len(shown).to_bytes(8, "big")
        self.memory[16:16 + len(shown)] = shown
        self.memory[:8] = (self.count + 1).to_bytes(8, "big")

    @property
    def count(self) -> int:
        return int.from_bytes(self.memory[:8], "big")

    @property
    def input(self) -> bytes:
        return bytes(self.memory[16:16 + int.from_bytes(self.memory[8:16], "big")])


@dataclass(slots=True)
class Worker:
    """One portion in a process of its own. `seen_at`: when its count of inputs last moved, of a monotonic clock."""

    portion: Portion
    noted: Noted = field(default_factory=Noted)
    seen: int = 0
    seen_at: float = field(default_factory=time.monotonic)
    started_at: float = field(default_factory=time.monotonic)
    ours: Connection = field(init=False)
    process: multiprocessing.Process = field(init=False)

    def start(self) -> "Worker":
        self.ours, theirs = PROCESSES.Pipe(duplex=False)
        self.process = PROCESSES.Process(target=_work, args=(self.portion, self.noted, theirs), daemon=True)
        self.process.start()
        theirs.close()
        return self

    def outcome(self) -> Outcome | None:
        """What became of it; None while it works. One that has had no new input for too long is ended."""
        if self.ours.poll():
            try:
                return self._told(*self.ours.recv())
            except EOFError:
                self.process.join()
                return self._broken(f"the process died (exit status {self.process.exitcode})")
        if self.noted.count != self.seen:
            self.seen, self.seen_at = self.noted.count, time.monotonic()
        if time.monotonic() - self.seen_at > SILENT_SECONDS:
            self.process.kill()
            self.process.join()
            return self._broken(f"not done after {SILENT_SECONDS} seconds, and deaf to signals")
        return None

    def _told(self, inputs: int, failure: str | None) -> Outcome:
        self.process.join()
        return Outcome(self.portion, inputs, time.monotonic() - self.started_at, failure)

    def _broken(self, why: str) -> Outcome:
        return self._told(self.noted.count - 1, f"{why}\nThe input: {self.noted.input[:SHOWN]!r}")


def _work(portion: Portion, noted: Noted, told) -> None:
    try:
        answer = run(portion.name, portion.inputs, portion.seed, noted), None
    except BaseException as error:
        notes = "\n".join(getattr(error, "__notes__", ()))
        answer = noted.count - 1, f"{type(error).__name__}: {error}\n{notes}"[:4 * SHOWN]
    told.send(answer)


def fuzzed(portions: Iterable[Portion], processes: int) -> Iterator[Outcome]:
    """The outcomes as they come. What is left of a target that failed is not begun: it would fail again."""
    waiting, working, failed = list(portions), [], set()
    while waiting or working:
        while waiting and len(working) < processes:
            portion = waiting.pop(0)
            if portion.name not in failed:
                working.append(Worker(portion).start())
        wait([worker.ours for worker in working], timeout=min(1, SILENT_SECONDS))
        for worker in list(working):
            outcome = worker.outcome()
            if outcome:
                working.remove(worker)
                failed |= {outcome.portion.name} if outcome.failure else set()
                yield outcome
