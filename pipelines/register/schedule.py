"""The schedule: which report is made when, in which language, for whom, and how long its pages are kept.

Two files of one shape: `notebooks/schedule.toml` says it for every home, in roles and without any address; `schedule.toml`
in a home replaces entries by id, adds and drops some, and alone holds people's addresses and the mail server.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pipelines.register.document import ROOT, Entry, read

FILE = "schedule.toml"
NOTEBOOKS = ROOT / "notebooks"
WORKING = ("collect", "verify")  # notebooks that make the data; each run writes their pages, and nobody is sent one
CADENCES = DAILY, WEEKLY, MONTHLY, QUARTERLY = ("daily", "weekly", "monthly", "quarterly")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LAST_COMMON_DAY = 28  # every month has it
OPERATORS = "operators"
ALWAYS, CHANGED = "always", "changed"
STARTTLS, TLS, NONE = "starttls", "tls", "none"
PORTS = {STARTTLS: 587, TLS: 465, NONE: 25}
LANGUAGES = ("fr", "en")
ID = re.compile(r"[a-z][a-z0-9-]*")
ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# No blank, control, quote or comma: such an address can be put into a header and an SMTP command as it is.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A report and its rhythm. `day`: weekly the weekday's name, monthly a day number or None for the last one.

    `to`: roles, never `operators`, who hear of failures alone; `send`: `always`, or only when a verdict `changed` since what
    was last sent. `keep_months`: how many calendar months its pages are kept.
    """

    id: str
    report: str
    cadence: str
    day: str | int | None
    lang: str
    to: tuple[str, ...]
    send: str
    keep_months: int


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `secret`: the environment variable, or the credential file's name, of the password.

    `ca`: a file of certificates to trust instead of the system's; `timeout_seconds`: of each step of the talk.
    """

    host: str
    port: int
    security: str
    user: str | None
    secret: str | None
    sender: str
    ca: Path | None
    timeout_seconds: int
    lang: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Both files together. `entries`: by id, in the order of the files; `recipients`: addresses by role."""

    entries: Mapping[str, Scheduled]
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mail: MailServer | None = None

    def addresses(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Who has one of these roles, each once; nobody where no mail server is named."""
        named = [address for role in roles for address in self.recipients.get(role, ())]
        return tuple(dict.fromkeys(named)) if self.mail else ()


def reports() -> tuple[str, ...]:
    """The notebooks that are reports, by name."""
    return tuple(sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb") if file.stem not in WORKING))


def load(home: Path | None = None, own: Path | None = None) -> Schedule:
    """The project's file (`own`, default notebooks/schedule.toml) and, where there is one, that of the home's folder.

    AlpiaError, one sentence naming file, key and cure, for anything that is nonsense.
    """
    document, _ = read(own or NOTEBOOKS / FILE)
    entries = {entry.name: _scheduled(entry) for entry in document.tables("entry", "id")}
    document.done()
    if home is None or not (home / FILE).is_file():
        return Schedule(MappingProxyType(entries))
    return _extended(Schedule(entries), read(home / FILE)[0], home)


def _extended(project: Schedule, document: Entry, home: Path) -> Schedule:
    entries = dict(project.entries)
    for dropped in document.words("without", ()):
        if dropped not in entries:
            raise document.refuse("without", f"names {dropped!r}, which is no entry", f"write one of {', '.join(entries)}")
        del entries[dropped]
    entries |= {entry.name: _scheduled(entry) for entry in document.tables("entry", "id", [])}
    mail = _mail(document.table("mail"), home) if "mail" in document.names() else None
    recipients = _recipients(document.table("recipients", {}))
    document.done()
    if recipients and mail is None:
        raise document.refuse("mail", "is missing", "name the server that takes mail for these recipients, or take them out")
    return Schedule(MappingProxyType(entries), MappingProxyType(recipients), mail)


def _scheduled(entry: Entry) -> Scheduled:
    if not ID.fullmatch(entry.name):
        raise entry.refuse("id", "is no id", "use lower-case letters, digits and hyphens")
    cadence = entry.one_of("cadence", CADENCES)
    scheduled = Scheduled(
        id=entry.text("id"), report=entry.one_of("report", reports()), cadence=cadence, day=_day(entry, cadence),
        lang=entry.one_of("lang", LANGUAGES, LANGUAGES[0]), to=_roles(entry),
        send=entry.one_of("send", (ALWAYS, CHANGED), ALWAYS), keep_months=entry.whole("keep_months"))
    entry.done()
    return scheduled


def _day(entry: Entry, cadence: str) -> str | int | None:
    if cadence == WEEKLY:
        return entry.one_of("day", WEEKDAYS, WEEKDAYS[-1])
    if cadence != MONTHLY:
        return None
    day = entry.whole("day", None)
    if day is not None and day > LAST_COMMON_DAY:
        raise entry.refuse("day", f"is {day}, which some months have not",
                           f"write at most {LAST_COMMON_DAY}, or take it out for the last day of the month")
    return day


def _roles(entry: Entry) -> tuple[str, ...]:
    roles = entry.words("to", ())
    if OPERATORS in roles:
        raise entry.refuse("to", "names operators, who hear of failures alone", "name another role, even of the same people")
    return roles


def _recipients(entry: Entry) -> dict[str, tuple[str, ...]]:
    recipients = {role: entry.words(role) for role in entry.names()}
    for role, addresses in recipients.items():
        # Which one is wrong is told by its place: an address stands in no message of ours.
        wrong = next((place for place, address in enumerate(addresses, 1) if not ADDRESS.fullmatch(address)), None)
        if wrong:
            raise entry.refuse(role, f"has no plain address in place {wrong}", "write it as name@example.org, in ASCII")
    return recipients


def _mail(entry: Entry, home: Path) -> MailServer:
    security = entry.one_of("security", tuple(PORTS), STARTTLS)
    user, secret, ca = entry.text("user", None), entry.text("secret", None), entry.text("ca", None)
    if (user is None) != (secret is None):
        raise entry.refuse("secret" if user else "user", "is missing", "name both, or neither for a server that asks nobody")
    if secret and not ENVIRONMENT_NAME.fullmatch(secret):
        raise entry.refuse("secret", "is not the name of an environment variable", "write its name here, never the password")
    if user and security == NONE:
        raise entry.refuse("security", "is none, and a password would go in the clear", "write starttls or tls, or no user")
    sender = entry.text("sender")
    if not ADDRESS.fullmatch(sender):
        raise entry.refuse("sender", "is no plain address", "write it as name@example.org, in ASCII")
    server = MailServer(entry.text("host"), entry.whole("port", PORTS[security]), security, user, secret, sender,
                        home / ca if ca else None, entry.whole("timeout_seconds", 30),
                        entry.one_of("lang", LANGUAGES, LANGUAGES[0]))
    entry.done()
    return server
