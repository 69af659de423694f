"""The warehouse is unreadable without its key: every file, what it spills, its log of changes; and errors name the cure."""

import re
from datetime import date

import pytest
from click.testing import CliRunner

from pipelines import cli, keyring, warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.models import engine, tables
from pipelines.operate import keys
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register

CONTRACTS, POLICY = contracts_register.load(), policy_register.load()
DAY = date(2026, 3, 31)
MARK = b"a-subject-that-nobody-may-read"
KEYS = {name: letters * 32 for name, letters in (("file", "a1"), ("credential", "b2"), ("variable", "c3"))}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with keys of its own, and none from elsewhere."""
    monkeypatch.delenv("ALPIA_WAREHOUSE_KEY", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "sources.toml").write_text('[system]\nname = "Test"\nfounded_on = 2010-01-01\n', encoding="utf-8")
    home = Home.locate(folder)
    home.prepare()
    keys.missing(home)
    return home


def marked(path):
    """A connection to a new file that holds the mark three hundred times, in more than one block, as it is."""
    connection = warehouse.create(path, None, CONTRACTS)
    connection.execute("SET force_compression = 'uncompressed'")
    connection.execute("CREATE TABLE fact.marked AS SELECT $mark || repeat(hash(range)::VARCHAR, 200) AS text, "
                       "range AS number FROM range(300)", {"mark": MARK.decode()})
    return connection


def published(home, run_id="r1", as_of=DAY):
    path = warehouse.building_path(home, run_id)
    warehouse.finish(marked(path))
    return warehouse.publish(home, path, as_of, run_id)


def holding(folder):
    """The names of the files that hold the mark as it is."""
    return {path.name for path in folder.rglob("*") if path.is_file() and MARK in path.read_bytes()}


def changed(path, at):
    """Flip one bit of the byte at `at`, as a disk or a forger would."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_what_lies_in_a_home_is_encrypted_and_authenticated(home):
    path = published(home)
    with warehouse.read(path) as connection:
        told = connection.execute("SELECT encrypted, cipher, readonly FROM duckdb_databases() "
                                  "WHERE database_name = current_database()").fetchall()
        assert told == [(True, "GCM", True)]
        assert connection.execute("SELECT count(*) FROM fact.marked").fetchone() == (300,)
    assert warehouse.is_encrypted(path)
    assert holding(home.path) == set()


def test_the_search_would_find_what_is_not_encrypted(tmp_path):
    """The control of the test above: the same file outside any home, where no key is at hand."""
    warehouse.finish(marked(tmp_path / "plain.duckdb"))
    assert not warehouse.is_encrypted(tmp_path / "plain.duckdb")
    assert holding(tmp_path) == {"plain.duckdb"}


@pytest.mark.parametrize("encrypted", [True, False])
def test_changes_on_their_way_into_the_file_are_encrypted_too(home, tmp_path, encrypted):
    path = warehouse.building_path(home, "r1") if encrypted else tmp_path / "plain.duckdb"
    connection = marked(path)
    connection.execute("CHECKPOINT")
    connection.execute("INSERT INTO fact.marked VALUES ($mark, 300)", {"mark": f"{MARK.decode()} in the log of changes"})
    log = path.with_name(f"{path.name}.wal")
    assert (MARK in log.read_bytes()) is not encrypted
    connection.close()


@pytest.mark.parametrize("encrypted", [True, False])
def test_what_does_not_fit_into_memory_is_encrypted_too(home, tmp_path, encrypted):
    path = warehouse.building_path(home, "r1") if encrypted else tmp_path / "plain" / "plain.duckdb"
    connection = marked(path)
    connection.execute("SET memory_limit = '32MiB'; SET threads = 1")
    connection.execute("CREATE TEMP TABLE large AS SELECT $mark || hash(range) || repeat('x', 400) AS text "
                       "FROM range(120000)", {"mark": MARK.decode()})
    spilled = list(path.parent.glob(f"{warehouse.SPILL}*/*"))
    assert spilled
    assert any(MARK in file.read_bytes() for file in spilled) is not encrypted
    connection.close()
    assert list(path.parent.glob(f"{warehouse.SPILL}*")) == []


def test_only_what_is_encrypted_is_published(home, tmp_path):
    warehouse.finish(marked(tmp_path / "plain.duckdb"))
    with pytest.raises(AlpiaError, match="is not encrypted, so it is not published"):
        warehouse.publish(home, tmp_path / "plain.duckdb", DAY, "r1")
    assert warehouse.current(home) is None


def test_an_older_home_that_is_not_encrypted_is_read_and_goes_on_encrypted(home, tmp_path):
    older = tmp_path / "older.duckdb"
    connection = warehouse.create(older, None, CONTRACTS)
    tables.fill(connection, CONTRACTS, {"accounts": tables.parse("account_id\na1\na2"), "users": []})
    engine.judge(connection, POLICY, CONTRACTS, DAY)
    warehouse.finish(connection)
    held = home.warehouse / "2026-03-31_r1.duckdb"
    older.rename(held)
    (home.warehouse / warehouse.CURRENT).symlink_to(held.name)
    assert warehouse.read(held).execute("SELECT count(*) FROM fact.account").fetchone() == (2,)
    built = warehouse.building_path(home, "r2")
    later = warehouse.create(built, warehouse.previous_for(home, date(2026, 4, 1)), CONTRACTS)
    assert later.execute("SELECT account_id FROM previous.fact.account ORDER BY 1").fetchall() == [("a1",), ("a2",)]
    warehouse.finish(later)
    assert warehouse.is_encrypted(warehouse.publish(home, built, date(2026, 4, 1), "r2"))


def test_the_previous_night_is_read_under_its_key(home):
    first = published(home)
    connection = warehouse.create(warehouse.building_path(home, "r2"), first, CONTRACTS)
    assert connection.execute("SELECT count(*) FROM previous_file.fact.marked").fetchone() == (300,)


def test_a_second_connection_works_in_the_same_file(home):
    connection = marked(warehouse.building_path(home, "r1"))
    with warehouse.cursor(connection) as second:
        assert second.execute("SELECT count(*), current_setting('TimeZone') FROM fact.marked").fetchone() == (
            300, "Europe/Paris")


def test_a_file_is_opened_by_the_key_it_was_written_under_and_the_error_shows_neither(home):
    path = published(home)
    right = keyring.file_of(home.keys, "warehouse").read_text(encoding="ascii").strip()
    keyring.file_of(home.keys, "warehouse").write_text(KEYS["file"], encoding="ascii")
    with pytest.raises(AlpiaError, match="written under another warehouse key .* `alpia keys check`") as refused:
        warehouse.read(path)
    assert right not in str(refused.value)
    assert KEYS["file"] not in str(refused.value)


def test_without_its_key_a_home_says_how_to_get_one(home):
    path = published(home)
    keyring.file_of(home.keys, "warehouse").unlink()
    with pytest.raises(AlpiaError, match="The warehouse key is missing: `alpia keys new .* restore it from your safe"):
        warehouse.read(path)


def test_a_copy_elsewhere_asks_for_the_key_and_takes_it_when_given(home, tmp_path, monkeypatch):
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(published(home).read_bytes())
    with pytest.raises(AlpiaError, match="no warehouse key is at hand: set ALPIA_WAREHOUSE_KEY"):
        warehouse.read(copy)
    with warehouse.read(copy, home.warehouse_key()) as connection:
        assert connection.execute("SELECT count(*) FROM fact.marked").fetchone() == (300,)
    monkeypatch.setenv("ALPIA_WAREHOUSE_KEY", home.warehouse_key().value.hex())
    with warehouse.read(copy) as connection:
        assert connection.execute("SELECT count(*) FROM fact.marked").fetchone() == (300,)


@pytest.mark.parametrize("at", [0, 30, 4096 + 20, 8192 + 20], ids=["header", "flags", "first-root", "second-root"])
def test_a_flipped_bit_in_the_head_of_a_file_is_noticed_when_it_is_opened(home, at):
    path = published(home)
    changed(path, at)
    with pytest.raises(AlpiaError, match="damaged, or was changed .* Restore it from a backup"):
        warehouse.read(path)


@pytest.mark.parametrize("size", [0, 100, 4096, 20000])
def test_a_file_that_was_cut_off_is_noticed(home, size):
    path = published(home)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(AlpiaError, match="cannot be opened: .*Restore it from a backup"):
        warehouse.read(path)


def test_a_flipped_bit_further_in_is_one_sentence_at_the_command_line(home, monkeypatch):
    """Each block is authenticated when it is read: here, by the query of `alpia status`."""
    path = published(home)
    middle = path.stat().st_size // 2
    changed(path, middle)
    monkeypatch.setattr("pipelines.operate.status.PROMISES", "SELECT max(text) FROM fact.marked")
    answer = CliRunner().invoke(cli.main, ["status", "--home", str(home.path)])
    assert answer.exit_code == 1
    assert re.fullmatch(r"alpia: A file of the warehouse cannot be read: the file is damaged.* day before\.\n",
                        answer.stderr)


def test_another_error_of_the_database_is_not_taken_for_damage():
    with pytest.raises(warehouse.DatabaseError) as error:
        warehouse.memory().execute("SELECT * FROM nothing")
    assert warehouse.damage(str(error.value)) is None


def test_the_key_shows_nowhere_in_a_connection(home):
    """Not in the catalog, the settings, the variables or the log of statements; what holds a text does show there."""
    key = home.warehouse_key().value.hex()
    connection = warehouse.memory()
    connection.execute("CALL enable_logging(level = 'debug')")
    warehouse.attach(connection, published(home), "held")
    connection.execute("SET VARIABLE control = 'shown'")
    places = ("duckdb_databases()", "duckdb_settings()", "duckdb_variables()", "duckdb_logs", "duckdb_secrets()")
    told = "\n".join(str(connection.execute(f"FROM {place}").fetchall()) for place in places)
    assert "shown" in told
    assert "ATTACH" in told
    assert key not in told
    assert key not in repr(home.warehouse_key())


def test_what_openssl_comes_with_reaches_no_network(home):
    connection = marked(warehouse.building_path(home, "r1"))
    for address in ("https://127.0.0.1:9/a.csv", "s3://bucket/a.csv", "hf://datasets/a/b/c.csv"):
        with pytest.raises(warehouse.DatabaseError, match="has been disabled by configuration"):
            connection.execute(f"SELECT * FROM read_csv('{address}')")
    with pytest.raises(warehouse.DatabaseError, match="cannot be re-enabled"):
        connection.execute("SET disabled_filesystems = ''")
