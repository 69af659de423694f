"""E-mails that do not say how to stop them, and e-mails to those who had said stop."""

from pipelines.demo.cases import RESPECTED, UNSUBSCRIBE, Cases, day_of
from pipelines.demo.moments import DAY, HOUR, NONE, as_date, at, end_of

ABSENT = "none"     # what says how to stop it, or was not stopped, is counted by its day and not listed


def plant(cases: Cases) -> None:
    _said(cases)
    _stopped(cases)
    _history(cases)


def _said(cases: Cases) -> None:
    """Header or link; where one is not known, the other may do."""
    today = cases.world.today
    for ago, kind, header, link, state, french, english in (
        (40, "marketing", 0, 0, "no_unsubscribe", "ni en-tête ni lien", "neither header nor link"),
        (41, "information", 0, 0, "no_unsubscribe", "information, ni en-tête ni lien", "news, neither header nor link"),
        (42, "marketing", NONE, 0, "unsubscribe_unknown", "pas de lien, en-tête inconnu", "no link, header not known"),
        (43, "marketing", 0, 1, ABSENT, "le lien seul suffit", "the link alone will do"),
        (44, "marketing", 1, 0, ABSENT, "l'en-tête seul suffit", "the header alone will do"),
        (45, "information", NONE, 1, ABSENT, "en-tête inconnu, mais un lien", "header not known, but a link"),
        (46, "transactional", 0, 0, ABSENT, "un reçu, que nul n'arrête", "a receipt, which nobody can stop"),
    ):
        sent_at = at(today - ago, 11 * HOUR)
        number = cases.email(cases.new("recipient"), sent_at, kind, header, link)
        cases.condition(UNSUBSCRIBE, "email", number, state, sent_at, french, english)
        if state == ABSENT and kind != "transactional":
            _by_day(cases, UNSUBSCRIBE, kind, sent_at)


def _stopped(cases: Cases) -> None:
    """An opt-out takes effect when the next local day ends; an opt-in counts from its very second."""
    today = cases.world.today
    stopped = at(today - 60, 23 * HOUR)
    effect, again = end_of(day_of(stopped) + 1), at(today - 55, 9 * HOUR)
    for stop, kind, sent_at, state, french, english in (
        ("all", "marketing", effect, True, "à la seconde où le désabonnement prend effet", "in the second of its effect"),
        ("all", "information", effect + DAY, True, "information, tout étant arrêté", "news, all being stopped"),
        ("marketing", "marketing", again - 1, True, "une seconde avant le nouvel accord", "a second before agreeing again"),
        ("all", "marketing", effect - 1, False, "dans la dernière seconde avant l'effet", "in the last second before it"),
        ("marketing", "marketing", again, False, "à la seconde du nouvel accord", "in the second of agreeing again"),
        ("information", "marketing", effect + 2 * DAY, False, "autre sorte de courriel", "another kind of e-mail"),
        ("all", "transactional", effect + 3 * DAY, False, "un reçu malgré tout", "a receipt all the same"),
    ):
        number = cases.email(cases.opt_out(stopped, stop, again), sent_at, kind)
        cases.condition(RESPECTED, "email", number, "sent_after_opt_out" if state else ABSENT, sent_at, french, english)
        if not state and kind != "transactional":
            _by_day(cases, RESPECTED, kind, sent_at)


def _history(cases: Cases) -> None:
    """The review period ends twelve months back: what was sent a second earlier is history."""
    first = cases.world.review_from
    for sent_at, french, english in (
        (first, "quand commence la période de revue", "as the review period begins"),
        (first - 1, "une seconde plus tôt", "a second earlier"),
    ):
        mute = cases.email(cases.new("recipient"), sent_at, "marketing", 0, 0)
        cases.condition(UNSUBSCRIBE, "email", mute, "no_unsubscribe", sent_at, french, english)
        unwanted = cases.email(cases.opt_out(first - 30 * DAY), sent_at)
        cases.condition(RESPECTED, "email", unwanted, "sent_after_opt_out", sent_at, french, english)


def _by_day(cases: Cases, promise: str, kind: str, sent_at: int) -> None:
    """Of what is kept, the day and the kind."""
    day = day_of(sent_at)
    cases.condition(promise, "email", f"{kind} {as_date(day)}", "kept", at(day), "compté avec son jour",
                    "counted with its day")
