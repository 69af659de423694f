"""Customers from sign-up to erasure: trials that lapse, plans that are paid, requests to leave, idleness and its end.

Arrays with one place a customer, moments in seconds. Kept promises only: what is broken is planted elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.demo.moments import DAY, HOUR, MINUTE, NONE, at, local_day, plus_months
from pipelines.demo.words import CHANNELS, STATES, code
from pipelines.demo.world import World

TRIAL_DAYS = 14
MONTHS_PAID = np.array([1, 12, 3, 12])     # by plan: the trial is never paid
KEEP_DAYS = 1_085                          # the nightly eraser works a few days ahead of three years


@dataclass(slots=True)
class Customers:
    """`rows`: the table's columns. Beside them: who has stopped, when each was last active, how many periods were paid."""

    rows: dict[str, np.ndarray]
    is_stopped: np.ndarray
    active_until: np.ndarray
    paid_from: np.ndarray
    periods: np.ndarray
    requests: dict[str, np.ndarray]


def customers(world: World) -> Customers:
    """All customers, in the order in which they came."""
    dice, count = world.dice("customers"), world.accounts
    created_day = np.sort(world.opened + ((world.today - world.opened + 1) * dice.random(count) ** 0.6).astype(np.int64))
    created = np.sort(at(created_day, dice.integers(7 * HOUR, 20 * HOUR, count)))
    is_trial = dice.random(count) < 0.4
    plan = np.where(is_trial, 0, dice.choice([1, 2, 3], count, p=[0.5, 0.35, 0.15]))
    stay = np.where(is_trial, dice.integers(0, 30, count), 20 + dice.exponential(2_200, count).astype(np.int64))
    is_stopped = created_day + stay < world.today
    recent = world.today - dice.exponential(12, count).astype(np.int64).clip(0, 200)
    active_day = np.where(is_stopped, created_day + stay, np.maximum(recent, created_day))
    active_until = np.maximum(at(active_day, dice.integers(8 * HOUR, 20 * HOUR, count)), created + MINUTE)

    paid_from, periods = _paid(world, created_day, created_day + stay, plan)
    leaving = _leaving(world, is_stopped, active_day)
    last_seen = np.where(leaving["in_app"], leaving["asked"] - 5 * MINUTE, active_until)
    erased = _erased(world, is_stopped, local_day(last_seen), leaving)
    returned = _returned(world, is_stopped, created, active_until)
    rows = {
        "account": np.arange(count), "created_at": created, "plan": plan,
        **_paid_columns(paid_from, periods, plan),
        "last_sign_in_at": last_seen,
        "last_edit_at": _sometimes(dice, 0.6, created + (dice.random(count) * (last_seen - created)).astype(np.int64)),
        "deletion_requested_at": world.known(np.where(returned["is_back"], returned["asked"], leaving["asked"])),
        "deleted_at": world.known(np.where(returned["is_back"], returned["deleted"], leaving["deleted"])),
        "reinstated_at": world.known(returned["reinstated"]),
        "erased_at": world.known(erased),
    }
    rows["state"] = _states(world, rows, is_trial, is_stopped)
    rows |= _presence(dice, rows["erased_at"] == NONE)
    requests = _requests(world, rows, leaving, returned, created, active_until, is_stopped)
    return Customers(rows, is_stopped, last_seen, paid_from, periods, requests)


def _sometimes(dice, share: float, moments):
    return np.where(dice.random(len(moments)) < share, moments, NONE)


def _paid(world: World, created_day, leaves_on, plan):
    """(first paid day or NONE, periods begun until the customer leaves): the trial comes first."""
    start = created_day + TRIAL_DAYS
    is_paying = (plan > 0) & (start <= world.today)
    step = MONTHS_PAID[plan]
    periods = _whole_months(start, np.minimum(leaves_on, world.today)) // step + 1
    return np.where(is_paying, start, NONE), np.where(is_paying, np.maximum(periods, 1), 0)


def _whole_months(first, last):
    """Calendar months completed from one day to another."""
    months = (last.astype("datetime64[D]").astype("datetime64[M]") - first.astype("datetime64[D]").astype("datetime64[M]"))
    months = months.astype(np.int64)
    return months - (plus_months(first, months) > last)


def _paid_columns(paid_from, periods, plan) -> dict:
    step, is_paid = MONTHS_PAID[plan], periods > 0
    first = np.where(is_paid, paid_from, 0)
    begins, ends = plus_months(first, (periods - 1) * step), plus_months(first, periods * step)
    return {"paid_from_at": np.where(is_paid, at(begins), NONE), "paid_until_at": np.where(is_paid, at(ends), NONE)}


def _leaving(world: World, is_stopped, active_day) -> dict:
    """A third of those who stop ask to be deleted, most of them signed in; it is done some nights later."""
    dice, count = world.dice("leaving"), len(active_day)
    asked_day = active_day + dice.integers(1, 150, count)
    asked = at(asked_day, dice.integers(8 * HOUR, 22 * HOUR, count))
    is_leaving = is_stopped & (dice.random(count) < 0.3) & (asked < world.end)
    in_app = is_leaving & (dice.random(count) < 0.7)
    deleted = at(asked_day + dice.integers(1, 20, count), HOUR + 15 * MINUTE)
    return {"is_leaving": is_leaving, "in_app": in_app, "asked_day": asked_day,
            "asked": np.where(is_leaving, asked, NONE), "deleted": np.where(is_leaving, deleted, NONE)}


def _erased(world: World, is_stopped, seen_day, leaving):
    """The nightly eraser: well within three years of the request, or after long idleness."""
    dice, count = world.dice("eraser"), len(seen_day)
    latest = np.minimum(np.where(leaving["is_leaving"], leaving["asked_day"], seen_day), seen_day) + KEEP_DAYS
    earliest = np.where(leaving["is_leaving"], leaving["asked_day"] + 50, seen_day + 1_000)
    day = earliest + (dice.random(count) * (latest - earliest)).astype(np.int64)
    return np.where(is_stopped, at(day, HOUR + 30 * MINUTE + dice.integers(0, 20 * MINUTE, count)), NONE)


def _returned(world: World, is_stopped, created, active_until) -> dict:
    """A few ask, are deleted, and come back within weeks."""
    dice, count = world.dice("returned"), len(created)
    asked = created + ((active_until - created) * 0.5).astype(np.int64)
    is_back = ~is_stopped & (active_until - created > 200 * DAY) & (dice.random(count) < 0.01)
    return {"is_back": is_back, "asked": np.where(is_back, asked, NONE),
            "deleted": np.where(is_back, asked + 6 * DAY, NONE), "reinstated": np.where(is_back, asked + 19 * DAY, NONE)}


def _states(world: World, rows: dict, is_trial, is_stopped):
    is_deleted = (rows["deleted_at"] != NONE) & (rows["reinstated_at"] == NONE)
    running = np.where(is_trial, code(STATES, "trial"), code(STATES, "active"))
    return np.where(is_deleted, code(STATES, "deleted"), np.where(is_stopped, code(STATES, "suspended"), running))


def _presence(dice, is_kept) -> dict:
    """What is filled in. Not everybody gives everything: customers of resellers have no mail address of their own."""
    count = len(is_kept)
    shares = {"has_name": 0.99, "has_email": 0.97, "has_phone": 0.6, "has_address": 0.7}
    given = {name: dice.random(count) < share for name, share in shares.items()}
    given["has_name"] |= ~given["has_email"]
    return {name: is_kept & flag for name, flag in given.items()}


def _requests(world: World, rows: dict, leaving, returned, created, active_until, is_stopped) -> dict:
    """The table of deletion requests: it began in the third year, before that only the customer's row tells."""
    dice, count = world.dice("requests"), len(created)
    began = at(world.opened + 900)
    asked = rows["deletion_requested_at"]
    withdrawn_asked = created + ((active_until - created) * 0.7).astype(np.int64)
    is_withdrawn = (~is_stopped & ~returned["is_back"] & (active_until - created > 100 * DAY)
                    & (dice.random(count) < 0.006) & (withdrawn_asked > began))
    asked = np.where(is_withdrawn, withdrawn_asked, np.where(asked > began, asked, NONE))
    which = np.flatnonzero(asked != NONE)
    channel = np.where(leaving["in_app"] | is_withdrawn | returned["is_back"], 0, dice.integers(1, len(CHANNELS), count))
    withdrawn = np.where(is_withdrawn, withdrawn_asked + dice.integers(DAY, 9 * DAY, count), NONE)
    return {"account": which, "person": np.full(len(which), NONE), "requested_at": asked[which],
            "withdrawn_at": world.known(withdrawn[which]), "channel": channel[which]}
