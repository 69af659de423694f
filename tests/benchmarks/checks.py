"""The checks that every contender of the benchmark makes, said once and in no contender's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of a table. `kind`: filled, unique, words, between, known or true; `breaches`: as many were planted."""

    table: str
    kind: str
    columns: tuple[str, ...]
    values: tuple[str, ...] = ()
    breaches: int = 0

    @property
    def name(self) -> str:
        return f"{self.table}.{'+'.join(self.columns)}.{self.kind}"

    @property
    def condition(self) -> str:
        """SQL that is true of a good row, of those whose (first) column is filled. Nothing for `unique`."""
        column = self.columns[0]
        match self.kind:
            case "filled":
                return f"{column} IS NOT NULL"
            case "words":
                return f"{column} IN {self.values}"
            case "between":
                return f"{column} BETWEEN TIMESTAMPTZ '{self.values[0]}' AND TIMESTAMPTZ '{self.values[1]}'"
            case "known":
                return f"{column} IN (SELECT {column} FROM {self.values[0]})"
            case "true":
                return self.values[0]
        raise ValueError(f"{self.name} is no condition on rows")


FIRST, LAST = "2015-03-01 00:00:00+01:00", "2026-02-01 00:00:00+01:00"
STATES = ("void", "unknown", "premature", "late", "met", "held", "overdue", "due_soon", "open")
MET = "state <> 'met' OR closed_at < due_at"
OVERDUE = "state <> 'overdue' OR (closed_at IS NULL AND due_at <= TIMESTAMPTZ '2026-02-01 00:00:00+01:00')"


def _filled(table: str, *columns: str) -> list[Rule]:
    return [Rule(table, "filled", (column,)) for column in columns]


def _between(table: str, *columns: str) -> list[Rule]:
    return [Rule(table, "between", (column,), (FIRST, LAST)) for column in columns]


RULES = [
    *_filled("source.accounts", "account_id", "created_at", "state", "has_email"),
    Rule("source.accounts", "unique", ("account_id",)),
    Rule("source.accounts", "words", ("state",), ("active", "trial", "suspended", "deleted")),
    *_between("source.accounts", "created_at", "last_sign_in_at", "deleted_at"),
    *_filled("source.users", "user_id", "account_id", "created_at", "has_email"),
    Rule("source.users", "unique", ("user_id", "account_id")),
    Rule("source.users", "known", ("account_id",), ("source.accounts",)),
    *_between("source.users", "created_at", "last_sign_in_at"),
    *_filled("source.activity", "event_id", "occurred_at", "account_id"),
    Rule("source.activity", "filled", ("actor",), breaches=3),
    Rule("source.activity", "unique", ("event_id",)),
    Rule("source.activity", "words", ("actor",), ("person", "api", "system", "mail_open"), breaches=2),
    Rule("source.activity", "known", ("account_id",), ("source.accounts",), breaches=4),
    *_between("source.activity", "occurred_at"),
    *_filled("source.deleted_items", "item_id", "deleted_at"),
    Rule("source.deleted_items", "unique", ("item_id", "deleted_at")),
    Rule("source.deleted_items", "known", ("account_id",), ("source.accounts",)),
    *_between("source.deleted_items", "created_at", "restored_at", "purged_at"),
    Rule("source.deleted_items", "between", ("deleted_at",), (FIRST, LAST), breaches=5),
    *_filled("obligation.current", "promise", "subject", "opened_at", "state"),
    Rule("obligation.current", "unique", ("promise", "subject", "opened_at")),
    Rule("obligation.current", "words", ("state",), STATES),
    *_between("obligation.current", "opened_at"),
    Rule("obligation.current", "true", ("state",), ("state <> 'overdue'",), breaches=6),
    Rule("obligation.current", "true", ("state", "closed_at"), (MET,)),
    Rule("obligation.current", "true", ("state", "due_at"), (OVERDUE,)),
]
TABLES = tuple(dict.fromkeys(rule.table for rule in RULES))


def of(table: str) -> list[Rule]:
    return [rule for rule in RULES if rule.table == table]
