"""Two engines that read access logs as we do: what someone who knows them would write for the same traffic figures.

`python -m tests.benchmarks.peers clickhouse|polars FOLDER` prints what was counted and the seconds of work.

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

COMBINED = (r'^(\S+) \S+ \S+ \[([^\]]+)\] "(?:[^"\\]|\\.)*" (\d{3}) (\d+|-) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"$')
# The first that fits: the order decides, since many agents name several browsers.
FAMILIES = {r"(?i)bot|curl/|python-requests": "robot", "Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox",
            "Chrome/": "Chrome", "Version/.*Safari/": "Safari"}
OTHER = "other"
CORES, GAP_SECONDS, LOGS = 2, 1800, "access.log-*"

HITS = r"""CREATE TABLE hit ENGINE = Memory AS
WITH splitByChar('"', line) AS part, length(part) = 7 AND part[5] = ' ' AND part[7] = '' AS is_plain,
    if(is_plain, [], extractGroups(line, {combined:String})) AS found,
    position(part[1], ' ') AS space,
    if(is_plain, substring(part[1], 1, space - 1), found[1]) AS address,
    if(is_plain, substring(part[1], position(part[1], '[') + 1, 26), found[2]) AS stamp,
    parseDateTimeOrNull(stamp, '%d/%b/%Y:%H:%i:%S %z') AS at,
    toUInt16OrNull(if(is_plain, substring(part[3], 2, 3), found[3])) AS status,
    if(is_plain, trimRight(substring(part[3], 6)), found[4]) AS size,
    if(at IS NULL OR status IS NULL, NULL, toDate(at, 'Europe/Paris')) AS day
SELECT day, cityHash64(address, agent) AS visitor, if(is_plain, part[6], found[6]) AS agent,
    domain(if(is_plain, part[4], found[5])) AS host, count() AS hits, sum(toUInt64OrZero(size)) AS bytes,
    groupArray(toUInt32(coalesce(at, 0))) AS moments
FROM file({files:String}, LineAsString, 'line String')
GROUP BY day, visitor, agent, host"""
DAYS = """SELECT sum(hits), sum(bytes), sum(visitors), sum(visits) FROM (
    SELECT day, sum(hits) AS hits, sum(bytes) AS bytes, count() AS visitors, sum(visits) AS visits FROM (
        SELECT day, sum(hits) AS hits, sum(bytes) AS bytes,
            1 + arrayCount(pause -> pause > {gap}, arrayDifference(arraySort(groupArrayArray(moments)))) AS visits
        FROM hit WHERE day IS NOT NULL GROUP BY day, visitor)
    GROUP BY day)"""
HOSTS = "SELECT count() FROM (SELECT day, host, sum(hits) FROM hit WHERE day IS NOT NULL GROUP BY day, host)"
BROWSERS = """SELECT count() FROM (SELECT day, multiIf({families}, '{other}') AS family, sum(hits) FROM (
    SELECT day, agent, sum(hits) AS hits FROM hit WHERE day IS NOT NULL GROUP BY day, agent) GROUP BY day, family)"""
ALL = "SELECT sum(hits), sumIf(hits, day IS NULL) FROM hit"


def clickhouse(folder: Path) -> dict[str, int]:
    """chdb, ClickHouse in the process; it decompresses by itself."""
    from chdb.session import Session

    session = Session()

    def rows(sql: str, **parameters: str) -> list[int]:
        told = session.query(sql, "JSONCompactEachRow", params=parameters)
        return [int(value) for value in json.loads(str(told) or "[]")]

    rows(f"SET max_threads = {CORES}")
    # Parameters are read as ClickHouse's own text format, which gives the backslash a meaning.
    rows(HITS, files=f"{folder}/{LOGS}", combined=COMBINED.replace("\\", "\\\\"))
    lines, set_aside = rows(ALL)
    hits, size, visitors, visits = rows(DAYS.format(gap=GAP_SECONDS))
    cases = ", ".join(f"match(agent, '{pattern}'), '{family}'" for pattern, family in FAMILIES.items())
    (browsers,), (hosts,) = rows(BROWSERS.format(families=cases, other=OTHER)), rows(HOSTS)
    return {"lines": lines, "set_aside": set_aside, "hits": hits, "bytes": size, "visitors": visitors, "visits": visits,
            "browsers": browsers, "hosts": hosts}


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


CONTENDERS = {"clickhouse": clickhouse, "polars": polars}
DISTRIBUTIONS = {"clickhouse": "chdb-core", "polars": "polars"}


def main(name: str, folder: str) -> None:
    started = time.perf_counter()
    counted = CONTENDERS[name](Path(folder))
    print(json.dumps(counted | {"work": time.perf_counter() - started, "version": version(DISTRIBUTIONS[name])}))


if __name__ == "__main__":
    main(*sys.argv[1:])
