"""Recoveries: asked inside the three weeks, they must be served within thirty days, and suspend the purge meanwhile."""

from pipelines.demo.cases import RECOVERABLE, Cases, day_of
from pipelines.demo.moments import DAY, HOUR, NONE, at, end_of, plus_months, trash_end
from pipelines.demo.planted.trash import AFTERNOON, both, purge_limit

SERVE_DAYS = 30


def serve_limit(requested: int) -> int:
    """The first instant at which a recovery is served too late."""
    return int(end_of(day_of(requested) + SERVE_DAYS))


def suspended_limit(until: int) -> int:
    """The first instant at which a purge is late that waited until then."""
    return int(end_of(day_of(until) + 1))


def plant(cases: Cases) -> None:
    """Waiting, served, refused; the edges of the window; what the item owes meanwhile."""
    _waiting(cases)
    _served(cases)
    _refused(cases)
    _window(cases)
    _in_vain(cases)


def _waiting(cases: Cases) -> None:
    today = cases.world.today
    for days, state, purged, french, english in (
        (40, "overdue", "overdue", "attend depuis plus de trente jours", "waiting for more than thirty days"),
        (SERVE_DAYS, "overdue", "open", "les trente jours viennent de finir", "the thirty days have just ended"),
        (SERVE_DAYS - 1, "open", "open", "les trente jours finissent demain", "the thirty days end tomorrow"),
    ):
        requested = at(today - days, 10 * HOUR)
        deleted = at(today - days - 9, AFTERNOON)
        item = cases.item(deleted)
        both(cases, item, deleted, "met", purged, french, english)
        number = cases.recovery(item, requested)
        cases.expect(RECOVERABLE, "recovery", number, state, requested, french, english)


def _served(cases: Cases) -> None:
    today = cases.world.today
    requested = at(today - 80, 10 * HOUR)
    limit = serve_limit(requested)
    long_ago = at(plus_months(today, -16), 10 * HOUR)
    for asked, served, state, purged, french, english in (
        (requested, limit - 1, "met", "void", "rendu dans la dernière seconde", "served in the last second"),
        (requested, limit, "late", "void", "rendu à la première seconde de trop", "served in the first second too late"),
        (requested, limit + 12 * DAY, "late", "late", "rendu bien trop tard", "served far too late"),
        (long_ago, serve_limit(long_ago) + HOUR, "late", "void", "rendu trop tard, il y a plus d'un an",
         "served too late, more than a year ago"),
    ):
        deleted = at(day_of(asked) - 5, AFTERNOON)
        item = cases.item(deleted, restored_at=served)
        both(cases, item, deleted, "void", purged, french, english)
        number = cases.recovery(item, asked, "served", served)
        cases.expect(RECOVERABLE, "recovery", number, state, asked, french, english, served)


def _refused(cases: Cases) -> None:
    deleted = at(cases.world.today - 75, AFTERNOON)
    requested = deleted + 4 * DAY
    item = cases.item(deleted, purge_limit(deleted) - 9 * HOUR)
    number = cases.recovery(item, requested, "refused", requested + 2 * DAY)
    french, english = "refusé alors que la demande était dans les délais", "refused though it was asked inside the window"
    cases.expect(RECOVERABLE, "recovery", number, "overdue", requested, french, english)
    both(cases, item, deleted, "met", "met", french, english)


def _window(cases: Cases) -> None:
    """The window ends where the item may first be purged; that instant is outside."""
    deleted = at(cases.world.today - 24, AFTERNOON)
    end = trash_end(deleted)
    for requested, state, purged_at, purged, french, english in (
        (end - 1, "open", NONE, "open", "demandé dans la dernière seconde", "asked in the last second"),
        (end, "void", end + 15 * HOUR, "met", "demandé à la fin des trois semaines", "asked as the three weeks ended"),
        (end + 60, "void", end + 15 * HOUR, "met", "demandé une minute trop tard", "asked a minute too late"),
    ):
        item = cases.item(deleted, purged_at)
        outcome = ("refused", requested + HOUR) if purged_at != NONE else ("pending", NONE)
        number = cases.recovery(item, requested, *outcome)
        cases.expect(RECOVERABLE, "recovery", number, state, requested, french, english)
        both(cases, item, deleted, "met", purged, french, english)
    item = cases.item(deleted, restored_at=end + 8 * HOUR)
    number = cases.recovery(item, end + 60, "served", end + 8 * HOUR)
    cases.expect(RECOVERABLE, "recovery", number, "void", end + 60, "demandé trop tard et pourtant rendu",
                 "asked too late and yet served")
    both(cases, item, deleted, "void", "void", "demandé trop tard et pourtant rendu", "asked too late and yet served")


def _in_vain(cases: Cases) -> None:
    deleted = at(cases.world.today - 60, AFTERNOON)
    requested = deleted + 20 * DAY
    ended = requested + 9 * DAY
    limit = suspended_limit(ended)
    for outcome, purged_at, purged, french, english in (
        ("unpaid", limit - 1, "met", "non payé ; purgé à la fin du délai suspendu",
         "unpaid; purged as the suspended term ended"),
        ("unpaid", limit, "late", "non payé ; purgé une seconde trop tard", "unpaid; purged a second too late"),
        ("withdrawn", NONE, "overdue", "retiré ; jamais purgé", "withdrawn; never purged"),
    ):
        item = cases.item(deleted, purged_at)
        number = cases.recovery(item, requested, outcome, ended)
        cases.expect(RECOVERABLE, "recovery", number, "void", requested, french, english)
        both(cases, item, deleted, "met", purged, french, english)
