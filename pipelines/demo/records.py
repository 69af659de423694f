"""The operations' own records: servers, backups, the journal of erasures, statements by named roles."""

import numpy as np

from pipelines.demo import upkeep
from pipelines.demo.moments import HOUR, MINUTE, NONE, at, plus_months
from pipelines.demo.trash import FORMER_UNTIL, REPLICA_SINCE
from pipelines.demo.words import FORMER, PRIMARY, REPLICA, SERVER_ROLES, SERVERS, VAULT, code
from pipelines.demo.world import World

BACKUP_HISTORY_DAYS, BACKUP_KEPT_DAYS = 730, 20
BACKUP_HOURS = (4, 12, 20)
STATUSES = ("success", "partial", "failed")
# Kept by hand: somebody states each quarter that nothing is missing.
REGISTERS = ("rights_requests", "legal_holds", "attestations", "processing_register", "disclosures")
DPO = "délégué à la protection des données"
JUSTIFIED = (("idle-accounts", -2, "direction"), ("host-identity", -14, "conseil juridique"))  # one holds, one has lapsed
NIL_RETURN = "legal_holds"                         # of a quarter, long over, in which nobody was under a hold


def servers(world: World) -> dict[str, np.ndarray]:
    """Two sites at any time, backups on a third; one replica has been taken out of service."""
    names = (PRIMARY, REPLICA, FORMER, VAULT)
    opened, since, until = at(world.opened), at(world.today - REPLICA_SINCE), at(world.today - FORMER_UNTIL)
    roles = ("primary", "replica", "replica", "backup")
    return {"server": np.array([code(SERVERS, name) for name in names]),
            "role": np.array([code(SERVER_ROLES, role) for role in roles]), "country": np.array(["FR"] * 4, dtype=object),
            "in_service_at": np.array([opened, since, opened, opened]),
            "out_of_service_at": np.array([NONE, NONE, until, NONE])}


def backups_from(world: World) -> int:
    """The day from which the catalogue forgets nothing."""
    return max(world.opened, world.today - BACKUP_HISTORY_DAYS)


def backups(world: World) -> dict[str, np.ndarray]:
    """Three a day of the primary; one in fifty failed and was done again; the trash is left out; gone after 20 days."""
    dice = world.dice("backups")
    first = backups_from(world)
    day = np.repeat(np.arange(first, world.today + 1), len(BACKUP_HOURS))
    hour = np.tile(BACKUP_HOURS, len(day) // len(BACKUP_HOURS))
    status = upkeep.lost(world, day, np.where(dice.random(len(day)) < 0.02, 2, 0), code(STATUSES, "failed"))
    again = np.flatnonzero((status == 2) & ~upkeep.is_lost(world, day))
    taken = np.concatenate([at(day, hour * HOUR + 10 * MINUTE), at(day[again], hour[again] * HOUR + 40 * MINUTE)])
    removed = at(np.concatenate([day, day[again]]) + BACKUP_KEPT_DAYS, 5 * HOUR)
    order = np.argsort(taken, kind="stable")
    status = np.concatenate([status, np.zeros(len(again), np.int64)])
    return {"taken_at": taken[order], "status": status[order], "removed_at": world.known(removed)[order],
            "holds_trash": np.zeros(len(order), dtype=bool)}


def journal(accounts: dict, persons: dict, items: dict, invoices: dict) -> dict[str, np.ndarray]:
    """An entry for each thing that was erased, in the order of time."""
    parts = [_entries("account", accounts, "erased_at"), _entries("person", persons, "erased_at"),
             _entries("item", items, "purged_at"), _entries("invoice", invoices, "removed_at")]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(rows["erased_at"], kind="stable")
    return {name: values[order] for name, values in rows.items()}


def _entries(kind: str, rows: dict, moment: str) -> dict:
    which = np.flatnonzero(rows[moment] != NONE)
    subjects = {name: np.full(len(which), NONE) for name in ("account", "person", "item", "invoice")}
    return {**subjects, kind: rows[kind][which], "erased_at": rows[moment][which]}


def attestations(world: World, planted: list[dict]) -> list[dict]:
    """Dated statements, as rows; stated_on and valid_until_on are day numbers. The planted ones come last."""
    told = [*(_statement("completeness", dataset, None, -2, 3, DPO) for dataset in REGISTERS),
            _statement("nil_return", NIL_RETURN, None, -15, 3, DPO),
            *(_statement("justification", None, reference, stated, 12, role) for reference, stated, role in JUSTIFIED)]
    return [{"attestation_id": f"att-{number}", **row,
             "stated_on": plus_months(world.today, row["stated_on"]),
             "valid_until_on": plus_months(world.today, row["valid_until_on"])}
            for number, row in enumerate(told, 1)] + planted


def _statement(kind: str, dataset: str | None, reference: str | None, month: int, months: int, role: str) -> dict:
    return {"kind": kind, "dataset": dataset, "promise": None, "reference": reference, "stated_on": month,
            "valid_until_on": month + months, "role": role}
