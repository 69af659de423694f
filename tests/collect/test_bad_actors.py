"""A source that means harm: what it sends ends as a row set aside, or as a sentence about the file; nothing falls over."""

import gzip
import os
import struct
import time
import zlib

import pytest

from pipelines import warehouse
from pipelines.collect import lines, page
from pipelines.errors import AlpiaError

HEADER = "account_id,created_at,state,email\n"
GOOD = "raw-1,2020-01-01T10:00:00Z,active,raw-1@example.org\n"
JSON_GOOD = '{"account_id": "raw-1", "created_at": "2020-01-01T10:00:00Z", "state": "active", "email": null}\n'
LOG_LINE = '203.0.113.9 - - [31/Jan/2026:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0"\n'


def accounts(place, content, name="accounts.csv"):
    place.write(name, content)
    place.map_files(accounts=name)
    return place.collect()


@pytest.fixture
def small_bombs(monkeypatch):
    """Bombs of a megabyte instead of hundreds."""
    monkeypatch.setattr(lines, "UNPACKED_ANYWAY", 2**20)


def bomb(size=8 * 2**20):
    return gzip.compress((HEADER + GOOD).encode() + b"raw-2,2020-01-01T10:00:00Z,active,\n" + b" " * size)


def test_a_gzip_bomb_fails_its_dataset(place, small_bombs):
    collected = accounts(place, bomb(), "accounts.csv.gz")
    assert collected.status("accounts") == ("failed", 0, 0, 0)
    assert "more than 200 times its size" in collected.detail("accounts")


def test_a_zstd_bomb_fails_its_dataset(place, small_bombs):
    """Blocks of one repeated byte: 128 KiB out of four bytes. It is told from its blocks, without unpacking it."""
    block = struct.pack("<I", 128 * 2**10 << 3 | 1 << 1)[:3] + b" "
    last = struct.pack("<I", 128 * 2**10 << 3 | 1 << 1 | 1)[:3] + b" "
    frame = struct.pack("<IBB", 0xFD2FB528, 0, 0x38) + block * 99 + last
    collected = accounts(place, frame, "accounts.csv.zst")
    assert collected.status("accounts") == ("failed", 0, 0, 0)
    assert "more than 200 times its size" in collected.detail("accounts")


@pytest.mark.parametrize("is_honest", [True, False])
def test_a_bomb_for_a_log_fails_it_whether_or_not_it_tells_its_size(place, small_bombs, is_honest):
    content = gzip.compress(LOG_LINE.encode() + b"\n" * 8 * 2**20)
    content = content if is_honest else content[:-4] + struct.pack("<I", 90)
    place.write("logs/access.log.gz", content)
    place.map('[web]\nkind = "access_log"\nfiles = "logs/access.log*"\n')
    collected = place.collect()
    assert collected.status("access_log")[0] == "failed"
    assert "times its size" in collected.detail("access_log") or "damaged" in collected.detail("access_log")


def test_what_packs_well_and_is_small_is_no_bomb(place):
    assert accounts(place, bomb(), "accounts.csv.gz").status("accounts")[0] == "collected"


@pytest.mark.parametrize("depth", [400, 600, 100_000])
@pytest.mark.parametrize("name", ["accounts.jsonl", "accounts.jsonl.gz"])
def test_json_that_is_nested_deep_is_set_aside_alone(place, depth, name):
    """DuckDB's reader of JSON ends the whole process on such a line: it never gets to see it."""
    deep = JSON_GOOD.replace("null", "[" * depth + "]" * depth).replace("-1", "-2")
    content = (JSON_GOOD + deep + JSON_GOOD.replace("-1", "-9")).encode()
    collected = accounts(place, gzip.compress(content) if name.endswith("gz") else content, name)
    aside = int(depth == 100_000)  # deeper than any parser goes; the others are just odd values
    assert collected.status("accounts") == ("collected", 3, 3 - aside, aside)


def test_json_of_zstd_that_is_nested_deep_fails_its_dataset(place):
    plain = place.write("plain.txt", JSON_GOOD + JSON_GOOD.replace("null", "[" * 100_000 + "]" * 100_000))
    warehouse.memory().execute(
        f"COPY (FROM read_csv('{plain}', header = false, delim = '', quote = '', escape = '', "
        "columns = {'l': 'VARCHAR'})) "
        f"TO '{place.home.path}/accounts.jsonl.zst' (FORMAT csv, COMPRESSION zstd, QUOTE '', HEADER false, DELIMITER '')")
    place.map_files(accounts="accounts.jsonl.zst")
    collected = place.collect()
    assert collected.status("accounts")[0] == "failed"
    assert "lines that cannot be read" in collected.detail("accounts")


@pytest.mark.parametrize("columns", [1_500, 10_000, 100_000])
def test_a_csv_of_far_too_many_columns_is_refused_at_once(place, columns):
    more = "".join(f",c{number}" for number in range(columns))
    started = time.monotonic()
    collected = accounts(place, HEADER.strip() + more + "\n" + GOOD.strip() + "," * columns + "\n")
    assert time.monotonic() - started < 20
    if columns == 1_500:
        assert collected.status("accounts") == ("collected", 1, 1, 0)
    else:
        assert collected.status("accounts")[0] == "failed"
        assert f"{columns + 4} columns" in collected.detail("accounts")


def test_a_header_with_an_endless_name_is_a_sentence(place):
    assert accounts(place, "x" * 200_000 + "\n" + GOOD).status("accounts")[0] == "failed"


def test_sql_in_names_of_columns_and_files_and_in_values_stays_text(place):
    evil = "'); DROP TABLE source.accounts; --"
    content = f'account_id,created_at,state,email,"{evil}"\n"raw-{evil}",2020-01-01T10:00:00Z,active,,x\n'
    collected = accounts(place, content, f"accounts {evil.replace('/', '')}.csv")
    assert collected.status("accounts") == ("collected", 1, 1, 0)


@pytest.mark.parametrize("name", ["accounts[1].csv", "accounts*.csv", "accounts?.csv", "accounts[1].parquet"])
def test_a_file_whose_name_is_a_pattern_is_that_file_alone(place, name):
    """DuckDB takes every path for a pattern: beside it lies what the pattern would match."""
    for other in ("accounts1", "accountsx"):
        place.write(f"{other}.{name.split('.')[1]}", HEADER + GOOD.replace("raw-1", "raw-other"))
    if name.endswith("parquet"):
        plain = place.write("plain.csv", HEADER + GOOD)
        warehouse.memory().execute(
            f"COPY (SELECT account_id, created_at::TIMESTAMPTZ AS created_at, state, email FROM '{plain}') TO "
            f"'{place.home.path}/{name}' (FORMAT parquet)")
    else:
        place.write(name, HEADER + GOOD)
    place.map_files(accounts=name.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]"))
    collected = place.collect()
    assert collected.status("accounts") == ("collected", 1, 1, 0)


@pytest.mark.parametrize("name", [b"accounts\xff.csv", b"accounts\n.csv", b"accounts\x1b[31m.csv"])
def test_a_name_that_cannot_be_printed_is_refused_without_being_repeated(place, name):
    with open(os.fsencode(place.home.path) + b"/" + name, "wb") as file:
        file.write((HEADER + GOOD).encode())
    place.map_files(accounts="accounts*.csv")
    collected = place.collect()
    assert collected.status("accounts")[0] == "failed"
    assert "cannot be printed" in collected.detail("accounts")


def test_a_folder_that_is_a_link_out_of_the_home_is_refused(place, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "accounts.csv").write_text(HEADER + GOOD)
    (place.home.path / "records").symlink_to(outside)
    for mapping in ("records/accounts.csv", "**/accounts.csv"):
        place.map_files(accounts=mapping)
        collected = place.collect()
        assert collected.status("accounts")[0] == "failed"
        assert "out of the home" in collected.detail("accounts")


def test_what_is_no_file_is_not_opened(place):
    """A pipe would keep the night waiting for ever."""
    os.mkfifo(place.home.path / "accounts.csv")
    place.map_files(accounts="accounts.csv")
    assert place.collect().status("accounts")[0] == "failed"


@pytest.mark.parametrize("mapping", [
    "SELECT 1) AS q; CREATE TABLE source.planted (i INTEGER); SELECT * FROM (SELECT 1",
    "SELECT 1; DROP TABLE source.accounts",
    "SELECT * FROM read_csv('https://192.0.2.77/accounts.csv')",
    "SELECT * FROM read_csv('s3://bucket/accounts.csv')",
    "WITH x AS (SELECT 1) INSERT INTO source.accounts SELECT * FROM x",
])
def test_a_mapping_can_neither_do_a_second_thing_nor_fetch(place, mapping):
    place.map_files(accounts=mapping)
    collected = place.collect()
    assert collected.status("accounts")[0] == "failed"
    assert collected.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'planted'") == [(0,)]


HOSTILE_PAGES = {"tags": "<a " * 30_000, "ends": "</a " * 30_000, "comments": "<!--" * 30_000, "marked": "<![x" * 50,
                 "instructions": "<?a" * 30_000, "deep": "<div>" * 20_000, "texts": "<b>x" * 20_000,
                 "script": "<script>" + "</a" * 30_000, "entities": "&#" * 100_000, "bytes": "\0" * 100_000}


@pytest.mark.parametrize("kind", HOSTILE_PAGES)
def test_a_published_page_that_is_hostile_is_read_or_refused_at_once(tmp_path, kind):
    """Python's parser needs minutes for some of these, and gives up on another."""
    file = tmp_path / "page.html"
    file.write_text(f"<html><p>Confidentialité</p>{HOSTILE_PAGES[kind]}", encoding="utf-8")
    started = time.monotonic()
    try:
        told = " ".join(line.text for line in page.read(str(file)).lines)
    except AlpiaError as error:
        told = f"{error}"
    assert "Confidentialité" in told or "without an end" in told
    assert time.monotonic() - started < 10


def test_a_broken_stream_inside_a_good_one_is_damage(place):
    content = bytearray(gzip.compress((HEADER + GOOD * 1).encode()))
    content += b"\x1f\x8b" + zlib.compress(b"x")
    collected = accounts(place, bytes(content), "accounts.csv.gz")
    assert collected.status("accounts")[0] == "failed"
