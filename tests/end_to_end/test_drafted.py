"""A newcomer's first steps on a real server: the demo's tables drafted, checked, collected; no word of it by hand."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from postgres_server import PASSWORD

pytestmark = pytest.mark.slow
EVIDENT = {"accounts", "users", "activity", "invoices", "deleted_items", "recoveries", "deletion_requests"}


def alpia(*words, home, dsn):
    command = [str(Path(sys.executable).with_name("alpia")), *words, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "ALPIA_APP_DSN": dsn})
    assert done.returncode == 0, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_the_demo_is_read_as_by_its_own_mapping(request, tmp_path, kind):
    server = request.getfixturevalue(f"{kind}_server")
    dsn, demo, home = server.dsn(server.create_database()), tmp_path / "demo", tmp_path / "drafted"
    alpia("demo", "--accounts", "50", f"--{kind}", dsn, home=demo, dsn=dsn)
    told = alpia("sources", "new", "--kind", kind, "--secret", "ALPIA_APP_DSN", home=home, dsn=dsn)
    assert {line.split()[1] for line in told.splitlines() if line.startswith("ok")} == EVIDENT
    found = {one["dataset"]: one for one in json.loads(alpia("sources", "--json", home=home, dsn=dsn))["datasets"]}
    assert {name for name, one in found.items() if one["ok"]} == EVIDENT | {"source_columns", "column_exemptions"}
    assert not any(found[name]["detail"] for name in EVIDENT)

    file = home / "sources.toml"
    given = tomllib.loads((demo / "sources.toml").read_text(encoding="utf-8"))["system"]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("founded_on = 2000-01-01", f"founded_on = {given['founded_on']}"), encoding="utf-8")
    rows = []
    for place in (demo, home):
        if place == home:
            alpia("keys", "new", home=place, dsn=dsn)
        collected = json.loads(alpia("collect", "--as-of", f"{given['as_of']}", "--json", home=place, dsn=dsn))
        rows.append({one["dataset"]: (one["rows_in"], one["rows_kept"]) for one in collected if one["dataset"] in EVIDENT})
    assert rows[0] == rows[1]
    assert rows[0]["accounts"][1] > 0
