"""The credential of `alpia annex --reveal`: a passphrase of which the home keeps a hash: to read a home is not enough.

It is made once and shown once. Who may write into the home's keys/ can make another, and that stands in the ledger; the
credential keeps apart those who read the reports' home every day and those who may turn pseudonyms into names.
"""

import base64
import hashlib
import hmac
import os
import secrets
from datetime import datetime
from pathlib import Path

from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.keyring import CREDENTIALS

FILE = "reveal.hash"
VARIABLE, CREDENTIAL = "ALPIA_REVEAL_PASSPHRASE", "alpia-reveal-passphrase"
# scrypt's cost: 32 MiB and a tenth of a second a try, against a passphrase of 100 random bits.
COST, BLOCK, LANES, SALT_BYTES, MEMORY = 2**15, 8, 1, 16, 2**26
PASSPHRASE_BYTES, GROUP = 13, 5


def new(home: Home, replace: bool = False) -> str:
    """Make the credential and return the passphrase, which is stored nowhere; UsageError where there is one already."""
    file = home.keys / FILE
    if file.exists() and not replace:
        raise UsageError(f"{file} exists already: if its passphrase is lost, `alpia keys rotate reveal` makes another.")
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    passphrase, salt = _passphrase(), secrets.token_bytes(SALT_BYTES)
    aside = file.with_name(f".{FILE}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"scrypt {COST} {BLOCK} {LANES} {salt.hex()} {_hashed(passphrase, salt).hex()}\n")
    os.replace(aside, file)
    return passphrase


def _passphrase() -> str:
    letters = base64.b32encode(secrets.token_bytes(PASSPHRASE_BYTES)).decode().rstrip("=").lower()
    return "-".join(letters[at:at + GROUP] for at in range(0, len(letters), GROUP))


def _hashed(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, maxmem=MEMORY)


def given() -> str | None:
    """The passphrase from systemd's credential store or from the environment, None where neither has it."""
    folder = os.environ.get(CREDENTIALS)
    file = Path(folder) / CREDENTIAL if folder else None
    return file.read_text(encoding="utf-8").strip() if file and file.is_file() else os.environ.get(VARIABLE)


def made_at(home: Home) -> datetime | None:
    """When the credential was made (its file's own time, local zone), None where there is none."""
    file = home.keys / FILE
    return datetime.fromtimestamp(file.stat().st_mtime).astimezone() if file.is_file() else None


def refuse_wrong(home: Home, passphrase: str) -> None:
    """AlpiaError, with its cure, unless the passphrase is the home's credential."""
    file, cure = home.keys / FILE, f"`alpia keys rotate reveal --home {home.path}` makes another"
    if not file.is_file():
        raise AlpiaError(f"{home.path} has no credential for revealing: `alpia keys new --reveal --home {home.path}` "
                         "makes it.")
    try:
        kind, *numbers, salt, told = file.read_text(encoding="ascii").split()
        cost, salt, told = tuple(map(int, numbers)), bytes.fromhex(salt), bytes.fromhex(told)
    except ValueError:
        kind, cost = "", ()
    if (kind, cost) != ("scrypt", (COST, BLOCK, LANES)):
        raise AlpiaError(f"{file} is broken: {cure}.")
    if not hmac.compare_digest(_hashed(passphrase.strip(), salt), told):
        raise AlpiaError(f"This is not the passphrase for revealing. Where it is lost, {cure}.")
