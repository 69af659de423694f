"""What goes wrong in a night is said and entered, and the next run carries on from there."""

import os
from datetime import timedelta

import pytest
from killing import PLAYED, assert_whole, play_notebooks

from pipelines import run as job
from pipelines import warehouse
from pipelines.errors import AlpiaError, RefusedError, UsageError
from pipelines.operate import evidence, inputs
from pipelines.operate.ledger import Ledger, Page
from pipelines.operate.lock import only_one
from pipelines.operate.owed import ReportsMissing


@pytest.fixture
def entries(night):
    return lambda: [(entry.as_of, entry.kind, entry.result) for entry in Ledger(night.home.runs).runs()]


def test_reports_that_fail_are_named_and_made_by_the_next_run(night, entries, monkeypatch):
    play_notebooks(night.built, monkeypatch.setattr, failing=("traffic",))
    told = []
    with pytest.raises(ReportsMissing, match=rf"Published, but without traffic \(fr\) of {night.day}"):
        job.run(night.home, night.day, reports=PLAYED, tell=told.append)
    assert warehouse.published(night.home)[-1] == (night.day, warehouse.current(night.home))
    assert Ledger(night.home.runs).owed() == [Page(night.day, "traffic", "fr")]
    assert any(line.startswith("traffic") and "failed" in line and "as told" in line for line in told)
    assert [path.name for path in night.home.reports_of(night.day).glob("compliance*")] == ["compliance.html"]

    play_notebooks(night.built, monkeypatch.setattr)
    after = night.day + timedelta(days=1)
    outcome = job.run(night.home, after, reports=PLAYED)
    assert night.home.reports_of(night.day) / "traffic.html" in outcome.reports
    assert entries() == [(night.day, "run", "incomplete"), (after, "run", outcome.result)]
    assert_whole(night.home)


def test_a_page_that_can_never_be_made_is_refused_once_and_owed_no_more(night, entries, monkeypatch):
    """An older version kept less of its nights; asked for again and again, its page would fail every night that follows."""
    play_notebooks(night.built, monkeypatch.setattr)
    job.run(night.home, night.day, reports=())
    play_notebooks(night.built, monkeypatch.setattr, failing=("traffic",), error=RefusedError)
    asked = [Page(night.day, name, "fr") for name in ("traffic", "compliance")]
    with pytest.raises(RefusedError, match=rf"Never to be made: traffic \(fr\) of {night.day}"):
        job.report(night.home, night.day, asked)
    assert [page.file(night.home).exists() for page in asked] == [False, True]
    after = night.day + timedelta(days=1)
    assert job.run(night.home, after, reports=("compliance",)).as_of == after
    assert [result for *_, result in entries()][1:2] == ["refused"]
    assert_whole(night.home)


def test_a_working_notebook_that_fails_publishes_nothing(night, entries, monkeypatch):
    play_notebooks(night.built, monkeypatch.setattr)
    monkeypatch.setattr(job.workers, "run", lambda *asked: (_ for _ in ()).throw(AlpiaError("The notebook collect failed.")))
    before = warehouse.current(night.home)
    with pytest.raises(AlpiaError, match="The notebook collect failed"):
        job.run(night.home, night.day)
    assert warehouse.current(night.home) == before
    assert entries() == [(night.day, "run", "failed")]
    assert_whole(night.home)
    assert "a échoué" in (night.home.reports / "index.html").read_text(encoding="utf-8")
    assert [one["run"]["kind"] for one in evidence.entries(night.home)] == ["run", "failed"]


def test_a_night_that_fails_before_anything_was_published_has_no_index(night, monkeypatch):
    warehouse.current(night.home).unlink()
    (night.home.warehouse / "current").unlink()
    monkeypatch.setattr(job.workers, "run", lambda *asked: (_ for _ in ()).throw(AlpiaError("The notebook collect failed.")))
    with pytest.raises(AlpiaError, match="The notebook collect failed"):
        job.run(night.home, night.day)
    assert not (night.home.reports / "index.html").exists()


def test_what_keeps_the_index_from_telling_of_a_failure_does_not_hide_the_failure(night, monkeypatch):
    def fail(*asked):
        (night.home.keys / "evidence.key").unlink()
        raise AlpiaError("The notebook collect failed.")

    monkeypatch.setattr(job.workers, "run", fail)
    told = []
    with pytest.raises(AlpiaError, match="The notebook collect failed"):
        job.run(night.home, night.day, tell=told.append)
    assert [line for line in told if line.startswith("note: the index does not tell of this run yet")]


def test_a_range_is_run_oldest_first_and_what_was_run_is_left_alone(night, entries, monkeypatch):
    play_notebooks(night.built, monkeypatch.setattr)
    last = night.day + timedelta(days=2)
    outcomes, refused = job.run_range(night.home, night.day, last, reports=())
    assert ([outcome.as_of for outcome in outcomes], refused) == ([night.day, night.day + timedelta(days=1), last], [])
    again = []
    assert job.run_range(night.home, night.day, last, reports=(), tell=again.append) == ([], [])
    assert len(again) == len(outcomes) == len(entries())
    with pytest.raises(UsageError, match="ends before it begins"):
        job.run_range(night.home, last, night.day)


def test_a_day_of_a_range_that_was_never_collected_is_refused_by_name_and_the_others_are_run(night, entries, monkeypatch):
    play_notebooks(night.built, monkeypatch.setattr)
    later = night.day + timedelta(days=1)
    job.run(night.home, later, reports=())
    outcomes, refused = job.run_range(night.home, night.day, later + timedelta(days=1), reports=())
    assert [outcome.as_of for outcome in outcomes] == [later + timedelta(days=1)]
    assert [f"No collection of {night.day} is held any more" in why for why in refused] == [True]
    assert (night.day, "past", "refused") in entries()


def test_a_range_ends_at_a_failure_lest_the_day_becomes_past(night, entries, monkeypatch):
    play_notebooks(night.built, monkeypatch.setattr)
    monkeypatch.setattr(job.workers, "run", lambda *asked: (_ for _ in ()).throw(AlpiaError("No room.")))
    with pytest.raises(AlpiaError, match="No room"):
        job.run_range(night.home, night.day, night.day + timedelta(days=5))
    assert entries() == [(night.day, "run", "failed")]


def test_whoever_holds_the_home_is_named_with_process_and_start(night):
    at = job.now()
    with only_one(night.home, at), pytest.raises(
            AlpiaError, match=f"process {os.getpid()}, since {at:%Y-%m-%d %H:%M:%S} UTC"):
        job.run(night.home, night.day)
    with only_one(night.home, at):
        pass  # the words of the holder before are still there, and hold nothing


def test_what_changed_is_told_in_a_sentence():
    before = {"dataset accounts": "1", "policy": "2", "pipelines": "3"}
    assert inputs.changed(before, before) == ()
    assert inputs.changed(before, {**before, "policy": "9", "dataset users": "4"}) == ("dataset users", "policy")
    assert inputs.told(tuple("abcdefghij")) == "a, b, c, d, e, f, g, h and 2 more"
