"""Real handshakes: which protocols and cipher suites does a server accept, not only prefer?

All suites of a protocol are offered; the one that the server takes is noted, left out, and the rest is offered again, until
the server refuses. So each suite that it would take for any client is found, in one connection each and one more a protocol.
OpenSSL comes locked with its wheel, not from the machine. What it cannot offer is told as not tried, never as refused:
protocols and families that it has no more, and suites that need a secret shared beforehand.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from OpenSSL import SSL

from pipelines.collect.probes.endpoint import Endpoint

PROTOCOLS = {"TLSv1.3": SSL.TLS1_3_VERSION, "TLSv1.2": SSL.TLS1_2_VERSION, "TLSv1.1": SSL.TLS1_1_VERSION,
             "TLSv1": SSL.TLS1_VERSION}
OTHER_PROTOCOLS = ("SSLv3", "SSLv2")
TLS_1_3 = "TLSv1.3"
TLS_1_3_SUITES = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256",
                  "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256")
# Level 0: our own OpenSSL must not be the one that refuses.
LEVEL = "@SECLEVEL=0"
# Suites of a shared secret are in OpenSSL, which leaves them out of its hello unless it is given one.
SHARED_SECRET = ("PSK", "SRP")
EVERY_SUITE = f"ALL:COMPLEMENTOFALL:{':'.join('!' + family for family in SHARED_SECRET)}:{LEVEL}"
# Families of suites that servers have been seen with: of each is said whether it could be tried.
FAMILIES = ("3DES", "DES", "RC4", "RC2", "IDEA", "SEED", "EXPORT", "GOST", "SM4")
# OpenSSL's words for an alert of the server, another protocol in its answer, and suites that are not of the protocol.
REFUSALS = ("alert", "unrecognized name", "unsupported protocol", "no ciphers available")
TIMEOUT_SECONDS = 10
CHUNK = 16384


class Ending(Enum):
    """How a handshake ended that chose no suite. `closed`: the server ended the connection without a word."""

    refused = "refused"
    closed = "closed"
    no_answer = "no_answer"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of suites of a protocol. `suite`: OpenSSL's name, or `others`: all that were offered beside those named.

    `outcome`: accepted, refused, no_answer or not_tried; `suites`: how many suites it speaks of, None where nobody knows.
    """

    protocol: str
    suite: str
    outcome: str
    suites: int | None


OTHERS = "others"


def tried(endpoint: Endpoint, timeout: float = TIMEOUT_SECONDS) -> list[Tried]:
    """What the endpoint accepts, refuses, leaves unanswered, and what could not be tried, the newest protocol first."""
    found, unsure = [], []
    for protocol in PROTOCOLS:
        offered = TLS_1_3_SUITES if protocol == TLS_1_3 else suites()
        taken, ending = _accepted(endpoint, protocol, offered, timeout)
        found += [Tried(protocol, suite, "accepted", 1) for suite in taken]
        if len(taken) < len(offered):
            found.append(Tried(protocol, OTHERS, ending.value, len(offered) - len(taken)))
            unsure += [len(found) - 1] if ending is Ending.closed else []
    _settle(endpoint, found, unsure, timeout)
    return found + [Tried(protocol, OTHERS, "not_tried", None) for protocol in OTHER_PROTOCOLS] + [
        Tried("any", family, "not_tried", None) for family in not_offered()]


def suites() -> tuple[str, ...]:
    """The suites of TLS 1.2 and before that this OpenSSL can offer."""
    return tuple(name for name in _listed(EVERY_SUITE) if not name.startswith("TLS_"))


def not_offered() -> list[str]:
    """The families that this OpenSSL cannot offer."""
    return [family for family in FAMILIES if not _listed(f"{family}:{LEVEL}")] + list(SHARED_SECRET)


def _listed(ciphers: str) -> list[str]:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    try:
        context.set_cipher_list(ciphers.encode())
    except SSL.Error:
        return []
    return [name for name in SSL.Connection(context, None).get_cipher_list() if not name.startswith("TLS_")]


def _accepted(endpoint: Endpoint, protocol: str, offered: Iterable[str], timeout: float) -> tuple[list[str], Ending]:
    """The suites that the server takes, in its order, and how the handshake ended that offered none of them."""
    left, taken = list(offered), []
    while left:
        outcome = handshake(endpoint, protocol, left, timeout)
        if isinstance(outcome, Ending):
            return taken, outcome
        if outcome not in left:  # a server that takes what was not offered answers nothing that could be believed
            return taken, Ending.no_answer
        taken.append(outcome)
        left.remove(outcome)
    return taken, Ending.refused


def _settle(endpoint: Endpoint, found: list[Tried], unsure: list[int], timeout: float) -> None:
    """A connection closed without a word is a refusal if the server then still takes what it took before; else unknown."""
    control = next((one for one in found if one.outcome == "accepted"), None)
    is_alive = bool(unsure) and control is not None and handshake(
        endpoint, control.protocol, [control.suite], timeout) == control.suite
    for place in unsure:
        one = found[place]
        found[place] = Tried(one.protocol, one.suite, "refused" if is_alive else "no_answer", one.suites)


def handshake(endpoint: Endpoint, protocol: str, offered: Iterable[str], timeout: float = TIMEOUT_SECONDS) -> str | Ending:
    """The suite that the server takes of those offered in this protocol, or how it ended without one."""
    connection = SSL.Connection(_context(protocol, offered), None)
    if endpoint.name:
        connection.set_tlsext_host_name(endpoint.name.encode("ascii"))
    connection.set_connect_state()
    try:
        with socket.create_connection((endpoint.host, endpoint.port), timeout=timeout) as raw:
            ending = _talk(raw, connection)
    except ConnectionResetError:
        ending = Ending.closed
    except OSError:
        ending = Ending.no_answer
    # What the server chose it chose, whatever became of the handshake after that (a client certificate may be wanted).
    return connection.get_cipher_name() or ending


def _context(protocol: str, offered: Iterable[str]) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(PROTOCOLS[protocol])
    context.set_max_proto_version(PROTOCOLS[protocol])
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    names = ":".join(offered)
    if protocol == TLS_1_3:
        context.set_cipher_list(f"ALL:{LEVEL}".encode())
        context.set_tls13_ciphersuites(names.encode())
    else:
        context.set_cipher_list(f"{names}:{LEVEL}".encode())
    return context


def _talk(raw: socket.socket, connection: SSL.Connection) -> Ending:
    """Pass bytes to and fro until the handshake is done or over."""
    while True:
        try:
            connection.do_handshake()
            return Ending.refused  # done: the connection tells its suite
        except SSL.WantReadError:
            _send(raw, connection)
            received = raw.recv(CHUNK)
            if not received:
                return Ending.closed
            connection.bio_write(received)
        except SSL.Error as error:
            return _ending(error)


def _send(raw: socket.socket, connection: SSL.Connection) -> None:
    try:
        while waiting := connection.bio_read(CHUNK):
            raw.sendall(waiting)
    except SSL.WantReadError:
        return


def _ending(error: SSL.Error) -> Ending:
    """Whether it is the server that refuses, or nobody knows."""
    reasons = " ".join(str(reason) for part in error.args for entry in part for reason in entry[2:])
    return Ending.refused if any(word in reasons for word in REFUSALS) else Ending.no_answer
