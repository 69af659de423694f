"""How one key of the evidence follows another: a link of the chain like any other, which hands over to the next key.

The statement names the new public key, which countersigns all the rest of it; the old key signs the whole, as ever. From the
next link on, the new key alone counts: whoever finds the old one later can add nothing. So who holds the first public key
can follow the chain through all of its keys.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pipelines.operate import manifest
from pipelines.operate.signatures import fingerprint, fits, is_signed, parsed, pem

FORMAT = "alpia-evidence-succession-1"
BEGINNING = b'{"countersignature":"'  # of a statement's canonical text, and of no manifest's


@dataclass(frozen=True, slots=True)
class Reign:
    """From which link on a key counts, and the statement that handed over to it (None: the first key)."""

    begins: int
    key: Ed25519PublicKey
    statement: Path | None = None


def statement(told: dict, new: Ed25519PrivateKey) -> bytes:
    """The canonical text of a link that hands over to a new key. `told`: its place in the chain, and the key before."""
    public = new.public_key()
    successor = {"key": fingerprint(public), "public_key": pem(public).decode("ascii")}
    whole = {**told, "format": FORMAT, "successor": successor, "outputs": [], "verdicts": []}
    return manifest.canonical({**whole, "countersignature": new.sign(manifest.canonical(whole)).hex()})


def is_statement(file: Path) -> bool:
    """Whether a file sets out to be one, be it true or not."""
    with file.open("rb") as stream:
        return stream.read(len(BEGINNING)) == BEGINNING


def successor(file: Path) -> tuple[int, Ed25519PublicKey] | None:
    """(its number, the key that it hands over to); None unless that key countersigned just this."""
    try:
        told = json.loads(file.read_bytes())
        countersignature = bytes.fromhex(told.pop("countersignature"))
        number, key = told["sequence"], parsed(told["successor"]["public_key"].encode())
        is_whole = told["format"] == FORMAT and told["successor"]["key"] == fingerprint(key)
        text = manifest.canonical(told)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    is_whole = is_whole and type(number) is int and 0 < number < 10**6
    return (number, key) if is_whole and fits(key, countersignature, text) else None


def reigns(folder: Path, first: Ed25519PublicKey) -> list[Reign]:
    """The keys of an evidence that begins with the key `first`, each handed over to by the one before.

    Under which name a statement lies, and with which signature, is for `audit` to tell: its own number counts.
    """
    files = [file for file in sorted(folder.glob(f"{'[0-9]' * 6}.json")) if file.is_file() and is_statement(file)]
    found = [(*told, file) for file in files if (told := successor(file))]
    held = [Reign(1, first)]
    for number, key, file in sorted(found, key=lambda one: one[0]):
        if number >= held[-1].begins and any(is_signed(file, held[-1].key, other) for other in sorted(folder.glob("*.sig"))):
            held.append(Reign(number + 1, key, file))
    return held


def in_force(held: list[Reign], number: int) -> Ed25519PublicKey:
    """The key that counts for a link."""
    return next(reign.key for reign in reversed(held) if reign.begins <= number)
