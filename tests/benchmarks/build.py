"""Makes the file that verification is measured on: five tables shaped like ours, with a few breaches planted.

`python -m tests.benchmarks.build FILE ROWS`: ROWS in all, most of them actions.
"""

import json
import sys
from pathlib import Path

from pipelines import warehouse

SELECTS = {
    "source.accounts": """SELECT 'account-' || md5(i::VARCHAR)[:24] AS account_id,
        TIMESTAMPTZ '2015-03-02 00:00:00+01' + to_seconds(i * 300_000_000 // $rows) AS created_at, 'pro' AS plan,
        CASE WHEN i % 9 = 0 THEN 'deleted' WHEN i % 7 = 0 THEN 'trial' ELSE 'active' END AS state,
        TIMESTAMPTZ '2026-01-31 12:00:00+01' - to_minutes(i % 9000) AS last_sign_in_at,
        CASE WHEN i % 9 = 0 THEN TIMESTAMPTZ '2025-06-01 12:00:00+02' + to_minutes(i % 9000) END AS deleted_at,
        i % 9 <> 0 AS has_email FROM range($rows) AS r(i)""",
    "source.users": """SELECT 'user-' || md5(i::VARCHAR)[:24] AS user_id,
        'account-' || md5((i % $accounts)::VARCHAR)[:24] AS account_id,
        TIMESTAMPTZ '2015-03-02 00:00:00+01' + to_seconds(i * 300_000_000 // $rows) AS created_at,
        TIMESTAMPTZ '2026-01-31 12:00:00+01' - to_minutes(i % 9000) AS last_sign_in_at, i % 9 <> 0 AS has_email
        FROM range($rows) AS r(i)""",
    "source.activity": """SELECT 'event-' || md5(i::VARCHAR)[:24] AS event_id,
        TIMESTAMPTZ '2023-01-01 00:00:00+01' + to_seconds(i * 90_000_000 // $rows) AS occurred_at,
        CASE WHEN i % ($rows // 4) = 7 THEN 'stranger' ELSE 'account-' || md5((hash(i) % $accounts)::VARCHAR)[:24] END
            AS account_id,
        'user-' || md5((hash(i) % $users)::VARCHAR)[:24] AS user_id,
        CASE WHEN i % ($rows // 3) = 5 THEN NULL WHEN i % ($rows // 2) = 3 THEN 'robot' WHEN i % 5 = 0 THEN 'api'
             ELSE 'person' END AS actor,
        CASE WHEN i % 3 = 0 THEN 'edit' ELSE 'read' END AS action FROM range($rows // 12 * 12) AS r(i)""",
    "source.deleted_items": """SELECT 'item-' || md5(i::VARCHAR)[:24] AS item_id,
        'account-' || md5((hash(i) % $accounts)::VARCHAR)[:24] AS account_id,
        TIMESTAMPTZ '2022-01-01 00:00:00+01' + to_seconds(i * 90_000_000 // $rows) AS created_at,
        CASE WHEN i % ($rows // 5) = 9 THEN TIMESTAMPTZ '2027-01-01 00:00:00+01'
             ELSE TIMESTAMPTZ '2022-02-01 00:00:00+01' + to_seconds(i * 90_000_000 // $rows) END AS deleted_at,
        NULL::TIMESTAMPTZ AS restored_at,
        TIMESTAMPTZ '2022-03-01 00:00:00+01' + to_seconds(i * 90_000_000 // $rows) AS purged_at
        FROM range($rows // 5 * 5) AS r(i)""",
    "obligation.current": """SELECT
        ['trash.kept', 'trash.purged', 'rights.answered', 'retention.invoices'][1 + i % 4] AS promise,
        'item-' || md5((i // 4)::VARCHAR)[:24] AS subject,
        TIMESTAMPTZ '2022-02-01 00:00:00+01' + to_seconds(i * 90_000_000 // $rows) AS opened_at,
        TIMESTAMPTZ '2022-02-23 00:00:00+01' + to_seconds(i * 90_000_000 // $rows) AS due_at,
        CASE WHEN i % ($rows // 6) = 11 THEN 'overdue' WHEN i % 3 = 0 THEN 'open' ELSE 'met' END AS state,
        CASE WHEN i % ($rows // 6) <> 11 AND i % 3 > 0
             THEN TIMESTAMPTZ '2022-02-22 00:00:00+01' + to_seconds(i * 90_000_000 // $rows) END AS closed_at
        FROM range($rows // 6 * 6) AS r(i)""",
}
SHARES = {"source.accounts": 20, "source.users": 15, "source.activity": 2, "source.deleted_items": 6,
          "obligation.current": 5}


def build(path: Path, rows: int) -> dict[str, int]:
    """Make the file anew; returns the rows of each table."""
    path.unlink(missing_ok=True)
    connection = warehouse.connect(path)
    sizes = {table: rows // share for table, share in SHARES.items()}
    for table, select in SELECTS.items():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.split('.')[0]}")
        bindings = {"rows": sizes[table], "accounts": sizes["source.accounts"], "users": sizes["source.users"]}
        named = {name: value for name, value in bindings.items() if f"${name}" in select}
        connection.execute(f"CREATE TABLE {table} AS {select}", named)
    counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in SELECTS}
    warehouse.finish(connection)
    return counts


if __name__ == "__main__":
    print(json.dumps(build(Path(sys.argv[1]), int(sys.argv[2]))))
