"""The whole job as typed, on a real PostgreSQL server: demo, sources, grants, run, verify; the password appears nowhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from postgres_server import PASSWORD
from search import found, texts

pytestmark = pytest.mark.slow


def alpia(*words, home, dsn, expected=0):
    command = [str(Path(sys.executable).with_name("alpia")), *words, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "ALPIA_APP_DSN": dsn})
    assert done.returncode == expected, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done.stdout


def test_a_night_on_postgres_with_the_least_privileges(postgres_server, database, tmp_path):
    home, owner = tmp_path / "home", postgres_server.dsn(database)
    alpia("demo", "--accounts", "300", "--seed", "11", "--postgres", owner, home=home, dsn=owner)
    assert "accounts" in alpia("sources", home=home, dsn=owner)
    grants = alpia("sources", "--grants", "--role", "night", home=home, dsn=owner)
    postgres_server.psql(f"CREATE ROLE night LOGIN PASSWORD '{PASSWORD}'", database)
    postgres_server.psql(grants, database)
    reader = postgres_server.dsn(database, user="night")

    told = alpia("run", home=home, dsn=reader, expected=3)
    assert "8 breached, 23 unverifiable" in told
    assert "0 missed, 0 invented" in alpia("verify", "--against", str(home / "planted.json"), home=home, dsn=reader)
    assert (home / "reports" / "2026-06-30" / "compliance.html").is_file()
    names = postgres_server.psql("SELECT full_name FROM person WHERE full_name IS NOT NULL", database).splitlines()
    assert len(names) > 100
    assert found({PASSWORD, *names}, texts(home, leave_out=("sources",))) == []
