"""Another pseudonym key: every subject has another name, every answer stays the same, and nothing leads back."""

import shutil
from contextlib import closing
from types import SimpleNamespace

import pytest
from search import found, tables
from test_forgetting import EXPIRED, FIRST, KEPT, SECOND, ask, make_home, named, night

from pipelines import keyring, warehouse
from pipelines.collect.pseudonyms import pseudonym
from pipelines.collect.rekeying import NAME
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate import audit, rotation
from pipelines.operate.ledger import Ledger

pytestmark = [pytest.mark.slow]
EVERYBODY = {kind: (*EXPIRED.get(kind, ()), *KEPT.get(kind, ())) for kind in {*EXPIRED, *KEPT}}
ANSWERS = (
    "SELECT promise, state, in_review, opened_at, closed_at FROM obligation.current ORDER BY ALL",
    "SELECT as_of, promise, from_state, to_state, why, count(*) FROM obligation.change GROUP BY ALL ORDER BY ALL",
    "SELECT promise, kind, count(*) FROM fact.finding GROUP BY ALL ORDER BY ALL",
    "FROM obligation.count ORDER BY ALL", "FROM verdict.history ORDER BY ALL", "FROM source.forgotten ORDER BY ALL",
)


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A home after its first night, and what the second one answers there."""
    home = make_home(tmp_path_factory.mktemp("rotation") / "home")
    (home.path / "exceptions.toml").write_text(f"# {pseudonym(home.pseudonym_key(), 'account', 'owed')} is with counsel\n",
                                               encoding="utf-8")
    night(home, FIRST, "20260629T010000000Z")
    copy = Home(home.path.with_name("unrotated"))
    shutil.copytree(home.path, copy.path, symlinks=True)
    second = night(copy, SECOND, "20260630T010000000Z")
    return SimpleNamespace(home=home, answers=[ask(second, sql) for sql in ANSWERS])


@pytest.fixture
def home(before, tmp_path):
    """A copy of the home to rotate."""
    shutil.copytree(before.home.path, tmp_path / "home", symlinks=True)
    return Home.locate(tmp_path / "home")


def places(home, names):
    """Where any of the names stands in the home's warehouse."""
    return [place for file in warehouse.files(home) for place in found(names, tables(file))]


def test_after_a_rotation_every_answer_is_the_same_under_other_names(before, home):
    old, old_key = named(home, EVERYBODY), home.pseudonym_key()
    assert {name for _, name in places(home, old)} == old
    told = rotation.pseudonym(home)
    new = named(home, EVERYBODY)
    assert not old & new
    assert home.pseudonym_key() != old_key
    assert {name for _, name in places(home, new)} == new
    second = night(home, SECOND, "20260630T010000000Z")
    assert [ask(second, sql) for sql in ANSWERS] == before.answers
    assert places(home, old) == []
    journal = 4  # its entries have names of their own
    assert f"{len(old) + journal} subjects renamed by their ids, 0 that no source knows any more" in told


def test_a_rotation_stands_in_the_ledger_and_in_the_evidence_and_renames_exceptions(home):
    old = keyring.needed(home.keys, "pseudonym")
    rotation.pseudonym(home)
    entry = Ledger(home.runs).runs()[-1]
    assert (entry.kind, entry.result) == ("rotation", "done")
    assert f"{keyring.needed(home.keys, 'pseudonym').fingerprint} replaces {old.fingerprint}; 1 nights" in entry.message
    assert "1 subjects renamed in exceptions.toml" in entry.message
    assert audit.verify(home.path).findings == []
    assert named(home, {"account": ("owed",)}).pop() in (home.path / "exceptions.toml").read_text(encoding="utf-8")
    assert sorted(file.name for file in home.keys.iterdir()) == ["evidence.key", "pseudonym.key", "warehouse.key"]
    assert list((home.warehouse / "building").glob("*-2026-*")) == []


def test_whom_no_source_knows_any_more_keeps_his_history_under_a_name_that_leads_to_nobody(home):
    old = pseudonym(home.pseudonym_key(), "rights_request", "gone-rights")
    file = home.path / "sources" / "rights_requests.csv"
    file.write_text("".join(line for line in file.read_text(encoding="utf-8").splitlines(keepends=True)
                            if "gone-rights" not in line), encoding="utf-8")
    assert "1 that no source knows any more" in rotation.pseudonym(home)
    after = pseudonym(home.pseudonym_key(), "rights_request", old)
    states = ask(warehouse.current(home), f"SELECT state FROM obligation.current WHERE subject = '{after}'")
    assert states == [("met",)]


def test_where_a_source_cannot_be_asked_nothing_is_changed(home):
    files, key = warehouse.files(home), home.pseudonym_key()
    (home.path / "sources" / "accounts.csv").unlink()
    with pytest.raises(AlpiaError, match="cannot tell the ids of accounts .* nothing is rotated"):
        rotation.pseudonym(home)
    assert (warehouse.files(home), home.pseudonym_key()) == (files, key)
    assert [file.name for file in home.keys.glob("pseudonym*")] == ["pseudonym.key"]
    assert Ledger(home.runs).runs()[-1].result == "failed"


def test_a_reset_asks_nobody_and_leaves_no_name_while_counts_and_verdicts_stay(home):
    before = {sql: ask(warehouse.current(home), sql) for sql in ("FROM obligation.count ORDER BY ALL",
                                                                 "FROM verdict.history ORDER BY ALL")}
    shutil.move(home.path / "sources", home.path / "away")
    told = rotation.pseudonym(home, is_reset=True)
    assert "rows left out" in told
    assert {sql: ask(warehouse.current(home), sql) for sql in before} == before
    with closing(warehouse.read(warehouse.current(home))) as connection:
        columns = connection.execute("SELECT schema_name, table_name, column_name FROM duckdb_columns() "
                                     "WHERE data_type = 'VARCHAR' AND database_name = current_database()").fetchall()
        assert [column for column in columns if connection.execute(
            f"SELECT count(*) FROM {column[0]}.\"{column[1]}\" "
            f"WHERE regexp_full_match(\"{column[2]}\", '{NAME}')").fetchone()[0]] == []
    shutil.move(home.path / "away", home.path / "sources")
    second = night(home, SECOND, "20260630T010000000Z")
    assert ask(second, "SELECT count(*) > 5, count_if(state = 'overdue') > 1 FROM obligation.current") == [(True, True)]


def test_a_rotation_that_was_killed_half_way_is_noticed_and_healed_by_the_next(home, monkeypatch):
    """Killed when the new files are in place, and the key is not: no night runs under the wrong one."""
    old = named(home, KEPT)
    replace = rotation.disk.replace

    def killed(aside, target):
        if aside.suffix == ".key":
            raise KeyboardInterrupt
        replace(aside, target)
    monkeypatch.setattr(rotation.disk, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        rotation.pseudonym(home)
    monkeypatch.undo()
    with pytest.raises(AlpiaError, match="every subject would be a stranger"):
        night(home, SECOND, "20260630T010000000Z")
    rotation.pseudonym(home)
    assert places(home, old) == []
    assert {name for _, name in places(home, named(home, KEPT))} == named(home, KEPT)
