"""Suite `kept`: are the rules kept? And do the states agree with the dates from which they were told?

One pass over obligation.current, grouped by promise; the second half asks each state again, from the dates alone and in
other words than the model's, so that a mistake there is not repeated here. A rule under which nothing is owed has
nothing to look at: whether that may be so is for `trust` to say of its datasets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipelines.register.policy import Policy, Rule
from pipelines.verify import check
from pipelines.verify.check import Check, Scan
from pipelines.warehouse import identifier, quoted

SUITE = "kept"
STATES = ("void", "unknown", "premature", "late", "met", "held", "overdue", "due_soon", "open")
TABLE = "obligation.current"
END = "day_end($as_of)"  # the first instant after the last local day counted
# A hold may carry a limit past due_at; whom it concerns is told by the facts.
HELD_ONCE = "subject IN (SELECT subject FROM fact.legal_hold)"


@dataclass(frozen=True, slots=True)
class Condition:
    """What is true of every obligation (or of those in `state`). SQL over obligation.current."""

    name: str
    sql: str
    detail: str
    state: str | None = None


# Each OR repeats its state: NULL OR true would be true, and an obligation without a state would pass.
RULES_KEPT = (
    Condition("no_overdue", "state <> 'overdue'", "nothing is overdue"),
    Condition("no_late", "state <> 'late' OR (state = 'late' AND NOT in_review)",
              "nothing was late within the review period"),
    Condition("no_premature", "state <> 'premature' OR (state = 'premature' AND NOT in_review)",
              "nothing was premature within the review period"),
    Condition("no_unknown", "state <> 'unknown' OR (state = 'unknown' AND NOT in_review)",
              "nothing is unknown that the review period needs"),
)
STATES_AGREE = (
    Condition("state_is_known", f"state IN {check.words(STATES)}", "every state is one of the nine"),
    Condition("subject_is_there", "subject IS NOT NULL", "every obligation has a subject"),
    Condition("opened_by_as_of", f"opened_at < {END}", "every obligation was opened by as_of"),
    Condition("closed_by_as_of", f"closed_at IS NULL OR closed_at < {END}", "nothing was closed after as_of"),
    Condition("has_a_limit", "state IN ('unknown', 'void') OR earliest_at IS NOT NULL OR due_at IS NOT NULL",
              "what can be judged has an earliest or a due moment"),
    Condition("limits_in_order", "(earliest_at IS NULL OR due_at IS NULL OR earliest_at <= due_at) "
              "AND (safe_due_at IS NULL OR safe_due_at <= due_at)",
              "no earliest or safe moment lies after the due one"),
    Condition("met_in_time", "coalesce(closed_at >= earliest_at, true) AND CASE "
              f"WHEN closed_at IS NULL THEN due_at IS NULL AND earliest_at <= {END} "
              f"WHEN due_at IS NULL THEN true ELSE closed_at < due_at OR {HELD_ONCE} END",
              "what is met was closed in time, or has passed its earliest moment with nothing due", "met"),
    Condition("overdue_is_past_due", f"closed_at IS NULL AND due_at <= {END}",
              "what is overdue is not closed, and its due moment has passed", "overdue"),
    Condition("late_is_past_due", "closed_at >= due_at", "what is late was closed at its due moment or later", "late"),
    Condition("premature_is_early", "closed_at < earliest_at",
              "what is premature was closed before its earliest moment", "premature"),
    Condition("open_is_to_come", f"closed_at IS NULL AND coalesce(due_at, earliest_at) > {END}",
              "what is open is not closed, and its moment is still to come", "open"),
    Condition("due_soon_is_to_come", f"closed_at IS NULL AND due_at > {END} AND due_at <= $horizon",
              "what is due soon is not closed, and falls due within the horizon", "due_soon"),
    Condition("held_has_hold", f"closed_at IS NULL AND $delete_by AND {HELD_ONCE}",
              "what is held is a deletion, not closed, of a subject under a hold", "held"),
    Condition("failure_is_dated", "(failed_at IS NOT NULL) = (state IN ('late', 'premature', 'overdue'))",
              "what failed, and nothing else, says when"),
    Condition("review_is_told", "CASE WHEN state = 'overdue' THEN in_review "
              "WHEN state IN ('late', 'premature') THEN in_review = (closed_at >= $review) ELSE in_review IS NOT NULL END",
              "what failed within the review period, and no older failure, is in review"),
)
CONDITIONS = (*RULES_KEPT, *STATES_AGREE)
KEY = ("subject", "opened_at")


def scans(policy: Policy, as_of: date) -> list[Scan]:
    """The one scan of obligation.current, with the checks of every obligation rule of the register."""
    rules = [rule for rule in policy.rules.values() if rule.kind == "obligation"]
    checks = [each for rule in rules for each in _checks(rule.promise)]
    return [Scan(TABLE, _query(rules, as_of), (*checks, _rule_is_known()))]


def _checks(promise: str) -> Iterator[Check]:
    for condition in CONDITIONS:
        yield _of_promise(promise, condition.name, condition.detail)
    keys = check.of_key(SUITE, promise, "key_is_unique", KEY, "").exact
    yield _of_promise(promise, "key_is_unique", "no two obligations of a promise have the same subject and opening",
                      exact=f"(SELECT {keys} FROM {TABLE} WHERE promise = {quoted(promise)})")


def _of_promise(promise: str, name: str, detail: str, exact: str | None = None) -> Check:
    return Check(SUITE, promise, name, _of(name, "rows", promise), _of(name, "breaches", promise),
                 _of(name, "nulls", promise), detail, may_be_empty=True, exact=exact)


def _rule_is_known() -> Check:
    return Check(SUITE, TABLE, "rule_is_known", "rows", "strange_rows", "0",
                 "every obligation is owed under a rule of the register", may_be_empty=True)


def _of(name: str, count: str, promise: str) -> str:
    """A promise's own count; 0 where nothing is owed under it."""
    field = "rows" if count == "rows" else f"{name}_{count}"
    return f"coalesce(told[{quoted(promise)}].{identifier(field)}, 0)"


def _query(rules: list[Rule], as_of: date) -> str:
    """One row: `told`, a map from promise to its counts; `rows` in all; `strange_rows`, those of no rule.

    A map, since some hundred filtered aggregates over so few rows take longer to plan than the table to read.
    """
    counts = dict(_counts(rules, as_of))
    fields = ", ".join(f"{quoted(name)}: {identifier(name)}" for name in counts)
    counted = ", ".join(f"{expression} AS {identifier(name)}" for name, expression in counts.items())
    known = f"coalesce(promise IN {check.words(rule.promise for rule in rules)}, false)"
    return (
        f"SELECT map(list(promise) FILTER (WHERE {known}), list({{{fields}}}) FILTER (WHERE {known})) AS told, "
        f"coalesce(sum(rows), 0) AS rows, coalesce(sum(rows) FILTER (WHERE NOT {known}), 0) AS strange_rows "
        f"FROM (SELECT promise, {counted} FROM {TABLE} GROUP BY promise)"
    )


def _counts(rules: list[Rule], as_of: date) -> Iterator[tuple[str, str]]:
    yield "rows", check.ROWS
    for condition in CONDITIONS:
        sql = _bound(condition.sql, rules, as_of)
        judged = f"CASE WHEN state = {quoted(condition.state)} THEN ({sql}) ELSE true END" if condition.state else f"({sql})"
        yield f"{condition.name}_breaches", check.breaches(judged)
        yield f"{condition.name}_nulls", check.nulls(judged)
    key = check.of_key(SUITE, TABLE, "key_is_unique", KEY, "")
    for count in ("breaches", "nulls"):
        yield f"key_is_unique_{count}", getattr(key, count)


def _bound(sql: str, rules: list[Rule], as_of: date) -> str:
    """The condition with the day counted, and with each rule's own horizon, clock and review period."""
    day = f"DATE {quoted(as_of.isoformat())}"
    by_rule = {
        "$horizon": {rule.promise: f"days_after({END}, {rule.horizon_days or 0})" for rule in rules},
        "$review": {rule.promise: f"months_before({END}, {rule.review_months})" for rule in rules},
        "$delete_by": {rule.promise: str(rule.clock == "delete_by").lower() for rule in rules},
    }
    for mark, values in by_rule.items():
        cases = " ".join(f"WHEN {quoted(promise)} THEN {value}" for promise, value in values.items())
        sql = sql.replace(mark, f"CASE promise {cases} END")
    return sql.replace("$as_of", day)
