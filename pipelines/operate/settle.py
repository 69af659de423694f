"""A dispatch of the real thing: the home's schedule, its report notebooks and the mail server. `nights` is the nightly job.

Notebooks and the clock belong to the entry point, which passes them in.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from pipelines import warehouse
from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.operate import delivery, letter, schedule
from pipelines.operate.dispatch import Dispatch, Dispatched, Standing, enrol
from pipelines.operate.ledger import Ledger, Page
from pipelines.operate.letter import Letter
from pipelines.operate.lock import only_one
from pipelines.register import policy
from pipelines.register import schedule as register
from pipelines.register.schedule import OPERATORS, Schedule, Scheduled
from pipelines.report.words import Words

GAPS = """
    SELECT (SELECT count(*) FROM source.collection WHERE status = 'failed')
         + (SELECT count(*) FROM verification.result WHERE suite = 'canary' AND success IS NOT TRUE)
"""
VERDICTS = "SELECT promise, verdict FROM verdict.current ORDER BY position"
ANSWER = re.compile(r'<p class="answer">(.*?)</p>', re.DOTALL)
Tell = Callable[[str], None]
Run = TypeVar("Run")


@dataclass(frozen=True, slots=True)
class Real:
    """The work of a dispatch. `report`: writes pages of a day."""

    plan: Schedule
    report: Callable[[date, list[Page]], object]

    def make(self, as_of: date, pages: list[Page]) -> None:
        """Write the pages; AlpiaError where one could not be made."""
        self.report(as_of, pages)

    def standing(self, entry: Scheduled, held: Path) -> Standing:
        """What the run of that file says; AlpiaError where it cannot be asked, being of an older layout, say."""
        from pipelines.report.opening import open_file

        run = open_file(held, entry.lang)
        try:
            gaps = run.connection.execute(GAPS).fetchone()[0]
            verdicts = dict(run.connection.execute(VERDICTS).fetchall())
            return Standing(gaps, verdicts, _sentence(run, entry.report))
        except warehouse.DatabaseError as error:
            raise AlpiaError(f"{held} does not answer: {warehouse.explained(error)}") from None
        finally:
            run.connection.close()

    def post(self, written: Letter, address: str, sending: Callable[[], None], not_taken: Callable[[], None]) -> None:
        """Hand in a mail, as `delivery.hand_in` does."""
        server = self.plan.mail
        delivery.hand_in(server, letter.message(written, server.sender, address), sending, not_taken)


def _sentence(run, report: str) -> str:
    """The first thing that the report says, as plain text."""
    pieces = " ".join(getattr(piece, "text", "") for piece in run.show(f"{report}.answer").pieces)
    found = ANSWER.search(pieces)
    if found is None:
        raise AlpiaError(f"The report {report} gives no answer in one sentence, so that its mail would say nothing.")
    return html.unescape(re.sub(r"<[^>]+>", "", found[1]))


def nights(missed_days: list[date], as_of: date, run: Callable[[date], Run],
           dispatch: Callable[[tuple[date, Exception] | None], object], tell: Tell) -> Run:
    """The night of `as_of`, after those that were missed, oldest first; then what is due. The outcome of the last night.

    A missed night that cannot be made up for is told, and does not keep the others from running; what it should have
    reported is lost once a later day is published. Where the last night fails, what is due is dispatched all the same.
    """
    for day in missed_days:
        try:
            run(day)
        except AlpiaError as error:
            tell(f"the missed night of {day}: {error}")
    try:
        outcome = run(as_of)
    except Exception as error:
        try:
            dispatch((as_of, error))
        except AlpiaError as another:  # must not hide how the night failed
            tell(f"nothing was sent: {another}")
        raise
    dispatch(None)
    return outcome


def missed(home: Home, as_of: date, at: datetime) -> list[date]:
    """The nights before that of `as_of` that did not run and close a period, oldest first, as far back as nights are held.

    The schedule of a new home begins here.
    """
    home.prepare()
    plan, newest, held = register.load(home.path), _newest(home), policy.load().forgetting["warehouse_days"]
    enrol(Ledger(home.runs), plan, newest, as_of, at)
    return schedule.missed_nights(plan.entries.values(), newest, as_of, held.value)


def pages(home: Home, as_of: date) -> list[Page]:
    """The pages of the periods that end with a day, so that its night makes them with its own; nothing of days gone by."""
    newest, entries = _newest(home), register.load(home.path).entries.values()
    if newest is not None and as_of < newest:
        return []
    return list(dict.fromkeys(Page(as_of, one.report, one.lang) for one in entries if schedule.closes(one, as_of)))


def settle(home: Home, system: str, report: Callable[[date, list[Page]], object], at: datetime, tell: Tell,
           failed: tuple[date, Exception] | None = None) -> Dispatched:
    """Report and send what is due; AlpiaError where another process does so now, or the schedule is nonsense.

    `failed`: the night that has just failed, and how.
    """
    plan = register.load(home.path)
    with only_one(home, at, "delivery"):
        return Dispatch(home, plan, Real(plan, report), system, at, tell).run(failed)


def send_test(home: Home, system: str, at: datetime) -> int:
    """Send each operator a test mail, outside all books; how many were taken. UsageError where there is nobody."""
    plan = register.load(home.path)
    addresses = plan.addresses((OPERATORS,))
    if not addresses:
        raise UsageError(f"{home.path / register.FILE} names no mail server with operators: see data/schedule.example.toml.")
    words, work = Words(plan.mail.lang), Real(plan, lambda *_: None)
    for place, address in enumerate(addresses):
        written = Letter(letter.identity(system, "test", at.isoformat(), f"{place}"),
                         words("mail.test.subject", system=system), words("mail.test.text", home=f"{home.path}") + "\n", at)
        work.post(written, address, lambda: None, lambda: None)
    return len(addresses)


def overview(home: Home, as_of: date) -> list[dict]:
    """By entry, what the schedule says of it, how many `recipients`, which periods are `due`, and the `next` closing day."""
    home.prepare()
    plan, newest = register.load(home.path), _newest(home)
    waiting = Dispatch(home, plan, Real(plan, lambda *_: None), "", datetime.min).due()
    return [{"entry": entry.id, "report": entry.report, "cadence": entry.cadence, "lang": entry.lang, "to": list(entry.to),
             "recipients": len(plan.addresses(entry.to)), "send": entry.send, "keep_months": entry.keep_months,
             "due": [schedule.name_of(entry, one.as_of) for one in waiting if one.entry == entry],
             "next": f"{schedule.next_closing(entry, newest or as_of - schedule.DAY)}"} for entry in plan.entries.values()]


def as_lines(rows: list[dict]) -> list[str]:
    """`overview` for people."""
    head = ("entry", "report", "cadence", "lang", "to", "next", "due")
    told = [head] + [(row["entry"], row["report"], row["cadence"], row["lang"], _who(row), row["next"], _due(row["due"]))
                     for row in rows]
    widths = [max(len(line[place]) for line in told) for place in range(len(head))]
    return ["  ".join(f"{word:<{width}}" for word, width in zip(line, widths, strict=True)).rstrip() for line in told]


def _who(row: dict) -> str:
    """To whom, and to how many; a role that nobody has is told."""
    return ", ".join(row["to"]) + f" ({row['recipients'] or 'nobody'})" if row["to"] else "-"


def _due(periods: list[str]) -> str:
    return ", ".join(periods[:3]) + (f" and {len(periods) - 3} more" if len(periods) > 3 else "")


def _newest(home: Home) -> date | None:
    return max((day for day, _ in warehouse.published(home)), default=None)
