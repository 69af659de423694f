"""A small sound warehouse in which every check succeeds, and a copy of it for each test to break one thing in."""

from datetime import date

from pipelines import warehouse
from pipelines.verify import kept, trust, verification

AS_OF = date(2026, 1, 31)
COLLECTED_AT = "2026-02-01 03:00"
FOUNDED_ON = date(2015, 3, 1)

# recoveries and rights_requests are empty under nil returns, and legal_holds may be empty; the accounts' source has no
# addresses.
SOUND = {
    "accounts": """
        account_id | created_at | state   | last_sign_in_at | deleted_at | erased_at  | has_name | has_email | has_phone
        a1         | 2016-05-01 | active  | 2026-01-30      |            |            | true     | true      | true
        a2         | 2019-05-01 | trial   | 2026-01-29      |            |            | true     | true      | false
        a3         | 2017-05-01 | deleted |                 | 2024-01-10 | 2024-02-10 | false    | false     | false
        """,
    "users": """
        user_id | account_id | created_at | last_sign_in_at | removed_at | erased_at  | has_name | has_email | has_phone
        u1      | a1         | 2016-05-01 | 2026-01-30      |            |            | true     | true      | false
        u2      | a2         | 2019-05-01 | 2026-01-29      |            |            | true     | true      | true
        u3      | a3         | 2017-05-01 |                 | 2024-01-10 | 2024-02-10 | false    | false     | false
        """,
    "activity": """
        event_id | occurred_at      | account_id | user_id | actor  | action
        e1       | 2026-01-30 10:00 | a1         | u1      | person | edit
        e2       | 2026-01-29 10:00 | a2         | u2      | api    | read
        """,
    "access_log": """
        day_on     | client | dimension | value | hits | bytes | visits | visitors | seconds | is_partial
        2026-01-30 | person | total     | all   | 12   | 48000 | 2      | 2        | 340     | false
        2026-01-30 | robot  | total     | all   | 3    | 900   | 3      | 1        | 0       | false
        """,
    "log_fields": """
        field
        agent
        """,
    "raw_logs": """
        file | oldest_on  | newest_on  | lines
        a    | 2025-12-01 | 2026-01-30 | 15
        """,
    "tls_probes": """
        endpoint            | probed_at        | protocol | suite                       | outcome
        app.example.org:443 | 2026-01-30 10:00 | TLSv1.2  | ECDHE-RSA-AES256-GCM-SHA384 | accepted
        """,
    "cookies": """
        cookie_id | declared_as | host      | domain    | seen_at          | how   | first_set_at     | is_session
        k1        | sess_*      | a.example | a.example | 2026-01-30 10:00 | visit | 2026-01-30 10:00 | true
        """,
    "declared_cookies": """
        pattern | purpose | lifetime
        sess_*  | sign_in | session
        """,
    "invoices": """
        invoice_id | account_id | kind    | series | number | issued_on  | financial_year_end_on
        i1         | a1         | invoice | F      | 1      | 2025-06-30 | 2025-12-31
        i2         | a2         | invoice | F      | 2      | 2025-07-31 | 2025-12-31
        """,
    "deleted_items": """
        item_id | account_id | user_id | created_at       | deleted_at       | purged_at
        t1      | a1         | u1      | 2025-11-01 09:00 | 2026-01-01 09:00 | 2026-01-22 23:00
        t2      | a2         | u2      | 2025-11-01 09:00 | 2026-01-28 09:00 |
        """,
    "item_copies": """
        item_id | server_id | held_since_at    | gone_at
        t1      | s1        | 2025-11-01 09:00 | 2026-01-22 23:00
        t2      | s1        | 2025-11-01 09:00 |
        """,
    "recoveries": "recovery_id | item_id | requested_at",
    "deletion_requests": """
        request_id | account_id | requested_at     | channel
        d1         | a3         | 2024-01-05 10:00 | email
        """,
    "rights_requests": "request_id | received_at",
    "tickets": """
        ticket_id | account_id | kind       | opened_at        | answered_at      | closed_at
        k1        | a1         | support    | 2026-01-05 10:00 | 2026-01-05 11:00 | 2026-01-06 10:00
        k2        | a2         | assistance | 2026-01-29 10:00 |                  |
        """,
    "staff_access": """
        access_id | account_id | accessed_at      | reason  | ticket_id
        o1        | a1         | 2026-01-05 11:00 | support | k1
        """,
    "erasure_journal": """
        entry_id | account_id | erased_at
        j1       | a3         | 2024-02-10 10:00
        """,
    "servers": """
        server_id | role    | site | country | in_service_at
        s1        | primary | RBX  | FR      | 2015-03-02 00:00
        """,
    "backups": """
        snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
        b1          | s1        | s1               | 2026-01-31 04:00 | success | true
        """,
    "volumes": """
        server_id | volume | in_use_at
        s1        | data   | 2015-03-02 00:00
        """,
    "replication_samples": """
        source_server_id | replica_server_id | sampled_at       | lag_seconds
        s1               | s2                | 2026-01-31 04:00 | 2
        """,
    "restore_drills": """
        drill_id | kind    | server_id | started_at       | finished_at      | outcome
        d1       | restore | s1        | 2026-01-10 04:00 | 2026-01-10 05:00 | success
        """,
    "security_updates": """
        server_id | checked_at       | pending | oldest_pending_at
        s1        | 2026-01-31 05:00 | 1       | 2026-01-20 00:00
        """,
    "source_columns": """
        source_name | schema_name | table_name | column_name | column_category | is_ambiguous
        app         | public      | account    | email       | contact         | false
        """,
    "column_exemptions": """
        source_name | pattern | until_on   | columns_matched
        app         | trace*  | 2026-12-31 | 1
        """,
    "emails": """
        email_id | recipient | sent_at          | kind      | has_list_unsubscribe | has_unsubscribe_link
        m1       | r1        | 2026-01-20 10:00 | marketing | true                 | true
        """,
    "opt_outs": """
        recipient | kind | stopped_at
        r1        | all  | 2026-01-25 10:00
        """,
    "legal_holds": "hold_id | from_at",
    "published_policy": """
        place | is_online | fingerprint | checked_at
        1     | true      | f1          | 2026-02-01 02:00
        """,
    "processing_register": """
        processing_id | purpose | data             | legal_basis | subprocessor_id | from_on    | until_on
        p1            | service | customer_content | contract    |                 | 2015-03-02 |
        p2            | payment | billing          | contract    | r1              | 2015-03-02 | 2026-12-31
        """,
    "disclosures": """
        disclosed_at     | is_continuous | recipient_kind | recipient_id | purpose | data    | basis
        2019-05-02 10:00 | true          | subprocessor   | r1           | payment | billing | processor_contract
        """,
    "attestations": """
        attestation_id | kind         | dataset         | promise       | stated_on  | valid_until_on | role
        n1             | nil_return   | recoveries      |               | 2026-01-05 | 2026-04-05     | operations
        n2             | nil_return   | rights_requests |               | 2026-01-05 | 2026-04-05     | dpo
        c1             | completeness | attestations    |               | 2026-01-05 | 2026-04-05     | dpo
        c2             | completeness | processing_register |           | 2026-01-05 | 2026-04-05     | dpo
        c3             | completeness | disclosures     |               | 2026-01-05 | 2026-04-05     | dpo
        a1             | statement    |                 | hosting.staff | 2025-06-05 | 2026-06-05     | operations
        a2             | statement    |                 | processor.assistance | 2025-06-05 | 2026-06-05 | dpo
        """,
}


class Copy:
    """A warehouse of the test's own: `run` changes it, `trust` and `kept` are the results by (subject, check)."""

    def __init__(self, path, contracts, policy):
        self.path = path
        self._contracts = contracts
        self._policy = policy

    def run(self, *statements: str) -> "Copy":
        connection = warehouse.connect(self.path)
        for statement in statements:
            connection.execute(statement)
        connection.close()
        return self

    def recount(self, dataset: str) -> "Copy":
        """Let source.collection say that what the dataset holds now is what came in."""
        count = f"(SELECT count(*) FROM source.{dataset})"
        return self.run(f"UPDATE source.collection SET rows_in = {count} + rows_set_aside, rows_kept = {count} "
                        f"WHERE dataset = '{dataset}'")

    def trust(self, *datasets: str, founded_on=FOUNDED_ON) -> dict:
        """The results of suite trust: all, or those of the scans of `datasets` ('collection' is one too)."""
        connection = warehouse.read(self.path)
        scans = trust.scans(connection, self._contracts, AS_OF, founded_on)
        connection.close()
        wanted = {f"source.{name}" for name in datasets}
        return self._results([scan for scan in scans if not wanted or scan.name in wanted])

    def kept(self, *tables: str) -> dict:
        """The results of suite kept: all, or those over these tables."""
        scans = kept.scans(self._policy, self._contracts, AS_OF)
        return self._results([scan for scan in scans if not tables or scan.name in tables])

    def _results(self, scans) -> dict:
        return {(result.subject, result.check_name): result for result in verification.run(self.path, scans)}


def failed(results: dict) -> set[tuple[str, str]]:
    """Which checks did not succeed."""
    return {key for key, result in results.items() if not result.success}


def counts(result) -> tuple[int, int, int]:
    """(rows, breaches, nulls) of a result that was told."""
    assert not result.raised, result.detail
    return result.rows, result.breaches, result.nulls
