"""Every line of a log, whatever it holds, is counted or set aside, once, and costs no other; and nothing is left on disk."""

import gzip
import sys
from pathlib import Path

import pytest
from reading import GOOD, TLS, Desk, Told, assert_every_line_is_accounted, combined, line_count

from pipelines import warehouse
from pipelines.collect import lines
from pipelines.collect.staging import DatasetError
from pipelines.collect.traffic import log_files
from pipelines.collect.traffic.log_files import measured

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OTHER = combined(agent="other") + b"\n"
JSON = b'{"remote_addr":"192.0.2.1","time":1769864136,"status":200}\n'
# As long as a line may be, and one byte longer.
LONGEST = combined(agent="x" * (lines.LONGEST_LINE - len(combined(agent=""))))
LONGER = combined(agent="x" * (lines.LONGEST_LINE + 1 - len(combined(agent=""))))


def agents(told: Told) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in told.counted:
        found[one["agent"]] = found.get(one["agent"], 0) + one["hits"]
    return found


# name -> (content, lines that count, what is set aside: (reason, line))
UNREADABLE = "unreadable_line"
FILES = {
    "well formed": (GOOD * 3, 3, []),
    "no end at the end": (GOOD + GOOD[:-1], 2, []),
    "cut off at the end": (GOOD + GOOD[:-4], 1, [(UNREADABLE, 2)]),
    "not UTF-8": (GOOD + combined(agent="caf*").replace(b"*", b"\xe9") + b"\n" + GOOD, 3, []),
    "not UTF-8 and damaged": (GOOD + b"\xff\xfe\n" + GOOD, 2, [(UNREADABLE, 2)]),
    "IPv6": (combined(address="2001:db8::7") + b"\n" + GOOD, 2, []),
    "escaped quotes": (combined(agent=r"a \"b\" c") + b"\n" + GOOD, 2, []),
    "hexadecimal quotes": (combined(request=r"GET /\x22") + b"\n" + GOOD, 2, []),
    "a TLS hello": (combined(request=r"\x16\x03\x01", status="400") + b"\n" + GOOD, 2, []),
    "no request": (combined(request="") + b"\n" + combined(request="-") + b"\n", 2, []),
    "more quotes than columns": (GOOD + combined(agent=r"\"" * 40) + b"\n" + GOOD, 3, []),
    "quotes that are not escaped": (GOOD + combined(agent='"' * 40) + b"\n" + GOOD, 2, [(UNREADABLE, 2)]),
    "one quote": (GOOD + b'"\n' + GOOD, 2, [(UNREADABLE, 2)]),
    "blank lines": (b"\n" + GOOD + b"\n\n" + GOOD, 2, [(UNREADABLE, 1), (UNREADABLE, 3), (UNREADABLE, 4)]),
    "one blank line for each line": ((GOOD + b"\n") * 2, 2, [(UNREADABLE, 2), (UNREADABLE, 4)]),
    "a blank line and no last end": (b"\n" + GOOD[:-1], 1, [(UNREADABLE, 1)]),
    "nothing but blank lines": (b"\n\r\n\r", 0, [(UNREADABLE, 1), (UNREADABLE, 2), (UNREADABLE, 3)]),
    "a blank": (b" \n" + GOOD, 1, [(UNREADABLE, 1)]),
    "zero bytes": (combined(agent="a\0b") + b"\n\0\0\0\n" + GOOD, 2, [(UNREADABLE, 2)]),
    "CRLF": (GOOD.replace(b"\n", b"\r\n") * 3, 3, []),
    "CRLF and no end": (GOOD.replace(b"\n", b"\r\n") + GOOD[:-1], 2, []),
    "CRLF twice": (GOOD.replace(b"\n", b"\r\r\n") * 2, 2, [(UNREADABLE, 2), (UNREADABLE, 4)]),
    "CR": (GOOD.replace(b"\n", b"\r") * 3, 3, []),
    "ends of all kinds": (GOOD[:-1] + b"\r" + GOOD[:-1] + b"\r\n" + GOOD, 3, []),
    "CR inside a line": (GOOD + combined(agent="a\rb") + b"\n" + GOOD, 2, [(UNREADABLE, 2), (UNREADABLE, 3)]),
    "BOM": (b"\xef\xbb\xbf" + GOOD, 1, []),
    "BOM, as long as its lines are many": (b"\xef\xbb\xbf" + GOOD * 3, 3, []),
    "UTF-16": (GOOD.decode().encode("utf-16"), 0, [(UNREADABLE, 1), (UNREADABLE, 2)]),
    "separators of Unicode": (combined(agent="a\u2028b\x85c\x1c") + b"\n" + GOOD, 2, []),
    "1 MB": (combined(agent="x" * 1_000_000) + b"\n" + GOOD, 2, []),
    "as long as a line may be": (LONGEST + b"\n" + GOOD, 2, []),
    "one byte longer": (GOOD + LONGER + b"\n" + GOOD, 2,
                        [("too_long", 2)]),
    "one byte longer, CRLF": (GOOD + LONGER + b"\r\n" + GOOD, 2,
                              [("too_long", 2)]),
    "as long as may be, CRLF": (LONGEST + b"\r\n" + GOOD, 2,
                                []),
    "far too long": (GOOD + b"x" * (3 * lines.LONGEST_LINE) + b"\n" + GOOD, 2, [("too_long", 2)]),
    "far too long, by CR": (b"x" * (3 * lines.LONGEST_LINE) + b"\r" + GOOD, 1, [("too_long", 1)]),
    "far too long at the end": (GOOD + b"x" * (3 * lines.LONGEST_LINE), 1, [("too_long", 2)]),
    "years that no clock shows": (GOOD + combined(time="01/Jan/1960:00:00:00 +0000") + b"\n"
                                  + combined(time="01/Jan/9999:00:00:00 +0000") + b"\n" + GOOD, 2,
                                  [("before_company", 2), ("in_future", 3)]),
    "sizes that fill 64 bits": (GOOD + (combined(size="18446744073709551615") + b"\n") * 2, 1,
                                [("wrong_type", 2), ("wrong_type", 3)]),
    "letters of several bytes before the time": (combined(user="é \U0001f600", agent="other") + b"\n" + GOOD, 2, []),
    "brackets that stand there only by the count of bytes": (
        GOOD.replace(b"- [3", "\U0001f600 [[".encode()) + GOOD.replace(b"- [", "éé [ [".encode()) + GOOD, 1,
        [("wrong_type", 1), ("wrong_type", 2)]),
    "sizes with a blank": (b"".join(combined(size=size) + b"\n" for size in ("1 2", " 12", "12 ")) + GOOD,
                           1, [(UNREADABLE, 1), (UNREADABLE, 2), (UNREADABLE, 3)]),
    "no bytes": (b"", 0, []),
}


@pytest.mark.parametrize("case", FILES)
def test_every_line_has_one_outcome_and_costs_no_other(desk, case):
    content, counted, aside = FILES[case]
    told = desk.read(content)
    assert_every_line_is_accounted(told, content)
    assert (told.hits, told.aside) == (counted, aside)
    slow = desk.read(content, is_slow=True)
    assert (slow.groups, sorted(slow.refused)) == (told.groups, sorted(told.refused))


@pytest.mark.parametrize("case", FILES)
def test_packed_files_say_the_same(desk, case):
    content, *_ = FILES[case]
    plain = desk.read(content)
    for ending, packed in ((".gz", gzip.compress(content)), (".zst", zstd.compress(content))):
        told = desk.read(packed, name="access.log" + ending)
        refused = [(reason, line) for reason, _, line in told.refused]
        assert (told.groups, refused) == (plain.groups, [(reason, line) for reason, _, line in plain.refused])


WHOLE = ("well formed", "no end at the end", "CRLF", "CRLF and no end", "CR", "escaped quotes", "zero bytes", "1 MB",
         "no request",
         "years that no clock shows", "sizes that fill 64 bits", "as long as a line may be")


@pytest.mark.parametrize("case", WHOLE)
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd.compress], ids=["plain", "gzip", "zstd"])
def test_a_file_that_was_read_whole_is_not_read_again(desk, case, pack):
    ending = {bytes: "", gzip.compress: ".gz", zstd.compress: ".zst"}[pack]
    assert desk.read(pack(FILES[case][0]), name="access.log" + ending).slow_files == 0


@pytest.mark.parametrize("form", ["combined", "json"])
def test_a_bom_is_no_part_of_the_first_line(desk, form):
    told = desk.read(b"\xef\xbb\xbf" + (GOOD if form == "combined" else JSON), form)
    assert ([one["address"] for one in told.counted], told.refused) == (["192.0.2.1"], [])


def test_a_cr_before_crlf_ends_a_line_of_json_too(desk):
    """DuckDB reads CR CR LF as a line that ends with CR and CRLF, and every other end is CRLF."""
    content = JSON.replace(b"\n", b"\r\r\n") * 2 + JSON[:-1]
    told = desk.read(content, "json")
    assert (told.hits, told.aside) == (3, [(UNREADABLE, 2), (UNREADABLE, 4)])


def test_a_long_line_that_ends_with_a_chunk_takes_no_other_with_it(desk, monkeypatch):
    monkeypatch.setattr(log_files, "CHUNK", 31)
    monkeypatch.setattr(lines, "LONGEST_LINE", 20)
    file = desk.file("long.log", b"x" * 30 + b"\r" + b"short\n" + b"x" * 40)
    assert list(log_files.numbered_lines(file)) == [(1, None), (2, "short"), (3, None)]


def test_files_of_a_batch_do_not_cost_each_other(desk):
    contents = [GOOD * 2, b"\xff\n" + GOOD, b"", (GOOD + b"\n") * 2, combined(agent="a\0") + b"\n", b"x\n" + GOOD]
    files = [desk.file(f"{number}.log", content) for number, content in enumerate(contents)]
    told = desk.read_files(files)
    assert_every_line_is_accounted(told, *contents)
    hits = dict.fromkeys(range(1, 7), 0)
    for group in told.groups:
        hits[group["file"]] += group["hits"] if group["code"] == 0 else 0
    assert list(hits.values()) == [2, 1, 0, 2, 1, 1]
    assert sorted(told.refused) == [(UNREADABLE, "1.log", 1), (UNREADABLE, "3.log", 2), (UNREADABLE, "3.log", 4),
                                    (UNREADABLE, "5.log", 1)]


def test_a_name_is_no_glob(desk):
    files = [desk.file(name, GOOD) for name in ("a1.log", "a[1].log", "a*.log", "a?.log", "l'été.log")]
    told = desk.read_files(files)
    assert sorted(group["file"] for group in told.groups) == [1, 2, 3, 4, 5]
    assert (told.hits, told.slow_files) == (5, 0)


def test_several_members_and_frames_are_one_file(desk):
    whole = GOOD * 3 + OTHER
    for ending, pack in ((".gz", gzip.compress), (".zst", zstd.compress)):
        told = desk.read(pack(GOOD * 3) + pack(OTHER), name="access.log" + ending)
        assert (agents(told), told.refused, told.slow_files) == ({"ua": 3, "other": 1}, [], 0)
        # A line that goes on in the next member.
        told = desk.read(pack(whole[:100]) + pack(whole[100:]), name="access.log" + ending)
        assert (agents(told), told.refused) == ({"ua": 3, "other": 1}, [])


BODY = b"".join(combined(agent=f"agent {number * 7919 % 1000}") + b"\n" for number in range(3000))


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("share", [0.2, 0.9, 0.999])
def test_a_truncated_file_is_refused(desk, ending, share):
    packed = gzip.compress(BODY) if ending == ".gz" else zstd.compress(BODY)
    with pytest.raises(DatasetError, match="^access.log.* cannot be read: it is truncated"):
        desk.read(packed[:int(len(packed) * share)], name="access.log" + ending)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_damaged_file_is_refused(desk, ending):
    packed = bytearray(gzip.compress(BODY) if ending == ".gz" else zstd.compress(BODY))
    for place in range(len(packed) // 2, len(packed) // 2 + 40):
        packed[place] ^= 0x5A
    with pytest.raises(DatasetError, match="^access.log.* cannot be read: "):
        desk.read(bytes(packed), name="access.log" + ending)


def test_a_file_that_is_no_gzip_is_refused(desk):
    with pytest.raises(DatasetError, match="its compressed data is damaged: have it written again"):
        desk.read(GOOD, name="access.log.gz")


def test_of_a_file_that_grows_what_was_there_is_read(desk):
    """What came after it was found is for the next night, also where that begins inside a line."""
    told = desk.read_files([desk.file("access.log", GOOD * 2 + OTHER * 3, stored=len(GOOD * 2))])
    assert (agents(told), told.refused) == ({"ua": 2}, [])
    told = desk.read_files([desk.file("access.log", GOOD * 2 + OTHER * 3, stored=len(GOOD * 2) + 10)])
    assert (agents(told), told.refused) == ({"ua": 2}, [(UNREADABLE, "access.log", 3)])


@pytest.mark.parametrize("form", ["combined", "json"])
def test_a_line_that_spells_what_stands_for_nothing(desk, form):
    read = desk.reader(form)
    token = read._nothing.encode()
    good = GOOD if form == "combined" else JSON
    content = good + token + b"\n" + combined(agent=token.decode()) + b"\n" + good
    assert list(read.read([(1, desk.file("token.log", content))])) == [1]
    assert desk.con.execute("SELECT sum(hits) FROM taken").fetchone() == (line_count(content),)
    assert desk.con.execute("SELECT sum(hits) FROM taken WHERE code = 0").fetchone() == (3 if form == "combined" else 2,
                                                                                              )
    assert read.refusals.rows == (1 if form == "combined" else 2)


def test_places_are_right_in_a_long_file(desk):
    """Far behind the reader's buffers, and more lines than are taken at once line by line."""
    count = 60_000
    content = bytearray()
    wanted = [(UNREADABLE, number) for number in range(1, count + 1) if number % 7919 == 0]
    for number in range(1, count + 1):
        content += b"damaged\n" if number % 7919 == 0 else GOOD
    told = desk.read(bytes(content))
    assert (told.hits, told.aside, told.slow_files) == (count - len(wanted), wanted, 0)
    slow = desk.read(bytes(content), is_slow=True)
    assert (slow.hits, slow.aside) == (told.hits, told.aside)


def test_a_measure_says_what_is_there(desk):
    assert measured(desk.file("a.log", b"a\r\nb\rc\nd")) == log_files.Measure(8, 1, 2, False)


# What spills: wide, and no two rows alike, so that it cannot be packed into the memory that there is.
MARK = "marker-of-a-private-line"
SPILLING = f"""CREATE TEMP TABLE spilled AS
    SELECT '{MARK}' || md5(i::VARCHAR) || md5((i + 1)::VARCHAR) || md5((i + 2)::VARCHAR) AS line
    FROM range(700_000) AS t(i)"""


def holds_mark(folder: Path) -> bool:
    return any(MARK.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_spills_is_encrypted_and_gone_afterwards(tmp_path):
    found = {}
    for is_encrypted in (False, True):
        folder = tmp_path / str(is_encrypted)
        folder.mkdir()
        confined = warehouse.confined(folder, 48)
        if not is_encrypted:
            confined.execute("SET temp_file_encryption = false")
        confined.execute(SPILLING)
        spilled = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        assert spilled > 8 * 2**20
        found[is_encrypted] = holds_mark(folder)
        assert confined.execute("SELECT count(*), count(DISTINCT line[:24]) FROM spilled").fetchone() == (700_000, 1)
        confined.close()
        assert not [path for path in folder.rglob("*") if path.is_file()]
    assert found == {False: True, True: False}


def test_a_log_that_does_not_fit_into_memory_is_read(tmp_path):
    """A client for each line: groups as many as lines, more than the memory holds; what spills holds no address."""
    desk = Desk(tmp_path)
    desk.con.execute("SET memory_limit = '160MiB'")
    content = b"".join(combined(address=f"2001:db8::{number:x}", agent=f"{MARK} {number} " + "x" * 120) + b"\n"
                       for number in range(250_000))
    file = desk.file("access.log", content)
    read = desk.reader()
    assert list(read.read([(1, file)])) == [1]
    file.path.unlink()
    assert desk.con.execute("SELECT count(*), sum(hits) FROM taken").fetchone() == (250_000, 250_000)
    assert not holds_mark(tmp_path)
    desk.close()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_client_cannot_make_a_line_of_the_tls_format_slow(desk):
    """An agent with quotes is no reason to read the whole file line by line."""
    line = combined(agent=r"a\" TLSv1.3 AES256") + b" TLSv1 RC4-MD5\n"
    assert desk.read(line * 3, TLS).slow_files == 0


@pytest.mark.parametrize("content", [b"x\n" * 8 + OTHER, b"\n" + b"x\n" * 8 + OTHER], ids=["at once", "by line"])
def test_of_many_refused_lines_the_first_and_the_last_are_named(desk, content):
    file = desk.file("access.log", content)
    read = desk.reader()
    assert list(read.read([(1, file)])) == [1]
    count = content.count(b"\n") - 1
    assert read.refusals.entries() == [(UNREADABLE, f"access.log:1-{count}", count)]
