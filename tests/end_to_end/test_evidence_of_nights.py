"""What two nights leave of evidence: whole, complete, and without any subject in it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from search import found, texts

from pipelines import warehouse
from pipelines.home import Home
from pipelines.operate import audit, evidence

pytestmark = [pytest.mark.slow]


def test_the_evidence_of_two_nights_is_whole_and_names_every_file(nights):
    told = audit.verify(nights.home.path)
    assert (told.findings, told.gone, told.open) == ([], [], [])
    first, second = evidence.entries(nights.home)
    assert [one["run"]["id"] for one in (first, second)] == [nights.first.run_id, nights.second.run_id]
    assert second["previous"] == first["digest"]
    kept = {file.relative_to(nights.home.path).as_posix() for file in nights.home.reports.rglob("*") if file.is_file()}
    assert kept <= {output["path"] for one in (first, second) for output in one["outputs"]}


def test_the_manifest_says_what_was_read_and_judged(nights):
    told = evidence.entries(nights.home)[-1]
    connection = warehouse.read(nights.second.published)
    read = connection.execute("SELECT dataset, rows_in, rows_kept, rows_set_aside, digest FROM source.collection "
                              "ORDER BY dataset").fetchall()
    judged = dict(connection.execute("SELECT promise, verdict FROM verdict.current").fetchall())
    connection.close()
    assert [(one["dataset"], one["rows_in"], one["rows_kept"], one["rows_set_aside"], one["digest"])
            for one in told["inputs"]] == read
    assert {one["promise"]: one["verdict"] for one in told["verdicts"]} == judged
    assert all(len(told["code"][part]) == 64 for part in ("pipelines", "expectations/rules", "requirements.lock"))


def test_no_subject_and_no_address_is_in_the_evidence(nights, pseudonyms, tmp_path):
    """So that it can be filed for ten years, and handed to anybody; a planted one is found."""
    assert found(pseudonyms, texts(nights.home.evidence)) == []
    planted = next(iter(pseudonyms))
    shutil.copytree(nights.home.evidence, tmp_path / "copy")
    file = tmp_path / "copy" / "000002.json"
    file.write_text(file.read_text(encoding="utf-8").replace("breached", f"breached {planted}", 1), encoding="utf-8")
    assert found(pseudonyms, texts(tmp_path / "copy")) == [("000002.json", planted)]
    for file in nights.home.evidence.glob("0*.json"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w+|\b\d{1,3}(\.\d{1,3}){3}\b", text)
        assert "detail" not in text  # sentences may name what a source names


def test_a_report_written_again_adds_a_manifest_and_the_commands_tell(nights, tmp_path):
    shutil.copytree(nights.home.path, tmp_path / "home", symlinks=True)
    home = Home(tmp_path / "home")
    alpia = str(Path(sys.executable).with_name("alpia"))

    def told(*words):
        return subprocess.run([alpia, *words], capture_output=True, text=True, check=False)

    before = told("evidence", "show", "--home", str(home.path)).stdout.splitlines()
    assert told("report", "deletions", "--home", str(home.path)).returncode == 0
    after = told("evidence", "show", "--home", str(home.path)).stdout.splitlines()
    assert after[:2] == before[:2]
    assert "report" in after[2]
    head = before[-1].removeprefix("Head: ")
    whole = told("evidence", "verify", str(home.path), "--head", head, "--public-key", str(home.evidence / "evidence.pub"))
    assert (whole.returncode, "0 findings" in whole.stdout) == (0, True)
    page = home.reports / "2026-06-30" / "traffic.html"
    page.write_text(page.read_text(encoding="utf-8").replace("2026", "2025", 1), encoding="utf-8")
    changed = told("evidence", "verify", str(home.path), "--json")
    assert changed.returncode == 3
    assert [(one["what"], one["place"]) for one in json.loads(changed.stdout)["findings"]] == [
        ("changed", "reports/2026-06-30/traffic.html")]
    assert told("evidence", "verify", str(home.reports)).returncode == 1
    assert told("evidence", "verify", str(home.path), "--head", "x").returncode == 2


def test_the_compliance_page_tells_of_the_product_itself(nights):
    """What it stores, that nobody else can read it, that no address is inside, and that nobody was called."""
    connection = warehouse.read(nights.second.published)
    stored = dict(connection.execute("SELECT stored, files FROM report.own_storage").fetchall())
    access = connection.execute("FROM report.own_access").fetchone()
    content = connection.execute("SELECT what, found, texts > 10000 FROM report.own_content").fetchall()
    calls = connection.execute("SELECT what, stage, seen FROM report.own_call").fetchall()
    connection.close()
    assert (stored["warehouse"], stored["evidence"] >= 4, stored["keys"]) == (1, True, 3)  # as it was before that night
    assert (access[0] > 20, access[1]) == (True, 0)
    assert content == [("email", 0, True), ("ip_v4", 0, True), ("ip_v6", 0, True)]
    assert calls == [(what, stage, 0) for what in ("fetching_settings", "undeclared_calls")
                     for stage in ("collect", "verify")]
    page = (nights.home.reports / "2026-06-30" / "compliance.html").read_text(encoding="utf-8")
    assert "Que conserve le produit lui-même" in page
    assert "tous réservés à leur propriétaire" in page
