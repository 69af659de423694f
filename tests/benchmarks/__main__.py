"""`make bench`: what verification, collection and traffic cost beside floors and peers; reports; encryption; whole nights.

`python -m tests.benchmarks [--rows N] [--collected N] [--lines N] [--long] [--accounts N] [--large N]
[--times N] [--only verification|collection|traffic|reports|encryption|night]` prints Markdown tables of each and writes them
to tests/benchmarks/latest.md.
"""

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import access_log, collecting, encryption, machine, nights, overnight, peers, reporting
from tests.benchmarks import traffic as logs
from tests.benchmarks.checks import RULES

LATEST = Path(__file__).parent / "latest.md"
CONTENDERS = {
    "floor": "hand-tuned SQL, one SELECT a table",
    "ours": "ours",
    "each": "one query a check",
    "stock": "Great Expectations as it comes",
}
READING = ("Wall, CPU and peak memory are of the whole process, from the start of Python to its end, imports included; of "
           "several runs the quickest counts. Other work on the machine lengthens wall more than CPU. Processes that a "
           "contender starts count with it, in memory too.")
TRAFFIC = {
    "floor": "{reader} and count lines",
    "goaccess": "GoAccess {version} as it comes",
    "clickhouse": "ClickHouse {version} (chdb), all at once in memory, for some of the figures",
    "clickhouse_daily": "ClickHouse {version} (chdb), a file at a time onto the disk, for all of them",
    "polars": "polars {version}, for some of the figures",
    "ours": "ours",
}
READERS = {access_log.PLAIN: "`cat`", access_log.GZIPPED: "`zcat`"}


def verification(rows: int, times: int) -> str:
    """The Markdown section on verification; AssertionError where a contender does not count what was planted."""
    planted = {rule.name: rule.breaches for rule in RULES}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "bench.duckdb")
        made = sum(machine.cost("tests.benchmarks.build", path, str(rows)).told.values())
        costs = [(words, machine.best("tests.benchmarks.verifying", name, path, times=times))
                 for name, words in CONTENDERS.items()]
    for words, one in costs:
        wrong = {name: (one.told["breaches"].get(name), number) for name, number in planted.items()
                 if one.told["breaches"].get(name) != number}
        assert not wrong, f"{words} miscounted (counted, planted): {wrong}"
    table = machine.table(costs, {"imports": "imports", "work": "work"}, CONTENDERS["floor"])
    return (f"## Verification: {len(RULES)} checks on {made:,} rows in five tables\n\n{table}\n\n"
            "All count the same breaches; ours also counts rows and NULLs of every check.\n")


def collection(rows: int, times: int) -> str:
    """The Markdown section on collection from PostgreSQL."""
    with collecting.server(rows) as place:
        costs = [(words, machine.best("tests.benchmarks.collecting", name, place, times=times))
                 for name, words in collecting.CONTENDERS.items()]
    kept = {one.told["rows"] for _, one in costs}
    assert kept == {rows}, f"not every contender kept {rows} rows: {kept}"
    told = dict(costs)
    bare, ours = (told[words].told for words in collecting.CONTENDERS.values())
    aside = (ours["work"] - ours["pseudonyms"]) / bare["work"]
    table = machine.table(costs, {"work": "work", "pseudonyms": "of which pseudonyms"}, collecting.CONTENDERS["bare"])
    return (f"## Collection from PostgreSQL: {rows:,} rows of 8 columns\n\n{table}\n\n"
            f"Pseudonyms aside, ours takes {aside:.2f} times the floor.\n")


def traffic(lines: int, times: int) -> str:
    """The Markdown section on traffic; AssertionError where a contender does not count what was written."""
    logs.require_peers()
    with tempfile.TemporaryDirectory() as folder, machine.two_cores():
        written = machine.cost("tests.benchmarks.access_log", folder, f"{logs.FIRST_DAY}", f"{logs.DAYS}",
                               f"{lines // logs.DAYS}").told
        truth = access_log.total(written)
        tables = [_traffic_table(Path(folder) / kind, truth, times) for kind in READERS]
    return (f"## Traffic: {truth['lines']:,} combined lines in {logs.DAYS} files, on two cores\n\n" + "\n\n".join(tables)
            + f"\n\nAll that count hits count the same {truth['hits']:,}, {truth['odd']:,} odd ones among them, and set the "
            f"{truth['set_aside']} broken lines aside; their bytes and visitors agree. GoAccess ran once.\n")


def _traffic_table(folder: Path, truth: dict[str, int], times: int) -> str:
    costs = {name: _traffic_cost(name, folder, times) for name in TRAFFIC}
    for name, one in costs.items():
        wrong = {key: (one.told[key], number) for key, number in truth.items() if one.told.get(key, number) != number}
        assert not wrong, f"{name} miscounted the {folder.name} lines (counted, written): {wrong}"
    rows = {name: (words.format(reader=READERS[folder.name], version=costs[name].told.get("version")), costs[name])
            for name, words in TRAFFIC.items()}
    size = sum(file.stat().st_size for file in folder.iterdir()) / 2**20
    table = machine.table(list(rows.values()), {"work": "work"}, rows["floor"][0])
    ahead = costs["goaccess"].wall_seconds / costs["ours"].wall_seconds
    return f"{folder.name.capitalize()} files, {size:,.0f} MiB:\n\n{table}\n\nOurs is {ahead:.1f} times as fast as GoAccess."


def _traffic_cost(name: str, folder: Path, times: int) -> machine.Cost:
    if name in peers.CONTENDERS:
        return machine.best("tests.benchmarks.peers", name, f"{folder}", times=times, python=machine.PEERS)
    times = 1 if name == "goaccess" else times  # it takes minutes
    return machine.best("tests.benchmarks.traffic", name, f"{folder}", times=times)


def next_night(histories: tuple[int, ...], times: int) -> str:
    """The Markdown section on what one more day costs after histories of so many days."""
    with machine.two_cores():
        costs = [(f"after {history:,} days", nights.measure(history, nights.LINES, times)) for history in histories]
    table = machine.table(costs, {"history": "its first collection", "work": "work"}, costs[0][0])
    return (f"## Traffic: the next night after a history, {nights.LINES:,} gzipped lines a day\n\n{table}\n\n"
            "All files stay in the folder; the night reads what is new, and its table stands for all days.\n")


def reports(accounts: int, times: int) -> str:
    """The Markdown section on reports: seconds and size of each in every format."""
    with machine.two_cores():
        told = machine.cost("tests.benchmarks.reporting", f"{accounts}", f"{times}").told
    head = [f"{what}, {format_.upper()}" for what in ("seconds", "size") for format_ in reporting.FORMATS]
    lines = [f"| report | {' | '.join(head)} |", "|---" * (len(head) + 1) + "|"]
    for name, formats in told["reports"].items():
        seconds, sizes = zip(*(formats[format_] for format_ in reporting.FORMATS), strict=True)
        cells = [*(f"{one:.2f} s" for one in seconds), *(f"{one / 2**20:.2f} MiB" for one in sizes)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    table, (seconds, size) = "\n".join(lines), told["rows"]
    return (f"## Reports: a demo of {accounts:,} accounts\n\n{table}\n\n"
            f"The browser that prints them all takes {told['start']:.2f} s to open. A workbook of {reporting.ROWS:,} rows "
            f"of 8 columns takes {seconds:.2f} s ({size / 2**20:.1f} MiB).\n")


def encrypted(rows: int, times: int) -> str:
    """The Markdown section on what the encryption of the warehouse costs."""
    with tempfile.TemporaryDirectory() as folder, machine.two_cores():
        told = encryption.table(*encryption.measure(Path(folder), rows, times))
    return (f"## Encryption of the warehouse: {rows:,} rows in five tables\n\n{told}\n\n"
            "Each in a process of its own that has everything imported; of several, the one with least CPU counts.\n")


def night(accounts: int, times: int) -> str:
    """The Markdown section on whole nights: beside their bare work, by size, and by what is behind them."""
    with machine.two_cores():
        costs = overnight.measure(accounts, times)
        followed = [(overnight.told(nights), overnight.after(nights, times)) for nights in overnight.HISTORIES]
    tables = [f"{size:,} accounts:\n\n" + machine.table(
        [("the bare work, in one process", both["bare"]), ("the night", both["night"])], {"work": "work"},
        "the bare work, in one process") for size, both in costs.items()]
    (_, smaller), (_, larger) = costs.items()
    growth = {what: overnight.exponent(larger[what].told["work"], smaller[what].told["work"]) for what in larger}
    over = larger["night"].wall_seconds / larger["bare"].told["work"] - 1
    after = machine.table(followed, {"work": "work"}, followed[0][0])
    return (f"## The night: a demo of {accounts:,} accounts\n\n" + "\n\n".join(tables) + "\n\n"
            f"The whole night takes {over:.0%} more than its bare work, which has everything imported. From a tenth of the "
            f"accounts to all of them the bare work grows as their number to the {growth['bare']:.2f}, the night to the "
            f"{growth['night']:.2f}.\n\nA night of a demo of {overnight.SMALL:,} accounts:\n\n{after}\n\n"
            "The CPU of a night is not told here: its processes end with one that nobody waits for.\n")


@contextlib.contextmanager
def _written() -> Iterator[list[str]]:
    parts = [f"# Benchmarks\n\nMeasured on {machine.description()}. {READING}\n"]
    yield parts
    text = "\n".join(parts)
    LATEST.write_text(text, encoding="utf-8")
    print(text)


def main() -> None:
    options = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=10_000_000, help="rows to verify")
    options.add_argument("--collected", type=int, default=1_000_000, help="rows to collect")
    options.add_argument("--times", type=int, default=3, help="runs of each, of which the quickest counts")
    options.add_argument("--lines", type=int, default=10_000_000, help="lines of access logs to read")
    options.add_argument("--long", action="store_true", help="the next night after 1,000 days too")
    options.add_argument("--accounts", type=int, default=5_000, help="accounts of the demo that is reported")
    options.add_argument("--large", type=int, default=100_000, help="accounts of the demo whose whole night is measured")
    options.add_argument("--only", choices=("verification", "collection", "traffic", "reports", "encryption", "night"))
    chosen = options.parse_args()
    histories = nights.LONG_HISTORIES if chosen.long else nights.HISTORIES
    sections = {
        "verification": (lambda: verification(chosen.rows, chosen.times),),
        "collection": (lambda: collection(chosen.collected, chosen.times),),
        "traffic": (lambda: traffic(chosen.lines, chosen.times), lambda: next_night(histories, chosen.times)),
        "reports": (lambda: reports(chosen.accounts, chosen.times),),
        "encryption": (lambda: encrypted(chosen.rows // 4, chosen.times),),
        "night": (lambda: night(chosen.large, chosen.times),),
    }
    wanted = [chosen.only] if chosen.only else list(sections)
    if "traffic" in wanted:
        logs.require_peers()
    with _written() as parts:
        parts += [measured() for name in wanted for measured in sections[name]]


if __name__ == "__main__":
    main()
