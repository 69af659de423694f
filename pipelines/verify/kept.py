"""Suite `kept`: are the rules kept? And do the states agree with the dates from which they were told?

One pass over obligation.current and one over obligation.condition, grouped by promise; the second half of each asks every
state again, from the dates alone and in other words than the model's, so that a mistake there is not repeated here. A rule
under which nothing is owed has nothing to look at: whether that may be so is for `trust` to say of its datasets.
And one pass over what is stated: whether a statement counts is asked of its own dates.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.register.contracts import Contract
from pipelines.register.policy import COMPLETENESS, VALIDITY, Policy, Rule
from pipelines.verify import check
from pipelines.verify.check import Check, Scan
from pipelines.warehouse import identifier, quoted

SUITE = "kept"
CONDITION_STATES = ("kept", "broken", "unknown")
STATES = ("void", "unknown", "premature", "late", "met", "held", "overdue", "due_soon", "open")
END = "day_end($as_of)"  # the first instant after the last local day counted
# A hold may carry a limit past due_at; whom it concerns is told by the facts.
HELD_ONCE = "subject IN (SELECT subject FROM fact.legal_hold)"


@dataclass(frozen=True, slots=True)
class Condition:
    """What is true of every row (or of those in `state`). SQL over the table that is judged."""

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
MET = (
    Condition("no_broken", "state <> 'broken' OR (state = 'broken' AND NOT in_review)",
              "no condition is broken within the review period"),
    Condition("no_unknown", "state <> 'unknown' OR (state = 'unknown' AND NOT in_review)",
              "no condition is unknown that the review period needs"),
)
CONDITIONS_AGREE = (
    Condition("state_is_known", f"state IN {check.words(CONDITION_STATES)}", "every state is one of the three"),
    Condition("state_is_told", "(state = 'kept') = (ok IS NOT DISTINCT FROM true) "
              "AND (state = 'broken') = (ok IS NOT DISTINCT FROM false) AND (state = 'unknown') = (ok IS NULL)",
              "what is ok is kept, what is not is broken, and what cannot be told is unknown"),
    Condition("subject_is_there", "subject IS NOT NULL", "every condition has a subject"),
    Condition("seen_by_as_of", f"seen_at IS NULL OR seen_at < {END}", "nothing came about after as_of"),
    Condition("reason_is_told", "CASE WHEN ok THEN reason IS NULL WHEN NOT ok THEN coalesce(reason IN $broken, false) "
              "ELSE coalesce(reason IN $unknown, false) END",
              "what is not kept, and nothing else, says why, in a word of the register for it"),
    Condition("cases_are_counted", "cases > 0", "every condition stands for at least one case"),
    Condition("since_is_told", "CASE WHEN state = 'kept' THEN since_on IS NULL ELSE since_on IS NOT NULL AND "
              "coalesce(since_on = local_day(seen_at), since_on <= $as_of) END",
              "what is not kept, and nothing else, says since when"),
    Condition("review_is_told", "in_review = (seen_at IS NULL OR seen_at >= $review)",
              "what stands, or came about within the review period, is in review, and nothing else"),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A table of what was judged, and what must be true of it. Of the columns of `key`, `optional` may be NULL."""

    table: str
    conditions: tuple[Condition, ...]
    key: tuple[str, ...]
    optional: tuple[str, ...]
    key_detail: str
    known_detail: str


OBLIGATIONS = Judged(
    "obligation.current", (*RULES_KEPT, *STATES_AGREE), ("subject", "opened_at"), (),
    "no two obligations of a promise have the same subject and opening",
    "every obligation is owed under a rule of the register")
CONDITIONS = Judged(
    "obligation.condition", (*MET, *CONDITIONS_AGREE), ("subject", "seen_at"), ("seen_at",),
    "no two conditions of a promise have the same subject and moment",
    "every condition is judged under a rule of the register")
STATED = "fact.attestation"


def scans(policy: Policy, contracts: Mapping[str, Contract], as_of: date) -> list[Scan]:
    """One scan of the obligations, one of the conditions and one of the statements, with the checks of every rule."""
    rules = policy.rules.values()
    found = [_scan(OBLIGATIONS, [rule for rule in rules if rule.kind == "obligation"], policy, as_of),
             _scan(CONDITIONS, [rule for rule in rules if rule.has_conditions], policy, as_of)]
    stated = _statements(policy, contracts, as_of)
    return [*found, Scan(STATED, f"SELECT * FROM {STATED}", tuple(stated))] if stated else found


def _scan(judged: Judged, rules: list[Rule], policy: Policy, as_of: date) -> Scan:
    checks = [each for rule in rules for each in _checks(judged, rule.promise)]
    return Scan(judged.table, _query(judged, rules, policy, as_of), (*checks, _rule_is_known(judged)))


def _checks(judged: Judged, promise: str) -> Iterator[Check]:
    for condition in judged.conditions:
        yield _of_promise(promise, condition.name, condition.detail)
    keys = check.of_key(SUITE, promise, "key_is_unique", judged.key, "", optional=judged.optional).exact
    yield _of_promise(promise, "key_is_unique", judged.key_detail,
                      exact=f"(SELECT {keys} FROM {judged.table} WHERE promise = {quoted(promise)})")


def _statements(policy: Policy, contracts: Mapping[str, Contract], as_of: date) -> list[Check]:
    """Is each promise that needs it stated, and is each register kept by hand on which one rests stated to be complete?"""
    day, checks = f"DATE {quoted(as_of.isoformat())}", []
    whole = policy.parameters[COMPLETENESS].value
    for rule in policy.rules.values():
        if rule.kind == "attestation":
            valid = rule.parameters[VALIDITY].value
            checks.append(_stated(rule.promise, "is_stated", [_counts("statement", "promise", rule.promise, valid, day)],
                                  "a statement on the promise counts at as_of"))
        by_hand = [name for name in (*rule.needs, *rule.completes) if contracts[name].kept_by_hand]
        if by_hand:
            checks.append(_stated(rule.promise, "is_complete",
                                  [_counts("completeness", "dataset", name, whole, day) for name in by_hand],
                                  "the registers kept by hand are stated to be complete"))
    return checks


def _stated(promise: str, name: str, conditions: list[str], detail: str) -> Check:
    return check.of_whole(SUITE, promise, name, " AND ".join(conditions), detail, may_be_empty=True)


def _counts(kind: str, column: str, of: str, months: int, day: str) -> str:
    """Does any statement of the kind count on the day: made by then, neither past its own end nor older than allowed?"""
    return (f"count(*) FILTER (WHERE kind = {quoted(kind)} AND {identifier(column)} = {quoted(of)} AND stated_on <= {day} "
            f"AND valid_until_on >= {day} AND plus_months(stated_on, {months}) >= {day}) > 0")


def _of_promise(promise: str, name: str, detail: str, exact: str | None = None) -> Check:
    return Check(SUITE, promise, name, _of(name, "rows", promise), _of(name, "breaches", promise),
                 _of(name, "nulls", promise), detail, may_be_empty=True, exact=exact)


def _rule_is_known(judged: Judged) -> Check:
    return Check(SUITE, judged.table, "rule_is_known", "rows", "strange_rows", "0", judged.known_detail, may_be_empty=True)


def _of(name: str, count: str, promise: str) -> str:
    """A promise's own count; 0 where nothing is owed under it."""
    field = "rows" if count == "rows" else f"{name}_{count}"
    return f"coalesce(told[{quoted(promise)}].{identifier(field)}, 0)"


def _query(judged: Judged, rules: list[Rule], policy: Policy, as_of: date) -> str:
    """One row: `told`, a map from promise to its counts; `rows` in all; `strange_rows`, those of no rule.

    A map, since some hundred filtered aggregates over so few rows take longer to plan than the table to read.
    """
    counts = dict(_aggregates(judged, rules, policy, as_of))
    fields = ", ".join(f"{quoted(name)}: {identifier(name)}" for name in counts)
    counted = ", ".join(f"{expression} AS {identifier(name)}" for name, expression in counts.items())
    known = f"coalesce(promise IN {_listed(rule.promise for rule in rules)}, false)"
    return (
        f"SELECT map(list(promise) FILTER (WHERE {known}), list({{{fields}}}) FILTER (WHERE {known})) AS told, "
        f"coalesce(sum(rows), 0) AS rows, coalesce(sum(rows) FILTER (WHERE NOT {known}), 0) AS strange_rows "
        f"FROM (SELECT promise, {counted} FROM {judged.table} GROUP BY promise)"
    )


def _aggregates(judged: Judged, rules: list[Rule], policy: Policy, as_of: date) -> Iterator[tuple[str, str]]:
    yield "rows", check.ROWS
    for condition in judged.conditions:
        sql = _bound(condition.sql, rules, policy, as_of)
        told = f"CASE WHEN state = {quoted(condition.state)} THEN ({sql}) ELSE true END" if condition.state else f"({sql})"
        yield f"{condition.name}_breaches", check.breaches(told)
        yield f"{condition.name}_nulls", check.nulls(told)
    key = check.of_key(SUITE, judged.table, "key_is_unique", judged.key, "", optional=judged.optional)
    for count in ("breaches", "nulls"):
        yield f"key_is_unique_{count}", getattr(key, count)


def _bound(sql: str, rules: list[Rule], policy: Policy, as_of: date) -> str:
    """The condition with the day counted, the register's words, and each rule's own horizon, clock and review period."""
    by_rule = {
        "$horizon": {rule.promise: f"days_after({END}, {rule.horizon_days or 0})" for rule in rules},
        "$review": {rule.promise: f"months_before({END}, {rule.review_months})" for rule in rules},
        "$delete_by": {rule.promise: str(rule.clock == "delete_by").lower() for rule in rules},
    }
    for mark, values in by_rule.items():
        cases = " ".join(f"WHEN {quoted(promise)} THEN {value}" for promise, value in values.items())
        sql = sql.replace(mark, f"CASE promise {cases} END" if values else "NULL")
    for outcome in ("broken", "unknown"):
        words = _listed(reason.word for reason in policy.reasons.values() if reason.outcome == outcome)
        sql = sql.replace(f"${outcome}", words)
    return sql.replace("$as_of", f"DATE {quoted(as_of.isoformat())}")


def _listed(values) -> str:
    """A list for IN, which SQL does not take empty."""
    return check.words(values) if (values := list(values)) else "(NULL)"
