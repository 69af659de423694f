"""What is due is reported and sent: the last step of a night, and `alpia report --due`.

The ledger holds what became of each period and of each mail, so that it can be repeated, and killed at any moment. A
report's mail errs towards not being sent: one that was being handed over, and of which no answer is known, may have been
taken; so it is never sent again, and operators are told. What operators are told errs towards twice: silence would be worse.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Protocol

from pipelines import errors, warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import ledger, letter, schedule
from pipelines.operate.delivery import DeferredError, RefusedError, UndeliveredError, UnsureError
from pipelines.operate.ledger import Ledger, Page, Reported, Sent, Trouble
from pipelines.operate.letter import Letter
from pipelines.operate.publication import file_of
from pipelines.operate.schedule import Due
from pipelines.register.schedule import CHANGED, OPERATORS, Schedule, Scheduled
from pipelines.report.words import Words

BROKEN = ("failed", "killed", "incomplete", "refused")  # results of a run that operators must hear of


@dataclass(frozen=True, slots=True)
class Standing:
    """What a finished run says. `gaps`: datasets that could not be read and canaries that were missed.

    `verdicts`: by promise; `sentence`: the report's own answer.
    """

    gaps: int
    verdicts: Mapping[str, str]
    sentence: str


class Work(Protocol):
    """What a dispatch does besides keeping books: `Real`, or a rehearsal's."""

    def make(self, as_of: date, pages: list[Page]) -> None:
        """Write these pages of a day; AlpiaError where one could not be made, which keeps none of the others from it.

        RefusedError where those that could not be made never can be.
        """

    def standing(self, entry: Scheduled, held: Path) -> Standing:
        """What the run of that file says; AlpiaError where it cannot be asked."""

    def post(self, written: Letter, address: str, sending: Callable[[], None], not_taken: Callable[[], None]) -> None:
        """Hand in a mail, as `delivery.hand_in` does."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a dispatch did, as counts."""

    reported: int
    sent: int
    troubles: int


def enrol(ledger: Ledger, plan: Schedule, newest: date | None, as_of: date | None, at: datetime) -> None:
    """Enter the entries that are new: nothing that ended before the newest published day is made up for.

    Where nothing is published yet, periods begin with `as_of`, the day of the home's first night, if one is about to run.
    """
    begins = ledger.begins()
    for name in (OPERATORS, *plan.entries):
        if newest is None and as_of is not None:
            ledger.begin(name, as_of, at, anew=True)
        elif newest is not None and name not in begins:
            ledger.begin(name, newest, at)


class Dispatch:
    """One pass over what is due, at the moment `at`; whoever calls holds the home's delivery alone."""

    def __init__(self, home: Home, plan: Schedule, work: Work, system: str, at: datetime,
                 tell: Callable[[str], None] = lambda line: None) -> None:
        self.home, self.plan, self.work, self.system, self.at, self.tell = home, plan, work, system, at, tell
        self.ledger = Ledger(home.runs)
        self.held = {day: file_of(home, day) for day, _ in warehouse.published(home)}
        self.newest = max(self.held, default=None)
        self.reports, self.mails = self.ledger.reports(), self.ledger.mails()
        self.is_reachable = True
        self.reported = self.sent = self.troubles = 0

    def due(self) -> list[Due]:
        """The periods that are to be reported, oldest first."""
        settled = {key for key, one in self.reports.items() if one.result in ledger.FINAL}
        return schedule.due(self.plan.entries.values(), self.ledger.begins(), settled, self.held, self.newest)

    def run(self, failed: tuple[date, Exception] | None = None) -> Dispatched:
        """Report and send what is due, then tell operators what went wrong. `failed`: a night that just failed, and how."""
        enrol(self.ledger, self.plan, self.newest, None, self.at)
        self._settle_what_was_being_sent()
        for as_of, of_a_day in groupby(self.due(), key=lambda one: one.as_of):
            self._settle_day(as_of, list(of_a_day))
        self._notice_failed_runs()
        if failed:
            self._notice_failed_night(*failed)
        self._tell_operators()
        return Dispatched(self.reported, self.sent, self.troubles)

    def _settle_day(self, as_of: date, due: list[Due]) -> None:
        """All that is due of a day; what it lacks is made at once."""
        wanted = [one.entry for one in due if not one.is_lost and not self._is_withheld(one.entry, as_of)]
        error = self._make(as_of, wanted)
        for one in due:
            if one.is_lost:
                self._lose(one.entry, as_of, "lost")
            elif one.entry in wanted:
                self._serve(one.entry, as_of, error)

    def _is_withheld(self, entry: Scheduled, as_of: date) -> bool:
        before = self.reports.get((entry.id, as_of))
        return bool(before) and before.result == ledger.WITHHELD and before.made_from == self.held[as_of].name

    def _serve(self, entry: Scheduled, as_of: date, error: AlpiaError | None) -> None:
        """Send a report whose page is there. `error`: why it may not be."""
        before, held = self.reports.get((entry.id, as_of)), self.held[as_of]
        if not self._has_page(entry, as_of, held):
            if isinstance(error, errors.RefusedError):
                self._lose(entry, as_of, "never")
            else:
                self._fail(entry, as_of, held, error or AlpiaError("its page was not made."))
            return
        if not self.plan.addresses(entry.to):
            self._enter(entry, as_of, ledger.DONE, held)
            return
        try:
            standing = self.work.standing(entry, held)
        except AlpiaError as error:
            self._fail(entry, as_of, held, error)
            return
        if standing.gaps:
            self._enter(entry, as_of, ledger.WITHHELD, held)
            self._trouble("withheld", entry, as_of, f"{standing.gaps}")
            return
        if not before or before.result != ledger.MADE or before.made_from != held.name:
            self._enter(entry, as_of, ledger.MADE, held, standing.verdicts)
        if self._send_to_all(entry, as_of, standing):
            self._enter(entry, as_of, ledger.DONE, held, standing.verdicts, self.reports[entry.id, as_of].made_at)

    def _lose(self, entry: Scheduled, as_of: date, kind: str) -> None:
        """The report will not be made; of what kind of trouble that is, operators are told once."""
        self._enter(entry, as_of, ledger.LOST)
        self._trouble(kind, entry, as_of)

    def page(self, entry: Scheduled, as_of: date) -> Path:
        """Where the report's page lies, or will."""
        return Page(as_of, entry.report, entry.lang).file(self.home)

    def _has_page(self, entry: Scheduled, as_of: date, held: Path) -> bool:
        """Whether the page is there and was made from what is held now."""
        return _is_of(self.page(entry, as_of), held)

    def _make(self, as_of: date, entries: list[Scheduled]) -> AlpiaError | None:
        """Make the pages that the entries lack; why some could not be made."""
        lacking = dict.fromkeys(Page(as_of, one.report, one.lang) for one in entries
                                if not self._has_page(one, as_of, self.held[as_of]))
        try:
            if lacking:
                self.work.make(as_of, list(lacking))
        except AlpiaError as error:
            return error
        return None

    def _fail(self, entry: Scheduled, as_of: date, held: Path, error: AlpiaError) -> None:
        """The report cannot be made now; as long as its day is held, each dispatch tries again."""
        self._enter(entry, as_of, ledger.FAILED, held)
        self._trouble("failed", entry, as_of)
        self.tell(f"{entry.id} {schedule.name_of(entry, as_of)}: {error}")

    def _enter(self, entry: Scheduled, as_of: date, result: str, held: Path | None = None,
               verdicts: Mapping[str, str] | None = None, made_at: datetime | None = None) -> None:
        entered = Reported(entry.id, as_of, result, made_at or self.at, held.name if held else "", verdicts or {})
        self.ledger.report(entry.id, as_of, result, entered.made_at, entered.made_from, entered.verdicts)
        self.reports[entry.id, as_of] = entered
        self.reported += result == ledger.DONE

    def _send_to_all(self, entry: Scheduled, as_of: date, standing: Standing) -> bool:
        """Send to each recipient who has not got it; whether nothing is left to be sent."""
        is_over = True
        for role in entry.to:
            for address in self.plan.addresses((role,)):
                is_over &= self._send(entry, as_of, role, address, standing)
        return is_over

    def _send(self, entry: Scheduled, as_of: date, role: str, address: str, standing: Standing) -> bool:
        recipient = self._known_as(address)
        if any((one.entry, one.as_of, one.recipient) == (entry.id, as_of, recipient) for one in self.mails):
            return True
        last = self._last_sent(entry, recipient, as_of)
        if entry.send == CHANGED and last is not None and last.verdicts == standing.verdicts:
            self._mailed(entry, as_of, recipient, role, ledger.UNCHANGED)
            return True
        written = self._report_letter(entry, as_of, recipient, standing, last)
        return self._post(written, entry, as_of, recipient, role, address)

    def _post(self, written: Letter, entry: Scheduled, as_of: date, recipient: str, role: str, address: str) -> bool:
        """Hand a report's mail in; whether that is the end of it."""
        if not self.is_reachable:
            return False
        about = f"{schedule.name_of(entry, as_of)} {role}"
        known = entry.id, as_of, recipient
        try:
            self.work.post(written, address, lambda: self.ledger.mail(*known, role, ledger.SENDING, self.at),
                           lambda: self.ledger.not_taken(*known))
        except RefusedError as error:
            self._mailed(entry, as_of, recipient, role, ledger.REFUSED)
            self._trouble("refused", entry, as_of, f"{role}: {error}", recipient)
        except UnsureError as error:
            self._mailed(entry, as_of, recipient, role, ledger.UNSURE)
            self._trouble("unsure", entry, as_of, f"{role}: {error}", recipient)
        except DeferredError as error:
            self._trouble("deferred", entry, as_of, f"{role}: {error}", recipient)
            return False
        except UndeliveredError as error:
            self.is_reachable = False
            self._trouble("undelivered", entry, as_of, f"{error}")
            return False
        else:
            self._mailed(entry, as_of, recipient, role, ledger.TAKEN)
            self.sent += 1
            self.tell(f"{entry.id} {about}: sent")
        return True

    def _mailed(self, entry: Scheduled, as_of: date, recipient: str, role: str, result: str) -> None:
        self.ledger.mail(entry.id, as_of, recipient, role, result, self.at)
        self.mails.append(Sent(entry.id, as_of, recipient, role, result))

    def _last_sent(self, entry: Scheduled, recipient: str, as_of: date) -> Reported | None:
        """The newest earlier report of the entry that the recipient has got, or may have."""
        days = [one.as_of for one in self.mails if (one.entry, one.recipient) == (entry.id, recipient)
                and one.as_of < as_of and one.result in (ledger.TAKEN, ledger.UNSURE)]
        return self.reports.get((entry.id, max(days))) if days else None

    def _report_letter(self, entry: Scheduled, as_of: date, recipient: str, standing: Standing,
                       last: Reported | None) -> Letter:
        words = Words(entry.lang)
        page = self.page(entry, as_of)
        lines = [standing.sentence, "", *_changes(words, last, standing), words("mail.attached"), words("mail.why")]
        subject = words("mail.subject", system=self.system, report=words(f"name.{entry.report}"), as_of=as_of)
        printed = page.with_suffix(".pdf")
        attached = printed if _is_of(printed, self.held[as_of]) else page
        return Letter(letter.identity(self.system, entry.id, f"{as_of}", recipient), subject, "\n".join(lines) + "\n",
                      self.reports[entry.id, as_of].made_at, (attached,))

    def _settle_what_was_being_sent(self) -> None:
        """A mail that an earlier dispatch was handing over when it was killed may have been taken."""
        for one in [one for one in self.mails if one.result == ledger.SENDING]:
            self.ledger.mail(one.entry, one.as_of, one.recipient, one.role, ledger.UNSURE, self.at)
            if one.entry in self.plan.entries:
                self._trouble("unsure", self.plan.entries[one.entry], one.as_of, one.role, one.recipient)
        self.mails = self.ledger.mails()

    def _notice_failed_runs(self) -> None:
        begun = self.ledger.begins().get(OPERATORS)
        for run in self.ledger.runs():
            if begun and run.kind == "run" and run.as_of >= begun and run.result in BROKEN:
                self._note(Trouble(f"run {run.run_id}", "run", f"{run.as_of}", run.message or ""))

    def _notice_failed_night(self, as_of: date, error: Exception) -> None:
        """A night may fail before it is a run in the ledger, for want of a key, say."""
        why = f"{error}" if isinstance(error, AlpiaError) else type(error).__name__
        if not any(run.as_of == as_of and run.result in BROKEN for run in self.ledger.runs()):
            self._note(Trouble(f"night {as_of}", "run", f"{as_of}", why))

    def _trouble(self, kind: str, entry: Scheduled, as_of: date, detail: str = "", recipient: str = "") -> None:
        name = schedule.name_of(entry, as_of)
        self._note(Trouble(" ".join((kind, entry.id, f"{as_of}", recipient)).strip(), kind, f"{entry.id} {name}", detail))

    def _note(self, trouble: Trouble) -> None:
        if self.ledger.trouble(trouble, self.at):
            self.troubles += 1
            self.tell(_told(Words("en"), trouble))

    def _tell_operators(self) -> None:
        untold = self.ledger.untold()
        operators = self.plan.addresses((OPERATORS,))
        if not untold or not self.is_reachable:
            return
        if operators and not self._post_to_operators(untold, operators):
            return
        self.ledger.told([trouble.key for trouble in untold], self.at)

    def _post_to_operators(self, untold: list[Trouble], operators: tuple[str, ...]) -> bool:
        """Whether one of them has got it."""
        words = Words(self.plan.mail.lang)
        text = "\n".join([words("mail.trouble.lead", n=len(untold)), "", *(f"- {_told(words, one)}" for one in untold), "",
                          words("mail.trouble.cure", home=f"{self.home.path}"), ""])
        subject = words("mail.trouble.subject", system=self.system, n=len(untold))
        has_one = False
        for address in operators:
            named = letter.identity(self.system, *(one.key for one in untold), self._known_as(address))
            try:
                self.work.post(Letter(named, subject, text, self.at), address, _nothing, _nothing)
                has_one = True
            except (RefusedError, DeferredError, UnsureError) as error:
                self.tell(f"{OPERATORS}: {error}")
            except UndeliveredError as error:
                self.tell(f"{OPERATORS}: {error}")
                break
        return has_one

    def _known_as(self, address: str) -> str:
        """A recipient in the ledger: keyed, so that nobody can try addresses against it."""
        return hmac.new(self._key, b"alpia recipient\0" + address.lower().encode(), hashlib.sha256).hexdigest()[:16]

    @cached_property
    def _key(self) -> bytes:
        return self.home.pseudonym_key()


def _is_of(file: Path, held: Path) -> bool:
    """Whether the file is there and was made after what is held now."""
    return file.is_file() and file.stat().st_mtime_ns >= held.stat().st_mtime_ns


def _nothing() -> None:
    """Operators' mail keeps no books about being handed over: it may come twice."""


def _told(words: Words, trouble: Trouble) -> str:
    """One line about a trouble."""
    line = words(f"mail.trouble.{trouble.kind}", about=trouble.about)
    return f"{line} {trouble.detail}".rstrip()


def _changes(words: Words, last: Reported | None, standing: Standing) -> list[str]:
    """Which verdicts differ from what the recipient was last sent."""
    if last is None:
        return []
    changed = [(promise, last.verdicts.get(promise), verdict) for promise, verdict in standing.verdicts.items()
               if last.verdicts.get(promise) != verdict]
    if not changed:
        return [words("mail.unchanged", as_of=last.as_of), ""]
    told = [f"- {promise}: {words(f'verdict.{before}') if before else '—'} → {words(f'verdict.{now}')}"
            for promise, before, now in changed]
    return [words("mail.changed", n=len(changed), as_of=last.as_of), *told, ""]
