"""The schedule is data that refuses nonsense; which periods are due is worked out from days alone."""

import re
from datetime import UTC, date, datetime, time

import pytest
from dateutil.rrule import MONTHLY, rrule

from pipelines.errors import AlpiaError, UsageError
from pipelines.home import REPOSITORY, Home
from pipelines.operate import schedule as periods
from pipelines.operate import settle
from pipelines.operate.dispatch import enrol
from pipelines.operate.ledger import Ledger, Page
from pipelines.register import schedule as register
from pipelines.register.schedule import Scheduled

OWN = register.load()
MAIL = '[mail]\nhost = "smtp.example"\nsender = "a@example.org"\n'


def entry(cadence, day=None, id="one", **more):  # noqa: A002
    given = {"report": "compliance", "lang": "fr", "to": (), "send": "always", "keep_months": 1} | more
    return Scheduled(id=id, cadence=cadence, day=day, **given)


def load(tmp_path, text):
    (tmp_path / "schedule.toml").write_text(text, encoding="utf-8")
    return register.load(tmp_path)


def test_every_report_has_a_line_in_the_schedule_and_the_reverse():
    assert {one.report for one in OWN.entries.values()} == set(register.reports())


def test_the_project_knows_roles_and_no_address():
    assert "@" not in (REPOSITORY / "notebooks" / "schedule.toml").read_text(encoding="utf-8")
    assert (OWN.recipients, OWN.mail) == ({}, None)
    assert OWN.addresses(("readers",)) == ()


def test_the_example_is_a_schedule(tmp_path):
    held = load(tmp_path, (REPOSITORY / "data" / "schedule.example.toml").read_text(encoding="utf-8"))
    assert set(held.entries) == set(OWN.entries) - {"management-quarterly-en"} | {"deletions-weekly"}
    assert held.addresses(("readers", "management")) == ("dpo@alpiasoft.example", "direction@alpiasoft.example")
    assert (held.mail.port, held.mail.security) == (587, "starttls")
    assert {role for one in held.entries.values() for role in one.to} <= set(held.recipients)


def test_a_home_replaces_adds_and_drops(tmp_path):
    held = load(tmp_path, 'without = ["traffic-daily"]\n'
                          '[[entry]]\nid = "compliance-daily"\nreport = "compliance"\ncadence = "weekly"\nkeep_months = 3\n')
    assert "traffic-daily" not in held.entries
    replaced = held.entries["compliance-daily"]
    assert (replaced.cadence, replaced.day, replaced.to, replaced.keep_months) == ("weekly", "sunday", (), 3)
    assert list(held.entries)[1] == "compliance-daily", "a replaced entry keeps its place"


ENTRY = '[[entry]]\nid = "x"\nreport = "compliance"\nkeep_months = 1\n'
NONSENSE = {
    "an unknown report": (ENTRY.replace("compliance", "verify") + 'cadence = "daily"', "report is 'verify'"),
    "a day that months lack": (ENTRY + 'cadence = "monthly"\nday = 31', "day is 31, which some months have not"),
    "a day of a daily entry": (ENTRY + 'cadence = "daily"\nday = "monday"', "day is not a key that is known here"),
    "operators among readers": (ENTRY + 'cadence = "daily"\nto = ["operators"]', "who hear of failures alone"),
    "dropping what is not there": ('without = ["nothing"]', "names 'nothing', which is no entry"),
    "recipients without a server": ('[recipients]\nreaders = ["a@b.example"]', "mail is missing"),
    "a broken address": (MAIL + '[recipients]\nreaders = ["a@b.example", "a@b.example\\r\\nBcc: c@d.example"]',
                         "readers has no plain address in place 2"),
    "a name beside the address": (MAIL + '[recipients]\nreaders = ["X <a@b.example>"]', "no plain address in place 1"),
    "a password in the clear": (MAIL + 'security = "none"\nuser = "u"\nsecret = "S"', "a password would go in the clear"),
    "a password in the file": (MAIL + 'user = "u"\nsecret = "hunter 2"', "not the name of an environment variable"),
    "a user without a secret": (MAIL + 'user = "u"', "secret is missing"),
    "an unknown key": ("every = 1", "every is not a key that is known here"),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_is_refused_with_its_place(tmp_path, case):
    text, told = NONSENSE[case]
    with pytest.raises(AlpiaError, match=re.escape(told)) as refused:
        load(tmp_path, text)
    assert "@b.example" not in str(refused.value), "an address stands in no message"


CLOSINGS = """
| cadence   | day    | from       | closes                             |
| daily     |        | 2026-06-28 | 2026-06-28, 2026-06-29, 2026-06-30 |
| weekly    | sunday | 2026-12-20 | 2026-12-20, 2026-12-27, 2027-01-03 |
| weekly    | friday | 2026-06-30 | 2026-07-03, 2026-07-10, 2026-07-17 |
| monthly   |        | 2027-12-31 | 2027-12-31, 2028-01-31, 2028-02-29 |
| monthly   | 15     | 2026-06-16 | 2026-07-15, 2026-08-15, 2026-09-15 |
| quarterly |        | 2026-06-30 | 2026-06-30, 2026-09-30, 2026-12-31 |
"""
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in CLOSINGS.strip().splitlines()[1:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row[:2]).strip("-"))
def test_periods_end_with(row):
    cadence, day, first, closes = row
    made = entry(cadence, int(day) if day.isdigit() else day or None)
    found = periods.closings(made, date.fromisoformat(first), date.fromisoformat("2029-01-01"))
    assert [f"{next(found)}" for _ in range(3)] == closes.split(", ")


def test_months_end_as_another_calendar_says():
    ours = list(periods.closings(entry("monthly"), date(2000, 1, 1), date(2099, 12, 31)))
    assert ours == [one.date() for one in rrule(MONTHLY, bymonthday=-1, dtstart=date(2000, 1, 1), until=date(2099, 12, 31))]


def test_periods_have_the_names_that_people_use():
    named = [periods.name_of(entry(cadence, day), as_of) for cadence, day, as_of in (
        ("daily", None, date(2026, 6, 30)), ("weekly", "sunday", date(2027, 1, 3)), ("monthly", None, date(2026, 2, 28)),
        ("quarterly", None, date(2026, 12, 31)))]
    assert named == ["2026-06-30", "2026-W53", "2026-02", "2026-Q4"]


def test_due_is_what_ended_since_the_beginning_and_is_not_settled():
    daily, monthly = entry("daily", id="d"), entry("monthly", id="m")
    begins = {"d": date(2026, 6, 28), "m": date(2026, 6, 28)}
    found = periods.due([monthly, daily], begins, {("d", date(2026, 6, 29))}, {date(2026, 6, 30)}, date(2026, 6, 30))
    told = [(one.entry.id, one.as_of.day, one.is_lost) for one in found]
    assert told == [("d", 28, True), ("m", 30, False), ("d", 30, False)]
    assert periods.due([daily], {}, set(), set(), date(2026, 6, 30)) == [], "an entry that has not begun owes nothing"
    assert periods.due([daily], begins, set(), set(), None) == []


def test_nothing_older_than_the_first_night_or_the_entry_itself_is_ever_due(tmp_path):
    ledger, at = Ledger(tmp_path), datetime(2026, 6, 2, tzinfo=UTC)
    few = register.Schedule({"d": entry("daily", id="d")})
    more = register.Schedule({"d": few.entries["d"], "m": entry("monthly", id="m")})
    enrol(ledger, few, None, date(2026, 6, 1), at)
    enrol(ledger, few, None, date(2026, 6, 2), at)
    assert ledger.begins()["d"] == date(2026, 6, 2), "a first night that failed was no night"
    enrol(ledger, few, date(2026, 6, 2), date(2026, 6, 3), at)
    enrol(ledger, more, date(2026, 6, 30), date(2026, 7, 1), at)
    assert ledger.begins() == {"operators": date(2026, 6, 2), "d": date(2026, 6, 2), "m": date(2026, 6, 30)}


def test_missed_nights_are_those_that_close_a_period_and_no_more_than_are_kept():
    weekly, newest = entry("weekly", "sunday"), date(2026, 6, 1)
    assert periods.missed_nights([weekly], newest, date(2026, 6, 20), 35) == [date(2026, 6, 7), date(2026, 6, 14)]
    assert periods.missed_nights([weekly], newest, date(2026, 6, 20), 7) == [date(2026, 6, 14)]
    assert periods.missed_nights([entry("daily")], newest, date(2026, 6, 3), 35) == [date(2026, 6, 2)]
    assert periods.missed_nights([entry("daily")], newest, date(2026, 6, 2), 35) == [], "tonight was not missed"
    assert periods.missed_nights([entry("daily")], None, date(2026, 6, 2), 35) == []


def test_a_night_makes_the_pages_of_the_periods_that_it_ends(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    ordinary, quarter = (settle.pages(home, day) for day in (date(2026, 6, 29), date(2026, 6, 30)))
    daily = {Page(date(2026, 6, 29), one.report, "fr") for one in OWN.entries.values() if one.cadence == "daily"}
    assert set(ordinary) == daily
    assert {page.file_name for page in quarter} == {page.file_name for page in daily} | {"management.en.html"}
    assert len(quarter) == len(set(quarter))
    (home.warehouse / "2026-06-30_run.duckdb").touch()
    assert settle.pages(home, date(2026, 6, 29)) == [], "a day gone by ends nothing"
    assert settle.pages(home, date(2026, 6, 30)) == quarter


def test_pages_are_kept_as_long_as_the_longest_entry_that_they_serve():
    assert periods.kept_months(OWN, "compliance", "fr", date(2026, 6, 29)) == 13
    assert periods.kept_months(OWN, "compliance", "fr", date(2026, 6, 30)) == 60
    assert periods.kept_months(OWN, "compliance", "en", date(2026, 5, 31)) is None
    assert periods.kept_months(OWN, "collect", "fr", date(2026, 6, 30)) is None


@pytest.mark.parametrize("text", ["02:00", "02:30", "02:59"])
def test_no_night_starts_while_the_clocks_change(text):
    with pytest.raises(UsageError, match="the clocks change in Europe/Paris"):
        periods.local_time(text)


@pytest.mark.parametrize("text", ["4:10", "25:00", "04:10:30", "noon", "04:10Z", ""])
def test_a_time_is_written_as_one(text):
    with pytest.raises(UsageError, match="such as 04:10"):
        periods.local_time(text)


def test_the_hours_beside_are_allowed():
    assert [periods.local_time(text) for text in ("01:59", "03:00", "00:00")] == [time(1, 59), time(3), time(0)]
