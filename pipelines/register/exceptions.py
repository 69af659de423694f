"""What a person has set apart, with a reason and an end: exceptions to promises, legal holds among them, and confirmations.

Two files of one shape, read by one loader: `expectations/exceptions.toml` for what concerns the register and so holds in
every home, and `exceptions.toml` in the home, for the subjects of the system watched there. A hold may also come in the
dataset `legal_holds`, from whoever keeps them; in the facts both are one.

An exception never changes a verdict: what it covers is shown beside the breach, and counted apart. A legal hold has an
effect by law: it suspends a delete-by until it ends. A confirmation says that a night that a guard doubts is as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from pipelines.register.contracts import Contracts
from pipelines.register.document import EXPECTATIONS, Entry, read
from pipelines.register.guards import FEWER_ROWS
from pipelines.register.policy import Policy

FILE = "exceptions.toml"
LEGAL_HOLD, TOLERATED = "legal_hold", "tolerated"
KINDS = (LEGAL_HOLD, TOLERATED)


@dataclass(frozen=True, slots=True)
class Exempted:
    """An exception: these subjects, under this promise (None, for a hold: under each), between two days, both included.

    `subjects`: pseudonyms as `alpia annex` prints them, or the names that a rule gives to servers and the like.
    `who`: a role. `file`: where it stands.
    """

    id: str
    kind: str
    promise: str | None
    subjects: tuple[str, ...]
    why: str
    who: str
    from_on: date
    until_on: date
    file: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody has looked at what a guard doubts: `concerns` is a dataset or a promise, `night_on` that night's as_of."""

    id: str
    guard: str
    concerns: str
    night_on: date
    why: str
    who: str
    confirmed_on: date
    file: str


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Both files together, by id. `digest`: of their bytes, as text."""

    exempted: Mapping[str, Exempted]
    confirmations: Mapping[str, Confirmation]
    digest: str


def load(policy: Policy, contracts: Contracts, home: Path | None = None, own: Path | None = None) -> Exceptions:
    """The project's file (`own`, default expectations/exceptions.toml) and, where there is one, that of the home's folder.

    AlpiaError, one sentence naming file, key and cure, for nonsense and for an id that both files use.
    """
    exempted: dict[str, Exempted] = {}
    confirmations: dict[str, Confirmation] = {}
    digests = []
    for path in (own or EXPECTATIONS / FILE, home / FILE if home else None):
        if path is None or (home is not None and path.parent == home and not path.is_file()):
            continue
        document, digest = read(path)
        digests.append(digest)
        for entry in document.tables("exception", "id", []):
            _add(exempted, _exempted(entry, policy), entry)
        for entry in document.tables("confirmation", "id", []):
            _add(confirmations, _confirmation(entry, policy, contracts), entry)
        document.done()
    return Exceptions(MappingProxyType(exempted), MappingProxyType(confirmations), " ".join(digests))


def _add(held: dict, one, entry: Entry) -> None:
    if one.id in held:
        raise entry.refuse("id", f"is used in {held[one.id].file} too", "give one of them another id")
    held[one.id] = one


def _exempted(entry: Entry, policy: Policy) -> Exempted:
    kind = entry.one_of("kind", KINDS)
    promise = entry.one_of("promise", tuple(policy.promises), *([None] if kind == LEGAL_HOLD else []))
    found = Exempted(
        id=entry.text("id"),
        kind=kind,
        promise=promise,
        subjects=entry.words("subjects"),
        why=_told(entry, "why"),
        who=_told(entry, "who"),
        from_on=entry.day("from"),
        until_on=entry.day("until"),
        file=entry.file,
    )
    entry.done()
    if not found.subjects:
        raise entry.refuse("subjects", "is empty", "name them as `alpia annex` prints them")
    if found.until_on < found.from_on:
        raise entry.refuse("until", f"is {found.until_on}, before from", "write its last day")
    if kind == LEGAL_HOLD and promise is not None:
        _check_hold(entry, policy, promise)
    return found


def _check_hold(entry: Entry, policy: Policy, promise: str) -> None:
    rule = policy.rules.get(promise)
    if rule is None or rule.clock != "delete_by":
        raise entry.refuse("promise", f"is {promise}, under which nothing is to be deleted",
                           "name one whose clock is delete_by, or none for all of them")


def _confirmation(entry: Entry, policy: Policy, contracts: Contracts) -> Confirmation:
    guard = entry.one_of("guard", tuple(policy.guards))
    concerned = tuple(contracts) if guard == FEWER_ROWS else tuple(policy.rules)
    found = Confirmation(
        id=entry.text("id"),
        guard=guard,
        concerns=entry.one_of("concerns", concerned),
        night_on=entry.day("night"),
        why=_told(entry, "why"),
        who=_told(entry, "who"),
        confirmed_on=entry.day("confirmed"),
        file=entry.file,
    )
    entry.done()
    if found.confirmed_on < found.night_on:
        raise entry.refuse("confirmed", f"is {found.confirmed_on}, before the night itself",
                           "write the day on which somebody looked")
    return found


def _told(entry: Entry, key: str) -> str:
    """A text that stands in reports: a role and a reason, no person's address."""
    text = entry.text(key)
    if "@" in text:
        raise entry.refuse(key, "holds an e-mail address", "name a role, and a reason that names nobody")
    return text


