"""Usage: what persons did, and the noise beside it (API keys, background jobs, opened mail) that is nobody's activity.

Made in blocks of customers, so that a million of them needs no more memory than a hundred thousand.
"""

from collections.abc import Iterator

import numpy as np

from pipelines.demo.customers import Customers
from pipelines.demo.moments import DAY, NONE
from pipelines.demo.persons import Persons
from pipelines.demo.world import World

BLOCK = 100_000
YEAR = 365 * DAY
NOISE_A_YEAR = 2
PERSONS_ACTIONS, NOISE_ACTIONS = 5, (5, 6, 7)     # the first five words of ACTIONS are done by persons


def usage(world: World, clients: Customers, people: Persons, a_year: int) -> Iterator[dict[str, np.ndarray]]:
    """Blocks of the usage table, about `a_year` actions of persons for each year that a customer was active."""
    for number, start in enumerate(range(0, world.accounts, BLOCK)):
        chosen = slice(start, min(start + BLOCK, world.accounts))
        dice = world.dice(f"usage {number}")
        parts = (_acts(dice, chosen, clients, people, a_year), _sign_ins(chosen, people),
                 _noise(dice, chosen, world, clients))
        yield {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _spread(dice, begins, ends, count):
    """(place, moment): `count` moments of each stretch, one in each equal part of it, so that no long gap arises."""
    place = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    share = (number + dice.random(len(place))) / count[place]
    return place, begins[place] + (share * (ends - begins)[place]).astype(np.int64)


def _acts(dice, chosen: slice, clients: Customers, people: Persons, a_year: int) -> dict:
    begins, ends = clients.rows["created_at"][chosen], clients.active_until[chosen]
    count = 2 + (a_year * (ends - begins) / YEAR).astype(np.int64)
    place, occurred = _spread(dice, begins, ends, count)
    is_kept = _outside_pause(dice, place, occurred, begins, ends)
    place, occurred = place[is_kept], occurred[is_kept]
    person = people.first[chosen][place] + (dice.random(len(place)) ** 2 * people.size[chosen][place]).astype(np.int64)
    seen, created = people.memberships["last_sign_in_at"], people.memberships["created_at"]
    is_there = (created[person] <= occurred) & (occurred <= seen[person])
    return {"account": place + chosen.start, "person": np.where(is_there, person, people.first[chosen][place]),
            "occurred_at": occurred, "actor": np.zeros(len(place), np.int64),
            "action": dice.integers(0, PERSONS_ACTIONS, len(place))}


def _sign_ins(chosen: slice, people: Persons) -> dict:
    """Everybody's last sign-in is in the log too: what the tables and the log say agrees."""
    rows = people.memberships
    which = np.flatnonzero((rows["account"] >= chosen.start) & (rows["account"] < chosen.stop))
    sign_in = np.zeros(len(which), np.int64)
    return {"account": rows["account"][which], "person": rows["person"][which],
            "occurred_at": rows["last_sign_in_at"][which], "actor": sign_in, "action": sign_in}


def _outside_pause(dice, place, occurred, begins, ends):
    """One long-standing customer in thirty pauses for up to two and a half years, and comes back."""
    span = ends - begins
    length = np.minimum(span * 0.4, dice.integers(200, 900, len(span)) * DAY).astype(np.int64)
    pauses = (dice.random(len(span)) < 0.03) & (span > 2 * YEAR)
    start = begins + span // 4
    inside = (occurred > start[place]) & (occurred < (start + length)[place])
    return ~(pauses[place] & inside)


def _noise(dice, chosen: slice, world: World, clients: Customers) -> dict:
    begins = clients.rows["created_at"][chosen]
    erased = clients.rows["erased_at"][chosen]
    ends = np.where(erased == NONE, world.end - 1, erased)
    place, occurred = _spread(dice, begins, ends, 1 + (NOISE_A_YEAR * (ends - begins) / YEAR).astype(np.int64))
    actor = dice.integers(1, 4, len(place))
    return {"account": place + chosen.start, "person": np.full(len(place), NONE), "occurred_at": occurred,
            "actor": actor, "action": np.asarray(NOISE_ACTIONS)[actor - 1]}
