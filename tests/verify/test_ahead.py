"""The canaries judged ahead are those of the very registers that verify; in any other case they are judged anew."""

import multiprocessing
import os
import signal
from dataclasses import replace

import pytest

from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register
from pipelines.verify import ahead

CONTRACTS, POLICY = contracts_register.load(), policy_register.load()
ANEW, AHEAD = ["judged anew"], ["judged ahead"]


@pytest.fixture(autouse=True)
def judging(monkeypatch):
    """Here judging takes no time, and tells who did it: this process, or a copy of it."""
    judge, here = ahead.judge, os.getpid()
    monkeypatch.setattr(ahead, "judge", lambda *registers: ANEW if os.getpid() == here else AHEAD)
    yield judge
    ahead._told()


def test_what_was_judged_ahead_is_told_once():
    ahead.begin()
    assert ahead.canaries(CONTRACTS, POLICY) == AHEAD
    assert ahead.canaries(CONTRACTS, POLICY) == ANEW


def test_nothing_was_begun():
    assert ahead.canaries(CONTRACTS, POLICY) == ANEW


@pytest.mark.parametrize(("contracts", "policy"), [
    (CONTRACTS, replace(POLICY, digest="another")), (replace(CONTRACTS, digest="another"), POLICY)])
def test_a_register_that_changed_meanwhile_has_its_canaries_judged_anew(contracts, policy):
    ahead.begin()
    assert ahead.canaries(contracts, policy) == ANEW


def test_a_copy_that_is_killed_has_its_canaries_judged_anew(monkeypatch):
    monkeypatch.setattr(ahead, "judge", lambda *registers: signal.pause())
    before = set(multiprocessing.active_children())
    ahead.begin()
    (copy,) = set(multiprocessing.active_children()) - before
    os.kill(copy.pid, signal.SIGKILL)
    monkeypatch.setattr(ahead, "judge", lambda *registers: ANEW)
    assert ahead.canaries(CONTRACTS, POLICY) == ANEW


def test_judged_ahead_they_sing_as_they_do_now(judging, monkeypatch):
    monkeypatch.setattr(ahead, "judge", judging)
    ahead.begin()
    told = ahead.canaries(CONTRACTS, POLICY)
    assert told == judging(CONTRACTS, POLICY)
    assert len(told) > len(POLICY.rules)
    assert all(one.success for one in told)
