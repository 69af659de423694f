"""Ed25519 keys and signatures of the evidence, as files and as text."""

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from pipelines.errors import AlpiaError


def is_signed(file: Path, key: Ed25519PublicKey, signature: Path | None = None) -> bool:
    """Whether a file is what this key has signed in `signature`, by default the one of the same name beside it."""
    signature = signature or file.with_suffix(".sig")
    return signature.is_file() and fits(key, signature.read_bytes(), file.read_bytes())


def fits(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    """Whether this key has signed the text."""
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def public_key(file: Path) -> Ed25519PublicKey:
    """The public key in a PEM file; AlpiaError where it holds none of this kind."""
    try:
        key = parsed(file.read_bytes())
    except OSError as error:
        raise AlpiaError(f"{file} cannot be read ({error.strerror}): name the public key with --public-key.") from None
    if key is None:
        raise AlpiaError(f"{file} holds no Ed25519 public key in PEM: name the one that the evidence was filed with.")
    return key


def parsed(text: bytes) -> Ed25519PublicKey | None:
    """The key in PEM; None where it is none of this kind."""
    try:
        key = load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 (hex) of the public key's 32 bytes: by it people compare keys."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
