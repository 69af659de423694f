"""E-mails: newsletters to whoever has not opted out, news of the service, and receipts, which nobody can stop."""

from dataclasses import dataclass

import numpy as np

from pipelines.demo.moments import DAY, HOUR, NONE, at, end_of, local_day, plus_months
from pipelines.demo.words import MAIL_KINDS, STOPPED_KINDS, code
from pipelines.demo.world import World

MONTHS, LAST_AGO = 18, 3       # newsletters so far, and how many days ago the last one was sent
STOPPED_SHARE, RESUMED_SHARE = 0.15, 0.3
EFFECT_DAYS = 1                # local days after that of the opt-out, the whole of the last included


@dataclass(slots=True)
class Mailings:
    """Two tables, e-mails and opt-outs, and how many recipients there are."""

    emails: dict[str, np.ndarray]
    opt_outs: dict[str, np.ndarray]
    recipients: int


def mailings(world: World) -> Mailings:
    """Recipients are numbered for themselves: the mailing tool knows no accounts."""
    dice, count = world.dice("mailings"), 30 + world.accounts // 20
    stopped = at(world.today - dice.integers(20, 30 * MONTHS, count), 9 * HOUR) + dice.integers(0, 9 * HOUR, count)
    stopped = np.where(dice.random(count) < STOPPED_SHARE, stopped, NONE)
    is_back = (stopped != NONE) & (dice.random(count) < RESUMED_SHARE)
    back = np.where(is_back, stopped + dice.integers(2, 15, count) * DAY, NONE)
    parts = [_sent(world, month, stopped, back) for month in range(MONTHS)] + [_receipts(world, dice, count)]
    emails = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    who = np.flatnonzero(stopped != NONE)
    opt_outs = {"recipient": who, "kind": np.full(len(who), code(STOPPED_KINDS, "all")), "stopped_at": stopped[who],
                "resumed_at": back[who]}
    return Mailings({"email": np.arange(len(emails["recipient"])), **emails}, opt_outs, count)


def _sent(world: World, month: int, stopped, back) -> dict:
    """To everybody but those whose opt-out had taken effect; every third newsletter brings news of the service."""
    sent_at = at(plus_months(world.today - LAST_AGO, -month), 10 * HOUR)
    has_begun = (stopped != NONE) & (end_of(local_day(stopped) + EFFECT_DAYS) <= sent_at)
    who = np.flatnonzero(~has_begun | ((back != NONE) & (back <= sent_at)))
    return _rows(who, np.full(len(who), sent_at), "information" if month % 3 == 2 else "marketing", 1, 1)


def _receipts(world: World, dice, count: int) -> dict:
    who = np.arange(count)
    return _rows(who, at(world.today - dice.integers(1, 30 * MONTHS, count), 12 * HOUR), "transactional", 0, 0)


def _rows(who, sent_at, kind: str, header: int, link: int) -> dict:
    return {"recipient": who, "sent_at": sent_at, "kind": np.full(len(who), code(MAIL_KINDS, kind)),
            "header": np.full(len(who), header), "link": np.full(len(who), link)}
