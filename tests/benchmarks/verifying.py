"""One contender of the verification benchmark, in a process of its own.

`python -m tests.benchmarks.verifying ours|floor|each|stock FILE` prints the seconds of imports and of work, and the breaches
that each check counted.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipelines import warehouse
from tests.benchmarks.checks import RULES, TABLES, Rule, of

Contender = Callable[[Path], dict[str, int]]


def ours() -> Contender:
    """Our expectation, as `alpia verify` runs it: by Great Expectations, one scan a table, NULLs and rows counted too."""
    from pipelines.verify import check, verification

    verification.imported()

    def check_of(rule: Rule) -> check.Check:
        if rule.kind == "unique":
            return check.of_key("trust", rule.table, rule.name, rule.columns, "")
        if rule.kind == "known":
            known = f"SELECT {rule.columns[0]} FROM {rule.values[0]}"
            return check.of_reference("trust", rule.table, rule.name, rule.columns[0], known, "")
        only = None if rule.kind in ("filled", "true") else f"{rule.columns[0]} IS NOT NULL"
        return check.of_rows("trust", rule.table, rule.name, rule.condition, "", only=only, may_be_empty=True)

    def work(path: Path) -> dict[str, int]:
        scans = [check.Scan(table, f"SELECT * FROM {table}", tuple(map(check_of, of(table)))) for table in TABLES]
        return {result.check_name: result.breaches for result in verification.run(path, scans)}

    return work


def floor() -> Contender:
    """What someone who knows DuckDB would write: one SELECT a table, breaches only, keys proven by their hashes."""

    def count(rule: Rule) -> str:
        if rule.kind == "unique":
            return f"count(*) - count(DISTINCT hash({', '.join(rule.columns)}))"
        return f"coalesce(count_if(NOT ({rule.condition})), 0)"

    def work(path: Path) -> dict[str, int]:
        connection, counted = warehouse.read(path), {}
        for table in TABLES:
            row = connection.execute(f"SELECT {', '.join(map(count, of(table)))} FROM {table}").fetchone()
            counted |= {rule.name: number for rule, number in zip(of(table), row, strict=True)}
        return counted

    return work


def each() -> Contender:
    """The same SQL, one query a check, keys counted as they are."""

    def query(rule: Rule) -> str:
        if rule.kind == "unique":
            key = rule.columns[0] if len(rule.columns) == 1 else f"({', '.join(rule.columns)})"
            return f"SELECT count(*) - count(DISTINCT {key}) FROM {rule.table}"
        return f"SELECT count(*) FROM {rule.table} WHERE NOT ({rule.condition})"

    def work(path: Path) -> dict[str, int]:
        connection = warehouse.read(path)
        return {rule.name: connection.execute(query(rule)).fetchone()[0] for rule in RULES}

    return work


def stock() -> Contender:
    """Great Expectations as it comes: its own expectations, a validation definition a table, in one checkpoint.

    Over our dialect, for without a buffer it cannot fetch from DuckDB at all; with its default result format.
    """
    import great_expectations as gx
    import great_expectations.expectations as gxe

    from pipelines.verify import dialect

    def expectation(rule: Rule):
        column, meta = rule.columns[0], {"name": rule.name}
        match rule.kind:
            case "filled":
                return gxe.ExpectColumnValuesToNotBeNull(column=column, meta=meta)
            case "unique" if len(rule.columns) == 1:
                return gxe.ExpectColumnValuesToBeUnique(column=column, meta=meta)
            case "unique":
                return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(rule.columns), meta=meta)
            case "words":
                return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(rule.values), meta=meta)
            case "between":
                return gxe.ExpectColumnValuesToBeBetween(
                    column=column, min_value=rule.values[0], max_value=rule.values[1], meta=meta)
        return gxe.UnexpectedRowsExpectation(
            unexpected_rows_query=f"SELECT * FROM {{batch}} WHERE NOT ({rule.condition})", meta=meta)

    def count(result) -> int:
        told = result.result
        return told["unexpected_count"] if "unexpected_count" in told else told["observed_value"]

    def work(path: Path) -> dict[str, int]:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_sql("warehouse", connection_string=dialect.address(path), create_temp_table=False)
        definitions = []
        for table in TABLES:
            schema, name = table.split(".")
            asset = source.add_table_asset(table, table_name=name, schema_name=schema)
            suite = gx.ExpectationSuite(name=table, expectations=[expectation(rule) for rule in of(table)])
            definitions.append(context.validation_definitions.add(gx.ValidationDefinition(
                name=table, data=asset.add_batch_definition_whole_table("whole"), suite=context.suites.add(suite))))
        checkpoint = context.checkpoints.add(gx.Checkpoint(name="all", validation_definitions=definitions))
        results = [result for report in checkpoint.run().run_results.values() for result in report.results]
        return {result.expectation_config.meta["name"]: count(result) for result in results}

    return work


CONTENDERS = {contender.__name__: contender for contender in (ours, floor, each, stock)}


def main(name: str, path: str) -> None:
    started = time.perf_counter()
    work = CONTENDERS[name]()
    imported = time.perf_counter()
    breaches = work(Path(path))
    ended = time.perf_counter()
    print(json.dumps({"imports": imported - started, "work": ended - imported, "breaches": breaches}))


if __name__ == "__main__":
    main(*sys.argv[1:])
