"""Replies owed to persons: deletions asked for, and the exercise of rights. A month, to the next working day."""

from pipelines.demo.cases import CANCELLATION, DELETED, RIGHTS, Cases, day_of
from pipelines.demo.moments import (
    DAY,
    HOUR,
    NONE,
    as_date,
    at,
    day_number,
    end_of,
    is_working,
    last_day,
    latest_with,
    next_working,
    plus_months,
    safe_day,
)
from pipelines.demo.words import STATES, code

HORIZON = 7
EXTENDED = 3


def limit_of(received: int, months: int = 1, pause: int = 0) -> int:
    """The first instant at which a reply is late by law."""
    return int(end_of(next_working(plus_months(day_of(received), months) + pause)))


def plant(cases: Cases) -> None:
    """Each edge twice: as a deletion asked for, and as a right exercised; then what only one of them knows."""
    for reply in (_cancellation, _access):
        _edges(cases, reply)
        _moved(cases, reply)
        _withdrawn(cases, reply)
    _account_only(cases)
    _users(cases)
    _twin(cases)
    _extended(cases)
    _identity(cases)
    _refused(cases)
    _erasures(cases)


def _cancellation(cases: Cases, asked: int, state: str, french: str, english: str, done: int = NONE,
                  withdrawn: int = NONE) -> None:
    is_done = done != NONE
    columns = {"deleted_at": done, "state": code(STATES, "deleted" if is_done else "active")}
    if withdrawn == NONE:
        columns["deletion_requested_at"] = asked
    seen = asked - HOUR if is_done else cases.world.ago(1)
    account, _ = cases.account(seen=seen, created_at=asked - 300 * DAY, **columns)
    cases.visits(account, asked - 300 * DAY, seen)
    number = cases.request(account, asked, withdrawn_at=withdrawn)
    cases.expect(CANCELLATION, "request", number, state, asked, french, english, max(done, withdrawn))
    if withdrawn != NONE:
        # A retention of three years has not begun to matter when the request is taken back.
        cases.expect(DELETED, "account", account, "void", asked, french, english)


def _access(cases: Cases, asked: int, state: str, french: str, english: str, done: int = NONE,
            withdrawn: int = NONE) -> None:
    outcome = "granted" if done != NONE else "withdrawn" if withdrawn != NONE else None
    number = cases.rights(asked, "access", outcome, answered_at=max(done, withdrawn))
    cases.expect(RIGHTS, "rights", number, state, asked, french, english, max(done, withdrawn))


def _edges(cases: Cases, reply) -> None:
    today = cases.world.today
    on_last = latest_with(last_day, today, today)
    near = latest_with(last_day, today + HORIZON, today)
    far = near + 1
    reply(cases, at(today - 95, 11 * HOUR), "overdue", "sans réponse depuis trois mois", "unanswered for three months")
    reply(cases, at(on_last, 23 * HOUR), "overdue", "dernier jour passé", "its last day has passed")
    reply(cases, at(on_last + 1, HOUR), "due_soon", "le premier dont le dernier jour n'est pas passé",
          "the first whose last day has not passed")
    reply(cases, at(near, 11 * HOUR), "due_soon", "au bout de l'horizon", "at the end of the horizon")
    reply(cases, at(far, 11 * HOUR), "open", "après l'horizon", "beyond the horizon")
    asked = at(today - 75, 11 * HOUR)
    limit = limit_of(asked)
    reply(cases, asked, "met", "dans la dernière seconde", "in the last second", done=limit - 1)
    reply(cases, asked, "late", "une seconde trop tard", "a second too late", done=limit)
    asked = at(plus_months(today, -14), 11 * HOUR)
    reply(cases, asked, "late", "en retard, il y a plus d'un an", "late, more than a year ago", done=limit_of(asked) + DAY)


def _moved(cases: Cases, reply) -> None:
    """The safe day is a Saturday, a Sunday, a holiday or the clamped end of a month: the legal one lies later, or not."""
    today = cases.world.today
    start = today - 45

    def found(is_wanted) -> int:
        day = start
        while not is_wanted(safe_day(day)):
            day -= 1
        return day

    sunday = found(lambda day: as_date(day).weekday() == 6)
    holiday = found(lambda day: as_date(day).weekday() < 5 and not is_working(day))
    month_end = found_month_end(start)
    for day, french, english in ((sunday, "échéance un dimanche, reportée", "due on a Sunday, moved"),
                                 (holiday, "échéance un jour férié, reportée", "due on a public holiday, moved"),
                                 (month_end, "reçu un 31, échéance en fin de mois",
                                  "received on a 31st, due at the month's end")):
        asked = at(day, 9 * HOUR)
        limit = limit_of(asked)
        reply(cases, asked, "met", french, english, done=limit - 1)
        reply(cases, asked, "late", french, english, done=limit)


def found_month_end(start: int) -> int:
    """The latest 31 January up to `start`."""
    year = as_date(start).year
    day = day_number(as_date(0).replace(year=year))
    return day + 30 if day + 30 <= start else day_number(as_date(0).replace(year=year - 1)) + 30


def _withdrawn(cases: Cases, reply) -> None:
    asked = at(cases.world.today - 85, 11 * HOUR)
    limit = limit_of(asked)
    reply(cases, asked, "void", "retiré dans la dernière seconde", "withdrawn in the last second", withdrawn=limit - 1)
    reply(cases, asked, "late", "retiré après l'échéance", "withdrawn after the term", withdrawn=limit)


def _account_only(cases: Cases) -> None:
    asked = at(cases.world.today - 66, 18 * HOUR)
    for done, state in ((NONE, "overdue"), (limit_of(asked) - 1, "met")):
        account, _ = cases.account(seen=asked - HOUR, deletion_requested_at=asked, deleted_at=done,
                                   state=code(STATES, "active" if done == NONE else "deleted"))
        cases.expect(CANCELLATION, "account", account, state, asked, "demande connue du seul compte",
                     "a request that only the account's row knows")


def _users(cases: Cases) -> None:
    asked = at(cases.world.today - 58, 18 * HOUR)
    limit = limit_of(asked)
    for removed, state, french, english in (
        (NONE, "overdue", "utilisateur toujours membre", "user still a member"),
        (limit - 1, "met", "utilisateur retiré dans la dernière seconde", "user removed in the last second"),
        (limit, "late", "utilisateur retiré une seconde trop tard", "user removed a second too late"),
    ):
        account, person = cases.colleague(removed_at=removed, seen=asked - HOUR)
        number = cases.request(account, asked, person)
        cases.expect(CANCELLATION, "request", number, state, asked, french, english)


def _twin(cases: Cases) -> None:
    """The same wish, of the same day, in two datasets: judged once, as the exercise of a right."""
    asked = at(cases.world.today - 70, 9 * HOUR)
    account, _ = cases.account(created_at=asked - 200 * DAY, deletion_requested_at=asked)
    request = cases.request(account, asked)
    rights = cases.rights(asked + 3 * HOUR, "erasure", who=(account, NONE))
    cases.expect(CANCELLATION, "request", request, "none", asked, "jugé comme exercice d'un droit",
                 "judged as a right exercised")
    cases.expect(RIGHTS, "rights", rights, "overdue", asked + 3 * HOUR, "la même demande dans deux registres",
                 "one request in two registers")
    next_day = at(day_of(asked) + 1, HOUR)
    account, _ = cases.account(created_at=asked - 200 * DAY, deletion_requested_at=asked)
    request = cases.request(account, asked)
    rights = cases.rights(next_day, "erasure", who=(account, NONE))
    for promise, kind, number, opened in ((CANCELLATION, "request", request, asked), (RIGHTS, "rights", rights, next_day)):
        cases.expect(promise, kind, number, "overdue", opened, "deux demandes de deux jours", "two requests of two days")


def _extended(cases: Cases) -> None:
    received = at(cases.world.today - 60, 10 * HOUR)
    first = limit_of(received)
    for notified, state, french, english in (
        (first - 1, "open", "prolongé dans la dernière seconde du mois", "extended in the month's last second"),
        (first, "overdue", "prolongation notifiée trop tard", "extension notified too late"),
    ):
        number = cases.rights(received, "portability", extension_notified_at=notified)
        cases.expect(RIGHTS, "rights", number, state, received, french, english)
    received = at(cases.world.today - 120, 10 * HOUR)
    limit = limit_of(received, EXTENDED)
    for answered, state, french, english in (
        (limit - 1, "met", "répondu dans la dernière seconde des trois mois", "answered in the last second of three months"),
        (limit, "late", "répondu une seconde après les trois mois", "answered a second after three months"),
    ):
        number = cases.rights(received, "objection", "granted", extension_notified_at=received + 9 * DAY,
                              answered_at=answered)
        cases.expect(RIGHTS, "rights", number, state, received, french, english)


def _identity(cases: Cases) -> None:
    received = at(cases.world.today - 90, 10 * HOUR)
    asked, pause = received + 4 * DAY, 12
    confirmed = at(day_of(asked) + pause, 16 * HOUR)
    limit = limit_of(received, pause=pause)
    for answered, state, french, english in (
        (limit - 1, "met", "la vérification d'identité a suspendu le délai", "the check of identity stopped the clock"),
        (limit, "late", "en retard malgré la vérification d'identité", "late in spite of the check of identity"),
    ):
        number = cases.rights(received, "access", "granted", identity_asked_at=asked, identity_confirmed_at=confirmed,
                              answered_at=answered)
        cases.expect(RIGHTS, "rights", number, state, received, french, english)
    received = at(cases.world.today - 60, 10 * HOUR)
    number = cases.rights(received, "access", identity_asked_at=received + 4 * DAY)
    cases.expect(RIGHTS, "rights", number, "open", received, "identité pas encore confirmée", "identity not confirmed yet")


def _refused(cases: Cases) -> None:
    received = at(cases.world.today - 50, 10 * HOUR)
    answered = received + 12 * DAY
    for has_reasons, state, french, english in (
        (False, "overdue", "refusé sans motif", "refused without reasons"),
        (True, "met", "refusé avec motif", "refused with reasons"),
    ):
        for right in ("rectification", "erasure"):
            number = cases.rights(received, right, "refused", answered_at=answered, has_reasons=has_reasons)
            cases.expect(RIGHTS, "rights", number, state, received, french, english)


def _erasures(cases: Cases) -> None:
    """An erasure is answered when it is carried out, not when it is granted."""
    received = at(cases.world.today - 55, 10 * HOUR)
    limit, granted = limit_of(received), received + 6 * DAY
    for done, state, french, english in (
        (NONE, "overdue", "accordé, jamais exécuté", "granted, never carried out"),
        (limit - 1, "met", "exécuté dans la dernière seconde", "carried out in the last second"),
        (limit, "late", "exécuté une seconde trop tard", "carried out a second too late"),
    ):
        who = cases.colleague(removed_at=done, erased_at=done, seen=received - HOUR)
        number = cases.rights(received, "erasure", "granted", who, answered_at=granted, erased_at=done)
        cases.expect(RIGHTS, "rights", number, state, received, french, english)
    who = cases.colleague(removed_at=granted, erased_at=granted, seen=received - HOUR, has_email=True)
    number = cases.rights(received, "erasure", "granted", who, answered_at=granted, erased_at=granted)
    french, english = "dit exécuté, l'adresse est encore là", "said to be carried out, the address is still there"
    cases.expect(RIGHTS, "rights", number, "overdue", received, french, english)
    cases.expect(DELETED, "person", who[1], "open", granted, french, english)
    who = cases.colleague(removed_at=granted, seen=received - HOUR, has_name=False, has_email=False, has_phone=False)
    cases.journal("person", who[1], granted)
    number = cases.rights(received, "erasure", "granted", who, answered_at=granted)
    cases.expect(RIGHTS, "rights", number, "met", received, "seul le journal dit l'exécution",
                 "only the journal tells of it")
