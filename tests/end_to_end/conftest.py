"""A demo home in which two nights have run, shared by the tests of this folder that only read it."""

import os
import re
from datetime import date
from types import SimpleNamespace

import pytest

from pipelines import run as job
from pipelines import warehouse
from pipelines.demo.generate import generate
from pipelines.home import Home

AS_OF, NIGHT_BEFORE = date(2026, 6, 30), date(2026, 6, 29)
ACCOUNTS = 400
PSEUDONYM = re.compile(r"[a-z_]+-[0-9a-f]{24}")
TEXT_COLUMNS = "SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE data_type = 'VARCHAR'"
# Personal columns of the demo's source system, by its own names.
PERSONAL = {
    "app/customer.parquet": ("company", "email", "phone", "postal_address", "notes", "sign_up_ip"),
    "app/person.parquet": ("full_name", "email", "phone", "last_ip"),
    "app/invoice.parquet": ("billing_name", "billing_address"),
    "app/trashed_item.parquet": ("title",),
    "app/deletion_request.parquet": ("message",),
    "records/rights_request.csv": ("requester_name", "requester_email", "refusal_reasons"),
    "records/legal_hold.csv": ("reason", "approver"),
    "records/ticket.parquet": ("asked_by", "first_message"),
    "records/staff_access.jsonl": ("staff", "remark"),
}


@pytest.fixture(scope="session")
def nights(tmp_path_factory):
    """`.home`, `.first`, `.second`: what the nights of 29 and 30 June 2026 left."""
    path = tmp_path_factory.mktemp("nights") / "home"
    before = os.umask(0o077)  # as the command line sets it
    try:
        generate(path, 7, ACCOUNTS, AS_OF)
        home = Home.locate(path)
        first = job.run(home, NIGHT_BEFORE, reports=())
        second = job.run(home, AS_OF)
    finally:
        os.umask(before)
    return SimpleNamespace(home=home, first=first, second=second)


@pytest.fixture(scope="session")
def pseudonyms(nights):
    """Every pseudonym in the published warehouse, whatever column it stands in."""
    connection = warehouse.read(nights.second.published)
    values = set()
    for schema, table, column in connection.execute(TEXT_COLUMNS).fetchall():
        name, place = warehouse.identifier(column), f"{schema}.{warehouse.identifier(table)}"
        values |= {value for (value,) in connection.execute(f"SELECT DISTINCT {name} FROM {place}").fetchall()
                   if value and PSEUDONYM.fullmatch(value)}
    connection.close()
    assert len(values) > 1000
    return values


@pytest.fixture(scope="session")
def personal(nights):
    """Every distinct personal value of the source system."""
    connection = warehouse.memory()
    values = set()
    for file, columns in PERSONAL.items():
        for column in columns:
            path = nights.home.path / "sources" / file
            sql = f"SELECT DISTINCT {column}::VARCHAR FROM '{path}' WHERE {column} IS NOT NULL"
            rows = connection.execute(sql).fetchall()
            assert rows, f"{file} has no {column}: the demo would show nothing"
            values |= {value for (value,) in rows}
    assert len(values) > 1000
    return values
