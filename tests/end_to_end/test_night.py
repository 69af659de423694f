"""The main job as its users meet it: what a night leaves, and what stays when it is repeated, rebuilt or disturbed."""

import fcntl
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipelines import run as job
from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.operate.ledger import Ledger
from pipelines.register import contracts

pytestmark = [pytest.mark.slow]
AS_OF, NIGHT_BEFORE = date(2026, 6, 30), date(2026, 6, 29)
ANSWERS = ("obligation.current", "obligation.change", "obligation.count", "obligation.condition",
           "obligation.condition_count", "obligation.statement", "verdict.history", "fact.finding")


def alpia(*words, home):
    command = [str(Path(sys.executable).with_name("alpia")), *words, "--home", str(home.path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answers(path):
    """Every row that a night's answer consists of, in a fixed order."""
    connection = warehouse.read(path)
    found = {table: connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ANSWERS}
    connection.close()
    return found


@pytest.fixture
def copied(nights, tmp_path):
    """A copy of the shared home, to do things to."""
    shutil.copytree(nights.home.path, tmp_path / "home", symlinks=True)
    return Home.locate(tmp_path / "home")


def replace_in_sources(home, old, new):
    text = home.sources_toml.read_text(encoding="utf-8")
    assert old in text
    home.sources_toml.write_text(text.replace(old, new), encoding="utf-8")


def test_a_night_leaves_reports_for_the_day_and_an_index(nights):
    folder = nights.home.reports / "2026-06-30"
    named = {f"{name}.{kind}" for name in job.REPORTS for kind in ("html", "pdf", "xlsx")}
    assert {file.name for file in folder.iterdir()} >= named | {"restricted"}
    assert set(folder.rglob("*.xlsx")) <= set(nights.second.reports)
    assert (nights.home.reports / "index.html").is_file()
    assert nights.second.result == "breached"
    assert not (nights.home.warehouse / "building").exists() or not list((nights.home.warehouse / "building").iterdir())


def test_history_is_appended(nights):
    first, second = answers(nights.first.published), answers(nights.second.published)
    for table in ("obligation.count", "verdict.history"):
        assert [row for row in second[table] if row[0] == NIGHT_BEFORE] == first[table]
        assert {row[0] for row in second[table]} == {NIGHT_BEFORE, AS_OF}
    assert first["obligation.change"] == []
    assert second["obligation.change"]
    assert {row[0] for row in second["obligation.change"]} == {AS_OF}


def test_every_dataset_reconciles(nights):
    connection, datasets = warehouse.read(nights.second.published), len(contracts.load())
    assert connection.execute("SELECT count(*), count_if(rows_in = rows_kept + rows_set_aside), sum(rows_in) > 10000 "
                              "FROM source.collection").fetchone() == (datasets, datasets, True)


def test_repeating_a_night_changes_no_answer(nights, copied):
    again = job.run(copied, AS_OF, reports=(), force=True)
    assert (again.is_unchanged, again.changed) == (False, ())
    assert again.run_id == warehouse.run_of(again.published) != nights.second.run_id
    assert answers(again.published) == answers(nights.second.published)


def test_a_night_whose_inputs_are_the_same_is_not_judged_again_and_makes_what_is_missing(nights, copied):
    missing = copied.reports / "2026-06-30" / "deletions.html"
    missing.unlink()
    told = []
    again = job.run(copied, AS_OF, reports=("compliance", "deletions"), tell=told.append)
    assert (again.is_unchanged, again.result, again.verdicts) == (True, nights.second.result, nights.second.verdicts)
    assert warehouse.run_of(again.published) == nights.second.run_id
    assert [line.split()[0] for line in told if not line.startswith("note")] == [
        "collect", "unchanged", "forget", "deletions", "xlsx", "pdf", "index", "evidence"]
    assert missing in again.reports
    assert copied.reports / "2026-06-30" / "compliance.html" in again.reports
    assert Ledger(copied.runs).runs()[-1].result == "unchanged"


def test_a_past_day_is_rebuilt_from_what_was_collected_then_and_stays_apart(nights, copied):
    shutil.rmtree(copied.path / "sources" / "app")  # the sources are not asked again
    before = warehouse.current(copied)
    assert job.run(copied, NIGHT_BEFORE, reports=()).is_unchanged
    rebuilt = job.run(copied, NIGHT_BEFORE, reports=(), force=True)
    assert answers(rebuilt.published) == answers(nights.first.published)
    assert warehouse.current(copied) == before
    assert rebuilt.published not in [path for _, path in warehouse.published(copied)]


def test_a_past_day_without_its_collection_is_refused_and_the_held_ones_are_named(copied):
    with pytest.raises(AlpiaError, match="No collection of 2026-05-31 is held.*2026-06-29, 2026-06-30"):
        job.run(copied, date(2026, 5, 31), reports=())
    assert [entry.result for entry in Ledger(copied.runs).runs()][-1] == "refused"


def test_verifying_again_finds_the_same_and_adds_nothing(nights, copied):
    """What the first verification found must not be counted a second time."""
    again = job.verify_stage(str(copied.path), f"{AS_OF}")
    connection = warehouse.read(nights.second.published)
    for suite, found in (("canary", again.canaries), ("kept", again.checks[again.checks["suite"] == "kept"])):
        first = connection.execute("SELECT count(*) FROM verification.result WHERE suite = ?", [suite]).fetchone()
        assert first == (len(found),)
    connection.close()
    assert answers(again.building) == answers(nights.second.published)


def test_a_past_day_is_never_published_by_hand(copied):
    before = warehouse.current(copied)
    with pytest.raises(AlpiaError, match="never becomes current"):
        job.verify_stage(str(copied.path), f"{NIGHT_BEFORE}", publish=True)
    assert warehouse.current(copied) == before


def test_another_system_is_refused(copied):
    replace_in_sources(copied, 'name = "Alpiasoft', 'name = "Betasoft')
    result = alpia("run", home=copied)
    assert result.returncode == 1
    assert "another home for another system" in result.stderr


def test_a_second_run_at_the_same_time_is_refused(copied):
    with (copied.runs / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = alpia("run", home=copied)
    assert result.returncode == 1
    assert "Another run is at work" in result.stderr


def test_the_ledger_tells_of_every_dataset(nights):
    collected = Ledger(nights.home.runs).datasets(nights.second.run_id)
    assert [one.dataset for one in collected] == list(contracts.load())
    accounts = next(one for one in collected if one.dataset == "accounts")
    assert (accounts.source, accounts.status, accounts.attempts) == ("app", "collected", 1)
    assert accounts.seconds > 0
    assert accounts.rows_in == accounts.rows_kept + accounts.rows_set_aside > 0


def test_a_lying_mapping_makes_unverifiable_and_the_report_still_appears(copied):
    """`true AS has_email`: the flag says so of erased accounts too, and proves nothing any more."""
    replace_in_sources(copied, "email IS NOT NULL AS has_email, phone IS NOT NULL AS has_phone,\n       postal",
                       "true AS has_email, phone IS NOT NULL AS has_phone,\n       postal")
    shutil.rmtree(copied.reports / "2026-06-30")
    outcome = job.run(copied, AS_OF, reports=("compliance",))
    connection = warehouse.read(outcome.published)
    verdicts = dict(connection.execute("SELECT promise, (verdict, reason, detail) FROM verdict.current").fetchall())
    assert verdicts["retention.deleted-accounts"] == ("unverifiable", "dataset_untrusted", "accounts")
    assert verdicts["trash.kept"][0] == "breached"  # rests on other datasets
    assert (copied.reports / "2026-06-30" / "compliance.html").is_file()


def test_a_source_that_is_gone_makes_unverifiable_and_the_report_still_appears(copied):
    (copied.path / "sources" / "app" / "recovery.parquet").unlink()
    outcome = job.run(copied, AS_OF, reports=("compliance",))
    connection = warehouse.read(outcome.published)
    verdicts = dict(connection.execute("SELECT promise, (verdict, reason) FROM verdict.current").fetchall())
    assert verdicts["trash.recoverable"] == ("unverifiable", "dataset_failed")
    assert verdicts["retention.invoices"] == ("breached", "premature")
    assert (copied.reports / "2026-06-30" / "compliance.html").is_file()


def test_status_for_programs(nights):
    result = alpia("status", "--json", home=nights.home)
    told = json.loads(result.stdout)
    assert (told["run"], told["as_of"]) == (nights.second.run_id, "2026-06-30")
    assert len(told["promises"]) == 31
    by_id = {promise["id"]: promise for promise in told["promises"]}
    assert by_id["retention.deleted-accounts"]["verdict"] == "breached"
    assert by_id["retention.deleted-accounts"]["states"]["overdue"] > 0
    hosting = by_id["hosting.france"]
    assert (hosting["verdict"], hosting["reason"], hosting["detail"]) == ("breached", "broken_constraint", "broken 2")
    assert hosting["states"] == {"abroad": 2, "country_unknown": 1, "kept": 4, "server_unlisted": 1}
    staff = by_id["hosting.staff"]
    assert (staff["verdict"], staff["reason"], staff["states"]) == ("at_risk", "attestation_expiring", {})


def test_exit_statuses(nights, copied, tmp_path):
    assert alpia("verify", home=nights.home).returncode == 3
    assert alpia("verify", "--against", str(nights.home.path / "planted.json"), home=nights.home).returncode == 0
    assert alpia("run", home=Home(tmp_path / "nowhere")).returncode == 2
    assert alpia("run", "--as-of", "yesterday", home=nights.home).returncode == 2
    assert alpia("report", "nonsense", home=nights.home).returncode == 2
    (copied.keys / "pseudonym.key").chmod(0o644)
    refused = alpia("run", home=copied)
    assert refused.returncode == 1
    assert "chmod 600" in refused.stderr


def test_what_was_planted_and_is_not_found_is_said(nights, tmp_path):
    planted = json.loads((nights.home.path / "planted.json").read_text(encoding="utf-8"))
    stranger = {**planted[0], "subject": "999999999"}
    changed = tmp_path / "planted.json"
    changed.write_text(json.dumps([*planted[1:], stranger]), encoding="utf-8")
    result = alpia("verify", "--against", str(changed), home=nights.home)
    assert result.returncode == 1
    assert "missed: " in result.stdout
    assert "1 missed" in result.stdout


def test_the_annex_lists_pseudonyms_and_reveals_into_one_closed_file(nights, copied, monkeypatch):
    told = alpia("annex", "retention.deleted-accounts", "--state", "overdue", home=copied)
    rows = told.stdout.splitlines()
    assert rows[0].startswith("subject,state,opened_at")
    assert all(row.split(",")[1] == "overdue" for row in rows[1:])
    assert len(rows) > 5
    monkeypatch.setenv("ALPIA_REVEAL_PASSPHRASE", alpia("keys", "new", "--reveal", home=copied).stdout.strip())
    revealed = alpia("annex", "retention.deleted-accounts", "--state", "overdue", "--reveal", home=copied)
    file = Path(revealed.stdout.split(" holds ")[0])
    assert file.stat().st_mode & 0o777 == 0o600
    pairs = [line.split(",")[:2] for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    assert len(pairs) == len(rows) - 1
    planted = json.loads((nights.home.path / "planted.json").read_text(encoding="utf-8"))
    overdue = {row["subject"] for row in planted
               if row["promise"] == "retention.deleted-accounts" and row["state"] == "overdue"}
    assert {source_id for source_id, _ in pairs} == overdue
    assert "reveal" in alpia("status", "--history", home=copied).stdout
    assert alpia("annex", "no.promise", home=copied).returncode == 2


def test_the_annex_lists_conditions_with_their_reasons_and_statements_with_their_ends(nights):
    told = alpia("annex", "hosting.france", "--state", "broken", home=nights.home).stdout.splitlines()
    assert told[0] == "subject,state,reason,seen_at,since_on,cases,in_review"
    assert [row.split(",")[::2] for row in told[1:]] == [
        ["lux-bkp-1", "abroad", "2025-07-01", "True"], ["bru-bkp-1", "abroad", "2026-06-29", "True"],
        ["gva-bkp-1", "abroad", "2025-06-30", "False"]]
    stated = alpia("annex", "hosting.staff", "--json", home=nights.home)
    assert [row["state"] for row in json.loads(stated.stdout)] == ["expiring", "expired"]
    assert alpia("annex", "hosting.france", "--state", "overdue", home=nights.home).returncode == 2
