"""What several areas of tests share, and how two workers share the tests."""

import pytest

# Folders whose tests share what takes a minute to make (nights that have run, pages): each on one worker, and first. Probes
# before them: they start a browser for themselves, which cannot be done where that of the pages is running already.
TOGETHER = ("tests/probes", "tests/end_to_end", "tests/report")


def place_of(nodeid: str) -> str:
    """What one worker takes as a whole: a file, or a folder of TOGETHER."""
    file = nodeid.split("::")[0]
    folder = file.rpartition("/")[0]
    return folder if folder in TOGETHER else file


def pytest_collection_modifyitems(items):
    """The longest first, so that no worker is left alone with it at the end."""
    order = {place: number for number, place in enumerate(TOGETHER)}
    items.sort(key=lambda item: order.get(place_of(item.nodeid), len(order)))


@pytest.hookimpl(optionalhook=True)  # there is none without xdist
def pytest_xdist_make_scheduler(config, log):
    """xdist's own grouping by marks leaves what is shared to both workers, each of which then makes it."""
    from xdist.scheduler import LoadScopeScheduling

    class ByPlace(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return place_of(nodeid)

    return ByPlace(config, log)


@pytest.fixture(scope="session")
def postgres_server():
    """A real PostgreSQL server with TLS, one for the session; see tests/postgres_server.py for what it can do."""
    from postgres_server import new_server

    server = new_server()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def mariadb_server():
    """A real MariaDB server with TLS, one for the session; see tests/mariadb_server.py for what it can do."""
    from mariadb_server import new_server

    server = new_server()
    yield server
    server.remove()


@pytest.fixture
def database(postgres_server):
    """The name of an empty database of `postgres_server`."""
    return postgres_server.create_database()
