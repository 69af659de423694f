"""From groups of lines to days: what is kept until the days are counted, and the counts by dimension that are kept for good."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from pipelines import warehouse
from pipelines.collect.pseudonyms import expression, pads
from pipelines.collect.traffic.agents import describe
from pipelines.collect.traffic.countries import Countries
from pipelines.collect.traffic.known import DayOfLog
from pipelines.collect.traffic.log_files import digest
from pipelines.models.engine import select
from pipelines.warehouse import Connection

HERE = Path(__file__).parent
CLIENT_PART, VISIT_PART, VISIT = (HERE / f"{name}.sql" for name in ("client_part", "visit_part", "visit"))
LAYOUT = """
CREATE TABLE agent (agent_key UBIGINT PRIMARY KEY, label VARCHAR, family VARCHAR, system VARCHAR, device VARCHAR,
    is_robot BOOLEAN);
CREATE TABLE client_part (file INTEGER, day_on DATE, hour VARCHAR, visitor UBIGINT, half_hour INTEGER, first_second BIGINT,
    last_second BIGINT, first_line UBIGINT, hits BIGINT, bytes UBIGINT, agent_key UBIGINT, country VARCHAR, status VARCHAR,
    origin VARCHAR, tls VARCHAR, account VARCHAR);
CREATE TABLE file_day (file INTEGER, day_on DATE, lines BIGINT, line_hashes HUGEINT);
"""
# Each adds up to the whole of its day: dimension -> SQL of its value over a request (or visit).
DIMENSIONS: Mapping[str, str] = {
    "total": "'all'", "hour": "hour", "origin": "origin", "country": "country", "browser": "label", "system": "system",
    "device": "device", "status": "status", "tls": "tls", "account": "coalesce(account, 'none')",
}
NO_AGENT = ("unknown", "unknown", "unknown", "other", False)


class Days:
    """Collects what groups of lines say, and counts days of it. `connection` is confined: nothing of this lies on disk."""

    def __init__(self, connection: Connection, visitor_key: bytes, pseudonym_key: bytes, sites: Sequence[str],
                 countries: Countries | None):
        self._connection, self._countries = connection, countries
        self._bindings = {"key": visitor_key, "sites": [site.lower() for site in sites], **pads(pseudonym_key)}
        connection.execute(LAYOUT)

    def add(self) -> None:
        """Take in the table `line_group`."""
        self._describe_agents()
        self._find_countries()
        sql = select(CLIENT_PART).replace("{account}", expression("account", "r.account"))
        self._connection.execute(f"INSERT INTO client_part BY NAME {sql}", self._bindings)
        self._connection.execute(
            "INSERT INTO file_day SELECT file, to_timestamp(first_second)::DATE AS day_on, sum(hits), sum(line_hashes) "
            "FROM line_group WHERE code = 0 GROUP BY ALL")

    def _describe_agents(self) -> None:
        """Once per distinct agent of the whole run, however many lines name it."""
        new = self._connection.execute(
            "SELECT DISTINCT hash(agent) AS agent_key, agent FROM line_group "
            "WHERE code = 0 AND hash(agent) NOT IN (SELECT agent_key FROM agent)").fetchall()
        told = dict(zip((agent for _, agent in new if agent is not None),
                        describe(agent for _, agent in new if agent is not None), strict=True))
        rows = [(key, *NO_AGENT) if agent is None else (key, *_row(told[agent])) for key, agent in new]
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            names = ("keys", "labels", "families", "systems", "devices", "robots")
            self._connection.execute(f"INSERT INTO agent SELECT {', '.join(f'unnest(${name})' for name in names)}",
                                     dict(zip(names, columns, strict=True)))

    def _find_countries(self) -> None:
        self._connection.execute("CREATE OR REPLACE TEMP TABLE address_country (address VARCHAR, country VARCHAR)")
        if self._countries is None:
            return
        addresses = [address for (address,) in self._connection.execute(
            "SELECT DISTINCT address FROM line_group WHERE code = 0").fetchall()]
        found = self._countries.of(addresses)
        self._connection.execute("INSERT INTO address_country SELECT unnest($addresses), unnest($countries)",
                                 {"addresses": list(found), "countries": list(found.values())})

    def held(self, key: bytes) -> dict[int, dict[date, DayOfLog]]:
        """By number of file: the days that it holds, as they are known from night to night."""
        found: dict[int, dict[date, DayOfLog]] = {}
        for file, day, count, hashes in self._connection.execute(
                "SELECT file, day_on, sum(lines)::BIGINT, sum(line_hashes)::VARCHAR FROM file_day GROUP BY ALL "
                "ORDER BY ALL").fetchall():
            found.setdefault(file, {})[day] = DayOfLog(count, digest(key, hashes.encode()))
        return found

    def counted(self, days: Iterable[date], has_account: bool):
        """A data frame of source.access_log's counts of these days, from all that was taken in."""
        self._connection.execute(f"CREATE OR REPLACE TABLE visit_part AS {select(VISIT_PART)}")
        self._connection.execute(f"CREATE OR REPLACE TABLE visit AS {select(VISIT)}")
        self._connection.execute("CREATE OR REPLACE TEMP TABLE asked_day AS SELECT unnest($days::DATE[]) AS day_on",
                                 {"days": sorted(days)})
        left_out = {"country"} if self._countries is None else set()
        left_out |= set() if has_account else {"account"}
        dimensions = {name: value for name, value in DIMENSIONS.items() if name not in left_out}
        return warehouse.frame(self._connection, _counts(dimensions))


def _row(agent) -> tuple:
    return agent.label, agent.family, agent.system, agent.device, agent.is_robot


def _counts(dimensions: Mapping[str, str]) -> str:
    """Hits, bytes and visitors on the day of the request; visits and their seconds on the day on which the visit began."""
    client = "CASE WHEN a.is_robot THEN 'robot' ELSE 'person' END AS client"
    whole = (f"WITH request AS (SELECT c.day_on, {client}, c.visitor, c.hits, c.bytes, c.hour, c.status, c.tls, v.origin, "
             "c.country, v.account, a.label, a.family, a.system, a.device FROM client_part AS c "
             "SEMI JOIN asked_day AS d ON d.day_on = c.day_on "
             "JOIN visit_part AS p ON p.visitor = c.visitor AND p.half_hour = c.half_hour "
             "JOIN visit AS v ON v.visitor = p.visitor AND v.visit = p.visit JOIN agent AS a ON a.agent_key = c.agent_key), "
             f"begun AS (SELECT v.* EXCLUDE (visitor, visit), {client}, a.label, a.family, a.system, a.device FROM visit AS v "
             "SEMI JOIN asked_day AS d ON d.day_on = v.day_on JOIN agent AS a ON a.agent_key = v.agent_key)")
    parts = []
    for name, value in dimensions.items():
        family = "family" if name == "browser" else "NULL::VARCHAR"
        parts.append(
            f"SELECT day_on, client, '{name}' AS dimension, {value} AS value, {family} AS family, sum(hits) AS hits, "
            "sum(bytes) AS bytes, 0 AS visits, count(DISTINCT visitor) AS visitors, 0 AS seconds FROM request GROUP BY ALL "
            f"UNION ALL SELECT day_on, client, '{name}', {value}, {family}, 0, 0, count(*), 0, sum(seconds) FROM begun "
            "GROUP BY ALL")
    return (f"{whole} SELECT day_on, client, dimension, value, any_value(family) AS family, sum(hits)::BIGINT AS hits, "
            "sum(bytes)::BIGINT AS bytes, sum(visits)::BIGINT AS visits, sum(visitors)::BIGINT AS visitors, "
            f"sum(seconds)::BIGINT AS seconds FROM ({' UNION ALL '.join(parts)}) GROUP BY day_on, client, dimension, value "
            "ORDER BY ALL")
