"""A million inputs to all readers and loaders: `make fuzz`; --inputs says how many, --only which target."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from time import perf_counter

import click

sys.path.insert(0, str(Path(__file__).parent))

from running import run  # noqa: E402
from targets import TARGETS  # noqa: E402


@click.command()
@click.option("--inputs", type=int, default=1_000_000, show_default=True)
@click.option("--only", type=click.Choice(list(TARGETS)), multiple=True)
@click.option("--seed", type=int, default=None, help="The first seed; by default another one each time.")
@click.option("--workers", type=int, default=os.cpu_count(), show_default=True)
def main(inputs: int, only: tuple[str, ...], seed: int | None, workers: int) -> None:
    """Fuzz; the exit status is 1 where an input crashed a reader, kept it busy, or was lost."""
    first = int.from_bytes(os.urandom(4)) if seed is None else seed
    chosen = only or tuple(TARGETS)
    whole = sum(TARGETS[name].weight for name in chosen)
    click.echo(f"seed {first}")
    failed, done, started = 0, 0, perf_counter()
    with ProcessPoolExecutor(workers) as pool:
        jobs = {pool.submit(run, name, -(-TARGETS[name].weight * inputs // whole), first): name for name in chosen}
        for job in as_completed(jobs):
            error = job.exception()
            if error:
                failed += 1
                click.echo(f"FAILED {jobs[job]}: {type(error).__name__}: {error}")
                click.echo("\n".join(getattr(error, "__notes__", ())))
            else:
                done += job.result()
                click.echo(f"{jobs[job]:<18} {job.result():>9} inputs, {perf_counter() - started:6.0f} s")
    click.echo(f"{done} inputs, {failed} targets failed.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
