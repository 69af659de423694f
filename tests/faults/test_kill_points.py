"""A night that is killed before any one of its writes: whoever reads finds what is whole, and the next run carries on."""

import shutil

from killing import PLAYED, assert_readable, assert_whole, played

from pipelines import warehouse
from pipelines.operate.ledger import Ledger

EVERY = 20  # `make soak` takes each


def killed_at(night, point: int) -> None:
    """Kill a night at a point, look, run it again, look again."""
    before = warehouse.current(night.home)
    if played(night.home, night.day, night.built, point):
        raise AssertionError(f"The night has fewer than {point} writes.")
    assert_readable(night.home, night.known)
    if played(night.home, night.day, night.built) is None:
        raise AssertionError("The night after did not end.")
    assert_whole(night.home)
    assert_readable(night.home, night.known)
    assert warehouse.current(night.home) != before
    assert warehouse.published(night.home)[-1] == (night.day, warehouse.current(night.home))
    pages = {page.name for page in night.home.reports_of(night.day).iterdir()}
    assert pages == {f"{name}.html" for name in ("collect", "verify", *PLAYED)}
    entries = Ledger(night.home.runs).runs()
    assert entries[-1].result not in ("killed", "failed", "incomplete")
    assert {entry.result for entry in entries[:-1]} <= {"killed"}  # before its first write into the ledger, a run is none


def writes_of(night, folder) -> int:
    """How many writes an undisturbed night makes."""
    shutil.copytree(night.home.path, folder, symlinks=True)
    return played(type(night.home)(folder), night.day, night.built)


def test_a_night_can_be_killed_at_any_of_its_writes(night, tmp_path):
    points = writes_of(night, tmp_path / "undisturbed")
    assert points > 40
    for number, point in enumerate(range(1, points, EVERY)):
        fresh = tmp_path / f"{number}"
        shutil.copytree(night.home.path, fresh / "home", symlinks=True)
        killed_at(type(night)(**{**vars(night), "home": type(night.home)(fresh / "home")}), point)


def test_a_night_that_is_killed_again_and_again_carries_on(night):
    for point in (12, 30, 13):
        assert played(night.home, night.day, night.built, point) is None
        assert_readable(night.home, night.known)
    assert played(night.home, night.day, night.built)
    assert_whole(night.home)
