"""The keys of a home, for their owner's eyes only: made once, never replaced by accident."""

import os
import secrets
from pathlib import Path

from pipelines import keyring
from pipelines.errors import UsageError
from pipelines.home import Home


def missing(home: Home) -> list[Path]:
    """Make the keys that the home has not yet, wherever `keyring` looks for them; UsageError where it has all of them."""
    lacking = [name for name in keyring.NAMES if keyring.find(home.keys, name) is None]
    if not lacking:
        raise UsageError(f"{home.path} has every key already: none is ever replaced.")
    return [write(home, name, secrets.token_hex(keyring.KEY_BYTES)) for name in lacking]


def write(home: Home, name: str, digits: str) -> Path:
    """Write a key to keys/<name>.key, mode 0600; UsageError where there is one already."""
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = keyring.file_of(home.keys, name)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{file} exists already: {keyring.LOSS[name]}.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"{digits}\n")
    return file
