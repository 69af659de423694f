"""A night that is killed before each of its writes, not only before some; and readers for minutes (`make soak`)."""

import shutil

from test_kill_points import killed_at, writes_of
from test_readers import read_while_publishing


def test_each_write(night, tmp_path):
    for point in range(1, writes_of(night, tmp_path / "undisturbed")):
        fresh = tmp_path / f"{point}"
        shutil.copytree(night.home.path, fresh / "home", symlinks=True)
        killed_at(type(night)(**{**vars(night), "home": type(night.home)(fresh / "home")}), point)
        shutil.rmtree(fresh)


def test_readers_for_minutes(night):
    assert len(read_while_publishing(night, 50, 200)) > 100
