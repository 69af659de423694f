"""What columns may be about (expectations/columns.toml): categories by patterns, and the terms of special categories."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

from pipelines.register.document import EXPECTATIONS, Entry, read

TECHNICAL = "technical"
# Those that the policy declares, and ours for what tells nothing of a person.
CATEGORIES = ("contact", "billing", "management", "usage", "traffic", TECHNICAL)
SPECIAL = ("race", "health", "sexual_orientation", "political", "philosophical", "religious")
# Between two words of a name: anything but letters, and where lower case turns to upper (userRace, HTTPRace).
BOUNDARY = re.compile(r"[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Small words that stand inside a term without changing it: "couleur de la peau".
SMALL = frozenset(("de", "du", "des", "la", "le", "les", "l", "d", "of", "the", "a", "an"))


@dataclass(frozen=True, slots=True)
class Smell:
    """What a name or comment smells of. `is_ambiguous`: only words that may also mean something else."""

    category: str
    terms: tuple[str, ...]
    is_ambiguous: bool


@dataclass(frozen=True, slots=True)
class ColumnRegister:
    """`categories`: patterns by category; the terms by special category; `innocent`: phrases as words."""

    categories: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, tuple[tuple[str, ...], ...]]
    ambiguous: Mapping[str, tuple[tuple[str, ...], ...]]
    innocent: tuple[tuple[str, ...], ...]

    def smell(self, texts: Iterable[str | None]) -> Smell | None:
        """The first special category of SPECIAL of which a text smells; plain terms go before ambiguous ones."""
        said = [self._without_innocent(words(text)) for text in texts if text]
        for known, is_ambiguous in ((self.terms, False), (self.ambiguous, True)):
            for category in SPECIAL:
                found = tuple(" ".join(term) for term in known[category] if any(_holds(text, term) for text in said))
                if found:
                    return Smell(category, found, is_ambiguous)
        return None

    def _without_innocent(self, said: tuple[str, ...]) -> tuple[str, ...]:
        for phrase in self.innocent:
            for at in _places(said, phrase):
                # What stands before and after must not become neighbours.
                said = (*said[:at], *[""] * len(phrase), *said[at + len(phrase):])
        return said


def words(text: str) -> tuple[str, ...]:
    """The words of a name or comment, in lower case, without accents, small words and plural endings."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(_singular(word.lower()) for word in BOUNDARY.split(plain) if word and word.lower() not in SMALL)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _places(said: tuple[str, ...], term: tuple[str, ...]) -> Iterator[int]:
    return (at for at in range(len(said) - len(term) + 1) if said[at:at + len(term)] == term)


def _holds(said: tuple[str, ...], term: tuple[str, ...]) -> bool:
    return next(_places(said, term), None) is not None


def fits(pattern: str, schema: str, table: str, column: str) -> bool:
    """Does a pattern `table.column` or `schema.table.column` fit the column? Case does not count."""
    name = f"{schema}.{table}.{column}" if pattern.count(".") > 1 else f"{table}.{column}"
    return fnmatchcase(name.lower(), pattern.lower())


def patterns(entry: Entry, key: str) -> tuple[str, ...]:
    """A list of patterns; AlpiaError for one that can fit no column."""
    found = entry.words(key)
    for pattern in found:
        if pattern.count(".") not in (1, 2) or not all(part.strip() for part in pattern.split(".")):
            raise entry.refuse(key, f"holds {pattern!r}", "write table.column or schema.table.column, * for anything")
    return found


def categories(entry: Entry) -> Mapping[str, tuple[str, ...]]:
    """Patterns by category, in the order of the file."""
    strange = next((name for name in entry.names() if name not in CATEGORIES), None)
    if strange:
        raise entry.refuse(strange, "is no category", f"write one of {', '.join(CATEGORIES)}")
    return MappingProxyType({name: patterns(entry, name) for name in entry.names()})


def load(path: Path | None = None) -> ColumnRegister:
    """The register in `path` (default: the project's own). AlpiaError, one sentence, for any nonsense."""
    document, _ = read(path or EXPECTATIONS / "columns.toml")
    listed = categories(document.table("categories"))
    innocent = document.table("innocent")
    special = document.table("special")
    entries = {name: special.table(name) for name in SPECIAL}
    register = ColumnRegister(
        listed,
        MappingProxyType({name: _terms(entry, "terms") for name, entry in entries.items()}),
        MappingProxyType({name: _terms(entry, "ambiguous") for name, entry in entries.items()}),
        _terms(innocent, "phrases"))
    for entry in (document, innocent, special, *entries.values()):
        entry.done()
    return register


def _terms(entry: Entry, key: str) -> tuple[tuple[str, ...], ...]:
    found = []
    for term in entry.words(key):
        if not words(term):
            raise entry.refuse(key, f"holds {term!r}, which has no word", "write words of letters")
        found.append(words(term))
    return tuple(dict.fromkeys(found))
