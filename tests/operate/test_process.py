"""A copy of a process leaves alone what that process has thrown away."""

import gc

from pipelines.process import copied


class Thrown:
    """In a ring, so that only the collector finds it; it says when it is cleared away."""

    def __init__(self, note):
        self.note, self.itself = note, self

    def __del__(self):
        self.note.write_text("cleared away")


def collect_twice():
    gc.collect()
    gc.collect()


def test_what_was_thrown_away_is_not_cleared_away_in_the_copy(tmp_path):
    """It may be a database, whose threads only the first process has: clearing that away ended the copy."""
    note = tmp_path / "note"
    gc.disable()
    try:
        Thrown(note)
        copy = copied(collect_twice)
        copy.join()
        assert (copy.exitcode, note.exists()) == (0, False)
    finally:
        gc.enable()
    gc.collect()
    assert note.exists(), "here it is cleared away as ever"


def test_the_collector_goes_on_as_it_was():
    for was in (False, True):
        gc.enable() if was else gc.disable()
        copied(collect_twice).join()
        assert gc.isenabled() == was
