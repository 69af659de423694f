"""`alpia status --history` lists what became of every mail, by period and role; never to whom."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.home import Home
from pipelines.operate import ledger as books
from pipelines.operate.ledger import Ledger, Trouble
from pipelines.operate.status import history

AT, JUNE = datetime(2026, 7, 1, 2, 10, tzinfo=UTC), date(2026, 6, 30)
MAY = JUNE - timedelta(days=30)
SCHEDULE = """
[recipients]
readers = ["reader@alpiasoft.example", "second@alpiasoft.example", "third@alpiasoft.example"]
management = ["direction@alpiasoft.example"]
[mail]
host = "127.0.0.1"
security = "none"
sender = "alpia@alpiasoft.example"
"""


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    (tmp_path / "schedule.toml").write_text(SCHEDULE, encoding="utf-8")
    ledger = Ledger(home.runs)
    ledger.start("r1", "run", JUNE, AT)
    ledger.finish("r1", AT, "breached")
    for entry, as_of, result in (("management-daily", JUNE, books.MADE), ("compliance-daily", JUNE, books.DONE),
                                 ("management-monthly", JUNE, books.WITHHELD), ("management-monthly", MAY, books.LOST),
                                 ("no-more-in-the-schedule", MAY, books.DONE)):
        ledger.report(entry, as_of, result, AT)
    ledger.mail("management-daily", JUNE, "a1", "readers", books.TAKEN, AT)
    ledger.mail("management-daily", JUNE, "b2", "readers", books.REFUSED, AT)
    ledger.mail("no-more-in-the-schedule", MAY, "a1", "readers", books.TAKEN, AT)
    ledger.trouble(Trouble("refused x", "refused", "management-daily 30 June", "readers: 550"), AT)
    return home


def test_what_was_taken_refused_and_is_owed(home):
    listed = json.loads(history(home, True))["deliveries"]
    told = {(one["entry"], one["as_of"]): (one["result"], one["mails"]) for one in listed}
    assert told == {
        ("management-daily", "2026-06-30"): ("made", {"readers": {"taken": 1, "refused": 1, "owed": 1}}),
        ("compliance-daily", "2026-06-30"): ("done", {}),
        ("management-monthly", "2026-06-30"): ("withheld", {"management": {"owed": 1}}),
        ("management-monthly", "2026-05-31"): ("lost", {}),
        ("no-more-in-the-schedule", "2026-05-31"): ("done", {"readers": {"taken": 1}}),
    }


def test_for_people_without_what_was_to_be_sent_to_nobody(home):
    lines = history(home, False).splitlines()
    assert "management-daily         2026-06-30  made      readers: 1 taken, 1 refused, 1 owed" in lines
    assert "management-monthly       2026-06-30  withheld  management: 1 owed" in lines
    assert "management-monthly       2026-05-31  lost" in lines
    assert "operators have not been told yet: refused management-daily 30 June readers: 550" in lines
    assert [line for line in lines if "compliance-daily" in line or "@" in line] == []
