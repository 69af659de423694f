"""Idle accounts: three years from the last sign of use by a person, or from the end of what was paid."""

from pipelines.demo.cases import AGE, DELETED, INACTIVE, Cases, day_of
from pipelines.demo.moments import DAY, HOUR, at, end_of, plus_months
from pipelines.demo.planted.deleted import act_due_on, due_day
from pipelines.demo.words import STATES, code


def plant(cases: Cases) -> None:
    """Edges, what counts as a sign of use and what does not, returns, holds."""
    _edges(cases)
    _noise(cases)
    _signs(cases)
    _paid(cases)
    _returns(cases)
    _contradictions(cases)
    _holds(cases)


def _idle(cases: Cases, seen: int, **columns) -> int:
    columns = {"state": code(STATES, "suspended"), "plan": 0, **columns}
    account, _ = cases.account(seen=seen, **columns)
    return account


def _edges(cases: Cases) -> None:
    today = cases.world.today
    seen = at(today - 1_400, 15 * HOUR)
    cases.expect(INACTIVE, "account", _idle(cases, seen), "overdue", seen, "oublié depuis longtemps", "long forgotten")
    for ends_on, state, french, english in (
        (today, "overdue", "le dernier jour vient de finir", "its last day has just ended"),
        (today + 1, "due_soon", "échéance demain soir", "falls due tomorrow night"),
        (today + 30, "due_soon", "échéance au bout de l'horizon", "falls due at the end of the horizon"),
        (today + 31, "open", "échéance un jour après l'horizon", "falls due a day after the horizon"),
    ):
        seen = at(act_due_on(ends_on), 23 * HOUR + 1_800)
        exact = due_day(day_of(seen)) == ends_on
        found = state if exact else ("overdue" if ends_on - 1 <= today else "due_soon")
        cases.expect(INACTIVE, "account", _idle(cases, seen), found, seen, french, english)
    for shift, state, french, english in (
        (-1, "met", "effacé dans la dernière seconde", "erased in the last second"),
        (0, "late", "effacé à la première seconde de trop", "erased in the first second too late"),
    ):
        seen = at(act_due_on(today - 90), 1_800)
        limit = int(end_of(due_day(day_of(seen))))
        account = _idle(cases, seen, erased_at=limit + shift)
        cases.expect(INACTIVE, "account", account, state, seen, french, english)
    seen = at(act_due_on(plus_months(today, -14)), 9 * HOUR)
    erased = int(end_of(due_day(day_of(seen)))) + 9 * DAY
    account = _idle(cases, seen, erased_at=erased)
    cases.expect(INACTIVE, "account", account, "late", seen, "en retard, il y a plus d'un an", "late, more than a year ago",
                 erased)


def _noise(cases: Cases) -> None:
    for actor, french, english in (("api", "seule une clé d'API est active", "only an API key is active"),
                                   ("mail_open", "seuls des courriels sont ouverts", "only mail is opened"),
                                   ("system", "seules des tâches de fond tournent", "only background jobs run")):
        seen = cases.world.ago(1_200)
        account = _idle(cases, seen, state=code(STATES, "active"))
        cases.visits(account, seen, cases.world.end, every=40 * DAY, actor=actor)
        cases.expect(INACTIVE, "account", account, "overdue", seen, french, english)


def _signs(cases: Cases) -> None:
    world = cases.world
    old = world.ago(1_300)
    edit = world.ago(500)
    account = _idle(cases, old, last_edit_at=edit)
    cases.expect(INACTIVE, "account", account, "open", edit, "profil modifié depuis", "profile edited since")
    act = world.ago(600, 5 * HOUR)
    account = _idle(cases, old)
    cases.act(account, act)
    cases.expect(INACTIVE, "account", account, "open", act, "une action dans l'usage seulement", "an action in the log only")
    signed_in = world.ago(450)
    account = _idle(cases, old)
    person = cases.person(old)
    cases.member(person, account, old, last_sign_in_at=signed_in)
    cases.expect(INACTIVE, "account", account, "open", signed_in, "un seul de ses utilisateurs est venu",
                 "only one of its users came")
    old = world.ago(1_250)
    account = _idle(cases, world.ago(2), state=code(STATES, "active"), created_at=old - AGE)
    person = cases.person(old - 300 * DAY)
    cases.member(person, account, old - 300 * DAY, last_sign_in_at=old)
    cases.visits(account, old - AGE, world.ago(2))
    cases.expect(INACTIVE, "account", account, "open", world.ago(2), "utilisateur oisif dans un compte actif",
                 "an idle user in an active account")
    seen = world.ago(1_130)
    deleted = at(world.today - 700, HOUR)
    account = _idle(cases, seen, deleted_at=deleted, state=code(STATES, "deleted"))
    cases.expect(INACTIVE, "account", account, "overdue", seen, "la suppression ne relance pas l'inactivité",
                 "deletion does not restart idleness")


def _paid(cases: Cases) -> None:
    world = cases.world
    old = world.ago(1_500)

    def paid(until_day: int) -> int:
        return _idle(cases, old, plan=2, paid_from_at=at(day_of(old) - 30), paid_until_at=at(until_day))

    cases.expect(INACTIVE, "account", paid(world.today + 200), "none", old, "payé au-delà d'aujourd'hui",
                 "paid beyond today")
    until = world.today - 400
    cases.expect(INACTIVE, "account", paid(until), "open", at(until), "période payée finie il y a un an",
                 "paid period ended a year ago")
    for ends_on, state in ((world.today, "overdue"), (world.today + 1, "due_soon")):
        until = act_due_on(ends_on)
        found = state if due_day(until) == ends_on else "overdue"
        cases.expect(INACTIVE, "account", paid(until), found, at(until), "le délai court de la fin de la période payée",
                     "the term runs from the end of the paid period")
    account = _idle(cases, old, plan=2)
    start, until = day_of(old) + 10, world.today - 420
    cases.invoice(start, plus_months(start, 8), account=account, period_from_on=start, period_until_on=until)
    cases.expect(INACTIVE, "account", account, "open", at(until), "seule une facture dit la période payée",
                 "only an invoice tells the paid period")


def _returns(cases: Cases) -> None:
    world = cases.world
    back = world.ago(50, 9 * HOUR)
    for opened, french, english in (
        (at(act_due_on(day_of(back)) - 30, 15 * HOUR), "revenu après l'échéance", "came back after the term"),
        (at(act_due_on(day_of(back) - 1), 15 * HOUR), "revenu le lendemain de l'échéance", "came back the day after"),
    ):
        account = _idle(cases, back, created_at=opened, state=code(STATES, "active"))
        cases.expect(INACTIVE, "account", account, "late", opened, french, english)
    opened = at(act_due_on(day_of(back)) + 1, 15 * HOUR)
    account = _idle(cases, back, created_at=opened, state=code(STATES, "active"))
    cases.expect(INACTIVE, "account", account, "none", opened, "revenu le dernier jour", "came back on the last day")
    back = at(plus_months(world.today, -15), 9 * HOUR)
    opened = at(act_due_on(day_of(back)) - 90, 15 * HOUR)
    account = _idle(cases, world.ago(3), created_at=opened, state=code(STATES, "active"))
    cases.act(account, back)
    cases.expect(INACTIVE, "account", account, "late", opened, "revenu après l'échéance, il y a plus d'un an",
                 "came back after the term, more than a year ago", back)


def _contradictions(cases: Cases) -> None:
    seen = at(act_due_on(cases.world.today - 30), 9 * HOUR)
    account, person = cases.account(seen, state=code(STATES, "suspended"), erased_at=at(day_of(seen) + 900, HOUR),
                                    has_email=True)
    french = "effacé selon le journal, l'adresse est encore là"
    english = "erased says the journal, the address is still there"
    cases.expect(INACTIVE, "account", account, "overdue", seen, french, english)
    cases.expect(DELETED, "person", person, "none", seen, french, english)
    nothing = dict.fromkeys(("has_name", "has_email", "has_phone", "has_address"), False)
    account = _idle(cases, seen, **nothing)
    cases.expect(INACTIVE, "account", account, "unknown", seen, "données parties sans date", "data gone without a date")
    account = _idle(cases, seen, **nothing)
    cases.journal("account", account, int(end_of(due_day(day_of(seen)))) - 1)
    cases.expect(INACTIVE, "account", account, "met", seen, "seul le journal donne la date, à temps",
                 "only the journal has the date, in time")


def _holds(cases: Cases) -> None:
    world = cases.world
    for until, state, french, english in (
        (world.end + 30 * DAY, "held", "conservation légale en cours", "a legal hold is running"),
        (world.end - DAY, "overdue", "conservation légale expirée", "the legal hold has expired"),
    ):
        seen = at(act_due_on(world.today - 60), 9 * HOUR)
        account = _idle(cases, seen)
        cases.hold(world.ago(300), until, account=account)
        cases.expect(INACTIVE, "account", account, state, seen, french, english)
