"""What of a database's catalogue a dataset may be read from: by the names and types of its columns, and no row.

A guess is evident where one table alone has all that the contract requires. Everything else is only proposed. A column that
holds what a person is known by is asked for one thing: whether it is filled.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipelines.register.columns import words
from pipelines.register.contracts import Column, Contract
from pipelines.register.names import ANY, FLAGGED, NameRegister, key

MOST_CANDIDATES = 6
ALIASES = ("m", "p")
ZONE = "Europe/Paris"
# Of the contracts' columns, those that SQL takes for its own words.
RESERVED = ("right",)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the catalogue. `columns`: the type of each, as the server names it."""

    schema: str
    name: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Term:
    """How a contract's column is read: `form`, SQL with a {} for each of `columns`, which are (alias or "", name)."""

    form: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read a dataset. `terms`: by contract column; `joined`: the table that it links to, and by which columns.

    `rank`: 0 where the table is called so, 1 where only a prefix was taken away.
    """

    table: Table
    rank: int
    terms: Mapping[str, Term]
    missing: tuple[Column, ...]
    joined: tuple[Table, str, str] | None = None

    @property
    def is_complete(self) -> bool:
        return not any(column.required for column in self.missing)


@dataclass(frozen=True, slots=True)
class Guess:
    """What is guessed of a dataset: the best option (None: no table looks like it), and the tables that might be it as well.

    `candidates`: by contract column that the option lacks, columns of its table that could be it.
    """

    contract: Contract
    option: Option | None
    rivals: tuple[Table, ...]
    candidates: Mapping[str, tuple[str, ...]]
    instead: Mapping[str, str]
    refusal: str | None = None

    @property
    def is_evident(self) -> bool:
        return bool(self.option and self.option.is_complete and not self.rivals and not self.refusal)


def tables_of(rows: Iterable[tuple[str, str, str, str]]) -> list[Table]:
    """The tables of a catalogue, from (schema, table, column, type)."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in rows:
        found.setdefault((schema, table), {})[column] = kind
    return [Table(*place, columns) for place, columns in found.items()]


def guesses(register: NameRegister, contracts, kind: str, tables: list[Table]) -> list[Guess]:
    """One guess for each dataset of the register. `kind`: of the database."""
    return [_Guesser(register, contracts[name], kind, tables).guess() for name in register.datasets]


class _Guesser:
    """The guess of one dataset."""

    def __init__(self, register: NameRegister, contract: Contract, kind: str, tables: list[Table]):
        self.register, self.contract, self.tables = register, contract, tables
        self.names = register.datasets[contract.name]
        self.types = register.types[kind]
        self.own = next((name for name in contract.key[:1] if not contract.columns[name].references), None)

    def guess(self) -> Guess:
        options = [option for table in self.tables for option in (self._plain(table), self._linked(table)) if option]
        options.sort(key=lambda option: (not option.is_complete, option.rank, -len(option.terms)))
        best = options[0] if options else None
        rivals = [one.table for one in options[1:] if one.is_complete and one.rank == best.rank] if best else []
        candidates = self._candidates(best) if best else {}
        return Guess(self.contract, best, tuple(rivals), candidates, self._instead(best) if best else {})

    def _plain(self, table: Table) -> Option | None:
        rank = self._rank(table, self.names.tables)
        return None if rank is None else self._option(table, rank, [("", table)], self.own)

    def _linked(self, table: Table) -> Option | None:
        """A table that joins a user to an account: what it lacks is looked for in the user's own table."""
        rank = self._rank(table, self.names.links)
        if rank is None:
            return None
        for other in self.tables:
            if other is table or other.schema != table.schema or self._rank(other, self.names.tables) is None:
                continue
            here = self._column(table, [f"{self._stem(other)}id", f"id{self._stem(other)}"], "id")
            there = self._column(other, self._identities(other), "id")
            if here and there:
                option = self._option(table, rank, list(zip(ALIASES, (table, other), strict=True)), None)
                by = Term("{}", ((ALIASES[0], here),))
                missing = tuple(column for column in option.missing if column.name != self.own)
                return Option(table, rank, {self.own: by} | {n: t for n, t in option.terms.items() if n != self.own},
                              missing, (other, here, there))
        return None

    def _option(self, table: Table, rank: int, places: list[tuple[str, Table]], own: str | None) -> Option:
        terms, missing = {}, []
        for name, column in self.contract.columns.items():
            found = [self._term(alias, one, column, own) for alias, one in places]
            term = next((one for one in found if one), None)
            if term:
                terms[name] = term
            else:
                missing.append(column)
        return Option(table, rank, terms, tuple(missing))

    def _term(self, alias: str, table: Table, column: Column, own: str | None) -> Term | None:
        wanted = self._wanted(table, column, own)
        if column.action == FLAGGED:
            return _filled(alias, [name for name in table.columns if key(name) in wanted])
        name = self._column(table, wanted, column.type)
        return Term(self._form(table.columns[name], column.type), ((alias, name),)) if name else None

    def _wanted(self, table: Table, column: Column, own: str | None) -> list[str]:
        """The keys that a column may have in the table, the likeliest first."""
        said = list(self.register.columns_of(self.contract.name, column.name))
        subject = column.of if column.type == "id" else column.name.removesuffix("_id")
        referring = [form for name in self.register.subjects.get(subject, ()) for form in (f"{name}id", f"id{name}")]
        if column.name == own:
            declared = self.names.columns.get(column.name, ())
            return [*declared, *self._identities(table), *said, *referring]
        return said + referring

    def _identities(self, table: Table) -> list[str]:
        return [f"{self._stem(table)}id", f"id{self._stem(table)}", *self.register.identities]

    def _column(self, table: Table, wanted: Iterable[str], kind: str) -> str | None:
        """The column of the first key that fits one column alone, of a type that will do."""
        by_key: dict[str, list[str]] = {}
        for name, type_there in table.columns.items():
            if key(name) and self._form(type_there, kind):
                by_key.setdefault(key(name), []).append(name)
        return next((by_key[one][0] for one in wanted if len(by_key.get(one, ())) == 1), None)

    def _form(self, type_there: str, kind: str) -> str | None:
        forms = self.types.get(kind, {})
        return forms.get(type_there) or forms.get(ANY)

    def _rank(self, table: Table, wanted: tuple[str, ...]) -> int | None:
        if key(table.name) in wanted and key(table.name):
            return 0
        return 1 if self._stem(table) in wanted else None

    def _stem(self, table: Table) -> str:
        """The key of a table's name without the words before it that say nothing."""
        if not key(table.name):
            return "\0"
        said = list(words(table.name))
        while len(said) > 1 and said[0] in self.register.prefixes:
            said.pop(0)
        return "".join(said)

    def _candidates(self, option: Option) -> dict[str, tuple[str, ...]]:
        taken = {name for term in option.terms.values() for _, name in term.columns}
        return {column.name: found for column in option.missing if column.action != FLAGGED
                if (found := self._like(option.table, column, taken))}

    def _like(self, table: Table, column: Column, taken: set[str]) -> tuple[str, ...]:
        """Columns of a type that will do; an id where an id is wanted, and nothing else there."""
        fit = self.types.get(column.type, {})
        is_id = column.type == "id" or column.name.endswith("_id")
        found = [name for name, kind in table.columns.items()
                 if kind in fit and name not in taken and not self.register.is_personal(name)
                 and is_id == (not {"id", "uuid", "ref"}.isdisjoint(words(name)))]
        return tuple(found[:MOST_CANDIDATES])

    def _instead(self, option: Option) -> dict[str, str]:
        lacking = {column.name for column in option.missing}
        return {name: sql for name, sql in self.names.instead.items() if name in lacking}


def _filled(alias: str, names: list[str]) -> Term | None:
    """Whether any of the personal columns is filled."""
    form = " OR ".join(["{} IS NOT NULL"] * len(names))
    return Term(f"({form})" if len(names) > 1 else form, tuple((alias, name) for name in names)) if names else None


def select(guess: Guess, quote: Callable[[str], str], with_schema: bool, is_whole: bool = False) -> list[str]:
    """The lines of the SELECT that the option makes; `is_whole`: with … for what it lacks, to be completed by hand."""
    option = guess.option

    def written(term: Term) -> str:
        return term.form.format(*(f"{alias}.{quote(name)}" if alias else quote(name) for alias, name in term.columns))

    said = {name: written(term) for name, term in option.terms.items()}
    for column in option.missing if is_whole else ():
        if column.required or column.name in guess.instead:
            said[column.name] = guess.instead.get(column.name, "…").format_map(_Or(said))
    columns = [f"{said[name]} AS {alias(name, quote)}" for name in guess.contract.columns if name in said]
    lines = [f"  {line}," for line in columns[:-1]] + [f"  {columns[-1]}"] if columns else ["  …"]
    return ["SELECT", *lines, *_from(option, quote, with_schema)]


def alias(name: str, quote: Callable[[str], str]) -> str:
    """A contract's column as the SELECT names it."""
    return quote(name) if name in RESERVED else name


class _Or(dict):
    """What a proposal needs and is not there is left to the reader."""

    def __missing__(self, name: str) -> str:
        return "…"


def place(table: Table, quote: Callable[[str], str], with_schema: bool) -> str:
    """A table as SQL names it."""
    return f"{quote(table.schema)}.{quote(table.name)}" if with_schema else quote(table.name)


def _from(option: Option, quote: Callable[[str], str], with_schema: bool) -> list[str]:
    here = place(option.table, quote, with_schema)
    if not option.joined:
        return [f"FROM {here}"]
    (other, by, identity), (link, joined) = option.joined, ALIASES
    return [f"FROM {here} AS {link}",
            f"JOIN {place(other, quote, with_schema)} AS {joined} ON {joined}.{quote(identity)} = {link}.{quote(by)}"]
