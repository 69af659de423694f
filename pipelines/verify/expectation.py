"""Our one expectation: a check's three counts, in the scan that all checks of a table share.

Great Expectations joins all aggregate metrics of a batch into one SELECT; so a table is read once, and nothing but
counts leaves it. Imported where verification happens only: Great Expectations takes seconds.
"""

import sqlalchemy as sa
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from pipelines.verify.check import Check, Scan

COUNTS = ("rows", "breaches", "nulls")
TALLY = "table.alpia_tally"


class Tally(TableMetricProvider):
    """The counts of a check as one struct, {rows, breaches, nulls}."""

    metric_name = TALLY
    value_keys = COUNTS

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(cls, execution_engine, metric_domain_kwargs, metric_value_kwargs, metrics, runtime_configuration):
        counts = ", ".join(f"{name} := {metric_value_kwargs[name]}" for name in COUNTS)
        return sa.literal_column(f"struct_pack({counts})"), metric_domain_kwargs, {}


class ExpectNoBreach(BatchExpectation):
    """No breach, no null, and something to look at (unless it may be empty). `rows`, `breaches`, `nulls`: SQL aggregates."""

    rows: str
    breaches: str
    nulls: str
    may_be_empty: bool = False

    metric_dependencies = (TALLY,)
    success_keys = (*COUNTS, "may_be_empty")
    _configuration: ExpectationConfiguration | None = PrivateAttr(None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        """Made once: it is asked for sixteen times a check, and nothing changes a check."""
        if self._configuration is None:
            self._configuration = super().configuration
        return self._configuration

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None) -> dict:
        counts = {name: int(metrics[TALLY][name]) for name in COUNTS}
        return {"success": succeeds(counts, self.may_be_empty), "result": {"observed_value": counts}}


def succeeds(counts: dict[str, int], may_be_empty: bool) -> bool:
    """No breach, no null, and something to look at unless there may be nothing; counts below zero are no answer."""
    if min(counts.values()) < 0:
        raise ValueError("a check counted less than nothing")
    return counts["breaches"] == 0 and counts["nulls"] == 0 and (counts["rows"] > 0 or may_be_empty)


def expectation_of(check: Check) -> ExpectNoBreach:
    """The check for Great Expectations, carrying its names so that the result can be told whose it is."""
    return ExpectNoBreach(
        rows=check.rows, breaches=check.breaches, nulls=check.nulls, may_be_empty=check.may_be_empty,
        meta={"key": (check.suite, check.subject, check.name)},
    )


def suite_of(scan: Scan) -> ExpectationSuite:
    """The scan's checks as a suite."""
    return ExpectationSuite(scan.name, expectations=[expectation_of(check) for check in scan.checks])
