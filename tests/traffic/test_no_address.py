"""No address, agent, URL or account is kept of a log: not in the counts, the ledger, nor what lies about meanwhile.

Everything that is left is decoded and searched; the search must first find a control wherever one is planted.
"""

import hashlib
import ipaddress
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from logbook import FORMAT, PARIS, Logs, line, unpacked
from search import found, tables, texts

from pipelines import warehouse
from pipelines.collect.traffic import access_log
from pipelines.collect.traffic.days import Days
from pipelines.collect.traffic.log_files import DIGITS, HEAD

ADDRESSES = [*(f"203.0.113.{n}" for n in range(1, 40)), *(f"198.51.100.{n}" for n in range(1, 40)),
             *(f"2001:db8:{n:x}:7::{n:x}f" for n in range(1, 40)), "2001:0db8:0000:0000:0000:0000:0000:0abc",
             "::ffff:203.0.113.77"]
ACCOUNTS = ["jean.dupont@mail.example", "4711-0815", "acme_sarl", "dossier-Dupont.pdf"]
MARKER, SPILLING_LINES = "spilled-agent", 120_000
PATHS = ["/kunden/jean-dupont/brief.pdf", "/reset?token=s3cr3tt0k3n", "/api/v1/accounts/4711-0815"]


def agents(address: str) -> list[str]:
    return [f"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 from {address}",
            f"Agent{address}/1.0", f"{address}", "SecretInternalTool/7.3 (jean.dupont@mail.example)",
            "Mozilla/5.0 (compatible; jean.dupont@mail.example)", f"Googlebot/2.1 ({address}; +http://{address}/)"]


def referrers(address: str) -> list[str]:
    host = f"[{address}]" if ":" in address else address
    dashed = address.replace(".", "-").replace(":", "-")
    return [f"http://{host}/", f"https://{host}:8443/private", f"https://{dashed}.isp.example/x", f"https://x@{host}/",
            f"https://search.example/?q={address}", f"https://jean.dupont@mail.example@{host}/",
            "https://mail.example/inbox/jean-dupont?session=s3cr3tt0k3n", address]


@pytest.fixture(scope="module")
def requests() -> list[str]:
    begun = datetime(2026, 3, 9, 8, tzinfo=PARIS)
    rows = []
    for number, address in enumerate(ADDRESSES):
        for turn, (agent, referrer) in enumerate(zip(agents(address) * 2, referrers(address), strict=False)):
            moment = begun + timedelta(minutes=17 * number, seconds=turn)
            rows.append(line(moment, who=address, agent=agent, referrer=referrer, path=PATHS[turn % len(PATHS)],
                             account=ACCOUNTS[number % len(ACCOUNTS)],
                             host=("www.example.org", f"{address}:8080")[turn % 2]))
    return rows


def exploded(address: str) -> str:
    return ipaddress.ip_address(address).exploded


FORBIDDEN = [*ADDRESSES, *map(exploded, ADDRESSES), *(address.replace(".", "-") for address in ADDRESSES),
             *(f"{int(ipaddress.ip_address(address)):x}" for address in ADDRESSES),
             *(str(int(ipaddress.ip_address(address))) for address in ADDRESSES),
             *(hashlib.sha256(address.encode()).hexdigest() for address in ADDRESSES),
             *ACCOUNTS, *PATHS, "SecretInternalTool", "s3cr3tt0k3n", "jean.dupont", "jean-dupont", "Dupont", "Mozilla/5.0",
             "/private", "inbox", "brief.pdf", "token"]


def whole(words: list[str]) -> list[str]:
    """What the search for words cannot see, because it stands inside of one."""
    return [word.lower() for word in words if len(word) > 3]


def hits(pages: list[tuple[str, str]]) -> list:
    inside = [(place, word) for place, text in pages for word in whole(FORBIDDEN) if word in text.lower()]
    return found(FORBIDDEN, pages) + inside


@pytest.fixture
def kept(logs, requests):
    """Two nights over such a log: plain and packed, one rotated, some lines set aside."""
    logs.map(sites=["www.example.org"], fields={"account": "$http_x_account"}, form=FORMAT)
    half = len(requests) // 2
    logs.write("access.log", [*requests[:half], "203.0.113.1 is no request\n"])
    logs.write("other.log.gz", requests[half:half + 100])
    first = logs.night()
    logs.rename("access.log", "access.log.1")
    logs.write("access.log", requests[half + 100:])
    return first, logs.night()


def test_the_search_finds_what_is_planted(kept, logs, requests):
    log = [("the log", "".join(requests))]
    assert {value for _, value in hits(log)} >= {"203.0.113.7", "jean.dupont@mail.example", "s3cr3tt0k3n"}
    connection = warehouse.connect(kept[1].path)
    connection.execute("UPDATE source.log_file SET log_id = 'x203.0.113.7y' WHERE name = 'logs/access.log'")
    connection.execute("UPDATE source.access_log SET family = 'jean.dupont@mail.example' WHERE dimension = 'browser'")
    warehouse.finish(connection)
    planted = hits(list(tables(kept[1].path)))
    assert {place for place, _ in planted} == {'source."log_file"', 'source."access_log"'}


def test_nothing_that_is_stored_tells_who_came(kept, logs):
    for night in kept:
        pages = list(tables(night.path))
        assert {place for place, _ in pages} >= {f'source."{name}"' for name in (
            "access_log", "log_file", "log_day", "collection", "set_aside")}
        assert hits(pages) == []
    assert kept[1].total("hits") > 800
    assert hits(list(texts(logs.home.path, leave_out=("logs", "sources.toml")))) == []


def test_counts_are_not_so_fine_that_they_are_a_persons(kept):
    """What is stored are the dimensions of the contract, in words that are short and are no addresses."""
    columns = ("dimension", "value", "family")
    values = {row for dimension in {row[2] for row in kept[1].counts} for row in kept[1].of(dimension, columns)}
    assert all(len(value) <= 100 for _, value, _ in values)
    origins = {value for dimension, value, _ in values if dimension == "origin"}
    assert origins <= {"address", "malformed", "internal", "direct", "search.example", "mail.example"}


def test_the_ledger_cannot_be_tried_out(kept, logs):
    """Digests of logs and days are keyed: under another key all are others, and none is a plain digest of what it is of."""
    logs.key = bytes(32)
    ids, others = (digests(path) for path in (kept[1].path, logs.at_once().path))
    assert not ids & others
    heads = [unpacked(path)[:HEAD] for path in logs.folder.iterdir()]
    plain = {hashlib.new(name, head).hexdigest()[:DIGITS] for head in heads for name in ("sha256", "sha1", "md5", "blake2b")}
    assert not ids & plain
    assert all(len(told) == DIGITS for told in ids)


def digests(path: Path) -> set[str]:
    with closing(warehouse.read(path)) as connection:
        rows = connection.execute("SELECT log_id FROM source.log_file UNION SELECT log_id FROM source.log_day UNION "
                                  "SELECT digest FROM source.log_day").fetchall()
    return {told for (told,) in rows}


def test_not_even_in_memory_is_a_visitor_known_by_more_than_a_number_of_that_run(logs, monkeypatch):
    """What is joined and sorted holds no address, and the number of a visitor is another in every run."""
    seen, counted = [], Days.counted

    def spying(days, *told):
        seen.append(days._connection.execute("SELECT DISTINCT visitor FROM client_part").fetchall())
        texts_held = days._connection.execute("SELECT COLUMNS(*)::VARCHAR FROM client_part").fetchall()
        assert hits([("client_part", str(texts_held))]) == []
        return counted(days, *told)

    monkeypatch.setattr(Days, "counted", spying)
    logs.write("access.log", [line("2026-03-10 10:00:00", who=address) for address in ADDRESSES])
    logs.at_once()
    logs.at_once()
    first, second = map(set, seen)
    assert (len(first), len(second), first & second) == (len(ADDRESSES), len(ADDRESSES), set())


@pytest.mark.slow
def test_nothing_readable_lies_about_while_the_logs_are_read(tmp_path, monkeypatch):
    """With so little memory, what does not fit is spilled: encrypted. Without encryption, the same search finds it."""
    monkeypatch.setattr(access_log, "MEMORY_MIB", 96)
    with monkeypatch.context() as patch:
        patch.setattr(warehouse, "confined", readable)
        control = spied(Logs(tmp_path / "control"))
    assert control.found > 0
    found_in = spied(Logs(tmp_path / "home"))
    assert found_in.size > 0
    assert found_in.found == 0
    assert list((tmp_path / "home" / "built").iterdir()) == [tmp_path / "home" / "built" / "1.duckdb"]


def readable(folder: Path, memory_mib: int):
    """A confined connection that does not encrypt."""
    connection = warehouse.memory()
    connection.execute(f"SET temp_directory = {warehouse.quoted(str(folder))}; SET memory_limit = '{memory_mib}MiB'")
    return connection


def spied(logs: Logs):
    """Collect a log of which nothing can be folded, and look, before its lines are taken in, at what lies about."""
    begun = datetime(2026, 3, 9, tzinfo=PARIS)
    logs.write("access.log", [line(begun + timedelta(seconds=n), who=f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}",
                                   agent=f"{MARKER} {n} {'filler ' * 40}") for n in range(SPILLING_LINES)])
    seen, take = SimpleNamespace(size=0, found=0), Days.take

    def look(days: Days, connection) -> None:
        for path in filter(Path.is_file, logs.home.path.glob("built/traffic-*/**/*")):
            content = path.read_bytes()
            seen.size, seen.found = seen.size + len(content), seen.found + content.count(MARKER.encode())
        take(days, connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Days, "take", look)
        assert logs.night().total("hits") == SPILLING_LINES
    return seen
