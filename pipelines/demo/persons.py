"""The persons behind the customers: owners, colleagues, some who leave, some in two accounts, some erased at their request.

Two tables: persons (what is known of them) and memberships (a person in an account).
"""

from dataclasses import dataclass

import numpy as np

from pipelines.demo.customers import KEEP_DAYS, Customers
from pipelines.demo.moments import DAY, HOUR, MINUTE, NONE, at, local_day
from pipelines.demo.world import World

FEWEST, MOST = np.array([1, 1, 2, 4]), np.array([1, 1, 6, 16])


@dataclass(slots=True)
class Persons:
    """`first`: by customer, the place of its owner; its persons follow. `erasures`: requests to be erased."""

    rows: dict[str, np.ndarray]
    memberships: dict[str, np.ndarray]
    first: np.ndarray
    size: np.ndarray
    requests: dict[str, np.ndarray]
    erasures: dict[str, np.ndarray]


def persons(world: World, clients: Customers) -> Persons:
    """Everybody, in the order of the customers."""
    dice, plan = world.dice("persons"), clients.rows["plan"]
    size = dice.integers(FEWEST[plan], MOST[plan] + 1)
    first = np.cumsum(size) - size
    account = np.repeat(np.arange(len(size)), size)
    is_owner = np.zeros(len(account), dtype=bool)
    is_owner[first] = True
    begins, ends = clients.rows["created_at"][account], clients.active_until[account]
    span = ends - begins
    created = np.where(is_owner, begins, begins + (dice.random(len(account)) * 0.8 * span).astype(np.int64))
    leaves = _leaves(world, is_owner, created, ends)
    wish = _wishes(world, is_owner, leaves, created, clients.is_stopped[account])
    removed = np.where(wish["carried_out"] != NONE, wish["carried_out"], leaves)
    erased = _erased(world, clients.rows["erased_at"][account], leaves, wish["carried_out"])
    seen = _last_seen(world, is_owner, created, ends, clients.is_stopped[account], leaves, wish["received"])
    rows = {"person": np.arange(len(account)), "created_at": created, "erased_at": world.known(erased),
            **_presence(dice, world.known(erased) == NONE)}
    memberships = {"person": rows["person"], "account": account, "created_at": created, "removed_at": world.known(removed),
                   "last_sign_in_at": seen,
                   "last_edit_at": np.where(dice.random(len(account)) < 0.4, created + (seen - created) // 2, NONE)}
    second = _second_memberships(world, clients, first, created)
    memberships = {name: np.concatenate([values, second[name]]) for name, values in memberships.items()}
    return Persons(rows, memberships, first, size, _requests(world, account, created, leaves), _erasures(account, wish))


def _leaves(world: World, is_owner, created, ends):
    """One colleague in eight is removed from an account that lives on."""
    dice, count = world.dice("leavers"), len(created)
    share = 0.1 + 0.8 * dice.random(count)
    is_leaver = ~is_owner & (dice.random(count) < 0.12) & (ends - created > 20 * DAY)
    return np.where(is_leaver, created + (share * (ends - created)).astype(np.int64), NONE)


def _wishes(world: World, is_owner, leaves, created, is_stopped) -> dict:
    """Some ask for erasure and have it within three weeks: they are removed and erased in the same night."""
    dice, count = world.dice("wishes"), len(created)
    share = dice.random(count)
    received = created + 30 * DAY + (share * (world.end - 30 * DAY - created)).astype(np.int64)
    wishes = ~is_owner & (leaves == NONE) & ~is_stopped & (created < world.end - 90 * DAY) & (dice.random(count) < 0.01)
    carried_out = at(local_day(received) + dice.integers(3, 20, count), HOUR + 50 * MINUTE)
    return {"received": np.where(wishes, received, NONE), "carried_out": np.where(wishes, carried_out, NONE)}


def _erased(world: World, with_account, leaves, at_request):
    """When personal data goes: with the account, some time after leaving, or at one's request; the first of them."""
    dice, count = world.dice("forgotten"), len(leaves)
    alone = at(local_day(leaves) + dice.integers(30, KEEP_DAYS, count), HOUR + 40 * MINUTE)
    far = np.iinfo(np.int64).max
    ways = (with_account, np.where(leaves == NONE, NONE, alone), at_request)
    soonest = np.minimum.reduce([np.where(way == NONE, far, way) for way in ways])
    return np.where(soonest == far, NONE, soonest)


def _last_seen(world: World, is_owner, created, ends, is_stopped, leaves, wished):
    """Nobody in a living account has been away for a year; those of a stopped one saw it to its end."""
    dice, count = world.dice("seen"), len(created)
    away = np.where(is_stopped, dice.integers(0, 2 * DAY, count), dice.integers(0, 250 * DAY, count))
    seen = np.where(is_owner, ends, ends - away)
    for left in (leaves, wished):
        seen = np.where((left != NONE) & ~is_owner, np.minimum(seen, left - HOUR), seen)
    return np.maximum(seen, created + MINUTE)


def _presence(dice, is_kept) -> dict:
    count = len(is_kept)
    given = {name: dice.random(count) < share for name, share in
             {"has_name": 0.99, "has_email": 0.98, "has_phone": 0.4}.items()}
    given["has_name"] |= ~given["has_email"]
    return {name: is_kept & flag for name, flag in given.items()}


def _second_memberships(world: World, clients: Customers, first, created) -> dict:
    """Owners of living accounts who also work in another one."""
    dice = world.dice("second")
    is_settled = ~clients.is_stopped & (clients.rows["reinstated_at"] == NONE)
    homes = np.flatnonzero(is_settled & (dice.random(len(first)) < 0.02))
    others = dice.integers(0, len(first), len(homes))
    joined = np.maximum(created[first[homes]], clients.rows["created_at"][others]) + HOUR
    # Of an account that was only left idle, nobody lives on in it; the deleted ones leave their persons elsewhere.
    lives_or_left = is_settled[others] | (clients.rows["deleted_at"][others] != NONE)
    is_possible = (others != homes) & lives_or_left & (joined + HOUR < clients.active_until[others])
    homes, others, joined = homes[is_possible], others[is_possible], joined[is_possible]
    nothing = np.full(len(homes), NONE)
    return {"person": first[homes], "account": others, "created_at": joined, "removed_at": nothing,
            "last_sign_in_at": clients.active_until[others], "last_edit_at": nothing}


def _requests(world: World, account, created, leaves) -> dict:
    """A third of those who leave asked for it themselves."""
    dice = world.dice("asked to leave")
    asked = leaves - dice.integers(DAY, 15 * DAY, len(leaves))
    which = np.flatnonzero((leaves != NONE) & (leaves < world.end) & (asked > created) & (dice.random(len(leaves)) < 0.3))
    return {"account": account[which], "person": which, "requested_at": asked[which],
            "withdrawn_at": np.full(len(which), NONE), "channel": dice.integers(0, 3, len(which))}


def _erasures(account, wish) -> dict:
    which = np.flatnonzero(wish["received"] != NONE)
    return {"account": account[which], "person": which, "received_at": wish["received"][which],
            "carried_out_at": wish["carried_out"][which]}
