"""Suite `trust`: are the facts fit to be judged? Generated from the contracts and from what was collected.

A dataset that was not collected has no checks of its own here: source.collection already says that it is missing. An
empty one fails `has_rows` alone, so that the reason can be told; the other checks then find nothing to look at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.collect.collection import latest_plausible
from pipelines.register.contracts import ACTIONS_COUNTED, DAY, FIRST, LAST, Column, Contract
from pipelines.verify import check
from pipelines.verify.check import Check, Scan
from pipelines.warehouse import Connection, identifier, quoted

SUITE = "trust"
# Which rows stand for somebody who is still there, and which for somebody whose personal data are said to be gone.
LIVE = {
    "accounts": "state <> 'deleted' AND erased_at IS NULL",
    "users": "removed_at IS NULL AND erased_at IS NULL",
}
ERASED = "erased_at IS NOT NULL"

COLLECTION = """SELECT *, coalesce((SELECT sum(told.rows) FROM source.set_aside AS told
    WHERE told.dataset = collection.dataset), 0) AS rows_told FROM source.collection"""


@dataclass(frozen=True, slots=True)
class Collected:
    """What source.collection says of one dataset that was collected, and whether it may be empty at as_of.

    `collected_at`, `written_at`: moments with a time zone, None where unknown. `rows_kept`: less those that were left behind
    because their subjects have expired.
    """

    dataset: str
    collected_at: datetime | None
    written_at: datetime | None
    rows_kept: int | None
    rows_set_aside: int | None
    absent_columns: frozenset[str]
    may_be_empty: bool


def collected(connection: Connection, contracts: Mapping[str, Contract], as_of: date) -> list[Collected]:
    """The collected datasets of a warehouse, in the contracts' order.

    Events may be none only where a nil return says so that was stated by as_of and is still valid on it.
    """
    nil_returns = {row[0] for row in connection.execute(
        "SELECT DISTINCT dataset FROM source.attestations "
        "WHERE kind = 'nil_return' AND stated_on <= $as_of AND valid_until_on >= $as_of", {"as_of": as_of}).fetchall()}
    rows = {row[0]: row for row in connection.execute(
        "SELECT dataset, collected_at, written_at, rows_kept - (SELECT coalesce(sum(rows), 0)::BIGINT "
        "FROM source.forgotten AS f WHERE f.dataset = c.dataset AND f.what = 'rows'), rows_set_aside, absent_columns "
        "FROM source.collection AS c WHERE status = 'collected'").fetchall()}
    return [
        Collected(name, at, written_at, kept, set_aside, frozenset(absent or ()),
                  contract.may_be_empty or (contract.kind == "event" and name in nil_returns))
        for contract in contracts.values() if contract.name in rows
        for name, at, written_at, kept, set_aside, absent in [rows[contract.name]]
    ]


def scans(connection: Connection, contracts: Mapping[str, Contract], as_of: date,
          founded_on: date | None = None) -> list[Scan]:
    """One scan a collected dataset, and one of source.collection over all of them."""
    found = {state.dataset: state for state in collected(connection, contracts, as_of)}
    datasets = [
        Scan(f"source.{name}", f"SELECT * FROM source.{identifier(name)}",
             (*_checks(contracts[name], state, as_of, founded_on), *_references(connection, contracts[name], state, found)))
        for name, state in found.items()
    ]
    return [*datasets, collection_scan(contracts, list(found))]


def _references(connection: Connection, contract: Contract, state: Collected,
                found: Mapping[str, Collected]) -> Iterator[Check]:
    """A check for each id that refers to a dataset; where that one was not collected, its absence is what must be cured."""
    for column in contract.stored.values():
        if column.references in found and column.name not in state.absent_columns:
            elsewhere = tuple(table for table in (f"fact.{column.references.removesuffix('s')}", "source.erasure_journal")
                              if _has_column(connection, table, column.name))
            yield _resolves(contract.name, column, found[column.references], elsewhere, state.rows_kept == 0)


def _has_column(connection: Connection, table: str, column: str) -> bool:
    return connection.execute(
        "SELECT count(*) FROM duckdb_columns() WHERE schema_name || '.' || table_name = $table AND column_name = $column",
        {"table": table, "column": column}).fetchone()[0] > 0


def collection_scan(contracts: Mapping[str, Contract], datasets: list[str]) -> Scan:
    """Every contract is accounted for once; what came in of the collected ones was kept or set aside, and of that little."""
    checks = [check.of_whole(SUITE, name, "listed_once", f"count(*) FILTER (WHERE dataset = {quoted(name)}) = 1",
                             "source.collection has one row for the dataset")
              for name in contracts]
    for name in datasets:
        mine = f"dataset = {quoted(name)}"
        limit = contracts[name].set_aside_limit
        checks.append(check.of_rows(SUITE, name, "rows_add_up", "rows_in = rows_kept + rows_set_aside",
                                    "rows in = rows kept + rows set aside", only=mine))
        checks.append(check.of_rows(SUITE, name, "set_aside_limit", f"rows_set_aside <= {limit!r} * rows_in",
                                    f"at most {limit:.4%} of the rows are set aside", only=mine))
        checks.append(check.of_rows(SUITE, name, "set_aside_is_told", "rows_set_aside = rows_told",
                                    "every row set aside is counted under a reason and a place", only=mine))
    return Scan("source.collection", COLLECTION, tuple(checks))


def _checks(contract: Contract, state: Collected, as_of: date, founded_on: date | None) -> Iterator[Check]:
    columns = [column for column in contract.stored.values() if column.name not in state.absent_columns]
    nothing = state.rows_kept == 0
    yield _has_rows(contract.name, state)
    yield _as_many_as_kept(contract, state)
    yield _fresh(contract, state, columns, as_of)
    yield check.of_key(SUITE, contract.name, "key_is_unique", contract.stored_key,
                       f"no two rows have the same {', '.join(contract.stored_key)}",
                       optional=[name for name in contract.stored_key if not contract.stored[name].required],
                       may_be_empty=nothing)
    if contract.counted_by:
        yield from _counts_tell(contract, nothing)
    for column in columns:
        yield from _column_checks(contract, column, state, founded_on, nothing)


def _column_checks(contract: Contract, column: Column, state: Collected, founded_on: date | None,
                   nothing: bool) -> Iterator[Check]:
    if column.required:
        yield _required(contract.name, column, nothing)
    if column.values:
        yield _known_words(contract.name, column, nothing)
    if column.type in ("moment", "day"):
        if not column.future:
            yield _not_in_future(contract.name, column, state, nothing)
        if founded_on is not None:
            yield _not_before(contract.name, column, founded_on, nothing)
    if column.action == "present" and contract.name in LIVE:
        yield _flag_tells(contract, column, nothing)


def _counts_tell(contract: Contract, nothing: bool) -> Iterator[Check]:
    """As of the end of a day, what is counted of it has happened, and of the days after it nothing.

    Asked of each day's first and last moment, and not of each count: to find a moment's local day is dear.
    """
    yield check.of_rows(SUITE, contract.name, "counts_something", f"{ACTIONS_COUNTED} > 0 AND {FIRST} <= {LAST}",
                        "each count is of one action at least, the first not after the last", may_be_empty=nothing)
    days = (f"SELECT {DAY}, min({FIRST}) AS first_at, max({LAST}) AS last_at FROM source.{identifier(contract.name)} "
            f"GROUP BY {DAY}")
    astray = f"SELECT count(*) FROM ({days}) AS day WHERE local_day(first_at) <> {DAY} OR local_day(last_at) <> {DAY}"
    yield check.of_whole(SUITE, contract.name, "count_lies_in_its_day", f"({astray}) = 0",
                         "what is counted of a day happened on it", may_be_empty=nothing)


def _has_rows(dataset: str, state: Collected) -> Check:
    condition = "true" if state.may_be_empty else "count(*) > 0"
    detail = "there are rows, or may be none" if state.may_be_empty else "there are rows (or a valid nil return)"
    return check.of_whole(SUITE, dataset, "has_rows", condition, detail, may_be_empty=True)


def _as_many_as_kept(contract: Contract, state: Collected) -> Check:
    """What is read by `since`, or kept as counts by day, also holds rows of earlier nights."""
    compared, words = (">=", "at least as many") if contract.since or contract.keeps_counts else ("=", "as many")
    return check.of_whole(SUITE, contract.name, "as_many_as_kept",
                          f"{contract.row_count} {compared} {_count(state.rows_kept)}",
                          f"the table stands for {words} rows as were kept", may_be_empty=True)


def _fresh(contract: Contract, state: Collected, columns: list[Column], as_of: date) -> Check:
    present = {column.name for column in columns}
    newest = [f"max({identifier(name)})" for name in contract.stored_fresh_by if name in present]
    newest_at = f"coalesce({', '.join([_greatest(newest), _moment(state.written_at)])})"
    told_by = f"the newest of {', '.join(contract.stored_fresh_by)}" if newest else "the source's own time of writing"
    return check.of_whole(
        SUITE, contract.name, "is_fresh",
        f"local_day({newest_at}) >= plus_days({_day(as_of)}, -{contract.fresh_days})",
        f"{told_by} lies within {contract.fresh_days} days of as_of", may_be_empty=True)


def _required(dataset: str, column: Column, nothing: bool) -> Check:
    return check.of_rows(SUITE, dataset, f"{column.name}_is_there", f"{identifier(column.name)} IS NOT NULL",
                         f"{column.name} is never missing", may_be_empty=nothing)


def _known_words(dataset: str, column: Column, nothing: bool) -> Check:
    return _of_filled(dataset, column, f"{column.name}_is_known",
                      f"{identifier(column.name)} IN {check.words(column.values)}",
                      f"{column.name} is a word of the contract", nothing)


def _not_in_future(dataset: str, column: Column, state: Collected, nothing: bool) -> Check:
    latest = _moment(_latest_plausible(state))
    limit = latest if column.type == "moment" else f"local_day({latest})"
    return _of_filled(dataset, column, f"{column.name}_not_in_future", f"{identifier(column.name)} <= {limit}",
                      f"{column.name} does not lie after the collection", nothing)


def _not_before(dataset: str, column: Column, founded_on: date, nothing: bool) -> Check:
    limit = _day(founded_on) if column.type == "day" else f"day_start({_day(founded_on)})"
    return _of_filled(dataset, column, f"{column.name}_not_before_company",
                      f"{identifier(column.name)} >= {limit}",
                      f"{column.name} does not lie before {founded_on.isoformat()}", nothing)


def _resolves(dataset: str, column: Column, referred: Collected, elsewhere: tuple[str, ...], nothing: bool) -> Check:
    """Every id is known to the dataset that it refers to.

    Most often to its rows, which is asked first. If not, it may be known from an earlier night or from the journal of
    erasures; and a row that was set aside is still a row, so that as many ids may be unknown as rows were set aside there.
    """
    name = identifier(column.name)
    known = f"SELECT {name} FROM source.{identifier(referred.dataset)}"
    anywhere = " UNION ALL ".join([known, *(f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL" for table in elsewhere)])
    unknown = f"CASE WHEN {name} NOT IN ({anywhere}) THEN {name} END"
    return check.of_reference(
        SUITE, dataset, f"{column.name}_resolves", column.name, known, f"{column.name} is known to {referred.dataset}",
        exact=f"CASE WHEN count(DISTINCT {unknown}) <= {_count(referred.rows_set_aside)} THEN 0 ELSE count({unknown}) END",
        may_be_empty=nothing or not column.required)


def _of_filled(dataset: str, column: Column, name: str, condition: str, detail: str, nothing: bool) -> Check:
    """A condition on the values that are there; an optional column may have none."""
    return check.of_rows(SUITE, dataset, name, condition, detail, only=f"{identifier(column.name)} IS NOT NULL",
                         may_be_empty=nothing or not column.required)


def _flag_tells(contract: Contract, column: Column, nothing: bool) -> Check:
    """The mapping behind a `present` flag looks at the data, and does not say the same of everybody.

    False of everybody who is still there is no customer base but a wrong mapping. True of all of them may be the truth
    (an e-mail is needed to sign in); it is a lie where it is also true of everybody who was erased. Where nobody was
    erased yet, nothing contradicts it.
    """
    flag, live = identifier(column.name), LIVE[contract.name]
    condition = (f"bool_or({flag}) FILTER (WHERE {live}) AND NOT (bool_and({flag}) FILTER (WHERE {live}) "
                 f"AND coalesce(bool_and({flag}) FILTER (WHERE {ERASED}), false))")
    return check.of_whole(SUITE, contract.name, f"{column.name}_tells", condition,
                          f"{column.name} is not false of all who are there, nor true of all, erased ones included",
                          rows=check.matching(live), may_be_empty=nothing)


def _latest_plausible(state: Collected) -> datetime | None:
    """The limit by which collection set rows aside; unknown where the moment of collection is."""
    return None if state.collected_at is None else latest_plausible(state.collected_at, state.written_at)


def _greatest(aggregates: list[str]) -> str:
    return f"greatest({', '.join(aggregates)})" if aggregates else "NULL::TIMESTAMPTZ"


def _moment(at: datetime | None) -> str:
    return "NULL::TIMESTAMPTZ" if at is None else f"TIMESTAMPTZ {quoted(at.isoformat(sep=' '))}"


def _day(day: date) -> str:
    return f"DATE {quoted(day.isoformat())}"


def _count(number: int | None) -> str:
    return "NULL::BIGINT" if number is None else str(int(number))
