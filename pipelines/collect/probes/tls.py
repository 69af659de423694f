"""What a probe of TLS found at an endpoint, as rows of the dataset tls_probes."""

from datetime import datetime

from pipelines.collect.probes.endpoint import PLAIN_PORT, Endpoint
from pipelines.collect.probes.handshakes import TIMEOUT_SECONDS, tried
from pipelines.collect.probes.plain_answer import plain_answer
from pipelines.collect.probes.records import written

PLAIN = "plain"  # the protocol of a row that tells of the port without TLS
NO_SUITE = "none"


def probed(endpoint: Endpoint, moment: datetime, plain_port: int = PLAIN_PORT, timeout: float = TIMEOUT_SECONDS
           ) -> list[dict]:
    """One row a suite that was accepted, one a protocol for all others, and one for the plain port beside it."""
    rows = [{"endpoint": str(endpoint), "probed_at": written(moment), "protocol": one.protocol, "suite": one.suite,
             "outcome": one.outcome, "suites": one.suites} for one in tried(endpoint, timeout)]
    plain = Endpoint(endpoint.host, plain_port)
    return rows + [{"endpoint": str(plain), "probed_at": written(moment), "protocol": PLAIN, "suite": NO_SUITE,
                    "outcome": plain_answer(plain, timeout), "suites": None}]
