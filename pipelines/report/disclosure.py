"""The only door that decides what a report may show.

Counts by rule and state are exact: three breaches hidden by a suppression would be three breaches too many. A breakdown
by an attribute of persons (plan, age of the account, right exercised) shows no count from 1 to 4; where one number alone
would be missing from a group whose total is shown elsewhere, the next smallest (a zero too) goes as well. Suppressed is
NA, whatever the format.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

SMALLEST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table that tells persons apart by `attribute`; the totals of `count` by `total_by` are shown elsewhere."""

    attribute: str
    total_by: tuple[str, ...]
    count: str


BREAKDOWNS: Mapping[str, Breakdown] = MappingProxyType({
    "idle_cube": Breakdown("plan", ("age_class", "idle_class"), "accounts"),
    "idle_by_plan": Breakdown("plan", ("idle_class",), "accounts"),
    "idle_by_age": Breakdown("age_class", ("idle_class",), "accounts"),
    "rights_by_right": Breakdown("right", ("state",), "requests"),
})


def shown(table: str, frame: pd.DataFrame, smallest: int = SMALLEST_SHOWN) -> pd.DataFrame:
    """The frame of a report table as it may be shown: a copy, its suppressed counts NA."""
    if table not in BREAKDOWNS:
        return frame.copy()
    breakdown = BREAKDOWNS[table]
    kept = frame.copy()
    kept[breakdown.count] = kept[breakdown.count].astype("Int64")
    for _, group in frame.groupby(list(breakdown.total_by), dropna=False, sort=False):
        kept.loc[suppressed(group[breakdown.count], smallest), breakdown.count] = pd.NA
    return kept


def suppressed(counts: pd.Series, smallest: int = SMALLEST_SHOWN) -> pd.Index:
    """Which of the counts of one group may not be shown, so that their known total gives none of them away."""
    hidden = counts.index[(counts > 0) & (counts < smallest)]
    if len(hidden) == 1 or 0 < counts[hidden].sum() < smallest:
        others = counts.drop(hidden)
        hidden = hidden.append(others.sort_values(kind="stable").index[:1])
    return hidden
