"""No line is ever lost: whatever bytes a file holds, each of its lines is in the account, kept or set aside."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import warehouse
from pipelines.collect import files, lines
from pipelines.collect.sources import Source
from pipelines.collect.staging import DatasetError, Refusals, close_staging, open_staging

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADER = b"account_id,created_at,state,email\n"
# Pieces of which damaged files are made; "," and quotes often enough to matter.
PIECES = st.sampled_from([b",", b'"', b'""', b"\r", b" ", b"a", b"\xc3\xa9", b"\xff", b"\0", b"raw-1",
                          b"2020-01-01T00:00:00Z", b'"a"', b"{", b"}", b":", b"[", b"null", b"\xe2\x80\xa8", b"\x85", b"\\"])
GOOD_CSV = st.builds(lambda n: b"raw-%d,2020-01-01T00:00:00Z,active,x" % n, st.integers(0, 99))
GOOD_JSON = st.builds(lambda n: b'{"account_id":%d,"created_at":"2020-01-01T00:00:00Z","state":"active","email":""}' % n,
                      st.integers(0, 99))
LINE = st.lists(PIECES, max_size=8).map(b"".join)


def texts(good):
    return st.lists(st.one_of(good, good, LINE), max_size=12).map(lambda found: b"\n".join(found) + b"\n")


def staged_rows(place, name: str):
    """(rows staged, refusals, the staged rows) of one file."""
    con = warehouse.memory()
    open_staging(con)
    source = Source("records", "files", {"accounts": name})
    staged, failed = files.stage(con, place.home, source, [place.contracts["accounts"]])
    if failed:
        raise DatasetError(failed["accounts"])
    rows = con.execute("SELECT _line, account_id, created_at, state, has_email "
                       "FROM staging.accounts ORDER BY ALL").fetchall()
    close_staging(con)
    con.close()
    return rows, staged[0].refusals


@FEW
@given(texts(GOOD_CSV))
def test_every_line_of_a_csv_is_in_the_account(place, body):
    path = place.write("accounts.csv", HEADER + body)
    rows, refusals = staged_rows(place, "accounts.csv")
    assert_every_line_is_accounted(path, rows, refusals)


def assert_every_line_is_accounted(path: Path, rows, refusals: Refusals) -> None:
    """A line is blank, refused, the first of a row, or inside the quotes of the row before it."""
    content = path.read_bytes().split(b"\n")
    full = [number for number, line in enumerate(content, 1) if line.strip() and number > 1]
    starts = [row[0] for row in rows]
    assert len(starts) == len(set(starts))
    assert set(starts) <= set(full)
    inside = len(full) - len(starts) - refusals.rows
    assert inside >= 0
    if not any(b'"' in line for line in content):
        assert inside == 0


@FEW
@given(texts(GOOD_JSON))
def test_every_line_of_json_lines_is_in_the_account(place, body):
    path = place.write("accounts.jsonl", GOOD_JSON_LINE + body)
    rows, refusals = staged_rows(place, "accounts.jsonl")
    full = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    assert len(rows) + refusals.rows == len(full)


GOOD_JSON_LINE = b'{"account_id":"raw-1","created_at":"2020-01-01T00:00:00Z","state":"active","email":"","x":1}\n'
FIELD = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=6)


@FEW
@given(st.lists(st.tuples(FIELD, FIELD, FIELD, FIELD), min_size=1, max_size=8))
def test_the_fast_way_and_the_exact_way_read_the_same_csv(place, monkeypatch, records):
    body = "".join(",".join('"' + field.replace('"', '""') + '"' for field in record) + "\n" for record in records)
    place.write("accounts.csv", HEADER + body.encode())
    fast, _ = staged_rows(place, "accounts.csv")
    with monkeypatch.context() as patched:
        patched.setattr(lines, "survey", lambda *arguments: lines.Survey(None))
        exact, _ = staged_rows(place, "accounts.csv")
    assert fast == exact
    assert len(exact) == len(records)


NUMBERS = st.one_of(st.integers(-2**60, 2**60), st.floats(allow_nan=False, allow_infinity=False))
VALUE = st.one_of(FIELD, NUMBERS, st.booleans(), st.none())


@FEW
@given(st.lists(st.tuples(VALUE, FIELD, FIELD, FIELD), min_size=1, max_size=8))
def test_the_fast_way_and_the_exact_way_read_the_same_json(place, monkeypatch, records):
    import json

    names = ("account_id", "created_at", "state", "email")
    body = "".join(json.dumps(dict(zip(names, record, strict=True))) + "\n" for record in records)
    place.write("accounts.jsonl", body)
    fast, _ = staged_rows(place, "accounts.jsonl")
    with monkeypatch.context() as patched:
        patched.setattr(lines, "survey", lambda *arguments: lines.Survey(None))
        exact, _ = staged_rows(place, "accounts.jsonl")
    assert fast == exact
    assert len(exact) == len(records)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_last_line_counts_with_and_without_its_end(place, ending):
    place.write("accounts.csv", HEADER.decode() + "raw-1,2020-01-01T00:00:00Z,active," + ending)
    assert len(staged_rows(place, "accounts.csv")[0]) == 1


def test_a_line_longer_than_any_row_is_set_aside_alone(place):
    monster = b"raw-" + b"x" * (3 * lines.LONGEST_LINE) + b"\n"
    place.write("accounts.csv", HEADER + monster + b"raw-1,2020-01-01T00:00:00Z,active,\n")
    rows, refusals = staged_rows(place, "accounts.csv")
    assert [row[0] for row in rows] == [3]
    assert refusals.entries() == [("unreadable_line", "accounts.csv:2", 1)]
