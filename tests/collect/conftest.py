"""A home to collect from, and the two things that every collection is asked: does the account add up, did a value leak?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.collect import collection, retries, sources
from pipelines.home import Home
from pipelines.register import contracts

KEY = bytes(range(32))
COLLECTED_AT = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)
SYSTEM = '[system]\nname = "Test"\nfounded_on = 2010-01-01\n'
# Ids and personal data of the tests hold one of these, so that one search finds any that got through.
RAW_MARKS = ("raw-", "@example.org")


class Collected:
    """A finished collection: its connection, and what the tests ask of it."""

    def __init__(self, con, path: Path):
        self.con, self.path = con, path

    def rows(self, sql: str, **bindings) -> list[tuple]:
        return self.con.execute(sql, bindings).fetchall()

    def status(self, dataset: str) -> tuple:
        """(status, rows in, kept, set aside)"""
        return self.rows("SELECT status, rows_in, rows_kept, rows_set_aside FROM source.collection WHERE dataset = $d",
                         d=dataset)[0]

    def detail(self, dataset: str) -> str | None:
        return self.rows("SELECT detail FROM source.collection WHERE dataset = $d", d=dataset)[0][0]

    def aside(self, dataset: str) -> set[tuple]:
        """{(reason, place, column, rows)}"""
        return set(self.rows("SELECT reason, place, column_name, rows FROM source.set_aside WHERE dataset = $d", d=dataset))

    def digest(self, dataset: str) -> str:
        return self.rows("SELECT digest FROM source.collection WHERE dataset = $d", d=dataset)[0][0]

    def close(self) -> None:
        warehouse.finish(self.con)


class Place:
    """A home under construction: write its files, map its datasets, collect."""

    def __init__(self, folder: Path):
        self.home = Home(folder)
        self.contracts = contracts.load()
        self.key = KEY
        self._runs = 0

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.home.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def map(self, text: str) -> None:
        self.write("sources.toml", SYSTEM + text)

    def map_files(self, **datasets: str) -> None:
        lines = "\n".join(f"{name} = '''{mapping}'''" for name, mapping in datasets.items())
        self.map(f'[records]\nkind = "files"\n[records.datasets]\n{lines}\n')

    def map_postgres(self, extra: str = "", **datasets: str) -> None:
        self.map_database("postgres", extra, **datasets)

    def map_mariadb(self, extra: str = "", **datasets: str) -> None:
        self.map_database("mariadb", extra, **datasets)

    def map_database(self, database_kind: str, extra: str, **datasets: str) -> None:
        lines = "\n".join(f"{name} = '''{mapping}'''" for name, mapping in datasets.items())
        self.map(f'[app]\nkind = "{database_kind}"\nsecret = "TEST_APP_DSN"\n{extra}\n[app.datasets]\n{lines}\n')

    def sources(self):
        return sources.load(self.home.sources_toml, self.contracts)

    def collect(self, previous: Path | None = None, at: datetime = COLLECTED_AT) -> Collected:
        """Collect into a new file; every collection is checked for its account and for raw values."""
        self._runs += 1
        path = self.home.path / "built" / f"{self._runs}.duckdb"
        con = warehouse.create(path, previous, self.contracts)
        collection.collect(con, self.home, self.sources(), self.contracts, KEY, at)
        collected = Collected(con, path)
        assert_accounts_add_up(collected, self.contracts)
        con.execute("CHECKPOINT")
        assert_nothing_raw(collected)
        return collected


def assert_accounts_add_up(collected: Collected, of_contracts) -> None:
    rows = collected.rows("SELECT dataset, rows_in, rows_kept, rows_set_aside FROM source.collection")
    assert sorted(row[0] for row in rows) == sorted(of_contracts)
    aside = dict(collected.rows("SELECT dataset, sum(rows) FROM source.set_aside GROUP BY dataset"))
    for dataset, rows_in, kept, set_aside in rows:
        assert rows_in == kept + set_aside, dataset
        assert set_aside == aside.get(dataset, 0), dataset


def texts(con) -> list[str]:
    """Every text of every table of the file itself, decoded."""
    found = []
    for schema, table, column in con.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE data_type LIKE 'VARCHAR%' AND NOT internal "
        "AND database_name NOT IN ('previous', 'previous_file', 'staging')").fetchall():
        place = f'{schema}."{table}"'
        filled = con.execute(f'SELECT "{column}"::VARCHAR FROM {place} WHERE "{column}" IS NOT NULL').fetchall()
        found += [row[0] for row in filled]
    return found


def assert_nothing_raw(collected: Collected) -> None:
    """No raw id or personal value in the file; the search must first find what is planted for it."""
    con = collected.con
    con.execute("CREATE TABLE source.planted AS SELECT 'raw-planted' AS text")
    assert any("raw-planted" in text for text in texts(con))
    con.execute("DROP TABLE source.planted")
    leaked = [text for text in texts(con) if any(mark in text for mark in RAW_MARKS)]
    assert leaked == []
    databases = {row[0] for row in con.execute("SELECT database_name FROM duckdb_databases() WHERE NOT internal").fetchall()}
    assert not databases & {"staging", "source_app"}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(retries, "PAUSES", (0, 0, 0))  # asked as often as in a night, but at once
    return Place(tmp_path)
