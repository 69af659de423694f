"""A sample of what `make fuzz` does with a million inputs, always the same one; and that the fuzzing would notice."""

import os
import re
import signal
import sys
import time
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import targets  # noqa: E402
import workers  # noqa: E402
from mutating import neighbours  # noqa: E402
from running import run  # noqa: E402

from pipelines.collect import lines  # noqa: E402
from tests.fuzz import __main__ as command  # noqa: E402

SLOW = ("policy_toml", "contracts_toml", "attestations", "declared_cookies", "opt_outs")


@pytest.mark.parametrize("name", targets.TARGETS)
def test_no_input_crashes_hangs_or_is_lost(name):
    count = 40 if name in SLOW else 200
    assert run(name, count) >= count


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


def test_a_process_that_dies_or_hangs_in_native_code_is_told_with_its_input(monkeypatch):
    monkeypatch.setattr(workers, "SILENT_SECONDS", 0.3)
    for feed, why in ((lambda value: os._exit(7), "the process died (exit status 7)"), (_deaf, "not done after 0.3 sec")):
        monkeypatch.setitem(targets.TARGETS, "durations", targets.Target(st.just("the input"), feed, 1))
        (told,) = workers.fuzzed([workers.Portion("durations", 40, 0), workers.Portion("durations", 40, 1)], 1)
        assert why in told.failure
        assert "The input: b'the input'" in told.failure
        assert told.inputs < 40


def _deaf(value):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(60)


def test_what_was_found_and_what_was_not_fed_end_in_a_table_and_a_failure(monkeypatch):
    monkeypatch.setitem(targets.TARGETS, "durations", targets.Target(st.just("x"), lambda value: 1 / 0, 1))
    told = CliRunner().invoke(command.main, ["--inputs", "80", "--only", "durations", "--only", "set_cookie"])
    assert told.exit_code == 1
    assert "FAILED durations, seed" in told.output
    assert "ZeroDivisionError: division by zero\nThe input: 'x'" in told.output
    assert re.search(r"^set_cookie +\d+ +\d+ +[\d,]+$", told.output, re.M)
    assert "FAILED: 1 of 2 targets" in told.output


def test_neighbours_are_the_same_for_the_same_seed_and_others_than_the_first():
    for base in ('{"a": "b", "c": 1}', b"a,b\n\xff,1\n"):
        once, again = (list(neighbours(base, ("é",), Random(4), 200)) for _ in range(2))
        assert once == again
        assert len(set(once) - {base}) > 100
        assert {type(one) for one in once} == {type(base)}
