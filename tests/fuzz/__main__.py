"""A million inputs to all readers and loaders: `make fuzz`; --inputs says how many, --only which target."""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import click

sys.path.insert(0, str(Path(__file__).parent))

from targets import TARGETS  # noqa: E402
from workers import Outcome, Portion, fuzzed  # noqa: E402

AT_ONCE = 5_000


@click.command()
@click.option("--inputs", type=int, default=1_000_000, show_default=True)
@click.option("--only", type=click.Choice(list(TARGETS)), multiple=True)
@click.option("--seed", type=int, default=None, help="The first seed; by default another one each time.")
@click.option("--workers", type=int, default=os.cpu_count(), show_default=True)
def main(inputs: int, only: tuple[str, ...], seed: int | None, workers: int) -> None:
    """Fuzz; the exit status is 1 where an input crashed a reader, kept it busy, or was lost, or where some were not fed."""
    first = int.from_bytes(os.urandom(4)) if seed is None else seed
    wanted = _shared_out(inputs, only or tuple(TARGETS))
    click.echo(f"seed {first}, {sum(wanted.values()):,} inputs, {workers} processes")
    started, held = monotonic(), []
    with _place_of_their_own():
        for outcome in fuzzed(_portions(wanted, first), workers):
            held.append(outcome)
            click.echo(f"{monotonic() - started:6.0f} s  {_told(outcome, _inputs(held), wanted)}")
    click.echo("\n".join(_table(wanted, held, monotonic() - started)))
    sys.exit(0 if _is_whole(wanted, held) else 1)


@contextmanager
def _place_of_their_own() -> Iterator[None]:
    """What the processes write goes with them; they inherit where it is."""
    before = tempfile.tempdir
    with TemporaryDirectory(prefix="alpia-fuzz-") as tempfile.tempdir:
        try:
            yield
        finally:
            tempfile.tempdir = before


def _shared_out(inputs: int, chosen: tuple[str, ...]) -> dict[str, int]:
    """How many of the inputs each target gets, by its weight; together at least as many."""
    whole = sum(TARGETS[name].weight for name in chosen)
    return {name: -(-TARGETS[name].weight * inputs // whole) for name in chosen}


def _portions(wanted: dict[str, int], first: int) -> Iterator[Portion]:
    """The targets in turns, so that one that fails is known early."""
    for turn in range(max(wanted.values()) // AT_ONCE + 1):
        for name, inputs in wanted.items():
            left = min(AT_ONCE, inputs - turn * AT_ONCE)
            if left > 0:
                yield Portion(name, left, first + turn)


def _told(outcome: Outcome, fed: Counter, wanted: dict[str, int]) -> str:
    name = outcome.portion.name
    if outcome.failure:
        return f"FAILED {name}, seed {outcome.portion.seed}: {outcome.failure}"
    return f"{name:<17} {fed[name]:>9,} of {wanted[name]:,}"


def _table(wanted: dict[str, int], held: list[Outcome], wall: float) -> Iterator[str]:
    fed, took = _inputs(held), Counter()
    for one in held:
        took[one.portion.name] += one.seconds
    yield f"\n{'target':<17} {'inputs':>10} {'seconds':>8} {'a second':>9}"
    for name in wanted:
        is_broken = any(one.failure for one in held if one.portion.name == name)
        yield (f"{name:<17} {fed[name]:>10,} {took[name]:>8.0f} {fed[name] / max(took[name], 0.001):>9,.0f}"
               + ("  FAILED" if is_broken else "" if fed[name] >= wanted[name] else "  NOT ALL WERE FED"))
    yield f"{'all':<17} {fed.total():>10,} {took.total():>8.0f} {fed.total() / max(wall, 0.001):>9,.0f}  in {wall:,.0f} s"
    yield (f"{fed.total():,} inputs: none crashed a reader, kept it busy or was lost." if _is_whole(wanted, held)
           else f"FAILED: {len({one.portion.name for one in held if one.failure})} of {len(wanted)} targets; see above.")


def _inputs(held: list[Outcome]) -> Counter:
    fed = Counter()
    for one in held:
        fed[one.portion.name] += one.inputs
    return fed


def _is_whole(wanted: dict[str, int], held: list[Outcome]) -> bool:
    return not any(one.failure for one in held) and all(_inputs(held)[name] >= wanted[name] for name in wanted)


if __name__ == "__main__":
    main()
