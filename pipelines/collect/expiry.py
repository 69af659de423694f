"""What a run leaves behind of subjects of whom nothing is owed and nothing has been heard for long.

A subject (an account, a user, a deleted item) has expired at `as_of` when

- no row that the sources show says that it is still there: an account or user whose personal data is erased, an invoice that
  is removed, and any request, journal or other record is no such row;
- the newest moment in all that is known of it lies before the first day of the register's period (`[forgetting]`);
- no obligation or condition that names it is open or broken, or unknown in review: what somebody has to answer for stays.

Then every row that names it is left out: of the run before (`previous.*` shows it no more), and of what was just collected.
An invoice stays without its account, and counts of traffic and of usage stay without the name. What it adds up to was
counted while it was there: obligation.count, obligation.condition_count and verdict.history are carried for ever.

Of events that are read by `since` and name somebody, the rows older than the period are left behind too, and of the changes
of states (obligation.change) those that are. On a first run, or where a dataset that was collected the night before is
missing, nothing expires: what cannot be seen is no sign of absence.
"""

from collections.abc import Iterator
from datetime import date

from pipelines.register import periods
from pipelines.register.contracts import ACTIONS_COUNTED, DAY, FIRST, LAST, Contract
from pipelines.warehouse import Connection, identifier

KINDS = ("account", "user", "item")
# What source.forgotten counts: subjects of each kind, and rows of each dataset; no name.
SUBJECTS, ROWS = "subjects", "rows"
TRAFFIC, FORGOTTEN = "access_log", "forgotten"
NOT_THERE = """
    SELECT count(*) FROM previous.source.collection AS p
    LEFT JOIN source.collection AS c USING (dataset)
    WHERE p.status = 'collected' AND c.status IS DISTINCT FROM 'collected'
"""
STANDING = """
    SELECT subject FROM previous.obligation.current WHERE in_review OR state IN ('open', 'due_soon', 'held', 'overdue')
    UNION
    SELECT subject FROM previous.obligation.condition WHERE in_review AND state <> 'kept'
"""
# What is carried from run to run: the subject, whether it is still there, and the newest moment.
CARRIED = """
    SELECT account_id AS subject, is_present AND NOT (erased_at IS NOT NULL AND has_personal_data IS FALSE) AS is_alive,
           greatest(created_at, deletion_asked_at, deleted_at, reinstated_at, erased_at, vanished_at, resurrected_at)
               AS newest_at
    FROM previous.fact.account
    UNION ALL
    SELECT user_id, is_present AND NOT (erased_at IS NOT NULL AND has_personal_data IS FALSE),
           greatest(erased_at, vanished_at, resurrected_at)
    FROM previous.fact.person
    UNION ALL
    SELECT unnest([item_id, user_id, account_id]), item_id IN (FROM standing),
           greatest(created_at, deleted_at, restored_at, purged_at, erasure_asked_at, journal_at, vanished_at,
                    resurrected_at)
    FROM previous.fact.deleted_item
    UNION ALL
    SELECT unnest([user_id, account_id]), false, greatest(created_at, removed_at) FROM previous.fact.membership
    UNION ALL
    SELECT unnest([user_id, account_id]), false, seen_at FROM previous.fact.last_seen
    UNION ALL
    SELECT account_id, false, greatest(opened_at, ended_at) FROM previous.fact.idle_spell
    UNION ALL
    SELECT subject, false, greatest(opened_at, closed_at) FROM previous.obligation.current
    UNION ALL
    SELECT invoice_id, true, NULL FROM previous.fact.invoice
"""
# What is no pseudonym (a server's name) never expires.
EXPIRED = """
    INSERT INTO previous.main.expired
    SELECT subject FROM mention
    WHERE regexp_full_match(subject, '[a-z_]+-[0-9a-f]{24}') AND subject NOT IN (FROM standing)
    GROUP BY subject
    HAVING NOT coalesce(bool_or(is_alive), false) AND max(newest_at) < $cutoff
"""


def leave_behind(connection: Connection, contracts, as_of: date, months: int) -> None:
    """Leave the expired behind, and write into source.forgotten how many there were.

    For a building file with `previous` attached, after the collection and before anything is judged.
    """
    periods.install(connection)
    cutoff = connection.execute("SELECT months_before(day_end($as_of), $months), "
                                "(SELECT count(*) FROM previous.verdict.history), "
                                f"({NOT_THERE})", {"as_of": as_of, "months": months}).fetchone()
    cutoff_at, has_history, missing = cutoff
    if not has_history or missing:
        return
    _find(connection, contracts, cutoff_at)
    _count_subjects(connection)
    connection.execute("INSERT INTO previous.main.expiry SELECT local_day($cutoff)", {"cutoff": cutoff_at})
    for contract in contracts.values():
        before = _stands_for(connection, contract)
        _leave(connection, contract, cutoff_at)
        if gone := before - _stands_for(connection, contract):
            connection.execute("INSERT INTO source.forgotten VALUES ($what, $dataset, $rows)",
                               {"what": ROWS, "dataset": contract.name, "rows": gone})
    _leave_names_of_traffic(connection)
    connection.execute("DROP TABLE mention; DROP TABLE standing")


def _find(connection: Connection, contracts, cutoff_at) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE standing AS {STANDING}")
    mentions = [sql for contract in contracts.values() for sql in _mentions(contract)]
    traffic = (f"SELECT value, false, day_on::TIMESTAMPTZ FROM source.{TRAFFIC} WHERE dimension = 'account'"
               if TRAFFIC in contracts else "")
    connection.execute("CREATE OR REPLACE TEMP TABLE mention AS "
                       + " UNION ALL ".join(filter(None, (CARRIED, *mentions, traffic))))
    connection.execute(EXPIRED, {"cutoff": cutoff_at})


def _named(contract: Contract) -> list[str]:
    """The stored columns that name a subject of one of KINDS."""
    return [name for name, column in contract.stored.items() if column.action == "pseudonym" and column.of in KINDS]


def _own_key(contract: Contract) -> list[str]:
    """The pseudonyms by which a row is known, and which may be the subjects of obligations."""
    return [name for name in contract.stored_key
            if name in contract.columns and contract.columns[name].action == "pseudonym"]


def _mentions(contract: Contract) -> Iterator[str]:
    named, table = _named(contract), f"source.{identifier(contract.name)}"
    for name in named:
        yield f"SELECT {identifier(name)}, {_alive(contract)}, {_newest(contract)} FROM {table}"
    for name in set(_own_key(contract)) - set(named):
        yield f"SELECT {identifier(name)}, true, NULL FROM {table}"  # a record goes when those whom it names do, not before


def _newest(contract: Contract) -> str:
    moments = [f"{identifier(name)}::TIMESTAMPTZ" for name, column in contract.stored.items()
               if column.type in ("moment", "day")]
    return f"greatest({', '.join(moments)})" if moments else "'infinity'::TIMESTAMPTZ"


def _alive(contract: Contract) -> str:
    """SQL: does the row say that what it names is still there?"""
    if contract.name in ("accounts", "users"):
        flags = [identifier(name) for name, column in contract.columns.items() if column.action == "present"]
        return f"erased_at IS NULL OR {' OR '.join(f'coalesce({flag}, false)' for flag in flags)}"
    if contract.name == "invoices":
        return "removed_at IS NULL"
    if contract.counted_by:
        return "false"
    own = [f"{identifier(name)} IN (FROM standing)" for name in _own_key(contract)]
    return " OR ".join(own) or "false"


def _stands_for(connection: Connection, contract: Contract) -> int:
    """How many rows of its source a table holds, or counts."""
    return connection.execute(f"SELECT {contract.row_count} FROM source.{identifier(contract.name)}").fetchone()[0]


def _leave(connection: Connection, contract: Contract, cutoff_at) -> None:
    names = _named(contract)
    is_of_expired = " OR ".join(f"{identifier(name)} IN (FROM previous.main.expired)" for name in names)
    if contract.counted_by:
        _leave_counts(connection, contract)
    elif contract.since and any(column.action == "pseudonym" for column in contract.columns.values()):
        _remove(connection, contract, f"({is_of_expired or 'false'}) OR {identifier(contract.since)} < $cutoff",
                {"cutoff": cutoff_at})
    elif names:
        _keep_invoices(connection, contract, names)
        _remove(connection, contract, is_of_expired, {})


def _keep_invoices(connection: Connection, contract: Contract, names: list[str]) -> None:
    """What tells of an invoice stays, without the names of those who have expired."""
    for invoice in (identifier(name) for name, column in contract.columns.items() if column.of == "invoice"):
        for name in map(identifier, names):
            connection.execute(f"UPDATE source.{identifier(contract.name)} SET {name} = NULL "
                               f"WHERE {invoice} IS NOT NULL AND {name} IN (FROM previous.main.expired)")


def _remove(connection: Connection, contract: Contract, condition: str, bindings: dict) -> None:
    """Take the rows out; what they are known by, as subjects of obligations of their own, has expired with them."""
    table = f"source.{identifier(contract.name)}"
    for name in set(_own_key(contract)) - set(_named(contract)):
        connection.execute(f"INSERT INTO previous.main.expired SELECT {identifier(name)} FROM {table} WHERE {condition}",
                           bindings)
    connection.execute(f"DELETE FROM {table} WHERE {condition}", bindings)


def _leave_counts(connection: Connection, contract: Contract) -> None:
    """Counts of an expired account go; those of an expired user in a living account stay, as nobody's in particular."""
    table = f"source.{identifier(contract.name)}"
    connection.execute(f"DELETE FROM {table} WHERE account_id IN (FROM previous.main.expired)")
    others = [identifier(name) for name in (*contract.counted_by, DAY) if name != "user_id"]
    alike = " AND ".join(f"e.{name} IS NOT DISTINCT FROM a.{name}" for name in others)
    is_touched = (f"a.user_id IN (FROM previous.main.expired) OR (a.user_id IS NULL AND EXISTS (FROM {table} AS e "
                  f"WHERE e.user_id IN (FROM previous.main.expired) AND {alike}))")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE nobody AS SELECT {', '.join(others)}, NULL::VARCHAR AS user_id, "
                       f"sum({ACTIONS_COUNTED})::BIGINT AS {ACTIONS_COUNTED}, min({FIRST}) AS {FIRST}, "
                       f"max({LAST}) AS {LAST} FROM {table} AS a WHERE {is_touched} GROUP BY ALL")
    connection.execute(f"DELETE FROM {table} AS a WHERE {is_touched}")
    connection.execute(f"INSERT INTO {table} BY NAME FROM nobody; DROP TABLE nobody")


def _leave_names_of_traffic(connection: Connection) -> None:
    """The traffic of expired accounts stays in the sums of its days, under one word for all of them."""
    is_touched = ("dimension = 'account' AND (value IN (FROM previous.main.expired) OR (value = $word "
                  "AND (day_on, client) IN "
                  f"(SELECT (day_on, client) FROM source.{TRAFFIC} WHERE value IN (FROM previous.main.expired))))")
    bindings = {"word": FORGOTTEN}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE nobody AS SELECT day_on, client, dimension, $word AS value, "
                       "NULL::VARCHAR AS family, sum(hits)::BIGINT AS hits, sum(bytes)::BIGINT AS bytes, "
                       "sum(visits)::BIGINT AS visits, sum(visitors)::BIGINT AS visitors, sum(seconds)::BIGINT AS seconds, "
                       f"bool_or(is_partial) AS is_partial FROM source.{TRAFFIC} WHERE {is_touched} GROUP BY ALL", bindings)
    connection.execute(f"DELETE FROM source.{TRAFFIC} WHERE {is_touched}", bindings)
    connection.execute(f"INSERT INTO source.{TRAFFIC} BY NAME FROM nobody; DROP TABLE nobody")


def _count_subjects(connection: Connection) -> None:
    """By kind; a past day that is rebuilt brings its count along."""
    connection.execute(
        "INSERT INTO source.forgotten SELECT $what, regexp_replace(subject, '-[^-]*$', ''), count(*) "
        "FROM previous.main.expired WHERE NOT EXISTS (FROM source.forgotten) GROUP BY ALL", {"what": SUBJECTS})
