"""The evidence: one signed manifest a run, each of which names the digest of the one before.

    evidence/000001.json   a manifest, as `manifest.canonical` writes it
    evidence/000001.sig    its Ed25519 signature, 64 bytes
    evidence/head.json     number and digest of the newest manifest, and the signature of these two
    evidence/evidence.pub  the public key

A manifest is written once and never again: a run that is repeated adds its own. The signature is written first, then the
manifest, then the head, so that whatever a killed run leaves is continued by the next.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.keyring import KEY_BYTES
from pipelines.operate import manifest
from pipelines.operate.manifest import Occasion

HEAD, PUBLIC_KEY = "head.json", "evidence.pub"
HEAD_FORMAT = "alpia-evidence-head-1"


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
    home.evidence.mkdir(mode=0o700, exist_ok=True)
    head = _head(home.evidence, key)
    told = manifest.content(home, occasion, published, outputs)
    text = manifest.canonical({**told, "sequence": head.number + 1, "previous": head.digest,
                               "key": fingerprint(key.public_key())})
    _put(home.evidence / PUBLIC_KEY, pem(key.public_key()))
    place = _place(home.evidence, head.number + 1)
    _put(place.with_suffix(".sig"), key.sign(text))
    _put(place, text)
    return _set_head(home.evidence, Head(head.number + 1, hashlib.sha256(text).hexdigest()), key)


def entries(home: Home) -> list[dict]:
    """The manifests of a home, oldest first, each with its own `digest`, as they lie there: `audit` judges them."""
    files = sorted(home.evidence.glob(f"{'[0-9]' * 6}.json"))
    return [{**json.loads(file.read_bytes()), "digest": manifest.digest(file)} for file in files]


def head_of(folder: Path, key: Ed25519PublicKey) -> Head | None:
    """The head as the folder tells it; None where it is missing or not signed with this key."""
    file = folder / HEAD
    if not file.is_file():
        return None
    try:
        told = json.loads(file.read_bytes())
        head = Head(told["sequence"], told["digest"])
        key.verify(bytes.fromhex(told["signature"]), _head_text(head))
    except (ValueError, TypeError, KeyError, RecursionError, InvalidSignature):
        return None
    return head


def is_signed(file: Path, key: Ed25519PublicKey, signature: Path | None = None) -> bool:
    """Whether a file is what this key has signed in `signature`, by default the one of the same name beside it."""
    signature = signature or file.with_suffix(".sig")
    if not signature.is_file():
        return False
    try:
        key.verify(signature.read_bytes(), file.read_bytes())
    except InvalidSignature:
        return False
    return True


def public_key(file: Path) -> Ed25519PublicKey:
    """The public key in a PEM file; AlpiaError where it holds none of this kind."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except OSError as error:
        raise AlpiaError(f"{file} cannot be read ({error.strerror}): name the public key with --public-key.") from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise AlpiaError(f"{file} holds no Ed25519 public key in PEM: name the one that the evidence was filed with.")
    return key


def pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 (hex) of the public key's 32 bytes: by it people compare keys."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def _private_key(home: Home) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(home.evidence_key()[:KEY_BYTES])


def _head(folder: Path, key: Ed25519PrivateKey) -> Head:
    """What the next manifest follows. One that a killed run has signed, but not named the head yet, is taken up."""
    public = key.public_key()
    if (folder / PUBLIC_KEY).is_file() and (folder / PUBLIC_KEY).read_bytes() != pem(public):
        raise AlpiaError(f"{folder} was signed with another key than keys/evidence.key: restore that key from your safe, or "
                         "move the folder away (it stays true by its own public key) to begin a new chain.")
    head = head_of(folder, public) if (folder / HEAD).exists() else Head()
    if head is not None and _place(folder, head.number + 1).exists():
        head = _following(folder, head, public)
    if head is None or (head.number and not _stands(folder, head, public)) or _place(folder, head.number + 1).exists():
        raise AlpiaError(f"The newest manifest in {folder} is no longer what was signed: `alpia evidence verify` says what "
                         "was changed. Restore it, or move the folder away to begin a new chain.")
    return head


def _place(folder: Path, number: int) -> Path:
    return folder / f"{number:06d}.json"


def _following(folder: Path, head: Head, key: Ed25519PublicKey) -> Head | None:
    """The manifest after the head, as the head; None unless this key has signed it to follow."""
    file = _place(folder, head.number + 1)
    follows = is_signed(file, key) and json.loads(file.read_bytes())["previous"] == head.digest
    return Head(head.number + 1, manifest.digest(file)) if follows else None


def _stands(folder: Path, head: Head, key: Ed25519PublicKey) -> bool:
    file = _place(folder, head.number)
    return file.is_file() and is_signed(file, key) and manifest.digest(file) == head.digest


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
