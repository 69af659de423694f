"""Analysts read all day: whatever is published meanwhile, each of them sees one whole run, and none waits or fails."""

import shutil
import threading
import time
from datetime import timedelta

from killing import digest

from pipelines import warehouse
from pipelines.operate import publication

READERS, PUBLICATIONS = 50, 3  # `make soak` publishes for minutes


def read_on(night, done: threading.Event, seen: set, failed: list) -> None:
    """Open what is current, and look at it until another is; what was seen at first must stay."""
    try:
        while not done.is_set():
            path, connection = warehouse.read_current(night.home)
            first = connection.execute("SELECT sum(subjects) FROM obligation.count").fetchone()
            seen.add(path.name)
            while warehouse.current(night.home) == path and not done.wait(0.2):
                pass  # then something is published, and this file perhaps forgotten, while it is open
            assert connection.execute("SELECT sum(subjects) FROM obligation.count").fetchone() == first
            connection.close()
    except Exception as error:  # told to the test, which stands in another thread
        failed.append(error)


def publish_many(night, publications: int) -> None:
    """Publish the same day over and over, and now and then the next."""
    day = night.day
    for number in range(publications):
        time.sleep(0.5)
        day += timedelta(days=number % 3 == 2)
        building = warehouse.building_path(night.home, f"run{number:04d}")
        building.parent.mkdir(parents=True)
        shutil.copyfile(night.built, building)
        publication.publish(night.home, building, day, f"run{number:04d}")
        warehouse.discard_building(night.home, f"run{number:04d}")


def read_while_publishing(night, readers: int, publications: int) -> set[str]:
    """The names of the files that were read; AssertionError if any reader failed."""
    whole, done, seen, failed = digest(warehouse.current(night.home)), threading.Event(), set(), []
    threads = [threading.Thread(target=read_on, args=(night, done, seen, failed)) for _ in range(readers)]
    for thread in threads:
        thread.start()
    try:
        publish_many(night, publications)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert digest(warehouse.current(night.home)) == whole
    return seen


def test_fifty_readers_never_meet_half_a_run(night):
    seen = read_while_publishing(night, READERS, PUBLICATIONS)
    assert len(seen) >= 2
