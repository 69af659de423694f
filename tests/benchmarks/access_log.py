"""Makes the access logs that traffic is measured on, and tells the truth about them: a file a local day, plain and gzipped.

`python -m tests.benchmarks.access_log FOLDER FIRST_DAY DAYS LINES` writes LINES a day into FOLDER/plain and FOLDER/gzip.

Combined format, as Apache writes it: some 100,000 visitors come in visits, with 2,000 agents, to 20,000 pages from 1,000
referrers, few of them often and many of them seldom; every twelfth visitor is a robot, every seventh has an IPv6 address.
About one line in ten thousand is odd and yet well formed (escaped quotes in the agent, no request, TLS spoken to a plain
port, an empty request); a few in each file are broken (cut off, or no access at all), one or two of each kind.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from pipelines import warehouse

PLAIN, GZIPPED = "plain", "gzip"
ODD_KINDS, BROKEN_KINDS = ("escaped", "dash", "binary", "empty"), ("cut", "garbage")
LINES_PER_ODD_KIND = 40_000
LINES_PER_VISIT = 9
# More than half an hour without a request ends a visit; the pauses within one are shorter.
VISIT_SECONDS, GAP_SECONDS = 1500, 1800

# Every draw is a hash of what it is for, so that the same call writes the same files on any number of cores.
MACROS = (
    # Hashed twice: two draws for the same thing are otherwise one, with some bits turned over.
    "CREATE MACRO chance(i, what) AS hash(hash(i, what)) / 18446744073709551616.0",
    "CREATE MACRO pick(i, what, several) AS (chance(i, what) * several)::BIGINT % several",
    # Few are picked often, most of them seldom.
    "CREATE MACRO pick_skewed(i, what, several) AS (chance(i, what) ** 3 * several)::BIGINT % several",
    "CREATE MACRO byte(i, what) AS pick(i, what, 250) + 1",
)
AGENTS = """CREATE TABLE agent AS
SELECT is_robot, agent, row_number() OVER (PARTITION BY is_robot ORDER BY hash(agent)) - 1 AS id
FROM (
    SELECT false AS is_robot, format('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
        'Chrome/{}.0.{}.{} Safari/537.36', 100 + v, 4000 + v * 7, b) AS agent FROM range(40) AS r(v), range(12) AS s(b)
    UNION ALL SELECT false, format('Mozilla/5.0 (iPhone; CPU iPhone OS 17_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, '
        'like Gecko) Version/17.{} Mobile/15E{} Safari/604.1', b, v, 100 + b) FROM range(8) AS r(v), range(36) AS s(b)
    UNION ALL SELECT false, format('Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/{}.0', v, v)
        FROM range(78, 140) AS r(v)
    UNION ALL SELECT false, format('Mozilla/5.0 (Linux; Android {}; SM-G{}B) AppleWebKit/537.36 (KHTML, like Gecko) '
        'Chrome/{}.0.0.0 Mobile Safari/537.36', 8 + v % 8, 900 + b, 100 + v) FROM range(40) AS r(v), range(25) AS s(b)
    UNION ALL SELECT false, format('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_{}) AppleWebKit/605.1.15 (KHTML, like '
        'Gecko) Version/{}.{} Safari/605.1.15', b, 13 + v, b) FROM range(6) AS r(v), range(8) AS s(b)
    UNION ALL SELECT false, format('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) '
        'Chrome/{}.0.0.0 Safari/537.36 Edg/{}.0.2210.{}', v, v, b) FROM range(100, 130) AS r(v), range(2) AS s(b)
    UNION ALL SELECT true, format('Mozilla/5.0 (compatible; {})', name) FROM (VALUES
        ('Googlebot/2.1; +http://www.google.com/bot.html'), ('bingbot/2.0; +http://www.bing.com/bingbot.htm'),
        ('AhrefsBot/7.0; +http://ahrefs.com/robot/'), ('YandexBot/3.0; +http://yandex.com/bots'),
        ('SemrushBot/7~bl; +http://www.semrush.com/bot.html')) AS robot(name)
    UNION ALL SELECT true, format('curl/7.{}.0', v) FROM range(40, 90) AS r(v)
    UNION ALL SELECT true, format('python-requests/2.{}.0', v) FROM range(20, 32) AS r(v))"""
VISITORS = """CREATE TABLE visitor AS SELECT visitor, address, is_robot, agent
FROM (SELECT v AS visitor, v % 12 = 0 AS is_robot,
        pick_skewed(v, 'agent', CASE WHEN v % 12 = 0 THEN $robots ELSE $browsers END) AS id,
        CASE WHEN v % 7 = 0
             THEN format('2001:db8:{:x}:{:x}::{:x}', byte(v, 'a') * 251 + v % 9, byte(v, 'b'), byte(v, 'c') * 256 + v % 256)
             ELSE concat_ws('.', byte(v, 'a') % 212 + 11, byte(v, 'b'), byte(v, 'c'), byte(v, 'd')) END AS address
    FROM range($visitors) AS r(v)) AS v
JOIN agent USING (is_robot, id)"""
PAGES = """CREATE TABLE page AS SELECT i AS page, CASE i % 8
    WHEN 0 THEN format('/assets/app-{}.js', i) WHEN 1 THEN format('/images/{}.png', i)
    WHEN 2 THEN format('/recherche?q=terme{}&tri=date', i) WHEN 3 THEN format('/dossiers/{}?page={}', i, i % 10)
    WHEN 4 THEN format('/api/v2/factures/{}', i) WHEN 5 THEN format('/api/v2/dossiers/{}/documents', i)
    WHEN 6 THEN format('/dossiers/{}/', i) ELSE format('/compte/{}/reglages', i) END AS path
FROM range(20_000) AS r(i)"""
REFERRERS = """CREATE TABLE referrer AS SELECT i AS referrer, CASE WHEN i < 100 THEN format('https://www.site{}.example/', i)
    WHEN i % 2 = 0 THEN format('https://www.site{}.example/chemin/{}', i % 100, i)
    ELSE format('https://app.alpiasoft.example/dossiers/{}', i) END AS address
FROM range(1_000) AS r(i)"""
# What else a web server logs when it was not asked for a page in HTTP.
ODD = """CREATE TABLE odd AS FROM (VALUES ('dash', '-', 408, 0), ('empty', '', 400, 0),
    ('binary', '\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc', 400, 226)) AS odd(kind, request, status, bytes)"""
# Every second of the local day as the log writes it: a day of a change of clocks has an hour more or less.
SECONDS = """CREATE OR REPLACE TABLE second AS SELECT hour * 3600 + i AS second,
    format('{}:{:02d}:{:02d} {}', stamp, i // 60, i % 60, zone) AS stamp
FROM (SELECT row_number() OVER (ORDER BY moment) - 1 AS hour, strftime(moment, '%d/%b/%Y:%H') AS stamp,
        CASE strftime(moment, '%z') WHEN '+02' THEN '+0200' WHEN '+01' THEN '+0100' END AS zone
    FROM (SELECT unnest(range($day::DATE::TIMESTAMPTZ, ($day::DATE + 1)::TIMESTAMPTZ, INTERVAL 1 HOUR)) AS moment))
CROSS JOIN range(3600) AS r(i)"""
DRAWN = """CREATE OR REPLACE TEMP TABLE drawn AS
WITH hit AS (SELECT $first + i AS i, pick($first + i, 'visit', $visits) + $first AS visit,
        CASE WHEN i >= $odd * 4 + $broken * 2 THEN 'usual' WHEN i < $odd * 4 THEN $odd_kinds[1 + i % 4]
             ELSE $broken_kinds[1 + i % 2] END AS kind
    FROM range($lines) AS r(i)),
aimed AS (SELECT i, kind, pick_skewed(visit, 'visitor', $visitors) AS visitor, pick_skewed(i, 'page', 20_000) AS page,
        CASE WHEN chance(i, 'come from') < 0.7 THEN pick_skewed(i, 'referrer', 1_000) END AS referrer,
        least((chance(visit, 'hour') + chance(visit, 'minute')) / 2 * $seconds
            + chance(i, 'pause') * $visit_seconds, $seconds - 1)::BIGINT AS second,
        list_extract([500, 404, 404, 404, 302, 302, 302, 304, 304, 304, 304, 304], pick(i, 'status', 80) + 1) AS seldom,
        coalesce(seldom, 200) AS status
    FROM hit),
told AS (SELECT i, kind, second, visitor.address, stamp,
        coalesce(odd.request, CASE aimed.status WHEN 302 THEN 'POST ' ELSE 'GET ' END || path || ' HTTP/1.1') AS request,
        coalesce(odd.status, aimed.status) AS status,
        coalesce(odd.bytes, CASE WHEN aimed.status = 304 THEN 0 ELSE 200 + (chance(i, 'bytes') ** 3 * 60_000)::BIGINT END)
            AS bytes,
        CASE WHEN odd.kind IS NOT NULL OR is_robot THEN '-' ELSE coalesce(referrer.address, '-') END AS referrer,
        CASE WHEN kind = 'escaped' THEN format('Mozilla/5.0 (compatible; \\"Alpia\\" monitor {})', i % 9)
             WHEN odd.kind IS NOT NULL THEN '-' ELSE agent END AS agent
    FROM aimed JOIN visitor USING (visitor) JOIN page USING (page) JOIN second USING (second)
    LEFT JOIN referrer USING (referrer) LEFT JOIN odd USING (kind)),
line AS (SELECT *, concat(address, ' - - [', stamp, '] "', request, '" ', status, ' ',
        CASE WHEN bytes = 0 THEN '-' ELSE bytes::VARCHAR END, ' "', referrer, '" "', agent, '"') AS line FROM told)
SELECT second, kind, address, agent, bytes, CASE kind WHEN 'cut' THEN line[:strpos(line, '"') + 5 + i % 9]
    WHEN 'garbage' THEN ['PRI * HTTP/2.0', 'a "b" c "d" e "f"', 'AH00163: Apache/2.4 configured -- resuming'][1 + i % 3]
    ELSE line END AS line
FROM line ORDER BY second, i"""
# One visitor of a day: an address and an agent, of the lines that are well formed.
TRUTH = """WITH hit AS (SELECT address, agent, second, bytes FROM drawn WHERE kind NOT IN ('cut', 'garbage')),
paused AS (SELECT second - lag(second) OVER (PARTITION BY address, agent ORDER BY second) AS pause FROM hit)
SELECT (SELECT count(*) FROM drawn) AS lines, (SELECT count(*) FROM hit) AS hits,
    (SELECT sum(bytes)::BIGINT FROM hit) AS bytes,
    (SELECT count(DISTINCT (address, agent)) FROM hit) AS visitors,
    (SELECT count(*) FROM paused WHERE pause IS NULL OR pause > $gap) AS visits,
    (SELECT count(*) FROM drawn WHERE kind IN ('cut', 'garbage')) AS set_aside,
    (SELECT count(*) FROM drawn WHERE kind IN ('escaped', 'dash', 'binary', 'empty')) AS odd"""


def write(folder: Path, first_on: date, days: int, lines: int) -> dict[str, dict[str, int]]:
    """Write `days` files of `lines` lines into folder/plain and gzipped into folder/gzip.

    Returns the truth about each, by local day (ISO): lines, hits (lines that are well formed), bytes and visits of these,
    visitors (address and agent), odd lines, which are hits too, and lines to set aside.
    """
    for name in (PLAIN, GZIPPED):
        (folder / name).mkdir(parents=True)
    connection = warehouse.memory()
    visitors = max(100, min(100_000, days * lines // 100))
    _make_world(connection, visitors)
    truth = {f"{day}": _write_day(connection, file_of(folder / PLAIN, day), day, lines, visitors)
             for day in (first_on + timedelta(days=i) for i in range(days))}
    connection.close()
    _gzip(folder)
    return truth


def file_of(folder: Path, day: date) -> Path:
    """Where the plain lines of a day are; logrotate's `dateext` names them like this."""
    return folder / f"access.log-{day}"


def total(truth: dict[str, dict[str, int]]) -> dict[str, int]:
    """The sums over all days; a visitor of two days counts twice, since nobody is followed from day to day."""
    return {name: sum(day[name] for day in truth.values()) for name in next(iter(truth.values()))}


def _make_world(connection: warehouse.Connection, visitors: int) -> None:
    for macro in MACROS:
        connection.execute(macro)
    connection.execute(AGENTS)
    counts = dict(connection.execute("SELECT is_robot, count(*) FROM agent GROUP BY is_robot").fetchall())
    connection.execute(VISITORS, {"visitors": visitors, "robots": counts[True], "browsers": counts[False]})
    for table in (PAGES, REFERRERS, ODD):
        connection.execute(table)


def _write_day(connection: warehouse.Connection, path: Path, day: date, lines: int, visitors: int) -> dict[str, int]:
    connection.execute(SECONDS, {"day": day})
    connection.execute(DRAWN, {
        "first": day.toordinal() * 10_000_000, "lines": lines, "visits": max(1, lines // LINES_PER_VISIT),
        "odd": max(1, lines // LINES_PER_ODD_KIND), "broken": 1 + day.toordinal() % 2, "visitors": visitors,
        "odd_kinds": list(ODD_KINDS), "broken_kinds": list(BROKEN_KINDS), "visit_seconds": VISIT_SECONDS,
        "seconds": connection.execute("SELECT count(*) FROM second").fetchone()[0]})
    # Nothing is quoted or escaped: the column goes to the file as it is.
    connection.execute(f"COPY (SELECT line FROM drawn) TO {warehouse.quoted(str(path))} "
                       "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')")
    counted = connection.execute(TRUTH, {"gap": GAP_SECONDS})
    return dict(zip([column[0] for column in counted.description], counted.fetchone(), strict=True))


def _gzip(folder: Path) -> None:
    """Compress every plain file, two at a time."""

    def compress(path: Path) -> None:
        with (folder / GZIPPED / f"{path.name}.gz").open("wb") as target:
            subprocess.run(["gzip", "--stdout", path], stdout=target, check=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(compress, sorted((folder / PLAIN).iterdir())))


if __name__ == "__main__":
    print(json.dumps(write(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
