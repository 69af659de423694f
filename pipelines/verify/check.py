"""A check: three counts over one table, as SQL aggregates, so that any number of checks cost one scan.

rows: what the check looked at; breaches: of these, where its condition is false; nulls: where it is neither true nor
false. The three are counted apart: a NULL is no success, and no rows decide nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.warehouse import identifier, quoted

ROWS = "count(*)"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of `subject` (a dataset or a promise). `rows`, `breaches`, `nulls`: SQL aggregates over its scan.

    `may_be_empty`: whether it succeeds where it found nothing to look at. `exact`: dearer breaches, counted only where the
    cheap ones are not zero. `detail`: what holds where it succeeds, in words; never a value of a row.
    """

    suite: str
    subject: str
    name: str
    rows: str
    breaches: str
    nulls: str
    detail: str
    may_be_empty: bool = False
    exact: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over what `query` (a SELECT) gives, with all the checks that it serves."""

    name: str
    query: str
    checks: tuple[Check, ...]

    def __post_init__(self) -> None:
        names = [(check.suite, check.subject, check.name) for check in self.checks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"scan {self.name}: two checks are called {twice}")


def of_rows(suite: str, subject: str, name: str, condition: str, detail: str, *, only: str | None = None,
            may_be_empty: bool = False) -> Check:
    """`condition` is true of every row, or of every row of which `only` is true."""
    judged = f"({condition})" if only is None else f"CASE WHEN {only} THEN ({condition}) ELSE true END"
    rows = ROWS if only is None else matching(only)
    return Check(suite, subject, name, rows, breaches(judged), nulls(judged), detail, may_be_empty)


def of_whole(suite: str, subject: str, name: str, condition: str, detail: str, *, rows: str = ROWS,
             may_be_empty: bool = False) -> Check:
    """`condition`, itself made of aggregates, is true of the whole table; a breach counts 1."""
    return Check(suite, subject, name, rows, f"CASE WHEN ({condition}) THEN 0 WHEN NOT ({condition}) THEN 1 ELSE 0 END",
                 f"CASE WHEN ({condition}) IS NULL THEN 1 ELSE 0 END", detail, may_be_empty)


def of_key(suite: str, subject: str, name: str, columns: Iterable[str], detail: str, *, optional: Iterable[str] = (),
           may_be_empty: bool = False) -> Check:
    """No two rows have the same values in `columns`; a breach is a row too many, a null a row without a whole key.

    Of the columns that are `optional`, NULL is a value like any other.

    As many hashes as rows prove that no two keys are equal, at two thirds of the price. Fewer prove nothing, since two
    keys may share a hash, and rows without a whole key do: then the whole keys themselves are counted.
    """
    columns, optional = tuple(columns), frozenset(optional)
    names = [identifier(column) for column in columns]
    key = names[0] if len(names) == 1 else f"({', '.join(names)})"
    missing = " OR ".join(f"{identifier(column)} IS NULL" for column in columns if column not in optional) or "false"
    whole = f"FILTER (WHERE NOT ({missing}))"
    return Check(
        suite, subject, name, ROWS,
        breaches=f"count(*) - count(DISTINCT hash({', '.join(names)}))",
        nulls=matching(missing),
        detail=detail,
        may_be_empty=may_be_empty,
        exact=f"count(*) {whole} - count(DISTINCT {key}) {whole}",
    )


def of_reference(suite: str, subject: str, name: str, column: str, known: str, detail: str, *, exact: str | None = None,
                 may_be_empty: bool = False) -> Check:
    """Every value of `column` that is there is in what the SELECT `known` gives; no NULL there makes it less of a breach.

    The SELECT stands in it once, for a subquery that is named twice is also run twice.
    """
    value = identifier(column)
    return Check(suite, subject, name, f"count({value})", f"count({value}) - {matching(f'{value} IN ({known})')}", "0",
                 detail, may_be_empty, exact)


def matching(condition: str) -> str:
    """How many rows the condition is true of; 0 where there are none (count_if alone would then be NULL)."""
    return f"coalesce(count_if({condition}), 0)"


def breaches(condition: str) -> str:
    """How many rows the condition is false of."""
    return matching(f"NOT {condition}")


def nulls(condition: str) -> str:
    """How many rows the condition is neither true nor false of."""
    return f"(count(*) - count({condition}))"


def words(values: Iterable[str]) -> str:
    """A list of texts for IN."""
    return f"({', '.join(quoted(value) for value in values)})"
