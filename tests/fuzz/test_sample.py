"""A sample of what `make fuzz` does with a million inputs, always the same one; and that the fuzzing would notice."""

import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import targets  # noqa: E402
from running import run  # noqa: E402

from pipelines.collect import lines  # noqa: E402

SLOW = ("policy_toml", "contracts_toml", "attestations", "declared_cookies", "opt_outs")


@pytest.mark.parametrize("name", targets.TARGETS)
def test_no_input_crashes_hangs_or_is_lost(name):
    count = 8 if name in SLOW else 150
    assert run(name, count) == count


def test_all_targets_together_are_a_million_inputs():
    assert sum(target.weight for target in targets.TARGETS.values()) >= 1_000_000


def test_a_line_that_is_lost_a_crash_and_a_hang_are_noticed(monkeypatch):
    monkeypatch.setattr(lines.Refusals, "add", lambda *told: None)
    with pytest.raises(targets.LostError):
        targets.fed(targets.TARGETS["json_lines"], b"[1]\n")
    with pytest.raises(ZeroDivisionError):
        targets.fed(targets.Target(None, lambda value: 1 / value, 1), 0)
    monkeypatch.setattr(targets, "LONGEST_SECONDS", 0.1)
    with pytest.raises(TimeoutError):
        targets.fed(targets.Target(None, time.sleep, 1), 5)
