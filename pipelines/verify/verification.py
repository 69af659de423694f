"""Verification: the suites `trust` and `kept`, run by Great Expectations inside DuckDB, with counts for results.

Great Expectations is imported within `verify` only. It works on the file itself, read-only; nothing is written to disk,
nothing is called, and of what it reports we keep the counts: no value of a row, not even in the text of an error.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType

from pipelines import warehouse
from pipelines.register.contracts import Contract
from pipelines.register.policy import Policy
from pipelines.verify import kept, trust
from pipelines.verify.check import Check, Scan
from pipelines.verify.deferral import deferred

LAYOUT = """CREATE OR REPLACE TABLE verification.result (suite VARCHAR, subject VARCHAR, check_name VARCHAR, rows BIGINT,
    breaches BIGINT, nulls BIGINT, raised BOOLEAN, success BOOLEAN, detail VARCHAR)"""

Key = tuple[str, str, str]  # suite, subject, check


@dataclass(frozen=True, slots=True)
class Result:
    """How one check ended: a row of verification.result.

    `rows`, `breaches`, `nulls` are None where it raised: then nothing is known, and it is neither kept nor broken.
    """

    suite: str
    subject: str
    check_name: str
    rows: int | None
    breaches: int | None
    nulls: int | None
    raised: bool
    success: bool
    detail: str


def verify(path: Path, contracts: Mapping[str, Contract], policy: Policy, as_of: date,
           founded_on: date | None = None) -> list[Result]:
    """Both suites over the warehouse file at `path`, opened read-only and let go of again.

    `as_of`: the last local day counted. `founded_on`: the local day before which nothing can have happened; None: not
    checked. AlpiaError where the file cannot be opened.
    """
    path = Path(path)
    connection = warehouse.read(path)
    try:
        scans = [*trust.scans(connection, contracts, as_of, founded_on), *kept.scans(policy, contracts, as_of)]
    finally:
        connection.close()
    return run(path, scans)


def run(path: Path, scans: list[Scan]) -> list[Result]:
    """Every check of the scans, in their order; a count that is only an upper bound is made again where it is not zero.

    Where one check of a scan raises, Great Expectations makes the others one by one.
    """
    results = _pass(path, scans)
    results |= _pass(path, [exact for scan in scans for exact in _exact(scan, results)])
    return list(results.values())


def write(connection: warehouse.Connection, results: list[Result]) -> None:
    """Make verification.result of these results alone: what an earlier verification of the file found goes."""
    connection.execute(LAYOUT)
    warehouse.insert(connection, "verification.result", [astuple(r) for r in results])


def _exact(scan: Scan, results: Mapping[Key, Result]) -> list[Scan]:
    """The scan of the checks whose cheap count is not zero, with their exact one."""
    checks = tuple(replace(check, breaches=check.exact, exact=None)
                   for check in scan.checks if check.exact and results[_key(check)].breaches)
    return [replace(scan, checks=checks)] if checks else []


def _key(check: Check) -> Key:
    return check.suite, check.subject, check.name


def imported() -> ModuleType:
    """Great Expectations, with our expectation; imported on the first call, which takes about two seconds."""
    if "great_expectations" not in sys.modules:
        with _quiet(), deferred():
            from pipelines.verify import dialect, expectation  # noqa: F401 (they import it, and what it leaves for later)
    import great_expectations

    return great_expectations


def _pass(path: Path, scans: list[Scan]) -> dict[Key, Result]:
    """The results of the scans, each a batch with a suite of its own."""
    results: dict[Key, Result] = {}
    if scans:
        with _opened(path) as source:
            for scan in scans:
                results |= _validated(source, scan)
    return results


@contextmanager
def _opened(path: Path) -> Iterator:
    """The file as a data source of Great Expectations, in a context that lives in memory and tells nobody."""
    gx = imported()
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

    from pipelines.verify import dialect

    in_memory = DataContextConfig(
        # Not even the name of a temporary folder for pages that are never made.
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False, progress_bars={"globally": False})
    with _quiet(), dialect.opened(path) as address:
        context = gx.get_context(mode="ephemeral", project_config=in_memory)
        context._save_project_config = lambda: None  # it has no place to be saved to
        source = context.data_sources.add_sql("warehouse", connection_string=address, create_temp_table=False)
        try:
            yield source
        finally:
            source.get_execution_engine().close()
            source.get_engine().dispose()


def _validated(source, scan: Scan) -> dict[Key, Result]:
    from pipelines.verify.expectation import suite_of

    batch = source.add_query_asset(scan.name, scan.query).add_batch_definition(scan.name).get_batch()
    report = batch.validate(suite_of(scan), result_format="BASIC")
    ended = {tuple(one.expectation_config.meta["key"]): one for one in report.results}
    return {_key(check): _result(check, ended[_key(check)]) for check in scan.checks}


def _result(check: Check, ended) -> Result:
    """What Great Expectations reported of a check, down to its counts."""
    counts = (ended.result or {}).get("observed_value")
    if counts is None:
        return Result(*_key(check), None, None, None, True, False, f"could not be told ({_error(ended)}): {check.detail}")
    return Result(*_key(check), counts["rows"], counts["breaches"], counts["nulls"], False, bool(ended.success),
                  check.detail)


def _error(ended) -> str:
    """The kind of error alone: its text may hold a value of a row."""
    told = set(re.findall(r"\w+", str(ended.exception_info)))
    return ", ".join(sorted(told & _kinds_of(warehouse.DatabaseError))) or "error"


def _kinds_of(error: type[Exception]) -> set[str]:
    return {kind.__name__ for kind in error.__subclasses__()}.union(*map(_kinds_of, error.__subclasses__()))


@contextmanager
def _quiet() -> Iterator[None]:
    """Great Expectations logs what it does, and the text of errors with it: that is not for any log of ours."""
    logger, silence = logging.getLogger("great_expectations"), logging.NullHandler()
    propagates, handlers = logger.propagate, logger.handlers
    logger.propagate, logger.handlers = False, [silence]
    try:
        yield
    finally:
        logger.propagate, logger.handlers = propagates, handlers
