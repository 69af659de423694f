"""`make bench`: what verification and collection cost beside their floors and their peers, on this machine, in one run.

`python -m tests.benchmarks [--rows N] [--collected N] [--times N] [--only verification|collection]` prints a Markdown table
for each and writes both to tests/benchmarks/latest.md.
"""

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import collecting, machine
from tests.benchmarks.checks import RULES

LATEST = Path(__file__).parent / "latest.md"
CONTENDERS = {
    "floor": "hand-tuned SQL, one SELECT a table",
    "ours": "ours",
    "each": "one query a check",
    "stock": "Great Expectations as it comes",
}
READING = ("Wall, CPU and peak memory are of the whole process, from the start of Python to its end, imports included; of "
           "several runs the quickest counts. Other work on the machine lengthens wall more than CPU.")


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
    options.add_argument("--only", choices=("verification", "collection"))
    chosen = options.parse_args()
    with _written() as parts:
        if chosen.only != "collection":
            parts.append(verification(chosen.rows, chosen.times))
        if chosen.only != "verification":
            parts.append(collection(chosen.collected, chosen.times))


if __name__ == "__main__":
    main()
