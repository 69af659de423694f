"""One call that opens a run for its readers: `run = open_run(home, as_of, lang)`.

Reading only: the warehouse of a run is never written again. What a page shows goes through `disclosure`; `frame`, `sql` and
`who` give an analyst, who may read the warehouse anyway, the exact numbers and pseudonyms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipelines import warehouse
from pipelines.errors import AlpiaError, RefusedError, UsageError
from pipelines.home import Home
from pipelines.models import engine, listing
from pipelines.register import contracts as contracts_register
from pipelines.register import periods, policy, tables
from pipelines.report import disclosure
from pipelines.report.pages import Section
from pipelines.report.words import Words

MOST_MONTHS = 36
COUNTED = """SELECT promise, state, count(*) AS subjects FROM obligation.current GROUP BY ALL
    UNION ALL SELECT promise, coalesce(reason, state), count(*) FROM obligation.condition WHERE in_review GROUP BY ALL
    UNION ALL SELECT promise, state, count(*) FROM obligation.statement WHERE kind = 'statement' GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True)
class Run:
    """One finished run, open for reading."""

    path: Path
    words: Words
    connection: warehouse.Connection
    home: Home | None = None

    def show(self, name: str) -> Section:
        """The answer to one question, `<notebook>.<question>`, as a page shows it."""
        from pipelines.report.sections import SECTIONS

        return SECTIONS[name](self)

    def believe(self) -> Section:
        """The reconciliations; AlpiaError if one of them does not come out even."""
        from pipelines.report.sections import working

        return working.believe(self)

    def frame(self, name: str) -> pd.DataFrame:
        """The report table `name` (`idle_distribution`), or any table by its full name (`source.collection`); exact.

        RefusedError where the night was made by a version that had no such table: it will never have one.
        """
        schema, _, table = name.rpartition(".")
        if not self.holds(name):
            raise RefusedError(f"{self.path.name} has no table {schema or 'report'}.{table}: its night was made by an older "
                               "version, whose own pages are the ones to read.")
        return self.sql(f"FROM {warehouse.identifier(schema or 'report')}.{warehouse.identifier(table)}")

    def holds(self, name: str) -> bool:
        """Whether this run has the table; one that an older version made lacks what came later."""
        schema, _, table = name.rpartition(".")
        found = self.connection.execute("SELECT 1 FROM information_schema.tables WHERE table_schema = $schema "
                                        "AND table_name = $table LIMIT 1", {"schema": schema or "report", "table": table}
                                        ).fetchone()
        return found is not None

    def shown(self, name: str) -> pd.DataFrame:
        """The report table `name` as it may be shown to anybody."""
        return disclosure.shown(name, self.frame(name))

    def sql(self, query: str, **values) -> pd.DataFrame:
        """The rows of one SELECT on this run; `$name` in it takes its value by name. UsageError for anything else.

        Moments come in Europe/Paris, days as moments at 00:00 without a zone.
        """
        try:
            kinds = [statement.type.name for statement in self.connection.extract_statements(query)]
            if kinds != ["SELECT"]:
                raise UsageError(f"Write one SELECT: {', '.join(kinds) or 'nothing'} is not answered here.")
            return warehouse.frame(self.connection, query, values)
        except warehouse.DatabaseError as error:
            damage = warehouse.damage(str(error))
            if damage:
                raise AlpiaError(f"{self.path} cannot be read: {damage}") from None
            raise UsageError(f"The query cannot be answered: {warehouse.explained(error)}") from None

    def one(self, name: str) -> dict:
        """The only row of a report table."""
        return self.frame(name).iloc[0].to_dict()

    @cached_property
    def as_of(self) -> date:
        """The last local day that this run counts."""
        return self.one("run")["as_of"].date()

    @cached_property
    def promises(self) -> Mapping[str, str]:
        """Promise id -> what it says, in our words and the reader's language."""
        frame = self.frame("register.promise")
        return {row["promise"]: self.words.of(row, "summary") for row in frame.to_dict("records")}

    def falling_due(self, months: int = 12) -> pd.DataFrame:
        """What falls due in the running month and the ones after it: a row a promise, a column a month, at most 36."""
        if not 1 <= months <= MOST_MONTHS:
            raise UsageError(f"months: {months} is not between 1 and {MOST_MONTHS}.")
        frame = self.frame("due_by_month").pivot(index="promise", columns="month_on", values="subjects")
        return frame.iloc[:, :months]

    def who(self, promise: str, state: str | None = None) -> pd.DataFrame:
        """The subjects of a promise as pseudonyms with their dates, most urgent first; all states unless one is named.

        Of a constraint, its conditions with their reasons and cases; of an attestation without any, what was stated.
        """
        if promise not in self.promises:
            raise UsageError(f"promise: {promise!r} is not in the register; write one of {', '.join(self.promises)}.")
        rule = policy.load().rules.get(promise)
        if rule is None:
            raise UsageError(f"promise: {promise} has no rule yet, and so nobody to list.")
        return self.sql(listing.of(rule).sql, promise=promise, state=state)

    def what_if(self, overrides: Mapping[str, int]) -> pd.DataFrame:
        """Counts per promise and state as they would be under other parameters, beside those of today; kept nowhere.

        `run.what_if({"retention.inactive-accounts.period_months": 24})`; UsageError for a parameter that no rule has. Of
        conditions, those within the review period are counted, and `state` is `kept` or the reason why not.
        """
        supposed = policy.load(overrides=overrides)
        counted = _judged_again(self.path, supposed, self.as_of)
        frame = self.sql(f"SELECT promise, state, subjects AS today FROM ({COUNTED})")
        both = frame.merge(counted, on=["promise", "state"], how="outer").fillna({"today": 0, "what_if": 0})
        both = both.astype({"today": int, "what_if": int})
        return both.assign(difference=both["what_if"] - both["today"])


def _judged_again(path: Path, supposed: policy.Policy, as_of: date) -> pd.DataFrame:
    """(promise, state, what_if): the obligations of a finished run judged anew, in memory, from its own facts."""
    contracts = contracts_register.load()
    connection = warehouse.scratch(contracts, spill=path.parent)
    warehouse.attach(connection, path, "held")
    for schema, table in connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'held' "
            "AND schema_name IN ('source', 'fact')").fetchall():
        name = f"{schema}.{warehouse.identifier(table)}"
        connection.execute(f"CREATE VIEW {name} AS FROM held.{name}")
    tables.write(connection, supposed, contracts)
    # Since when a source holds everything is the watched system's to say, whatever the register supposes.
    connection.execute("INSERT INTO register.history FROM held.register.history")
    periods.install(connection, supposed.alsace_moselle)
    bindings = engine.clock(connection, as_of)
    engine.apply_rules(connection, supposed, bindings)
    counted = warehouse.frame(connection, f"SELECT promise, state, subjects AS what_if FROM ({COUNTED})")
    connection.close()
    return counted


def open_run(home: str = "", as_of: str = "", lang: str = "fr", file: str = "") -> Run:
    """The current run of a home, or the one of the local day `as_of` ("2026-01-31"), to be read in `lang` (fr or en).

    An empty home is ALPIA_HOME, else data/live; `file` names the warehouse itself, for a day that was rebuilt apart.
    UsageError for what is no home, day or language; AlpiaError where no warehouse of that day is held.
    """
    words, place = Words(lang), Home.locate(home or None)
    if file or as_of:
        path = Path(file) if file else _held(place, _day(as_of))
        return Run(path, words, warehouse.read(path), place)
    if warehouse.current(place) is None:
        raise AlpiaError(f"{place.path} has no run yet: `alpia run --home {place.path}` makes one.")
    path, connection = warehouse.read_current(place)
    return Run(path, words, connection, place)


def open_file(path: Path | str, lang: str = "fr") -> Run:
    """A warehouse file by its path, finished or still to be published."""
    return Run(Path(path), Words(lang), warehouse.read(Path(path)))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"as_of: {text!r} is no day; write it as 2026-01-31.") from None


def _held(home: Home, day: date) -> Path:
    path = warehouse.held_for(home, day)
    if path is None:
        held = ", ".join(sorted({f"{d:%Y-%m-%d}" for d, _ in warehouse.published(home)})) or "none"
        raise AlpiaError(f"No warehouse of {day:%Y-%m-%d} is held in {home.warehouse}; held are: {held}.")
    return path
