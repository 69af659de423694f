"""Another key for the evidence: the old one hands over in the chain itself, and who has the first public key can follow."""

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from test_evidence import a_run, filed, found  # noqa: F401  (a fixture)

from pipelines import keyring
from pipelines.cli import main
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import audit, evidence, keys, manifest, rotation, signatures, succession
from pipelines.operate.ledger import Ledger

STATEMENT, AFTER = "evidence/000005.json", ("evidence/000006.json", "evidence/000007.json")
UNPROVEN = {("added", AFTER[0]), ("added", AFTER[1]), ("changed", "evidence/head.json")}


@pytest.fixture(scope="module")
def rotated(filed, tmp_path_factory):  # noqa: F811
    """Four manifests under the first key, the statement, and two under the second one; the first secret key beside it."""
    home = Home(tmp_path_factory.mktemp("rotated") / "home")
    shutil.copytree(filed.path, home.path)
    shutil.copy(home.keys / "evidence.key", home.path.parent / "first.key")
    rotation.evidence_key(home)
    a_run(home, 6)
    a_run(home, 7)
    return home


@pytest.fixture
def home(rotated, tmp_path):
    """A copy of it, to do things to."""
    shutil.copytree(rotated.path, tmp_path / "home")
    shutil.copy(rotated.path.parent / "first.key", tmp_path)
    return Home(tmp_path / "home")


def first_key(home):
    return evidence._loaded(keyring.read(home.path.parent / "first.key", keyring.EVIDENCE).value)


def sign(home, number, text, key):
    """Lay a link in its place, signed with a key."""
    (home.evidence / f"{number:06d}.json").write_bytes(text)
    (home.evidence / f"{number:06d}.sig").write_bytes(key.sign(text))


def test_the_first_public_key_alone_follows_the_chain_and_says_so(home, filed, tmp_path):  # noqa: F811
    given = tmp_path / "given.pub"
    shutil.copy(filed.evidence / "evidence.pub", given)
    shutil.rmtree(home.keys)
    told = audit.verify(home.path, given)
    assert (told.manifests, told.files, told.findings, told.head.number) == (7, 8, [], 7)
    assert list(told.later_keys) == [6]
    assert f"From manifest 6 on: {told.later_keys[6]}, to which manifest 5 handed over" in audit.as_lines(told)
    assert json.loads(audit.as_json(told))["later_keys"] == {"6": told.later_keys[6]}


def test_it_is_a_link_like_any_other_and_stands_in_the_ledger(home):
    file = home.evidence / "000005.json"
    told = json.loads(file.read_bytes())
    assert manifest.canonical(told) == file.read_bytes()
    assert told["previous"] == manifest.digest(home.evidence / "000004.json")
    assert json.loads((home.evidence / "000006.json").read_bytes())["previous"] == manifest.digest(file)
    entry = Ledger(home.runs).runs()[-1]
    assert (entry.kind, entry.result) == ("rotation", "done")
    assert "manifest 5 hands over" in entry.message
    assert sorted(one.name for one in home.keys.iterdir()) == ["evidence.key", "pseudonym.key", "warehouse.key"]
    assert {one.key for one in keys.check(home) if one.is_right} >= {"evidence"}


def test_other_tools_verify_it_with_the_key_that_the_statement_names(home):
    public = json.loads((home.evidence / "000005.json").read_bytes())["successor"]["public_key"]
    (home.path / "second.pub").write_text(public, encoding="ascii")
    for number, key in ((5, "evidence/evidence.pub"), (6, "second.pub")):
        place = home.evidence / f"{number:06d}.json"
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(home.path / key), "-rawin", "-in", str(place),
                   "-sigfile", str(place.with_suffix(".sig"))]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_key_may_be_replaced_again_and_again(home):
    rotation.evidence_key(home)
    rotation.evidence_key(home)
    a_run(home, 8)
    told = audit.verify(home.path)
    assert (told.manifests, told.findings, list(told.later_keys)) == (10, [], [6, 9, 10])


def removed(home):
    for suffix in ("json", "sig"):
        (home.evidence / f"000005.{suffix}").unlink()
    return {("removed", STATEMENT), *UNPROVEN}


def its_signature_removed(home):
    (home.evidence / "000005.sig").unlink()
    return {("removed", "evidence/000005.sig"), *UNPROVEN}


def naming_another_key(home):
    """By whoever has neither secret key."""
    file = home.evidence / "000005.json"
    told = json.loads(file.read_bytes())
    public = Ed25519PrivateKey.generate().public_key()
    told["successor"] = {"key": signatures.fingerprint(public), "public_key": signatures.pem(public).decode()}
    file.write_bytes(manifest.canonical(told))
    return {("changed", STATEMENT), *UNPROVEN}


def not_countersigned(home):
    """By whoever has the first secret key, and not the one that it names."""
    file = home.evidence / "000005.json"
    told = json.loads(file.read_bytes()) | {"countersignature": "00" * 64}
    sign(home, 5, manifest.canonical(told), first_key(home))
    return {("changed", STATEMENT), *UNPROVEN}


def handed_over_to_a_thief(home):
    """With the first secret key, to a key of his own; what follows is not his."""
    told = json.loads((home.evidence / "000005.json").read_bytes())
    place = {name: told[name] for name in ("run", "sequence", "previous", "key")}
    sign(home, 5, succession.statement(place, Ed25519PrivateKey.generate()), first_key(home))
    return UNPROVEN


def continued_with_the_old_key(home):
    text = (home.evidence / "000007.json").read_bytes().replace(b'"sequence":7', b'"sequence":8')
    sign(home, 8, text, first_key(home))
    return {("added", "evidence/000008.json")}


def written_over_with_the_old_key(home):
    text = (home.evidence / "000006.json").read_bytes().replace(b"breached", b"compliant")
    sign(home, 6, text, first_key(home))
    return {("added", AFTER[0])}


def handed_over_a_second_time_with_the_old_key(home):
    told = json.loads((home.evidence / "000005.json").read_bytes())
    end = manifest.digest(home.evidence / "000007.json")
    place = {"run": told["run"], "key": told["key"], "sequence": 8, "previous": end}
    sign(home, 8, succession.statement(place, Ed25519PrivateKey.generate()), first_key(home))
    return {("added", "evidence/000008.json")}


def a_head_signed_with_the_first_key(home):
    head = evidence.Head(7, manifest.digest(home.evidence / "000007.json"))
    evidence._set_head(home.evidence, head, first_key(home))
    return {("changed", "evidence/head.json")}


def swapped_with_its_neighbour(home):
    for suffix in ("json", "sig"):
        one, other, aside = (home.evidence / f"{name}.{suffix}" for name in ("000005", "000006", "aside"))
        one.rename(aside), other.rename(one), aside.rename(other)
    return {("moved", STATEMENT), ("moved", AFTER[0])}


TAMPERED = (removed, its_signature_removed, naming_another_key, not_countersigned, handed_over_to_a_thief,
            continued_with_the_old_key, written_over_with_the_old_key, handed_over_a_second_time_with_the_old_key,
            a_head_signed_with_the_first_key, swapped_with_its_neighbour)


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_exactly_what_was_done_to_a_succession_is_named(home, tamper):
    expected = tamper(home)
    assert set(found(home.path)) == expected
    assert len(found(home.path)) == len(expected)
    if tamper not in (written_over_with_the_old_key, swapped_with_its_neighbour):  # not the end: the audit tells
        with pytest.raises(AlpiaError):
            evidence.refuse_unready(home)


def test_the_sentences_say_what_is_missing(home):
    removed(home)
    found = audit.verify(home.path)
    assert len(found.open) == 4, "what lost manifests named is left open"
    told = audit.as_lines(found)
    assert f"removed  {STATEMENT}: is not there: it may have handed over to the key of what follows" in told
    assert "no statement that stands hands over to the one that it names" in told


def killed_before_the_statement(home, monkeypatch):
    monkeypatch.setattr(evidence, "hand_over", lambda *told: (_ for _ in ()).throw(KeyboardInterrupt))


def killed_before_the_head(home, monkeypatch):
    monkeypatch.setattr(evidence, "_set_head", lambda *told: (_ for _ in ()).throw(KeyboardInterrupt))


@pytest.mark.parametrize("killed", [killed_before_the_statement, killed_before_the_head])
def test_a_change_of_keys_that_is_killed_is_ended_or_undone_by_the_next_run(home, killed):
    before = len(list(home.evidence.glob("0*.json")))
    with pytest.MonkeyPatch.context() as patched:
        killed(home, patched)
        patched.setattr(evidence, "settle", lambda home: None)  # a kill runs no `finally`
        with pytest.raises(KeyboardInterrupt):
            rotation.evidence_key(home)
    assert (home.keys / "evidence.next.key").exists()
    evidence.refuse_unready(home)
    a_run(home, 8)
    told = audit.verify(home.path)
    assert told.findings == []
    assert told.manifests == before + (2 if killed is killed_before_the_head else 1)
    assert not (home.keys / "evidence.next.key").exists()


def test_a_key_that_is_not_in_the_home_is_not_ours_to_replace(home, monkeypatch):
    monkeypatch.setenv("ALPIA_EVIDENCE_KEY", (home.keys / "evidence.key").read_text(encoding="ascii").strip())
    (home.keys / "evidence.key").unlink()
    before = sorted(file.name for file in home.evidence.iterdir())
    with pytest.raises(AlpiaError, match="not ours to write"):
        rotation.evidence_key(home)
    assert sorted(file.name for file in home.evidence.iterdir()) == before


def test_the_commands(home, monkeypatch):
    (home.path / "sources.toml").write_text("", encoding="utf-8")
    told = CliRunner().invoke(main, ["keys", "rotate", "evidence", "--home", str(home.path)])
    assert told.exit_code == 0, told.output
    assert "Manifest 8 hands over to the new key of the evidence" in told.output
    shown = CliRunner().invoke(main, ["evidence", "show", "--home", str(home.path)]).output.splitlines()
    assert "succession" in shown[7]
    head = shown[-1].removeprefix("Head: ")
    assert CliRunner().invoke(main, ["evidence", "verify", str(home.path), "--head", head]).exit_code == 0
