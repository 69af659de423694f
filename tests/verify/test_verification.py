"""How Great Expectations is run: what it may see, what it leaves behind, and what becomes of what it cannot tell."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from sound import AS_OF, FOUNDED_ON, counts, failed

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.verify import check, trust, verification
from pipelines.verify.check import Check, Scan
from pipelines.verify.verification import Result

REPOSITORY = Path(__file__).parents[2]
SECRET = "jeanne.planted@example.org"


def scan(*checks: Check, query: str = "SELECT * FROM source.invoices") -> Scan:
    return Scan("test", query, checks)


def of_rows(name: str, condition: str, **options) -> Check:
    return check.of_rows("trust", "invoices", name, condition, f"{name} holds", **options)


def by_name(results: list[Result]) -> dict[str, Result]:
    return {result.check_name: result for result in results}


def test_both_suites_in_one_call(copy, contracts, policy):
    results = verification.verify(copy.path, contracts, policy, AS_OF, FOUNDED_ON)
    assert {result.suite for result in results} == {"trust", "kept"}
    assert {result.subject for result in results if result.suite == "trust"} == set(contracts)
    told = {(result.subject, result.check_name): result for result in results}
    assert told == {**copy.trust(), **copy.kept()}


def test_results_are_the_rows_of_verification_result(copy, contracts, policy):
    results = verification.verify(copy.path, contracts, policy, AS_OF)
    connection = warehouse.reopen(copy.path, None, contracts)  # the file has been let go of
    verification.write(connection, results)
    stored = connection.execute("FROM verification.result").fetchall()
    assert [Result(*row) for row in stored] == results
    connection.close()


def test_success_needs_no_breach_no_null_and_something_to_look_at(copy):
    results = by_name(verification.run(copy.path, [scan(
        of_rows("good", "number > 0"),
        of_rows("breached", "number > 1"),
        of_rows("null", "removed_at < '2026-01-01'"),
        of_rows("nothing", "true", only="number > 9"),
        of_rows("allowed nothing", "true", only="number > 9", may_be_empty=True),
    )]))
    assert {name for name, result in results.items() if result.success} == {"good", "allowed nothing"}
    assert counts(results["breached"]) == (2, 1, 0)
    assert counts(results["null"]) == (2, 0, 2)
    assert counts(results["nothing"]) == counts(results["allowed nothing"]) == (0, 0, 0)


def test_an_empty_table_counts_nothing_and_raises_nothing(copy):
    copy.run("DELETE FROM source.invoices")
    results = by_name(verification.run(copy.path, [scan(of_rows("one", "number > 0"))]))
    assert counts(results["one"]) == (0, 0, 0)
    assert not results["one"].success


@pytest.mark.parametrize("condition", ["no_such_column > 0", "number >", "number::VARCHAR::DATE > '2020-01-01'"])
def test_what_raises_is_neither_kept_nor_broken_and_takes_no_other_with_it(copy, condition):
    results = by_name(verification.run(copy.path, [scan(of_rows("good", "number > 0"), of_rows("bad", condition))]))
    bad = results["bad"]
    assert (bad.raised, bad.success, bad.rows, bad.breaches, bad.nulls) == (True, False, None, None, None)
    assert "Exception" in bad.detail or "Error" in bad.detail
    assert results["good"].success


def test_a_table_that_is_not_there_raises_every_check_of_it(copy):
    copy.run("DROP TABLE obligation.current")
    results = copy.kept("obligation.current").values()
    assert results
    assert all(result.raised and not result.success for result in results)


def test_a_count_that_is_an_upper_bound_is_made_again_exactly(copy):
    """As two keys that share a hash would have it: the cheap count says 1 too many, the exact one none."""
    doubtful = Check("trust", "invoices", "key", "count(*)", "1", "0", "no two are equal", exact="0")
    real = Check("trust", "invoices", "double", "count(*)", "7", "0", "no two are equal", exact="2")
    results = by_name(verification.run(copy.path, [scan(doubtful, real)]))
    assert counts(results["key"]) == (2, 0, 0)
    assert results["key"].success
    assert counts(results["double"]) == (2, 2, 0)
    assert not results["double"].success


def test_a_zero_is_believed_without_the_dearer_count(copy):
    cheap = Check("trust", "invoices", "key", "count(*)", "0", "0", "no two are equal", exact="no_such_column")
    assert verification.run(copy.path, [scan(cheap)])[0].success


def test_no_value_of_a_row_is_in_any_result(copy, contracts, policy, caplog, capfd):
    """A value is planted where checks fail, and where one raises with the value in DuckDB's own message."""
    copy.run(f"UPDATE source.accounts SET state = '{SECRET}'", f"UPDATE source.activity SET account_id = '{SECRET}'",
             f"UPDATE source.users SET user_id = '{SECRET}', account_id = '{SECRET}'",
             f"UPDATE source.invoices SET series = '{SECRET}'", f"UPDATE obligation.current SET subject = '{SECRET}'")
    raising = scan(of_rows("raises", "series::INTEGER > 0"))
    connection = warehouse.read(copy.path)
    with pytest.raises(warehouse.DatabaseError, match=SECRET):  # the control: DuckDB does say it
        connection.execute("SELECT series::INTEGER FROM source.invoices")
    connection.close()
    results = verification.verify(copy.path, contracts, policy, AS_OF) + verification.run(copy.path, [raising])
    assert results[-1].raised
    assert "ConversionException" in results[-1].detail
    assert any(not result.success for result in results)
    told = json.dumps([asdict(result) for result in results]) + caplog.text + "".join(capfd.readouterr())
    assert SECRET not in told
    assert "planted" not in told


def test_the_file_is_opened_read_only_with_our_settings(copy):
    zone = of_rows("zone", "current_setting('TimeZone') = 'Europe/Paris'")
    loading = of_rows("loading", "NOT current_setting('autoload_known_extensions')::BOOLEAN")
    assert not failed(by_name(verification.run(copy.path, [scan(zone, loading)])))
    before = copy.path.read_bytes()
    copy.trust()
    assert copy.path.read_bytes() == before


def test_the_dialect_cannot_write_and_lists_no_rows(copy):
    import sqlalchemy as sa

    from pipelines.verify import dialect

    engine = sa.create_engine(dialect.address(copy.path))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM source.invoices")).scalar_one() == 2
        assert len(connection.execute(sa.text(f"FROM range({dialect.MOST_ROWS})")).fetchall()) == dialect.MOST_ROWS
        with pytest.raises(AlpiaError, match="checks count"):
            connection.execute(sa.text(f"FROM range({dialect.MOST_ROWS + 1})"))
    with engine.connect() as connection, pytest.raises(Exception, match="read-only"):
        connection.execute(sa.text("DELETE FROM source.invoices"))
    engine.dispose()


@pytest.mark.parametrize("name", ["a b.duckdb", "$HOME ${x}.duckdb", "50%40?x#y&z=1.duckdb", "éà.duckdb"])
def test_a_path_may_have_any_name(copy, tmp_path, name):
    path = tmp_path / name
    copy.path.rename(path)
    assert verification.run(path, [scan(of_rows("good", "number > 0"))])[0].success


def test_a_missing_file_is_an_error_that_says_so(tmp_path, contracts, policy):
    with pytest.raises(AlpiaError, match="no warehouse"):
        verification.verify(tmp_path / "none.duckdb", contracts, policy, AS_OF)


def test_the_order_of_results_is_the_order_of_checks(copy, contracts):
    connection = warehouse.read(copy.path)
    scans = trust.scans(connection, contracts, AS_OF)
    connection.close()
    results = verification.run(copy.path, scans)
    asked = [(one.subject, one.name) for each in scans for one in each.checks]
    assert [(result.subject, result.check_name) for result in results] == asked


WATCHED = """
import socket, sys, tempfile
from pathlib import Path
def refuse(*arguments, **settings):
    raise SystemExit("the network or a temporary folder was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = tempfile.mkdtemp = refuse
from datetime import date
from pipelines.register import contracts, policy
from pipelines.verify import trust, kept, verification
assert "great_expectations" not in sys.modules and "sqlalchemy" not in sys.modules, "imported too early"
results = verification.verify(Path(sys.argv[1]), contracts.load(), policy.load(), date(2026, 1, 31))
assert not {"altair", "scipy.stats", "jsonschema"} & set(sys.modules), "what is never used was imported"
print(len(results), not any(result.raised for result in results))
"""


def test_nothing_is_written_nothing_is_called_and_only_verify_imports(copy, tmp_path):
    """In a process of its own, in empty folders: afterwards they are still empty, and nothing was printed but our line."""
    places = {name: tmp_path / name for name in ("home", "work", "tmp")}
    for place in places.values():
        place.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(places["home"]), "TMPDIR": str(places["tmp"]),
                   "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", WATCHED, str(copy.path)], cwd=places["work"], env=environment,
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[1] == "True"
    assert done.stderr == ""
    assert [path for place in places.values() for path in place.rglob("*")] == []


@pytest.mark.parametrize("asking", ["socket.create_connection(('127.0.0.1', 9))", "tempfile.TemporaryDirectory()"])
def test_the_watch_would_notice(asking):
    watched = WATCHED.split("from datetime")[0] + asking
    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, timeout=60, check=False)
    assert "was asked for" in done.stderr


def test_great_expectations_logs_nothing(copy, caplog):
    """At its most talkative it writes every query, and errors with the values in them."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("great_expectations.control").error("heard")
    verification.run(copy.path, [scan(of_rows("good", "number > 0"), of_rows("bad", "series::INTEGER > 0"))])
    assert [record.message for record in caplog.records if record.name.startswith("great_expectations")] == ["heard"]


def test_a_deferred_module_is_the_real_one_as_soon_as_it_is_asked():
    script = """
import sys
from pipelines.verify.deferral import deferred
with deferred(("colorsys", "json.tool")):
    import colorsys
    from json import tool
    assert type(colorsys).__name__ == type(tool).__name__ == "Deferred"
assert "colorsys" not in sys.modules and "json.tool" not in sys.modules
assert colorsys.rgb_to_hsv(1, 1, 1) == (0.0, 0.0, 1)
assert tool.main.__module__ == "json.tool"
import colorsys as again
assert again is sys.modules["colorsys"] and type(again).__name__ == "module"
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=REPOSITORY)
