"""Keys: where they are looked for, how they are made, looked over and rotated, and what is refused."""

import json
import stat
from datetime import date

import pytest
from click.testing import CliRunner

from pipelines import cli, keyring, warehouse
from pipelines.collect import pseudonyms
from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.operate import credential, evidence, keys, signatures
from pipelines.operate.ledger import Ledger

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


def alpia(*words, home, **settings):
    return CliRunner().invoke(cli.main, [*words, "--home", str(home.path)], **settings)


@pytest.fixture
def at_work(home):
    """A home with every key and one published file."""
    (home.path / "sources.toml").write_text('[system]\nname = "Test"\nfounded_on = 2010-01-01\n', encoding="utf-8")
    keys.missing(home)
    publish(home, "r1")
    return home


def publish(home, run_id):
    """A file that tells its pseudonyms' key, as a run leaves it."""
    path = warehouse.building_path(home, run_id)
    connection = warehouse.create(path, None, {})
    pseudonyms.record(connection, home.pseudonym_key())
    connection.execute("CREATE TABLE register.run AS SELECT 'Test' AS system")
    warehouse.finish(connection)
    return warehouse.publish(home, path, date(2026, 3, 31), run_id)


def told(home):
    """{(key, is it right): what it does}"""
    return {(one.key, one.is_right): one.works for one in keys.check(home)}


def test_a_check_tells_fingerprints_modes_and_what_each_key_opens(at_work):
    answer = alpia("keys", "check", "--json", home=at_work)
    assert answer.exit_code == 0, answer.output
    found = {one["key"]: one for one in json.loads(answer.stdout)}
    assert set(found) == {"warehouse", "pseudonym", "evidence", "reveal"}
    assert found["warehouse"]["works"] == "opens 1 file"
    assert found["pseudonym"]["works"] == "is the one of the last run"
    assert {one["mode"] for one in found.values()} == {"0600", None}
    assert found["warehouse"]["fingerprint"] == at_work.warehouse_key().fingerprint
    shown = alpia("keys", "check", home=at_work).stdout
    assert f"ok  warehouse  0600  {date.today()}  {at_work.warehouse_key().fingerprint}  " in shown
    for output in (answer.stdout, shown):
        assert not [name for name in keyring.NAMES if keyring.needed(at_work.keys, name).value.hex() in output]


@pytest.mark.parametrize(("name", "sentence"), [
    ("warehouse", "no key opens 2026-03-31_r1.duckdb: restore the one that did"),
    ("pseudonym", "the last run had another"),
    ("evidence", "was signed with another key"),
])
def test_a_check_notices_a_key_that_is_another(at_work, name, sentence):
    at_work.evidence.mkdir()
    key = evidence._private_key(at_work).public_key()
    (at_work.evidence / "evidence.pub").write_bytes(signatures.pem(key))
    keyring.file_of(at_work.keys, name).write_text(OWN, encoding="ascii")
    assert sentence in told(at_work)[name, False]
    assert alpia("keys", "check", home=at_work).exit_code == 1


def test_a_run_under_another_pseudonym_key_is_refused(at_work):
    first = warehouse.current(at_work)
    with warehouse.create(warehouse.building_path(at_work, "r2"), first, {}) as connection:
        pseudonyms.record(connection, at_work.pseudonym_key())
    with warehouse.create(warehouse.building_path(at_work, "r3"), first, {}) as connection, \
            pytest.raises(AlpiaError, match="every subject would be a stranger"):
        pseudonyms.record(connection, bytes.fromhex(OWN))


def test_after_a_rotation_old_files_open_under_the_old_key_and_new_ones_under_the_new(at_work):
    old, first = at_work.warehouse_key(), warehouse.current(at_work)
    answer = alpia("keys", "rotate", "warehouse", home=at_work)
    assert answer.exit_code == 0, answer.output
    new = at_work.warehouse_key()
    second = publish(at_work, "r2")
    assert [warehouse.key_of(file).fingerprint for file in (first, second)] == [old.fingerprint, new.fingerprint]
    warehouse.read(first).close()
    assert told(at_work)["warehouse", True] == "replaced; still opens 1 file"
    assert keys.forget_unneeded(at_work) == 0
    first.unlink()
    assert keys.forget_unneeded(at_work) == 1
    assert keyring.older(at_work.keys, "warehouse") == []
    entry = Ledger(at_work.runs).runs()[-1]
    assert (entry.kind, entry.result) == ("rotation", "done")
    assert f"{new.fingerprint} replaces {old.fingerprint}" in entry.message


def test_a_key_that_lies_elsewhere_is_not_ours_to_rotate(at_work, monkeypatch):
    digits = at_work.warehouse_key().value.hex()
    keyring.file_of(at_work.keys, "warehouse").unlink()
    monkeypatch.setenv("ALPIA_WAREHOUSE_KEY", digits)
    answer = alpia("keys", "rotate", "warehouse", home=at_work)
    assert answer.exit_code == 1
    assert "ALPIA_WAREHOUSE_KEY, which is not ours to write" in answer.stderr
    assert digits not in answer.output
    assert Ledger(at_work.runs).runs()[-1].result == "failed"


def test_revealing_needs_its_passphrase_which_is_shown_once_and_stored_nowhere(at_work, monkeypatch):
    monkeypatch.delenv("ALPIA_REVEAL_PASSPHRASE", raising=False)
    with pytest.raises(AlpiaError, match="alpia keys new --reveal"):
        credential.refuse_wrong(at_work, "anything")
    first = alpia("keys", "new", "--reveal", home=at_work).stdout.strip()
    assert not [file for file in at_work.path.rglob("*") if file.is_file() and first.encode() in file.read_bytes()]
    assert stat.S_IMODE((at_work.keys / "reveal.hash").stat().st_mode) == 0o600
    credential.refuse_wrong(at_work, f"{first}\n")
    assert alpia("keys", "new", "--reveal", home=at_work).exit_code == 2
    second = alpia("keys", "rotate", "reveal", home=at_work).stdout.strip()
    credential.refuse_wrong(at_work, second)
    with pytest.raises(AlpiaError, match="not the passphrase"):
        credential.refuse_wrong(at_work, first)


@pytest.mark.parametrize("content", ["", "scrypt", "plain 1 2 3 00 00", "scrypt 2 8 1 00 00", "scrypt x 8 1 00 00"])
def test_a_broken_credential_opens_nothing(home, content):
    credential.new(home)
    (home.keys / "reveal.hash").write_text(content, encoding="ascii")
    with pytest.raises(AlpiaError, match="is broken: `alpia keys rotate reveal"):
        credential.refuse_wrong(home, "")


def test_a_refusal_to_reveal_stands_in_the_ledger(at_work, monkeypatch):
    credential.new(at_work)
    monkeypatch.setenv("ALPIA_REVEAL_PASSPHRASE", "not-this-one")
    answer = alpia("annex", "retention.invoices", "--reveal", home=at_work)
    assert answer.exit_code == 1
    assert "not the passphrase for revealing" in answer.stderr
    assert "not-this-one" not in answer.output
    entry = Ledger(at_work.runs).runs()[-1]
    assert (entry.kind, entry.result, entry.message) == ("reveal", "refused", "retention.invoices, all states")
    assert not (at_work.runs / "revealed").exists()
