"""Encryption: servers that accept too little, lately and long ago, one not probed again, and lines of the log."""

from pipelines.demo import weblog
from pipelines.demo.cases import ENCRYPTED, Cases
from pipelines.demo.moments import HOUR, NONE, as_date, at

STRONG, CHACHA, WEAK = "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-GCM-SHA256"
PROBED_DAYS = 8
DOMAIN = weblog.SITE.partition(".")[2]


def plant(cases: Cases) -> None:
    _servers(cases)
    _log(cases)


def _servers(cases: Cases) -> None:
    """A last probe tells for eight days: one of the first instant of these still does, one of a second earlier does not."""
    world = cases.world
    tonight, told_from = world.ago(0, 4 * HOUR), at(world.today - PROBED_DAYS + 1)
    for name, probed_at, suites, state, is_last, french, english in (
        ("app", tonight, (STRONG, CHACHA), "kept", True, "n'accepte que 256 bits", "accepts 256 bits only"),
        ("api", tonight, (STRONG, WEAK), "weak_key", True, "préfère 256 bits et accepte AES-128",
         "prefers 256 bits, and accepts AES-128"),
        ("aide", world.ago(100), (WEAK,), "weak_key", False, "acceptait AES-128 il y a trois mois",
         "accepted AES-128 three months ago"),
        ("aide", tonight, (STRONG,), "kept", True, "corrigé depuis", "cured since"),
        ("blog", world.review_from - 1, (WEAK,), "weak_key", False, "une seconde avant la période de revue",
         "a second before the review period"),
        ("blog", told_from, (STRONG,), "kept", True, "sondé il y a huit jours", "probed eight days ago"),
        ("vieux", told_from - 1, (STRONG,), "probe_old", True, "sondé une seconde plus tôt", "probed a second earlier"),
    ):
        endpoint = f"{name}.{DOMAIN}:443"
        for suite in suites:
            cases.probe(endpoint, probed_at, "TLSv1.2", suite, "accepted", 1)
        cases.probe(endpoint, probed_at, "TLSv1.1", "others", "refused", 94)
        cases.probe(endpoint, probed_at, "any", "3DES", "not_tried", None)
        cases.condition(ENCRYPTED, "endpoint", endpoint, state, NONE if is_last else probed_at, french, english)
    _plain_port(cases, f"app.{DOMAIN}:80", tonight, "redirect_page", "kept", "renvoie vers HTTPS", "leads to HTTPS")


def _plain_port(cases: Cases, endpoint: str, probed_at: int, outcome: str, state: str, french: str, english: str) -> None:
    cases.probe(endpoint, probed_at, "plain", "none", outcome, None)
    cases.condition(ENCRYPTED, "endpoint", endpoint, state, NONE, french, english)


def _log(cases: Cases) -> None:
    for age, value, state, french, english in (
        (weblog.WEAK_AGE, "128", "weak_key", "une requête chiffrée sur 128 bits", "a request encrypted with 128 bits"),
        (weblog.CLEAR_AGE, "plain", "in_clear", "une page servie en clair", "a page served in the clear"),
        (weblog.PAGE_AGE, "plain_redirect_page", "kept", "redirigée, avec la page du serveur",
         "redirected, with the server's own page"),
    ):
        day = cases.world.today - age
        cases.condition(ENCRYPTED, "log_day", f"access_log {as_date(day)} {value}", state, at(day), french, english)
