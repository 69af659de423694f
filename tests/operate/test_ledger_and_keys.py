"""The ledger says what was run; the key is made once."""

import stat
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.operate import keys
from pipelines.operate.ledger import Ledger

AT = datetime(2026, 3, 31, 1, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    return home


def test_a_run_that_did_not_end_stays_visible(home):
    ledger = Ledger(home.runs)
    ledger.start("r1", "run", date(2026, 3, 30), AT)
    ledger.start("r2", "run", date(2026, 3, 31), AT + timedelta(days=1))
    ledger.step("r2", "collect", AT, 1.5, rows=10)
    ledger.finish("r2", AT + timedelta(days=1, seconds=9), "breached", "2 breached")
    first, second = Ledger(home.runs).runs()
    assert (first.run_id, first.result, first.finished_at) == ("r1", None, None)
    assert (second.result, second.message, second.as_of) == ("breached", "2 breached", date(2026, 3, 31))
    assert ledger.steps("r2") == [("collect", AT.isoformat(), 1.5, 10, "done", "")]
    assert stat.S_IMODE((home.runs / "ledger.sqlite").stat().st_mode) == 0o600


def test_a_result_is_one_of_a_closed_set(home):
    ledger = Ledger(home.runs)
    ledger.start("r1", "run", date(2026, 3, 30), AT)
    with pytest.raises(ValueError, match="no result"):
        ledger.finish("r1", AT, "fine")


def test_a_key_is_made_once_and_for_its_owner_alone(home):
    file = keys.new(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(home.pseudonym_key()) == 32
    with pytest.raises(UsageError, match="exists already"):
        keys.new(home)


def test_a_key_that_others_can_read_is_refused_with_its_cure(home):
    file = keys.new(home)
    file.chmod(0o640)
    with pytest.raises(AlpiaError, match="chmod 600"):
        home.pseudonym_key()


def test_a_missing_or_broken_key_is_refused_with_its_cure(home):
    with pytest.raises(AlpiaError, match="alpia keys new"):
        home.pseudonym_key()
    keys.new(home).write_text("not hex", encoding="ascii")
    with pytest.raises(AlpiaError, match="hex digits"):
        home.pseudonym_key()


def test_a_folder_without_sources_is_no_home(tmp_path):
    with pytest.raises(UsageError, match="sources.toml"):
        Home.locate(tmp_path)


def test_the_keys_that_are_missing_are_made_and_no_other(home):
    first = keys.new(home).read_bytes()
    assert [file.name for file in keys.missing(home)] == ["evidence.key"]
    assert (home.keys / "pseudonym.key").read_bytes() == first
    assert len(home.evidence_key()) == 32
    with pytest.raises(UsageError, match="every key already"):
        keys.missing(home)
