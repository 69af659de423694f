"""The contracts (expectations/contracts.toml): what a dataset is before anything is judged by it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipelines.register.document import EXPECTATIONS, NAME, Entry, read

SQL_TYPES = MappingProxyType(
    {
        "id": "VARCHAR",
        "word": "VARCHAR",
        "moment": "TIMESTAMPTZ",
        "day": "DATE",
        "flag": "BOOLEAN",
        "count": "BIGINT",
        "duration": "VARCHAR",
    }
)
KINDS = ("state", "event")
ACTIONS = ("keep", "pseudonym", "present", "drop")
CATEGORIES = ("contact", "billing", "management", "usage", "traffic", "records")
RESERVED = ("collection", "set_aside", "log_file", "log_day", "forgotten")  # tables of the stage source that are no dataset
COUNT_OF_ROWS = "count(*)"
SUFFIXES = MappingProxyType({"moment": "_at", "day": "_on"})
# What stands in a table of counts beside the columns that it is counted by.
DAY, ACTIONS_COUNTED, FIRST, LAST = "day_on", "actions", "first_at", "last_at"
COUNTED = MappingProxyType({DAY: "day", ACTIONS_COUNTED: "count", FIRST: "moment", LAST: "moment"})
COUNTED_BY_TYPES = ("id", "word", "flag")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `of`: whose pseudonym it is, or the source's column behind a `present` flag."""

    name: str
    type: str
    action: str
    of: str | None
    required: bool
    values: tuple[str, ...]
    future: bool
    references: str | None
    last_value: bool
    category: str

    @property
    def sql_type(self) -> str:
        """The column's type in DuckDB, after the action: VARCHAR, TIMESTAMPTZ, DATE, BOOLEAN or BIGINT."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class Contract:
    """One dataset. `columns`: what is collected; `dropped`: what is known to be there and never read.

    `counted_by`: the columns by which its rows are counted, a local day at a time, where counts are kept instead of rows.
    `kept_by_hand`: its rows prove no absence by themselves; somebody states each quarter that none is missing.
    `row_count`: the SQL aggregate that says how many rows of the source the table's rows stand for.
    What is read and judged is said by `columns` and `key`; what is stored in source.<name>, by `stored` and its like.
    """

    name: str
    grain: str
    kind: str
    key: tuple[str, ...]
    category: str
    since: str | None
    counted_by: tuple[str, ...]
    fresh_by: tuple[str, ...]
    fresh_days: int
    may_be_empty: bool
    kept_by_hand: bool
    set_aside_limit: float
    row_count: str
    columns: Mapping[str, Column]
    dropped: Mapping[str, Column]

    @property
    def keeps_counts(self) -> bool:
        """Does a row stand for many rows of the source?"""
        return self.row_count != COUNT_OF_ROWS

    @property
    def stored(self) -> Mapping[str, Column]:
        """The columns of the table source.<name>, in their order."""
        if not self.counted_by:
            return self.columns
        counts = {name: _count_column(name, kind, self.category) for name, kind in COUNTED.items()}
        return {name: self.columns[name] for name in self.counted_by} | counts

    @property
    def stored_key(self) -> tuple[str, ...]:
        """What makes a stored row one. Of a count, a part that may be missing is a value like any other where it is."""
        return (*self.counted_by, DAY) if self.counted_by else self.key

    @property
    def lasting(self) -> tuple[str, ...]:
        """The collected columns that are stored as they were accepted."""
        return self.counted_by or tuple(self.columns)

    @property
    def newest_by(self) -> str | None:
        """The stored column whose largest value is the newest `since`; None for what is read whole."""
        return LAST if self.counted_by else self.since

    @property
    def stored_fresh_by(self) -> tuple[str, ...]:
        """`fresh_by`, as stored."""
        return (LAST,) if self.counted_by and self.fresh_by else self.fresh_by

    @property
    def is_read_whole(self) -> bool:
        """Is every row of it read each night, so that fewer rows than last night means that rows have gone?"""
        return self.since is None and self.row_count == COUNT_OF_ROWS

    @property
    def layout(self) -> str:
        """The stored columns as CREATE TABLE declares them."""
        return ", ".join(f'"{column.name}" {column.sql_type}' for column in self.stored.values())

    def counts(self, relation: str, given: Collection[str]) -> str:
        """A SELECT that counts the rows of `relation` (SQL, with the columns `given`) by local day, in the stored layout.

        The connection must count days in the local time zone, as every one of ours does. ValueError if rows are kept.
        """
        if not self.counted_by:
            raise ValueError(f"{self.name} keeps rows, and no counts")
        by = ", ".join(self._as_given(name, given) for name in self.counted_by)
        return (f'SELECT {by}, "{self.since}"::DATE AS {DAY}, count(*) AS {ACTIONS_COUNTED}, '
                f'min("{self.since}") AS {FIRST}, max("{self.since}") AS {LAST} FROM {relation} GROUP BY ALL')

    def of_older(self, relation: str, given: Collection[str]) -> str:
        """A SELECT of an older file's table (`relation`, with the columns `given`) in today's stored layout.

        Rows that are kept as counts today are counted on the way; a column that the older table lacks is NULL.
        """
        if self.counted_by and self.since in given and ACTIONS_COUNTED not in given:
            return self.counts(relation, given)
        return f"SELECT {', '.join(self._as_given(name, given) for name in self.stored)} FROM {relation}"

    def _as_given(self, name: str, given: Collection[str]) -> str:
        return f'"{name}"' if name in given else f'NULL::{self.stored[name].sql_type} AS "{name}"'


def _count_column(name: str, kind: str, category: str) -> Column:
    return Column(name, kind, "keep", None, True, (), False, None, False, category)


@dataclass(frozen=True, slots=True, eq=False)
class Contracts(Mapping[str, Contract]):
    """All contracts by dataset, in the order of the file. `digest`: SHA-256 (hex) of the file's bytes."""

    path: Path
    digest: str
    by_name: Mapping[str, Contract]

    def __getitem__(self, name: str) -> Contract:
        return self.by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)


def load(path: Path | str | None = None) -> Contracts:
    """The contracts in `path` (default: the project's own). AlpiaError, one sentence, for any nonsense."""
    path = Path(path) if path is not None else EXPECTATIONS / "contracts.toml"
    document, digest = read(path)
    entries = {name: document.table(name) for name in document.names()}
    if not entries:
        raise document.refuse("", "holds no contract", "write a table for each dataset")
    contracts = {name: _contract(name, entry) for name, entry in entries.items()}
    for name, contract in contracts.items():
        _check_references(contract, contracts, entries[name])
    return Contracts(path, digest, MappingProxyType(contracts))


def _contract(name: str, entry: Entry) -> Contract:
    _check_name(name, entry)
    category = entry.one_of("category", CATEGORIES)
    columns = _columns(entry.table("columns"), category)
    counted_by = _counted_by(entry)
    contract = Contract(
        name=name,
        grain=entry.text("grain"),
        kind=entry.one_of("kind", KINDS),
        key=entry.words("key"),
        category=category,
        since=entry.text("since", None),
        counted_by=counted_by,
        fresh_by=entry.words("fresh_by", ()),
        fresh_days=entry.whole("fresh_days"),
        may_be_empty=entry.flag("may_be_empty", False),
        kept_by_hand=entry.flag("kept_by_hand", False),
        set_aside_limit=entry.share("set_aside_limit"),
        row_count=_row_count(entry, counted_by),
        columns=MappingProxyType({n: c for n, c in columns.items() if c.action != "drop"}),
        dropped=MappingProxyType({n: c for n, c in columns.items() if c.action == "drop"}),
    )
    entry.done()
    _check_key(contract, entry)
    _check_reading(contract, entry)
    _check_counting(contract, entry)
    return contract


def _counted_by(entry: Entry) -> tuple[str, ...]:
    is_counted = "counted_by" in entry.names()
    counted_by = entry.words("counted_by", ())
    if is_counted and not counted_by:
        raise entry.refuse("counted_by", "is empty", "name the columns to count by, or take it out")
    return counted_by


def _row_count(entry: Entry, counted_by: tuple[str, ...]) -> str:
    row_count = entry.text("row_count", None)
    if not counted_by:
        return row_count or COUNT_OF_ROWS
    if row_count is not None:
        raise entry.refuse("row_count", "stands beside counted_by", "take it out: it is the sum of the counts")
    return f"coalesce(sum({ACTIONS_COUNTED}), 0)::BIGINT"


def _check_name(name: str, entry: Entry) -> None:
    if not NAME.fullmatch(name):
        raise entry.refuse("", "is not a dataset's name", "use lower-case letters, digits and underscores")
    if name in RESERVED:
        raise entry.refuse(
            "", "is a name that the stage source keeps for itself", "name the dataset otherwise"
        )


def _columns(entry: Entry, category: str) -> dict[str, Column]:
    if not entry.names():
        raise entry.refuse("", "names no column", "write at least the key's columns")
    return {name: _column(name, entry.table(name), category) for name in entry.names()}


def _column(name: str, entry: Entry, category: str) -> Column:
    column = Column(
        name=name,
        type=entry.one_of("type", tuple(SQL_TYPES)),
        action=entry.one_of("action", ACTIONS, "keep"),
        of=entry.text("of", None),
        required=entry.flag("required", False),
        values=entry.words("values", ()),
        future=entry.flag("future", False),
        references=entry.text("references", None),
        last_value=entry.flag("last_value", False),
        category=entry.one_of("category", CATEGORIES, category),
    )
    entry.done()
    _check_column_name(column, entry)
    _check_action(column, entry)
    _check_options(column, entry)
    return column


def _check_column_name(column: Column, entry: Entry) -> None:
    if not NAME.fullmatch(column.name):
        raise entry.refuse("", "is not a column's name", "use lower-case letters, digits and underscores")
    suffix = SUFFIXES.get(column.type, "")
    if not column.name.endswith(suffix):
        raise entry.refuse(
            "", f"is a {column.type} whose name does not end in {suffix}", f"end its name in {suffix}"
        )


def _check_action(column: Column, entry: Entry) -> None:
    if column.type == "id" and column.action not in ("pseudonym", "drop"):
        raise entry.refuse(
            "action", f"is {column.action!r} for an id", "write pseudonym, for no id of a source may arrive"
        )
    if column.action == "pseudonym" and column.type != "id":
        raise entry.refuse("action", f"is 'pseudonym' for a {column.type}", 'write type = "id"')
    if column.action == "present" and (column.type != "flag" or not column.name.startswith("has_")):
        raise entry.refuse(
            "action", "is 'present' for what is no flag has_…", 'write type = "flag" and name it has_…'
        )
    if column.action in ("pseudonym", "present") and column.of is None:
        raise entry.refuse(
            "of", f"is missing beside action {column.action!r}", "write whose pseudonym or presence it is"
        )
    if column.action in ("keep", "drop") and column.of is not None:
        raise entry.refuse(
            "of", f"stands beside action {column.action!r}", "take it out, or write the action it belongs to"
        )
    if column.action == "pseudonym" and not NAME.fullmatch(column.of):
        raise entry.refuse("of", f"is {column.of!r}", "use lower-case letters, digits and underscores")


def _check_options(column: Column, entry: Entry) -> None:
    if column.values and column.type != "word":
        raise entry.refuse("values", f"stands beside a {column.type}", 'take it out, or write type = "word"')
    if column.future and column.type not in SUFFIXES:
        raise entry.refuse(
            "future", f"stands beside a {column.type}", "take it out: only a moment or a day can lie ahead"
        )
    if column.last_value and column.type != "moment":
        raise entry.refuse(
            "last_value", f"stands beside a {column.type}", "take it out: only a moment is carried back"
        )
    if column.references and column.type != "id":
        raise entry.refuse(
            "references", f"stands beside a {column.type}", 'take it out, or write type = "id"'
        )
    if column.action == "drop" and (column.required or column.references):
        raise entry.refuse(
            "action", "is 'drop' for a column that is relied on", "take out required and references"
        )


def _check_key(contract: Contract, entry: Entry) -> None:
    if not contract.key:
        raise entry.refuse("key", "is empty", "name the columns that make a row one")
    for name in contract.key:
        _check_known("key", name, contract, entry)
        if not contract.columns[name].required:
            raise entry.refuse(
                "key", f"names {name}, which may be missing", f"write required = true for {name}"
            )


def _check_reading(contract: Contract, entry: Entry) -> None:
    """What only one kind may say, and the moments by which a dataset is read and found fresh."""
    if contract.kind == "state" and contract.since:
        raise entry.refuse(
            "since", "stands beside kind 'state'", "take it out: a state dataset is read whole"
        )
    if contract.kind == "event" and contract.may_be_empty:
        raise entry.refuse(
            "may_be_empty", "stands beside kind 'event'", "take it out: events need a dated nil return"
        )
    for key, names in (
        ("since", (contract.since,) if contract.since else ()),
        ("fresh_by", contract.fresh_by),
    ):
        for name in names:
            _check_known(key, name, contract, entry)
            if contract.columns[name].type != "moment":
                raise entry.refuse(key, f"names {name}, which is no moment", "name a column of type moment")
    if contract.since and not contract.columns[contract.since].required:
        raise entry.refuse(
            "since", f"names {contract.since}, which may be missing", "write required = true for it"
        )


def _check_counting(contract: Contract, entry: Entry) -> None:
    """Counts are kept of events that are read by `since`, by columns that many events share."""
    if not contract.counted_by:
        return
    if contract.since is None:
        raise entry.refuse("counted_by", "stands without since", "write since: the moment by whose local day is counted")
    for name in contract.counted_by:
        _check_known("counted_by", name, contract, entry)
        kind = contract.columns[name].type
        if kind not in COUNTED_BY_TYPES:
            raise entry.refuse("counted_by", f"names {name}, which is a {kind}",
                               f"name columns of type {', '.join(COUNTED_BY_TYPES)}")
        if name in COUNTED:
            raise entry.refuse("counted_by", f"names {name}, as a count's own column is called", "name the column otherwise")
    if set(contract.key) <= set(contract.counted_by):
        raise entry.refuse("counted_by", "names the whole key, which no two rows share", "leave out the key, or counted_by")
    if set(contract.fresh_by) - {contract.since}:
        raise entry.refuse("fresh_by", "names what is not kept beside counted_by", f"name {contract.since} alone")


def _check_known(key: str, name: str, contract: Contract, entry: Entry) -> None:
    if name not in contract.columns:
        raise entry.refuse(
            key, f"names {name}, which is no collected column", f"write it under {contract.name}.columns"
        )


def _check_references(contract: Contract, contracts: Mapping[str, Contract], entry: Entry) -> None:
    """An id can only be looked up where it stands under the same name and becomes the same pseudonym."""
    for column in contract.columns.values():
        if column.references is None:
            continue
        key = f"columns.{column.name}.references"
        if column.references not in contracts:
            raise entry.refuse(
                key, f"names {column.references}, which has no contract", "name a dataset of this file"
            )
        known = contracts[column.references].columns.get(column.name)
        if known is None or known.of != column.of or column.name not in contracts[column.references].key:
            raise entry.refuse(
                key,
                f"names {column.references}, whose key has no {column.name} of the same kind",
                "name the dataset that knows this id",
            )
