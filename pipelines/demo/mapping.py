"""The demo's sources.toml: which columns of the source system may be read, and what is only asked whether it is there."""

from pipelines.demo import weblog
from pipelines.demo.moments import as_date
from pipelines.demo.planted import collection
from pipelines.demo.records import backups_from
from pipelines.demo.store import SECRET
from pipelines.demo.world import World

SELECTS = {
    "accounts": """
SELECT id AS account_id, created_at, plan, state, paid_from_at, paid_until_at, last_sign_in_at, last_edit_at,
       deletion_requested_at, deleted_at, reinstated_at, erased_at,
       company IS NOT NULL AS has_name, email IS NOT NULL AS has_email, phone IS NOT NULL AS has_phone,
       postal_address IS NOT NULL AS has_address
FROM {customer}""",
    "users": """
SELECT m.person_id AS user_id, m.customer_id AS account_id, m.created_at, m.removed_at, m.last_sign_in_at, m.last_edit_at,
       p.erased_at, p.full_name IS NOT NULL AS has_name, p.email IS NOT NULL AS has_email, p.phone IS NOT NULL AS has_phone
FROM {membership} AS m
JOIN {person} AS p ON p.id = m.person_id""",
    "activity": """
SELECT id AS event_id, occurred_at, customer_id AS account_id, person_id AS user_id, actor, action
FROM {usage_event}""",
    "deleted_items": """
SELECT id AS item_id, customer_id AS account_id, person_id AS user_id, created_at, deleted_at, restored_at, purged_at
FROM {trashed_item}""",
}
# Tables that already use the contracts' names: of the file, only those columns are read.
TABLES = {
    "invoices": ("invoice", "invoice_id, account_id, kind, series, number, issued_on, financial_year_end_on, "
                            "period_from_on, period_until_on, removed_at"),
    "recoveries": ("recovery", "recovery_id, item_id, requested_at, outcome, outcome_at"),
    "deletion_requests": ("deletion_request", "request_id, account_id, user_id, requested_at, withdrawn_at, channel"),
}
WEB = f'''[web]
kind = "access_log"
files = "sources/logs/access.log*"
format = '{weblog.FORMAT}'
sites = ["{weblog.SITE}"]
[web.fields]
account = "http_x_account"'''
RECORDS = {"item_copies": "item_copy.parquet", "rights_requests": "rights_request.csv",
           "emails": "mailing.parquet", "opt_outs": "opt_out.csv",
           "erasure_journal": "erasure_journal.parquet", "servers": "server.csv", "backups": "backup.jsonl",
           "volumes": "volume.csv", "replication_samples": "replication_sample.parquet",
           "restore_drills": "restore_drill.csv", "security_updates": "security_update.csv",
           "legal_holds": "legal_hold.csv", "attestations": "attestation.csv",
           "published_policy": "published_policy.csv",
           "cookies": "cookie.jsonl", "declared_cookies": "declared_cookie.csv",
           "tickets": "ticket.parquet", "staff_access": "staff_access.jsonl",
           "processing_register": "processing.csv", "disclosures": "disclosure.csv"}
ENDPOINTS = '''[endpoints]
kind = "tls_probes"
files = "sources/records/tls_probe.jsonl"'''


def sources_toml(world: World, database: str | None) -> str:
    """The text of sources.toml; paths are relative to the home. `database`: the kind that holds the application's tables."""
    app = [("kind", database), ("secret", SECRET)] if database else [("kind", "files")]
    records = {name: f"sources/records/{file}" for name, file in RECORDS.items()}
    return "\n\n".join((
        "# The source system of the demo: invented from end to end. The columns named here are all that is ever read.",
        f'[system]\nname = "Alpiasoft (démonstration)"\nfounded_on = {as_date(world.founded)}\nas_of = {world.as_of}\n'
        f"history_from = {{ backups = {as_date(backups_from(world))} }}",
        _source("app", app, _app(database is not None)),
        _source("records", [("kind", "files")], records),
        WEB,
        collection.sources_toml("sources/records/source_column.csv", f"{as_date(world.today + 200)}"),
        ENDPOINTS,
    )) + "\n"


def _app(in_database: bool) -> dict[str, str]:
    selects = {name: select.format_map(_Places(in_database)) for name, select in SELECTS.items()}
    if in_database:
        return selects | {name: f"\nSELECT {columns}\nFROM {table}" for name, (table, columns) in TABLES.items()}
    return selects | {name: f"sources/app/{table}.parquet" for name, (table, _) in TABLES.items()}


class _Places(dict):
    """What stands behind FROM: a table's name, or the file that holds it."""

    def __init__(self, in_database: bool):
        super().__init__()
        self._in_database = in_database

    def __missing__(self, table: str) -> str:
        if self._in_database:
            return table
        return f"read_parquet('sources/app/{table}{'/*' if table == 'usage_event' else ''}.parquet')"


def _source(name: str, settings: list[tuple[str, str]], datasets: dict[str, str]) -> str:
    lines = [f"[{name}]", *(f'{key} = "{value}"' for key, value in settings), f"[{name}.datasets]"]
    for dataset, text in datasets.items():
        lines.append(f'{dataset} = """{text}"""' if "\n" in text else f'{dataset} = "{text}"')
    return "\n".join(lines)
