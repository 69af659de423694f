"""A web server's logs and what is counted of them: a test is a table of requests and a table of counts.

Requests stand under `at | who | …`; what a row does not say is a plain page for a person. Moments without an offset are
local time in Europe/Paris, and are logged with the offset of that moment. Addresses are those kept for documentation.
"""

import gzip
import json
import os
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines import warehouse
from pipelines.collect import collection, sources
from pipelines.collect.traffic import access_log
from pipelines.collect.traffic.log_files import zstd
from pipelines.collect.traffic.reader import Bounds, Reader
from pipelines.home import Home
from pipelines.models import tables
from pipelines.register import contracts

PARIS = ZoneInfo("Europe/Paris")
KEY = bytes(range(32))
LATER = datetime(2027, 1, 1, 3, 0, tzinfo=UTC)
CONTRACTS = contracts.load()
ONLY = {name: CONTRACTS[name] for name in ("access_log", "log_fields", "raw_logs")}
COLUMNS = tuple(ONLY["access_log"].columns)
# nginx's own names, everything that is counted told.
FORMAT = ('$remote_addr - - [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
          '"$host" "$scheme" "$ssl_protocol" "$ssl_cipher" "$http_x_account"')
WHO = {"anna": "203.0.113.1", "bert": "203.0.113.2", "carl": "2001:db8::3", "dora": "198.51.100.4"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36")
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
AGENTS = {"firefox": FIREFOX, "chrome": CHROME, "googlebot": GOOGLEBOT}
PLAIN_PAGE = {"who": "anna", "agent": "firefox", "path": "/", "status": "200", "bytes": "100", "referrer": "-",
              "host": "www.example.org", "scheme": "https", "protocol": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384",
              "account": "-"}
IN_THE_CLEAR = {"protocol": "-", "cipher": "-"}


def line(at: str | datetime, **told: str | None) -> str:
    """One request as nginx logs it."""
    moment = tables.moment(at) if isinstance(at, str) else at
    row = PLAIN_PAGE | (IN_THE_CLEAR if told.get("scheme") == "http" else {})
    row |= {name: text for name, text in told.items() if text is not None}
    who, agent = WHO.get(row["who"], row["who"]), AGENTS.get(row["agent"], row["agent"])
    return (f'{who} - - [{moment:%d/%b/%Y:%H:%M:%S %z}] "GET {row["path"]} HTTP/1.1" {row["status"]} {row["bytes"]} '
            f'"{row["referrer"]}" "{agent}" "{row["host"]}" "{row["scheme"]}" "{row["protocol"]}" "{row["cipher"]}" '
            f'"{row["account"]}"\n')


def lines(requests: str) -> list[str]:
    return [line(row.pop("at"), **row) for row in tables.parse(requests)]


class Night:
    """What a collection left: the counts, its account, and the ledger of the files."""

    def __init__(self, connection):
        self.counts = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM source.access_log ORDER BY ALL").fetchall()
        self.log_files = connection.execute("SELECT name, head_bytes FROM source.log_file ORDER BY ALL").fetchall()
        self.days = dict(connection.execute(
            "SELECT day_on, bool_or(is_partial) FROM source.access_log GROUP BY ALL").fetchall())

    def of(self, dimension: str, columns) -> list[tuple[str, ...]]:
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in self.counts]
        return sorted(tuple(str(row[name]).lower() if name == "is_partial" else str(row[name]) for name in columns)
                      for row in rows if row["dimension"] == dimension)

    def expect(self, dimension: str, table: str) -> None:
        """The counts of a dimension are those of the table, in the columns that it shows."""
        wanted = tables.parse(table)
        columns = list(wanted[0])
        assert self.of(dimension, columns) == sorted(tuple(row[name] for name in columns) for row in wanted)

    def total(self, column: str) -> int:
        at = COLUMNS.index(column)
        return sum(row[at] for row in self.counts if row[COLUMNS.index("dimension")] == "total")

    def partial_days(self) -> list[date]:
        return sorted(day for day, is_partial in self.days.items() if is_partial)


class Collected(Night):
    """The same of a whole collection, with what it says of itself."""

    def __init__(self, connection, path: Path):
        super().__init__(connection)
        self.path = path
        self.status, self.detail, self.rows_in, self.kept = connection.execute(
            "SELECT status, detail, rows_in, rows_kept FROM source.collection WHERE dataset = 'access_log'").fetchone()
        self.aside = set(connection.execute(
            "SELECT reason, place, rows FROM source.set_aside WHERE dataset = 'access_log'").fetchall())
        assert self.rows_in == self.kept + sum(rows for _, _, rows in self.aside)


class Logs:
    """A home with logs under logs/; `night` collects after the night before, `at_once` as if it were the first."""

    def __init__(self, folder: Path):
        self.home = Home(folder)
        self.folder = folder / "logs"
        self.folder.mkdir(parents=True)
        self.map()
        self.key = KEY
        self._nights: list[Path] = []
        self._built = 0

    def map(self, form: str = FORMAT, fields: dict | None = None, **settings) -> None:
        told = {"files": "logs/*"} | settings
        rows = [f"{name} = {json.dumps(value)}" for name, value in told.items()]
        rows += [f"format = '''{form}'''", "[web.fields]", *(f"{k} = {json.dumps(v)}" for k, v in (fields or {}).items())]
        (self.home.path / "sources.toml").write_text(
            '[system]\nname = "Test"\nfounded_on = 2010-01-01\n[web]\nkind = "access_log"\n' + "\n".join(rows) + "\n")

    def write(self, name: str, content: str | bytes | list[str], of=lines) -> Path:
        """A file of logs: a table of requests, lines, or bytes; packed as its name says."""
        path = self.folder / name
        if not isinstance(content, bytes):
            content = "".join(of(content) if isinstance(content, str) else content).encode("utf-8", "surrogateescape")
        path.write_bytes(packed(name, content))
        return path

    def append(self, name: str, content: str | list[str]) -> None:
        with (self.folder / name).open("ab") as stream:
            stream.write("".join(lines(content) if isinstance(content, str) else content).encode())

    def rename(self, old: str, new: str) -> None:
        os.rename(self.folder / old, self.folder / new)

    def pack(self, old: str, new: str) -> None:
        """As logrotate compresses: a new file, and the old one gone."""
        (self.folder / new).write_bytes(packed(new, unpacked(self.folder / old)))
        (self.folder / old).unlink()

    def night(self, at: datetime = LATER) -> Collected:
        night = self._collect(self._nights[-1] if self._nights else None, at)
        self._nights.append(night.path)
        return night

    def at_once(self, at: datetime = LATER) -> Collected:
        return self._collect(None, at)

    def rebuild(self) -> Path:
        """The last night's file, built again from what it holds, as a run for a day that was collected does."""
        self._built += 1
        path = self.home.path / "built" / f"{self._built}.duckdb"
        connection = warehouse.create(path, None, ONLY)
        collection.copy_from_held(connection, self._nights[-1], ONLY)
        warehouse.finish(connection)
        self._nights.append(path)
        return path

    def _collect(self, previous: Path | None, at: datetime) -> Collected:
        self._built += 1
        path = self.home.path / "built" / f"{self._built}.duckdb"
        connection = warehouse.create(path, previous, ONLY)
        try:
            found = sources.load(self.home.sources_toml, ONLY)
            collection.collect(connection, self.home, found, ONLY, self.key, at)
            return Collected(connection, path)
        finally:
            warehouse.finish(connection)


def packed(name: str, content: bytes) -> bytes:
    if name.endswith(".zst"):
        return zstd.compress(content)
    return gzip.compress(content) if name.endswith(".gz") else content


def unpacked(path: Path) -> bytes:
    if path.suffix == ".zst":
        return zstd.decompress(path.read_bytes())
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


class Quick:
    """Nights without the rest of the warehouse, for tests of hundreds of them: the counts and the ledger, in memory."""

    TABLES = ("access_log", "log_file", "log_day")

    def __init__(self, home: Home):
        self.home = home
        self._connection = warehouse.memory()
        columns = ", ".join(f"{column.name} {column.sql_type}" for column in ONLY["access_log"].columns.values())
        self._connection.execute(f"CREATE SCHEMA source; CREATE TABLE source.access_log ({columns})")
        access_log.make_tables(self._connection)
        self._connection.execute("ATTACH ':memory:' AS previous; CREATE SCHEMA previous.source")

    def night(self) -> Night:
        for table in self.TABLES:
            self._connection.execute(f"CREATE OR REPLACE TABLE previous.source.{table} AS FROM source.{table}")
        self._connection.execute("TRUNCATE source.access_log; TRUNCATE source.log_file; TRUNCATE source.log_day")
        source = sources.load(self.home.sources_toml, ONLY).of("access_log")
        access_log.collect(self._connection, self.home, source, KEY, Bounds(date(2010, 1, 1), LATER), self.home.path)
        return Night(self._connection)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def watched(monkeypatch):
    """A list that fills with the names of the files that are read."""
    read, names = Reader.read, []

    def reading(self, files):
        names.extend(Path(file.shown).name for _, file in files)
        return read(self, files)

    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", reading)
        yield names
