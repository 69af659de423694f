"""Invoices: ten years from issue and from the end of the financial year, whichever ends later; never a day less."""

from pipelines.demo.billing import KEPT_MONTHS
from pipelines.demo.cases import INVOICES, Cases
from pipelines.demo.moments import DAY, HOUR, NONE, as_date, at, day_number, end_of, latest_with, plus_months
from pipelines.demo.words import INVOICE_KINDS, code


def ten_years(day: int) -> int:
    return plus_months(day, KEPT_MONTHS)


def kept_until(day: int) -> int:
    """The latest day whose ten years end on `day` or before."""
    return latest_with(ten_years, day, day - 3_650)


def plant(cases: Cases) -> None:
    """Both terms, each of them decisive; removal on either side of the edge; every kind of document."""
    _edges(cases)
    _which_term(cases)
    _kinds(cases)
    _leap_day(cases)
    _gaps(cases)


def _put(cases: Cases, issued: int, year_end: int, state: str, french: str, english: str, **columns) -> int:
    number = cases.invoice(issued, year_end, **columns)
    cases.expect(INVOICES, "invoice", number, state, at(issued), french, english, columns.get("removed_at"))
    return number


def _edges(cases: Cases) -> None:
    today = cases.world.today
    year_end = kept_until(today - 60)
    issued, limit = year_end - 200, int(end_of(ten_years(year_end)))
    for shift, state, french, english in (
        (-DAY, "premature", "enlevée un jour trop tôt", "removed a day too early"),
        (-1, "premature", "enlevée une seconde trop tôt", "removed a second too early"),
        (0, "met", "enlevée au premier instant permis", "removed in the first instant allowed"),
        (5 * DAY, "met", "enlevée peu après", "removed soon after"),
    ):
        _put(cases, issued, year_end, state, french, english, removed_at=limit + shift)
    _put(cases, issued, year_end, "met", "encore là après dix ans", "still there after ten years")
    year_end = kept_until(plus_months(today, -15))
    limit = int(end_of(ten_years(year_end)))
    _put(cases, year_end - 100, year_end, "premature", "enlevée trop tôt, il y a plus d'un an",
         "removed too early, more than a year ago", removed_at=limit - 9 * DAY)
    for ends_on, state in ((today, "met"), (today + 1, "open")):
        year_end = kept_until(ends_on)
        found = state if ten_years(year_end) == ends_on else "met"
        _put(cases, year_end - 30, year_end, found, "les dix ans finissent ces jours-ci", "its ten years end these days")


def _which_term(cases: Cases) -> None:
    today = cases.world.today
    issued = kept_until(today - 45)
    _put(cases, issued, issued + 120, "premature", "dix ans après l'émission, l'exercice n'a pas dix ans",
         "ten years after its issue, the financial year is younger", removed_at=at(today - 40, 3 * HOUR))
    _put(cases, issued, issued - 300, "met", "exercice plus ancien : l'émission décide", "older year: its issue decides",
         removed_at=int(end_of(ten_years(issued))))
    _put(cases, issued, issued - 300, "premature", "exercice plus ancien : l'émission décide",
         "older year: its issue decides", removed_at=int(end_of(ten_years(issued))) - 1)
    _put(cases, issued - 30, NONE, "unknown", "fin d'exercice inconnue", "end of the financial year unknown")


def _kinds(cases: Cases) -> None:
    today = cases.world.today
    for kind, french, english in (("credit_note", "un avoir se garde aussi", "a credit note is kept too"),
                                  ("corrected", "l'original corrigé se garde aussi", "a corrected original is kept too")):
        issued = today - 900
        _put(cases, issued, issued + 90, "premature", french, english, kind=code(INVOICE_KINDS, kind),
             removed_at=at(today - 100, 2 * HOUR))
    issued = today - 1_000
    number = _put(cases, issued, issued + 90, "open", "le journal la dit enlevée, mais elle est toujours là",
                  "the journal says removed, but it is still there")
    cases.journal("invoice", number, at(today - 80, 2 * HOUR))


def _leap_day(cases: Cases) -> None:
    year = max(y for y in range(2004, 2060, 4) if ten_years(_leap(y)) < cases.world.today)
    issued = _leap(year)
    limit = int(end_of(ten_years(issued)))
    for shift, state in ((-1, "premature"), (0, "met")):
        _put(cases, issued, issued - 60, state, "émise un 29 février", "issued on a 29 February", removed_at=limit + shift)


def _leap(year: int) -> int:
    return day_number(as_date(0).replace(year=year, month=2, day=29))


def _gaps(cases: Cases) -> None:
    """An open invoice of a financial year that is still running."""
    issued = cases.world.today - 5
    _put(cases, issued, issued + 150, "open", "exercice en cours", "financial year still running")
