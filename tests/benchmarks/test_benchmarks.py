"""The benchmarks measure like with like: every contender counts exactly the breaches that were planted."""

import pytest

from tests.benchmarks import build, encryption, machine, verifying
from tests.benchmarks.checks import RULES


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "bench.duckdb"
    build.build(path, 6000)
    return path


@pytest.mark.parametrize("name", verifying.CONTENDERS)
def test_every_contender_counts_what_was_planted(small, name):
    assert verifying.CONTENDERS[name]()(small) == {rule.name: rule.breaches for rule in RULES}


def test_encryption_is_measured_on_the_same_rows(tmp_path):
    told, sizes = encryption.measure(tmp_path, 2000, 1)
    assert set(told) == {(work, kind) for work in encryption.WORKS for kind in encryption.KINDS}
    assert set(sizes) == set(encryption.KINDS)
    assert encryption.table(told, sizes).count("\n| ") == 3


def test_a_process_is_measured_whole():
    one = machine.cost("tests.benchmarks.busy", "0.2")
    assert one.cpu_seconds >= 0.2
    assert one.wall_seconds >= 0.2
    assert one.peak_bytes > one.told["allocated"] > 0


def test_what_a_process_starts_counts_with_it():
    one = machine.cost("tests.benchmarks.busy", "0.8", "2")
    assert one.cpu_seconds >= 3 * 0.8
    assert one.peak_bytes > 3 * one.told["allocated"]


def test_the_description_names_no_place():
    assert "/" not in machine.description()
