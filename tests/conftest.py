"""What several areas of tests share."""

import pytest


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
