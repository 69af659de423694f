"""A register's TOML file, read entry by entry; nonsense is refused in one sentence: key, fault, cure."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from pipelines.errors import AlpiaError

ROOT = Path(__file__).resolve().parents[2]
EXPECTATIONS = ROOT / "expectations"
NAME = re.compile(r"[a-z][a-z0-9_]*")
LARGEST_WHOLE = 2**63 - 1
LONGEST_SHOWN = 100  # of a value that is refused, so much is repeated
_REQUIRED = object()


class Entry:
    """One table of a TOML file. Every getter takes its key out; `done` refuses what nobody asked for."""

    def __init__(self, values: dict, file: str, place: str = "", name: str = ""):
        self.file, self.place, self.name = file, place, name
        self._left = dict(values)
        self._asked: list[str] = []

    def refuse(self, key: str, wrong: str, cure: str) -> AlpiaError:
        """The error to raise about `key` of this entry ("" speaks of the entry itself)."""
        where = ".".join(part for part in (self.place, key) if part)
        return AlpiaError(f"{self.file}: {where or 'the file'} {wrong}; {cure}.")

    def names(self) -> tuple[str, ...]:
        """The keys nobody has taken yet, in the order of the file."""
        return tuple(self._left)

    def text(self, key: str, default=_REQUIRED):
        """A text that is not blank."""
        value = self._take(key, str, "a text", default)
        if isinstance(value, str) and not value.strip():
            raise self.refuse(key, "is blank", "write it, or take the line out")
        return value

    def one_of(self, key: str, allowed: Iterable[str], default=_REQUIRED):
        """One word of a closed set."""
        value = self.text(key, default)
        if value is not default and value not in allowed:
            raise self.refuse(key, f"is {value!r}", f"write one of {', '.join(allowed)}")
        return value

    def whole(self, key: str, default=_REQUIRED):
        """A whole number of at least 1 (every count, period and limit of the registers is one) that a column can hold."""
        value = self._take(key, int, "a whole number", default)
        if value is not default and not 1 <= value <= LARGEST_WHOLE:
            raise self.refuse(key, f"is {value if abs(value) <= LARGEST_WHOLE else 'far too large'}",
                              "write a whole number of at least 1")
        return value

    def share(self, key: str):
        """A number from 0 to 1."""
        value = self._take(key, (int, float), "a number", _REQUIRED)
        if not 0 <= value <= 1:
            raise self.refuse(key, f"is {value}", "write a share from 0 to 1")
        return float(value)

    def flag(self, key: str, default=_REQUIRED) -> bool:
        """True or false."""
        return self._take(key, bool, "true or false", default)

    def day(self, key: str, default=_REQUIRED):
        """A day (datetime.date), written as TOML writes one: 2026-01-31."""
        value = self._take(key, date, "a day, such as 2026-01-31", default)
        if isinstance(value, datetime):
            raise self.refuse(key, "is a moment", "write a day, such as 2026-01-31")
        return value

    def words(self, key: str, default=_REQUIRED) -> tuple[str, ...]:
        """A list of texts, none blank, none twice."""
        value = self._take(key, list, "a list of texts", default)
        if any(not isinstance(word, str) or not word.strip() for word in value):
            raise self.refuse(key, "holds something that is not a text", "write a list of texts")
        repeated = _repeated(value)
        if repeated is not None:
            raise self.refuse(key, f"names {repeated!r} twice", "name it once")
        return tuple(value)

    def text_or_words(self, key: str) -> tuple[str, ...]:
        """One text, or a list of at least one."""
        if isinstance(self._left.get(key), list):
            found = self.words(key)
            if not found:
                raise self.refuse(key, "is empty", "write at least one text")
            return found
        return (self.text(key),)

    def words_or_flag(self, key: str) -> tuple[str, ...] | bool:
        """A list of texts, or true or false."""
        return self.words(key) if isinstance(self._left.get(key), list) else self.flag(key)

    def table(self, key: str, default=_REQUIRED) -> "Entry":
        """A table inside this one."""
        value = self._take(key, dict, "a table", default)
        return Entry(value, self.file, ".".join(part for part in (self.place, key) if part))

    def tables(self, key: str, named_by: str, default=_REQUIRED) -> list["Entry"]:
        """A list of tables (`[[key]]`), each with an own text under `named_by`: its `name`."""
        value = self._take(key, list, f"a list of tables, [[{key}]]", default)
        if any(not isinstance(table, dict) for table in value):
            raise self.refuse(key, "holds something that is not a table", f"write [[{key}]] over each")
        names = [self._named(key, named_by, number, table) for number, table in enumerate(value, 1)]
        repeated = _repeated(names)
        if repeated is not None:
            raise self.refuse(key, f"has {named_by} {repeated!r} twice", "keep one of them")
        return [
            Entry(table, self.file, f"{key}({name})", name) for name, table in zip(names, value, strict=True)
        ]

    def done(self) -> None:
        """Refuses the keys that no getter asked for."""
        if self._left:
            raise self.refuse(
                next(iter(self._left)),
                "is not a key that is known here",
                f"take it out, or write one of {', '.join(sorted(set(self._asked)))}",
            )

    def _named(self, key: str, named_by: str, number: int, table: dict) -> str:
        return Entry(table, self.file, f"{key}(number {number})").text(named_by)

    def _take(self, key: str, kind, described: str, default):
        self._asked.append(key)
        if key not in self._left:
            if default is _REQUIRED:
                raise self.refuse(key, "is missing", f"write {described}")
            return default
        value = self._left.pop(key)
        # TOML's true is Python's int: a flag is taken for a flag only where one is asked for.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refuse(key, f"is {_told(value)}", f"write {described}")
        return value


def _told(value) -> str:
    """A refused value in a sentence: short, and of lists and tables only that they are one."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        return "a number of many digits"
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _repeated(words: list[str]) -> str | None:
    """The first word that stands there before."""
    seen: set[str] = set()
    for word in words:
        if word in seen:
            return word
        seen.add(word)
    return None


def read(path: Path) -> tuple[Entry, str]:
    """The TOML file at `path` as an Entry, and the SHA-256 (hex) of its bytes. AlpiaError if unreadable."""
    file = _shown(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AlpiaError(f"{file}: cannot be read ({error.strerror}); put the register there.") from error
    try:
        values = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise AlpiaError(f"{file}: is not UTF-8 at byte {error.start}; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise AlpiaError(
            f"{file}: is not TOML, {str(error)[:1].lower()}{str(error)[1:]}; correct that line."
        ) from error
    except (ValueError, RecursionError):
        raise AlpiaError(f"{file}: is not a register: a number of thousands of digits, or nested far too deep.") from None
    return Entry(values, file), hashlib.sha256(content).hexdigest()


def _shown(path: Path) -> str:
    """The path as a reader of the project names it."""
    absolute = path.absolute()
    return str(absolute.relative_to(ROOT)) if absolute.is_relative_to(ROOT) else str(path)
