"""Deleted accounts and users who have left: three years from the act, to the end of the local day."""

from pipelines.demo.cases import DELETED, INACTIVE, Cases, day_of
from pipelines.demo.moments import DAY, HOUR, NONE, as_date, at, day_number, end_of, latest_with, plus_months
from pipelines.demo.words import STATES, code

MONTHS = 36
YEAR = 365 * DAY


def due_day(opened: int) -> int:
    """The last day on which an act of that day may still be unfulfilled."""
    return plus_months(opened, MONTHS)


def act_due_on(day: int) -> int:
    """The latest day whose three years end on `day` or before."""
    return latest_with(due_day, day, day - 3 * 365 + 3)


def plant(cases: Cases) -> None:
    """The edges of the term, the ways of closing and of not closing, holds, and who counts from when."""
    _edges(cases)
    _history(cases)
    _leap_day(cases)
    _which_act(cases)
    _contradictions(cases)
    _holds(cases)
    _undone(cases)
    _leavers(cases)
    _two_accounts(cases)


def _gone(cases: Cases, act: int, erased: int = NONE, done: int | None = None, **columns) -> tuple[int, int]:
    """An account whose owner asked at `act` and which was deleted two nights later.

    It was paid until a year after, so that idleness ends later than the term that is to be judged.
    """
    done = at(day_of(act) + 2, HOUR) if done is None else done
    account, person = cases.account(
        seen=act - HOUR, deletion_requested_at=act, deleted_at=done, erased_at=erased, state=code(STATES, "deleted"),
        paid_from_at=at(day_of(act) - 100), paid_until_at=at(day_of(act) + 500), **columns)
    cases.request(account, act)
    return account, person


def _both(cases: Cases, subject: tuple[int, int], state: str, opened: int, french: str, english: str,
          failed_at: int | None = None) -> None:
    """The owner of a deleted account inherits its date."""
    cases.expect(DELETED, "account", subject[0], state, opened, french, english, failed_at)
    cases.expect(DELETED, "person", subject[1], state, opened, french, english, failed_at)


def _edges(cases: Cases) -> None:
    today = cases.world.today
    act = at(today - 1_300, 15 * HOUR)
    _both(cases, _gone(cases, act), "overdue", act, "supprimé il y a plus de trois ans, données encore là",
          "deleted more than three years ago, data still there")
    for ends_on, state, french, english in (
        (today, "overdue", "le dernier jour vient de finir", "its last day has just ended"),
        (today + 1, "due_soon", "échéance demain soir", "falls due tomorrow night"),
        (today + 30, "due_soon", "échéance au bout de l'horizon", "falls due at the end of the horizon"),
        (today + 31, "open", "échéance un jour après l'horizon", "falls due a day after the horizon"),
    ):
        act = at(act_due_on(ends_on), 23 * HOUR + 1_800)
        exact = due_day(day_of(act)) == ends_on
        # A 29 February is nobody's last day: the day before is then, and is judged as it stands.
        found = state if exact else ("overdue" if ends_on - 1 <= today else "due_soon")
        _both(cases, _gone(cases, act), found, act, french, english)
    for shift, state, french, english in (
        (-1, "met", "effacé dans la dernière seconde", "erased in the last second"),
        (0, "late", "effacé à la première seconde de trop", "erased in the first second too late"),
    ):
        act = at(act_due_on(today - 70), 1_800)      # half past midnight: the day before, in UTC
        limit = int(end_of(due_day(day_of(act))))
        _both(cases, _gone(cases, act, erased=limit + shift), state, act, french, english)


def _history(cases: Cases) -> None:
    today = cases.world.today
    for erased, french, english in (
        (cases.world.review_from, "en retard, au premier instant de la période examinée",
         "late, in the first instant of the review period"),
        (cases.world.review_from - 1, "en retard, une seconde avant la période examinée",
         "late, a second before the review period"),
        (at(today - 450), "en retard, il y a longtemps", "late, long ago"),
    ):
        act = at(act_due_on(day_of(erased) - 20), 10 * HOUR)
        _both(cases, _gone(cases, act, erased=erased), "late", act, french, english, erased)


def _leap_day(cases: Cases) -> None:
    """29 February: three years later the last day is the 28th."""
    year = max(y for y in range(2012, 2060, 4) if due_day(_leap(y)) < cases.world.today)
    act = at(_leap(year), 12 * HOUR)
    limit = int(end_of(due_day(_leap(year))))
    for shift, state in ((-1, "met"), (0, "late")):
        _both(cases, _gone(cases, act, erased=limit + shift), state, act,
              "demandé un 29 février : le terme est le 28", "asked on a 29 February: the term is the 28th", limit + shift)


def _leap(year: int) -> int:
    return day_number(as_date(0).replace(year=year, month=2, day=29))


def _which_act(cases: Cases) -> None:
    today = cases.world.today
    act = at(act_due_on(today - 40), 10 * HOUR)
    erased = int(end_of(due_day(day_of(act)))) + 5 * DAY
    subject = _gone(cases, act, erased=erased, done=at(day_of(act) + 20, HOUR))
    _both(cases, subject, "late", act, "la demande fait courir le délai, pas l'exécution",
          "the term runs from the request, not from its execution")
    done = at(act_due_on(today - 12), 4 * HOUR)
    account, person = cases.account(seen=done - 9 * HOUR, deleted_at=done, state=code(STATES, "deleted"),
                                    paid_from_at=at(day_of(done) - 100), paid_until_at=at(day_of(done) + 300))
    _both(cases, (account, person), "overdue", done, "supprimé sans demande connue", "deleted without a known request")


def _contradictions(cases: Cases) -> None:
    today = cases.world.today
    act = at(act_due_on(today - 25), 16 * HOUR)
    erased = at(day_of(act) + 600, HOUR)
    subject = _gone(cases, act, erased=erased, has_email=True)
    _both(cases, subject, "overdue", act, "effacé selon le journal, l'adresse est encore là",
          "erased says the journal, the address is still there")
    act = at(today - 500, 16 * HOUR)
    subject = _gone(cases, act, erased=at(day_of(act) + 60, HOUR), has_email=True)
    _both(cases, subject, "open", act, "effacé selon le journal, l'adresse est encore là, délai en cours",
          "erased says the journal, the address is still there, term running")
    act = at(act_due_on(today - 100), 16 * HOUR)
    nothing = dict.fromkeys(("has_name", "has_email", "has_phone", "has_address"), False)
    account, person = _gone(cases, act, **nothing)
    cases.rows["person"][person]["has_phone"] = False
    _both(cases, (account, person), "unknown", act, "données parties sans date", "data gone without a date")
    cases.expect(INACTIVE, "account", account, "unknown", at(day_of(act) + 500), "données parties sans date",
                 "data gone without a date")
    account, person = _gone(cases, act, **nothing)
    cases.rows["person"][person]["has_phone"] = False
    for kind, number in (("account", account), ("person", person)):
        cases.journal(kind, number, int(end_of(due_day(day_of(act)))) - HOUR)
    _both(cases, (account, person), "met", act, "seul le journal donne la date, à temps",
          "only the journal has the date, in time")


def _holds(cases: Cases) -> None:
    world = cases.world
    for until, since, approved, state, french, english in (
        (world.end, 200, True, "held", "conservation légale jusqu'à ce soir", "legal hold until tonight"),
        (world.end + 90 * DAY, 200, True, "held", "conservation légale en cours", "a legal hold is running"),
        (world.end - 1, 200, True, "overdue", "conservation légale expirée", "the legal hold has expired"),
        (world.end + 90 * DAY, 20, True, "overdue", "conservation décidée après l'échéance", "held only after the term"),
        (world.end + 90 * DAY, 200, False, "overdue", "conservation sans approbation", "a hold that nobody approved"),
    ):
        act = at(act_due_on(world.today - 50), 14 * HOUR)
        account, person = _gone(cases, act)
        from_at = world.ago(since)
        cases.hold(from_at, until, DELETED, approved, account=account)
        cases.hold(from_at, until, DELETED, approved, person=person)
        _both(cases, (account, person), state, act, french, english)


def _undone(cases: Cases) -> None:
    today = cases.world.today
    for act_day, back_day, state, french, english in (
        (today - 900, today - 880, "void", "rétabli trois semaines plus tard", "reinstated three weeks later"),
        (today - 1_300, today - 60, "late", "rétabli après l'échéance : le manquement reste",
         "reinstated after the term: the failure stays"),
    ):
        act = at(act_day, 10 * HOUR)
        account, person = cases.account(created_at=act - 300 * DAY, deletion_requested_at=act, deleted_at=act + 3 * DAY,
                                        reinstated_at=at(back_day, 11 * HOUR))
        cases.visits(account, act - 300 * DAY, cases.world.ago(1))
        cases.request(account, act)
        cases.expect(DELETED, "account", account, state, act, french, english)
    act = at(today - 700, 10 * HOUR)
    account, person = cases.account(created_at=act - 300 * DAY)
    cases.visits(account, act - 300 * DAY, cases.world.ago(1))
    cases.request(account, act, withdrawn_at=act + 4 * DAY)
    cases.expect(DELETED, "account", account, "void", act, "demande retirée", "request withdrawn")


def _leavers(cases: Cases) -> None:
    today = cases.world.today
    for ends_on, state, french, english in (
        (today - 300, "overdue", "utilisateur retiré d'un compte vivant", "user removed from a living account"),
        (today, "overdue", "utilisateur retiré, dernier jour fini", "user removed, last day over"),
        (today + 2, "due_soon", "utilisateur retiré, échéance après-demain", "user removed, due in two days"),
    ):
        removed = at(act_due_on(ends_on), 9 * HOUR)
        _, person = cases.colleague(removed_at=removed)
        found = state if ends_on <= today or due_day(day_of(removed)) > today else "overdue"
        cases.expect(DELETED, "person", person, found, removed, french, english)
    removed = at(act_due_on(today - 33), 9 * HOUR)
    limit = int(end_of(due_day(day_of(removed))))
    for shift, state in ((-1, "met"), (0, "late")):
        _, person = cases.colleague(removed_at=removed, erased_at=limit + shift)
        cases.expect(DELETED, "person", person, state, removed, "utilisateur retiré, effacé au bord du délai",
                     "user removed, erased at the edge of the term")


def _two_accounts(cases: Cases) -> None:
    """Who lives in another account has not left: only the account's own data is due."""
    act = at(cases.world.today - 1_250, 15 * HOUR)
    account, person = _gone(cases, act)
    home, _ = cases.account(created_at=act - 400 * DAY)
    cases.visits(home, act - 400 * DAY, cases.world.ago(1))
    cases.member(person, home, act - 100 * DAY, last_sign_in_at=cases.world.ago(20))
    cases.expect(DELETED, "account", account, "overdue", act, "compte supprimé ; sa personne vit dans un autre",
                 "deleted account; its person lives in another one")
    cases.expect(DELETED, "person", person, "none", act, "vit dans un autre compte", "lives in another account")
    removed = at(cases.world.today - 1_150, 9 * HOUR)
    _, person = cases.colleague(removed_at=removed)
    act = at(cases.world.today - 700, 9 * HOUR)
    second, owner = _gone(cases, act)
    cases.member(person, second, removed + DAY, last_sign_in_at=act - DAY)
    cases.expect(DELETED, "person", person, "open", act, "le dernier des deux départs compte",
                 "the later of two leavings counts")
