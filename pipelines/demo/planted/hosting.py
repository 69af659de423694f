"""Hosting: backup servers abroad, now, lately and long ago, one that nobody has placed, and statements about the staff."""

from pipelines.demo.cases import FRANCE, STAFF, Cases
from pipelines.demo.moments import HOUR, NONE, at, plus_months
from pipelines.demo.words import (
    ABROAD,
    LEFT_ABROAD,
    LONG_ABROAD,
    PRIMARY,
    SERVER_ROLES,
    SERVERS,
    SOMEWHERE,
    UNLISTED,
    VAULT,
    code,
)


def plant(cases: Cases) -> None:
    _servers(cases)
    _staff(cases)


def _servers(cases: Cases) -> None:
    """The review period ends twelve months back: a server that left a second earlier is history."""
    world = cases.world
    for name, country, until, state, french, english in (
        (ABROAD, "BE", NONE, "abroad", "serveur de sauvegarde en Belgique", "a backup server in Belgium"),
        (LEFT_ABROAD, "LU", world.review_from, "abroad", "retiré du Luxembourg quand commence la période de revue",
         "taken out of Luxembourg as the review period begins"),
        (LONG_ABROAD, "CH", world.review_from - 1, "abroad", "retiré de Suisse une seconde plus tôt",
         "taken out of Switzerland a second earlier"),
        (SOMEWHERE, None, NONE, "country_unknown", "personne n'a noté où il se trouve", "nobody has said where it is"),
    ):
        cases.rows["server"].append({
            "server": code(SERVERS, name), "role": code(SERVER_ROLES, "backup"), "country": country,
            "in_service_at": at(world.opened, HOUR), "out_of_service_at": until})
        cases.condition(FRANCE, "server", name, state, until, french, english)
    cases.condition(FRANCE, "server", UNLISTED, "server_unlisted", NONE, "une copie y est, l'inventaire l'ignore",
                    "a copy is there, and no inventory knows of it")
    for name in (PRIMARY, VAULT):
        cases.condition(FRANCE, "server", name, "kept", NONE, "en France", "in France")


def _staff(cases: Cases) -> None:
    """Stated for a year: the last statement but one has ended, the last one ends within the month."""
    today = cases.world.today
    last = plus_months(today, -12) + 15
    cases.statement(STAFF, "att-staff-1", "expired", plus_months(today, -26), plus_months(today, -14),
                    "attestation d'il y a deux ans", "stated two years ago")
    cases.statement(STAFF, "att-staff-2", "expiring", last, plus_months(today, 40),
                    "attestation pour cinq ans, qui n'en vaut qu'un", "stated for five years, which counts for one")
