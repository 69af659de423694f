"""Traffic: a field of the log that nobody declared, beside one that just passes; raw logs that are young enough."""

from pipelines.demo.cases import TRAFFIC, Cases
from pipelines.demo.moments import NONE


def plant(cases: Cases) -> None:
    for field, state, french, english in (
        ("http_cookie", "undeclared_field", "le journal inscrit les cookies", "the log records cookies"),
        ("user", "kept", "inscrit par tout serveur web, et vide", "written by every web server, and empty"),
    ):
        cases.condition(TRAFFIC, "log_field", f"field {field}", state, NONE, french, english)
    cases.condition(TRAFFIC, "raw_log", "log sources/logs/access.log", "kept", NONE, "trois mois au plus",
                    "three months at most")
