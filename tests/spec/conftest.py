"""What lets a chapter be read: facts as tables, an as_of, and the expected answer as a table too.

`README.md` beside this file says how to read (and write) such a table; `casebook.py` carries it out.
"""

from datetime import date, timedelta

import pytest

pytest.register_assert_rewrite("casebook")

from casebook import (  # noqa: E402
    CHANGES,
    CONTRACTS,
    COUNTS,
    EXCEPTIONS,
    FINDINGS,
    GUARDS,
    MEASURE,
    NEW_COLUMNS,
    POLICY,
    REFERENCES,
    TOLD,
    USELESS,
    VERDICTS,
    collect,
    connection,
    deliver,
    header,
    judge,
    judge_duties,
    moment,
    register_but,
    remember,
    rows_of,
    same,
    scratch,
    set_apart_in,
    shown,
    verify,
)

from pipelines import warehouse  # noqa: E402
from pipelines.models import engine, tables  # noqa: E402


@pytest.fixture
def holds():
    """holds("months_end({at}, 36)", table): the formula over the other columns gives what column `gives` says."""

    def check(formula: str, table: str, alsace_moselle: bool = False) -> None:
        for row in tables.parse(table):
            gives = moment(row.pop("gives"))
            bound = {name: int(cell) if cell.isdigit() else moment(cell) for name, cell in row.items()}
            answer = connection(alsace_moselle).execute("SELECT " + formula.format(**{n: f"${n}" for n in bound}), bound)
            assert shown(answer.fetchone()[0]) == shown(gives), f"{formula} of {row}"

    return check


@pytest.fixture
def judged():
    """judged(promise) gives spec(**datasets, states=… or as_of=…, obligations=…, findings=…): see README.md.

    `conditions` and `statements` are what `obligations` is, for the other kinds of rule.
    """

    def of(promise: str, leave_out: tuple[str, ...] = ()):
        def told(columns):
            return [row for row in rows_of(scratch(), TOLD, columns, promise=promise)
                    if row[columns.index("subject")] not in leave_out]

        def check_states(table: str) -> None:
            wanted = tables.parse(table)
            keys = [name for name in header(table) if name in ("subject", "opened")]
            for as_of in header(table)[len(keys):]:
                judge(scratch(), as_of, promise)
                due = sorted((*(row[k] for k in keys), row[as_of]) for row in wanted if row[as_of])
                assert told([*keys, "state"]) == due, f"states at the end of {as_of}"

        def check(states=None, as_of=None, obligations=None, conditions=None, statements=None, findings=None, missing=(),
                  absent=(), collected_at="2099-01-01 03:00", **given) -> None:
            collect(scratch(), given, missing, collected_at, absent)
            if states:
                check_states(states)
            for table in filter(None, (obligations, conditions, statements)):
                judge(scratch(), as_of, promise)
                same(told(header(table)), table)
            if findings is not None:
                judge(scratch(), as_of or header(states)[-1])
                found = rows_of(scratch(), FINDINGS, header(findings), promise=promise)
                same([row for row in found if not set(row) & set(leave_out)], findings)

        return check

    return of


@pytest.fixture
def stand():
    """stand(promise, duties=…, states=…, legal_holds=…): the states of duties whose dates are given, whatever the rule."""

    def check(promise: str, duties: str, states: str, **given) -> None:
        collect(scratch(), given)
        wanted = tables.parse(states)
        for as_of in header(states)[1:]:
            judge_duties(scratch(), duties, as_of, promise)
            found = rows_of(scratch(), TOLD, ["subject", "state"], promise=promise)
            assert found == sorted((row["subject"], row[as_of]) for row in wanted), f"states at the end of {as_of}"

    return check


@pytest.fixture
def verdict():
    """verdict(as_of=…, duties=…, conditions=…, datasets=…, results=…, history=…, verdicts=…): see README.md."""

    def check(as_of: str, verdicts: str, duties="promise", conditions=None, datasets=None, results=None, history=None,
              without="", unbuilt=(), **given) -> None:
        register_but(scratch(), unbuilt)
        collect(scratch(), given)
        deliver(scratch(), datasets)
        remember(scratch(), history)
        bindings = judge_duties(scratch(), duties, as_of, conditions=conditions)
        verify(scratch(), results)
        scratch().execute(MEASURE)
        if without:
            scratch().execute("DELETE FROM verification.result WHERE suite = $suite", {"suite": without})
        engine.build(scratch(), "verdict", bindings)
        remember(scratch(), None)
        register_but(scratch())
        told = {row["promise"] for row in tables.parse(verdicts)}
        found = rows_of(scratch(), "FROM verdict.current", header(verdicts))
        place = header(verdicts).index("promise")
        same([row for row in found if row[place] in told], verdicts)

    return check


@pytest.fixture
def compared():
    """compared(as_of=…, references=…, **datasets): what each reference says of the policy's numbers and of the data."""

    def check(as_of: str, references: str, missing=(), **given) -> None:
        collect(scratch(), given, missing)
        judge(scratch(), as_of)
        verify(scratch(), None)
        engine.build(scratch(), "verdict", engine.clock(scratch(), date.fromisoformat(as_of)))
        told = {row["reference"] for row in tables.parse(references)}
        place = header(references).index("reference")
        same([row for row in rows_of(scratch(), REFERENCES, header(references)) if row[place] in told], references)

    return check


@pytest.fixture
def listed():
    """listed(promise, as_of=…, statements=…, **datasets): the statements on a promise as the report lists them."""

    def check(promise: str, as_of: str, statements: str, **given) -> None:
        collect(scratch(), given)
        judge(scratch(), as_of, promise)
        sql = f"FROM ({engine.select(engine.MODELS / 'report.statement.sql')}) WHERE promise = $promise"
        found = rows_of(scratch(), sql, header(statements), promise=promise, as_of=as_of)
        same(found, statements)

    return check


@pytest.fixture
def night(tmp_path):
    """night(as_of, promise, obligations or conditions=…, findings=…, changes=…, counts=…, …, set_apart=…, **datasets).

    Each run builds a file of its own, from what was collected and from the run before it.
    """
    runs: list = []

    def check(as_of, promise, obligations=None, conditions=None, findings=None, changes=None, counts=None, guards=None,
              exceptions=None, useless=None, verdicts=None, new_columns=None, collected_at=None, missing=(), set_apart="",
              **given) -> None:
        day = date.fromisoformat(as_of)
        path = tmp_path / f"{len(runs)}.duckdb"
        database = warehouse.create(path, runs[-1] if runs else None, CONTRACTS)
        database.begin()  # one write to the disk, not one a statement
        collect(database, given, missing, collected_at or f"{day + timedelta(days=1)} 03:00")
        set_apart_in(database, tmp_path, set_apart)
        engine.judge(database, POLICY, CONTRACTS, day)
        verify(database, None)
        engine.build(database, "verdict", engine.clock(database, day))
        answers = ((obligations, TOLD), (conditions, TOLD), (findings, FINDINGS), (changes, CHANGES), (counts, COUNTS),
                   (guards, GUARDS), (exceptions, EXCEPTIONS), (useless, USELESS), (verdicts, VERDICTS))
        for table, sql in answers:
            if table is not None:
                same(rows_of(database, sql, header(table), promise=promise), table)
        if new_columns is not None:
            same(rows_of(database, NEW_COLUMNS, header(new_columns), as_of=day), new_columns)
        database.commit()
        warehouse.finish(database)
        runs.append(path)

    return check
