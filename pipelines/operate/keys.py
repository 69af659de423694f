"""The keys of a home, for their owner's eyes only: made once, never replaced by accident."""

import os
import secrets
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.home import KEY_BYTES, Home

PSEUDONYM, EVIDENCE = "pseudonym.key", "evidence.key"


def new(home: Home) -> Path:
    """Write a random key to keys/pseudonym.key, mode 0600; UsageError where there is one already."""
    return _new(home, PSEUDONYM, "another key would cut every subject off from his history")


def new_evidence(home: Home) -> Path:
    """Write a random key to keys/evidence.key, likewise."""
    return _new(home, EVIDENCE, "another key does not continue the evidence")


def missing(home: Home) -> list[Path]:
    """Make the keys that the home has not yet; UsageError where it has all of them."""
    made = [make(home) for name, make in ((PSEUDONYM, new), (EVIDENCE, new_evidence)) if not (home.keys / name).exists()]
    if not made:
        raise UsageError(f"{home.keys} holds every key already: none is ever replaced.")
    return made


def _new(home: Home, name: str, why: str) -> Path:
    home.keys.mkdir(mode=0o700, exist_ok=True)
    file = home.keys / name
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{file} exists already; {why}.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(KEY_BYTES) + "\n")
    return file
