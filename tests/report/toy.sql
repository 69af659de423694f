-- A small invented warehouse for the tests of the reports: every state, every verdict, plans with hostile names ($plans).

-- Tables that no run carries, and that carried.sql therefore does not lay out.

CREATE TABLE source.set_aside (dataset VARCHAR, reason VARCHAR, place VARCHAR, column_name VARCHAR, rows BIGINT);
CREATE TABLE fact.server (server_id VARCHAR, role VARCHAR, site VARCHAR, country VARCHAR, in_service_at TIMESTAMPTZ,
    out_of_service_at TIMESTAMPTZ);
CREATE TABLE fact.item_copy (item_id VARCHAR, deleted_at TIMESTAMPTZ, place VARCHAR, server_id VARCHAR, gone_at TIMESTAMPTZ,
    there_until_at TIMESTAMPTZ, how VARCHAR);
CREATE TABLE fact.recovery (recovery_id VARCHAR, item_id VARCHAR, item_deleted_at TIMESTAMPTZ, requested_at TIMESTAMPTZ,
    outcome VARCHAR, outcome_at TIMESTAMPTZ);
CREATE TABLE fact.rights_request (request_id VARCHAR, "right" VARCHAR);
CREATE TABLE fact.finding (promise VARCHAR, kind VARCHAR, subject VARCHAR, noticed_at TIMESTAMPTZ, detail VARCHAR);
CREATE TABLE verification.result (suite VARCHAR, subject VARCHAR, check_name VARCHAR, rows BIGINT, breaches BIGINT,
    nulls BIGINT, raised BOOLEAN, success BOOLEAN, detail VARCHAR);

INSERT INTO fact.account BY NAME
SELECT 'account-' || lpad(n::VARCHAR, 24, '0') AS account_id,
       days_after($as_of_end, -(30 + (n * 37) % 2600)::INTEGER) AS created_at,
       $plans[CASE WHEN n % 60 = 0 THEN 5 WHEN n % 97 = 0 THEN 4 WHEN n % 9 = 0 THEN 3 WHEN n % 2 = 0 THEN 2 ELSE 1 END] AS plan,
       false AS is_deleted, true AS has_personal_data, true AS is_present,
       CASE WHEN n % 5 = 0 THEN days_after($as_of_end, 100) END AS paid_until_at
FROM range(1, 401) AS t (n);

INSERT INTO fact.server VALUES ('srv-1', 'primary', 'Lyon', 'FR', $as_of_end, NULL), ('srv-2', 'replica', 'Paris', 'FR',
       $as_of_end, NULL), ('bak-1', 'backup', '<b>Lille</b>', 'FR', $as_of_end, NULL);

INSERT INTO fact.deleted_item BY NAME SELECT 'item-' || lpad(n::VARCHAR, 24, '0') AS item_id,
       days_after($as_of_end, -(n % 200)::INTEGER - 1) AS deleted_at,
       CASE WHEN n % 200 > 24 AND n % 71 <> 0 THEN days_after($as_of_end, 21 - (n % 200)::INTEGER)
            WHEN n % 200 = 10 THEN days_after($as_of_end, -2) END AS purged_at,
       CASE WHEN n % 50 = 1 THEN days_after($as_of_end, -(n % 200)::INTEGER + 1) END AS restored_at, true AS is_present
       FROM range(1, 601) AS t (n);

INSERT INTO fact.item_copy BY NAME SELECT item_id, deleted_at, server_id AS place, server_id, purged_at AS gone_at,
       CASE WHEN server_id = 'bak-1' AND item_id LIKE '%99' THEN 'unlisted' ELSE 'derived' END AS how
       FROM fact.deleted_item CROSS JOIN fact.server;

INSERT INTO fact.recovery SELECT 'recovery-' || n, 'item-' || n, $as_of_end, days_after($as_of_end, -n::INTEGER),
       ['served', 'pending', 'refused', 'served', 'withdrawn'][1 + n % 5], NULL FROM range(1, 30) AS t (n);

INSERT INTO fact.rights_request SELECT 'rights_request-' || lpad(n::VARCHAR, 24, '0'),
       ['access', 'erasure', 'rectification'][1 + (n % 7 > 4)::INTEGER + (n % 20 = 19)::INTEGER] FROM range(1, 41) AS t (n);

INSERT INTO fact.idle_spell BY NAME SELECT 'account-' || n AS account_id,
       days_after($as_of_end, -(500 + n * 9)::INTEGER) AS opened_at, days_after($as_of_end, -(n * 4)::INTEGER) AS ended_at,
       'active' AS ended_by FROM range(1, 80) AS t (n);

INSERT INTO fact.finding VALUES ('retention.deleted-accounts', 'vanished', 'account-1', $as_of_end, ''),
       ('retention.deleted-accounts', 'erased_but_present', 'account-2', $as_of_end, ''),
       ('retention.invoices', 'invoice_number_gap', 'invoice-9', $as_of_end, '');

INSERT INTO obligation.current BY NAME
WITH idle AS (
    SELECT account_id AS subject, row_number() OVER (ORDER BY account_id) AS n,
           least(1150, (row_number() OVER (ORDER BY account_id) * 53) % 1160)::INTEGER AS days
    FROM fact.account WHERE paid_until_at IS NULL
)
SELECT 'retention.inactive-accounts' AS promise, subject, days_after($as_of_end, -days) AS opened_at,
       months_end(days_after($as_of_end, -days), 36) AS due_at, 'current spell' AS basis,
       CASE WHEN n % 80 = 7 THEN 'unknown' WHEN months_end(days_after($as_of_end, -days), 36) <= $as_of_end THEN 'overdue'
            WHEN months_end(days_after($as_of_end, -days), 36) <= days_after($as_of_end, 30) THEN 'due_soon' ELSE 'open' END AS state,
       CASE WHEN state = 'overdue' THEN months_end(days_after($as_of_end, -days), 36) END AS failed_at
FROM idle;

INSERT INTO obligation.current BY NAME
SELECT promise, subject, opened_at, earliest_at, due_at, safe_due_at, closed_at, closed_by, 'invented' AS basis, state,
       CASE WHEN state IN ('late', 'premature') THEN closed_at WHEN state = 'overdue' THEN due_at END AS failed_at,
       state IN ('late', 'premature') AND closed_at >= months_before($as_of_end, 12) AS in_review
FROM (
    SELECT 'cancellation.done' AS promise, 'account-9' || lpad(n::VARCHAR, 23, '0') AS subject,
           days_after($as_of_end, -(n * 9 % 700)::INTEGER) AS opened_at, NULL::TIMESTAMPTZ AS earliest_at,
           months_end(days_after($as_of_end, -(n * 9 % 700)::INTEGER), 1) AS due_at,
           months_end(days_after($as_of_end, -(n * 9 % 700)::INTEGER), 1) AS safe_due_at,
           CASE WHEN n % 11 = 3 THEN NULL ELSE days_after($as_of_end, (n % 40) - (n * 9 % 700)::INTEGER) END AS raw_closed_at,
           CASE WHEN raw_closed_at < $as_of_end THEN raw_closed_at END AS closed_at,
           CASE WHEN closed_at IS NOT NULL THEN 'deleted' END AS closed_by,
           CASE WHEN closed_at < due_at THEN 'met' WHEN closed_at IS NOT NULL THEN 'late' WHEN due_at <= $as_of_end THEN 'overdue'
                WHEN due_at <= days_after($as_of_end, 7) THEN 'due_soon' ELSE 'open' END AS state
    FROM range(1, 90) AS t (n)
    UNION ALL BY NAME
    SELECT 'trash.purged' AS promise, i.item_id AS subject, i.deleted_at AS opened_at, trash_until(i.deleted_at, 21) AS earliest_at,
           days_end(trash_until(i.deleted_at, 21), 1) AS due_at, i.purged_at AS closed_at,
           CASE WHEN i.purged_at IS NOT NULL THEN 'purged' END AS closed_by,
           CASE WHEN i.restored_at IS NOT NULL THEN 'void' WHEN i.purged_at < due_at THEN 'met' WHEN i.purged_at IS NOT NULL THEN 'late'
                WHEN due_at <= $as_of_end THEN 'overdue' ELSE 'open' END AS state
    FROM fact.deleted_item AS i
    UNION ALL BY NAME
    SELECT 'trash.kept' AS promise, i.item_id AS subject, i.deleted_at AS opened_at, trash_until(i.deleted_at, 21) AS earliest_at,
           i.purged_at AS closed_at, CASE WHEN i.purged_at IS NOT NULL THEN 'purged' END AS closed_by,
           CASE WHEN i.restored_at IS NOT NULL THEN 'void' WHEN i.purged_at < earliest_at THEN 'premature'
                WHEN earliest_at <= $as_of_end THEN 'met' ELSE 'open' END AS state
    FROM fact.deleted_item AS i
    UNION ALL BY NAME
    SELECT 'retention.invoices' AS promise, 'invoice-' || lpad(n::VARCHAR, 24, '0') AS subject,
           day_start(plus_months($as_of, -n * 4)) AS opened_at,
           day_end(plus_months($as_of, 120 - n * 4)) AS earliest_at,
           CASE WHEN n = 33 THEN days_after($as_of_end, -20) WHEN n = 12 THEN days_after($as_of_end, -9) END AS closed_at,
           CASE WHEN closed_at IS NOT NULL THEN 'removed' END AS closed_by,
           CASE WHEN closed_at < earliest_at THEN 'premature' WHEN earliest_at <= $as_of_end THEN 'met' ELSE 'open' END AS state
    FROM range(1, 40) AS t (n)
    UNION ALL BY NAME
    SELECT 'rights.answered' AS promise, r.request_id AS subject,
           days_after($as_of_end, -(n * 13)::INTEGER) AS opened_at,
           months_end(days_after($as_of_end, -(n * 13)::INTEGER), 1) AS due_at,
           months_end(days_after($as_of_end, -(n * 13)::INTEGER), 1) AS safe_due_at,
           CASE WHEN n > 3 THEN days_after($as_of_end, 20 - (n * 13)::INTEGER) END AS closed_at,
           CASE WHEN closed_at IS NOT NULL THEN 'answered' END AS closed_by,
           CASE WHEN n > 3 THEN 'met' WHEN due_at <= $as_of_end THEN 'overdue' WHEN due_at <= days_after($as_of_end, 7) THEN 'due_soon'
                ELSE 'open' END AS state
    FROM (SELECT request_id, row_number() OVER (ORDER BY request_id) AS n FROM fact.rights_request) AS r
);

INSERT INTO source.collection BY NAME SELECT dataset, 'app' AS source,
       CASE WHEN dataset = 'backups' THEN 'missing' ELSE 'collected' END AS status,
       CASE WHEN dataset = 'backups' THEN 'not mapped' END AS detail,
       $as_of_end AS collected_at, $as_of_end AS written_at,
       CASE WHEN dataset = 'backups' THEN 0 ELSE 1234 + 7 * length(dataset) END AS rows_in,
       CASE WHEN dataset = 'activity' THEN 3 ELSE 0 END AS rows_set_aside, rows_in - rows_set_aside AS rows_kept,
       []::VARCHAR[] AS absent_columns FROM register.contract;

INSERT INTO source.set_aside VALUES ('activity', 'in_future', 'activity.csv:10-40', 'occurred_at', 2), ('activity', 'not_utf8', '<i>odd</i>.csv:7', NULL, 1);

INSERT INTO verification.result SELECT 'trust', dataset, 'freshness', 1234, 0, 0, false, dataset <> 'legal_holds', ''
       FROM register.contract WHERE dataset <> 'backups';

INSERT INTO verification.result VALUES ('canary', 'trash.kept', 'trash.kept', 5, 0, 0, false, true, '');

INSERT INTO obligation.change SELECT $as_of, promise, subject, opened_at, 'open', state,
       CASE WHEN state IN ('due_soon', 'overdue') THEN 'time' ELSE 'new' END FROM obligation.current WHERE state IN ('due_soon', 'late');

INSERT INTO obligation.count SELECT $as_of, promise, state, count(*) FROM obligation.current GROUP BY ALL;

INSERT INTO verdict.current BY NAME
       SELECT p.promise, p.position, p.section, p.summary_fr, p.summary_en, p.kind, $as_of AS since_on,
              CASE WHEN o.promise IS NULL THEN 'unverifiable' WHEN o.bad > 0 THEN 'breached' WHEN o.promise = 'rights.answered'
                   THEN 'at_risk' ELSE 'compliant' END AS verdict,
              CASE WHEN NOT p.is_built THEN 'rule_not_built' WHEN o.promise IS NULL THEN 'dataset_missing' WHEN o.bad > 0 THEN 'overdue'
                   WHEN verdict = 'at_risk' THEN 'due_soon' ELSE 'none' END AS reason,
              CASE WHEN o.promise IS NULL THEN '' ELSE o.bad || ' overdue' END AS detail,
              r.cure_fr, r.cure_en, coalesce(o.judged, 0) AS judged, coalesce(o.judged, 0) AS looked_at,
              CASE WHEN p.is_built THEN ['accounts', 'users'] ELSE []::VARCHAR[] END AS datasets,
              CASE WHEN p.promise = 'trash.purged' THEN 'compliant' ELSE verdict END AS previous_verdict
       FROM register.promise AS p
       LEFT JOIN register.rule AS r USING (promise)
       LEFT JOIN (SELECT promise, count(*) AS judged, count(*) FILTER (WHERE state IN ('overdue', 'premature') AND
                  promise <> 'rights.answered') AS bad FROM obligation.current GROUP BY promise) AS o USING (promise);

INSERT INTO verdict.history SELECT plus_days($as_of, -n::INTEGER), promise, CASE WHEN n > 3 AND verdict = 'breached' THEN 'compliant'
       ELSE verdict END, reason, since_on FROM verdict.current, range(0, 9) AS t (n);
