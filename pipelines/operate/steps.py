"""The steps of one run: each is timed, told in one line and entered in the ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from pipelines.operate.ledger import Ledger


@dataclass(slots=True)
class Noted:
    """What a step says of itself beside its duration: how many rows, and one sentence free of values."""

    rows: int | None = None
    detail: str = ""


class Steps:
    """`with step("collect") as noted: …`; `clock` gives the time in UTC, `tell` hears one line a step."""

    def __init__(self, ledger: Ledger, run_id: str, kind: str, tell: Callable[[str], None], clock: Callable[[], datetime]
                 ) -> None:
        self.ledger, self.run_id, self.kind, self.tell, self.clock = ledger, run_id, kind, tell, clock

    @contextmanager
    def __call__(self, name: str) -> Iterator[Noted]:
        at, start, noted, result = self.clock(), perf_counter(), Noted(), "failed"
        try:
            yield noted
            result = "done"
        finally:
            self.enter(name, at, perf_counter() - start, result, noted)

    def enter(self, name: str, at: datetime, seconds: float, result: str, noted: Noted) -> None:
        """A step that is over."""
        self.tell(f"{name:<12} {result:<6} {seconds:6.1f} s{'  ' * bool(noted.detail)}{noted.detail}")
        self.ledger.step(self.run_id, name, at, seconds, result, noted.rows, noted.detail)

    def end(self, result: str, message: str) -> None:
        """The run is over."""
        self.ledger.finish(self.run_id, self.clock(), result, message)


class Laps:
    """A stop watch: each call ends a lap, whose seconds are kept by its name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = perf_counter()

    def __call__(self, name: str) -> None:
        at = perf_counter()
        self.seconds[name], self._since = at - self._since, at
