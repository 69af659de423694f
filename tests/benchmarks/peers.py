"""Two engines that read access logs as we do: what someone who knows them would write for the same traffic figures.

`python -m tests.benchmarks.peers clickhouse|clickhouse_daily|polars FOLDER` prints what was counted and the seconds of work.

Of every day: hits and bytes, visitors (address and agent), their visits (a pause of more than half an hour ends one),
browsers and referring hosts. A line is split at its quotes, which is much quicker than a regular expression for every line;
only those that do not split into seven parts are read by one. Runs in an environment of its own (requirements-bench.lock),
without our package.
"""

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.clickhouse import clickhouse, clickhouse_daily
from tests.benchmarks.figures import COMBINED, CORES, FAMILIES, GAP_SECONDS, LOGS, OTHER


def polars(folder: Path) -> dict[str, int]:
    """polars, its streaming engine; it decompresses by itself."""
    os.environ["POLARS_MAX_THREADS"] = str(CORES)
    import polars as pl

    part = [pl.col("part").struct.field(f"field_{i}") for i in range(8)]
    is_plain = (part[6] == "") & part[7].is_null() & (part[4] == " ")
    line, found = pl.col("line"), [pl.col("found").struct.field(str(i)) for i in range(1, 7)]

    def either(quick: pl.Expr, exact: pl.Expr) -> pl.Expr:
        return pl.when("is_plain").then(quick).otherwise(exact)

    head = part[0].str.splitn(" ", 2).struct.field("field_0")
    moment = part[0].str.splitn("[", 2).struct.field("field_1").str.head(26)
    hits = (
        pl.scan_lines(sorted(folder.glob(LOGS)))
        .with_columns(part=line.str.split_exact('"', 7))
        .with_columns(is_plain=is_plain.fill_null(False))
        .with_columns(found=pl.when(~pl.col("is_plain")).then(line).str.extract_groups(COMBINED))
        .select(
            address=either(head, found[0]),
            at=either(moment, found[1]).str.to_datetime("%d/%b/%Y:%H:%M:%S %z", strict=False),
            status=either(part[2].str.slice(1, 3), found[2]).cast(pl.UInt16, strict=False),
            size=either(part[2].str.slice(5).str.strip_chars_end(), found[3]).cast(pl.UInt64, strict=False),
            host=either(part[3], found[4]).str.splitn("/", 4).struct.field("field_2"),
            agent=either(part[5], found[5]))
        .select(
            "agent", "host", "size", visitor=pl.struct("address", "agent").hash(), second=pl.col("at").dt.epoch("s"),
            day=pl.when(pl.col("status").is_not_null()).then(pl.col("at").dt.convert_time_zone("Europe/Paris").dt.date()))
        .group_by("day", "visitor", "agent", "host")
        .agg(hits=pl.len(), bytes=pl.col("size").sum(), moments=pl.col("second"))
        .collect(engine="streaming"))
    kept = hits.lazy().filter(pl.col("day").is_not_null())
    family = pl.lit(OTHER)
    for pattern, name in reversed(FAMILIES.items()):
        family = pl.when(pl.col("agent").str.contains(pattern)).then(pl.lit(name)).otherwise(family)
    visits = (kept.explode("moments").sort("day", "visitor", "moments").group_by("day", "visitor", maintain_order=True)
              .agg(visits=1 + (pl.col("moments").diff() > GAP_SECONDS).sum()))
    days, visits, browsers, hosts = pl.collect_all([
        kept.group_by("day").agg(pl.col("hits", "bytes").sum()),
        visits.group_by("day").agg(pl.len().alias("visitors"), pl.col("visits").sum()),
        (kept.group_by("day", "agent").agg(pl.col("hits").sum())
         .group_by("day", family.alias("family")).agg(pl.col("hits").sum())),
        kept.group_by("day", "host").agg(pl.col("hits").sum())], engine="streaming")
    lines, known = hits["hits"].sum(), days["hits"].sum()
    return {"lines": lines, "set_aside": lines - known, "hits": known, "bytes": days["bytes"].sum(),
            "visitors": visits["visitors"].sum(), "visits": visits["visits"].sum(), "browsers": browsers.height,
            "hosts": hosts.height}


CONTENDERS = {one.__name__: one for one in (clickhouse, clickhouse_daily, polars)}
DISTRIBUTIONS = {"clickhouse": "chdb-core", "clickhouse_daily": "chdb-core", "polars": "polars"}


def main(name: str, folder: str) -> None:
    started = time.perf_counter()
    counted = CONTENDERS[name](Path(folder))
    print(json.dumps(counted | {"work": time.perf_counter() - started, "version": version(DISTRIBUTIONS[name])}))


if __name__ == "__main__":
    main(*sys.argv[1:])
