"""A home with a web server's logs."""

import pytest
from logbook import Logs


@pytest.fixture
def logs(tmp_path):
    return Logs(tmp_path / "home")
