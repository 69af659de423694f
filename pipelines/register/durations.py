"""Durations as people write them ("13 mois", "1 year", "session", "PT1H", "1 h 30"): read, or refused, never guessed.

French and English. What can be read in two ways is refused: a number without a unit ("3600"), "1 m" (a month or a minute),
a range or a bound ("6 à 12 mois", "13 mois maximum"), half a month, "1.000 jours" (a thousand, or one), nought.
Nothing is added to a moment here: that is for `periods` alone, by months, then days, then seconds.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

SESSION = "session"
SECONDS_PER_HOUR, SECONDS_PER_MINUTE = 3600, 60
# A longer one is a slip of the keyboard, and would pass the end of every calendar.
MOST_MONTHS, MOST_DAYS, MOST_SECONDS = 12 * 1000, 366 * 1000, 366 * 1000 * 24 * SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Duration:
    """Whole calendar months, days and elapsed seconds, to be added in this order; or a browser's session, of no length.

    A year is 12 months and a week 7 days; a month is never turned into days, nor a day into hours, for neither is constant.
    """

    months: int = 0
    days: int = 0
    seconds: int = 0
    is_session: bool = False

    @property
    def iso(self) -> str:
        """As in ISO 8601 (P13M, P180D, PT3600S), or `session`: one text for all that mean the same; `parse` reads it."""
        if self.is_session:
            return SESSION
        date = "".join(f"{number}{letter}" for number, letter in ((self.months, "M"), (self.days, "D")) if number)
        return f"P{date}" + (f"T{self.seconds}S" if self.seconds else "")


def parse(text: str) -> Duration | None:
    """The duration that `text` tells, without regard to case and spacing; None where it tells none, or more than one."""
    folded = " ".join(text.casefold().split()).removesuffix(".")
    if folded in SESSION_WORDS:
        return Duration(is_session=True)
    parts = _iso_parts(folded) if folded.startswith("p") else _spoken_parts(folded)
    return _sum(parts) if parts and _descends(parts) else None


def install(connection) -> None:
    """Register duration_iso(text) in the connection: the ISO text of what `parse` reads, NULL where it reads nothing."""
    if not connection.execute("SELECT count(*) FROM duckdb_functions() WHERE function_name = 'duration_iso'").fetchone()[0]:
        connection.create_function("duration_iso", iso_of, ["VARCHAR"], "VARCHAR", null_handling="special")


def iso_of(text: str | None) -> str | None:
    """The ISO text of what `text` tells, None where it tells nothing."""
    told = parse(text) if text else None
    return told.iso if told else None


# --- words ----------------------------------------------------------------------------------------------------------

SESSION_WORDS = frozenset({
    SESSION, "sessions", "session cookie", "cookie de session", "session de navigation", "session du navigateur",
    "durée de la session", "durée de session", "la durée de la session", "le temps de la session", "fin de session",
    "fin de la session", "jusqu'à la fin de la session", "jusqu’à la fin de la session", "end of session",
    "end of the session", "until the end of the session", "browser session", "browsing session",
})

# Largest first: the parts of a duration come in this order. How many of the base (months, days or seconds) each is.
UNITS = MappingProxyType({
    "year": ("months", 12), "month": ("months", 1), "week": ("days", 7), "day": ("days", 1),
    "hour": ("seconds", SECONDS_PER_HOUR), "minute": ("seconds", SECONDS_PER_MINUTE), "second": ("seconds", 1),
})
ORDER = tuple(UNITS)
_WORDS = {
    "year": "an ans année années annee annees year years yr yrs y",
    "month": "mois month months mo mos",
    "week": "semaine semaines sem week weeks wk wks w",
    "day": "jour jours j day days d",
    "hour": "heure heures hour hours hr hrs h",
    "minute": "minute minutes min mins mn",
    "second": "seconde secondes second seconds sec secs s",
}
UNIT_OF = MappingProxyType({word: unit for unit, words in _WORDS.items() for word in words.split()})
_NUMBERS = ("un une one", "deux two", "trois three", "quatre four", "cinq five", "six", "sept seven", "huit eight",
            "neuf nine", "dix ten", "onze eleven", "douze twelve", "treize thirteen")
NUMBER_OF = MappingProxyType({word: str(number) for number, words in enumerate(_NUMBERS, 1) for word in words.split()})
ISO_UNITS = (("year", "y"), ("month", "m"), ("week", "w"), ("day", "d")), (("hour", "h"), ("minute", "m"), ("second", "s"))

# --- forms ----------------------------------------------------------------------------------------------------------

# Thousands apart by a space ("31 536 000 s"), or up to two decimals: three would be thousands as often.
_DIGITS = r"[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,12}(?:[.,][0-9]{1,2})?"
_PART = re.compile(rf"(?P<number>{_DIGITS}|{'|'.join(NUMBER_OF)})(?P<gap> ?)(?P<unit>[^\W\d_]+)\.?")
_BETWEEN = re.compile(r" ?(?:, ?(?:(?:et|and) )?|(?:et|and) )?")
_MINUTES = re.compile(r" ?[0-5][0-9]")


def _iso(units: tuple[tuple[str, str], ...]) -> str:
    return "".join(rf"(?:(?P<{unit}>[0-9]{{1,12}}(?:[.,][0-9]{{1,2}})?){letter})?" for unit, letter in units)


_ISO = re.compile(rf"p{_iso(ISO_UNITS[0])}(?:t(?=[0-9]){_iso(ISO_UNITS[1])})?")


def _iso_parts(text: str) -> list[tuple[str, str]]:
    """(number, unit) of an ISO 8601 duration; none where it is not one."""
    found = _ISO.fullmatch(text)
    return [(number, unit) for unit, number in found.groupdict().items() if number] if found else []


def _spoken_parts(text: str) -> list[tuple[str, str]]:
    """(number, unit) of each part, in the order of the text; none where a word of it is not understood."""
    parts, at = [], 0
    while at < len(text):
        if parts:
            if parts[-1][1] == "hour" and _MINUTES.fullmatch(text, at):
                return [*parts, (text[at:].strip(), "minute")]
            at = _BETWEEN.match(text, at).end()
        found = _PART.match(text, at)
        unit = UNIT_OF.get(found["unit"]) if found else None
        if unit is None or (found["number"] in NUMBER_OF and not found["gap"]):
            return []
        parts.append((NUMBER_OF.get(found["number"], found["number"]), unit))
        at = found.end()
    return parts


def _descends(parts: list[tuple[str, str]]) -> bool:
    """Does each unit come once, after all larger ones? "1 an 1 an" is a slip, and of those nothing is known."""
    places = [ORDER.index(unit) for _, unit in parts]
    return all(one < next_one for one, next_one in zip(places, places[1:], strict=False))


def _sum(parts: list[tuple[str, str]]) -> Duration | None:
    """The parts together; None for nought, for more than any calendar holds, and for a part of a month, day or second."""
    totals = {"months": 0, "days": 0, "seconds": 0}
    for number, unit in parts:
        base, size = UNITS[unit]
        hundredths = _hundredths(number) * size
        if hundredths % 100:
            return None
        totals[base] += hundredths // 100
    is_told = any(totals.values())
    is_possible = (totals["months"] <= MOST_MONTHS and totals["days"] <= MOST_DAYS and totals["seconds"] <= MOST_SECONDS)
    return Duration(**totals) if is_told and is_possible else None


def _hundredths(number: str) -> int:
    whole, _, decimals = number.replace(" ", "").replace(",", ".").partition(".")
    return int(whole) * 100 + int(decimals.ljust(2, "0") or 0)
