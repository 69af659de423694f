"""Puts the world and what is planted in it together: one set of tables, ids drawn so that the planted do not stand out."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pipelines.demo import records, upkeep
from pipelines.demo.billing import invoices
from pipelines.demo.cases import Cases
from pipelines.demo.customers import customers
from pipelines.demo.desk import accesses, tickets
from pipelines.demo.governance import disclosures, processing
from pipelines.demo.mailings import mailings
from pipelines.demo.moments import NONE
from pipelines.demo.persons import persons
from pipelines.demo.planted import plant
from pipelines.demo.requests import rights_requests
from pipelines.demo.trash import trash
from pipelines.demo.usage import usage
from pipelines.demo.world import World

ACTIONS_A_YEAR = 12
Columns = dict[str, np.ndarray]
# Which columns hold ids, and of what kind; `request` means another kind in the register of rights.
IDS = {"account": "account", "person": "person", "item": "item", "invoice": "invoice", "recovery": "recovery",
       "request": "request", "ticket": "ticket", "access": "access", "processing": "processing",
       "disclosure": "disclosure", "email": "email", "recipient": "recipient"}


@dataclass(slots=True)
class Assembly:
    """`tables` by name; `events`: the usage table, block by block; `ids`: by kind, the source's id of every place."""

    tables: dict[str, Columns]
    events: Iterator[Columns]
    ids: dict[str, np.ndarray]
    clean: dict[str, int]
    cases: Cases


def assemble(world: World) -> Assembly:
    """The whole source system as arrays."""
    clients = customers(world)
    people = persons(world, clients)
    thrown, sent = trash(world, clients, people), mailings(world)
    asked = {name: np.concatenate([clients.requests[name], people.requests[name]]) for name in clients.requests}
    asked = {"request": np.arange(len(asked["account"])), **asked}
    asked_for = tickets(world, clients)
    tables = {"customer": clients.rows, "person": people.rows, "membership": people.memberships,
              "invoice": invoices(world, clients), "trashed_item": thrown.items, "item_copy": thrown.copies,
              "recovery": thrown.recoveries, "deletion_request": asked,
              "rights_request": rights_requests(world, clients, people),
              "ticket": asked_for, "staff_access": accesses(world, asked_for),
              "processing": processing(world), "disclosure": disclosures(world),
              "mailing": sent.emails, "opt_out": sent.opt_outs}
    cases = plant(world)
    clean = {"account": len(clients.rows["account"]), "person": len(people.rows["person"]),
             "item": len(thrown.items["item"]), "invoice": len(tables["invoice"]["invoice"]),
             "recovery": len(thrown.recoveries["recovery"]), "request": len(asked["request"]),
             "rights": len(tables["rights_request"]["request"]), "ticket": int(asked_for["ticket"].max()) + 1,
             "access": len(tables["staff_access"]["access"]),
             "processing": len(tables["processing"]["processing"]), "disclosure": len(tables["disclosure"]["disclosure"]),
             "email": len(sent.emails["email"]), "recipient": sent.recipients}
    ids = {kind: _ids(world, kind, clean[kind], cases.counts[kind]) for kind in clean}
    joined = {name: _joined(name, rows, cases.rows[name], clean, ids) for name, rows in tables.items()}
    joined |= _records(world, cases, joined, clean, ids)
    return Assembly(joined, _events(world, clients, people, cases, clean, ids), ids, clean, cases)


def _ids(world: World, kind: str, clean: int, planted: int) -> np.ndarray:
    """Ids from 1, the planted ones at places that vary with the seed; the others keep their order."""
    places = np.sort(world.dice(f"ids of {kind}").choice(clean + planted, planted, replace=False))
    others = np.setdiff1d(np.arange(clean + planted), places, assume_unique=True)
    return np.concatenate([others, places]) + 1


def _kind(table: str, column: str) -> str | None:
    return "rights" if (table, column) == ("rights_request", "request") else IDS.get(column)


def _columns(rows: list[dict], like: Columns) -> Columns:
    """Planted rows as arrays of the same columns; what a row does not say is NONE, or false for a flag."""
    return {name: np.array([row.get(name, NONE if values.dtype != bool else False) for row in rows], dtype=values.dtype)
            for name, values in like.items()}


def _joined(table: str, rows: Columns, planted: list[dict], clean: dict, ids: dict) -> Columns:
    added = _columns(planted, rows)
    return {name: np.concatenate([_named(table, name, values, 0, ids),
                                  _named(table, name, added[name], clean.get(_kind(table, name), 0), ids)])
            for name, values in rows.items()}


def _named(table: str, column: str, values: np.ndarray, shift: int, ids: dict) -> np.ndarray:
    """Places turned into ids, where the column holds any; NONE stays NONE."""
    kind = _kind(table, column)
    if kind is None:
        return values
    return np.where(values == NONE, NONE, ids[kind][np.maximum(values, 0) + shift * (values != NONE)])


def _records(world: World, cases: Cases, tables: dict[str, Columns], clean: dict, ids: dict) -> dict[str, Columns]:
    journal = records.journal(tables["customer"], tables["person"], tables["trashed_item"], tables["invoice"])
    alone = _columns(cases.rows["erasure_journal"], journal)
    alone = {name: _named("erasure_journal", name, values, clean.get(_kind("", name), 0), ids)
             for name, values in alone.items()}
    backups = records.backups(world)
    holds = {name: _hold_column(name, cases.rows["legal_hold"], clean, ids) for name in cases.rows["legal_hold"][0]}
    statements = records.attestations(world, cases.rows["attestation"])
    servers = records.servers(world)
    more = _columns(cases.rows["server"], servers)
    servers = {name: np.concatenate([values, more[name]]) for name, values in servers.items()}
    return {
        "server": servers,
        "backup": _in_time(backups, _columns(cases.rows["backup"], backups), "taken_at"),
        "volume": upkeep.volumes(world),
        "restore_drill": upkeep.drills(world),
        "security_update": upkeep.checks(world, servers),
        "replication_sample": upkeep.samples(world),
        "erasure_journal": _in_time(journal, alone, "erased_at"),
        "legal_hold": holds,
        "published_policy": _seen(cases.rows["published_policy"]),
        "attestation": {name: np.array([row[name] for row in statements], dtype=_plain(name)) for name in statements[0]},
    }


def _seen(looks: list[dict]) -> Columns:
    """What was seen of the published policy: planted from end to end, since there is no other."""
    return {"checked_at": np.array([row["checked_at"] for row in looks]), "place": np.array([row["place"] for row in looks]),
            "is_online": np.array([row["is_online"] for row in looks]),
            "fingerprint": np.array([row["fingerprint"] for row in looks], dtype=object)}


def _plain(name: str) -> type:
    """Days are numbers; all else that a statement says is text, or nothing."""
    return np.int64 if name.endswith("_on") else object


def _hold_column(name: str, rows: list[dict], clean: dict, ids: dict) -> np.ndarray:
    values = [row[name] for row in rows]
    if name in ("promise", "reason"):
        return np.array(values, dtype=object)
    return _named("legal_hold", name, np.array(values), clean.get(_kind("", name), 0), ids)


def _in_time(rows: Columns, more: Columns, moment: str) -> Columns:
    """Two lots of rows in the order of time, numbered from 1."""
    order = np.argsort(np.concatenate([rows[moment], more[moment]]), kind="stable")
    return {"number": np.arange(1, len(order) + 1),
            **{name: np.concatenate([values, more[name]])[order] for name, values in rows.items()}}


def _events(world: World, clients, people, cases: Cases, clean: dict, ids: dict) -> Iterator[Columns]:
    number = 1
    for block in usage(world, clients, people, ACTIONS_A_YEAR):
        named = {name: _named("usage_event", name, values, 0, ids) for name, values in block.items()}
        yield {"number": np.arange(number, number + len(named["actor"])), **named}
        number += len(named["actor"])
    planted = _columns(cases.rows["usage_event"], block)
    planted = {name: _named("usage_event", name, values, clean.get(_kind("", name), 0), ids)
               for name, values in planted.items()}
    yield {"number": np.arange(number, number + len(planted["actor"])), **planted}
