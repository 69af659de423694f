"""The trash: what persons deleted in the last eighteen months, what came back, what the nightly purge took, and where.

The purge runs at three in the morning after the three weeks have ended; the replica follows within seconds.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.demo.customers import Customers
from pipelines.demo.moments import DAY, HOUR, MINUTE, NONE, at, local_day, trash_end
from pipelines.demo.persons import Persons
from pipelines.demo.words import FORMER, OUTCOMES, PRIMARY, REPLICA, SERVERS, code
from pipelines.demo.world import World

HISTORY_DAYS = 540
FIRST_ITEMS = 60           # no item is older than the service's first two months: an old archive holds only planted ones
REPLICA_SINCE, FORMER_UNTIL = 365, 300      # days before as_of
LISTED_SHARE = 0.4


@dataclass(slots=True)
class Trash:
    """Three tables: the deletions, the copies that are listed server by server, the requests to have something back."""

    items: dict[str, np.ndarray]
    copies: dict[str, np.ndarray]
    recoveries: dict[str, np.ndarray]


def trash(world: World, clients: Customers, people: Persons, a_customer: float = 2.0) -> Trash:
    """About `a_customer` deletions for each customer who was active in that time."""
    dice, since = world.dice("trash"), at(world.today - HISTORY_DAYS)
    floor = at(world.opened + FIRST_ITEMS)
    begins = np.maximum(clients.rows["created_at"], floor)
    room = clients.active_until - np.maximum(begins, since)
    who = np.repeat(np.arange(len(room)), np.where(room > DAY, dice.poisson(a_customer, len(room)), 0))
    deleted = np.maximum(begins, since)[who] + (dice.random(len(who)) * room[who]).astype(np.int64)
    created = begins[who] + (dice.random(len(who)) * (deleted - begins[who])).astype(np.int64)
    fate = dice.choice(4, len(who), p=[0.86, 0.08, 0.03, 0.03])   # purged, restored by the user, recovered, asked in vain
    restored = np.where(fate == 1, deleted + (dice.random(len(who)) * 15 * DAY).astype(np.int64), NONE)
    back = _recoveries(world, fate, deleted)
    restored = np.where(fate == 2, back["outcome_at"], restored)
    is_purged = (fate == 0) | (fate == 3)
    purged = np.where(is_purged, at(local_day(trash_end(deleted)) + 1, 3 * HOUR), NONE)
    items = {"item": np.arange(len(who)), "account": who, "person": people.first[who], "created_at": created,
             "deleted_at": deleted, "restored_at": world.known(restored), "purged_at": world.known(purged)}
    asked = np.flatnonzero((fate >= 2) & (back["requested_at"] < world.end))
    recoveries = {"recovery": np.arange(len(asked)), "item": asked,
                  **{name: values[asked] for name, values in back.items()}}
    return Trash(items, _copies(world, dice, items, _listed(dice, items)), _as_known(world, recoveries))


def _recoveries(world: World, fate, deleted) -> dict:
    dice, count = world.dice("recoveries"), len(deleted)
    requested = deleted + (dice.random(count) * 12 * DAY).astype(np.int64)
    in_vain = dice.choice([code(OUTCOMES, "withdrawn"), code(OUTCOMES, "unpaid")], count)
    return {"requested_at": requested, "outcome_at": requested + dice.integers(2 * HOUR, 5 * DAY, count),
            "outcome": np.where(fate == 2, code(OUTCOMES, "served"), in_vain)}


def _as_known(world: World, recoveries: dict) -> dict:
    outcome_at = world.known(recoveries["outcome_at"])
    pending = code(OUTCOMES, "pending")
    return {**recoveries, "outcome_at": outcome_at,
            "outcome": np.where(outcome_at == NONE, pending, recoveries["outcome"])}


def _listed(dice, items: dict):
    return np.flatnonzero(dice.random(len(items["item"])) < LISTED_SHARE)


def _copies(world: World, dice, items: dict, listed) -> dict:
    """For part of the items, where they were: every server that was in service while the item existed."""
    created, purged = items["created_at"][listed], items["purged_at"][listed]
    until = np.where(purged == NONE, world.end, purged)
    replica_since, former_until = at(world.today - REPLICA_SINCE), at(world.today - FORMER_UNTIL)
    delay = dice.integers(0, MINUTE, len(listed))
    after = np.where(purged == NONE, NONE, purged + delay)
    parts = (
        (PRIMARY, np.full(len(listed), True), created, purged),
        (REPLICA, until > replica_since, np.maximum(created, replica_since), after),
        (FORMER, created < former_until, created,
         np.where((after == NONE) | (after > former_until), former_until, after)),
    )
    columns = [{"item": listed[held], "server": np.full(held.sum(), code(SERVERS, server)),
                "held_since_at": since[held], "gone_at": gone[held]} for server, held, since, gone in parts]
    return {name: np.concatenate([part[name] for part in columns]) for name in columns[0]}
