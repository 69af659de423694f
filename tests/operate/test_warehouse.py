"""The warehouse's door: how a file is built, published, remembered and forgotten."""

import os
import stat
from datetime import UTC, date, datetime

import pytest

from pipelines import disk, warehouse
from pipelines.collect.traffic import access_log
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.models import engine, tables
from pipelines.operate import keys
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register
from pipelines.verify import verification

CONTRACTS, POLICY = contracts_register.load(), policy_register.load()
ENDED = 2**22 + 1  # above every process id that Linux gives
FACTS = {"accounts": tables.parse("account_id\na1\na2"), "users": []}


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    keys.missing(home)
    return home


def build(home, run_id, as_of, previous=None, facts=FACTS):
    path = warehouse.building_path(home, run_id)
    connection = warehouse.create(path, previous, CONTRACTS)
    tables.fill(connection, CONTRACTS, facts)
    engine.judge(connection, POLICY, CONTRACTS, as_of)
    warehouse.finish(connection)
    return path


def rows(connection, sql):
    return connection.execute(sql).fetchall()


def test_what_is_carried_has_the_layout_that_the_models_make():
    """`previous.*` on a first run and on any later one must be the same tables: column by column, type by type."""
    connection = warehouse.scratch(CONTRACTS)
    tables.fill(connection, CONTRACTS, FACTS)
    access_log.make_tables(connection)
    engine.judge(connection, POLICY, CONTRACTS, date(2026, 3, 31))
    verification.write(connection, [])
    engine.build(connection, "verdict", engine.clock(connection, date(2026, 3, 31)))
    layout = ("SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
              "WHERE database_name = '{}' AND schema_name <> 'main' AND NOT internal")
    made = set(rows(connection, layout.format("memory")))
    carried = set(rows(connection, layout.format("previous")))
    assert carried - made == set()
    assert len(carried) > 100


def test_an_older_file_is_read_in_todays_layout(home):
    """A column that it lacks reads as NULL; a table that it lacks is empty."""
    path = build(home, "r1", date(2026, 3, 30))
    connection = warehouse.connect(path)
    connection.execute("ALTER TABLE fact.account DROP COLUMN plan")
    connection.execute("DROP TABLE fact.snapshot")
    connection.close()
    later = warehouse.create(warehouse.building_path(home, "r2"), path, CONTRACTS)
    assert rows(later, "SELECT account_id, plan FROM previous.fact.account ORDER BY 1") == [("a1", None), ("a2", None)]
    assert rows(later, "SELECT count(*) FROM previous.fact.snapshot") == [(0,)]


def test_readers_keep_their_file_and_new_ones_see_the_new(home):
    first = warehouse.publish(home, build(home, "r1", date(2026, 3, 30)), date(2026, 3, 30), "r1")
    reader = warehouse.read(warehouse.current(home))
    three = {**FACTS, "accounts": tables.parse("account_id\na1\na2\na3")}
    warehouse.publish(home, build(home, "r2", date(2026, 3, 31), first, three), date(2026, 3, 31), "r2")
    assert rows(reader, "SELECT count(*) FROM fact.account") == [(2,)]
    assert rows(warehouse.read(warehouse.current(home)), "SELECT count(*) FROM fact.account") == [(3,)]


def test_previous_is_the_day_before_and_never_the_day_itself(home):
    for day, run_id in ((29, "r1"), (30, "r2"), (30, "r3")):
        as_of = date(2026, 3, day)
        warehouse.publish(home, build(home, run_id, as_of), as_of, run_id)
    assert warehouse.previous_for(home, date(2026, 3, 30)).name == "2026-03-29_r1.duckdb"
    assert warehouse.previous_for(home, date(2026, 3, 31)).name == "2026-03-30_r3.duckdb"
    assert warehouse.previous_for(home, date(2026, 3, 29)) is None
    assert warehouse.held_for(home, date(2026, 3, 30)).name == "2026-03-30_r3.duckdb"
    assert warehouse.held_for(home, date(2026, 3, 28)) is None


def test_what_is_published_is_on_the_disk_before_current_leads_to_it(home, monkeypatch):
    """The machine may be switched off at any moment: a name is only given to what is safe, and is safe before it is used."""
    order, replace, flush = [], os.replace, disk.flush
    monkeypatch.setattr(os, "replace", lambda source, to: (order.append(f"name {to.name}"), replace(source, to)))
    monkeypatch.setattr(disk, "flush", lambda path: (order.append(f"safe {path.name}"), flush(path)))
    published = warehouse.publish(home, build(home, "r1", date(2026, 3, 30)), date(2026, 3, 30), "r1")
    folder = home.warehouse.name
    assert order == ["safe warehouse.duckdb", f"name {published.name}", f"safe {folder}", "name current", f"safe {folder}"]


def test_what_a_killed_run_left_goes_and_what_was_just_built_by_hand_stays(home):
    build(home, "killed", date(2026, 3, 30))
    path = build(home, "by-hand-1", date(2026, 3, 30))
    old = build(home, "by-hand-0", date(2026, 3, 30))
    os.utime(old.parent, (0, 0))
    warehouse.discard_stale(home, datetime(2026, 3, 30, tzinfo=UTC))
    assert [folder.name for folder in (home.warehouse / "building").iterdir()] == [path.parent.name]


def test_what_a_killed_reader_spilled_goes_and_what_a_living_one_did_stays(home):
    mine, dead = (home.warehouse / f"{warehouse.SPILL}{process}-1" for process in (os.getpid(), ENDED))
    for folder in (mine, dead):
        folder.mkdir()
    warehouse.discard_stale(home, datetime(2026, 3, 30, tzinfo=UTC))
    assert mine.exists()
    assert not dead.exists()


def test_a_file_that_is_being_built_is_for_its_owner_alone(home):
    path = build(home, "r1", date(2026, 3, 30))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with pytest.raises(AlpiaError, match="exists already"):
        warehouse.create(path, None, CONTRACTS)


def test_a_damaged_file_is_one_sentence(tmp_path):
    damaged = tmp_path / "w.duckdb"
    damaged.write_bytes(b"no database " * 1000)
    with pytest.raises(AlpiaError, match="cannot be opened"):
        warehouse.read(damaged)


def test_no_extension_is_fetched():
    connection = warehouse.memory()
    settings = dict(rows(connection, "SELECT name, value FROM duckdb_settings() WHERE name IN "
                                     "('autoinstall_known_extensions', 'autoload_known_extensions', 'TimeZone')"))
    assert settings == {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
                        "TimeZone": "Europe/Paris"}
    with pytest.raises(warehouse.DatabaseError):
        connection.execute("SELECT * FROM read_csv('https://example.org/a.csv')")
