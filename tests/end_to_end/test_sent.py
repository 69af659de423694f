"""Nights whose reports are sent: a home that was off for a day makes up for it, and everybody gets what is his, once."""

import re
import shutil
from contextlib import contextmanager

import mail_server
import pytest
from click.testing import CliRunner
from mail_server import PASSWORD, USER, Behaviour
from search import found, texts

from pipelines import run as job
from pipelines.cli import main
from pipelines.home import Home
from pipelines.operate.ledger import Ledger

SCHEDULE = """
without = ["management-monthly", "compliance-daily", "compliance-monthly",
           "inactivity-daily", "deletions-daily", "traffic-daily"]
[recipients]
operators = ["oncall@alpiasoft.example"]
readers = ["dpo@alpiasoft.example"]
board = ["board@alpiasoft.example"]
[mail]
host = "localhost"
port = {port}
user = "{user}"
secret = "ALPIA_SMTP_PASSWORD"
sender = "alpia@alpiasoft.example"
ca = "localhost.pem"
lang = "en"
"""


@pytest.fixture(scope="module")
def home(nights, tmp_path_factory):
    """A copy of the home after two nights, in which one report is made a night, and which may send."""
    path = tmp_path_factory.mktemp("sent") / "home"
    shutil.copytree(nights.home.path, path, symlinks=True)
    mail_server.certificate(path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ALPIA_SMTP_PASSWORD", PASSWORD)
        patched.setattr(job, "REPORTS", ("management",))
        yield Home.locate(path)


@contextmanager
def server(home, seen):
    with mail_server.serving(seen, home.path / "localhost.pem") as port:
        (home.path / "schedule.toml").write_text(SCHEDULE.format(port=port, user=USER), encoding="utf-8")
        yield


def alpia(home, *words):
    done = CliRunner().invoke(main, [*words, "--home", str(home.path)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def told(seen):
    return sorted((mail["To"], mail["Subject"]) for mail in seen.mails)


def secrets_of(home):
    """What no mail may hold: the keys, and the password of the mail server."""
    return {file.read_text(encoding="ascii").strip() for file in home.keys.glob("*.key")} | {PASSWORD}


def of_whom_it_tells(mails, folder, values):
    """(place, value) for what stands in headers, texts and attachments, decoded."""
    for number, mail in enumerate(mails):
        (folder / f"{number}.headers").write_text("\n".join(f"{name}: {value}" for name, value in mail.items()), "utf-8")
        (folder / f"{number}.text").write_text(mail.get_body().get_content(), "utf-8")
        for attached in mail.iter_attachments():
            (folder / f"{number}_{attached.get_filename()}").write_bytes(attached.get_payload(decode=True))
    return found(values, texts(folder))


@pytest.mark.slow
def test_what_is_due_is_sent_and_made_up_for(home, pseudonyms, personal, tmp_path):
    first, nothing, later = Behaviour(), Behaviour(), Behaviour()
    with server(home, first):
        done = alpia(home, "report", "--due")
    assert done.exit_code == 0, done.output
    assert told(first) == [
        ("board@alpiasoft.example", "Alpiasoft (démonstration): Overview, as of 30\u00a0June\u00a02026"),
        ("dpo@alpiasoft.example", "Alpiasoft (démonstration)\u00a0: Vue d’ensemble, au 30\u00a0juin\u00a02026")]
    (french,) = [mail for mail in first.mails if mail["To"].startswith("dpo")]
    assert french.get_body().get_content().startswith("Au 30\u00a0juin\u00a02026, ")
    (attached,) = french.iter_attachments()
    assert re.fullmatch(r"2026-06-30_management\.(html|pdf)", attached.get_filename())
    assert len(attached.get_payload(decode=True)) > 100_000

    assert of_whom_it_tells(first.mails, tmp_path, pseudonyms | personal | secrets_of(home)) == []
    one = next(iter(pseudonyms))
    french.add_attachment(f"<p>{one}</p>", filename="control.html")
    assert {value for _, value in of_whom_it_tells(first.mails, tmp_path, pseudonyms)} == {one}

    with server(home, nothing):
        assert alpia(home, "report", "--due").exit_code == 0
    assert nothing.mails == []

    # Two days later: nobody ran the night of 1 July.
    sources = home.sources_toml.read_text(encoding="utf-8")
    home.sources_toml.write_text(re.sub(r"(?m)^as_of = .*$", "as_of = 2026-07-02", sources), encoding="utf-8")
    with server(home, later):
        assert alpia(home, "run").exit_code == 3
    ledger = Ledger(home.runs)
    assert [f"{run.as_of}" for run in ledger.runs() if run.kind == "run"][-2:] == ["2026-07-01", "2026-07-02"]
    results = {(one.entry, f"{one.as_of}"): one.result for one in ledger.reports().values()}
    assert {results["management-daily", f"2026-07-0{n}"] for n in (1, 2)} == {"done"}
    assert {address for address, _ in told(later)} <= {"dpo@alpiasoft.example"}, "the quarter was sent, and nothing failed"
    assert len(later.mails) == len([one for one in ledger.mails() if one.result == "taken" and one.as_of.month == 7])


@pytest.mark.slow
def test_a_night_that_fails_is_told_to_operators_alone(home):
    whole, seen = home.sources_toml.read_text(encoding="utf-8"), Behaviour()
    home.sources_toml.write_text(re.sub(r"(?m)^as_of = .*$", "as_of = 2026-07-03", whole).replace(
        'name = "Alpiasoft', 'name = "Another'), encoding="utf-8")
    with server(home, seen):
        assert alpia(home, "run").exit_code == 1
        assert alpia(home, "report", "--due").exit_code == 0, "it is told once"
    home.sources_toml.write_text(whole, encoding="utf-8")
    (mail,) = seen.mails
    assert mail["To"] == "oncall@alpiasoft.example"
    assert re.search(r"The run of 2026-07-03 was not completed. \S+ The warehouse in", mail.get_body().get_content())
    assert list(mail.iter_attachments()) == []
