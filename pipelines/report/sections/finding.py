"""What a chart shows, in a sentence over its title; every number in it stands in the chart's own table.

Empty where nothing can be told: a chart of nothing, or one whose largest value may not be shown.
"""

from collections.abc import Sequence

import pandas as pd

FEWEST = 2  # below, a rank says nothing


def first(words, names: Sequence[str], values: Sequence, unit: str) -> str:
    """Which of several kinds has most; `unit`: the key of what is counted."""
    place = _largest(values)
    return "" if place is None else words("finding.first", name=names[place], number=int(values[place]), unit=words(unit))


def peak(words, labels: Sequence[str], values: Sequence, unit: str) -> str:
    """When there was most."""
    place = _largest(values)
    return "" if place is None else words("finding.peak", label=labels[place], number=int(values[place]), unit=words(unit))


def moved(words, labels: Sequence[str], values: Sequence, unit: str) -> str:
    """From where to where a number went over the time that is drawn."""
    told = [(label, int(value)) for label, value in zip(labels, values, strict=True) if not pd.isna(value)]
    if len(told) < FEWEST:
        return ""
    (since, before), (until, now) = told[0], told[-1]
    return words("finding.moved", before=before, now=now, from_day=since, to_day=until, unit=words(unit))


def _largest(values: Sequence) -> int | None:
    shown = [(value, -place) for place, value in enumerate(values) if not pd.isna(value)]
    value, place = max(shown, default=(0, 0))
    return -place if value >= FEWEST and len(shown) >= FEWEST else None
