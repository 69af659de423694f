"""The register of usual names: what it may say, and that its words are those of the contracts."""

import pytest

from pipelines.errors import AlpiaError
from pipelines.register import contracts as contracts_register
from pipelines.register import names

CONTRACTS = contracts_register.load()
REGISTER = names.load(CONTRACTS)


@pytest.mark.parametrize(("name", "key"), [
    ("created_at", "createdat"), ("createdAt", "createdat"), ("CREATED AT", "createdat"), ("Créé_le", "cree"),
    ("id_clients", "idclient"), ("customer_2019", ""), ("---", ""),
])
def test_what_names_have_in_common(name, key):
    assert names.key(name) == key


@pytest.mark.parametrize(("name", "is_personal"), [
    ("last_name", True), ("adresseIP", True), ("tel", True), ("state", False), ("telemetry", False), ("zip", False)])
def test_what_is_personal(name, is_personal):
    assert REGISTER.is_personal(name) is is_personal


@pytest.mark.parametrize("dataset", REGISTER.datasets)
def test_what_a_contract_requires_can_be_guessed_by_type(dataset):
    for kind in ("postgres", "mariadb"):
        for column in CONTRACTS[dataset].columns.values():
            assert column.action == "present" or REGISTER.types[kind].get(column.type), (kind, column.name)


def test_no_name_speaks_of_two_columns_of_a_dataset():
    """Else one column would be read as two things, and which of them is meant is a matter of chance."""
    twice = []
    for dataset in REGISTER.datasets:
        owners: dict[str, str] = {}
        for column in CONTRACTS[dataset].columns:
            for key in REGISTER.columns_of(dataset, column):
                if owners.setdefault(key, column) != column:
                    twice.append((dataset, key, owners[key], column))
    assert twice == []


def test_no_personal_name_stands_for_anything_but_a_flag():
    """A personal column is asked for one thing, whether it is filled; so no other column may be read from one."""
    flags = {key for name, keys in REGISTER.common.items() if name.startswith("has_") for key in keys}
    assert {"email", "nom", "prenom", "telephone", "adresse"} <= flags & REGISTER.personal
    for dataset in REGISTER.datasets:
        for name, column in CONTRACTS[dataset].columns.items():
            if column.action != "present":
                assert not (flags | REGISTER.personal) & set(REGISTER.columns_of(dataset, name)), (dataset, name)


def test_every_common_name_is_of_a_guessed_dataset():
    used = {column for dataset in REGISTER.datasets for column in CONTRACTS[dataset].columns}
    assert set(REGISTER.common) <= used


@pytest.mark.parametrize(("old", "new", "words"), [
    ("[datasets.accounts]", "[datasets.customers]", "has no contract"),
    ("[datasets.servers.columns]\n", "[datasets.servers.columns]\nzone = []\n", "is no column of the contract"),
    ("[datasets.activity.instead]\n", "[datasets.activity.instead]\nzone = \"1\"\n", "is no column of the contract"),
    ("[common]\n", "[common]\nzone = []\n", "is no column of the contract"),
    ('"customer account"]', '"customer 2"]', "which no table or column is matched by"),
    ('timestamptz = "{}"', 'timestamptz = "x"', "write {} once"),
    ("prefixes = [", "prefix = []\nprefixes = [", "prefix is not a key"),
    ('[datasets.users]\n', '[datasets.users]\nlink = []\n', "link is not a key"),
])
def test_nonsense_is_refused_with_a_sentence(tmp_path, old, new, words):
    text = (names.EXPECTATIONS / "names.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "names.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AlpiaError) as caught:
        names.load(CONTRACTS, tmp_path / "names.toml")
    assert words in str(caught.value)
