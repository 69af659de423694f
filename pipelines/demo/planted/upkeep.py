"""What operations keep up: too few backups, a volume forgotten, drills too slow and too late, fixes that waited, a lag."""

from pipelines.demo import upkeep
from pipelines.demo.cases import REPLICATED, RESTORABLE, SEVERAL, UPDATES, Cases
from pipelines.demo.moments import HOUR, NONE, at
from pipelines.demo.words import FORMER, PRIMARY, REPLICA, VAULT


def plant(cases: Cases) -> None:
    _backups(cases)
    _drills(cases)
    _fixes(cases)
    _replication(cases)


def _backups(cases: Cases) -> None:
    """The tables themselves are made by `upkeep`; here stands what is due of them."""
    today = cases.world.today
    for ago, state, french, english in (
        (75, "late", "une seule sauvegarde réussie ce jour-là", "a single successful backup on that day"),
        (52, "met", "deux sauvegardes réussies, tout juste", "two successful backups, barely"),
        (500, "late", "une seule sauvegarde, il y a plus d'un an", "a single backup, more than a year ago"),
        (upkeep.FORGOTTEN_AGO, "late", "un volume d'un jour, jamais sauvegardé", "a volume of one day, never backed up"),
        (upkeep.FORGOTTEN_AGO - 1, "met", "ce volume n'est plus en service", "that volume is out of use"),
        (0, "met", "trois sauvegardes", "three backups"),
    ):
        day = today - ago
        cases.expect(SEVERAL, "server", PRIMARY, state, at(day), french, english, at(day + 1) if state == "late" else None)


def _drills(cases: Cases) -> None:
    """The proof of a year ago ran out; a rehearsal in time took a second too long, the next came after the year."""
    today, first = cases.world.today, upkeep.drills(cases.world)["finished_at"][0]
    cases.expect(RESTORABLE, "drill", "service", "late", at(cases.world.opened), "aucune répétition la première année",
                 "no rehearsal in the first year", int(first))
    started = at(today - upkeep.DRILL_LAST, 14 * HOUR)
    late = at(today - upkeep.DRILL_LATE, 14 * HOUR) + upkeep.COMMITTED
    cases.expect(RESTORABLE, "drill", "service", "late", started + upkeep.DRILL_TOOK,
                 "répétition trop lente, puis trop tardive", "a rehearsal too slow, and the next too late", late)
    cases.expect(RESTORABLE, "drill", "service", "open", late, "rétabli en quatre heures tout juste",
                 "restored in four hours, barely")


def _fixes(cases: Cases) -> None:
    """Thirty days end with their local day."""
    today = cases.world.today
    for server, ago, state, french, english in (
        (VAULT, 420, "late", "correctif tardif, il y a plus d'un an", "a fix installed late, more than a year ago"),
        (VAULT, 120, "late", "correctif installé le trente-deuxième jour", "a fix installed on the thirty-second day"),
        (VAULT, 40, "overdue", "correctif en attente depuis quarante jours", "a fix that has waited for forty days"),
        (REPLICA, 90, "met", "correctif installé le trentième jour", "a fix installed on the thirtieth day"),
        (PRIMARY, 25, "due_soon", "correctif à installer sous cinq jours", "a fix to be installed within five days"),
    ):
        gone = next(gone for name, published, gone in upkeep.FIXES if (name, published) == (server, ago))
        failed_at = at(today - ago + gone, upkeep.CHECKED_AT) if state == "late" else None
        cases.expect(UPDATES, "server", server, state, at(today - ago, 10 * HOUR), french, english, failed_at)


def _replication(cases: Cases) -> None:
    """A minute is too long, and so is more than an hour without a sample."""
    today, pair = cases.world.today, f"{PRIMARY}/{REPLICA}"
    cases.condition(REPLICATED, "server", PRIMARY, "kept", NONE, "sa réplique est à Lyon", "its replica is in Lyons")
    cases.condition(REPLICATED, "server", f"{PRIMARY}/{FORMER}", "lagging", at(today - 390, upkeep.NOON),
                    "une minute et demie de retard, il y a plus d'un an", "a minute and a half behind, more than a year ago")
    for ago, second, state, french, english in (
        (33, 12 * HOUR, "lagging", "soixante secondes de retard à midi", "sixty seconds behind at noon"),
        (34, 0, "kept", "cinquante-neuf secondes de retard à midi", "fifty-nine seconds behind at noon"),
        (47, 10 * HOUR, "sample_gap", "soixante et une minutes sans mesure", "sixty-one minutes without a sample"),
        (48, 0, "kept", "une heure sans mesure, tout juste", "an hour without a sample, barely"),
    ):
        cases.condition(REPLICATED, "server", pair, state, at(today - ago, second), french, english)
