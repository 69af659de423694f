"""The keys of a home, for their owner's eyes only: made once, never replaced by accident, looked over, and rotated."""

import os
import secrets
import stat
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines import keyring, warehouse
from pipelines.collect import pseudonyms
from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.operate import credential, evidence

REVEAL = "reveal"


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


@dataclass(frozen=True, slots=True)
class Told:
    """What may be said of one key. `since_on`: of its file; `works`: what it does, or why it does not."""

    key: str
    place: str
    mode: str | None
    since_on: date | None
    fingerprint: str | None
    is_right: bool
    works: str


def check(home: Home) -> list[Told]:
    """Every key of the home, where it is, and whether it opens what it should; never the key itself."""
    return [*_of_warehouse(home), _of_pseudonyms(home), _of_evidence(home), _of_credential(home)]


def opened_by(home: Home) -> tuple[Counter, list[Path]]:
    """(how many files of the warehouse each key opens, by fingerprint, and by None those that are not encrypted; the files
    that no key opens)"""
    opened, closed = Counter(), []
    for file in warehouse.files(home):
        try:
            key = warehouse.key_of(file)
            opened[key.fingerprint if key else None] += 1
        except AlpiaError:
            closed.append(file)
    return opened, closed


def _of_warehouse(home: Home) -> list[Told]:
    current = _found(home, keyring.WAREHOUSE)
    if not isinstance(current, keyring.Key):
        return [current]
    opened, closed = opened_by(home)
    said = f"opens {_files(opened[current.fingerprint])}"
    if opened[None]:
        said += f"; {_files(opened[None])} of before are not encrypted"
    if closed:
        said += f"; no key opens {', '.join(file.name for file in closed)}: restore the one that did"
    older = [_told(key, True, f"replaced; still opens {_files(opened[key.fingerprint])}")
             for key in keyring.older(home.keys, keyring.WAREHOUSE)]
    return [_told(current, not closed, said), *older]


def _files(number: int) -> str:
    return f"{number} file{'s' if number != 1 else ''}"


def _of_pseudonyms(home: Home) -> Told:
    key, published = _found(home, keyring.PSEUDONYM), warehouse.current(home)
    if not isinstance(key, keyring.Key):
        return key
    if published is None:
        return _told(key, True, "nothing is published yet")
    try:
        connection = warehouse.read(published, is_brief=True)
    except AlpiaError:
        return _told(key, False, f"{published.name} does not open, so nobody can tell")
    before = pseudonyms.recorded(connection, warehouse.DATABASE)
    connection.close()
    if before in (None, key.fingerprint):
        return _told(key, True, "is the one of the last run" if before else "the last run did not tell its key")
    return _told(key, False, f"the last run had another ({before}): restore that one")


def _of_evidence(home: Home) -> Told:
    key = _found(home, keyring.EVIDENCE)
    if not isinstance(key, keyring.Key):
        return key
    try:
        evidence.refuse_unready(home)
    except AlpiaError as error:
        return _told(key, False, f"{error}")
    return _told(key, True, "continues the evidence")


def _of_credential(home: Home) -> Told:
    file, made_at = home.keys / credential.FILE, credential.made_at(home)
    if made_at is None:
        return Told(REVEAL, "-", None, None, None, True, "nobody can reveal: `alpia keys new --reveal` makes the credential")
    mode = stat.S_IMODE(file.stat().st_mode)
    return Told(REVEAL, f"{file}", f"{mode:04o}", made_at.date(), None, not mode & 0o077,
                "the hash of a passphrase" if not mode & 0o077 else f"can be read by others: `chmod 600 {file}`")


def _found(home: Home, name: str) -> keyring.Key | Told:
    """The key, or what is wrong with it."""
    try:
        return keyring.needed(home.keys, name)
    except AlpiaError as error:
        return Told(name, "-", None, None, None, False, f"{error}")


def _told(key: keyring.Key, is_right: bool, works: str) -> Told:
    status = key.file.stat() if key.file else None
    return Told(key.name, key.place, f"{stat.S_IMODE(status.st_mode):04o}" if status else None,
                date.fromtimestamp(status.st_mtime) if status else None, key.fingerprint, is_right, works)


def forget_unneeded(home: Home) -> int:
    """Remove the replaced warehouse keys that open no file any more; returns how many."""
    older = keyring.older(home.keys, keyring.WAREHOUSE)
    if not older:
        return 0
    opened, _ = opened_by(home)
    unneeded = [key for key in older if not opened[key.fingerprint]]
    for key in unneeded:
        key.file.unlink()
    return len(unneeded)
