"""What is fuzzed: every reader and loader of what others write, each with the inputs that it gets and what it owes.

A target may refuse an input with an AlpiaError (a UsageError, a DatasetError), and nothing else; it ends in time; and of the
lines and entries that it is given each is a row or is refused by its number: none is lost.
"""

import json
import signal
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pipelines import warehouse
from pipelines.collect import files, lines, sources, toml
from pipelines.collect.backups import listings, pgbackrest, restic
from pipelines.collect.backups.catalogue import PGBACKREST, RESTIC, Catalogue, Names
from pipelines.collect.probes import set_cookie, sslyze
from pipelines.collect.sources import Source
from pipelines.collect.staging import Refusals, table_of
from pipelines.collect.traffic import formats
from pipelines.errors import AlpiaError
from pipelines.home import REPOSITORY, Home
from pipelines.operate import audit, signatures, succession
from pipelines.register import contracts, durations, exceptions, policy, published
from pipelines.register.document import EXPECTATIONS

LONGEST_SECONDS = 30  # for one input: far more than any takes, on a machine that is busy
AT = datetime(2026, 6, 30, 12, tzinfo=UTC)


class LostError(AssertionError):
    """Something that was read is neither a row nor refused."""


@dataclass(frozen=True, slots=True)
class Target:
    """`inputs`: what it is fed; `feed`: reads one; `weight`: of a million inputs, how many are its.

    `words`: what the reader looks for, for the neighbours of an input.
    """

    inputs: SearchStrategy
    feed: Callable
    weight: int
    words: tuple[str, ...] = ()


def fed(target: Target, value) -> None:
    """Feed one input; whatever is neither taken nor refused in our words raises, and so does what takes too long."""
    with _in_time():
        try:
            target.feed(value)
        except AlpiaError as error:
            if not f"{error}".strip():
                raise LostError("refused without a word") from error


@contextmanager
def _in_time():
    def too_long(number, frame):
        raise TimeoutError(f"not done after {LONGEST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- inputs ---------------------------------------------------------------------------------------------------------

def texts(*words: str, most: int = 12) -> SearchStrategy[str]:
    """Texts made of the words that the reader looks for, and of anything between them."""
    return st.lists(st.sampled_from(words) | st.text(max_size=4), max_size=most).map("".join)


def values(*words: str) -> SearchStrategy:
    """Whatever JSON can say, with these words for keys and texts."""
    leaf = (st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(words)
            | st.integers(-10**18, 10**18))
    return st.recursive(leaf, lambda inner: st.lists(inner, max_size=4)
                        | st.dictionaries(st.sampled_from(words) | st.text(max_size=3), inner, max_size=8), max_leaves=25)


def mostly(usual: SearchStrategy, *words: str) -> SearchStrategy:
    """What belongs there in nine cases of ten, so that several such may stand together; else whatever JSON can say."""
    return st.integers(0, 9).flatmap(lambda place: usual if place else values(*words))


def json_texts(strategy: SearchStrategy) -> SearchStrategy[str]:
    """As JSON, sometimes cut off, deep beyond reason, or with a number of thousands of digits."""
    whole = strategy.map(json.dumps)
    return (whole | whole | whole | st.tuples(whole, st.integers(0, 400)).map(lambda pair: pair[0][:pair[1]])
            | st.integers(900, 1100).map(lambda deep: "[" * deep + "]" * deep)
            | st.tuples(whole, whole).map(lambda pair: f'{{"a": {"9" * 5000}, "b": {pair[0]}}}'))


LINE_ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\n\n", "\x00\n", "\x85", "\u2028", ""])
STRAY = st.binary(max_size=3)


def file_of(line: SearchStrategy[str], first: str = "") -> SearchStrategy[bytes]:
    """A file of lines: with a header or without, with damage between them."""
    joined = st.lists(st.tuples(line, LINE_ENDS).map("".join).map(lambda text: text.encode("utf-8", "surrogatepass"))
                      | STRAY, max_size=8)
    return st.tuples(st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe"]), joined).map(
        lambda parts: parts[0] + first.encode() + b"".join(parts[1]))


TOML_WORDS = (
    '""', '"x"', "0", "-1", "1.5", "nan", "true", "2026-06-30", "2026-06-30T10:00:00", "10:00:00", "[]", "[1]", '["a", "a"]',
    "{}", "{ a = 1 }", "9" * 5000, "0x" + "f" * 5000, '"' + "é" * 300 + '"', '"\\u0000"', '"../x"', '"a b"', '"SELECT 1"',
    '"SELECT 1; SELECT 2"', '"https://example.org/x"', "[[[[]]]]", '"%"', '"$time_local"', '"*"', '"["', "1e999")
TOML_VALUES = st.sampled_from(TOML_WORDS)


def edited(text: str) -> SearchStrategy[str]:
    """A file that somebody edited: lines taken out, doubled, moved, cut, and values replaced."""
    whole = text.splitlines()
    edit = st.tuples(st.sampled_from(["drop", "double", "cut", "value", "key", "table", "any", "move"]),
                     st.integers(0, len(whole) - 1), st.integers(0, len(whole) - 1), TOML_VALUES, st.text(max_size=6))

    def apply(edits) -> str:
        held = list(whole)
        for what, at, other, value, some in edits:
            at, other = at % len(held), other % len(held)
            line = held[at]
            held[at] = {"drop": "", "double": f"{line}\n{line}", "cut": line[:len(line) // 2],
                        "value": f"{line.split('=')[0]}= {value}", "key": f"{some or 'x'} = {value}",
                        "table": f"[{some or 'x'}]", "any": some, "move": held[other]}[what]
        return "\n".join(held)

    return st.lists(edit, min_size=1, max_size=3).map(apply)


# --- where it is read -------------------------------------------------------------------------------------------------

@cache
def _home() -> Home:
    home = Home(Path(tempfile.mkdtemp(prefix="alpia-fuzz-")))
    home.prepare()
    return home


def _file(name: str, content: str | bytes) -> Path:
    path = _home().path / name
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return path


@cache
def _contracts():
    return contracts.load()


@cache
def _policy():
    return policy.load()


@cache
def _memory() -> warehouse.Connection:
    connection = warehouse.memory()
    connection.execute("CREATE SCHEMA staging")
    return connection


# --- what is fed ------------------------------------------------------------------------------------------------------

def _duration(text: str) -> None:
    told = durations.parse(text)
    if told is not None and durations.parse(told.iso) != told:
        raise LostError(f"{told} is not read back from {told.iso}")


def _cookies(text: str) -> None:
    for at, headers in set_cookie.of_file(text, AT):
        set_cookie.of_headers(headers, "example.org", at)
    set_cookie.parsed(text, "example.org", AT)


def _page(text: str) -> None:
    published.compare(published.lines_of_page(text), _policy())


def _plain_text(text: str) -> None:
    published.compare(published.lines_of_text(text), _policy())


def _json_lines(content: bytes) -> None:
    path, refusals = _file("rows.jsonl", content), Refusals()
    taken = list(lines.json_records(path, "rows.jsonl", refusals))
    _account(content, len(taken) + refusals.rows)
    for _, record in taken:
        if not all(value is None or isinstance(value, str) for value in record.values()):
            raise LostError("a value is no text")


def _csv_lines(content: bytes) -> None:
    path, refusals = _file("rows.csv", content), Refusals()
    taken = list(lines.csv_records(path, "rows.csv", ",", 3, refusals))
    inside = sum(field.count("\n") for _, fields in taken for field in fields)
    header = content.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    _account(content, len(taken) + inside + refusals.rows + bool(header.strip()))


def _account(content: bytes, told: int) -> None:
    """Each line that is not blank is accounted for, counted independently."""
    whole = content.removeprefix(b"\xef\xbb\xbf")
    held = sum(bool(line.strip()) for line in whole.split(b"\n"))
    if told != held:
        raise LostError(f"{told} of {held} lines are told of")


def _toml_rows(text: str) -> None:
    path, refusals = _file("rows.toml", text), Refusals()
    toml.keys(path, "rows.toml", "attestations")
    taken = list(toml.records(path, "rows.toml", "attestations", refusals))
    if len(taken) + refusals.rows != len(toml._read(path, "rows.toml", "attestations")[0]):
        raise LostError("a row is neither taken nor refused")


RESTIC_LISTED = Catalogue("r", RESTIC, ("x",), servers=Names(one="s1"), sources=Names(by={"host": "h1"}),
                          volumes=Names(by={"/srv": "v1"}), holds_trash=True)
PGBACKREST_LISTED = Catalogue("p", PGBACKREST, ("x",), servers=Names(one="s1"), sources=Names(one="h1"),
                              volumes=Names(by={"main": "v1"}))


def _restic(text: str) -> None:
    listing = listings._parsed(text, "x.json", restic.COMMAND)
    _entries(list(restic.entries(RESTIC_LISTED, listing, "x.json", {})))


def _pgbackrest(text: str) -> None:
    listing = listings._parsed(text, "x.json", pgbackrest.COMMAND)
    _entries(list(pgbackrest.entries(PGBACKREST_LISTED, listing, "x.json")))


def _entries(entries: list) -> None:
    if [entry.number for entry in entries] != list(range(1, len(entries) + 1)):
        raise LostError("an entry has no number of its own")
    if any((entry.values is None) == (entry.reason is None) for entry in entries):
        raise LostError("an entry is neither taken nor refused")


def _restic_log(text: str) -> None:
    restic.outcomes([("x.log", text)])


def _scan(text: str) -> None:
    refusals = Refusals()
    taken = {number for number, _ in sslyze.rows(_file("scan.json", text), "scan.json", refusals)}
    saved = json.loads(text)
    if len(taken) + refusals.rows < len(saved["server_scan_results"]):
        raise LostError("a server is neither taken nor refused")


def _log_format(text: str) -> None:
    formats.compiled(text, {})


def _sources(text: str) -> None:
    sources.load(_file("sources.toml", text), _contracts())


def _exceptions(text: str) -> None:
    exceptions.load(_policy(), _contracts(), own=_file("exceptions.toml", text))


def _contracts_toml(text: str) -> None:
    contracts.load(_file("contracts.toml", text))


def _policy_toml(text: str) -> None:
    rules = _home().path / "rules"
    if not rules.exists():
        rules.symlink_to(EXPECTATIONS / "rules")
    policy.load(_file("policy.toml", text), contracts=_contracts())


def _staged(content: bytes, name: str, dataset: str) -> None:
    """The whole way of a file into staging; every line ends there, or is refused."""
    _file(name, content)
    contract, connection = _contracts()[dataset], _memory()
    connection.execute(f"DROP TABLE IF EXISTS {table_of(contract)}")
    staged = files.stage_one(connection, _home(), Source("records", "files", {dataset: name}), contract)
    rows = connection.execute(f"SELECT count(*) FROM {table_of(contract)}").fetchone()[0]
    written = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    held = sum(bool(line.strip()) for line in written[name.endswith(".csv"):])
    if b'"' not in content and rows + staged.refusals.rows != held:
        raise LostError(f"{rows} rows and {staged.refusals.rows} refused, of {held} lines")


def _attestations(content: bytes) -> None:
    _staged(content, "attestations.csv", "attestations")


def _declared(content: bytes) -> None:
    _staged(content, "declared.csv", "declared_cookies")


def _opt_outs(content: bytes) -> None:
    _staged(content, "opt_outs.jsonl", "opt_outs")


def _evidence(text: str) -> None:
    folder = _home().path / "filed" / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("000001.json", "head.json"):
        (folder / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    (folder / "evidence.pub").write_bytes(signatures.pem(key.public_key()))
    (folder / "000001.sig").write_bytes(key.sign((folder / "000001.json").read_bytes()))
    if not audit.verify(folder.parent).findings:  # the head is signed by nobody
        raise LostError("nothing was found of what nobody signed")


def _header(dataset: str) -> str:
    return ",".join(_contracts()[dataset].columns) + "\n"


DURATION_WORDS = ("13", "1", " ", "mois", "an", "ans", "jours", "h", "30", "PT", "P", "1Y", "M", "et", ",", ".",
                  "session", "year", "minutes", "½", "٣", "0", "999999999999", "m", "s", "T")
COOKIE_WORDS = ("Set-Cookie: ", "a=b", ";", "Max-Age=", "99999999999999999999", "-1", "Expires=",
                "Wed, 21 Oct 2026 07:28:00 GMT", "Domain=", ".example.org", "Path=/", "HTTP/1.1 200\n", "Date: ",
                "Mon, 01 Jan 0000 25:61:61 +9999", "+99999999999999", "\n", "\r\n", "=", "31 Feb 1600 1:1:1", ":", ",",
                "Jan")
PAGE_WORDS = ("<p>", "</p>", "<div hidden>", "<", ">", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script>",
              "<style>", "&#", "&amp;", "&#x110000;", "<li>", "<br/>", "<svg/>", "<pre>", "\n", "Cookies", "<a href='",
              "'", "\"", "<?", "?>", "<!doctype", "<table><tr><td>", "</", "<h1>", "\x00", "\xad")
RESTIC_WORDS = ("id", "time", "hostname", "paths", "excludes", "snapshots", "group_key", "keep", "a" * 64, "host", "/srv",
                ".", "*", "2026-06-30T10:00:00.123456789+02:00", "[", "**", "/")
PGBACKREST_WORDS = ("backup", "repo", "status", "code", "key", "name", "main", "label", "timestamp", "start", "stop",
                    "database", "repo-key", "id", "system-id", "error", "db", "20260630-100000F")
SCAN_WORDS = ("server_scan_results", "date_scans_started", "server_location", "hostname", "port", "scan_result",
              "scan_status", "COMPLETED", "status", "result", "accepted_cipher_suites", "rejected_cipher_suites",
              "cipher_suite", "openssl_name", "name", "tls_1_2_cipher_suites", "invalid_server_strings", "NOT_SCHEDULED")
LOG_WORDS = ("exit 0\n", "exit 3\n", "snapshot abcdef12 saved\n", "error: x\n", "Fatal: x\n",
             '{"message_type": "summary"', ', "snapshot_id": "abcdef1234"}', "{", "}", "\n", '{"error_count": 1}', "[]",
             "{" * 1200, '{"a":' + "9" * 5000 + "}")
FORMAT_WORDS = ("%h", "%l", "%t", "%{", "}t", "}i", "%>s", "%b", "\"", "\\\"", "$remote_addr", "$time_local", "$status",
                "${", "}", "'", "log_format x ", ";", "[", "]", " ", "json", "combined", "{\"a\":", "\"$msec\"", ",",
                "%{%d/%b}t", "LogFormat \"", "%!", "escape=json", "$body_bytes_sent", "%%", "%", "$", "\\")
STANZA = st.fixed_dictionaries({"backup": st.lists(values(*PGBACKREST_WORDS), max_size=3),
                                "repo": st.lists(values(*PGBACKREST_WORDS) | st.just({"key": 1, "status": {"code": 0}}),
                                                 max_size=2),
                                "db": values(*PGBACKREST_WORDS)}, optional={"name": values(*PGBACKREST_WORDS)})
PATTERNS = st.sampled_from(["/srv", ".", "..", "*", "**", "[", "/", "//", "", " ", "\x00", "a/../b"]) | st.text(max_size=3)
SNAPSHOT = st.fixed_dictionaries({
    "id": mostly(st.just("a" * 64), *RESTIC_WORDS), "time": mostly(st.text(max_size=40), *RESTIC_WORDS),
    "paths": mostly(st.just(["/srv"]) | st.lists(PATTERNS, max_size=3), *RESTIC_WORDS),
    "excludes": mostly(st.lists(PATTERNS, max_size=3), *RESTIC_WORDS), "hostname": mostly(st.just("host"), *RESTIC_WORDS)})
SCAN_PART = st.fixed_dictionaries({"status": mostly(st.just("COMPLETED"), *SCAN_WORDS), "result": st.fixed_dictionaries({
    name: st.lists(values(*SCAN_WORDS), max_size=2) | values(*SCAN_WORDS)
    for name in ("accepted_cipher_suites", "rejected_cipher_suites")}) | values(*SCAN_WORDS)})
SCANNED = st.fixed_dictionaries({
    "server_location": st.fixed_dictionaries({"hostname": mostly(st.text(max_size=9), *SCAN_WORDS),
                                              "port": mostly(st.integers(), *SCAN_WORDS)}) | values(*SCAN_WORDS),
    "scan_status": mostly(st.just("COMPLETED"), *SCAN_WORDS),
    "scan_result": st.dictionaries(st.sampled_from(list(sslyze.PARTS)), SCAN_PART | values(*SCAN_WORDS), max_size=2)})
CELLS = ("2026-06-30", "2026-06-30T10:00:00Z", "x", "", '"', '"a,b"', "true", "é", "0", "\x00", "'")
ROW = st.lists(st.sampled_from(CELLS) | st.text(max_size=4), max_size=9).map(",".join)
KEYS = ("email_id", "recipient_id", "opted_out_at", "opted_in_at", "channel", "x", "")
KEYED = st.dictionaries(st.sampled_from(KEYS), values("x", "2026-06-30T10:00:00Z"), max_size=5)
MANIFEST_WORDS = ("sequence", "previous", "outputs", "path", "sha256", "bytes", "key", "digest", "signature",
                  "../x", "run", "0" * 64, "countersignature", "successor", "public_key", "format", succession.FORMAT)
STATEMENT = st.fixed_dictionaries({"countersignature": st.just("00" * 64), "format": st.just(succession.FORMAT),
                                   "outputs": values(*MANIFEST_WORDS), "previous": st.none(),
                                   "sequence": mostly(st.just(1), *MANIFEST_WORDS),
                                   "successor": values(*MANIFEST_WORDS) | st.fixed_dictionaries(
                                       {"key": st.text(max_size=3), "public_key": mostly(st.text(), *MANIFEST_WORDS)})})
CANONICAL = STATEMENT.map(lambda told: json.dumps(told, separators=(",", ":")))

EXAMPLE = REPOSITORY / "data" / "sources.example.toml"
SET_APART = """[[exception]]
id = "a"
kind = "legal_hold"
subjects = ["account-1"]
why = "a case"
who = "counsel"
from = 2026-01-01
until = 2026-12-31
[[confirmation]]
id = "b"
guard = "fewer_rows"
concerns = "accounts"
night = 2026-06-29
why = "moved"
who = "operations"
confirmed = 2026-06-30"""

TARGETS: dict[str, Target] = {
    "durations": Target(texts(*DURATION_WORDS), _duration, 140_000, DURATION_WORDS),
    "set_cookie": Target(texts(*COOKIE_WORDS), _cookies, 140_000, COOKIE_WORDS),
    "policy_page": Target(texts(*PAGE_WORDS, most=30), _page, 60_000, PAGE_WORDS),
    "policy_text": Target(texts("Cookies", "\n", "•", "\x0b", "\u2028", most=20), _plain_text, 30_000),
    "json_lines": Target(file_of(json_texts(KEYED)), _json_lines, 70_000, KEYS),
    "csv_lines": Target(file_of(ROW, "a,b,c\n"), _csv_lines, 70_000, CELLS),
    "toml_rows": Target(edited('[[attestations]]\nattestation_id = "a"\nstated_on = 2026-06-30\n[[attestations]]\nkind = "b"'
                               ), _toml_rows, 60_000, TOML_WORDS),
    "restic_listing": Target(json_texts(st.lists(SNAPSHOT | values(*RESTIC_WORDS), max_size=3)), _restic, 60_000,
                             RESTIC_WORDS),
    "restic_log": Target(texts(*LOG_WORDS), _restic_log, 70_000, LOG_WORDS),
    "pgbackrest": Target(json_texts(st.lists(STANZA | values(*PGBACKREST_WORDS), max_size=3)), _pgbackrest, 60_000,
                         PGBACKREST_WORDS),
    "sslyze": Target(json_texts(st.fixed_dictionaries({"server_scan_results": st.lists(SCANNED | values(*SCAN_WORDS),
                                                                                          max_size=2)})
                                | values(*SCAN_WORDS)), _scan, 50_000, SCAN_WORDS),
    "log_format": Target(texts(*FORMAT_WORDS), _log_format, 60_000, FORMAT_WORDS),
    "sources_toml": Target(edited(EXAMPLE.read_text(encoding="utf-8")), _sources, 30_000, TOML_WORDS),
    "exceptions_toml": Target(edited(SET_APART), _exceptions, 40_000, TOML_WORDS),
    "contracts_toml": Target(edited((EXPECTATIONS / "contracts.toml").read_text(encoding="utf-8")), _contracts_toml, 10_000,
                             TOML_WORDS),
    "policy_toml": Target(edited((EXPECTATIONS / "policy.toml").read_text(encoding="utf-8")), _policy_toml, 10_000,
                          TOML_WORDS),
    "attestations": Target(st.deferred(lambda: file_of(ROW, _header("attestations"))), _attestations, 20_000, CELLS),
    "declared_cookies": Target(st.deferred(lambda: file_of(ROW, _header("declared_cookies"))), _declared, 20_000, CELLS),
    "opt_outs": Target(file_of(json_texts(KEYED)), _opt_outs, 20_000, KEYS),
    "evidence": Target(json_texts(values(*MANIFEST_WORDS)) | CANONICAL, _evidence, 30_000, MANIFEST_WORDS),
}
