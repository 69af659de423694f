"""What is planted: rows written one by one into the world, and the list of what is due for each of them.

A case names its rows by local numbers (the third planted account …); they get the ids of the source when the tables are
put together, at places that vary with the seed.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from pipelines.demo import words
from pipelines.demo.moments import DAY, NONE, at, local_day
from pipelines.demo.words import code
from pipelines.demo.world import World

DELETED, INACTIVE, INVOICES = "retention.deleted-accounts", "retention.inactive-accounts", "retention.invoices"
KEPT, RECOVERABLE, PURGED = "trash.kept", "trash.recoverable", "trash.purged"
CANCELLATION, RIGHTS = "cancellation.done", "rights.answered"
FRANCE, STAFF = "hosting.france", "hosting.staff"
SPECIAL, DECLARED = "collection.special-categories", "collection.declared"
PUBLISHED = "policy.published"
ENCRYPTED, PURPOSES, LIFETIME = "transport.encrypted", "cookies.purposes", "cookies.lifetime"
TRAFFIC = "traffic.fields"
UNSUBSCRIBE, RESPECTED = "marketing.unsubscribe", "marketing.respected"
SEVERAL, RESTORABLE, UPDATES = "backup.several-daily", "backup.restorable", "hosting.security-updates"
REPLICATED = "backup.replicated"
ACCESS, CHANNELS, ASSISTANCE = "customer-data.access", "rights.channels", "processor.assistance"
USES, SUBPROCESSORS, PROMOTION = "use.purposes", "use.subprocessors", "use.no-promotional-sharing"
CONSENT, SHARING = "hosting.consent-to-leave", "customer-data.no-sharing"
# The dataset that a subject is known by, and the word of its pseudonym.
DATASETS = {"account": "accounts", "person": "users", "item": "deleted_items", "invoice": "invoices",
            "recovery": "recoveries", "request": "deletion_requests", "rights": "rights_requests", "server": "servers",
            "attestation": "attestations", "published": "published_policy", "drill": "restore_drills",
            "column": "source_columns", "endpoint": "tls_probes", "log_day": "access_log", "cookie": "cookies",
            "declaration": "declared_cookies", "log_field": "log_fields", "raw_log": "raw_logs",
            "access": "staff_access", "ticket": "tickets", "way": "rights_requests",
            "processing": "processing_register", "disclosure": "disclosures",
            "email": "emails"}
# Subjects that the source names, and that are pseudonyms all the same.
NAMED = ("cookie",)
SUBJECTS = {"person": "user", "request": "deletion_request", "rights": "rights_request"}
AGE = 400 * DAY     # a planted account is a year and some weeks older than the story it is planted for


@dataclass(frozen=True, slots=True)
class Due:
    """One obligation that must be found in `state` ("none": none may be found); `number` is local to `kind`.

    Of a condition the state is `kept`, or the reason why it is not, and `opened_at` when it came about (NONE: it stands); of
    a statement, whether it counts, and when it was made. What the source does not number but name (a server, a statement) is
    its own `number`: a text, and no pseudonym. `in_review`: false for a failure older than the period under review.
    """

    promise: str
    kind: str
    number: int | str
    state: str
    in_review: bool
    opened_at: int
    why_fr: str
    why_en: str


@dataclass(slots=True)
class Cases:
    """Rows by table, how many of each kind, and what is due."""

    world: World
    rows: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter = field(default_factory=Counter)
    due: list[Due] = field(default_factory=list)

    def new(self, kind: str) -> int:
        """The local number of one more thing of a kind."""
        self.counts[kind] += 1
        return self.counts[kind] - 1

    def expect(self, promise: str, kind: str, number: int, state: str, opened_at: int, french: str, english: str,
               failed_at: int | None = None) -> None:
        """`failed_at`: when it was closed late or prematurely, where that may lie before the period under review."""
        can_be_history = state in ("late", "premature") and failed_at is not None
        in_review = not can_be_history or failed_at >= self.world.review_from
        self.due.append(Due(promise, kind, number, state, in_review, int(opened_at), french, english))

    def condition(self, promise: str, kind: str, number: int | str, state: str, seen_at: int, french: str,
                  english: str) -> None:
        """One thing that a constraint judges; `seen_at` NONE: it stands."""
        in_review = seen_at == NONE or seen_at >= self.world.review_from
        self.due.append(Due(promise, kind, number, state, in_review, int(seen_at), french, english))

    def statement(self, promise: str, name: str, state: str, stated_on: int, valid_until_on: int, french: str,
                  english: str) -> None:
        """A statement on a promise by a named role; days are numbers, both inclusive."""
        self.rows["attestation"].append({
            "attestation_id": name, "kind": "statement", "dataset": None, "promise": promise, "reference": None,
            "stated_on": stated_on, "valid_until_on": valid_until_on, "role": "direction technique"})
        self.due.append(Due(promise, "attestation", name, state, True, int(at(stated_on)), french, english))

    def account(self, seen: int | None = None, **columns) -> tuple[int, int]:
        """An account with its owner, seen last at `seen` (yesterday at ten): (account, person)."""
        seen = self.world.ago(1) if seen is None else seen
        number = self.new("account")
        row = {"account": number, "created_at": seen - AGE, "plan": 2, "state": code(words.STATES, "active"),
               "last_sign_in_at": seen, "last_edit_at": NONE, "has_name": True, "has_email": True, "has_phone": True,
               "has_address": True, **columns}
        if row.get("erased_at", NONE) != NONE:
            row |= {name: columns.get(name, False) for name in ("has_name", "has_email", "has_phone", "has_address")}
        self.rows["customer"].append(row)
        keeps = {name: row[name] for name in ("created_at", "erased_at", "has_email", "has_name") if name in row}
        person = self.person(**keeps)
        self.member(person, number, created_at=row["created_at"], last_sign_in_at=seen)
        self.act(number, seen)
        return number, person

    def person(self, created_at: int, erased_at: int = NONE, **columns) -> int:
        """A person, with personal data unless erased or said otherwise."""
        number = self.new("person")
        is_kept = erased_at == NONE
        self.rows["person"].append({"person": number, "created_at": created_at, "erased_at": erased_at,
                                    "has_name": is_kept, "has_email": is_kept, "has_phone": is_kept, **columns})
        return number

    def member(self, person: int, account: int, created_at: int, removed_at: int = NONE,
               last_sign_in_at: int = NONE) -> None:
        self.rows["membership"].append({"person": person, "account": account, "created_at": created_at,
                                        "removed_at": removed_at, "last_sign_in_at": last_sign_in_at, "last_edit_at": NONE})

    def colleague(self, removed_at: int = NONE, erased_at: int = NONE, seen: int | None = None,
                  created: int | None = None, **columns) -> tuple[int, int]:
        """A second person in an active account: (account, person)."""
        seen = seen if seen is not None else (removed_at - DAY if removed_at != NONE else self.world.ago(3))
        created = seen - 300 * DAY if created is None else created
        account, _ = self.account(created_at=created - 60 * DAY)
        self.visits(account, created - 60 * DAY, self.world.ago(1))
        person = self.person(created, erased_at, **columns)
        self.member(person, account, created, removed_at, seen)
        self.act(account, seen)
        return account, person

    def visits(self, account: int, begins: int, ends: int, every: int = 200 * DAY, actor: str = "person") -> None:
        """An action now and then, so that nothing between two stories looks like idleness."""
        for moment in range(int(begins) + every, int(ends), every):
            self.act(account, moment, actor)

    def act(self, account: int, moment: int, actor: str = "person") -> None:
        noise = {"person": 0, "api": 5, "system": 6, "mail_open": 7}
        self.rows["usage_event"].append({"account": account, "person": NONE, "occurred_at": int(moment),
                                         "actor": code(words.ACTORS, actor), "action": noise[actor]})

    def request(self, account: int, asked_at: int, person: int = NONE, withdrawn_at: int = NONE) -> int:
        number = self.new("request")
        self.rows["deletion_request"].append({"request": number, "account": account, "person": person,
                                              "requested_at": asked_at, "withdrawn_at": withdrawn_at, "channel": 0})
        return number

    def item(self, deleted_at: int, purged_at: int = NONE, restored_at: int = NONE, created_at: int | None = None,
             owner: tuple[int, int] | None = None, number: int | None = None) -> int:
        """A deletion in an active account."""
        account, person = owner or self.account(created_at=deleted_at - 800 * DAY, seen=self.world.ago(2))
        if owner is None:
            self.visits(account, deleted_at - 800 * DAY, self.world.ago(2))
        number = self.new("item") if number is None else number
        self.rows["trashed_item"].append({
            "item": number, "account": account, "person": person, "deleted_at": deleted_at, "purged_at": purged_at,
            "created_at": deleted_at - 30 * DAY if created_at is None else created_at, "restored_at": restored_at})
        return number

    def copy(self, item: int, server: str, since: int, gone_at: int = NONE) -> None:
        self.rows["item_copy"].append({"item": item, "server": code(words.SERVERS, server), "held_since_at": since,
                                       "gone_at": gone_at})

    def recovery(self, item: int, requested_at: int, outcome: str = "pending", outcome_at: int = NONE) -> int:
        number = self.new("recovery")
        self.rows["recovery"].append({"recovery": number, "item": item, "requested_at": requested_at,
                                      "outcome": code(words.OUTCOMES, outcome), "outcome_at": outcome_at})
        return number

    def ticket(self, account: int, opened_at: int, kind: str = "support", number: int | None = None, answered_at: int = NONE,
               closed_at: int = NONE) -> int:
        """A ticket, or a further time for which ticket `number` is open."""
        number = self.new("ticket") if number is None else number
        self.rows["ticket"].append({"ticket": number, "account": account, "kind": code(words.TICKET_KINDS, kind),
                                    "opened_at": opened_at, "answered_at": answered_at, "closed_at": closed_at})
        return number

    def access(self, account: int, accessed_at: int, reason: str | None = "support", ticket: int = NONE,
               ended_at: int = NONE, staff: int = 3) -> int:
        """An entry of the journal of accesses."""
        number = self.new("access")
        self.rows["staff_access"].append({
            "access": number, "account": account, "accessed_at": accessed_at, "ended_at": ended_at, "ticket": ticket,
            "reason": code(words.REASONS, reason) if reason else NONE, "staff": staff})
        return number

    def rights(self, received_at: int, right: str = "access", outcome: str | None = None, who: tuple[int, int] | None = None,
               channel: str = "email", **columns) -> int:
        """A request of the owner of an active account, unless `who` says of whom."""
        account, person = who or self.account(created_at=received_at - 200 * DAY)
        number = self.new("rights")
        nothing = dict.fromkeys(("acknowledged_at", "identity_asked_at", "identity_confirmed_at", "extension_notified_at",
                                 "answered_at", "erased_at"), NONE)
        self.rows["rights_request"].append({
            **nothing, "request": number, "account": account, "person": person, "right": code(words.RIGHTS, right),
            "channel": code(words.CHANNELS, channel), "received_at": received_at, "acknowledged_at": received_at + 60,
            "outcome": code(words.ANSWERS, outcome) if outcome else NONE, "has_reasons": False, **columns})
        return number

    def email(self, recipient: int, sent_at: int, kind: str = "marketing", header: int = 1, link: int = 1) -> int:
        """An e-mail; `header`, `link`: whether it has them (1, 0; NONE: nobody recorded it)."""
        number = self.new("email")
        self.rows["mailing"].append({"email": number, "recipient": recipient, "sent_at": int(sent_at),
                                     "kind": code(words.MAIL_KINDS, kind), "header": header, "link": link})
        return number

    def opt_out(self, stopped_at: int, kind: str = "all", resumed_at: int = NONE) -> int:
        """A recipient of its own, who opted out."""
        number = self.new("recipient")
        self.rows["opt_out"].append({"recipient": number, "kind": code(words.STOPPED_KINDS, kind),
                                     "stopped_at": int(stopped_at), "resumed_at": int(resumed_at)})
        return number

    def invoice(self, issued_on: int, year_end_on: int, **columns) -> int:
        number = self.new("invoice")
        self.rows["invoice"].append({"invoice": number, "account": NONE, "kind": 0, "issued_on": issued_on,
                                     "financial_year_end_on": year_end_on, "period_from_on": NONE, "period_until_on": NONE,
                                     "removed_at": NONE, **columns})
        return number

    def journal(self, kind: str, number: int, erased_at: int) -> None:
        """An entry that stands alone: those of rows with a date of their own are written by `records`."""
        self.rows["erasure_journal"].append({kind: number, "erased_at": erased_at})

    def probe(self, endpoint: str, probed_at: int, protocol: str, suite: str, outcome: str, suites: int | None) -> None:
        self.rows["tls_probe"].append({"endpoint": endpoint, "probed_at": probed_at, "protocol": protocol, "suite": suite,
                                       "outcome": outcome, "suites": suites})

    def cookie(self, name: str, seen_at: int, ends_at: int, is_prolonged: bool | None, host: str = "app.alpiasoft.example"
               ) -> None:
        """A cookie that a visit saw; `ends_at` NONE: with the session."""
        self.rows["cookie"].append({"cookie_id": name, "host": host, "domain": host, "seen_at": seen_at, "how": "visit",
                                    "first_set_at": seen_at, "expires_at": ends_at, "is_session": ends_at == NONE,
                                    "is_prolonged": is_prolonged})

    def processing(self, purpose: str | None, data: str, subprocessor: str | None = None, legal_basis: str = "contract",
                   until_on: int = NONE) -> int:
        """A line of the register of processing, since the service opened; `until_on`: its last day."""
        number = self.new("processing")
        self.rows["processing"].append({
            "processing": number, "purpose": _place(words.PURPOSES, purpose), "data": _place(words.KINDS_OF_DATA, data),
            "legal_basis": _place(words.LEGAL_BASES, legal_basis), "subprocessor": _place(words.RECIPIENTS, subprocessor),
            "from_on": self.world.opened, "until_on": until_on})
        return number

    def disclosure(self, at: int, kind: str, recipient: str | None, basis: str, purpose: str | None, data: str | None,
                   destination: str | None = "france", manner: str = "shared", **columns) -> int:
        """What went to somebody: without a consent unless `columns` says since when, with a reference unless it says not."""
        number = self.new("disclosure")
        self.rows["disclosure"].append({
            "disclosure": number, "disclosed_at": at, "recipient_kind": _place(words.RECIPIENT_KINDS, kind),
            "organisation": _place(words.RECIPIENTS, recipient), "manner": _place(words.MANNERS, manner),
            "purpose": _place(words.PURPOSES, purpose), "data": _place(words.KINDS_OF_DATA, data),
            "destination": _place(words.DESTINATIONS, destination), "basis": _place(words.BASES, basis),
            "has_reference": True, **columns})
        return number

    def hold(self, from_at: int, until_at: int, promise: str | None = None, has_approver: bool = True,
             **subject: int) -> None:
        number = self.new("hold")
        self.rows["legal_hold"].append({"hold": number, "promise": promise, "account": NONE, "person": NONE, "item": NONE,
                                        "reason": "litige en cours", "has_approver": has_approver, "from_at": from_at,
                                        "until_at": until_at, **subject})


def _place(known: tuple[str, ...], word: str | None) -> int:
    return NONE if word is None else code(known, word)


def day_of(moment: int) -> int:
    """The local day of a moment, as a plain number."""
    return int(local_day(moment))
