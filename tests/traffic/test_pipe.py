"""The named pipe through which a compressed file is read: all of it, once, and nobody waits for anybody for ever."""

import gzip
import os
import stat
import threading
from contextlib import ExitStack

import pytest

from pipelines.collect.staging import DatasetError
from pipelines.collect.traffic.log_files import LogFile
from pipelines.collect.traffic.pipe import Passed, unpacked

# More than fits into a pipe, and into two.
CONTENT = b"".join(b"line %d\n" % number for number in range(400_000))
SECONDS = 120  # each test takes less than two on a machine at rest


@pytest.fixture
def packed(tmp_path):
    def made(content: bytes) -> LogFile:
        path = tmp_path / "access.log.gz"
        path.write_bytes(content)
        return LogFile(path, path.name, "mark", path.stat().st_size, 0.0)
    return made


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "pipes"
    place.mkdir()
    yield place
    assert not list(place.iterdir())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("unpack")]


@pytest.fixture(autouse=True)
def in_time():
    """Whoever waits for ever is woken, and fails, instead of the whole run standing still."""
    timer = threading.Timer(SECONDS, os._exit, [70])
    timer.start()
    yield
    timer.cancel()


def test_all_of_it_goes_through(packed, folder):
    with unpacked(packed(gzip.compress(CONTENT)), folder) as pipe:
        assert stat.filemode(pipe.path.stat().st_mode) == "prw-------"
        assert pipe.path.read_bytes() == CONTENT
        assert pipe.passed() == Passed(len(CONTENT), b"\n")


def test_a_file_of_nothing(packed, folder):
    with unpacked(packed(gzip.compress(b"")), folder) as pipe:
        assert pipe.path.read_bytes() == b""
        assert pipe.passed() == Passed(0, b"")


def test_a_reader_that_never_comes(packed, folder):
    with unpacked(packed(gzip.compress(CONTENT)), folder):
        pass


def test_a_reader_that_leaves_early(packed, folder):
    with unpacked(packed(gzip.compress(CONTENT)), folder) as pipe:
        with open(pipe.path, "rb") as reader:
            reader.read(10)
        assert pipe.passed() is None


def test_a_reader_that_stops_and_does_not_leave(packed, folder):
    with ExitStack() as later:
        with unpacked(packed(gzip.compress(CONTENT)), folder) as pipe:
            reader = later.enter_context(open(pipe.path, "rb", buffering=0))
            reader.read(10)
        assert pipe.passed() is None


@pytest.mark.parametrize(("damage", "words"), [
    (lambda content: content[:-9], "it is truncated"),
    (lambda content: content[:-8] + b"\0" * 4 + content[-4:], "its compressed data is damaged"),
    (lambda content: content[:500] + bytes(64) + content[564:], "its compressed data is damaged"),
    (lambda content: b"no gzip at all", "its compressed data is damaged"),
], ids=["cut off", "checksum", "inside", "no gzip"])
def test_what_cannot_be_unpacked_is_told_after_the_end(packed, folder, damage, words):
    with unpacked(packed(damage(gzip.compress(CONTENT))), folder) as pipe:
        pipe.path.read_bytes()
        with pytest.raises(DatasetError, match=words):
            pipe.passed()


def test_a_bomb_is_cut_off(packed, folder):
    bomb = b"".join(gzip.compress(bytes(1 << 24), 9) for _ in range(17))
    with unpacked(packed(bomb), folder) as pipe:
        assert len(pipe.path.read_bytes()) <= 1 << 28
        with pytest.raises(DatasetError, match="unpacks to more than 200 times its size"):
            pipe.passed()
