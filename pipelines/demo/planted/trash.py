"""The trash: kept for three weeks, then gone from every server by the end of the next local day."""

from pipelines.demo.cases import KEPT, PURGED, Cases, day_of
from pipelines.demo.moments import DAY, HOUR, NONE, at, clock_changes, end_of, plus_months, trash_end
from pipelines.demo.trash import FORMER_UNTIL
from pipelines.demo.words import FORMER, PRIMARY, REPLICA, UNLISTED

AFTERNOON = 14 * HOUR


def purge_limit(deleted: int) -> int:
    """The first instant at which a purge is late."""
    return int(end_of(day_of(trash_end(deleted)) + 1))


def both(cases: Cases, item: int, deleted: int, kept: str, purged: str, french: str, english: str,
         failed_at: int | None = None) -> int:
    """An item owes two things: to be kept for a while, and to be gone afterwards."""
    cases.expect(KEPT, "item", item, kept, deleted, french, english, failed_at)
    cases.expect(PURGED, "item", item, purged, deleted, french, english, failed_at)
    return item


def plant(cases: Cases) -> None:
    """Edges, the clocks that change, copies, snapshots, second deletions, what voids and what does not."""
    _edges(cases)
    _clocks(cases)
    _early(cases)
    _copies(cases)
    _former_server(cases)
    _snapshots(cases)
    _restored(cases)
    _again(cases)
    _erasure_asked(cases)
    _hold(cases)


def _edges(cases: Cases) -> None:
    today = cases.world.today
    for days, kept, purged, french, english in (
        (45, "met", "overdue", "jamais purgé", "never purged"),
        (22, "met", "overdue", "le jour de tolérance vient de finir", "the day of tolerance has just ended"),
        (21, "met", "open", "la purge est due demain soir", "its purge is due tomorrow night"),
        (20, "open", "open", "encore un jour dans la corbeille", "one more day in the trash"),
    ):
        deleted = at(today - days, AFTERNOON)
        both(cases, cases.item(deleted), deleted, kept, purged, french, english)
    deleted = at(today - 90, AFTERNOON)
    limit, earliest = purge_limit(deleted), trash_end(deleted)
    for purged_at, kept, purged, french, english in (
        (earliest - 1, "premature", "met", "purgé une seconde trop tôt", "purged a second too early"),
        (earliest, "met", "met", "purgé au premier instant permis", "purged in the first instant allowed"),
        (limit - 1, "met", "met", "purgé dans la dernière seconde", "purged in the last second"),
        (limit, "met", "late", "purgé à la première seconde de trop", "purged in the first second too late"),
    ):
        both(cases, cases.item(deleted, purged_at), deleted, kept, purged, french, english)
    deleted = at(plus_months(today, -15), AFTERNOON)
    late, early = purge_limit(deleted) + 4 * DAY, deleted + 6 * DAY
    both(cases, cases.item(deleted, late), deleted, "met", "late", "purgé en retard, il y a plus d'un an",
         "purged late, more than a year ago", late)
    both(cases, cases.item(deleted, early), deleted, "premature", "met", "purgé trop tôt, il y a plus d'un an",
         "purged too early, more than a year ago", early)


def _clocks(cases: Cases) -> None:
    """21 days hold 503 hours in spring and 505 in autumn; the later of both readings counts."""
    for month, french, english in ((3, "passage à l'heure d'été", "clocks go forward"),
                                   (10, "passage à l'heure d'hiver", "clocks go back")):
        change = max(moment for moment in clock_changes(month) if moment < cases.world.end - 30 * DAY)
        deleted = at(day_of(change) - 10, AFTERNOON)
        hours, wall = deleted + 21 * DAY, at(day_of(deleted) + 21, AFTERNOON)
        for purged_at in sorted({hours, wall}):
            kept = "met" if purged_at == max(hours, wall) else "premature"
            both(cases, cases.item(deleted, purged_at), deleted, kept, "met", french, english, purged_at)
    # `change` is that of October: the wall clock shows half past two twice, and the later one is meant.
    deleted = at(day_of(change) - 21, 2 * HOUR + 1_800)
    for purged_at, kept in ((deleted + 21 * DAY, "premature"), (deleted + 21 * DAY + HOUR, "met")):
        both(cases, cases.item(deleted, purged_at), deleted, kept, "met", "l'heure de fin se produit deux fois",
             "its hour of ending occurs twice", purged_at)


def _early(cases: Cases) -> None:
    deleted = at(cases.world.today - 60, AFTERNOON)
    both(cases, cases.item(deleted, deleted + 5 * DAY), deleted, "premature", "met", "purgé après cinq jours",
         "purged after five days")
    item = cases.item(deleted)
    cases.journal("item", item, deleted + 8 * DAY)
    both(cases, item, deleted, "premature", "met", "purgé trop tôt, selon le journal", "purged too early, says the journal")
    item = cases.item(deleted)
    for server in (PRIMARY, REPLICA):
        cases.copy(item, server, deleted - 30 * DAY, deleted + 12 * DAY)
    both(cases, item, deleted, "premature", "met", "le serveur principal l'a perdu trop tôt",
         "the primary server lost it too early")


def _copies(cases: Cases) -> None:
    deleted = at(cases.world.today - 80, AFTERNOON)
    limit = purge_limit(deleted)
    purged_at = limit - 9 * HOUR
    for gone_at, state, french, english in (
        (limit - 1, "met", "réplique purgée dans la dernière seconde", "replica purged in the last second"),
        (limit, "late", "réplique purgée une seconde trop tard", "replica purged a second too late"),
        (NONE, "overdue", "reste sur la réplique", "left on the replica"),
    ):
        item = cases.item(deleted, purged_at)
        cases.copy(item, PRIMARY, deleted - 30 * DAY, purged_at)
        cases.copy(item, REPLICA, deleted - 30 * DAY, gone_at)
        both(cases, item, deleted, "met", state, french, english)
    item = cases.item(deleted, purged_at)
    cases.copy(item, PRIMARY, deleted - 30 * DAY, purged_at)
    both(cases, item, deleted, "met", "unknown", "la réplique n'est pas dans la liste", "the replica is not listed")
    item = cases.item(deleted, purged_at)
    for server, gone_at in ((PRIMARY, purged_at), (REPLICA, purged_at), (UNLISTED, NONE)):
        cases.copy(item, server, deleted - 30 * DAY, gone_at)
    both(cases, item, deleted, "met", "unknown", "copie sur un serveur inconnu", "a copy on an unknown server")


def _former_server(cases: Cases) -> None:
    """A server that goes out of service takes its copies with it, on that day."""
    for days, state, french, english in (
        (FORMER_UNTIL + 20, "met", "serveur retiré avant l'échéance", "server taken away before the term"),
        (FORMER_UNTIL + 40, "late", "serveur retiré après l'échéance", "server taken away after the term"),
    ):
        deleted = at(cases.world.today - days, AFTERNOON)
        purged_at = purge_limit(deleted) - 9 * HOUR
        item = cases.item(deleted, purged_at)
        for server, gone_at in ((PRIMARY, purged_at), (REPLICA, purged_at), (FORMER, NONE)):
            cases.copy(item, server, deleted - 30 * DAY, gone_at)
        both(cases, item, deleted, "met", state, french, english)


def _snapshots(cases: Cases) -> None:
    """An archive from the service's first days, never removed, holds what was there; one that failed holds nothing."""
    opened = cases.world.opened
    cases.rows["backup"].append({"taken_at": at(opened + 12, HOUR), "status": 0, "holds_trash": False, "removed_at": NONE})
    cases.rows["backup"].append({"taken_at": at(opened + 20, HOUR), "status": 2, "holds_trash": False, "removed_at": NONE})
    deleted = at(cases.world.today - 70, AFTERNOON)
    owner = cases.account(created_at=at(opened + 5, 9 * HOUR))
    cases.visits(owner[0], at(opened + 5), cases.world.ago(1))
    for days, state, french, english in ((10, "overdue", "reste dans une vieille archive", "left in an old archive"),
                                         (15, "met", "l'archive suivante a échoué", "the next archive failed")):
        item = cases.item(deleted, purge_limit(deleted) - 9 * HOUR, created_at=at(opened + days, 9 * HOUR), owner=owner)
        both(cases, item, deleted, "met", state, french, english)


def _restored(cases: Cases) -> None:
    deleted = at(cases.world.today - 50, AFTERNOON)
    limit = purge_limit(deleted)
    for restored_at, purged, french, english in (
        (deleted + DAY, "void", "restauré le lendemain", "restored the next day"),
        (limit - 1, "void", "restauré avant la fin du délai de purge", "restored before the purge was due"),
        (limit, "late", "restauré alors qu'il devait être purgé", "restored when it had to be purged"),
    ):
        item = cases.item(deleted, restored_at=restored_at)
        both(cases, item, deleted, "void", purged, french, english)


def _again(cases: Cases) -> None:
    """Deleted, restored, deleted again: a new obligation of its own."""
    first, second = at(cases.world.today - 110, AFTERNOON), at(cases.world.today - 55, AFTERNOON)
    for purged_at, state in ((purge_limit(second) - HOUR, "met"), (NONE, "overdue")):
        owner = cases.account(created_at=first - 90 * DAY)
        item = cases.item(first, restored_at=first + 3 * DAY, owner=owner)
        cases.item(second, purged_at, created_at=first - 30 * DAY, owner=owner, number=item)
        both(cases, item, first, "void", "void", "première suppression, restaurée", "first deletion, restored")
        both(cases, item, second, "met", state, "seconde suppression", "second deletion")


def _erasure_asked(cases: Cases) -> None:
    """Who asks to be erased inside the window frees his item from being kept; before or after it, or withdrawn, not."""
    deleted = at(cases.world.today - 65, AFTERNOON)
    done = deleted + 6 * DAY
    for received, outcome, kept, french, english in (
        (deleted + 2 * DAY, "granted", "void", "effacement demandé dans les trois semaines",
         "erasure asked in the three weeks"),
        (deleted - 1, "granted", "premature", "effacement demandé avant la suppression",
         "erasure asked before the deletion"),
        (deleted + 2 * DAY, "withdrawn", "premature", "demande d'effacement retirée", "erasure request withdrawn"),
    ):
        is_granted = outcome == "granted"
        gone = {"removed_at": done, "erased_at": done} if is_granted else {}
        owner = cases.colleague(seen=deleted - 3 * DAY if is_granted else cases.world.ago(4), **gone)
        cases.rights(received, "erasure", outcome, owner, answered_at=done, erased_at=done if is_granted else NONE)
        item = cases.item(deleted, done, owner=owner)
        both(cases, item, deleted, kept, "met", french, english)


def _hold(cases: Cases) -> None:
    deleted = at(cases.world.today - 48, AFTERNOON)
    item = cases.item(deleted)
    cases.hold(deleted + DAY, cases.world.end + 20 * DAY, PURGED, item=item)
    both(cases, item, deleted, "met", "held", "conservation légale en cours", "a legal hold is running")
