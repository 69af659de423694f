"""The whole job as typed, on real servers: demo, sources, grants, run, verify; the password appears nowhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from postgres_server import PASSWORD
from search import found, texts

from pipelines.register import policy

pytestmark = pytest.mark.slow
POLICY = policy.load()
NAMES = "SELECT full_name FROM person WHERE full_name IS NOT NULL"


def alpia(*words, home, dsn, expected=0):
    command = [str(Path(sys.executable).with_name("alpia")), *words, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "ALPIA_APP_DSN": dsn})
    assert done.returncode == expected, done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done.stdout


@pytest.fixture(params=["postgres", "mariadb"])
def app(request):
    """(kind, the owner's connection string, the reader's, what runs SQL as the owner) of an empty database."""
    server = request.getfixturevalue(f"{request.param}_server")
    database = server.create_database()
    run = server.psql if request.param == "postgres" else server.sql
    yield request.param, server.dsn(database), server.dsn(database, user="night"), lambda sql: run(sql, database)
    run("DROP OWNED BY night; DROP ROLE night" if request.param == "postgres" else "DROP USER night@'%'", database)


def test_a_night_with_the_least_privileges(app, tmp_path):
    kind, owner, reader, sql = app
    home = tmp_path / "home"
    alpia("demo", "--accounts", "300", "--seed", "11", f"--{kind}", owner, home=home, dsn=owner)
    assert "accounts" in alpia("sources", home=home, dsn=owner)
    grants = alpia("sources", "--grants", "--role", "night", home=home, dsn=owner)
    sql(f"CREATE ROLE night LOGIN PASSWORD '{PASSWORD}'" if kind == "postgres"
        else f"CREATE USER night@'%' IDENTIFIED BY '{PASSWORD}'")
    sql(grants)

    told = alpia("run", home=home, dsn=reader, expected=3)
    rules = len(POLICY.rules)  # the demo breaks each of them but one, whose statement is to be renewed
    assert rules == len(POLICY.promises)
    assert f"{rules - 1} breached, 1 at risk" in told
    assert "0 missed, 0 invented" in alpia("verify", "--against", str(home / "planted.json"), home=home, dsn=reader)
    assert (home / "reports" / "2026-06-30" / "compliance.html").is_file()
    names = sql(NAMES).splitlines()
    assert len(names) > 100
    assert found({PASSWORD, *names}, texts(home, leave_out=("sources",))) == []
