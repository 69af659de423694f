"""What a chart shows, in a sentence over its title; every number in it stands in the chart's own table, or is their sum.

Only what may be shown is told: where the largest value may not, or there is too little to compare, the sentence says so.
"""

from collections.abc import Sequence

import pandas as pd

FEWEST = 2  # below, a rank says nothing


def first(words, names: Sequence[str], values: Sequence, unit: str, of: str = "first") -> str:
    """Which of several kinds has most; `unit`: the key of what is counted, `of`: the sentence's own. Equals share the rank.

    What is suppressed is never the largest of several: it is small, or the smallest of the others (disclosure.py).
    """
    largest = _largest(values)
    if largest is None:
        return nothing(words, values)
    leading = [name for name, value in zip(names, values, strict=True) if not pd.isna(value) and value == largest]
    return words(f"finding.{of}" if len(leading) == 1 else f"finding.{of}.tied", name=", ".join(leading), number=largest,
                 unit=words(unit))


def peak(words, labels: Sequence[str], values: Sequence, unit: str) -> str:
    """When there was most, for the first time."""
    largest = _largest(values)
    if largest is None:
        return nothing(words, values)
    place = next(place for place, value in enumerate(values) if not pd.isna(value) and value == largest)
    return words("finding.peak", label=labels[place], number=largest, unit=words(unit))


def moved(words, labels: Sequence[str], values: Sequence, unit: str) -> str:
    """From where to where a number went over the time that is drawn."""
    told = [(label, int(value)) for label, value in zip(labels, values, strict=True) if not pd.isna(value)]
    if len(told) < FEWEST:
        return words("finding.too_few")
    (since, before), (until, now) = told[0], told[-1]
    return words("finding.moved", before=before, now=now, from_day=since, to_day=until, unit=words(unit))


def nothing(words, values: Sequence) -> str:
    """That there is nothing to count, or too little to tell."""
    return words("finding.too_few" if any(pd.isna(value) or value for value in values) else "finding.none")


def _largest(values: Sequence) -> int | None:
    shown = [value for value in values if not pd.isna(value)]
    return int(max(shown)) if len(shown) >= FEWEST and max(shown) >= FEWEST else None
