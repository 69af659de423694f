"""Handing a mail to the mail server: encrypted, its certificate checked, and no answer taken for another.

`hand_in` calls `sending` just before the server gets the text. Until then nothing can have been delivered, and after it
only the server's answer tells: without one the mail may have been taken, and is never tried again.
"""

import os
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pipelines.errors import AlpiaError
from pipelines.register.schedule import NONE, STARTTLS, TLS, MailServer

PAUSES = (2, 8, 30)  # seconds before the second, third and fourth attempt; the next night is a fifth
ANSWERS, NO = (2, 4, 5), 500  # what may follow the text of a mail: taken, not now, no
TALK = 10  # times the timeout of a step: longer takes no talk that gets anywhere
LONGEST_ANSWERS = 2**20  # bytes of one talk
NAME = "alpia"  # how we greet: the machine's own name is nobody's business


class UndeliveredError(AlpiaError):
    """The server cannot be used as things are: nothing was taken, and another mail would fare no better now."""


class DeferredError(AlpiaError):
    """The server takes nothing for this recipient now (4xx), after all attempts: a later night may try again."""


class RefusedError(AlpiaError):
    """The server has refused this mail for good (5xx)."""


class UnsureError(AlpiaError):
    """The connection broke after the text was sent and before the answer: the mail may have been taken, or not."""


class _PassingError(Exception):
    """A failure that another attempt may cure."""


def password(server: MailServer) -> str | None:
    """From the environment, else from the credential file of that name (systemd's LoadCredential).

    UndeliveredError where neither has it; None for a server that asks nobody.
    """
    if server.secret is None:
        return None
    found = os.environ.get(server.secret)
    file = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nonexistent")) / server.secret
    if found is None and file.is_file():
        found = file.read_text(encoding="utf-8").rstrip("\n")
    if not found:
        raise UndeliveredError(f"The mail server's password is missing: set {server.secret}, or load a credential so named.")
    return found


def hand_in(server: MailServer, mail: EmailMessage, sending: Callable[[], None], not_taken: Callable[[], None],
            pause: Callable[[float], None] = time.sleep) -> None:
    """Hand a mail in; returns when the server has taken it. What can pass is tried again after PAUSES, nothing else.

    `sending` is called just before the text goes out, `not_taken` when the server answers that it did not take it for now.
    UndeliveredError, DeferredError, RefusedError or UnsureError; their sentences hold no address and no text of the server.
    """
    secret, failure = password(server), None
    for seconds in (0, *PAUSES):
        pause(seconds)
        try:
            return _attempt(server, secret, mail, sending, not_taken)
        except _PassingError as error:
            failure = error.__cause__
    if isinstance(failure, AlpiaError):
        raise failure
    raise AssertionError("no attempt was made")


def _attempt(server: MailServer, secret: str | None, mail: EmailMessage, sending: Callable[[], None],
             not_taken: Callable[[], None]) -> None:
    text = mail.as_bytes(policy=SMTP)
    with _connected(server) as smtp:
        _introduce(smtp, server, secret)
        _expect(smtp.mail(mail["From"].addresses[0].addr_spec), "MAIL", UndeliveredError, UndeliveredError)
        _expect(smtp.rcpt(mail["To"].addresses[0].addr_spec), "RCPT", DeferredError, RefusedError)
        sending()
        try:
            answer = smtp.data(text)
        except smtplib.SMTPDataError as error:  # the server did not even want the text
            answer = max(error.smtp_code, NO), error.smtp_error
        except (smtplib.SMTPException, OSError) as error:
            raise UnsureError(f"The mail server {server.host} broke off, no answer ({type(error).__name__}).") from None
        if answer[0] // 100 not in ANSWERS:
            raise UnsureError(f"The mail server {server.host} gave no answer that SMTP knows.")
        if answer[0] // 100 != 2:
            not_taken()
        _expect(answer, "DATA", DeferredError, RefusedError)
        with suppress(smtplib.SMTPException, OSError):  # taken is taken
            smtp.quit()


@contextmanager
def _connected(server: MailServer):
    """A connection, closed afterwards; a failure before the text is sent becomes one of ours."""
    smtp = None
    try:
        smtp = _connect(server)
        yield smtp
    except ssl.SSLCertVerificationError as error:
        raise UndeliveredError(f"The certificate of the mail server {server.host} does not stand the check: "
                               f"{error.verify_message}.") from None
    except smtplib.SMTPConnectError as error:
        _expect((error.smtp_code, b""), "CONNECT", UndeliveredError, UndeliveredError)
    except (smtplib.SMTPException, OSError) as error:
        raise _PassingError from UndeliveredError(f"The mail server {server.host}:{server.port} cannot be spoken to "
                                                  f"({type(error).__name__}).")
    finally:
        if smtp is not None:
            smtp.close()


class _Talk(smtplib.SMTP):
    """A talk that ends: the timeout of a socket is for each step, and an answer may have steps and lines without end."""

    until: threading.Timer | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        held = super()._get_socket(host, port, timeout)
        line = held.dup()  # TLS takes the socket over, even before this returns
        self.until = threading.Timer(timeout * TALK, _hang_up, [line])
        self.until.daemon = True
        self.until.start()
        return held

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Bounded(self.sock.makefile("rb"))
        return super().getreply()

    def close(self) -> None:
        if self.until:
            self.until.cancel()
            _hang_up(*self.until.args)
        super().close()


class _TalkOverTls(smtplib.SMTP_SSL, _Talk):
    """The same, in TLS from the first byte."""


class _Bounded:
    """What a server says, up to LONGEST_ANSWERS."""

    def __init__(self, stream) -> None:
        self.stream, self.left = stream, LONGEST_ANSWERS

    def readline(self, most: int) -> bytes:
        line = self.stream.readline(most)
        self.left -= len(line)
        if self.left < 0:
            raise OSError("the answers have no end")
        return line

    def close(self) -> None:
        self.stream.close()


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    where = {"host": server.host, "port": server.port, "local_hostname": NAME, "timeout": server.timeout_seconds}
    return _TalkOverTls(**where, context=_context(server)) if server.security == TLS else _Talk(**where)


def _context(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca)


def _introduce(smtp: smtplib.SMTP, server: MailServer, secret: str | None) -> None:
    _expect(smtp.ehlo(), "EHLO", UndeliveredError, UndeliveredError)
    if server.security == STARTTLS:
        if not smtp.has_extn("starttls"):
            raise UndeliveredError(f"The mail server {server.host} offers no STARTTLS: nothing is sent in the clear, unless "
                                   f"security = {NONE!r} says so.")
        _expect(smtp.starttls(context=_context(server)), "STARTTLS", UndeliveredError, UndeliveredError)
        _expect(smtp.ehlo(), "EHLO", UndeliveredError, UndeliveredError)
    if server.user:
        _sign_in(smtp, server, secret)


def _sign_in(smtp: smtplib.SMTP, server: MailServer, secret: str) -> None:
    try:
        smtp.login(server.user, secret)
    except smtplib.SMTPResponseException as error:
        _expect((error.smtp_code, b""), "AUTH", UndeliveredError, UndeliveredError)
    except smtplib.SMTPNotSupportedError:
        raise UndeliveredError(f"The mail server {server.host} asks for no password: take user and secret out.") from None


def _expect(answer: tuple[int, bytes], step: str, passing: type[AlpiaError], final: type[AlpiaError]) -> None:
    """Nothing for a 2xx; what can pass is wrapped, so that it is tried again, and the rest is raised as it is."""
    code = answer[0]
    if code // 100 == 2:
        return
    told = f"The mail server answered {code} to {step}."
    if code // 100 == 4:
        raise _PassingError from passing(told)
    raise final(told)
