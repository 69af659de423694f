"""Cookies: declared and not, for the purposes of the policy and for another, in time to the second and a second too long."""

from pipelines.demo.cases import LIFETIME, PURPOSES, Cases
from pipelines.demo.moments import HOUR, NONE, at, end_of, plus_months

DECLARED = (("sess_*", "sign_in", "session"), ("langue", "preferences", "1 an"), ("_visites", "visits", "12 mois"),
            ("pub_*", "other", "13 mois"))
LOOKED_DAYS = 8


def plant(cases: Cases) -> None:
    _declared(cases)
    _seen(cases)
    _earlier(cases)


def _declared(cases: Cases) -> None:
    for pattern, purpose, lifetime in DECLARED:
        cases.rows["declared_cookie"].append({"pattern": pattern, "purpose": purpose, "lifetime": lifetime})
        is_other = purpose == "other"
        cases.condition(PURPOSES, "declaration", f"declared {pattern}", "other_purpose" if is_other else "kept", NONE,
                        f"déclaré : {lifetime}", f"declared: {lifetime}")
        cases.condition(LIFETIME, "declaration", f"declared {pattern}", "declared_too_long" if is_other else "kept", NONE,
                        f"déclaré : {lifetime}", f"declared: {lifetime}")


def _seen(cases: Cases) -> None:
    """Twelve months end with their last day: a cookie that ends as it does is in time, a second later it is too long."""
    world = cases.world
    tonight, limit = world.ago(0, 4 * HOUR), int(end_of(plus_months(world.today, 12)))
    for name, ends_at, is_prolonged, purpose, lifetime, french, english in (
        ("sess_4711", NONE, None, "kept", "kept", "finit avec la session", "ends with the session"),
        ("langue", limit, False, "kept", "kept", "finit avec le dernier jour", "ends with the last day"),
        ("_visites", tonight + 30 * 24 * HOUR, True, "kept", "prolonged", "prolongé par chaque visite",
         "prolonged by each visit"),
        ("traceur", tonight + HOUR, False, "undeclared", "kept", "personne ne l'a déclaré", "declared by nobody"),
        ("pub_7", limit + 1, False, "other_purpose", "too_long", "publicité, une seconde de trop",
         "advertising, a second too long"),
    ):
        cases.cookie(name, tonight, ends_at, is_prolonged)
        cases.condition(PURPOSES, "cookie", name, purpose, NONE, french, english)
        cases.condition(LIFETIME, "cookie", name, lifetime, NONE, french, english)


def _earlier(cases: Cases) -> None:
    """Cookies that are gone from the page: of the review period, and of a second before it."""
    world = cases.world
    for name, seen_at in (("ancien", world.review_from), ("antique", world.review_from - 1)):
        cases.cookie(name, seen_at, int(at(world.today + 800)), False)
        cases.condition(PURPOSES, "cookie", name, "undeclared", seen_at, "retiré depuis", "taken away since")
        cases.condition(LIFETIME, "cookie", name, "too_long", seen_at, "retiré depuis", "taken away since")
