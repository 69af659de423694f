"""The only door that decides what a report may show.

Counts by rule and state are exact: three breaches hidden by a suppression would be three breaches too many. A breakdown
by an attribute of persons (plan, age of the account, right exercised, browser, cohort) shows no count from 1 to 4; where one
number alone would be missing from a group whose total is shown elsewhere, the next smallest (a zero too) goes as well, and
with a count goes what would tell it again, such as its share. Suppressed is NA, whatever the format. Names that only few
persons bring along are added up to `other` by the models themselves.

What is left of a population that is reported every night is rounded then: from two nights of exact counts their small
difference would be read. Totals are exact, and so cannot be added up from what is rounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

SMALLEST_SHOWN = 5
ROUNDED_TO = 5


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table that tells persons apart by `attribute`; the totals of `count` by `total_by` are shown elsewhere.

    `telling`: further columns from which a suppressed count could be reckoned. `rounded_to`: the multiple of it that is
    nearest to a count is shown.
    """

    attribute: str
    total_by: tuple[str, ...]
    count: str
    telling: tuple[str, ...] = ()
    rounded_to: int = 1


BREAKDOWNS: Mapping[str, Breakdown] = MappingProxyType({
    "idle_cube": Breakdown("plan", ("age_class", "idle_class"), "accounts", rounded_to=ROUNDED_TO),
    "idle_by_plan": Breakdown("plan", ("idle_class",), "accounts", rounded_to=ROUNDED_TO),
    "idle_by_age": Breakdown("age_class", ("idle_class",), "accounts", rounded_to=ROUNDED_TO),
    "rights_by_right": Breakdown("right", ("state",), "requests"),
    "traffic_breakdown": Breakdown("category", ("client", "dimension"), "visits", ("hits", "share")),
    "traffic_browser_month": Breakdown("family", ("month_on",), "visits", ("share",)),
    "traffic_version": Breakdown("version", ("period",), "visits", ("share",)),
    "usage_cube": Breakdown("action", ("position", "age_class"), "accounts", ("actions", "machine_actions"), ROUNDED_TO),
    "usage_by_action": Breakdown("action", (), "accounts", ("share", "actions", "machine_actions")),
    "usage_by_plan": Breakdown("plan", ("position",), "accounts", rounded_to=ROUNDED_TO),
    "usage_by_age": Breakdown("age_class", ("position",), "accounts", rounded_to=ROUNDED_TO),
    "cohort": Breakdown("cohort_on", (), "accounts"),
    "retention": Breakdown("is_active", ("cohort_on", "month_number"), "accounts", ("share",)),
})


def shown(table: str, frame: pd.DataFrame, smallest: int = SMALLEST_SHOWN) -> pd.DataFrame:
    """The frame of a report table as it may be shown: a copy, suppressed counts NA, what is left rounded if it is to be."""
    if table not in BREAKDOWNS:
        return frame.copy()
    breakdown = BREAKDOWNS[table]
    hiding = (breakdown.count, *breakdown.telling)
    kept = frame.astype({c: "Int64" if pd.api.types.is_integer_dtype(frame[c]) else object for c in hiding})
    for group in _groups(frame, breakdown.total_by):
        kept.loc[suppressed(group[breakdown.count], smallest), list(hiding)] = pd.NA
    kept[breakdown.count] = rounded(kept[breakdown.count], breakdown.rounded_to)
    return kept


def rounded(counts: pd.Series, to: int) -> pd.Series:
    """Each count as the nearest multiple of `to`; what is suppressed stays so."""
    return counts if to == 1 else (counts + to // 2) // to * to


def _groups(frame: pd.DataFrame, total_by: tuple[str, ...]) -> list[pd.DataFrame]:
    """The rows whose counts add up to one total; without `total_by` all of them."""
    return [rows for _, rows in frame.groupby(list(total_by), dropna=False, sort=False)] if total_by else [frame]


def suppressed(counts: pd.Series, smallest: int = SMALLEST_SHOWN) -> pd.Index:
    """Which of the counts of one group may not be shown, so that their known total gives none of them away."""
    hidden = counts.index[(counts > 0) & (counts < smallest)]
    if len(hidden) == 1 or 0 < counts[hidden].sum() < smallest:
        others = counts.drop(hidden)
        hidden = hidden.append(others.sort_values(kind="stable").index[:1])
    return hidden
