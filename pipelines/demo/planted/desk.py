"""The support desk: data opened for no reason, or on another's ticket; requests that nobody acknowledged; help not given."""

from pipelines.demo.cases import ACCESS, ASSISTANCE, CHANNELS, Cases, day_of
from pipelines.demo.moments import DAY, HOUR, NONE, at, end_of, plus_months

MORNING = 10 * HOUR
TOLERANCE, ACKNOWLEDGE_DAYS, ANSWER_DAYS = HOUR, 7, 15


def plant(cases: Cases) -> None:
    _reasons(cases)
    _tickets(cases)
    _edges(cases)
    _requests(cases)
    _help(cases)
    _statements(cases)


def _opened(cases: Cases, state: str, french: str, english: str, accessed_at: int | None = None, **columns) -> None:
    """Data opened forty days ago, unless said otherwise."""
    accessed_at = cases.world.ago(40) if accessed_at is None else accessed_at
    account, _ = (columns.pop("account"), None) if "account" in columns else cases.account()
    number = cases.access(account, accessed_at, **columns)
    cases.condition(ACCESS, "access", number, state, accessed_at, french, english)


def _reasons(cases: Cases) -> None:
    _opened(cases, "reason_not_allowed", "ouvert par curiosité", "opened out of curiosity", reason="other")
    _opened(cases, "reason_unstated", "aucun motif indiqué", "no reason stated", reason=None)
    _opened(cases, "access_unsigned", "accès partagé, personne n'a signé", "a shared access that nobody signed for",
            reason="technical", staff=NONE)
    _opened(cases, "kept", "un incident, sans ticket", "a technical problem, without a ticket", reason="technical")
    _opened(cases, "kept", "réquisition judiciaire", "an order of a court", reason="legal")
    begins = cases.world.review_from
    for moment, french, english in ((begins, "au début de la période de revue", "as the review period begins"),
                                    (begins - 1, "une seconde plus tôt", "a second earlier")):
        _opened(cases, "reason_not_allowed", french, english, moment, reason="other")


def _tickets(cases: Cases) -> None:
    opened = cases.world.ago(42)
    account, _ = cases.account()
    other, _ = cases.account()
    own, strangers = cases.ticket(account, opened), cases.ticket(other, opened)
    sales, nobodys = cases.ticket(account, opened, kind="other"), cases.ticket(NONE, opened)
    for ticket, state, french, english in (
        (own, "kept", "sur le ticket du client", "on the customer's own ticket"),
        (strangers, "ticket_of_another", "sur le ticket d'un autre client", "on another customer's ticket"),
        (sales, "ticket_not_support", "sur un échange commercial", "on an exchange about sales"),
        (nobodys, "ticket_unknown", "ticket d'aucun client", "a ticket of no customer"),
        (cases.new("ticket"), "ticket_unknown", "ticket absent de la liste", "a ticket that the list does not have"),
        (NONE, "ticket_missing", "support sans ticket", "support without a ticket"),
    ):
        _opened(cases, state, french, english, account=account, ticket=ticket)
    _opened(cases, "account_unnamed", "journal muet sur le client", "the journal does not say whose data", account=NONE,
            ticket=own)


def _edges(cases: Cases) -> None:
    """Half-open: at the second of closing the ticket is closed; opened again, it counts from then on."""
    account, _ = cases.account()
    opened, closed, again = (cases.world.ago(days) for days in (60, 55, 50))
    ticket = cases.ticket(account, opened, closed_at=closed)
    cases.ticket(account, again, number=ticket)
    for moment, ended, state, french, english in (
        (opened - 1, NONE, "ticket_not_open", "une seconde avant le ticket", "a second before the ticket"),
        (opened, NONE, "kept", "à l'ouverture du ticket", "as the ticket is opened"),
        (closed - 1, NONE, "kept", "une seconde avant la clôture", "a second before it is closed"),
        (closed, NONE, "ticket_not_open", "à la seconde de la clôture", "in the second of its closing"),
        (again, NONE, "kept", "à la réouverture du ticket", "as the ticket is opened again"),
        (closed - HOUR, closed + TOLERANCE, "kept", "refermé une heure après le ticket", "left an hour after the ticket"),
        (closed - HOUR + 1, closed + TOLERANCE + 1, "ticket_outlasted", "refermé une seconde plus tard",
         "left a second later"),
    ):
        _opened(cases, state, french, english, moment, account=account, ticket=ticket, ended_at=ended)


def _requests(cases: Cases) -> None:
    """Answered in time, all of them: only whether they were acknowledged differs."""
    received = at(cases.world.today - 100, MORNING)
    limit, answered = int(end_of(day_of(received) + ACKNOWLEDGE_DAYS)), received + 20 * DAY
    for acknowledged, state, channel, french, english in (
        (limit - 1, "kept", "email", "accusé dans la dernière seconde", "acknowledged in the last second"),
        (limit, "acknowledged_late", "in_app", "accusé une seconde trop tard", "acknowledged a second too late"),
        (NONE, "acknowledged_late", "email", "rien avant la réponse, au jour 20", "nothing before the answer, on day 20"),
    ):
        _request(cases, received, state, channel, french, english, acknowledged_at=acknowledged, answered_at=answered,
                 outcome="granted")
    young = at(cases.world.today - ACKNOWLEDGE_DAYS - 1, MORNING)
    _request(cases, young, "unacknowledged", "in_app", "la semaine vient de finir", "the week has just ended",
             acknowledged_at=NONE)
    old = at(plus_months(cases.world.today, -14), MORNING)
    _request(cases, old, "acknowledged_late", "email", "accusé tardif, il y a plus d'un an",
             "acknowledged late, more than a year ago", acknowledged_at=old + 9 * DAY, answered_at=old + 10 * DAY,
             outcome="granted")
    for subject, french, english in (("in_app", "des demandes y sont accusées", "requests by it are acknowledged"),
                                     ("email", "des demandes y sont accusées", "requests by it are acknowledged"),
                                     ("profile", "des profils sont modifiés", "profiles are edited")):
        cases.condition(CHANNELS, "way", subject, "kept", NONE, french, english)


def _request(cases: Cases, received: int, state: str, channel: str, french: str, english: str, **columns) -> None:
    number = cases.rights(received, channel=channel, **columns)
    cases.condition(CHANNELS, "rights", number, state, received, french, english)


def _help(cases: Cases) -> None:
    opened = at(cases.world.today - 70, MORNING)
    limit = int(end_of(day_of(opened) + ANSWER_DAYS))
    for answered, state, french, english in (
        (limit - 1, "kept", "aide donnée dans la dernière seconde", "help given in the last second"),
        (limit, "help_late", "aide donnée une seconde trop tard", "help given a second too late"),
        (NONE, "help_unanswered", "ticket clos sans réponse", "a ticket closed without an answer"),
    ):
        _asked(cases, opened, answered, state, french, english)
    old = at(plus_months(cases.world.today, -14), MORNING)
    _asked(cases, old, old + 40 * DAY, "help_late", "aide tardive, il y a plus d'un an", "late help, more than a year ago")


def _asked(cases: Cases, opened: int, answered: int, state: str, french: str, english: str) -> None:
    account, _ = cases.account()
    ticket = cases.ticket(account, opened, kind="assistance", answered_at=answered, closed_at=opened + 45 * DAY)
    cases.condition(ASSISTANCE, "ticket", ticket, state, opened, french, english)


def _statements(cases: Cases) -> None:
    today = cases.world.today
    cases.statement(ASSISTANCE, "att-help-1", "expired", plus_months(today, -30), plus_months(today, -18),
                    "attestation d'il y a deux ans", "stated two years ago")
    cases.statement(ASSISTANCE, "att-help-2", "valid", plus_months(today, -3), plus_months(today, 9),
                    "attestation de ce printemps", "stated this spring")
