"""The secret keys of a home: where each of them is looked for, and what may be said about it.

The first of these that is there counts:

1. `keys/<name>.key` in the home: 64 hex digits, mode 0600;
2. `alpia-<name>-key` in the folder CREDENTIALS_DIRECTORY, where systemd puts what LoadCredential= names;
3. the environment variable ALPIA_<NAME>_KEY.

The home's own file comes first: it alone belongs to one home, while the other two hold for whatever home is worked on.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import AlpiaError

KEY_BYTES = 32
PSEUDONYM, WAREHOUSE, EVIDENCE = "pseudonym", "warehouse", "evidence"
NAMES = (PSEUDONYM, WAREHOUSE, EVIDENCE)
CREDENTIALS = "CREDENTIALS_DIRECTORY"
FINGERPRINT_DIGITS = 12
# Why another key will not do.
LOSS = {
    PSEUDONYM: "under another key every subject would be a stranger",
    WAREHOUSE: "another key does not open what was written under this one",
    EVIDENCE: "what another key signs does not continue the evidence",
}


class Secret(bytes):
    """Bytes that do not show themselves, wherever they are printed."""

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Key:
    """One key, and where it was found."""

    name: str
    value: Secret
    place: str
    file: Path | None = None

    @property
    def fingerprint(self) -> str:
        """What tells one key from another and says nothing about either."""
        return fingerprint(self.name, self.value)


def fingerprint(name: str, value: bytes) -> str:
    """The fingerprint of a key of that name: a hash, of which nothing leads back to 256 random bits."""
    return hashlib.sha256(f"alpia {name} key\0".encode() + value).hexdigest()[:FINGERPRINT_DIGITS]


def file_of(keys: Path, name: str) -> Path:
    """Where the folder `keys` of a home holds the key `name`."""
    return keys / f"{name}.key"


def old_file_of(keys: Path, key: Key) -> Path:
    """Where a key that a rotation replaced is kept for as long as a file needs it."""
    return keys / f"{key.name}.old-{key.fingerprint}.key"


def variable_of(name: str) -> str:
    """The environment variable that may hold the key."""
    return f"ALPIA_{name.upper()}_KEY"


def find(keys: Path | None, name: str) -> Key | None:
    """The key `name` of the home whose folder `keys` is (None: of no home), None where there is none; AlpiaError for one
    that is broken, or that others can read."""
    held = read(file_of(keys, name), name) if keys else None
    return held or _credential(name) or _variable(name)


def needed(keys: Path, name: str) -> Key:
    """The same; AlpiaError, with its cure, where there is none."""
    key = find(keys, name)
    if key is None:
        raise AlpiaError(f"The {name} key is missing: `alpia keys new --home {keys.parent}` makes {file_of(keys, name)}; or "
                         f"restore it from your safe, for {LOSS[name]}.")
    return key


def read(file: Path, name: str) -> Key | None:
    """The key in a file, None where there is no such file."""
    if not file.is_file():
        return None
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise AlpiaError(f"{file} can be read by others: `chmod 600 {file}`.")
    return Key(name, _parsed(file.read_bytes(), name, f"{file}"), f"{file}", file)


def older(keys: Path, name: str) -> list[Key]:
    """The keys of that name that were replaced, and are still kept in the home."""
    return [read(file, name) for file in sorted(keys.glob(f"{name}.old-*.key"))]


def _credential(name: str) -> Key | None:
    folder = os.environ.get(CREDENTIALS)
    file = Path(folder) / f"alpia-{name}-key" if folder else None
    if file is None or not file.is_file():
        return None
    place = f"the credential {file.name}"
    return Key(name, _parsed(file.read_bytes(), name, place), place)


def _variable(name: str) -> Key | None:
    variable = variable_of(name)
    text = os.environ.get(variable)
    return Key(name, _parsed(os.fsencode(text), name, variable), variable) if text else None


def _parsed(content: bytes, name: str, place: str) -> Secret:
    try:
        value = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        value = b""
    if len(value) < KEY_BYTES:
        raise AlpiaError(f"{place} must hold {2 * KEY_BYTES} hex digits: restore it from your safe, for {LOSS[name]}.")
    return Secret(value)
