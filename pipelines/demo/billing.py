"""Invoices: of each paid period, and those of the years before the service, which are old enough to be removed.

They are numbered without gaps when they are written, a series for each kind and year.
"""

import numpy as np

from pipelines.demo.customers import MONTHS_PAID, Customers
from pipelines.demo.moments import HOUR, MINUTE, NONE, as_date, at, day_number, plus_months
from pipelines.demo.words import INVOICE_KINDS, code
from pipelines.demo.world import World

KEPT_MONTHS = 120
JUNE_CLOSINGS_FROM = 4    # the company moved its closing from December to June in the service's fourth year


def financial_year_ends(world: World, issued):
    """The last day of the financial year that an invoice belongs to."""
    years = np.arange(world.as_of.year - 17, world.as_of.year + 3)
    moved = as_date(world.opened).year + JUNE_CLOSINGS_FROM
    closings = [day_number(as_date(world.today).replace(year=int(year), month=6 if year >= moved else 12, day=30))
                + (year < moved) for year in years]
    closings = np.array(closings)
    return closings[np.searchsorted(closings, issued)]


def removable_day(issued, year_end):
    """The last day of the ten years: from issue, or from the end of the financial year, whichever ends later."""
    return np.maximum(plus_months(issued, KEPT_MONTHS), plus_months(year_end, KEPT_MONTHS))


def invoices(world: World, clients: Customers) -> dict[str, np.ndarray]:
    """All invoices, the credit notes and corrected originals among them."""
    dice = world.dice("invoices")
    account = np.repeat(np.arange(len(clients.periods)), clients.periods)
    number = np.arange(len(account)) - np.repeat(np.cumsum(clients.periods) - clients.periods, clients.periods)
    step = MONTHS_PAID[clients.rows["plan"]][account]
    start = plus_months(clients.paid_from[account], number * step)
    until = plus_months(clients.paid_from[account], (number + 1) * step) - 1
    kind = np.where(dice.random(len(account)) < 0.005, code(INVOICE_KINDS, "corrected"), 0)
    of_service = {"account": account, "kind": kind, "issued_on": start, "period_from_on": start, "period_until_on": until}
    parts = [_of_the_years_before(world), of_service, _credit_notes(world, dice, of_service)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in of_service}
    rows["financial_year_end_on"] = financial_year_ends(world, rows["issued_on"])
    removable = at(removable_day(rows["issued_on"], rows["financial_year_end_on"]) + 1, HOUR + 40 * MINUTE)
    return {"invoice": np.arange(len(removable)), **rows, "removed_at": world.known(removable)}


def _of_the_years_before(world: World) -> dict:
    dice, count = world.dice("licences"), 60 + world.accounts // 50
    issued = np.sort(dice.integers(world.founded + 1, world.opened, count))
    nothing = np.full(count, NONE)
    return {"account": nothing, "kind": np.zeros(count, np.int64), "issued_on": issued, "period_from_on": nothing,
            "period_until_on": nothing}


def _credit_notes(world: World, dice, of_service: dict) -> dict:
    chosen = np.flatnonzero((dice.random(len(of_service["account"])) < 0.01) & (of_service["issued_on"] + 10 <= world.today))
    nothing = np.full(len(chosen), NONE)
    return {"account": of_service["account"][chosen], "kind": np.full(len(chosen), code(INVOICE_KINDS, "credit_note")),
            "issued_on": of_service["issued_on"][chosen] + 10, "period_from_on": nothing, "period_until_on": nothing}
