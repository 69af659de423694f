"""ClickHouse, in the process (chdb): as someone who knows it would write it, for a look, or for all that we tell.

`clickhouse` reads all files at once into memory and tells visits, browsers and hosts. `clickhouse_daily` takes a file at a
time onto the disk, as a night does, and tells what our table of traffic tells: hours, classes of answers, systems and
devices, people apart from robots, durations, and what each day's lines add up to. Neither names a broken line.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.figures import COMBINED, CORES, FAMILIES, GAP_SECONDS, LOGS, OTHER

# Parameters are read as ClickHouse's own text format, which gives the backslash a meaning.
EXPRESSION = COMBINED.replace("\\", "\\\\")
SYSTEMS = {"Windows": "Windows", "iPhone|iPad": "iOS", "Android": "Android", "Mac OS X": "macOS", "Linux": "Linux"}
DEVICES = {"iPad|Tablet": "tablet", "Mobile|iPhone|Android": "phone"}
CLASSES = (1, 2, 3, 4, 5)
TAKEN_APART = r"""WITH splitByChar('"', line) AS part, length(part) = 7 AND part[5] = ' ' AND part[7] = '' AS is_plain,
    if(is_plain, [], extractGroups(line, {combined:String})) AS found,
    position(part[1], ' ') AS space,
    if(is_plain, substring(part[1], 1, space - 1), found[1]) AS address,
    if(is_plain, substring(part[1], position(part[1], '[') + 1, 26), found[2]) AS stamp,
    parseDateTimeOrNull(stamp, '%d/%b/%Y:%H:%i:%S %z') AS at,
    toUInt16OrNull(if(is_plain, substring(part[3], 2, 3), found[3])) AS status,
    if(is_plain, trimRight(substring(part[3], 6)), found[4]) AS size"""
HITS = f"""CREATE TABLE hit ENGINE = Memory AS {TAKEN_APART},
    if(at IS NULL OR status IS NULL, NULL, toDate(at, 'Europe/Paris')) AS day
SELECT day, cityHash64(address, agent) AS visitor, if(is_plain, part[6], found[6]) AS agent,
    domain(if(is_plain, part[4], found[5])) AS host, count() AS hits, sum(toUInt64OrZero(size)) AS bytes,
    groupArray(toUInt32(coalesce(at, 0))) AS moments
FROM file({{files:String}}, LineAsString, 'line String')
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

# A row for what one client did in one half hour; that of lines that cannot be counted is 0.
PARTS = f"""SELECT toUInt32(coalesce(intDiv(toUInt32(moment), 1800), 0)) AS half_hour, cityHash64(address, said) AS visitor,
    any(said)::LowCardinality(String) AS agent, argMin(host, (moment, line_hash))::LowCardinality(String) AS origin,
    toUInt32(coalesce(min(moment), 0)) AS first, toUInt32(coalesce(max(moment), 0)) AS last,
    count()::UInt32 AS hits, sum(octets) AS bytes, sum(line_hash) AS line_hashes,
    {", ".join(f"countIf(class = {n})::UInt32 AS hits_{n}, sumIf(octets, class = {n}) AS bytes_{n}" for n in CLASSES)}
FROM ({TAKEN_APART}
    SELECT address, if(status IS NULL, NULL, at) AS moment, intDiv(status, 100) AS class, toUInt64OrZero(size) AS octets,
        if(is_plain, part[6], found[6]) AS said, domain(if(is_plain, part[4], found[5])) AS host,
        cityHash64(line) AS line_hash
    FROM file({{files:String}}, LineAsString, 'line String'))
GROUP BY half_hour, visitor"""
VISITS = f"""CREATE TABLE visit ENGINE = MergeTree ORDER BY tuple() AS
SELECT visitor, agent, visit[1].1 AS first, arrayMax(one -> one.2, visit) - first AS seconds,
    arraySum(one -> one.3, visit) AS hits, arraySum(one -> one.4, visit) AS bytes, visit[1].5 AS origin
FROM (SELECT visitor, any(agent) AS agent, arraySort(one -> one.1, groupArray((first, last, hits, bytes, origin))) AS parts,
    arraySplit((one, is_first) -> is_first, parts, arrayMap((one, before) -> one.1 > before.2 + {GAP_SECONDS}, parts,
        arrayPushFront(arrayPopBack(parts), parts[1]))) AS visits
    FROM part WHERE half_hour > 0 GROUP BY visitor)
ARRAY JOIN visits AS visit"""
DAY, HOUR = (f"{name}(toDateTime(first), 'Europe/Paris')" for name in ("toDate", "toHour"))
COUNTED = "(SELECT * FROM part WHERE half_hour > 0) AS p JOIN agent USING agent"
BEGUN = "visit JOIN agent USING agent"
TOTALS = "SELECT sum(hits), sumIf(hits, half_hour = 0), sumIf(hits, half_hour > 0), sumIf(bytes, half_hour > 0) FROM part"
VISITORS = f"SELECT sum(visitors) FROM (SELECT uniqExact(visitor) AS visitors FROM part WHERE half_hour > 0 GROUP BY {DAY})"


def clickhouse(folder: Path) -> dict[str, int]:
    """All files at once; it decompresses by itself."""
    session = _session()
    session.query(HITS, params={"files": f"{folder}/{LOGS}", "combined": EXPRESSION})
    (lines, set_aside), = _rows(session, ALL)
    (hits, size, visitors, visits), = _rows(session, DAYS.format(gap=GAP_SECONDS))
    (browsers,), = _rows(session, BROWSERS.format(families=_cases(FAMILIES), other=OTHER))
    (hosts,), = _rows(session, HOSTS)
    return {"lines": lines, "set_aside": set_aside, "hits": hits, "bytes": size, "visitors": visitors, "visits": visits,
            "browsers": browsers, "hosts": hosts}


def clickhouse_daily(folder: Path) -> dict[str, int]:
    """A file at a time, and all the figures; `rows`: how many of them."""
    session, files = _session(), sorted(folder.glob(LOGS))
    for place, file in enumerate(files):
        into = "INSERT INTO part" if place else "CREATE TABLE part ENGINE = MergeTree ORDER BY tuple() AS"
        session.query(f"{into} {PARTS}", params={"files": f"{file}", "combined": EXPRESSION})
    session.query(VISITS)
    labels = {"family": (FAMILIES, OTHER), "system": (SYSTEMS, OTHER), "device": (DEVICES, "desktop")}
    told = ", ".join(f"multiIf({_cases(cases)}, '{other}') AS {name}" for name, (cases, other) in labels.items())
    session.query(f"CREATE TABLE agent ENGINE = Memory AS SELECT agent, {told}, family = 'robot' AS is_robot "
                  "FROM (SELECT DISTINCT agent FROM part)")
    (lines, set_aside, hits, size), = _rows(session, TOTALS)
    ((visitors,),), ((visits,),) = _rows(session, VISITORS), _rows(session, "SELECT count() FROM visit")
    return {"lines": lines, "set_aside": set_aside, "hits": hits, "bytes": size, "visitors": visitors,
            "visits_begun": visits, "rows": sum(len(_rows(session, figure)) for figure in _figures())}


def _figures() -> list[str]:
    """The figures of each day, of people and of robots, by each dimension; and what its lines add up to."""
    counts = "sum(hits), sum(bytes), uniqExact(visitor)"
    found = [f"SELECT {DAY} AS day, is_robot, {value} AS value, {counts} FROM {COUNTED} GROUP BY day, is_robot, value"
             for value in ("'all'", "family", "system", "device", HOUR)]
    found += [f"SELECT {DAY} AS day, is_robot, {value} AS value, count(), sum(seconds) FROM {BEGUN} "
              "GROUP BY day, is_robot, value" for value in ("'all'", "family", "system", "device", HOUR)]
    found.append(f"SELECT {DAY} AS day, is_robot, origin, count(), sum(seconds), {counts} FROM {BEGUN} "
                 "GROUP BY day, is_robot, origin")
    found += [f"SELECT {DAY} AS day, is_robot, sum(hits_{n}), sum(bytes_{n}), uniqExactIf(visitor, hits_{n} > 0) "
              f"FROM {COUNTED} GROUP BY day, is_robot" for n in CLASSES]
    return [*found, f"SELECT {DAY} AS day, sum(hits), sum(line_hashes) FROM part GROUP BY day"]


def _session():
    from chdb.session import Session

    session = Session()
    session.query(f"SET max_threads = {CORES}")
    return session


def _rows(session, sql: str) -> list[list]:
    return [json.loads(line) for line in str(session.query(sql, "JSONCompactEachRow")).splitlines() if line]


def _cases(texts: Mapping[str, str]) -> str:
    return ", ".join(f"match(agent, '{pattern}'), '{word}'" for pattern, word in texts.items())
