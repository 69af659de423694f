"""A small home with one published night, and the file of the night after, which the played nights publish."""

import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))

import toy  # noqa: E402
from killing import sha256  # noqa: E402

from pipelines import warehouse  # noqa: E402
from pipelines.home import Home  # noqa: E402
from pipelines.operate import evidence, keys  # noqa: E402
from pipelines.operate.manifest import Occasion  # noqa: E402

SOURCES = """
[system]
name = "Toy"
founded_on = 2015-01-01
[records]
kind = "files"
[records.datasets]
accounts = "a.csv"
"""


@pytest.fixture(scope="session")
def toy_home(tmp_path_factory):
    home = toy.make_home(tmp_path_factory.mktemp("toy"))
    home.sources_toml.write_text(SOURCES, encoding="utf-8")
    keys.missing(home)
    at = datetime(2026, 2, 1, 3, tzinfo=UTC)
    evidence.record(home, Occasion("toy", "run", toy.AS_OF, at), warehouse.current(home), ())
    return home


@pytest.fixture
def night(toy_home, tmp_path):
    """`.home`: a copy of the small home; `.day`: the one after its last; `.built`: a warehouse; `.known`: its digest."""
    shutil.copytree(toy_home.path, tmp_path / "home", symlinks=True)
    home, built = Home(tmp_path / "home"), tmp_path / "built.duckdb"
    shutil.copyfile(warehouse.current(home), built)
    return SimpleNamespace(home=home, day=toy.AS_OF + timedelta(days=1), built=built, known={sha256(built)})
