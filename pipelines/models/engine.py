"""Runs the models: one SELECT a file becomes one table of its stage, in the order of what each file reads.

The engine knows nothing of any single rule: a rule's SELECT is named by the register, bound to the parameters that it
names, and put into the one table of all obligations, or into that of all conditions.
"""

import re
from datetime import date
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from pipelines.errors import AlpiaError
from pipelines.register import periods, suites, tables
from pipelines.warehouse import Connection, DatabaseError, explained, identifier

MODELS = Path(__file__).parent
DUTY_COLUMNS = ("subject", "opened_at", "earliest_at", "due_at", "safe_due_at", "closed_at", "closed_by", "basis")
DUTY = """CREATE OR REPLACE TABLE obligation.duty (promise VARCHAR, subject VARCHAR, opened_at TIMESTAMPTZ,
    earliest_at TIMESTAMPTZ, due_at TIMESTAMPTZ, safe_due_at TIMESTAMPTZ, closed_at TIMESTAMPTZ, closed_by VARCHAR,
    basis VARCHAR)"""
OBSERVED_COLUMNS = ("subject", "seen_at", "ok", "reason", "cases")
OBSERVED = """CREATE OR REPLACE TABLE obligation.observed (promise VARCHAR, subject VARCHAR, seen_at TIMESTAMPTZ, ok BOOLEAN,
    reason VARCHAR, cases BIGINT)"""
REFERENCE = re.compile(r"(?<![\w.])(?P<stage>source|fact|obligation|verification|verdict|report)\.(?P<table>\w+)")


def judge(connection: Connection, policy, contracts, as_of: date) -> None:
    """From source.* to obligation.*, as things stood at the end of the local day `as_of`."""
    tables.write(connection, policy, contracts)
    periods.install(connection, policy.alsace_moselle)
    suites.install(connection)
    bindings = clock(connection, as_of)
    build(connection, "fact", bindings)
    apply_rules(connection, policy, bindings)


def apply_rules(connection: Connection, policy, bindings: dict) -> None:
    """From fact.* to obligation.*: what is owed, which conditions are met, and what is stated."""
    build_duties(connection, policy, bindings)
    observe(connection, policy, bindings)
    build(connection, "obligation", bindings)


def record_run(connection: Connection, system: str, as_of: date, digests: tuple[str, str, str],
               versions: dict[str, str]) -> None:
    """Write into register.run of which system, day, register and versions this warehouse is.

    `digests`: of the policy's register, of the contracts, and of what is set apart.
    """
    connection.execute("CREATE OR REPLACE TABLE register.run (system VARCHAR, as_of DATE, policy_digest VARCHAR, "
                       "contracts_digest VARCHAR, exceptions_digest VARCHAR, versions MAP(VARCHAR, VARCHAR))")
    connection.execute("INSERT INTO register.run VALUES (?, ?, ?, ?, ?, ?)", [system, as_of, *digests, versions])


def clock(connection: Connection, as_of: date) -> dict:
    """The bindings of time: `as_of` (DATE) and `as_of_end` (the first instant after that local day).

    The connection must have the macros of `periods`, as every file that was judged has.
    """
    end = connection.execute("SELECT day_end($as_of::DATE)", {"as_of": as_of}).fetchone()[0]
    return {"as_of": as_of, "as_of_end": end}


def build(connection: Connection, stage: str, bindings: dict) -> list[str]:
    """Make every table of a stage; returns their names in the order in which they were made."""
    made = []
    for table in in_order(stage):
        sql = select(MODELS / f"{stage}.{table}.sql")
        _run(connection, f"CREATE OR REPLACE TABLE {stage}.{identifier(table)} AS {sql}", bindings, f"{stage}.{table}")
        made.append(table)
    return made


def build_duties(connection: Connection, policy, bindings: dict) -> None:
    """Fill obligation.duty with what every rule of the register says is owed."""
    connection.execute(DUTY)
    for rule in policy.rules.values():
        if rule.kind == "obligation":
            _put(connection, rule, "duty", DUTY_COLUMNS, bindings)
    _refuse_strange_words(connection, "duty", "closed_by", "closing")


def observe(connection: Connection, policy, bindings: dict) -> None:
    """Fill obligation.observed with every condition that a rule of the register has looked at."""
    connection.execute(OBSERVED)
    for rule in policy.rules.values():
        if rule.has_conditions:
            _put(connection, rule, "observed", OBSERVED_COLUMNS, bindings)
    _refuse_strange_words(connection, "observed", "reason", "reason")


def _put(connection: Connection, rule, table: str, columns: tuple[str, ...], bindings: dict) -> None:
    """Add what the rule's SELECT gives, in these columns, to a table of the stage obligation."""
    parameters = {name: _bound(parameter.value) for name, parameter in rule.parameters.items()}
    sql = f"INSERT INTO obligation.{table} SELECT $promise, {', '.join(columns)} FROM ({select(rule.sql_path)})"
    _run(connection, sql, {**bindings, **parameters, "promise": rule.promise}, rule.promise)


def _bound(value: int | tuple[str, ...]) -> int | list[str]:
    """A list of words is bound as VARCHAR[]."""
    return list(value) if isinstance(value, tuple) else value


def _refuse_strange_words(connection: Connection, table: str, column: str, register: str) -> None:
    strange = connection.execute(
        f"SELECT DISTINCT promise, {column} FROM obligation.{table} WHERE {column} IS NOT NULL "
        f"AND {column} NOT IN (SELECT word FROM register.{register}) ORDER BY ALL"
    ).fetchall()
    if strange:
        raise AlpiaError(f"policy.toml has no [[{register}]] for {strange}: a rule uses a word that it must explain.")


def _run(connection: Connection, sql: str, bindings: dict, name: str) -> None:
    named = connection.extract_statements(sql)[0].named_parameters
    missing = sorted(set(named) - set(bindings))
    if missing:
        raise AlpiaError(f"{name} names ${', $'.join(missing)}, which neither the clock nor the register gives.")
    try:
        connection.execute(sql, {key: bindings[key] for key in named})
    except DatabaseError as error:
        raise AlpiaError(f"{name} cannot be computed: {explained(error)}") from error


@cache
def in_order(stage: str) -> tuple[str, ...]:
    """The tables of a stage, each after those of the same stage that it reads; ties by name."""
    files = {path.name.split(".")[1]: path for path in sorted(MODELS.glob(f"{stage}.*.sql"))}
    graph = {table: reads(select(path), stage) & set(files) - {table} for table, path in files.items()}
    return tuple(TopologicalSorter(graph).static_order())


def reads(sql: str, stage: str) -> set[str]:
    """The tables of `stage` that a SELECT reads in its own run (what it reads of `previous` does not count)."""
    return {match["table"] for match in REFERENCE.finditer(sql) if match["stage"] == stage}


def select(path: Path) -> str:
    """The SELECT of a file, without comments and without its last semicolon."""
    sql = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    return sql.strip().removesuffix(";")
