"""What tables and columns are usually called (expectations/names.toml): what a first mapping is guessed by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipelines.register.columns import words
from pipelines.register.document import EXPECTATIONS, Entry, read

ANY = "*"
FLAGGED = "present"
DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class DatasetNames:
    """Keys of the tables that may hold a dataset, of its columns, and SQL that may stand for a missing column.

    `links`: tables that join a row of one of `tables` to an account.
    """

    tables: tuple[str, ...]
    links: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    instead: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NameRegister:
    """All names are keys, as `key` makes them. `types`: by database, contract type and type at the source, SQL with {}."""

    prefixes: frozenset[str]
    identities: tuple[str, ...]
    personal: frozenset[str]
    subjects: Mapping[str, tuple[str, ...]]
    common: Mapping[str, tuple[str, ...]]
    datasets: Mapping[str, DatasetNames]
    types: Mapping[str, Mapping[str, Mapping[str, str]]]

    def columns_of(self, dataset: str, column: str) -> tuple[str, ...]:
        """The keys that a contract's column may have in a table, its own beside them last."""
        said = (*self.datasets[dataset].columns.get(column, ()), *self.common.get(column, ()))
        return tuple(dict.fromkeys((*said, key(column))))

    def is_personal(self, name: str) -> bool:
        """Does a word of the name tell that it holds what a person is known by, or what a person wrote?"""
        return any(word in self.personal for word in words(name))


def key(name: str) -> str:
    """What names have in common that differ by case, accents, plurals or how words are joined; "" if there is a digit."""
    return "" if DIGIT.search(name) else "".join(words(name))


def load(contracts, path: Path | None = None) -> NameRegister:
    """The register in `path` (default: the project's own). AlpiaError, one sentence, for any nonsense."""
    document, _ = read(path or EXPECTATIONS / "names.toml")
    subjects, common, types = (document.table(name) for name in ("subjects", "common", "types"))
    listed = document.table("datasets")
    known = {column for contract in contracts.values() for column in contract.columns}
    register = NameRegister(
        frozenset(_keys(document, "prefixes")), _keys(document, "identities"),
        frozenset(word for text in document.words("personal") for word in words(text)),
        MappingProxyType({name: _keys(subjects, name) for name in subjects.names()}),
        _columns(common, known),
        MappingProxyType({name: _dataset(listed, name, contracts) for name in listed.names()}),
        MappingProxyType({kind: _types(types.table(kind)) for kind in types.names()}))
    document.done()
    return register


def _dataset(listed: Entry, name: str, contracts) -> DatasetNames:
    if name not in contracts:
        raise listed.refuse(name, "has no contract", f"name one of {', '.join(contracts)}")
    entry = listed.table(name)
    instead, known = entry.table("instead", {}), contracts[name].columns
    found = DatasetNames(_keys(entry, "tables"), _keys(entry, "links") if "links" in entry.names() else (),
                         _columns(entry.table("columns", {}), known),
                         MappingProxyType({column: _known(instead, column, known) and instead.text(column)
                                           for column in instead.names()}))
    entry.done()
    return found


def _columns(entry: Entry, known) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: _keys(entry, _known(entry, name, known)) for name in entry.names()})


def _known(entry: Entry, name: str, known) -> str:
    if name not in known:
        raise entry.refuse(name, "is no column of the contract", "write the contract's own name")
    return name


def _types(entry: Entry) -> Mapping[str, Mapping[str, str]]:
    found = {}
    for name in entry.names():
        table = entry.table(name)
        found[name] = MappingProxyType({kind: _with_place(table, kind) for kind in table.names()})
    return MappingProxyType(found)


def _with_place(entry: Entry, kind: str) -> str:
    text = entry.text(kind)
    if text.count("{}") != 1:
        raise entry.refuse(kind, f"is {text!r}", "write {} once, where the column stands")
    return text


def _keys(entry: Entry, name: str) -> tuple[str, ...]:
    """The names as keys, each once; AlpiaError for one that no name could have."""
    found = []
    for text in entry.words(name):
        if not key(text):
            raise entry.refuse(name, f"holds {text!r}, which no table or column is matched by", "write words of letters")
        found.append(key(text))
    return tuple(dict.fromkeys(found))
