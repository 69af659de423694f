"""Every word that a report says, in French and in English, and how dates and numbers are written in each.

A template takes its values by name; whole numbers, shares and dates in it are written as the language writes them. A
template with forms, `none ¦ one ¦ many` or `one ¦ many`, picks by its value `n` (French: below 2 is singular).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from pipelines.errors import UsageError
from pipelines.home import FIRST_LANGUAGE
from pipelines.register import policy
from pipelines.report.texts import TEXTS

LANGUAGES = (FIRST_LANGUAGE, "en")
NARROW, NO_BREAK = "\u202f", "\u00a0"
FORM = " ¦ "
MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}
SHORT_MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WEEKDAYS = {"fr": ("dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")}
# Controls and the marks that reorder text: a name that holds them would lie about how it is read.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
LONGEST_LABEL = 60


@dataclass(frozen=True)
class Words:
    """The words of one language; UsageError for a language that is not spoken here."""

    lang: str

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise UsageError(f"lang: {self.lang!r} is not spoken here; write one of {', '.join(LANGUAGES)}.")

    def __call__(self, key: str, **values) -> str:
        """The text of `key`, filled in; KeyError for a key that has none, since a report without a word is a failed one."""
        template = TEXTS[key][LANGUAGES.index(self.lang)]
        text = self._form(template, values.get("n")).format(**{name: self.value(v) for name, v in values.items()})
        return self.spaced(text)

    def _form(self, template: str, n) -> str:
        forms = template.split(FORM)
        if len(forms) == 1:
            return template
        singular = n == 1 or (self.lang == "fr" and n == 0)
        if len(forms) == 3 and n == 0:
            return forms[0]
        return forms[-2] if singular else forms[-1]

    def knows(self, key: str) -> bool:
        return key in TEXTS

    def value(self, value) -> str:
        """A value as the language writes it: a date in words, a number with its separators, a text as it is."""
        if value is None or value != value:
            return ""
        if isinstance(value, bool):
            return self("yes" if value else "no")
        if isinstance(value, (date, datetime)):
            return self.day(value)
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, float):
            return self.number(value, 1)
        return str(value)

    def number(self, value: float, digits: int = 0) -> str:
        """1234.5 with one digit: `1 234,5` (no-break spaces) or `1,234.5`."""
        text = f"{value:,.{digits}f}"
        return text.replace(",", NARROW).replace(".", ",") if self.lang == "fr" else text

    def percent(self, share: float, digits: int = 1) -> str:
        """0.125: `12,5 %` (narrow no-break space) or `12.5%`."""
        return self.number(100 * share, digits) + self.percent_sign

    @property
    def percent_sign(self) -> str:
        """` %` (narrow no-break space) or `%`."""
        return f"{NARROW}%" if self.lang == "fr" else "%"

    @property
    def colon(self) -> str:
        """A colon as it stands after a word: ` :` (no-break space) or `:`."""
        return f"{NO_BREAK}:" if self.lang == "fr" else ":"

    def day(self, day: date) -> str:
        """`23 novembre 2026`, `1er mars 2026`, or `23 November 2026`, held together by no-break spaces."""
        number = "1er" if self.lang == "fr" and day.day == 1 else str(day.day)
        return NO_BREAK.join((number, MONTHS[self.lang][day.month - 1], str(day.year)))

    def month(self, day: date) -> str:
        """`nov. 2026` or `Nov 2026`."""
        return f"{SHORT_MONTHS[self.lang][day.month - 1]}{NO_BREAK}{day.year}"

    def month_name(self, day: date) -> str:
        """`novembre 2026` or `November 2026`, for sentences."""
        return f"{MONTHS[self.lang][day.month - 1]}{NO_BREAK}{day.year}"

    def quarter(self, day: date) -> str:
        """`T4 2025` or `Q4 2025`."""
        return f"{'T' if self.lang == 'fr' else 'Q'}{(day.month + 2) // 3}{NO_BREAK}{day.year}"

    def short_day(self, day: date) -> str:
        """`23/11/2026` or `23 Nov 2026`, for axes."""
        return f"{day:%d/%m/%Y}" if self.lang == "fr" else f"{day.day} {SHORT_MONTHS['en'][day.month - 1]} {day.year}"

    def lasting(self, seconds: float) -> str:
        """`4 s`, `1 min 2 s` or `2 h 5 min`, held together by narrow no-break spaces; alike in both languages."""
        whole = max(1, round(seconds))
        (hours, rest), (minutes, left) = divmod(whole, 3600), divmod(whole % 3600, 60)
        parts = ((hours, "h"), (rest // 60, "min")) if hours else ((minutes, "min"), (left, "s"))
        return NO_BREAK.join(f"{number}{NARROW}{unit}" for number, unit in parts if number)

    def section(self, title: str) -> str:
        """A section of the policy: its own French title, or ours in English where the register has one."""
        return title if title not in self._sections else getattr(self._sections[title], self.lang)

    def acts(self, title: str) -> str:
        """Who acts when a promise of this section is not kept; empty where the register no longer has the section."""
        return "" if title not in self._sections else getattr(self._sections[title], f"acts_{self.lang}")

    @cached_property
    def _sections(self) -> Mapping[str, policy.Section]:
        return policy.load().sections

    def of(self, row, column: str) -> str:
        """The column that a table holds in both languages (`summary_fr`, `summary_en`), in this one; empty if none."""
        text = row[f"{column}_{self.lang}"]
        return self.spaced(text) if isinstance(text, str) else ""

    def spaced(self, text: str) -> str:
        """A sentence of the register with the spacing of its language."""
        return typeset(text) if self.lang == "fr" else text


def typeset(text: str) -> str:
    """French spacing: a narrow no-break space before what is high, a wide one before a colon and inside quotes."""
    text = re.sub(r" (?=[;!?%])", NARROW, text)
    text = re.sub(r" (?=[:»])", NO_BREAK, text)
    return re.sub(r"« ", f"«{NO_BREAK}", text)


def label(text, longest: int = LONGEST_LABEL) -> str:
    """A name from a source as one short printable line: no control, no mark that reorders, cut at `longest` characters."""
    text = UNPRINTABLE.sub("\ufffd", "" if text is None else str(text)).strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"
