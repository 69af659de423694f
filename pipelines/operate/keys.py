"""The key of the pseudonyms: made once, never replaced by accident."""

import os
import secrets
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.home import KEY_BYTES, Home


def new(home: Home) -> Path:
    """Write a random key to keys/pseudonym.key, mode 0600; UsageError where there is one already."""
    home.keys.mkdir(mode=0o700, exist_ok=True)
    file = home.keys / "pseudonym.key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{file} exists already; another key would cut every subject off from his history.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(KEY_BYTES) + "\n")
    return file
