"""Runs a target with many inputs, some thousand at a time."""

from collections.abc import Iterator

from hypothesis import HealthCheck, Phase, given, seed, settings
from targets import TARGETS, fed

AT_ONCE = 10_000


def run(name: str, inputs: int, first_seed: int = 0) -> int:
    """Feed so many inputs to a target, the same for the same seed; returns how many. What fails, Hypothesis makes small."""
    for at, count in enumerate(_portions(inputs), first_seed):
        _portion(name, count, at)()
    return inputs


def _portions(inputs: int) -> Iterator[int]:
    for done in range(0, inputs, AT_ONCE):
        yield min(AT_ONCE, inputs - done)


def _portion(name: str, inputs: int, at: int):
    @seed(at)
    @settings(max_examples=inputs, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=(Phase.generate, Phase.shrink), report_multiple_bugs=False)
    @given(TARGETS[name].inputs)
    def portion(value) -> None:
        fed(TARGETS[name], value)

    return portion
