"""A full disk: one sentence that names the place, nothing left of what was half written, and the next run carries on."""

import os
import subprocess
from contextlib import contextmanager

import pytest
from killing import assert_readable, assert_whole, played

from pipelines import disk, warehouse
from pipelines.errors import AlpiaError
from pipelines.operate.ledger import Ledger

ROOM = "64k"


@contextmanager
def small(folder, size):
    """A disk of that size in place of the folder, which keeps what it holds for later. Needs to be root."""
    if os.geteuid():
        pytest.fail("A small disk can only be mounted by root: run the tests as root.")
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_disk_that_is_full_while_a_night_builds(night):
    with small(night.home.warehouse / "building", ROOM):
        with pytest.raises(AssertionError):
            played(night.home, night.day, night.built)
        assert list((night.home.warehouse / "building").iterdir()) == []
    entry = Ledger(night.home.runs).runs()[-1]
    assert entry.result == "failed"
    assert "No room is left on the disk of" in entry.message
    assert f"{night.home.warehouse}" in entry.message
    assert_readable(night.home, night.known)
    assert played(night.home, night.day, night.built)
    assert_whole(night.home)


def test_a_page_that_finds_no_room_leaves_nothing_half_written(tmp_path):
    with small(tmp_path / "reports", ROOM):
        page = disk.put(tmp_path / "reports" / "page.html", "old")
        with pytest.raises(OSError, match="No space left") as caught:
            disk.put(page, "new" * 100_000)
        assert page.read_text() == "old"
        assert [path.name for path in page.parent.iterdir()] == ["page.html"]
        assert disk.is_full(caught.value)
        assert f"{tmp_path / 'reports'}" in str(disk.full((tmp_path, tmp_path / "reports")))


def test_a_ledger_that_finds_no_room_is_one_sentence(tmp_path):
    with small(tmp_path / "runs", ROOM):
        (tmp_path / "runs" / "ballast").write_bytes(b"x" * 64 * 1024)
        with pytest.raises(AlpiaError, match="ledger .* cannot be read or written") as caught:
            Ledger(tmp_path / "runs")
        assert disk.is_full(caught.value)


def test_what_duckdb_says_of_a_full_disk_is_understood(tmp_path):
    with small(tmp_path / "disk", "1m"):
        connection = warehouse.connect(tmp_path / "disk" / "w.duckdb")
        with pytest.raises(warehouse.DatabaseError) as caught:
            connection.execute("CREATE TABLE t AS SELECT uuid() AS id FROM range(200000); CHECKPOINT")
        assert disk.is_full(caught.value)
        assert disk.is_full(AlpiaError(f"The notebook collect failed: IOException: {caught.value}"))
        connection.close()


def test_other_errors_are_not_taken_for_a_full_disk():
    assert not disk.is_full(OSError(13, "Permission denied"))
    assert not disk.is_full(AlpiaError("The notebook collect failed: ValueError: 28"))
