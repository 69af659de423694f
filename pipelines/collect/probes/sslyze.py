"""sslyze: the file that `sslyze --json_out` saves, as rows of the dataset tls_probes.

sslyze brings old OpenSSLs of its own, so that it can try what today's has no more: SSL 2 and 3, 3DES, RC4, export suites.
Its own sizes of keys are not taken: how many bits a suite has is known in one place. Addresses, certificates and traces are
not read.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pipelines.collect.probes.endpoint import Endpoint
from pipelines.collect.probes.handshakes import OTHERS
from pipelines.collect.staging import DatasetError, Refusals

COMMAND = "sslyze --json_out"
PARTS = {"ssl_2_0_cipher_suites": "SSLv2", "ssl_3_0_cipher_suites": "SSLv3", "tls_1_0_cipher_suites": "TLSv1",
         "tls_1_1_cipher_suites": "TLSv1.1", "tls_1_2_cipher_suites": "TLSv1.2", "tls_1_3_cipher_suites": "TLSv1.3"}
RESULTS, STARTED, UNREADABLE = "server_scan_results", "date_scans_started", "unreadable_line"
LARGEST_FILE = 256 * 2**20
DONE, NOT_ASKED = "COMPLETED", "NOT_SCHEDULED"


def rows(path: Path, shown: str, refusals: Refusals) -> Iterator[tuple[int, dict[str, str | None]]]:
    """(number of the server, row) of all servers of a saved scan. DatasetError where the file is none.

    A server of which the scan cannot be understood is refused by its number; one that did not answer says so.
    """
    saved = _read(path, shown)
    servers = saved[RESULTS]
    for number, server in enumerate(servers, 1):
        try:
            found = list(_server(server, saved.get(STARTED)))
        except (KeyError, TypeError, AttributeError, ValueError):
            refusals.add(UNREADABLE, shown, number)
            continue
        yield from ((number, row) for row in found)
    for number, _ in enumerate(saved.get("invalid_server_strings") or (), len(servers) + 1):
        refusals.add(UNREADABLE, shown, number)


def _read(path: Path, shown: str) -> dict:
    if path.stat().st_size > LARGEST_FILE:
        raise DatasetError(f"{shown} is too large for a scan: save one scan a file")
    try:
        saved = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        saved = None
    if not isinstance(saved, dict) or not isinstance(saved.get(RESULTS), list):
        raise DatasetError(f"{shown} is no scan: save what `{COMMAND}` writes, whole")
    return saved


def _server(server: dict, started: str | None) -> Iterator[dict[str, str | None]]:
    place = server["server_location"]
    host, port = place["hostname"], place["port"]
    if not isinstance(host, str) or not host or not isinstance(port, int):
        raise ValueError("no endpoint")
    at = {"endpoint": str(Endpoint(host.lower(), port)), "probed_at": started}
    parts = server["scan_result"] or {}
    for part, protocol in PARTS.items():
        for suite, outcome, suites in _part(parts.get(part), server["scan_status"]):
            yield at | {"protocol": protocol, "suite": suite, "outcome": outcome, "suites": suites}


def _part(part: dict | None, scan_status: str) -> Iterator[tuple[str, str, str | None]]:
    """(suite, outcome, how many suites) of one protocol."""
    if scan_status != DONE:
        yield OTHERS, "no_answer", None
    elif part is None or part["status"] == NOT_ASKED:
        yield OTHERS, "not_tried", None
    elif part["status"] != DONE:
        yield OTHERS, "no_answer", None
    else:
        taken = [_name(one["cipher_suite"]) for one in part["result"]["accepted_cipher_suites"]]
        rejected = len(part["result"]["rejected_cipher_suites"])
        yield from ((name, "accepted", "1") for name in taken)
        if rejected or not taken:
            yield OTHERS, "refused", str(rejected)


def _name(suite: dict) -> str:
    """OpenSSL's name, as web servers log it and handshakes tell it; the IANA's where OpenSSL has none."""
    name = suite.get("openssl_name") or suite["name"]
    if not isinstance(name, str):
        raise ValueError("no name")
    return name
