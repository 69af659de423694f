"""A home with a web server's logs."""

import pytest
from logbook import Logs
from reading import Desk


@pytest.fixture
def logs(tmp_path):
    return Logs(tmp_path / "home")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("logs"))
    yield desk
    desk.close()
