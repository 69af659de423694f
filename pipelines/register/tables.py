"""The register and the contracts as tables of the warehouse, so that models, reports and readers can join them."""

from collections.abc import Mapping
from datetime import date

from pipelines import warehouse

LAYOUT = """
CREATE OR REPLACE TABLE register.promise (promise VARCHAR, position BIGINT, section VARCHAR, kind VARCHAR,
    summary_fr VARCHAR, summary_en VARCHAR, is_built BOOLEAN);
CREATE OR REPLACE TABLE register.rule (promise VARCHAR, kind VARCHAR, clock VARCHAR, horizon_days BIGINT,
    review_months BIGINT, cure_fr VARCHAR, cure_en VARCHAR);
CREATE OR REPLACE TABLE register.need (promise VARCHAR, dataset VARCHAR, role VARCHAR);
CREATE OR REPLACE TABLE register.parameter (promise VARCHAR, name VARCHAR, value BIGINT, words VARCHAR[], unit VARCHAR,
    reading VARCHAR, why_fr VARCHAR, why_en VARCHAR);
CREATE OR REPLACE TABLE register.closing (word VARCHAR, outcome VARCHAR, fr VARCHAR, en VARCHAR, cure_fr VARCHAR,
    cure_en VARCHAR);
CREATE OR REPLACE TABLE register.block (fingerprint VARCHAR, place BIGINT, is_heading BOOLEAN, number BIGINT);
CREATE OR REPLACE TABLE register.ground (promise VARCHAR, fingerprint VARCHAR);
CREATE OR REPLACE TABLE register.reference (reference VARCHAR, position BIGINT, promise VARCHAR, parameter VARCHAR,
    measure VARCHAR, value BIGINT, unit VARCHAR, at_least BIGINT, at_most BIGINT, authority VARCHAR, title VARCHAR,
    article VARCHAR, dated_on DATE, url VARCHAR, says_fr VARCHAR, says_en VARCHAR);
CREATE OR REPLACE TABLE register.reason (word VARCHAR, outcome VARCHAR, fr VARCHAR, en VARCHAR, cure_fr VARCHAR,
    cure_en VARCHAR);
CREATE OR REPLACE TABLE register.guard (guard VARCHAR, limit_percent BIGINT, at_least BIGINT, fr VARCHAR, en VARCHAR,
    why_fr VARCHAR, why_en VARCHAR);
CREATE TABLE IF NOT EXISTS register.history (dataset VARCHAR, from_on DATE);
CREATE OR REPLACE TABLE register.contract (dataset VARCHAR, kind VARCHAR, is_read_whole BOOLEAN,
    may_be_empty BOOLEAN, kept_by_hand BOOLEAN, fresh_days BIGINT, set_aside_limit DOUBLE, category VARCHAR, grain VARCHAR);
"""
EXCEPTIONS = """
CREATE TABLE IF NOT EXISTS register.exception (exception VARCHAR, kind VARCHAR, promise VARCHAR, subject VARCHAR,
    why VARCHAR, who VARCHAR, from_on DATE, until_on DATE, file VARCHAR);
CREATE TABLE IF NOT EXISTS register.confirmation (confirmation VARCHAR, guard VARCHAR, concerns VARCHAR, night_on DATE,
    why VARCHAR, who VARCHAR, confirmed_on DATE, file VARCHAR);
"""


def write(connection, policy, contracts) -> None:
    """Fill register.* of the connection's database anew."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS register")
    connection.execute(LAYOUT)
    connection.execute(EXCEPTIONS)
    _fill(connection, "promise", [
        (p.id, position, p.section, p.kind, p.summary_fr, p.summary_en, p.id in policy.rules)
        for position, p in enumerate(policy.promises.values(), 1)])
    rules = policy.rules.values()
    _fill(connection, "rule", [
        (r.promise, r.kind, r.clock, r.horizon_days, r.review_months, r.cure_fr, r.cure_en) for r in rules])
    _fill(connection, "need", [(r.promise, dataset, role) for r in rules
                               for role, datasets in (("needs", r.needs), ("completes", r.completes))
                               for dataset in datasets])
    _fill(connection, "parameter", [_parameter(r.promise, p) for r in rules for p in r.parameters.values()]
          + [_parameter(None, p) for p in policy.parameters.values()])
    _fill(connection, "closing", [(c.word, c.outcome, c.fr, c.en, c.cure_fr, c.cure_en)
                                  for c in policy.closings.values()])
    _fill(connection, "block", [(block.fingerprint, place, block.is_heading, block.number)
                                for place, block in enumerate(policy.blocks, 1)])
    _fill(connection, "ground", [(p.id, mark) for p in policy.promises.values() for mark in p.fingerprints])
    _fill(connection, "reference", [
        (r.id, position, r.promise, r.parameter, r.measure, r.value, r.unit, r.at_least, r.at_most, r.authority, r.title,
         r.article, r.dated_on, r.url, r.says_fr, r.says_en) for position, r in enumerate(policy.references.values(), 1)])
    _fill(connection, "reason", [(r.word, r.outcome, r.fr, r.en, r.cure_fr, r.cure_en) for r in policy.reasons.values()])
    _fill(connection, "guard", [(g.word, g.limit_percent, g.at_least, g.fr, g.en, g.why_fr, g.why_en)
                                for g in policy.guards.values()])
    _fill(connection, "contract", [
        (c.name, c.kind, c.is_read_whole, c.may_be_empty, c.kept_by_hand, c.fresh_days, c.set_aside_limit, c.category,
         c.grain)
        for c in contracts.values()])


def _parameter(promise: str | None, parameter) -> tuple:
    """`promise` is NULL for what is no single rule's; a list of words has no value, a number no words."""
    number, words = (None, list(parameter.value)) if isinstance(parameter.value, tuple) else (parameter.value, None)
    return (promise, parameter.name, number, words, parameter.unit, parameter.reading, parameter.why_fr, parameter.why_en)


def write_history(connection, history_from: Mapping[str, date]) -> None:
    """Fill register.history: per dataset, the local day from which its source says that it holds everything."""
    connection.execute("CREATE OR REPLACE TABLE register.history (dataset VARCHAR, from_on DATE)")
    _fill(connection, "history", list(history_from.items()))


def write_exceptions(connection, exceptions) -> None:
    """Fill register.exception (a row a subject) and register.confirmation anew."""
    connection.execute(EXCEPTIONS)
    for table in ("exception", "confirmation"):
        connection.execute(f"DELETE FROM register.{table}")
    _fill(connection, "exception", [(e.id, e.kind, e.promise, subject, e.why, e.who, e.from_on, e.until_on, e.file)
                                    for e in exceptions.exempted.values() for subject in e.subjects])
    _fill(connection, "confirmation", [(c.id, c.guard, c.concerns, c.night_on, c.why, c.who, c.confirmed_on, c.file)
                                       for c in exceptions.confirmations.values()])


def _fill(connection, table: str, rows: list[tuple]) -> None:
    warehouse.insert(connection, f"register.{table}", rows)
