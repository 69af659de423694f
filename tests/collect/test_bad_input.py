"""Every kind of bad input, in files: what is set aside, why and where, and what makes a whole dataset fail.

Each collection here is also asked whether its rows add up and whether a raw value got through (conftest.py).
"""

import gzip

import pytest

from pipelines import warehouse
from pipelines.collect import files
from pipelines.collect.pseudonyms import pseudonym

HEADER = "account_id,created_at,state,email\n"
GOOD = "raw-1,2020-01-01T10:00:00Z,active,raw-1@example.org\n"


def accounts(place, content, name="accounts.csv"):
    place.write(name, content)
    place.map_files(accounts=name)
    return place.collect()


@pytest.mark.parametrize(("line", "reason", "column"), [
    ("raw-2,yesterday,active,\n", "wrong_type", "created_at"),
    ("raw-2,2020-02-30T10:00:00Z,active,\n", "wrong_type", "created_at"),
    ("raw-2,infinity,active,\n", "wrong_type", "created_at"),
    ("raw-2,12020-01-01T10:00:00Z,active,\n", "wrong_type", "created_at"),
    ("raw-2,2020-01-01T10:00:00+25:00,active,\n", "wrong_type", "created_at"),
    ("raw-2,2020-01-01T10:00:00,active,\n", "time_without_zone", "created_at"),
    ("raw-2,2020-01-01,active,\n", "time_without_zone", "created_at"),
    ("raw-2,,active,\n", "missing_value", "created_at"),
    (" ,2020-01-01T10:00:00Z,active,\n", "missing_value", "account_id"),
    ("raw-2,2026-02-01T03:00:01Z,active,\n", "in_future", "created_at"),
    ("raw-2,2009-12-31T22:59:59Z,active,\n", "before_company", "created_at"),
    ("raw-2,2020-01-01T10:00:00Z,asleep,\n", "unknown_value", "state"),
    (f"raw-{'2' * 200},2020-01-01T10:00:00Z,active,\n", "too_long", "account_id"),
    ("raw-1,2021-01-01T10:00:00Z,active,\n", "duplicate_key", "account_id"),
    ("raw-1,2020-01-01T10:00:00Z,active,raw-1@example.org\n", "duplicate_key", "account_id"),
    ("raw-2,2020-01-01T10:00:00Z\n", "unreadable_line", None),
    ("raw-2,2020-01-01T10:00:00Z,active,,,x\n", "unreadable_line", None),
    ('raw-2,2020-01-01T10:00:00Z,active,"raw\n', "unreadable_line", None),
    (b"raw-\xe9,2020-01-01T10:00:00Z,active,\n", "not_utf8", None),
    (b"raw-2,2020-01-01T10:00:00Z,active,ren\xe9@example.org\n", "not_utf8", None),
])
def test_a_bad_line_is_set_aside_alone(place, line, reason, column):
    before = (HEADER + GOOD).encode()
    after = b"raw-9,2020-01-01T10:00:00+01:00,trial,\n"
    content = before + (line if isinstance(line, bytes) else line.encode()) + after
    collected = accounts(place, content)
    assert collected.status("accounts") == ("collected", 3, 2, 1)
    assert collected.aside("accounts") == {(reason, "accounts.csv:3", column, 1)}


@pytest.mark.parametrize("moment", [
    "2020-01-01T10:00:00Z", "2020-01-01 11:00:00+01", "2020-01-01T11:00:00+0100", "2020-01-01 11:00:00.000+01:00",
    "2026-02-01T03:00:00Z",
])
def test_moments_with_a_zone_are_kept(place, moment):
    collected = accounts(place, HEADER + f"raw-1,{moment},active,\n")
    assert collected.status("accounts") == ("collected", 1, 1, 0)
    if not moment.startswith("2026"):
        assert collected.rows("SELECT created_at = '2020-01-01 10:00:00+00'::TIMESTAMPTZ FROM source.accounts") == [(True,)]


def test_the_first_moment_of_the_company_is_kept(place):
    collected = accounts(place, HEADER + "raw-1,2009-12-31T23:00:00Z,active,\n")  # midnight of 2010-01-01 in Paris
    assert collected.status("accounts") == ("collected", 1, 1, 0)


def test_of_a_doubled_key_the_first_line_is_kept(place):
    lines = "".join(f"raw-1,2020-01-0{day}T10:00:00Z,active,\n" for day in (3, 1, 2))
    collected = accounts(place, HEADER + lines)
    assert collected.status("accounts") == ("collected", 3, 1, 2)
    assert collected.rows("SELECT created_at::DATE::VARCHAR FROM source.accounts") == [("2020-01-03",)]
    assert collected.aside("accounts") == {("duplicate_key", "accounts.csv:3,4", "account_id", 2)}


def test_a_row_refused_for_its_date_does_not_take_the_key(place):
    collected = accounts(place, HEADER + "raw-1,nonsense,active,\n" + GOOD)
    assert collected.aside("accounts") == {("wrong_type", "accounts.csv:2", "created_at", 1)}
    assert collected.status("accounts") == ("collected", 2, 1, 1)


def test_many_bad_lines_are_named_by_their_range(place):
    lines = "".join(f"raw-{number},nonsense,active,\n" for number in range(50))
    collected = accounts(place, HEADER + GOOD + lines)
    assert collected.aside("accounts") == {("wrong_type", "accounts.csv:3-52", "created_at", 50)}


@pytest.mark.parametrize(("content", "words"), [
    ("", "is empty (0 bytes)"),
    ("\n", "no header"),
    ("account_id,state,email\nraw-1,active,\n", "created_at"),
    ("account_id,created_at,state\nraw-1,2020-01-01T10:00:00Z,active\n", "has_email (or email)"),
    ("account_id,account_id,created_at,state,email\n", "two columns named account_id"),
    ((HEADER + GOOD).encode("utf-16"), "UTF-16"),
])
def test_a_file_that_cannot_be_a_dataset_fails_it(place, content, words):
    collected = accounts(place, content)
    assert collected.status("accounts") == ("failed", 0, 0, 0)
    assert words in collected.detail("accounts")
    assert "accounts.csv" in collected.detail("accounts")


def test_a_file_with_only_its_header_is_a_dataset_without_rows(place):
    collected = accounts(place, HEADER)
    assert collected.status("accounts") == ("collected", 0, 0, 0)
    assert "plan" in collected.rows("SELECT absent_columns FROM source.collection WHERE dataset = 'accounts'")[0][0]


def test_a_header_that_is_not_utf8_takes_no_row_with_it(place):
    collected = accounts(place, HEADER.encode().replace(b"\n", b",caf\xe9\n") + GOOD.encode().replace(b"\n", b",\n"))
    assert collected.status("accounts") == ("collected", 1, 1, 0)


@pytest.mark.parametrize("change", [
    lambda file: file.open("a").write(GOOD.replace("raw-1", "raw-2")),
    lambda file: file.with_name("new").write_text(HEADER + GOOD) and file.with_name("new").replace(file),
    lambda file: file.with_name("accounts2.csv").write_text(HEADER),
], ids=["written on", "replaced", "one more"])
def test_a_file_that_changes_while_it_is_read_fails_its_dataset(place, monkeypatch, change):
    place.write("accounts.csv", HEADER + GOOD)
    place.map_files(accounts="accounts*.csv")
    read = files.read

    def reading(connection, contract, file, *given):
        read(connection, contract, file, *given)
        change(file.path)

    monkeypatch.setattr(files, "read", reading)
    collected = place.collect()
    assert collected.status("accounts") == ("failed", 0, 0, 0)
    assert "changed while it was read" in collected.detail("accounts")
    monkeypatch.setattr(files, "read", read)
    assert place.collect().status("accounts")[0] == "collected"


def test_no_file_is_said(place):
    place.map_files(accounts="records/none-*.csv")
    assert place.collect().status("accounts")[0] == "failed"


def many(rows=20_000):
    return (HEADER + "".join(f"raw-{n},2020-01-01T10:00:00Z,active,raw-{n}@example.org\n" for n in range(rows))).encode()


@pytest.mark.parametrize("share", [0.3, 0.9, 0.9999])
def test_a_truncated_gzip_fails_its_dataset(place, share):
    whole = gzip.compress(many())
    collected = accounts(place, whole[:int(len(whole) * share)], "accounts.csv.gz")
    assert collected.status("accounts") == ("failed", 0, 0, 0)
    assert "truncated" in collected.detail("accounts")


def test_a_damaged_gzip_fails_its_dataset(place):
    whole = bytearray(gzip.compress(many()))
    whole[-6] ^= 0xFF
    collected = accounts(place, bytes(whole), "accounts.csv.gz")
    assert collected.status("accounts")[0] == "failed"
    assert "damaged" in collected.detail("accounts")


def test_a_whole_gzip_is_read(place):
    assert accounts(place, gzip.compress(many()), "accounts.csv.gz").status("accounts") == ("collected", 20_000, 20_000, 0)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.9999, 1])
def test_a_zstd_is_read_whole_or_not_at_all(place, share):
    place.write("plain.csv", many())
    path = place.home.path / "accounts.csv.zst"
    warehouse.memory().execute(f"COPY (FROM read_csv('{place.home.path}/plain.csv', all_varchar = true)) TO '{path}' "
                               "(FORMAT csv, COMPRESSION zstd)")
    whole = path.read_bytes()
    collected = accounts(place, whole[:int(len(whole) * share)], "accounts.csv.zst")
    if share == 1:
        assert collected.status("accounts") == ("collected", 20_000, 20_000, 0)
    else:
        assert collected.status("accounts")[0] == "failed"
        assert "truncated" in collected.detail("accounts")


def test_a_stray_quote_takes_no_other_line_with_it(place):
    lines = "".join(f"raw-{n},2020-01-01T10:00:00Z,active,raw-{n}@example.org\n" for n in range(300))
    collected = accounts(place, HEADER + 'raw-x,2020-01-01T10:00:00Z,active,"raw@example.org\n' + lines)
    assert collected.status("accounts") == ("collected", 301, 300, 1)
    assert collected.aside("accounts") == {("unreadable_line", "accounts.csv:2", None, 1)}


def test_quoted_line_ends_semicolons_and_a_byte_order_mark_are_read(place):
    text = '\ufeffaccount_id;created_at;state;email\r\n"raw-1";2020-01-01T10:00:00Z;active;"raw-1@example.org\r\nmore"\r\n'
    text += "raw-2;2020-01-01T10:00:00Z;active;\r\n\r\nraw-3;2020-01-01T10:00:00Z;active;\r\n"
    collected = accounts(place, text)
    assert collected.status("accounts") == ("collected", 3, 3, 0)
    assert sorted(collected.rows("SELECT has_email FROM source.accounts")) == [(False,), (False,), (True,)]


def test_line_numbers_count_the_lines_inside_quotes(place):
    folded = 'raw-1,2020-01-01T10:00:00Z,active,"raw-1@example.org\nmore"\n'
    collected = accounts(place, HEADER + folded + "raw-2,nonsense,active,\n")
    assert collected.aside("accounts") == {("wrong_type", "accounts.csv:4", "created_at", 1)}


JSON_GOOD = '{"account_id": "raw-1", "created_at": "2020-01-01T10:00:00Z", "state": "active", "email": null}\n'


@pytest.mark.parametrize(("line", "reason", "column"), [
    ('{"account_id": "raw-2", "created_at": "2020-01-01T10:00:00Z", "state": "active"\n', "unreadable_line", None),
    ("[1, 2]\n", "unreadable_line", None),
    ("5\n", "unreadable_line", None),
    ('{"account_id": "raw-2", "account_id": "raw-3", "created_at": "2020-01-01T10:00:00Z", "state": "active"}\n',
     "unreadable_line", None),
    ('{"account_id": "raw-\\ud800", "created_at": "2020-01-01T10:00:00Z", "state": "active"}\n', "unreadable_line", None),
    (b'{"account_id": "raw-\xff", "created_at": "2020-01-01T10:00:00Z", "state": "active"}\n', "not_utf8", None),
    ('{"account_id": "raw-2", "created_at": 1577872800, "state": "active"}\n', "wrong_type", "created_at"),
    ('{"account_id": "raw-2", "state": "active"}\n', "missing_value", "created_at"),
])
def test_a_bad_json_line_is_set_aside_alone(place, line, reason, column):
    line = line if isinstance(line, bytes) else line.encode()
    content = JSON_GOOD.encode() + line + JSON_GOOD.replace("-1", "-9").encode()
    collected = accounts(place, content, "accounts.jsonl")
    assert collected.status("accounts") == ("collected", 3, 2, 1)
    assert collected.aside("accounts") == {(reason, "accounts.jsonl:2", column, 1)}


def test_json_lines_that_never_name_a_required_column_fail(place):
    collected = accounts(place, JSON_GOOD.replace("created_at", "made_at"), "accounts.jsonl")
    assert collected.status("accounts")[0] == "failed"
    assert "created_at" in collected.detail("accounts")


@pytest.mark.parametrize("bad", [False, True])
def test_numbers_as_ids_are_the_same_id_in_every_form(place, bad):
    place.write("accounts.csv", "account_id,created_at,state,email\n42,2020-01-01T10:00:00Z,active,\n")
    users = '{"user_id": 7, "account_id": 42, "created_at": "2020-01-01T10:00:00Z", "email": "raw-7@example.org"}\n'
    place.write("users.jsonl", users + ("broken\n" if bad else ""))
    place.map_files(accounts="accounts.csv", users="users.jsonl")
    collected = place.collect()
    assert collected.status("users") == ("collected", 1 + bad, 1, int(bad))
    assert collected.rows("SELECT count(*) FROM source.users JOIN source.accounts USING (account_id)") == [(1,)]


USERS = "user_id,account_id,created_at,email\n"


def test_an_unknown_account_is_set_aside_but_not_one_whose_row_was(place):
    place.write("accounts.csv", HEADER + GOOD + "raw-2,nonsense,active,\n")
    place.write("users.csv", USERS + "".join(f"raw-u{n},raw-{n},2020-01-01T10:00:00Z,\n" for n in (1, 2, 3)))
    place.map_files(accounts="accounts.csv", users="users.csv")
    collected = place.collect()
    assert collected.aside("users") == {("unknown_reference", "users.csv:4", "account_id", 1)}
    assert collected.status("users") == ("collected", 3, 2, 1)


def test_an_account_known_to_the_journal_or_to_last_night_is_known(place):
    place.write("accounts.csv", HEADER + GOOD)
    place.write("users.csv", USERS + "".join(f"raw-u{n},raw-{n},2020-01-01T10:00:00Z,\n" for n in (1, 2, 3)))
    place.write("journal.csv", "entry_id,account_id,erased_at\nraw-e,raw-2,2021-01-01T10:00:00Z\n")
    place.map_files(accounts="accounts.csv", users="users.csv", erasure_journal="journal.csv")
    first = place.collect()
    assert first.aside("users") == {("unknown_reference", "users.csv:4", "account_id", 1)}
    known = pseudonym(place.key, "account", "raw-3")
    first.con.execute("CREATE TABLE fact.account AS SELECT $known AS account_id", {"known": known})
    first.close()
    assert place.collect(previous=first.path).status("users") == ("collected", 3, 3, 0)


def test_without_accounts_no_reference_is_judged(place):
    place.write("users.csv", USERS + "raw-u1,raw-1,2020-01-01T10:00:00Z,\n")
    place.map_files(users="users.csv")
    assert place.collect().status("users") == ("collected", 1, 1, 0)


def test_a_glob_reads_all_files_and_says_which_lack_a_column(place):
    place.write("logs/a.csv", HEADER.replace("email", "email,plan") + GOOD.replace("org\n", "org,gold\n"))
    place.write("logs/b.csv", HEADER + "raw-2,nonsense,active,\n")
    place.map_files(accounts="logs/*.csv")
    collected = place.collect()
    assert collected.status("accounts") == ("collected", 2, 1, 1)
    assert "plan in logs/b.csv" in collected.detail("accounts")
    assert collected.aside("accounts") == {("wrong_type", "logs/b.csv:2", "created_at", 1)}


def test_a_link_out_of_the_home_is_refused_unless_the_path_is_absolute(place, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "accounts.csv"
    outside.write_text(HEADER + GOOD)
    (place.home.path / "accounts.csv").symlink_to(outside)
    place.map_files(accounts="accounts.csv")
    collected = place.collect()
    assert collected.status("accounts")[0] == "failed"
    assert "out of the home" in collected.detail("accounts")
    place.map_files(accounts=str(outside))
    assert place.collect().status("accounts") == ("collected", 1, 1, 0)


@pytest.mark.parametrize(("select", "words"), [
    ("SELECT 1.5 AS account_id, now() AS created_at, 'active' AS state, false AS has_email", "account_id"),
    ("SELECT 1 AS account_id, TIMESTAMP '2020-01-01' AS created_at, 'active' AS state, false AS has_email", "AT TIME ZONE"),
    ("SELECT 1 AS account_id, DATE '2020-01-01' AS created_at, 'active' AS state, false AS has_email", "AT TIME ZONE"),
    ("SELECT 1 AS account_id, 5 AS created_at, 'active' AS state, false AS has_email", "created_at"),
    ("SELECT * FROM read_csv('nowhere.csv')", "cannot run"),
])
def test_a_select_of_wrong_types_fails_with_its_cure(place, select, words):
    place.map_files(accounts=select)
    collected = place.collect()
    assert collected.status("accounts")[0] == "failed"
    assert words in collected.detail("accounts")


def test_a_select_reads_beside_the_sources_file(place):
    place.write("records/odd.csv", "id,when,mail\nraw-1,2020-01-01T10:00:00Z,raw-1@example.org\nraw-2,never,\n")
    place.map_files(accounts="SELECT id AS account_id, \"when\" AS created_at, 'active' AS state, mail AS email "
                             "FROM read_csv('records/odd.csv', all_varchar = true)")
    collected = place.collect()
    assert collected.status("accounts") == ("collected", 2, 1, 1)
    assert collected.aside("accounts") == {("wrong_type", "records.accounts", "created_at", 1)}


def test_parquet_is_read_and_its_gaps_too(place):
    path = place.home.path / "accounts.parquet"
    warehouse.memory().execute(
        f"COPY (SELECT 'raw-' || i AS account_id, '2020-01-01 10:00:00+00'::TIMESTAMPTZ AS created_at, 'active' AS state, "
        "'raw-1@example.org' AS email, NULL::INTEGER AS deleted_at, NULL::DOUBLE AS erased_at FROM range(3) AS r(i)) "
        f"TO '{path}' (FORMAT parquet)")
    place.map_files(accounts="accounts.parquet")
    assert place.collect().status("accounts") == ("collected", 3, 3, 0)
    path.write_bytes(path.read_bytes()[:-40])
    assert place.collect().status("accounts")[0] == "failed"


def test_the_order_and_place_of_rows_survive_the_parallel_reader(place):
    rows = 300_000
    lines = [f"raw-{n},2020-01-01T10:00:00Z,active,\n" for n in range(rows)]
    lines[123_456] = "raw-x,nonsense,active,\n"
    lines[299_999] = "raw-7,2020-01-01T10:00:00Z,active,\n"
    collected = accounts(place, HEADER + "".join(lines))
    assert collected.aside("accounts") == {("wrong_type", "accounts.csv:123458", "created_at", 1),
                                           ("duplicate_key", "accounts.csv:300001", "account_id", 1)}


def test_the_digest_does_not_depend_on_the_order(place):
    one = "raw-1,2020-01-01T10:00:00Z,active,\n"
    two = "raw-2,2020-01-01T10:00:00Z,trial,\n"
    first, second = accounts(place, HEADER + one + two), accounts(place, HEADER + two + one)
    other = accounts(place, HEADER + one + two.replace("trial", "active"))
    assert first.digest("accounts") == second.digest("accounts") != other.digest("accounts")
