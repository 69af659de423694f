"""What the promises are compared with: the law, the regulator, and what a promise itself implies ([[reference]])."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.register.document import Entry

MEASURES = ("restorable_days",)  # what fact.measure says of the data, by its name
PARAMETER, MEASURE = "parameter", "measure"


@dataclass(frozen=True, slots=True)
class Reference:
    """A period that a number of the policy, or something measured, is held against; both ends of it are still within.

    `parameter`: of the promise's rule; else `measure`: a word of MEASURES. `value`: the parameter's own, None for what is
    measured, and where the rule is not built. `at_least`, `at_most`: in `unit`, None where there is no such end.
    `authority`, `title`, `article`, `dated_on`, `url`: where it stands; `url` is a text for the reader and is never opened.
    """

    id: str
    promise: str
    parameter: str | None
    measure: str | None
    value: int | None
    unit: str
    at_least: int | None
    at_most: int | None
    authority: str
    title: str
    article: str
    dated_on: date
    url: str
    says_fr: str
    says_en: str

    @property
    def finding(self) -> str | None:
        """`under_minimum`, `over_maximum`, or None: within, or nothing to compare."""
        if self.value is None:
            return None
        if self.at_least is not None and self.value < self.at_least:
            return "under_minimum"
        return "over_maximum" if self.at_most is not None and self.value > self.at_most else None


def reference(entry: Entry, promises, rules: Mapping) -> Reference:
    """One [[reference]]; AlpiaError, one sentence, for nonsense."""
    promise = entry.one_of("promise", tuple(promises))
    rule = rules.get(promise)
    compared = _compared(entry, promise, rule)
    found = Reference(
        id=entry.text("id"),
        promise=promise,
        **compared,
        unit=entry.text("unit"),
        at_least=entry.whole("at_least", None),
        at_most=_at_most(entry, promise, rule),
        authority=entry.text("authority"),
        title=entry.text("title"),
        article=entry.text("article"),
        dated_on=entry.day("dated_on"),
        url=entry.text("url"),
        says_fr=entry.text("says_fr"),
        says_en=entry.text("says_en"),
    )
    entry.done()
    _check(found, rule, entry)
    return found


def _compared(entry: Entry, promise: str, rule) -> dict:
    parameter, measure = entry.text(PARAMETER, None), entry.one_of(MEASURE, MEASURES, None)
    if (parameter is None) == (measure is None):
        raise entry.refuse(PARAMETER, "or measure must stand there, and only one of them", "say which one is compared")
    if parameter is not None and rule is not None and parameter not in rule.parameters:
        raise entry.refuse(PARAMETER, f"names {parameter}, which the rule of {promise} does not have",
                           f"write one of {', '.join(rule.parameters) or 'none, it has none'}")
    value = rule.parameters[parameter].value if parameter and rule else None
    return {PARAMETER: parameter, MEASURE: measure, "value": value}


def _at_most(entry: Entry, promise: str, rule) -> int | None:
    """The number itself, or the sum of the promise's own parameters that the register names."""
    summed, number = entry.words("at_most_sum_of", ()), entry.whole("at_most", None)
    if not summed:
        return number
    if number is not None:
        raise entry.refuse("at_most", "stands beside at_most_sum_of", "keep one of them")
    unknown = next((name for name in summed if rule is None or name not in rule.parameters), None)
    if unknown is not None:
        raise entry.refuse("at_most_sum_of", f"names {unknown}, which the rule of {promise} does not have",
                           "name parameters of the rule")
    return sum(rule.parameters[name].value for name in summed)


def _check(found: Reference, rule, entry: Entry) -> None:
    if found.at_least is None and found.at_most is None:
        raise entry.refuse("at_most", "is missing", "write at_least, at_most, at_most_sum_of, or both ends")
    if found.at_least is not None and found.at_most is not None and found.at_least > found.at_most:
        raise entry.refuse("at_least", f"is {found.at_least}, more than at_most", "write the smaller one as at_least")
    held = rule.parameters[found.parameter].unit if rule and found.parameter else None
    if held is not None and held != found.unit:
        raise entry.refuse("unit", f"is {found.unit!r}", f"write {held!r}, as the parameter does: nothing is converted")
    if found.measure and not found.measure.endswith(f"_{found.unit}"):
        raise entry.refuse("unit", f"is {found.unit!r}", f"write the unit in which {found.measure} ends")
