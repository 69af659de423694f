"""What a list of the subjects of a promise holds: obligations, conditions or statements, as the kind of its rule wants."""

from dataclasses import dataclass

OBLIGATION_STATES = ("open", "due_soon", "met", "late", "overdue", "premature", "held", "void", "unknown")
CONDITION_STATES = ("kept", "broken", "unknown")
STATEMENT_STATES = ("valid", "expiring", "expired")


@dataclass(frozen=True, slots=True)
class Listing:
    """`columns` of `table`, most pressing first; `states` are what `state` may be."""

    table: str
    columns: tuple[str, ...]
    states: tuple[str, ...]
    order: str

    @property
    def sql(self) -> str:
        """A SELECT of the columns that is bound to $promise and to $state (NULL: all states)."""
        return (f"SELECT {', '.join(self.columns)} FROM {self.table} WHERE promise = $promise "
                f"AND state = coalesce($state, state) ORDER BY {self.order}")


OBLIGATIONS = Listing(
    "obligation.current",
    ("subject", "state", "opened_at", "earliest_at", "due_at", "safe_due_at", "closed_at", "closed_by", "basis"),
    OBLIGATION_STATES, "coalesce(due_at, earliest_at), opened_at, subject")
CONDITIONS = Listing(
    "obligation.condition", ("subject", "state", "reason", "seen_at", "since_on", "cases", "in_review"), CONDITION_STATES,
    "in_review DESC, since_on, subject, seen_at")
STATEMENTS = Listing(
    "obligation.statement", ("attestation_id AS subject", "state", "role", "stated_on", "valid_until_on", "counts_until_on"),
    STATEMENT_STATES, "counts_until_on DESC, subject")


def of(rule) -> Listing:
    """The listing of a rule of the register."""
    if rule.kind == "obligation":
        return OBLIGATIONS
    return CONDITIONS if rule.has_conditions else STATEMENTS
