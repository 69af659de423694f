"""Requests of data subjects: all rights, all ways in which one may rightly end, and those still waiting."""

import numpy as np

from pipelines.demo.customers import Customers
from pipelines.demo.moments import DAY, HOUR, NONE, at, local_day
from pipelines.demo.persons import Persons
from pipelines.demo.words import ANSWERS, RIGHTS, code
from pipelines.demo.world import World

EXTENDED_SHARE, IDENTITY_SHARE, REFUSED_SHARE, WITHDRAWN_SHARE = 0.08, 0.1, 0.06, 0.05
GRANTED, REFUSED, WITHDRAWN = (code(ANSWERS, word) for word in ("granted", "refused", "withdrawn"))


def rights_requests(world: World, clients: Customers, people: Persons) -> dict[str, np.ndarray]:
    """Those that an owner made, and the erasures that `persons` carried out."""
    parts = [_of_owners(world, clients, people), _erasures(world, people)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {"request": np.arange(len(rows["received_at"])), **_as_known(world, rows)}


def _of_owners(world: World, clients: Customers, people: Persons) -> dict:
    dice, since = world.dice("rights"), at(world.today - 1_400)
    living = np.flatnonzero(~clients.is_stopped & (clients.rows["created_at"] < world.end - 60 * DAY))
    count = min(len(living), 24 + world.accounts // 100)
    chosen = np.sort(dice.choice(living, count, replace=False))
    begins = np.maximum(clients.rows["created_at"][chosen] + 30 * DAY, since)
    received = begins + (dice.random(count) * (world.end - begins)).astype(np.int64)
    rows = _answered(world, dice, received)
    right = dice.choice([code(RIGHTS, word) for word in RIGHTS if word != "erasure"], count)
    is_refused_erasure = (rows["outcome"] == REFUSED) & (dice.random(count) < 0.5)
    return {"account": chosen, "person": people.first[chosen],
            "right": np.where(is_refused_erasure, code(RIGHTS, "erasure"), right), **rows}


def _answered(world: World, dice, received) -> dict:
    """Answered within three weeks; later only where an extension was announced or an identity had to be checked."""
    count, day = len(received), local_day(received)
    luck = dice.random(count)
    is_extended = luck < EXTENDED_SHARE
    is_checked = (luck >= EXTENDED_SHARE) & (luck < EXTENDED_SHARE + IDENTITY_SHARE)
    outcome = dice.choice([GRANTED, REFUSED, WITHDRAWN], count,
                          p=[1 - REFUSED_SHARE - WITHDRAWN_SHARE, REFUSED_SHARE, WITHDRAWN_SHARE])
    after = dice.integers(3, 22, count) + np.where(is_extended, 45, 0) + np.where(is_checked, 6, 0)
    answered = at(day + after, 11 * HOUR) + dice.integers(0, 5 * HOUR, count)
    return {
        "channel": dice.choice(4, count, p=[0.45, 0.45, 0.07, 0.03]), "received_at": received,
        "acknowledged_at": received + dice.integers(HOUR, 2 * DAY, count),
        "identity_asked_at": np.where(is_checked, at(day + 2, 9 * HOUR), NONE),
        "identity_confirmed_at": np.where(is_checked, at(day + 2 + dice.integers(1, 7, count), 15 * HOUR), NONE),
        "extension_notified_at": np.where(is_extended, at(day + dice.integers(10, 24, count), 10 * HOUR), NONE),
        "answered_at": answered, "outcome": outcome, "erased_at": np.full(count, NONE),
        "has_reasons": outcome == REFUSED,
    }


def _erasures(world: World, people: Persons) -> dict:
    found, count = people.erasures, len(people.erasures["person"])
    nothing = np.full(count, NONE)
    carried_out = found["carried_out_at"]
    return {"account": found["account"], "person": found["person"], "right": np.full(count, code(RIGHTS, "erasure")),
            "channel": np.full(count, 0), "received_at": found["received_at"],
            "acknowledged_at": found["received_at"] + 2 * HOUR, "identity_asked_at": nothing,
            "identity_confirmed_at": nothing, "extension_notified_at": nothing, "answered_at": carried_out + 9 * HOUR,
            "outcome": np.full(count, GRANTED), "erased_at": carried_out, "has_reasons": np.zeros(count, dtype=bool)}


def _as_known(world: World, rows: dict) -> dict:
    """What lies ahead is not yet known: neither the moment nor the answer."""
    rows = {name: world.known(values) if name.endswith("_at") else values for name, values in rows.items()}
    is_answered = rows["answered_at"] != NONE
    return {**rows, "outcome": np.where(is_answered, rows["outcome"], NONE),
            "has_reasons": rows["has_reasons"] & is_answered}
