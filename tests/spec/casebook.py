"""How a case is carried out: facts from tables, through the product's own SELECTs, to rows that can be compared."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pipelines import warehouse
from pipelines.models import engine, tables
from pipelines.register import contracts as contracts_register
from pipelines.register import exceptions, periods, suites
from pipelines.register import policy as policy_register
from pipelines.register import tables as register_tables

MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d) 24:00")
PARIS = ZoneInfo("Europe/Paris")
CONTRACTS = contracts_register.load()
POLICY = policy_register.load(contracts=CONTRACTS)
# What a rule says of its subjects: obligations, conditions (`kept`, or the reason why not) or statements, as its kind wants.
TOLD = """SELECT subject, opened_at, local_day(opened_at) AS opened, earliest_at, due_at, safe_due_at, closed_at,
    closed_by, basis, state, failed_at, in_review FROM obligation.current WHERE promise = $promise
    UNION ALL BY NAME SELECT subject, seen_at, ok, reason, cases, coalesce(reason, state) AS state, since_on, in_review
    FROM obligation.condition WHERE promise = $promise
    UNION ALL BY NAME SELECT attestation_id AS subject, role, stated_on, counts_until_on, state
    FROM obligation.statement WHERE promise = $promise"""
OF_ALL = {"legal_hold", "attestation"}  # facts that the obligations themselves are told from, whatever the rule
# Of the catalogue, whatever the promise: what no night before showed. Read as report.new_column reads it, at as_of.
NEW_COLUMNS = (engine.MODELS / "report.new_column.sql").read_text("utf-8")
FINDINGS = "SELECT kind, subject, detail FROM fact.finding WHERE promise = $promise"
GUARDS = "FROM obligation.guard WHERE state NOT IN ('first', 'quiet') AND (guard = 'fewer_rows' OR concerns = $promise)"
EXCEPTIONS = "FROM verdict.exception WHERE coalesce(promise, $promise) = $promise"
USELESS = "SELECT kind, subject, detail FROM verdict.finding WHERE promise = $promise"
VERDICTS = """SELECT v.verdict, v.reason, v.detail, v.judged, coalesce(e.excepted, 0) AS excepted
    FROM verdict.current AS v LEFT JOIN verdict.excepted AS e USING (promise) WHERE v.promise = $promise"""


def midnights(text: str) -> str:
    """`2024-03-01 24:00`, the midnight that ends that day, written as the next day's first instant."""
    return MIDNIGHT.sub(lambda found: f"{date.fromisoformat(found[1]) + timedelta(days=1)} 00:00", text)


def moment(text: str | None) -> datetime | None:
    """A moment in Europe/Paris where no offset is written; None for an empty cell."""
    return None if text is None else tables.moment(midnights(text))


def shown(value) -> str:
    """A value as the expected tables are compared, so that a difference can be read at a glance."""
    if isinstance(value, datetime):
        return value.astimezone(PARIS).isoformat(sep=" ")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def expected(column: str, cell: str | None) -> str:
    """What a cell of an expected table is compared with: a moment where the column holds moments, else the text itself."""
    return shown(moment(cell)) if column.endswith("_at") and column != "looked_at" else shown(cell)


@cache
def connection(alsace_moselle: bool = False):
    """A connection that knows the periods, with Alsace-Moselle's two extra holidays or without them."""
    made = warehouse.memory()
    periods.install(made, alsace_moselle)
    return made


@cache
def scratch():
    """One build database for all chapters, with the register and the periods; the next spec makes its tables anew."""
    made = warehouse.scratch(CONTRACTS)
    register_tables.write(made, POLICY, CONTRACTS)
    periods.install(made, POLICY.alsace_moselle)
    suites.install(made)
    return made


def facts(given: dict[str, str]) -> dict[str, list[dict]]:
    """Every dataset collected, those that the spec does not show without a row; the mark `deleted` follows the dates."""
    rows = {name: [] for name in CONTRACTS} | {name: tables.parse(midnights(text)) for name, text in given.items()}
    for row in rows["accounts"]:
        if "state" not in row and row.get("deleted_at"):
            row["state"] = "active" if (row.get("reinstated_at") or "") > row["deleted_at"] else "deleted"
    return rows


def collect(database, given: dict[str, str], missing: tuple[str, ...] = (), collected_at: str = "2099-01-01 03:00",
            absent: tuple[str, ...] = ()) -> None:
    """Put the facts where a collection would; `missing` datasets, `absent` columns (dataset.column): not delivered."""
    rows = {name: rows for name, rows in facts(given).items() if name not in missing}
    tables.fill(database, CONTRACTS, rows, collected_at)
    for dataset, column in (name.split(".") for name in absent):
        database.execute("UPDATE source.collection SET absent_columns = list_append(absent_columns, $column) "
                         "WHERE dataset = $dataset", {"dataset": dataset, "column": column})


@cache
def facts_of(promise: str | None) -> tuple[str, ...]:
    """The tables of facts from which a promise is judged, in the order in which they are made; None: all of them.

    A case makes these alone, since there are hundreds of cases; the chapter of the nights and the canaries make all.
    """
    order = engine.in_order("fact")
    rule = POLICY.rules[promise].sql_path if promise else None
    read = engine.reads(engine.select(rule), "fact") if rule and rule.is_file() else set()
    wanted = read | OF_ALL if promise else set(order)
    for table in reversed(order):
        if table in wanted:
            wanted |= engine.reads(select_of(table)[0], "fact")
    return tuple(table for table in order if table in wanted)


@cache
def select_of(table: str) -> tuple[str, frozenset[str]]:
    """The SELECT of a table of facts, and what it must be told."""
    sql = (engine.MODELS / f"fact.{table}.sql").read_text("utf-8")
    return sql, frozenset(scratch().extract_statements(sql)[0].named_parameters)


def judge(database, as_of: str, promise: str | None = None) -> None:
    """From the facts to what the rule of a promise says, at the end of the local day `as_of`; without one, all of them."""
    bindings = engine.clock(database, date.fromisoformat(as_of))
    for table in facts_of(promise):
        sql, named = select_of(table)
        database.execute(f"CREATE OR REPLACE TABLE fact.{table} AS {sql}", {name: bindings[name] for name in named})
    rules = {promise: POLICY.rules[promise]} if promise else POLICY.rules
    engine.apply_rules(database, replace(POLICY, rules=rules), bindings)


def rows_of(database, sql: str, columns, **bound) -> list[tuple[str, ...]]:
    """The named columns of a SELECT as sorted rows of text."""
    answer = database.execute(sql, bound)
    names = [column[0] for column in answer.description]
    return sorted(tuple(shown(row[names.index(c)]) for c in columns) for row in answer.fetchall())


def same(found: list[tuple], table: str, columns=None) -> None:
    """Compare rows with an expected table, whatever the order in which it is written."""
    wanted = tables.parse(table)
    columns = columns or header(table)
    assert found == sorted(tuple(expected(c, row[c]) for c in columns) for row in wanted)


def header(table: str) -> list[str]:
    return [cell.strip() for cell in table.strip().splitlines()[0].split("|")]


def owe(database, duties: str, promise: str | None = None) -> None:
    """Put duties as they stand in a table where the rules would put theirs."""
    database.execute(engine.DUTY)
    for row in tables.parse(duties):
        _put(database, "duty", {"promise": promise, "opened_at": "2020-01-01 12:00", **row})


def observe(database, conditions: str | None) -> None:
    """Put conditions as they stand in a table where the rules would put theirs; each of one case unless it says more."""
    database.execute(engine.OBSERVED)
    for row in tables.parse(conditions) if conditions else []:
        _put(database, "observed", {"cases": "1", **row})


def _put(database, table: str, row: dict) -> None:
    values = {name: moment(cell) if name.endswith("_at") else cell for name, cell in row.items()}
    database.execute(f"INSERT INTO obligation.{table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
                     list(values.values()))


def judge_duties(database, duties: str, as_of: str, promise: str | None = None, conditions: str | None = None) -> dict:
    """The states of duties and conditions given as tables; returns the bindings of time for the stages to the right."""
    bindings = engine.clock(database, date.fromisoformat(as_of))
    for table in OF_ALL:
        sql, named = select_of(table)
        database.execute(f"CREATE OR REPLACE TABLE fact.{table} AS {sql}", {name: bindings[name] for name in named})
    owe(database, duties, promise)
    observe(database, conditions)
    engine.build(database, "obligation", bindings)
    return bindings


# What Great Expectations would count of what the rules say, and the checks of trust and canaries where all is well.
KEPT = """INSERT INTO verification.result
    SELECT 'kept', promise, 'no_' || unnest(CASE kind WHEN 'obligation' THEN ['overdue', 'late', 'premature', 'unknown']
                                                 ELSE ['broken', 'unknown'] END), 10, 0, 0, false, true, NULL
    FROM register.rule;
    INSERT INTO verification.result
    SELECT 'kept', promise, 'is_stated', 10, 0, 0, false, promise IN (SELECT promise FROM obligation.statement
        WHERE kind = 'statement' AND state <> 'expired'), NULL FROM register.rule WHERE kind = 'attestation';
    INSERT INTO verification.result
    SELECT 'kept', promise, 'is_complete', 10, 0, 0, false, bool_and(n.dataset IN (SELECT dataset FROM obligation.statement
        WHERE kind = 'completeness' AND state <> 'expired')), NULL
    FROM register.need AS n JOIN register.contract AS c ON c.dataset = n.dataset AND c.kept_by_hand GROUP BY promise;
    UPDATE verification.result SET breaches = told.breaches, success = false
    FROM (SELECT promise, state, count(*) AS breaches FROM obligation.current WHERE in_review GROUP BY ALL
          UNION ALL SELECT promise, state, count(*) FROM obligation.condition WHERE in_review GROUP BY ALL) AS told
    WHERE suite = 'kept' AND subject = told.promise AND check_name = 'no_' || told.state"""
TRUSTED = """INSERT INTO verification.result
    SELECT 'trust', dataset, 'has_rows', rows_kept, 0, 0, false, true, NULL
    FROM source.collection WHERE status = 'collected';
    INSERT INTO verification.result SELECT 'canary', promise, 'states', 1, 0, 0, false, true, NULL FROM register.rule"""
RESULT = """CREATE OR REPLACE TABLE verification.result (suite VARCHAR, subject VARCHAR, check_name VARCHAR, rows BIGINT,
    breaches BIGINT, nulls BIGINT, raised BOOLEAN, success BOOLEAN, detail VARCHAR)"""


def verify(database, results: str | None) -> None:
    """All checks passed but those that `results` names; the suite `kept` counts what the obligations say."""
    database.execute(RESULT)
    database.execute(TRUSTED)
    database.execute(KEPT)
    for row in tables.parse(results) if results else []:
        key = [row["suite"], row["subject"], row["check_name"]]
        database.execute("DELETE FROM verification.result WHERE suite = ? AND subject = ? AND check_name = ?", key)
        database.execute("INSERT INTO verification.result VALUES (?, ?, ?, 10, 1, 0, ?, ?, NULL)",
                         [*key, row.get("raised") == "true", row.get("success") == "true"])


def deliver(database, datasets: str | None) -> None:
    """Every dataset collected with ten rows, but as `datasets` says: dataset | status | rows_kept."""
    database.execute("UPDATE source.collection SET rows_in = 10, rows_kept = 10")
    for row in tables.parse(datasets) if datasets else []:
        database.execute("UPDATE source.collection SET status = ?, rows_kept = ? WHERE dataset = ?",
                         [row.get("status") or "collected", row.get("rows_kept") or 0, row["dataset"]])


def register_but(database, unbuilt: tuple[str, ...] = ()) -> None:
    """The register as it would be if these promises had no rule yet."""
    rules = {promise: rule for promise, rule in POLICY.rules.items() if promise not in unbuilt}
    register_tables.write(database, replace(POLICY, rules=rules), CONTRACTS)


def remember(database, history: str | None) -> None:
    """What earlier runs wrote into the history of verdicts."""
    database.execute("DELETE FROM previous.verdict.history")
    for row in tables.parse(history) if history else []:
        database.execute("INSERT INTO previous.verdict.history VALUES (?, ?, ?, 'none', ?)",
                         [row["as_of"], row["promise"], row["verdict"], row["since_on"]])


CHANGES = """SELECT as_of, subject, local_day(opened_at) AS opened, from_state, to_state, why FROM obligation.change
    WHERE promise = $promise"""
COUNTS = """SELECT as_of, state, subjects, NULL AS cases FROM obligation.count WHERE promise = $promise
    UNION ALL SELECT as_of, coalesce(reason, state), subjects, cases FROM obligation.condition_count
    WHERE promise = $promise"""


def set_apart_in(database, folder, text: str) -> None:
    """Put what the text of an exceptions.toml sets apart where a run would put it."""
    (folder / exceptions.FILE).write_text(text, encoding="utf-8")
    register_tables.write_exceptions(database, exceptions.load(POLICY, CONTRACTS, own=folder / exceptions.FILE))


MEASURE = "CREATE OR REPLACE TABLE fact.measure (measure VARCHAR, place VARCHAR, site VARCHAR, value BIGINT)"
REFERENCES = "FROM verdict.reference"
