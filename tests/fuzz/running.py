"""Runs a target with many inputs, a batch an example of Hypothesis: one that it makes, and neighbours of it."""

from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from mutating import neighbours
from targets import TARGETS, fed

BATCH = 20
SHOWN = 2_000  # of an input that fails: what is told of it


def run(name: str, inputs: int, first_seed: int = 0, noted: Callable[[str | bytes], None] = lambda value: None) -> int:
    """Feed at least so many inputs to a target, the same for the same seed; returns how many.

    `noted` is called with each before it is fed. What fails is made small by Hypothesis, which feeds more for that.
    """
    target, count = TARGETS[name], 0

    def feed(value: str | bytes) -> None:
        nonlocal count
        noted(value)
        try:
            fed(target, value)
        except BaseException as error:
            error.add_note(f"The input: {value[:SHOWN]!r}")
            raise
        count += 1

    @seed(first_seed)
    @settings(max_examples=-(-inputs // BATCH), deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=(Phase.generate, Phase.shrink), report_multiple_bugs=False, print_blob=False)
    @given(target.inputs, st.integers(0, 2**32))
    def batch(base, chance) -> None:
        feed(base)
        for value in neighbours(base, target.words, Random(chance), BATCH - 1):
            feed(value)

    batch()
    while count < inputs:  # few distinct inputs may be all that a strategy has
        first_seed += 1
        seed(first_seed)(batch)()
    return count
