"""Exactly what was planted is found: none missed, none invented, whatever the seed, the day and the kind of source.

From the source to the obligations, by the code of the main job; without notebooks, so that many worlds can be judged.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines import run, warehouse
from pipelines.collect.pseudonyms import pseudonym
from pipelines.demo import generate
from pipelines.home import Home
from pipelines.register import contracts as register
from pipelines.verify.against import against

AS_OF = date(2026, 6, 30)
ACCOUNTS = 300
# Days on which something ends, begins or does not exist: month ends, leap days, weekends, holidays, the clocks' changes.
DAYS = ("2026-01-31", "2026-02-28", "2026-03-29", "2026-05-01", "2025-10-26", "2025-12-31", "2024-02-29", "2024-03-31")


@pytest.fixture(scope="module")
def contracts():
    return register.load()


@dataclass(frozen=True)
class World:
    """A demo's home, its list of what is planted, and the file that its last collection built."""

    home: Home
    planted: list[dict]
    built: Path

    def ask(self, sql: str) -> list[tuple]:
        connection = warehouse.read(self.built)
        rows = connection.execute(sql).fetchall()
        connection.close()
        return rows

    def states(self, kind: str, identity: object) -> dict[str, tuple[str, str | None]]:
        """Of one subject of the source: by promise, the state and by what it was closed."""
        subject = pseudonym(self.home.pseudonym_key(), kind, str(identity))
        return {promise: (state, word) for promise, state, word in self.ask(
            f"SELECT promise, state, closed_by FROM obligation.current WHERE subject = '{subject}'")}


def made(folder: Path, seed: int, as_of: date, accounts: int = ACCOUNTS,
         database: tuple[str, str] | None = None) -> Home:
    generate(folder, seed, accounts, as_of, database)
    return Home(folder)


def judged(home: Home, as_of: date) -> World:
    built = run.collect_stage(str(home.path), f"{as_of}").building
    return World(home, json.loads((home.path / "planted.json").read_text(encoding="utf-8")), built)


def disagreement(world: World, contracts) -> tuple[list[dict], list[dict]]:
    return against(world.built, world.planted, world.home.pseudonym_key(), contracts)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_planted_are_found_for_every_seed(tmp_path, contracts, seed):
    world = judged(made(tmp_path, seed, AS_OF, accounts=1_500), AS_OF)
    assert disagreement(world, contracts) == ([], [])
    assert world.ask("SELECT DISTINCT dataset, reason FROM source.set_aside") == [("access_log", "unreadable_line")]
    assert world.ask("SELECT count(*) FROM source.collection WHERE status <> 'collected'") == [(0,)]


@pytest.mark.parametrize("day", DAYS)
def test_the_planted_are_found_on_every_day(tmp_path, contracts, day):
    as_of = date.fromisoformat(day)
    assert disagreement(judged(made(tmp_path, 11, as_of), as_of), contracts) == ([], [])


def test_a_planted_breach_that_is_cured_is_missed(tmp_path, contracts):
    """The comparison has teeth: cure one account in the source, and it says which."""
    home = made(tmp_path, 4, AS_OF)
    world = judged(home, AS_OF)
    idle = next(row for row in world.planted if row["promise"] == "retention.inactive-accounts"
                and row["why_en"] == "long forgotten")
    edit(home, "customer", f"REPLACE (CASE WHEN id = {idle['subject']} THEN TIMESTAMPTZ '{AS_OF} 12:00' "
                           "ELSE last_sign_in_at END AS last_sign_in_at)")
    missed, _ = disagreement(judged(home, AS_OF), contracts)
    assert [row["subject"] for row in missed] == [idle["subject"]]


def test_findings_are_only_of_the_planted(tmp_path):
    """What is noticed beside the obligations was planted too."""
    world = judged(made(tmp_path, 5, AS_OF), AS_OF)
    found = Counter(kind for kind, in world.ask("SELECT kind FROM fact.finding"))
    assert set(found) == {"erased_but_present", "idle_user", "served_after_window", "unknown_server"}
    key = world.home.pseudonym_key()
    named = {pseudonym(key, row["subject_kind"], row["subject"]) for row in world.planted}
    for subject, kind in world.ask("SELECT subject, kind FROM fact.finding"):
        assert subject in named or kind == "idle_user"


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_databases_and_files_are_judged_alike(tmp_path, contracts, kind, request, monkeypatch):
    server = request.getfixturevalue(f"{kind}_server")
    dsn = server.dsn(server.create_database())
    monkeypatch.setenv("ALPIA_APP_DSN", dsn)
    of_files = judged(made(tmp_path / "files", 6, AS_OF), AS_OF)
    of_database = judged(made(tmp_path / kind, 6, AS_OF, database=(kind, dsn)), AS_OF)
    assert disagreement(of_database, contracts) == ([], [])
    assert not (tmp_path / kind / "sources" / "app").exists()
    everything = "FROM obligation.current ORDER BY ALL"
    assert of_database.ask(everything) == of_files.ask(everything)
    for dataset in contracts:
        rows = f"SELECT count(*), bit_xor(hash(d)) FROM source.{dataset} AS d"
        assert of_database.ask(rows) == of_files.ask(rows), dataset


def test_postgres_holds_personal_data_and_none_of_it_arrives(tmp_path, postgres_server, database, monkeypatch):
    dsn = postgres_server.dsn(database)
    monkeypatch.setenv("ALPIA_APP_DSN", dsn)
    world = judged(made(tmp_path, 7, AS_OF, database=("postgres", dsn)), AS_OF)
    mails = postgres_server.psql("SELECT email FROM person WHERE email IS NOT NULL", database).split()
    assert len(mails) > ACCOUNTS / 4
    columns = world.ask("SELECT database_name, schema_name, table_name, column_name FROM duckdb_columns() "
                        "WHERE NOT internal AND data_type = 'VARCHAR' AND schema_name IN ('source', 'fact', 'obligation')")
    texts = set()
    for _, schema, table, column in columns:
        texts |= {text for text, in world.ask(f'SELECT DISTINCT "{column}" FROM {schema}."{table}"')}
    assert "retention.invoices" in texts
    assert not texts & set(mails)
    assert not [text for text in texts if text and "@" in text]


# --- rows that disappear between two nights -----------------------------------------------------------------------


def edit(home: Home, table: str, change: str = "", where: str = "true") -> None:
    """Rewrite a table of the source system, as a change over there would."""
    file = home.path / "sources" / "app" / f"{table}.parquet"
    connection = warehouse.memory()
    rows = f"SELECT * {change} FROM read_parquet('{file}') WHERE {where}"
    connection.execute(f"COPY ({rows}) TO '{file}.new' (FORMAT parquet)")
    connection.close()
    file.with_suffix(".parquet.new").replace(file)


def note_erasure(home: Home, kind: str, identity: object, at: str) -> None:
    """Add an entry to the journal of erasures."""
    file = home.path / "sources" / "records" / "erasure_journal.parquet"
    connection = warehouse.memory()
    columns = ("account_id", "user_id", "item_id", "invoice_id")
    entry = ", ".join(f"{identity if name == kind else 'NULL'} AS {name}" for name in columns)
    connection.execute(f"COPY (FROM read_parquet('{file}') UNION ALL BY NAME SELECT -1 - (SELECT count(*) FROM '{file}') "
                       f"AS entry_id, {entry}, TIMESTAMPTZ '{at}' AS erased_at) TO '{file}.new' (FORMAT parquet)")
    connection.close()
    file.with_suffix(".parquet.new").replace(file)


@pytest.fixture
def first_night(tmp_path) -> World:
    """A published first night, so that the next one can see what has gone."""
    world = judged(made(tmp_path, 8, AS_OF), AS_OF)
    published = warehouse.publish(world.home, world.built, AS_OF, "first")
    return World(world.home, world.planted, published)


def planted_subject(world: World, promise: str, kind: str, state: str) -> str:
    return next(row["subject"] for row in world.planted
                if (row["promise"], row["subject_kind"], row["state"]) == (promise, kind, state))


def test_rows_that_vanish_without_a_journal_entry_are_never_closed(first_night):
    home = first_night.home
    account = planted_subject(first_night, "retention.deleted-accounts", "account", "overdue")
    item = planted_subject(first_night, "trash.purged", "item", "overdue")
    invoice = planted_subject(first_night, "retention.invoices", "invoice", "open")
    edit(home, "customer", where=f"id <> {account}")
    edit(home, "trashed_item", where=f"id <> {item}")
    edit(home, "invoice", where=f"invoice_id <> {invoice}")
    second = judged(home, AS_OF + timedelta(days=1))
    assert second.states("account", account)["retention.deleted-accounts"] == ("unknown", "vanished")
    assert second.states("account", account)["retention.inactive-accounts"] == ("unknown", "vanished")
    assert second.states("item", item)["trash.purged"] == ("unknown", "vanished")
    assert second.states("invoice", invoice)["retention.invoices"] == ("unknown", "vanished")
    key = home.pseudonym_key()
    gone = {subject for subject, in second.ask("SELECT subject FROM fact.finding WHERE kind = 'vanished'")}
    assert gone >= {pseudonym(key, "account", account), pseudonym(key, "item", item), pseudonym(key, "invoice", invoice)}


def test_rows_that_vanish_with_a_journal_entry_are_judged_by_its_date(first_night):
    home = first_night.home
    account = planted_subject(first_night, "retention.deleted-accounts", "account", "open")
    invoice = planted_subject(first_night, "retention.invoices", "invoice", "open")
    edit(home, "customer", where=f"id <> {account}")
    edit(home, "invoice", where=f"invoice_id <> {invoice}")
    note_erasure(home, "account_id", account, f"{AS_OF} 03:00")
    note_erasure(home, "invoice_id", invoice, f"{AS_OF} 03:00")
    second = judged(home, AS_OF + timedelta(days=1))
    assert second.states("account", account)["retention.deleted-accounts"] == ("met", "erased")
    assert second.states("invoice", invoice)["retention.invoices"] == ("premature", "removed")
    assert second.ask("SELECT count(*) FROM fact.finding WHERE kind = 'vanished'") == [(0,)]


def test_a_second_night_without_changes_accuses_nobody_new(first_night, contracts):
    """A day later some terms have ended; nobody else is accused. Operations did not say anything new: that is unknown."""
    second = judged(first_night.home, AS_OF + timedelta(days=1))
    _, invented = disagreement(second, contracts)
    unheard = [row for row in invented if row["state"] in ("unknown", "sample_gap")]
    assert {row["promise"] for row in unheard} <= {"backup.several-daily", "backup.replicated", "hosting.security-updates"}
    accused = [row for row in invented if row not in unheard]
    assert {row["state"] for row in accused} <= {"overdue"}
    assert len(accused) <= 5
