"""Mail goes over TLS to a server that proves who it is; what can pass is tried again, what may have been taken is not."""

import re
import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import mail_server
import pytest
from mail_server import PASSWORD, USER, Behaviour, serving

from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.operate import delivery, letter, settle
from pipelines.operate.delivery import DeferredError, RefusedError, UndeliveredError, UnsureError
from pipelines.operate.letter import Letter
from pipelines.register.schedule import NONE, STARTTLS, TLS, MailServer

AT = datetime(2026, 6, 30, 2, 10, tzinfo=UTC)
READER = "reader@alpiasoft.example"


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return mail_server.certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("ALPIA_SMTP_PASSWORD", PASSWORD)


def settings(port, ca, security=STARTTLS, user=USER, timeout=5):
    secret = "ALPIA_SMTP_PASSWORD" if user else None
    return MailServer("localhost", port, security, user, secret, "alpia@alpiasoft.example", ca, timeout, "fr")


class Books:
    """What `hand_in` says of the moment from which a mail may have been taken."""

    def __init__(self):
        self.said, self.pauses = [], []

    def hand_in(self, server, written=None):
        written = written or Letter("0" * 32, "Conformité au 30 juin", "Toutes tenues.\n", AT)
        delivery.hand_in(server, letter.message(written, server.sender, READER), lambda: self.said.append("sending"),
                         lambda: self.said.append("not taken"), self.pauses.append)


@pytest.fixture
def books():
    return Books()


def test_over_starttls_with_a_password(pem, books):
    seen = Behaviour()
    with serving(seen, pem) as port:
        books.hand_in(settings(port, pem))
    (mail,) = seen.mails
    assert (mail["Subject"], mail["To"], mail["From"]) == ("Conformité au 30 juin", READER, "alpia@alpiasoft.example")
    assert mail.get_content().splitlines() == ["Toutes tenues."]
    assert seen.rcpts == [READER]
    assert books.said == ["sending"]
    assert books.pauses == [0]


def test_over_tls_from_the_first_byte(pem, books):
    seen = Behaviour()
    with serving(seen, pem, implicit_tls=True) as port:
        books.hand_in(settings(port, pem, TLS))
    assert len(seen.mails) == 1


def test_in_the_clear_only_where_it_says_so(books):
    seen = Behaviour()
    with serving(seen, None) as port:
        with pytest.raises(UndeliveredError, match="offers no STARTTLS: nothing is sent in the clear"):
            books.hand_in(settings(port, None, user=None))
        assert seen.mails == []
        books.hand_in(settings(port, None, NONE, user=None))
    assert len(seen.mails) == 1


def test_a_certificate_of_another_name_is_no_certificate(tmp_path, books):
    strange, seen = mail_server.certificate(tmp_path, "mail.elsewhere.example"), Behaviour()
    with serving(seen, strange) as port, pytest.raises(UndeliveredError, match="stand the check: Hostname mismatch"):
        books.hand_in(settings(port, strange))
    assert (seen.mails, books.said, books.pauses) == ([], [], [0]), "no second attempt would make it another certificate"


def test_a_certificate_that_nobody_vouches_for_is_refused(pem, books):
    seen = Behaviour()
    with serving(seen, pem) as port, pytest.raises(UndeliveredError, match="does not stand the check: self-signed"):
        books.hand_in(settings(port, None))
    assert seen.mails == []


def test_a_wrong_password_is_told_once_and_never_shown(pem, books, monkeypatch):
    monkeypatch.setenv("ALPIA_SMTP_PASSWORD", "quite wrong")
    seen = Behaviour()
    with serving(seen, pem) as port, pytest.raises(UndeliveredError, match="answered 535 to AUTH") as told:
        books.hand_in(settings(port, pem))
    assert "quite wrong" not in str(told.value)
    assert (seen.mails, books.said, books.pauses) == ([], [], [0])


def test_the_password_may_be_a_credential_file(pem, books, monkeypatch, tmp_path):
    monkeypatch.delenv("ALPIA_SMTP_PASSWORD")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    seen = Behaviour()
    with serving(seen, pem) as port:
        with pytest.raises(UndeliveredError, match="password is missing: set ALPIA_SMTP_PASSWORD"):
            books.hand_in(settings(port, pem))
        (tmp_path / "ALPIA_SMTP_PASSWORD").write_text(PASSWORD + "\n")
        books.hand_in(settings(port, pem))
    assert len(seen.mails) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_refused_for_good_is_not_tried_again(step, pem, books):
    seen = Behaviour({step: [f"550 <{READER}>: no such user"]})
    with serving(seen, pem) as port, pytest.raises(RefusedError, match=f"answered 550 to {step}") as told:
        books.hand_in(settings(port, pem))
    assert READER not in str(told.value), "the server's own words hold addresses"
    assert (seen.mails, books.pauses) == ([], [0])


@pytest.mark.parametrize(("step", "said"), [("RCPT", ["sending"]), ("DATA", ["sending", "not taken", "sending"])])
def test_not_now_is_tried_again_after_a_pause(step, said, pem, books):
    seen = Behaviour({step: ["451 later"]})
    with serving(seen, pem) as port:
        books.hand_in(settings(port, pem))
    assert len(seen.mails) == 1
    assert books.said == said
    assert books.pauses == [0, delivery.PAUSES[0]]


def test_not_now_all_along_waits_for_another_night(pem, books):
    seen = Behaviour({"RCPT": ["450 greylisted"] * 9})
    with serving(seen, pem) as port, pytest.raises(DeferredError, match="answered 450 to RCPT"):
        books.hand_in(settings(port, pem))
    assert books.pauses == [0, *delivery.PAUSES]
    assert books.said == []


def test_hung_up_on_before_the_text_is_tried_again(pem, books):
    seen = Behaviour({"RCPT": ["drop"]})
    with serving(seen, pem) as port:
        books.hand_in(settings(port, pem))
    assert (len(seen.mails), books.said) == (1, ["sending"])


@pytest.mark.parametrize("end", ["drop", "late"])
def test_hung_up_on_after_the_text_nobody_knows_and_it_is_not_sent_again(end, pem, books):
    seen = Behaviour({"DATA": [end]})
    with serving(seen, pem) as port, pytest.raises(UnsureError, match="broke off, no answer"):
        books.hand_in(settings(port, pem))
    assert (len(seen.mails), books.said, books.pauses) == (int(end == "late"), ["sending"], [0])


def test_nobody_there_is_tried_again_and_then_told(books):
    with pytest.raises(UndeliveredError, match="cannot be spoken to"):
        books.hand_in(settings(mail_server._free_port(), None))
    assert books.pauses == [0, *delivery.PAUSES]


@contextmanager
def saying(*lines, endless=None):
    """A port at which every caller hears these lines, or what `endless` makes, and then nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        callers = []

        def answer():
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:
                    return
                callers.append(caller)
                with suppress(OSError):
                    for line in endless() if endless else lines:
                        caller.sendall(line)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for caller in callers:
            caller.close()


def test_a_server_that_says_nothing_is_left_after_the_timeout(books, monkeypatch):
    monkeypatch.setattr(delivery, "PAUSES", (0,))
    with saying() as port, pytest.raises(UndeliveredError, match="cannot be spoken to"):
        books.hand_in(settings(port, None, timeout=1))
    assert books.said == []


def test_a_server_that_wants_no_company_is_believed(books):
    with saying(b"554 no service here\r\n") as port, pytest.raises(UndeliveredError, match="answered 554 to CONNECT"):
        books.hand_in(settings(port, None))
    assert books.pauses == [0]


def without_end():
    while True:
        yield b"220-and more\r\n" * 1000


def drop_by_drop():
    yield b"220 hello\r\n250-"
    while True:
        time.sleep(0.05)
        yield b"x"


@pytest.mark.parametrize("endless", [without_end, drop_by_drop])
@pytest.mark.parametrize("security", [NONE, TLS])
def test_a_server_that_never_comes_to_an_end_is_hung_up_on(endless, security, books, monkeypatch):
    """Each step keeps its timeout, so that only the whole shows it."""
    monkeypatch.setattr(delivery, "PAUSES", ())
    monkeypatch.setattr(delivery, "TALK", 1)
    began = time.monotonic()
    with saying(endless=endless) as port, pytest.raises(UndeliveredError, match="cannot be spoken to"):
        books.hand_in(settings(port, None, security, user=None, timeout=1))
    assert time.monotonic() - began < 4
    assert books.said == []


@pytest.mark.parametrize("answer", [b"no number at all\r\n", b"250 " + b"x" * 9000 + b"\r\n", b"150 soon\r\n"])
def test_an_answer_that_is_none_leaves_open_whether_it_was_taken(answer, books):
    """It is not sent again: it may have been taken."""
    talk = b"220 hello\r\n", b"250 alpia\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n", answer
    with saying(*talk) as port, pytest.raises(UnsureError):
        books.hand_in(settings(port, None, NONE, user=None))
    assert (books.said, books.pauses) == (["sending"], [0])


@pytest.mark.parametrize("end", ["\n.\n", "\r.\r", "\r\n.\r", "\r.\n", "\n.\r\n", "\x0b.\x0c", "\u2028.\u2029"])
def test_no_line_end_in_a_text_is_the_end_of_the_mail(end, pem, books):
    """What one server takes for the end and the next one does not would be a second mail of another's making."""
    seen = Behaviour()
    with serving(seen, pem) as port:
        books.hand_in(settings(port, pem), Letter("3" * 32, "x", f"a{end}MAIL FROM:<a@b.example>{end}b\n", AT))
    (mail,) = seen.mails
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", seen.contents[0])
    assert "MAIL FROM:<a@b.example>" in mail.get_content()
    assert seen.rcpts == [READER]


def test_a_header_cannot_be_broken_out_of(pem, books):
    hostile = Letter("1" * 32, "Rapport\r\nBcc: everybody@elsewhere.example\r\n\r\nboo", "x\r\n.\r\nMAIL FROM:<a@b>\r\n", AT)
    seen = Behaviour()
    with serving(seen, pem) as port:
        books.hand_in(settings(port, pem), hostile)
    (mail,) = seen.mails
    assert (mail["Bcc"], seen.rcpts) == (None, [READER])
    assert mail.get_content().splitlines() == ["x", ".", "MAIL FROM:<a@b>"]


def test_the_same_mail_is_the_same_to_the_byte(tmp_path):
    page = tmp_path / "2026-06-30" / "compliance.html"
    page.parent.mkdir()
    page.write_text("<p>é</p>", encoding="utf-8")
    written = Letter("2" * 32, "Conformité", "Une phrase.\n", AT, (page,))
    first, second = (letter.message(written, "a@b.example", READER) for _ in range(2))
    assert first.as_bytes() == second.as_bytes()
    assert first["Message-ID"] == f"<{'2' * 32}@b.example>"
    (attached,) = first.iter_attachments()
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("2026-06-30_compliance.html", page.read_bytes())


def test_operators_can_try_the_server(pem, tmp_path):
    """`alpia schedule --send-test`: outside all books, to operators alone."""
    seen = Behaviour()
    with serving(seen, pem) as port:
        (tmp_path / "schedule.toml").write_text(
            f'[recipients]\noperators = ["a@b.example", "c@d.example"]\nreaders = ["{READER}"]\n[mail]\nhost = "localhost"\n'
            f'port = {port}\nuser = "{USER}"\nsecret = "ALPIA_SMTP_PASSWORD"\nsender = "e@f.example"\nca = "{pem}"\n',
            encoding="utf-8")
        assert settle.send_test(Home(tmp_path), "Alpiasoft", AT) == 2
    assert seen.rcpts == ["a@b.example", "c@d.example"]
    assert {mail["Subject"] for mail in seen.mails} == {"Alpiasoft\u00a0: message d’essai"}
    assert len({mail["Message-ID"] for mail in seen.mails}) == 2
    assert not (tmp_path / "runs").exists()


def test_without_operators_there_is_nobody_to_try_it_on(tmp_path):
    with pytest.raises(UsageError, match="names no mail server with operators"):
        settle.send_test(Home(tmp_path), "Alpiasoft", AT)
