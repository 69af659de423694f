"""The registers kept by hand: purposes and recipients that the policy does not know, and those that it just allows."""

from pipelines.demo.cases import CONSENT, PROMOTION, SHARING, SUBPROCESSORS, USES, Cases, day_of
from pipelines.demo.moments import DAY, NONE, at
from pipelines.demo.words import COURT, DESK, MAILER, NETWORK, SUCCESSOR, UNREGISTERED, UNUSED

CONTRACT, CONTENT = "processor_contract", "customer_content"


def plant(cases: Cases) -> None:
    for story in (_purposes, _uses_of_content, _subprocessors, _promotion, _consents, _unproven, _unstated, _content):
        story(cases)


def _expect(cases: Cases, kind: str, number: int, states: dict[str, str], seen_at: int, french: str, english: str) -> None:
    for promise, state in states.items():
        cases.condition(promise, kind, number, state, seen_at, french, english)


def _purposes(cases: Cases) -> None:
    """A line whose last day is the first of the review period counts; one that ended a day earlier is history."""
    first = day_of(cases.world.review_from)
    for until, french, english in (
        (NONE, "profilage en cours", "profiling that goes on"),
        (first, "profilage arrêté le premier jour de la période de revue", "profiling ended on the first day of the review"),
        (first - 1, "profilage arrêté la veille", "profiling ended the day before"),
    ):
        line = cases.processing("profiling", "usage", legal_basis="consent", until_on=until)
        seen_at = NONE if until == NONE else at(until)
        cases.condition(USES, "processing", line, "purpose_undeclared", seen_at, french, english)
    line = cases.processing(None, "contact")
    cases.condition(USES, "processing", line, "purpose_unstated", NONE, "finalité laissée vide", "a purpose left blank")
    line = cases.processing("legal_obligation", "contact", legal_basis="legal_obligation")
    cases.condition(USES, "processing", line, "kept", NONE, "la loi l'impose et la ligne le dit",
                    "the law demands it, and the line says so")


def _uses_of_content(cases: Cases) -> None:
    """To search it for its owner is the service; to learn from it is not."""
    first = day_of(cases.world.review_from)
    for purpose, basis, until, states, french, english in (
        ("service", "contract", NONE, {USES: "kept", SHARING: "kept"}, "recherche dans ses propres documents",
         "search in one's own documents"),
        ("improvement", "legitimate_interest", NONE, {USES: "kept", SHARING: "content_examined"},
         "finalité annoncée, mais tirée des documents des clients", "a declared purpose, but from the customers' documents"),
        ("improvement", "legitimate_interest", first - 1, {USES: "kept", SHARING: "content_examined"},
         "le même essai, arrêté la veille de la période de revue", "the same trial, ended the day before the review period"),
        ("legal_obligation", "legitimate_interest", NONE,
         {USES: "legal_basis_unstated", SHARING: "legal_basis_unstated"}, "une obligation légale sans base légale",
         "a legal duty without its legal basis"),
        (None, "contract", NONE, {USES: "purpose_unstated", SHARING: "purpose_unstated"},
         "finalité laissée vide, sur les documents des clients", "a purpose left blank, of the customers' documents"),
    ):
        line = cases.processing(purpose, CONTENT, legal_basis=basis, until_on=until)
        _expect(cases, "processing", line, states, NONE if until == NONE else at(until), french, english)


def _subprocessors(cases: Cases) -> None:
    world = cases.world
    for moment, french, english in (
        (world.review_from, "prospection confiée au premier instant de la période de revue",
         "canvassing handed over at the first instant of the review period"),
        (world.review_from - 1, "prospection confiée une seconde plus tôt", "canvassing handed over a second earlier"),
    ):
        sent = cases.disclosure(moment, "subprocessor", MAILER, CONTRACT, "sales_marketing", "contact")
        _expect(cases, "disclosure", sent, {SUBPROCESSORS: "subprocessor_purpose", PROMOTION: "kept", CONSENT: "kept"},
                moment, french, english)
    moment = world.ago(40)
    sent = cases.disclosure(moment, "subprocessor", UNREGISTERED, CONTRACT, "support", "contact")
    _expect(cases, "disclosure", sent, {SUBPROCESSORS: "subprocessor_unregistered", CONSENT: "kept"}, moment,
            "ce sous-traitant n'est pas au registre", "this sub-processor is on no register")
    line = cases.processing("communication", "contact", UNUSED)
    _expect(cases, "processing", line, {SUBPROCESSORS: "subprocessor_undisclosed", USES: "kept"}, NONE,
            "au registre, mais rien ne lui a été remis", "on the register, but nothing was handed to it")
    moment = world.ago(30)
    sent = cases.disclosure(moment, "subprocessor", MAILER, CONTRACT, "communication", "contact", "abroad")
    _expect(cases, "disclosure", sent, {SUBPROCESSORS: "kept", CONSENT: "kept"}, moment,
            "tâche annoncée, sous contrat", "a declared task, under contract")


def _promotion(cases: Cases) -> None:
    """The consent is there each time: it changes nothing. Our own news, sent by one who works for us, is no sharing."""
    world = cases.world
    for moment, manner, purpose, state, french, english in (
        (world.ago(60), "shared", "third_party_promotion", "promotional", "remis à une régie", "given to an advertiser"),
        (world.review_from - 1, "shared", "news_events", "promotional", "remis à une régie, avant la période de revue",
         "given to an advertiser, before the review period"),
        (world.ago(50), "exchanged", "other", "traded", "échangé contre d'autres adresses", "exchanged for other addresses"),
    ):
        sent = cases.disclosure(moment, "partner", NETWORK, "consent", purpose, "contact", manner=manner,
                                consented_at=moment - DAY)
        _expect(cases, "disclosure", sent, {PROMOTION: state, CONSENT: "kept"}, moment, french, english)
    moment = world.ago(45)
    sent = cases.disclosure(moment, "subprocessor", MAILER, CONTRACT, "news_events", "contact")
    _expect(cases, "disclosure", sent, {PROMOTION: "kept", SUBPROCESSORS: "kept"}, moment,
            "notre lettre, par notre sous-traitant", "our newsletter, sent by our sub-processor")


def _consents(cases: Cases) -> None:
    """Given at the very second it counts, one second later it does not; nor once withdrawn."""
    world = cases.world
    moment = world.ago(70)
    for seconds, state, french, english in (
        (0, "kept", "accord donné à la seconde même", "consent given at that very second"),
        (1, "consent_not_in_force", "accord donné une seconde après", "consent given a second later"),
    ):
        sent = cases.disclosure(moment, "partner", SUCCESSOR, "consent", "service", CONTENT, consented_at=moment + seconds)
        _expect(cases, "disclosure", sent, {CONSENT: state, SHARING: state, PROMOTION: "kept"}, moment, french, english)
    sent = cases.disclosure(world.ago(200), "partner", SUCCESSOR, "consent", "service", "management", is_continuous=True,
                            consented_at=world.ago(210), consent_withdrawn_at=world.ago(20))
    _expect(cases, "disclosure", sent, {CONSENT: "consent_not_in_force"}, NONE,
            "le flux continue après le retrait de l'accord", "the flow goes on after the consent was withdrawn")
    for moment, french, english in ((world.review_from, "sans accord, au premier instant de la période de revue",
                                     "without consent, at the first instant of the review period"),
                                    (world.review_from - 1, "sans accord, une seconde plus tôt",
                                     "without consent, a second earlier")):
        sent = cases.disclosure(moment, "partner", SUCCESSOR, "none", "service", "contact", "abroad")
        _expect(cases, "disclosure", sent, {CONSENT: "left_without_consent"}, moment, french, english)


def _unproven(cases: Cases) -> None:
    moment = cases.world.ago(80)
    for kind, recipient, basis, columns, state, french, english in (
        ("partner", SUCCESSOR, "consent", {"has_reference": False, "consented_at": moment - DAY}, "consent_unproven",
         "accord sans référence", "a consent without a reference"),
        ("authority", COURT, "legal_requirement", {"has_reference": False}, "requirement_unproven",
         "demande d'une autorité sans référence", "an authority's request without a reference"),
    ):
        sent = cases.disclosure(moment, kind, recipient, basis, "service", CONTENT, **columns)
        _expect(cases, "disclosure", sent, {CONSENT: state, SHARING: state}, moment, french, english)


def _unstated(cases: Cases) -> None:
    """What a register leaves blank cannot be judged."""
    moment = cases.world.ago(90)
    sent = cases.disclosure(moment, "subprocessor", DESK, CONTRACT, None, "management")
    _expect(cases, "disclosure", sent, {SUBPROCESSORS: "purpose_unstated", PROMOTION: "purpose_unstated", CONSENT: "kept"},
            moment, "tâche laissée vide", "a task left blank")
    sent = cases.disclosure(moment, "subprocessor", DESK, CONTRACT, "support", None)
    _expect(cases, "disclosure", sent, {CONSENT: "data_unstated", SHARING: "data_unstated", SUBPROCESSORS: "kept"}, moment,
            "nature des données laissée vide", "a kind of data left blank")
    sent = cases.disclosure(moment, "partner", SUCCESSOR, "none", "service", "management", None)
    _expect(cases, "disclosure", sent, {CONSENT: "destination_unstated"}, moment, "destination laissée vide",
            "a destination left blank")
    sent = cases.disclosure(NONE, "subprocessor", DESK, CONTRACT, "support", CONTENT, "own_machines")
    _expect(cases, "disclosure", sent, {SUBPROCESSORS: "disclosure_undated", PROMOTION: "disclosure_undated",
                                        CONSENT: "disclosure_undated"}, NONE, "communication sans date",
            "a disclosure without a date")
    cases.condition(SHARING, "disclosure", sent, "content_disclosed", NONE, "sans date, mais rompu quelle qu'elle soit",
                    "without a date, but broken whatever it is")
    sent = cases.disclosure(NONE, "authority", COURT, "legal_requirement", "legal_obligation", CONTENT)
    _expect(cases, "disclosure", sent, {SHARING: "disclosure_undated", PROMOTION: "disclosure_undated",
                                        CONSENT: "disclosure_undated"}, NONE, "demande d'une autorité, sans date",
            "an authority's request, without a date")


def _content(cases: Cases) -> None:
    """Indexed by a search engine; and the order of a court, which is the law."""
    world = cases.world
    for moment, french, english in ((world.ago(100), "documents de clients dans un moteur de recherche",
                                     "customers' documents in a search engine"),
                                    (world.review_from - 1, "de même, avant la période de revue",
                                     "the same, before the review period")):
        sent = cases.disclosure(moment, "other", None, "none", "other", CONTENT, "abroad", "indexed")
        _expect(cases, "disclosure", sent, {SHARING: "content_disclosed", CONSENT: "left_without_consent"}, moment, french,
                english)
    moment = world.ago(110)
    sent = cases.disclosure(moment, "authority", COURT, "legal_requirement", "legal_obligation", CONTENT)
    _expect(cases, "disclosure", sent, {SHARING: "kept", CONSENT: "kept", PROMOTION: "kept"}, moment, "ordonnance d'un juge",
            "a court order")
