"""The register (expectations/policy.toml): every promise of the policy, and the rules that show it kept."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pipelines.errors import UsageError
from pipelines.register import contracts as contracts_register
from pipelines.register.contracts import Contracts
from pipelines.register.document import EXPECTATIONS, NAME, Entry, read
from pipelines.register.guards import Guard, guard
from pipelines.register.references import Reference, reference

KINDS = ("obligation", "constraint", "attestation")
CLOCKS = ("delete_by", "keep_until", "reply_by", "operate_by")
READINGS = ("policy", "law", "ours")
OUTCOMES = ("closes", "voids", "unknown")
REASON_OUTCOMES = ("broken", "unknown")
WORDS = "words"  # the unit of a parameter that is a list; its name is a plural
UNITS = ("seconds", "minutes", "hours", "days", "months", "bits", "count", "percent", WORDS)
MOST_PERCENT = 100
COMPLETENESS, VALIDITY = "completeness_months", "valid_months"  # what the engine itself looks up by name
ATTESTATIONS = "attestations"
# How long the product itself keeps what it makes ([forgetting]).
FORGETTING = ("subject_months", "warehouse_days", "rebuilt_days", "by_hand_days", "records_days", "revealed_days",
              "restricted_days", "reports_months", "probes_months")
RESERVED_REASONS = ("kept", "broken", "unknown")  # the states of a condition
BOUND_ANYWAY = ("as_of", "as_of_end")  # every SELECT may name these; no parameter may be called so
HEADING, PARAGRAPH = "h", "p"  # the letters of the outline
HEX = frozenset("0123456789abcdef")
PROMISE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")  # also the name of its SELECT's file


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing the policy says, in our words. `fingerprints`: the published paragraphs on which it rests."""

    id: str
    section: str
    summary_fr: str
    summary_en: str
    kind: str
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What decides: a number in `unit`, or texts (unit `words`). `reading`: the policy's, the law's or ours."""

    name: str
    value: int | tuple[str, ...]
    unit: str
    why_fr: str
    why_en: str
    reading: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How a promise is shown kept. A breach rests on `needs` alone; compliance on `needs` and `completes`.

    `clock` is None unless the kind is obligation; `horizon_days` is None where nothing is ever `due_soon` (of a statement:
    how long before its end a statement is to be renewed). `cure_fr`, `cure_en`: what an operator does about a breach.
    An attestation has a SELECT only where some data can show a part of it; its parameter `valid_months` says for how long a
    statement counts at most.
    """

    promise: str
    kind: str
    clock: str | None
    parameters: Mapping[str, Parameter]
    needs: tuple[str, ...]
    completes: tuple[str, ...]
    horizon_days: int | None
    review_months: int
    cure_fr: str
    cure_en: str
    sql_path: Path

    @property
    def has_conditions(self) -> bool:
        """Does its SELECT return conditions (subject, seen_at, ok, reason, cases)?"""
        return self.kind == "constraint" or (self.kind == "attestation" and self.sql_path.is_file())


@dataclass(frozen=True, slots=True)
class Closing:
    """A word that says what became of an obligation. The cures are None unless the outcome is unknown."""

    word: str
    outcome: str
    fr: str
    en: str
    cure_fr: str | None
    cure_en: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the reviewed text: its fingerprint, and that it is heading or paragraph number so-and-so (from 1)."""

    fingerprint: str
    is_heading: bool
    number: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a condition is not met (`broken`) or cannot be told (`unknown`), and what an operator does about it."""

    word: str
    outcome: str
    fr: str
    en: str
    cure_fr: str
    cure_en: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the policy: its title in both languages, and who acts when a promise in it is not kept."""

    fr: str
    en: str
    acts_fr: str
    acts_en: str


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """The whole register. A promise that `rules` does not know has no rule built.

    `sections`: French title -> section, in the policy's order. `paragraphs`, `headings`: fingerprints
    of the reviewed text; `outline`: how they alternate in it, a letter each. `parameters`: those of no single rule, by
    name. `forgetting`: how long the product keeps what it makes. `digest`: SHA-256 (hex) of the file's bytes, whatever the
    `overrides` (a what-if).
    """

    path: Path
    digest: str
    name: str
    product: str
    controller: str
    fingerprint: str
    paragraphs: tuple[str, ...]
    headings: tuple[str, ...]
    outline: str
    alsace_moselle: bool
    sections: Mapping[str, Section]
    promises: Mapping[str, Promise]
    rules: Mapping[str, Rule]
    closings: Mapping[str, Closing]
    references: Mapping[str, Reference]
    guards: Mapping[str, Guard]
    reasons: Mapping[str, Reason]
    parameters: Mapping[str, Parameter]
    forgetting: Mapping[str, Parameter]
    overrides: Mapping[str, int | tuple[str, ...]]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The reviewed text, block by block, in its order."""
        return _blocks(self.outline, self.headings, self.paragraphs)

    def resting_on(self, mark: str) -> tuple[str, ...]:
        """The promises that rest on the paragraph of this fingerprint, in the register's order."""
        return tuple(promise.id for promise in self.promises.values() if mark in promise.fingerprints)


@lru_cache(maxsize=4)  # a comparison asks for each paragraph again
def _blocks(outline: str, headings: tuple[str, ...], paragraphs: tuple[str, ...]) -> tuple[Block, ...]:
    kinds = {HEADING: iter(enumerate(headings, 1)), PARAGRAPH: iter(enumerate(paragraphs, 1))}
    taken = [(letter, *next(kinds[letter])) for letter in outline]
    return tuple(Block(mark, letter == HEADING, number) for letter, number, mark in taken)


def fingerprint(paragraph: str) -> str:
    """SHA-256 (hex) of a paragraph of the published text: leading bullet off, white space folded, UTF-8.

    A paragraph is a line of the text that is not blank; the bullet is '•'; white space is what Unicode calls
    so: a no-break space more or less is no change of the policy.
    """
    folded = " ".join(paragraph.split()).removeprefix("•").lstrip()
    return hashlib.sha256(folded.encode("utf-8")).hexdigest()


def load(
    path: Path | str | None = None,
    overrides: Mapping[str, int | tuple[str, ...]] = MappingProxyType({}),
    contracts: Contracts | None = None,
) -> Policy:
    """The register in `path` (default: the project's own), its SELECTs in `rules/` beside it.

    `overrides` asks what if: {"retention.inactive-accounts.period_months": 24}; its reading is then `ours`.
    AlpiaError, one sentence, for anything that is nonsense; UsageError for an override of what is not there.
    """
    path = Path(path) if path is not None else EXPECTATIONS / "policy.toml"
    contracts = contracts if contracts is not None else contracts_register.load()
    document, digest = read(path)
    published = document.table("policy")
    sections = {e.name: _section(e) for e in document.tables("section", "fr")}
    promises = {e.name: _promise(e, sections) for e in document.tables("promise", "id")}
    rules = {e.name: _rule(e, promises, contracts, path) for e in document.tables("rule", "promise")}
    supposed = _overridden(rules, overrides)
    policy = Policy(
        path=path,
        digest=digest,
        name=published.text("name"),
        product=published.text("product"),
        controller=published.text("controller"),
        fingerprint=published.text("fingerprint"),
        paragraphs=_fingerprints(published, "paragraphs"),
        headings=_fingerprints(published, "headings"),
        outline=published.text("outline"),
        alsace_moselle=_alsace_moselle(document.table("period")),
        sections=MappingProxyType(sections),
        promises=MappingProxyType(promises),
        rules=MappingProxyType(supposed),
        closings=MappingProxyType({e.name: _closing(e) for e in document.tables("closing", "word")}),
        reasons=MappingProxyType({e.name: _reason(e) for e in document.tables("reason", "word", [])}),
        parameters=_shared_parameters(document),
        forgetting=_forgetting(document),
        references=_references(document, promises, supposed),
        guards=MappingProxyType({e.name: guard(e) for e in document.tables("guard", "word", [])}),
        overrides=MappingProxyType(dict(overrides)),
    )
    published.done()
    document.done()
    _check_whole(policy, document)
    return policy


def _references(document: Entry, promises: Mapping[str, Promise], rules: Mapping[str, Rule]) -> Mapping[str, Reference]:
    return MappingProxyType({e.name: reference(e, promises, rules) for e in document.tables("reference", "id", [])})


def _alsace_moselle(entry: Entry) -> bool:
    answer = entry.flag("alsace_moselle")
    entry.done()
    return answer


def _section(entry: Entry) -> Section:
    section = Section(entry.text("fr"), entry.text("en"), entry.text("acts_fr"), entry.text("acts_en"))
    entry.done()
    return section


def _promise(entry: Entry, sections: Mapping[str, Section]) -> Promise:
    promise = Promise(
        id=entry.text("id"),
        section=entry.one_of("section", tuple(sections)),
        summary_fr=entry.text("summary_fr"),
        summary_en=entry.text("summary_en"),
        kind=entry.one_of("kind", KINDS),
        fingerprints=_fingerprints(entry, "fingerprints"),
    )
    entry.done()
    if not PROMISE.fullmatch(promise.id):
        raise entry.refuse(
            "id", f"is {promise.id!r}", "write section.promise in lower-case letters and hyphens"
        )
    return promise


def _fingerprints(entry: Entry, key: str) -> tuple[str, ...]:
    prints = entry.words(key)
    if not prints:
        raise entry.refuse(key, "is empty", "name the paragraphs by their fingerprint()")
    wrong = next((text for text in prints if len(text) != 64 or not HEX.issuperset(text)), None)
    if wrong is not None:
        raise entry.refuse(
            key, f"holds {wrong!r}", "write 64 lower-case hex digits, as fingerprint() gives them"
        )
    return prints


def _rule(entry: Entry, promises: Mapping[str, Promise], contracts: Contracts, path: Path) -> Rule:
    promise = entry.one_of("promise", tuple(promises))
    kind = entry.one_of("kind", KINDS)
    rule = Rule(
        promise=promise,
        kind=kind,
        clock=entry.one_of("clock", CLOCKS, None),
        parameters=_parameters(entry.table("parameters", {})),
        needs=_datasets(entry, "needs", contracts),
        completes=_datasets(entry, "completes", contracts),
        horizon_days=entry.whole("horizon_days", None),
        review_months=entry.whole("review_months"),
        cure_fr=entry.text("cure_fr"),
        cure_en=entry.text("cure_en"),
        sql_path=path.parent / "rules" / f"{promise}.sql",
    )
    entry.done()
    _check_rule(rule, promises[promise], entry)
    return rule


def _datasets(entry: Entry, key: str, contracts: Contracts) -> tuple[str, ...]:
    names = entry.words(key, ())
    unknown = next((name for name in names if name not in contracts), None)
    if unknown is not None:
        raise entry.refuse(
            key, f"names {unknown}, which has no contract", "write its contract, or correct the name"
        )
    return names


def _parameters(entry: Entry) -> Mapping[str, Parameter]:
    return MappingProxyType({name: _parameter(name, entry.table(name)) for name in entry.names()})


def _shared_parameters(document: Entry) -> Mapping[str, Parameter]:
    parameters = _parameters(document.table("parameters"))
    if set(parameters) != {COMPLETENESS}:
        raise document.refuse("parameters", f"does not hold {COMPLETENESS} and no other",
                              f"write [parameters.{COMPLETENESS}]; the others belong to a rule")
    return parameters


def _forgetting(document: Entry) -> Mapping[str, Parameter]:
    """[forgetting]; none of it in a register that is only asked about its promises."""
    parameters = _parameters(document.table("forgetting", {}))
    if parameters and set(parameters) != set(FORGETTING):
        odd = ", ".join(sorted(set(parameters) ^ set(FORGETTING)))
        raise document.refuse("forgetting", f"lacks, or does not know, {odd}", f"hold {', '.join(FORGETTING)}, and no other")
    return parameters


def _parameter(name: str, entry: Entry) -> Parameter:
    unit = entry.one_of("unit", UNITS)
    parameter = Parameter(
        name=name,
        value=_value(entry, unit),
        unit=unit,
        why_fr=entry.text("why_fr"),
        why_en=entry.text("why_en"),
        reading=entry.one_of("reading", READINGS),
    )
    entry.done()
    if not NAME.fullmatch(name) or name in BOUND_ANYWAY:
        raise entry.refuse(
            "",
            "cannot be bound in a SELECT by this name",
            f"use lower-case letters, digits and underscores, and not {' or '.join(BOUND_ANYWAY)}",
        )
    if unit == WORDS and not name.endswith("s"):
        raise entry.refuse("unit", f"is {unit!r}", "name the parameter by a plural, as in allowed_countries")
    if unit != WORDS and not name.endswith(f"_{unit}"):
        raise entry.refuse("unit", f"is {unit!r}", f"end the parameter's name in _{unit}")
    return parameter


def _value(entry: Entry, unit: str) -> int | tuple[str, ...]:
    if unit == WORDS:
        value = entry.words("value")
        if not value:
            raise entry.refuse("value", "is empty", "name at least one word")
        return value
    value = entry.whole("value")
    if unit == "percent" and value > MOST_PERCENT:
        raise entry.refuse("value", f"is {value}", "write a percentage from 1 to 100")
    return value


def _check_rule(rule: Rule, promise: Promise, entry: Entry) -> None:
    if rule.kind != promise.kind:
        raise entry.refuse("kind", f"is {rule.kind!r}", f"write {promise.kind!r}, as its promise does")
    if rule.kind == "obligation" and rule.clock is None:
        raise entry.refuse("clock", "is missing", f"write one of {', '.join(CLOCKS)}")
    if rule.kind == "constraint" and (rule.clock or rule.horizon_days):
        raise entry.refuse("clock", f"or horizon_days stands beside kind {rule.kind!r}", "take both out")
    if rule.kind == "attestation":
        _check_attestation(rule, entry)
    if rule.clock == "keep_until" and rule.horizon_days:
        raise entry.refuse(
            "horizon_days", "stands beside clock 'keep_until'", "take it out: nothing there falls due"
        )
    if not rule.needs:
        raise entry.refuse("needs", "names no dataset", "name those without which no breach can be told")
    both = next((name for name in rule.needs if name in rule.completes), None)
    if both is not None:
        raise entry.refuse("completes", f"names {both}, which needs names too", "keep it in one of them")
    if rule.kind != "attestation" and not rule.sql_path.is_file():
        raise entry.refuse(
            "",
            f"has no SELECT in rules/{rule.sql_path.name}",
            "write it, or take the rule out and leave the promise shown as not built",
        )


def _check_attestation(rule: Rule, entry: Entry) -> None:
    if rule.clock:
        raise entry.refuse("clock", "stands beside kind 'attestation'", "take it out")
    if ATTESTATIONS not in rule.needs:
        raise entry.refuse("needs", f"does not name {ATTESTATIONS}", "name it: that is where statements are")
    if VALIDITY not in rule.parameters:
        raise entry.refuse(f"parameters.{VALIDITY}", "is missing", "say for how long a statement counts at most")


def _reason(entry: Entry) -> Reason:
    reason = Reason(
        word=entry.text("word"),
        outcome=entry.one_of("outcome", REASON_OUTCOMES),
        fr=entry.text("fr"),
        en=entry.text("en"),
        cure_fr=entry.text("cure_fr"),
        cure_en=entry.text("cure_en"),
    )
    entry.done()
    if not NAME.fullmatch(reason.word) or reason.word in RESERVED_REASONS:
        raise entry.refuse("word", f"is {reason.word!r}",
                           f"use lower-case letters, digits and underscores, and not {', '.join(RESERVED_REASONS)}")
    return reason


def _closing(entry: Entry) -> Closing:
    closing = Closing(
        word=entry.text("word"),
        outcome=entry.one_of("outcome", OUTCOMES),
        fr=entry.text("fr"),
        en=entry.text("en"),
        cure_fr=entry.text("cure_fr", None),
        cure_en=entry.text("cure_en", None),
    )
    entry.done()
    if not NAME.fullmatch(closing.word):
        raise entry.refuse("word", f"is {closing.word!r}", "use lower-case letters, digits and underscores")
    for key, cure in (("cure_fr", closing.cure_fr), ("cure_en", closing.cure_en)):
        if closing.outcome == "unknown" and cure is None:
            raise entry.refuse(key, "is missing", "say what an operator does to make it known")
        if closing.outcome != "unknown" and cure is not None:
            raise entry.refuse(
                key, f"stands beside outcome {closing.outcome!r}", "take it out: nothing is left to cure"
            )
    return closing


def _check_whole(policy: Policy, document: Entry) -> None:
    """What only the whole can show: every section in use, every fingerprint that of a reviewed paragraph."""
    _check_outline(policy, document)
    longest = max((rule.review_months for rule in policy.rules.values()), default=0)
    if policy.forgetting and policy.forgetting["subject_months"].value <= longest:
        raise document.refuse("forgetting.subject_months", f"is no longer than a review of {longest} months",
                              "write more: what is forgotten can no longer show a breach")
    used = {promise.section for promise in policy.promises.values()}
    unused = next((title for title in policy.sections if title not in used), None)
    if unused is not None:
        raise document.refuse(f"section({unused})", "has no promise", "take it out, or write the promise")
    for promise in policy.promises.values():
        strange = next((text for text in promise.fingerprints if text not in policy.paragraphs), None)
        if strange is not None:
            raise document.refuse(
                f"promise({promise.id}).fingerprints",
                f"holds {strange[:12]}…, no reviewed paragraph",
                "write it under policy.paragraphs, or correct it",
            )


def _check_outline(policy: Policy, document: Entry) -> None:
    asked = {HEADING: len(policy.headings), PARAGRAPH: len(policy.paragraphs)}
    if Counter(policy.outline) != asked:
        raise document.refuse(
            "policy.outline",
            f"does not hold {asked[HEADING]} times {HEADING!r} and {asked[PARAGRAPH]} times {PARAGRAPH!r}",
            "write a letter for each heading and paragraph of the text, in its order",
        )
    both = next((mark for mark in policy.headings if mark in policy.paragraphs), None)
    if both is not None:
        raise document.refuse("policy.headings", f"holds {both[:12]}…, a paragraph too", "keep it in one of them")


def _overridden(
    rules: dict[str, Rule], overrides: Mapping[str, int | tuple[str, ...]]
) -> dict[str, Rule]:
    for name, value in overrides.items():
        promise, _, parameter = name.rpartition(".")
        if promise not in rules or parameter not in rules[promise].parameters:
            known = ", ".join(f"{rule.promise}.{key}" for rule in rules.values() for key in rule.parameters)
            raise UsageError(f"override {name}: no rule has this parameter; write one of {known}.")
        _check_override(name, value, rules[promise].parameters[parameter].unit)
        value = tuple(value) if isinstance(value, list) else value
        rules = rules | {promise: _with_value(rules[promise], parameter, value)}
    return rules


def _check_override(name: str, value, unit: str) -> None:
    if unit == WORDS:
        if not isinstance(value, (list, tuple)) or not value or any(not isinstance(w, str) or not w for w in value):
            raise UsageError(f"override {name}: is {value!r}; write a list of texts.")
    elif not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise UsageError(f"override {name}: is {value!r}; write a whole number of at least 1.")


def _with_value(rule: Rule, name: str, value: int | tuple[str, ...]) -> Rule:
    held = rule.parameters[name]
    told, before = (", ".join(v) if isinstance(v, tuple) else v for v in (value, held.value))
    supposed = replace(
        held,
        value=value,
        reading="ours",
        why_fr=f"Hypothèse de travail : {told} au lieu de {before}.",
        why_en=f"What if: {told} instead of {before}.",
    )
    return replace(rule, parameters=MappingProxyType({**rule.parameters, name: supposed}))
