"""The support desk: tickets of living customers, and the journal of who opened their data, for a reason that counts."""

import numpy as np

from pipelines.demo.customers import Customers
from pipelines.demo.moments import DAY, HOUR, MINUTE, NONE, at
from pipelines.demo.words import REASONS, TICKET_KINDS, code
from pipelines.demo.world import World

HISTORY_DAYS, STAFF = 500, 7
SUPPORT, SERVICE, TECHNICAL, LEGAL = (code(REASONS, word) for word in ("support", "service", "technical", "legal"))


def tickets(world: World, clients: Customers) -> dict[str, np.ndarray]:
    """Each answered within two days, closed some days later, if that has happened; some opened again, in one more row."""
    dice = world.dice("tickets")
    living = np.flatnonzero(~clients.is_stopped & (clients.rows["created_at"] < world.end - 40 * DAY))
    count = 40 + len(living) // 2
    account = dice.choice(living, count)
    begins = np.maximum(clients.rows["created_at"][account] + DAY, world.ago(HISTORY_DAYS))
    opened = np.sort(begins + (dice.random(count) * (world.end - begins)).astype(np.int64))
    answered = opened + dice.integers(HOUR, 2 * DAY, count)
    rows = {"ticket": np.arange(count), "account": account,
            "kind": dice.choice(len(TICKET_KINDS), count, p=[0.84, 0.06, 0.1]), "opened_at": opened,
            "answered_at": answered, "closed_at": answered + dice.integers(HOUR, 8 * DAY, count)}
    rows = _with_second_times(dice, rows)
    known = rows["opened_at"] < world.end
    return {name: world.known(values)[known] if name.endswith("_at") else values[known] for name, values in rows.items()}


def _with_second_times(dice, rows: dict) -> dict:
    again = np.flatnonzero(dice.random(len(rows["ticket"])) < 0.06)
    opened = rows["closed_at"][again] + dice.integers(HOUR, 4 * DAY, len(again))
    second = {**{name: rows[name][again] for name in ("ticket", "account", "kind")}, "opened_at": opened,
              "answered_at": opened + HOUR, "closed_at": opened + 2 * DAY}
    return {name: np.concatenate([values, second[name]]) for name, values in rows.items()}


def accesses(world: World, asked: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """On six support tickets in ten, while they are open; and now and then by those who run the service."""
    dice = world.dice("accesses")
    parts = [_on_tickets(world, dice, asked), _of_operations(world, dice, asked)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(rows["accessed_at"], kind="stable")
    return {"access": np.arange(len(order)), **{name: values[order] for name, values in rows.items()}}


def _on_tickets(world: World, dice, asked: dict) -> dict:
    until = np.where(asked["closed_at"] == NONE, world.end, asked["closed_at"])
    is_opened = (asked["kind"] == code(TICKET_KINDS, "support")) & (until - asked["opened_at"] > HOUR)
    chosen = np.flatnonzero(is_opened & (dice.random(len(until)) < 0.6))
    opened, until = asked["opened_at"][chosen], until[chosen]
    accessed = opened + ((0.1 + 0.6 * dice.random(len(chosen))) * (until - opened)).astype(np.int64)
    ended = np.minimum(accessed + dice.integers(2 * MINUTE, 40 * MINUTE, len(chosen)), until - MINUTE)
    return {"account": asked["account"][chosen], "accessed_at": accessed, "ended_at": ended,
            "reason": np.full(len(chosen), SUPPORT), "ticket": asked["ticket"][chosen],
            "staff": dice.integers(0, STAFF, len(chosen))}


def _of_operations(world: World, dice, asked: dict) -> dict:
    """Every week somebody runs something or mends it; every third time on the whole database, of no single account."""
    day = np.arange(world.today - HISTORY_DAYS, world.today, 7)
    count = len(day)
    account = np.where(dice.random(count) < 0.35, NONE, dice.choice(asked["account"], count))
    accessed = at(day, 9 * HOUR) + dice.integers(0, 8 * HOUR, count)
    return {"account": account, "accessed_at": accessed, "ended_at": accessed + 20 * MINUTE,
            "reason": dice.choice([SERVICE, TECHNICAL, LEGAL], count, p=[0.45, 0.5, 0.05]), "ticket": np.full(count, NONE),
            "staff": dice.integers(0, STAFF, count)}
