"""A real mail server (aiosmtpd) on a loopback port: with TLS, a password, and whatever it is told to answer."""

import socket
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = "alpia", "not a real one"


@dataclass
class Behaviour:
    """What the server answers, and what it got. `answers`: by step, answers to give before the usual one; "drop" hangs up,
    "late" takes the mail and hangs up without a word.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    rcpts: list[str] = field(default_factory=list)
    attempts: int = 0

    def _next(self, step):
        return self.answers[step].pop(0) if self.answers.get(step) else None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        self.attempts += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self._next("RCPT")
        if answer == "drop":
            server.transport.abort()
            return "421 gone"
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self._next("DATA")
        if answer in (None, "late"):
            self.contents.append(envelope.original_content)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
            self.rcpts += envelope.rcpt_tos
        if answer in ("drop", "late"):
            server.transport.abort()
        return answer or "250 OK"


def certificate(folder: Path, name: str = "localhost") -> Path:
    """A self-signed certificate with its key in one PEM file, for `name`."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(key.public_key())
            .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    file = folder / f"{name}.pem"
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption()) + made.public_bytes(serialization.Encoding.PEM))
    return file


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _checked(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


@contextmanager
def serving(behaviour: Behaviour, pem: Path | None, implicit_tls: bool = False):
    """Serve until the block ends; yields the port. Without `pem`, in the clear and without STARTTLS."""
    context = None
    if pem:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(pem)
    secured = {"ssl_context": context} if implicit_tls else {"tls_context": context, "require_starttls": bool(pem)}
    controller = Controller(behaviour, hostname="127.0.0.1", port=_free_port(), authenticator=_checked,
                            auth_required=bool(pem) and not implicit_tls, auth_require_tls=not implicit_tls, **secured)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
