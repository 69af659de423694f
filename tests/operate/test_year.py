"""A year of nights: machines are off, runs fail or are killed, mail servers misbehave, and exactly what is due is reported.

Only the notebooks, the warehouse's contents and the network are invented here; the schedule, the dispatch and the ledger are
the real ones. What is due is worked out by an independent calendar (dateutil), and what was mailed is counted at the server.
"""

import random
import sqlite3
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import keys, settle
from pipelines.operate.delivery import DeferredError, RefusedError, UndeliveredError, UnsureError
from pipelines.operate.dispatch import Dispatch, Standing
from pipelines.operate.forgetting import first_kept
from pipelines.operate.ledger import Ledger
from pipelines.operate.schedule import name_of
from pipelines.register import policy
from pipelines.register import schedule as register

FIRST, LAST, SPRING = date(2026, 2, 20), date(2027, 2, 19), date(2026, 7, 5)
RULES = {  # by entry, the days that close its periods, from a calendar of somebody else's
    "daily": {"freq": DAILY},
    "weekly": {"freq": WEEKLY, "byweekday": 6},
    "fridays": {"freq": WEEKLY, "byweekday": 4},
    "monthly": {"freq": MONTHLY, "bymonthday": -1},
    "quarterly": {"freq": MONTHLY, "bymonthday": -1, "bymonth": (3, 6, 9, 12)},
}
SCHEDULE = """
without = [{others}]
[recipients]
readers = ["reader@alpiasoft.example", "second@alpiasoft.example", "gone@alpiasoft.example"]
board = ["board@alpiasoft.example"]
operators = ["oncall@alpiasoft.example"]
[mail]
host = "127.0.0.1"
security = "none"
sender = "alpia@alpiasoft.example"
""" + "".join(f'[[entry]]\nid = "{name}"\nreport = "{report}"\ncadence = "{cadence}"\n{more}\nkeep_months = 1\n' for
              name, report, cadence, more in (
    ("daily", "compliance", "daily", 'to = ["readers"]\nsend = "changed"'),
    ("weekly", "inactivity", "weekly", 'to = ["readers"]'),
    ("fridays", "traffic", "weekly", 'day = "friday"\nto = []'),
    ("monthly", "deletions", "monthly", 'to = ["readers", "board"]\nlang = "en"'),
    ("quarterly", "compliance", "quarterly", 'to = ["board"]\nlang = "en"')))
GONE, OPERATOR = "gone@alpiasoft.example", "oncall@alpiasoft.example"
PEOPLE = {"reader@alpiasoft.example", "second@alpiasoft.example", "board@alpiasoft.example", GONE, OPERATOR}


class Killed(BaseException):
    """The machine was switched off."""


class Year:
    """One home through a year, with the chances of misfortune drawn from a seed."""

    def __init__(self, path, seed, misfortune, last=LAST):
        self.last = last
        self.held = policy.load().forgetting["warehouse_days"]
        self.random, self.misfortune = random.Random(seed), misfortune
        self.home = Home(path)
        self.home.prepare()
        keys.missing(self.home)
        others = ", ".join(f'"{name}"' for name in register.load().entries)
        (path / "schedule.toml").write_text(SCHEDULE.replace("{others}", others), encoding="utf-8")
        self.runs, self.published, self.incomplete = 0, set(), set()
        self.taken, self.unsure, self.told = Counter(), set(), Counter()
        self.at = datetime.combine(FIRST, time(3, 10), UTC)

    def unlucky(self, chance):
        return self.misfortune and self.random.random() < chance

    # The night

    def run(self, day):
        if self.unlucky(0.05):
            raise AlpiaError("the source is down")
        if self.unlucky(0.02):
            raise Killed
        self.runs += 1
        (self.home.warehouse / f"{day}_run{self.runs:04}.duckdb").touch()
        link = self.home.warehouse / "current"
        link.unlink(missing_ok=True)
        link.symlink_to(f"{day}_run{self.runs:04}.duckdb")
        for held, file in warehouse.published(self.home):
            if held < first_kept(day, self.held):
                file.unlink()
        self.published.add(day)
        if self.unlucky(0.02):
            raise Killed

    def night(self, day):
        """`alpia run` on the morning after `day`."""
        self.at = datetime.combine(day + timedelta(days=1), time(2, 10), UTC)
        newest = max(self.published, default=None)
        if newest is not None and newest > day:
            return
        missed = settle.missed(self.home, day, self.at)
        settle.nights(missed, day, self.run, self.dispatch, lambda line: None)

    def dispatch(self, failed):
        self.is_down, self.asked = False, set()
        return Dispatch(self.home, register.load(self.home.path), self, "Alpiasoft", self.at).run(failed)

    # The work of a dispatch

    def page(self, entry, as_of):
        suffix = "" if entry.lang == "fr" else ".en"
        return self.home.reports / f"{as_of}" / f"{entry.report}{suffix}.html"

    def make(self, as_of, pages):
        assert as_of not in self.asked, "what a day lacks is made at once"
        self.asked.add(as_of)
        failed = [page for page in pages if self.unlucky(0.05)]
        for page in set(pages) - set(failed):
            page.file(self.home).parent.mkdir(exist_ok=True)
            page.file(self.home).write_text("a page", encoding="utf-8")
        if failed:
            raise AlpiaError("a notebook failed")

    def standing(self, entry, held):
        day = date.fromisoformat(held.name[:10])
        if self.unlucky(0.03):
            raise AlpiaError("a file of an older layout")
        is_incomplete = self.misfortune and random.Random(f"{day}{self.misfortune}").random() < 0.03
        if is_incomplete:
            self.incomplete.add((entry.id, day))
        return Standing(int(is_incomplete), verdicts(day), f"Au {day}.")

    def post(self, written, address, sending, not_taken):
        is_report = bool(written.attachments)
        assert is_report == (address != OPERATOR), "reports for readers, troubles for operators"
        assert not self.is_down, "a server that cannot be used is left alone until the next dispatch"
        if self.unlucky(0.05):
            self.is_down = True
            raise UndeliveredError("no connection")
        if self.unlucky(0.02):
            raise Killed
        if address == GONE:
            raise RefusedError("550")
        sending()
        if self.unlucky(0.05):
            not_taken()
            raise DeferredError("451")
        is_taken = not self.unlucky(0.03)
        if is_taken:
            self.taken[written.id, address] += 1
            if not is_report:
                self.told.update(line for line in written.text.splitlines() if line.startswith("- "))
        if not is_taken or self.unlucky(0.03):
            self.unsure.add((written.id, address))
            raise self.random.choice((UnsureError("no answer"), Killed()))

    def live(self):
        """All days of the year, with machines that are off or started twice, and a few quiet nights at its end."""
        day = FIRST
        while day <= self.last:
            if not self.unlucky(0.1):
                for _ in range(1 + self.unlucky(0.1)):
                    self.survive(day)
            day += timedelta(days=2 if self.unlucky(0.02) else 1)
        self.misfortune = 0
        for extra in range(1, 4):
            self.night(self.last + timedelta(days=extra))
        return self

    def survive(self, day):
        with suppress(Killed, AlpiaError):
            self.night(day)


def verdicts(day):
    """A verdict that changes now and then."""
    return {"retention.inactive-accounts": ("compliant", "at_risk", "breached")[day.toordinal() // 9 % 3]}


def closings(entry, year):
    first, last = (datetime.combine(day, time()) for day in (min(year.published), max(year.published)))
    return [one.date() for one in rrule(dtstart=first, until=last, **RULES[entry])]


@pytest.fixture(scope="module", params=[(1, 0, SPRING), (2, 1, LAST)], ids=["undisturbed", "misfortune"])
def year(request, tmp_path_factory):
    return lived(tmp_path_factory.mktemp("year"), *request.param)


def lived(path, seed, misfortune, last):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(policy, "load", partial(lambda held: held, policy.load()))  # read once a year
        patched.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Hasty))
        return Year(path, seed, misfortune, last).live()


class Hasty(sqlite3.Connection):
    """Does not wait for the disk: a year's worth of waiting would show nothing here, where nobody pulls its plug."""

    def execute(self, sql, *values):
        return super().execute(sql.replace("synchronous=FULL", "synchronous=OFF"), *values)


def results(year):
    return {key: one.result for key, one in Ledger(year.home.runs).reports().items()}


def test_exactly_the_reports_that_are_due_are_made(year):
    due = {(entry, day) for entry in RULES for day in closings(entry, year)}
    told = results(year)
    assert set(told) == due
    lost = {key for key, result in told.items() if result == "lost"}
    assert {key for key in due if key[1] not in year.published} <= lost
    # A withheld report is lost with its collection; nothing else that was published is.
    assert {day for _, day in lost & {key for key in due if key[1] in year.published}} <= {day for _, day in year.incomplete}
    waiting = {key for key, result in told.items() if result == "withheld"}
    assert waiting <= year.incomplete
    assert {result for key, result in told.items() if key not in lost | waiting} == {"done"}


def test_every_done_report_has_its_page(year):
    plan = register.load(year.home.path)
    done = [key for key, result in results(year).items() if result == "done"]
    assert len(done) > 150
    assert [key for key in done if not year.page(plan.entries[key[0]], key[1]).is_file()] == []


def test_no_mail_is_taken_twice(year):
    twice = {key for key, times in year.taken.items() if times > 1 and key[1] != OPERATOR}
    assert twice == set()


def test_every_mail_that_is_due_is_sent_and_none_besides(year):
    plan, told = register.load(year.home.path), results(year)
    mails = {(one.entry, one.as_of, one.role): [] for one in Ledger(year.home.runs).mails()}
    for one in Ledger(year.home.runs).mails():
        mails[one.entry, one.as_of, one.role].append(one.result)
    for (entry, as_of), result in told.items():
        for role in plan.entries[entry].to:
            got = mails.pop((entry, as_of, role), [])
            if result == "done":
                assert len(got) == len(plan.recipients[role]), (entry, as_of, role)
                assert "sending" not in got
            elif result == "withheld":
                assert got == [], "nobody is sent what is not complete"
    assert {key for key in mails if told[key[0], key[1]] not in ("lost", "made")} == set()
    certain = sum(one.result == "taken" for one in Ledger(year.home.runs).mails())
    at_server = sum(times for key, times in year.taken.items() if key[1] != OPERATOR)
    assert certain <= at_server <= certain + len(year.unsure)


def test_what_is_not_complete_is_sent_to_nobody(year):
    assert bool(year.incomplete) == (year.last >= LAST), "misfortune strikes"
    assert {(one.entry, one.as_of) for one in Ledger(year.home.runs).mails()} & year.incomplete == set()


def test_only_what_changed_is_sent_where_that_is_asked(year):
    mails = [one for one in Ledger(year.home.runs).mails() if one.entry == "daily"]
    days = sorted({one.as_of for one in mails if one.result in ("taken", "unsure")})
    assert len(days) > 10
    if not year.unsure and not year.incomplete:
        assert all(verdicts(a) != verdicts(b) for a, b in zip(days, days[1:], strict=False))
        assert days == [day for place, day in enumerate(closings("daily", year))
                        if place == 0 or verdicts(day) != verdicts(day - timedelta(days=1))]


def test_operators_hear_of_everything_that_went_wrong_and_readers_of_nothing(year):
    assert Ledger(year.home.runs).untold() == []
    entries = register.load(year.home.path).entries
    lost = {f"{entry} {name_of(entries[entry], day)}" for (entry, day), result in results(year).items() if result == "lost"}
    assert {line.split("\u00a0:")[0].removeprefix("- ") for line in year.told if "collecte" in line} == lost
    twice = [line for line, times in year.told.items() if times > 1]
    assert not twice or year.unsure, "said twice only where nobody knows whether it was heard"


def test_the_ledger_knows_no_address(year):
    kept = b"".join(file.read_bytes() for file in year.home.runs.iterdir() if file.is_file())
    assert b"readers" in kept
    assert [address for address in PEOPLE if address.encode() in kept] == []
