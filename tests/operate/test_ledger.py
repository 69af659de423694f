"""The ledger says what was run."""

import stat
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.errors import UsageError
from pipelines.home import Home
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


def test_a_folder_without_sources_is_no_home(tmp_path):
    with pytest.raises(UsageError, match="sources.toml"):
        Home.locate(tmp_path)
