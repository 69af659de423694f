"""Keys: where they are looked for, how they are made, and what is refused."""

import stat

import pytest

from pipelines import keyring
from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.operate import keys

OWN, CREDENTIAL, VARIABLE = "a1" * 32, "b2" * 32, "c3" * 32


@pytest.fixture(autouse=True)
def _no_other_keys(monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    for name in keyring.NAMES:
        monkeypatch.delenv(keyring.variable_of(name), raising=False)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.path.mkdir()
    return home


@pytest.mark.parametrize("name", keyring.NAMES)
def test_the_homes_own_key_comes_first_then_systemds_then_the_environments(home, tmp_path, monkeypatch, name):
    monkeypatch.setenv(f"ALPIA_{name.upper()}_KEY", VARIABLE)
    assert keyring.find(home.keys, name).value.hex() == VARIABLE
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert keyring.find(home.keys, name).value.hex() == VARIABLE
    (tmp_path / f"alpia-{name}-key").write_text(CREDENTIAL, encoding="ascii")
    assert keyring.find(home.keys, name).value.hex() == CREDENTIAL
    keys.write(home, name, OWN)
    assert keyring.find(home.keys, name).value.hex() == OWN
    assert keyring.find(None, name).value.hex() == CREDENTIAL


def test_what_is_missing_is_made_for_its_owner_alone_and_nothing_is_replaced(home):
    keys.write(home, "pseudonym", OWN)
    assert [file.name for file in keys.missing(home)] == ["warehouse.key", "evidence.key"]
    assert home.pseudonym_key().hex() == OWN
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(keyring.file_of(home.keys, name).stat().st_mode) for name in keyring.NAMES} == {0o600}
    assert len({keyring.needed(home.keys, name).value for name in keyring.NAMES}) == 3
    with pytest.raises(UsageError, match="has every key already"):
        keys.missing(home)
    with pytest.raises(UsageError, match="exists already"):
        keys.write(home, "warehouse", OWN)


def test_a_key_from_elsewhere_is_not_made_again(home, monkeypatch):
    monkeypatch.setenv("ALPIA_WAREHOUSE_KEY", VARIABLE)
    assert [file.name for file in keys.missing(home)] == ["pseudonym.key", "evidence.key"]


@pytest.mark.parametrize("name", keyring.NAMES)
def test_a_key_that_others_can_read_is_refused_with_its_cure(home, name):
    keys.write(home, name, OWN).chmod(0o640)
    with pytest.raises(AlpiaError, match="chmod 600"):
        keyring.needed(home.keys, name)


@pytest.mark.parametrize("content", [b"", b"not hex", b"a1" * 31, b"\xff" * 64, "é".encode() * 32],
                         ids=["empty", "words", "short", "bytes", "accents"])
def test_a_broken_key_is_refused_with_its_cure_and_is_not_shown(home, content):
    keys.write(home, "warehouse", OWN).write_bytes(content)
    with pytest.raises(AlpiaError, match="must hold 64 hex digits: restore it from your safe") as refused:
        home.warehouse_key()
    assert "a1a1" not in str(refused.value)


def test_a_missing_key_names_its_cure(home):
    for key in (home.pseudonym_key, home.evidence_key, home.warehouse_key):
        with pytest.raises(AlpiaError, match="alpia keys new"):
            key()


def test_a_key_shows_its_fingerprint_and_never_itself(home):
    keys.write(home, "warehouse", OWN)
    keys.write(home, "pseudonym", OWN)
    key = home.warehouse_key()
    shown = f"{key} {key!r} {key.value} {key.value!r} {[key.value]} {{'key': {key.value!r}}} {key.fingerprint}"
    assert OWN not in shown
    assert repr(bytes.fromhex(OWN))[2:-1] not in shown
    assert key.fingerprint != keyring.find(home.keys, "pseudonym").fingerprint
