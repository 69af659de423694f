"""The registers kept by hand: what data is processed for, and what went to whom; all of it as the policy promises."""

import numpy as np

from pipelines.demo.moments import DAY, HOUR, NONE, at, end_of, plus_months
from pipelines.demo.words import (
    BASES,
    CASHIER,
    COURT,
    DESK,
    DESTINATIONS,
    FORMER_MAILER,
    GAUGE,
    HOST,
    KINDS_OF_DATA,
    LEGAL_BASES,
    MAILER,
    MANNERS,
    PURPOSES,
    RECIPIENT_KINDS,
    RECIPIENTS,
    SUCCESSOR,
    code,
)
from pipelines.demo.world import World

# Purpose, data, legal basis, sub-processor; the former mailer worked until some years ago.
LINES = (
    ("service", "customer_content", "contract", None), ("hosting", "customer_content", "contract", HOST),
    ("billing", "billing", "contract", None), ("payment", "billing", "contract", CASHIER),
    ("support", "management", "contract", DESK), ("usage_analysis", "usage", "legitimate_interest", None),
    ("usage_analysis", "traffic", "legitimate_interest", None), ("improvement", "usage", "legitimate_interest", GAUGE),
    ("sales_marketing", "contact", "legitimate_interest", None), ("news_events", "contact", "consent", None),
    ("communication", "contact", "contract", MAILER), ("communication", "contact", "contract", FORMER_MAILER),
    ("legal_obligation", "billing", "legal_obligation", None),
)
FORMER_FOR_MONTHS = 40
HISTORY_DAYS = 1_400


def processing(world: World) -> dict[str, np.ndarray]:
    """A line for each purpose and kind of data, since the service opened."""
    purpose, data, basis, worker = zip(*LINES, strict=True)
    return {"processing": np.arange(len(LINES)), "purpose": _places(PURPOSES, purpose), "data": _places(KINDS_OF_DATA, data),
            "legal_basis": _places(LEGAL_BASES, basis), "subprocessor": _places(RECIPIENTS, worker),
            "from_on": np.full(len(LINES), world.opened),
            "until_on": np.array([_former_until(world) if name == FORMER_MAILER else NONE for name in worker])}


def disclosures(world: World) -> dict[str, np.ndarray]:
    """A flow to each sub-processor; now and then an authority asks, or a customer moves on and has its data handed over."""
    parts = [_flows(world), _orders(world), _moves(world)]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {"disclosure": np.arange(len(rows["disclosed_at"])), **rows}


def _flows(world: World) -> dict:
    lines = [line for line in LINES if line[3]]
    purpose, data, _, worker = zip(*lines, strict=True)
    is_former = np.array([name == FORMER_MAILER for name in worker])
    return _rows(
        len(lines), "subprocessor", "processor_contract", disclosed_at=at(np.full(len(lines), world.opened), 8 * HOUR),
        is_continuous=np.ones(len(lines), dtype=bool),
        ended_at=np.where(is_former, end_of(_former_until(world)) - HOUR, NONE),
        organisation=_places(RECIPIENTS, worker), purpose=_places(PURPOSES, purpose), data=_places(KINDS_OF_DATA, data),
        destination=_places(DESTINATIONS, ["own_machines" if name == HOST else "france" for name in worker]),
        has_reference=np.zeros(len(lines), dtype=bool))


def _orders(world: World) -> dict:
    """Authorities ask for who an account is, for its traffic, and once in a while for what it holds."""
    dice, count = world.dice("orders"), 4 + world.accounts // 400
    return _rows(count, "authority", "legal_requirement", disclosed_at=_lately(world, dice, count),
                 organisation=_all(count, RECIPIENTS, COURT), purpose=_all(count, PURPOSES, "legal_obligation"),
                 data=_places(KINDS_OF_DATA, dice.choice(["contact", "traffic", "customer_content"], count)))


def _moves(world: World) -> dict:
    """Agreed to in writing some days before."""
    dice, count = world.dice("moves"), 6 + world.accounts // 400
    moved = _lately(world, dice, count)
    return _rows(count, "partner", "consent", disclosed_at=moved, organisation=_all(count, RECIPIENTS, SUCCESSOR),
                 purpose=_all(count, PURPOSES, "service"), data=_all(count, KINDS_OF_DATA, "customer_content"),
                 consented_at=moved - dice.integers(1, 30, count) * DAY)


def _rows(count: int, kind: str, basis: str, **columns) -> dict:
    nothing = np.full(count, NONE)
    return {"disclosed_at": nothing, "is_continuous": np.zeros(count, dtype=bool), "ended_at": nothing,
            "recipient_kind": _all(count, RECIPIENT_KINDS, kind), "organisation": nothing,
            "manner": _all(count, MANNERS, "shared"), "purpose": nothing, "data": nothing,
            "destination": _all(count, DESTINATIONS, "france"), "basis": _all(count, BASES, basis),
            "has_reference": np.ones(count, dtype=bool), "consented_at": nothing, "consent_withdrawn_at": nothing, **columns}


def _lately(world: World, dice, count: int) -> np.ndarray:
    return np.sort(at(world.today - dice.integers(2, HISTORY_DAYS, count), 10 * HOUR) + dice.integers(0, 6 * HOUR, count))


def _former_until(world: World) -> int:
    return plus_months(world.today, -FORMER_FOR_MONTHS)


def _places(known: tuple[str, ...], names) -> np.ndarray:
    return np.array([NONE if name is None else code(known, str(name)) for name in names])


def _all(count: int, known: tuple[str, ...], word: str) -> np.ndarray:
    return np.full(count, code(known, word))
