"""From groups of lines to days: what is kept until they are counted, and the counts by dimension that are kept for good."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from pipelines import warehouse
from pipelines.collect.pseudonyms import expression, pads
from pipelines.collect.traffic.agents import describe
from pipelines.collect.traffic.countries import Countries
from pipelines.collect.traffic.known import DayOfLog
from pipelines.collect.traffic.log_files import digest
from pipelines.collect.traffic.reader import OF_CONNECTION
from pipelines.models.engine import select
from pipelines.register import suites
from pipelines.warehouse import Connection

HERE = Path(__file__).parent
ORIGIN, CONNECTION, CLIENT_PART, FILE_DAY, MOMENT, VISIT_PART, VISIT, STAY, ANSWER, ANSWERED = (
    HERE / f"{name}.sql"
    for name in ("origin", "connection", "client_part", "file_day", "moment", "visit_part", "visit", "stay",
                                        "answer", "answered"))
# Texts stand once in small tables, and everything else is numbers: what is joined and sorted stays narrow.
AGENT = {"agent_key": "UBIGINT", "label": "VARCHAR", "family": "VARCHAR", "system": "VARCHAR", "device": "VARCHAR",
         "is_robot": "BOOLEAN"}
LAYOUT = f"""
CREATE TABLE agent ({', '.join(f'{name} {kind}' for name, kind in AGENT.items())});
CREATE TABLE origin (origin_key UBIGINT, origin VARCHAR);
CREATE TABLE connection (connection_key UBIGINT, tls VARCHAR);
CREATE TABLE account (account_key UBIGINT, account VARCHAR);
CREATE TABLE client_part (half_hour INTEGER, visitor UBIGINT, first_line UBIGINT, last_second BIGINT, hits UINTEGER,
    hits_1 UINTEGER, hits_2 UINTEGER, hits_3 UINTEGER, hits_4 UINTEGER, hits_5 UINTEGER, bytes UBIGINT, bytes_1 UBIGINT,
    bytes_2 UBIGINT, bytes_3 UBIGINT, bytes_4 UBIGINT, bytes_5 UBIGINT, agent_key UBIGINT, origin_key UBIGINT,
    connection_key UBIGINT, country VARCHAR, account_key UBIGINT);
CREATE TABLE file_day (file INTEGER, day_on DATE, lines BIGINT, line_hashes HUGEINT);
"""
# The texts that files bring along, until each is given its meaning once: by table, the columns of line_group that they are
# in. They lie in memory, and encrypted where they do not fit into it, like the lines themselves.
TOLD: Mapping[str, tuple[str, ...]] = {
    "agent": ("agent",), "origin": ("first_referrer", "host"),
    "connection": ("scheme", "protocol", "cipher", "key_bits", "answer"), "account": ("account",)}
# The fields of a format that these are told by.
FIELDS_OF: Mapping[str, set[str]] = {"agent": {"agent"}, "origin": {"referrer", "host"},
                                     "connection": OF_CONNECTION, "account": {"account"}}
# The dimensions: of whoever came, of a whole visit, or of each request. dimension -> SQL of its value; of each request with
# the column that tells it before it, since numbers are grouped sooner than texts.
BY_AGENT: Mapping[str, str] = {"total": "'all'", "browser": "label", "system": "system", "device": "device"}
BY_VISIT: Mapping[str, str] = {"origin": "origin", "country": "coalesce(country, 'unknown')",
                               "account": "coalesce(account, 'none')"}
BY_REQUEST: Mapping[str, tuple[str, str]] = {
    "hour": ("hour", "lpad(hour::VARCHAR, 2, '0')"), "tls": ("tls", "tls"),
    "status": ("class", "CASE WHEN class > 0 THEN class || 'xx' ELSE 'unknown' END")}
CLASSES = (1, 2, 3, 4, 5)
# The small tables that give a key its text, by the dimension that needs one.
TEXTS = {"origin": " JOIN origin USING (origin_key)", "tls": " JOIN connection USING (connection_key)",
         "account": " LEFT JOIN account USING (account_key)"}
# What a visit begins with, as visit.sql has it.
FIRST_CONNECTION = "arg_min(p.connection_key, p.first_line)"
FIRST_ACCOUNT = "arg_min(p.account_key, p.first_line) FILTER (p.account_key IS NOT NULL AND m.day_on <= b.day_on + 1)"
NO_AGENT = ("unknown", "unknown", "unknown", "other", False)


class Days:
    """Collects what groups of lines say, and counts days of it. `connection` is confined: nothing of this lies on disk.

    `fields`: those that the log's format has.
    """

    def __init__(self, connection: Connection, visitor_key: bytes, pseudonym_key: bytes, sites: Sequence[str],
                 countries: Countries | None, fields: Collection[str]):
        self._connection, self._countries, self._fields = connection, countries, fields
        names = [site.lower().removeprefix("www.") for site in sites]
        self._bindings = {"key": visitor_key, "sites": names, **pads(pseudonym_key)}
        suites.install(connection)
        connection.execute(LAYOUT)
        for table, columns in TOLD.items():
            connection.execute(f"CREATE TABLE told_{table} ({', '.join(f'{name} VARCHAR' for name in columns)})")

    def take(self, connection: Connection) -> None:
        """Take in the table `line_group` of a file, on its own connection: several files may be taken in at once."""
        self._find_countries(connection)
        self._run(f"INSERT INTO client_part BY NAME {select(CLIENT_PART)}", connection)
        self._run(f"INSERT INTO file_day {select(FILE_DAY)}", connection)
        for table, columns in TOLD.items():
            # Where the format tells nothing of it, every group says the same.
            most = "" if FIELDS_OF[table] & set(self._fields) else " LIMIT 1"
            connection.execute(f"INSERT INTO told_{table} SELECT DISTINCT {', '.join(columns)} "
                               f"FROM (FROM line_group WHERE code = 0{most})")

    def settle(self) -> None:
        """Give their meaning to the texts that were taken in and are new, and let go of them all."""
        self.describe_agents()
        self._run(f"INSERT INTO origin {select(ORIGIN)}")
        self._run(f"INSERT INTO connection {select(CONNECTION)}")
        self._run(f"INSERT INTO account SELECT hash(account), {expression('account', 'account')} FROM (SELECT DISTINCT "
                  "account FROM told_account WHERE account NOT IN ('', '-') "
                  "AND hash(account) NOT IN (SELECT account_key FROM account))")
        for table in TOLD:
            self._run(f"TRUNCATE told_{table}")

    def _run(self, sql: str, connection: Connection | None = None):
        given = {name: value for name, value in self._bindings.items() if f"${name}" in sql}
        return (connection or self._connection).execute(sql, given)

    def describe_agents(self) -> None:
        """Give their meaning to the agents that were taken in so far; others may be taken in meanwhile.

        Once per distinct agent of the whole run, however many lines name it.
        """
        new = self._connection.execute(
            "SELECT DISTINCT hash(agent) AS agent_key, agent FROM told_agent "
            "WHERE hash(agent) NOT IN (SELECT agent_key FROM agent)").fetchall()
        told = dict(zip((agent for _, agent in new if agent is not None),
                        describe(agent for _, agent in new if agent is not None), strict=True))
        rows = [(key, *NO_AGENT) if agent is None else (key, *_row(told[agent])) for key, agent in new]
        warehouse.append(self._connection, "agent", AGENT, rows)

    def _find_countries(self, connection: Connection) -> None:
        connection.execute("CREATE OR REPLACE TEMP TABLE address_country (address VARCHAR, country VARCHAR)")
        if self._countries is None:
            return
        addresses = [address for (address,) in connection.execute(
            "SELECT DISTINCT address FROM line_group WHERE code = 0").fetchall()]
        found = self._countries.of(addresses)
        connection.execute("INSERT INTO address_country SELECT unnest($addresses), unnest($countries)",
                           {"addresses": list(found), "countries": list(found.values())})

    def held(self, key: bytes) -> dict[int, dict[date, DayOfLog]]:
        """By number of file: the days that it holds, as they are known from night to night."""
        found: dict[int, dict[date, DayOfLog]] = {}
        for file, day, count, hashes in self._connection.execute(
                "SELECT file, day_on, sum(lines)::BIGINT, sum(line_hashes)::VARCHAR FROM file_day GROUP BY ALL "
                "ORDER BY ALL").fetchall():
            found.setdefault(file, {})[day] = DayOfLog(count, digest(key, hashes.encode()))
        return found

    def counted(self, days: Iterable[date]) -> list[tuple]:
        """Rows of COUNTED: source.access_log's counts of these days, from all that was taken in."""
        has_account = "account" in self._fields
        self._run(f"CREATE OR REPLACE TABLE moment AS {select(MOMENT)}")
        self._run(f"CREATE OR REPLACE TABLE visit_part AS {select(VISIT_PART)}")
        told = [tls for (tls,) in self._connection.execute("SELECT DISTINCT tls FROM connection").fetchall()]
        only_tls = told[0] if len(told) == 1 else None
        self._run(f"CREATE OR REPLACE TABLE visit AS {_of_visits(has_account, only_tls is None)}")
        self._connection.execute("CREATE OR REPLACE TABLE asked_day AS SELECT unnest($days::DATE[]) AS day_on",
                                 {"days": sorted(days)})
        left_out = {"country"} if self._countries is None else set()
        left_out |= set() if has_account else {"account"}
        self._run(f"CREATE OR REPLACE TABLE stay AS {select(STAY)}")
        self._run(f"CREATE OR REPLACE TABLE by_agent AS SELECT day_on, agent_key, {OF_VISITS} FROM stay GROUP BY ALL")
        self._run(f"CREATE OR REPLACE TABLE answer AS {select(ANSWER)}")
        self._run(f"CREATE OR REPLACE TABLE answered AS {select(ANSWERED)}")
        self._run(PART)
        for part in _parts(left_out, only_tls):
            self._run(f"INSERT INTO part {part}")
        return self._connection.execute(WHOLE).fetchall()


def _row(agent) -> tuple:
    return agent.label, agent.family, agent.system, agent.device, agent.is_robot


COUNTS = ("sum(hits) AS hits, sum(bytes) AS bytes, {visits} AS visits, count(DISTINCT visitor) AS visitors, "
          "{seconds} AS seconds")
OF_VISITS = COUNTS.format(visits="sum(visits)", seconds="sum(seconds)")
OF_REQUESTS = COUNTS.format(visits="0", seconds="0")
OF_BEGUN = "0 AS hits, 0 AS bytes, count(*) AS visits, 0 AS visitors, sum(seconds) AS seconds"
REQUESTS = """(SELECT m.day_on, m.hour, c.visitor, c.hits, c.bytes, c.connection_key, a.is_robot
    FROM client_part AS c JOIN moment AS m USING (half_hour) SEMI JOIN asked_day AS d ON d.day_on = m.day_on
    JOIN agent AS a USING (agent_key))"""
BEGUN = "(SELECT v.*, a.is_robot FROM visit AS v SEMI JOIN asked_day USING (day_on) JOIN agent AS a USING (agent_key))"
COUNTED = {"day_on": "DATE", "client": "VARCHAR", "dimension": "VARCHAR", "value": "VARCHAR", "family": "VARCHAR",
           "hits": "BIGINT", "bytes": "BIGINT", "visits": "BIGINT", "visitors": "BIGINT", "seconds": "BIGINT"}
PART = """CREATE OR REPLACE TABLE part (day_on DATE, is_robot BOOLEAN, dimension VARCHAR, value VARCHAR, family VARCHAR,
    hits BIGINT, bytes BIGINT, visits BIGINT, visitors BIGINT, seconds BIGINT)"""
WHOLE = """SELECT day_on, CASE WHEN is_robot THEN 'robot' ELSE 'person' END AS client, dimension, value,
    any_value(family) AS family, sum(hits)::BIGINT AS hits, sum(bytes)::BIGINT AS bytes, sum(visits)::BIGINT AS visits,
    sum(visitors)::BIGINT AS visitors, sum(seconds)::BIGINT AS seconds
FROM part
GROUP BY day_on, client, dimension, value
ORDER BY ALL"""


def _of_visits(has_account: bool, has_connections: bool) -> str:
    """The SELECT of visits; what no log tells of them is said outright, and not looked for in every one."""
    sql = select(VISIT)
    if not has_account:
        sql = sql.replace(FIRST_ACCOUNT, "NULL::UBIGINT")
    return sql if has_connections else sql.replace(FIRST_CONNECTION, "NULL::UBIGINT")


def _parts(left_out: set[str], only_tls: str | None) -> list[str]:
    """Hits, bytes and visitors on the day of the request; visits and their seconds on the day on which the visit began.

    Each dimension adds up to the whole of its day, visitors aside: one may come from two places. One SELECT a dimension:
    DuckDB takes three times as long for all of them in one. `only_tls`: what all connections tell, where that is one thing.
    """
    parts = [_by_agent(name, value) for name, value in BY_AGENT.items()]
    parts += [_by_visit(name, value) for name, value in BY_VISIT.items() if name not in left_out]
    parts += [_by_answer(f"{number}xx", number, f"hits_{number}", f"bytes_{number}") for number in CLASSES]
    parts.append(_by_answer("unknown", 0, " - ".join(["hits", *(f"hits_{number}" for number in CLASSES)]),
                            " - ".join(["bytes", *(f"bytes_{number}" for number in CLASSES)])))
    parts += [] if only_tls is None else [_by_agent("tls", f"'{only_tls}'")]
    by_request = {name: told for name, told in BY_REQUEST.items() if name != "tls" or only_tls is None}
    for name, told in by_request.items():
        parts += [_by_begun(name, *told)] + ([] if name == "status" else [_by_request(name, *told)])
    return parts


def _by_agent(name: str, value: str) -> str:
    """A visitor has one agent: visitors of several agents may be added up."""
    family = "family" if name == "browser" else "NULL"
    return (f"SELECT day_on, is_robot, '{name}', {value}, {family}, hits, bytes, visits, visitors, seconds "
            "FROM by_agent JOIN agent USING (agent_key)")


def _by_visit(name: str, value: str) -> str:
    return (f"SELECT day_on, is_robot, '{name}', {value} AS value, NULL, {OF_VISITS} FROM stay{TEXTS.get(name, '')} "
            "GROUP BY ALL")


def _by_answer(value: str, number: int, hits: str, size: str) -> str:
    """Requests by the class of their answers, and the visitors who got such answers."""
    first = f"SELECT day_on, is_robot, 'status', '{value}', NULL"
    return (f"{first}, {hits}, {size}, 0, 0, 0 FROM answer WHERE {hits} > 0 UNION ALL "
            f"{first}, 0, 0, 0, count(*), 0 FROM answered WHERE classes & {1 << number} > 0 GROUP BY day_on, is_robot")


def _by_request(name: str, column: str, value: str) -> str:
    return _grouped(name, column, value, OF_REQUESTS, REQUESTS)


def _by_begun(name: str, column: str, value: str) -> str:
    """Visits by their first request."""
    return _grouped(name, column, value, OF_BEGUN, BEGUN)


def _grouped(name: str, column: str, value: str, counts: str, relation: str) -> str:
    return (f"SELECT day_on, is_robot, '{name}', {value}, NULL, hits, bytes, visits, visitors, seconds FROM ("
            f"SELECT day_on, is_robot, {column}, {counts} FROM {relation}{TEXTS.get(name, '')} GROUP BY ALL)")
