"""What the tests of verification share; see sound.py for the warehouse that they break."""

import shutil

import pytest
from sound import AS_OF, COLLECTED_AT, SOUND, Copy

from pipelines import warehouse
from pipelines.models import engine, tables
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register


@pytest.fixture(scope="session")
def contracts():
    return contracts_register.load()


@pytest.fixture(scope="session")
def policy():
    return policy_register.load()


@pytest.fixture(scope="session")
def sound_file(tmp_path_factory, contracts, policy):
    path = tmp_path_factory.mktemp("sound") / "warehouse.duckdb"
    connection = warehouse.create(path, None, contracts)
    given = {name: tables.parse(text) for name, text in SOUND.items()}
    tables.fill(connection, contracts, given, collected_at=COLLECTED_AT)
    connection.execute("UPDATE source.collection SET absent_columns = ['has_address'] WHERE dataset = 'accounts'")
    engine.judge(connection, policy, contracts, AS_OF)
    warehouse.finish(connection)
    return path


@pytest.fixture
def copy(tmp_path, sound_file, contracts, policy):
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(sound_file, path)
    return Copy(path, contracts, policy)
