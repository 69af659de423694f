"""The evidence: one signed manifest a run, each of which names the digest of the one before.

    evidence/000001.json   a manifest, as `manifest.canonical` writes it
    evidence/000001.sig    its Ed25519 signature, 64 bytes
    evidence/head.json     number and digest of the newest manifest, and the signature of these two
    evidence/evidence.pub  the first public key; those that followed it are named in the chain (succession.py)

A manifest is written once and never again: a run that is repeated adds its own. The signature is written first, then the
manifest, then the head, so that whatever a killed run leaves is continued by the next.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipelines import disk, keyring
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import manifest, succession
from pipelines.operate.manifest import Occasion
from pipelines.operate.signatures import fingerprint, fits, is_signed, pem, public_key
from pipelines.operate.succession import Reign, in_force, reigns

HEAD, PUBLIC_KEY = "head.json", "evidence.pub"
HEAD_FORMAT = "alpia-evidence-head-1"
NEXT = "evidence.next"  # a new key, from before the chain names it until it is the home's


@dataclass(frozen=True, slots=True)
class Head:
    """The newest manifest: its number, from 1, and the SHA-256 (hex) of its file. Number 0: there is none yet."""

    number: int = 0
    digest: str | None = None

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


def refuse_unready(home: Home) -> None:
    """AlpiaError, with its cure, where a run of this home could not be entered into the evidence in the end."""
    _head(home.evidence, _private_key(home))


def record(home: Home, occasion: Occasion, published: Path, outputs: Iterable[Path]) -> Head:
    """Add a run's manifest to the home's evidence; only for whoever holds the home alone. Returns the new head.

    AlpiaError where the key is missing, or where the newest manifest is no longer what was signed: nothing is added then.
    """
    key = _private_key(home)
    settle(home)
    head = _head(home.evidence, key)
    told = manifest.content(home, occasion, published, outputs)
    text = manifest.canonical({**told, **_following_on(head, key)})
    return _set_head(home.evidence, _add(home.evidence, head, text, key), key)


def hand_over(home: Home, occasion: Occasion, seed: bytes) -> Head:
    """Add the statement by which a new key follows the home's; from then on it alone counts, and it signs the head.

    `seed`: of the new key, which lies in the home as `NEXT` until `settle` makes it the home's. Only for whoever holds the
    home alone. AlpiaError as `record`.
    """
    key, new = _private_key(home), _loaded(seed)
    head = _head(home.evidence, key)
    run = {"id": occasion.run_id, "kind": occasion.kind, "as_of": f"{occasion.as_of}", "at": manifest.plain(occasion.at)}
    text = succession.statement({"run": run, **_following_on(head, key)}, new)
    return _set_head(home.evidence, _add(home.evidence, head, text, key), new)


def settle(home: Home) -> None:
    """End a change of keys that was killed: a key that the chain names becomes the home's, any other goes."""
    aside = keyring.file_of(home.keys, NEXT)
    if not aside.is_file():
        return
    if _is_named(home, _loaded(keyring.read(aside, keyring.EVIDENCE).value)):
        disk.replace(aside, keyring.file_of(home.keys, keyring.EVIDENCE))
    else:
        aside.unlink()


def _is_named(home: Home, key: Ed25519PrivateKey) -> bool:
    """Whether the chain has handed over to this key."""
    first = home.evidence / PUBLIC_KEY
    return first.is_file() and pem(reigns(home.evidence, public_key(first))[-1].key) == pem(key.public_key())


def _following_on(head: Head, key: Ed25519PrivateKey) -> dict:
    return {"sequence": head.number + 1, "previous": head.digest, "key": fingerprint(key.public_key())}


def _add(folder: Path, head: Head, text: bytes, key: Ed25519PrivateKey) -> Head:
    """Sign a link and lay it in its place after the head; returns what the head is to be."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder / PUBLIC_KEY).exists():
        _put(folder / PUBLIC_KEY, pem(key.public_key()))
    place = _place(folder, head.number + 1)
    _put(place.with_suffix(".sig"), key.sign(text))
    _put(place, text)
    return Head(head.number + 1, hashlib.sha256(text).hexdigest())


def entries(home: Home) -> list[dict]:
    """The manifests of a home, oldest first, each with its own `digest`, as they lie there: `audit` judges them."""
    files = sorted(home.evidence.glob(f"{'[0-9]' * 6}.json"))
    return [{**json.loads(file.read_bytes()), "digest": manifest.digest(file)} for file in files]


def head_of(folder: Path, held: list[Reign]) -> Head | None:
    """The head as the folder tells it; None where it is missing, or not signed with the key that counts after it."""
    file = folder / HEAD
    if not file.is_file():
        return None
    try:
        told = json.loads(file.read_bytes())
        head = Head(told["sequence"], told["digest"])
        is_true = fits(in_force(held, head.number + 1), bytes.fromhex(told["signature"]), _head_text(head))
    except (ValueError, TypeError, KeyError, RecursionError, StopIteration):
        return None
    return head if is_true else None


def _private_key(home: Home) -> Ed25519PrivateKey:
    """The key that signs: the home's, or the next one where the chain names that already."""
    aside = keyring.read(keyring.file_of(home.keys, NEXT), keyring.EVIDENCE)
    if aside and _is_named(home, _loaded(aside.value)):
        return _loaded(aside.value)
    return _loaded(home.evidence_key())


def _loaded(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed[:keyring.KEY_BYTES])


def _head(folder: Path, key: Ed25519PrivateKey) -> Head:
    """What the next manifest follows. One that a killed run has signed, but not named the head yet, is taken up."""
    public = key.public_key()
    held = reigns(folder, _first_key(folder, public))
    if pem(held[-1].key) != pem(public):
        raise AlpiaError(f"{folder} was signed with another key than keys/evidence.key: restore that key from your safe, or "
                         "move the folder away (it stays true by its own public key) to begin a new chain.")
    head = head_of(folder, held) if (folder / HEAD).exists() else Head()
    if head is not None and _place(folder, head.number + 1).exists():
        head = _following(folder, head, held)
    if head is None or (head.number and not _stands(folder, head, held)) or _place(folder, head.number + 1).exists():
        raise AlpiaError(f"The newest manifest in {folder} is no longer what was signed: `alpia evidence verify` says what "
                         "was changed. Restore it, or move the folder away to begin a new chain.")
    return head


def _first_key(folder: Path, public: Ed25519PublicKey) -> Ed25519PublicKey:
    """The key that the chain begins with; the home's own where there is no chain, or where it signed the first manifest."""
    if (folder / PUBLIC_KEY).is_file():
        return public_key(folder / PUBLIC_KEY)
    if _place(folder, 1).exists() and not is_signed(_place(folder, 1), public):
        raise AlpiaError(f"{folder / PUBLIC_KEY} is not there, and the chain began with another key: restore it.")
    return public


def _place(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.json"


def _following(folder: Path, head: Head, held: list[Reign]) -> Head | None:
    """The manifest after the head, as the head; None unless the key that counts for it has signed it to follow."""
    file = _place(folder, head.number + 1)
    key = in_force(held, head.number + 1)
    follows = is_signed(file, key) and json.loads(file.read_bytes())["previous"] == head.digest
    return Head(head.number + 1, manifest.digest(file)) if follows else None


def _stands(folder: Path, head: Head, held: list[Reign]) -> bool:
    file = _place(folder, head.number)
    return file.is_file() and is_signed(file, in_force(held, head.number)) and manifest.digest(file) == head.digest


def _head_text(head: Head) -> bytes:
    return manifest.canonical({"format": HEAD_FORMAT, "sequence": head.number, "digest": head.digest})


def _set_head(folder: Path, head: Head, key: Ed25519PrivateKey) -> Head:
    signed = {"sequence": head.number, "digest": head.digest, "signature": key.sign(_head_text(head)).hex()}
    _put(folder / HEAD, manifest.canonical({"format": HEAD_FORMAT, **signed}))
    return head


def _put(file: Path, content: bytes) -> None:
    """Write a file aside and put it in place in one step, safe on the disk."""
    aside = file.with_name(f".{file.name}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, file)
