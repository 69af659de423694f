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
CREATE TABLE verification.own_storage AS FROM (VALUES (1, 'warehouse', 3, 4096, DATE '2026-01-29', DATE '2026-03-05', 35, 'days'),
    (2, 'reports', 12, 20480, DATE '2026-01-01', DATE '2027-02-01', 13, 'months'),
    (3, 'keys', 3, 195, DATE '2026-01-01', NULL::DATE, NULL, NULL)) AS t (position, kind, files, bytes, since_on, until_on, kept, unit);
CREATE TABLE verification.own_access AS SELECT 31 AS looked_at, 1 AS open;
CREATE TABLE verification.own_open_file AS SELECT 'reports/<b>x</b>.html' AS place, '0644' AS mode;
CREATE TABLE verification.own_content AS FROM (VALUES ('email', 90, 12345, 0, NULL), ('ip_v4', 90, 12345, 2, 'source.servers.site'),
    ('ip_v6', 90, 12345, 0, NULL)) AS t (what, columns, texts, found, place);
CREATE TABLE verification.own_call AS FROM (VALUES ('undeclared_calls', 'collect', 0), ('undeclared_calls', 'verify', 0),
    ('fetching_settings', 'collect', 0), ('fetching_settings', 'verify', 0)) AS t (what, stage, seen);

INSERT INTO fact.account BY NAME
SELECT 'account-' || lpad(n::VARCHAR, 24, '0') AS account_id,
       days_after($as_of_end, -(30 + (n * 37) % 2600)::INTEGER) AS created_at,
       $plans[CASE WHEN n % 60 = 0 THEN 5 WHEN n % 97 = 0 THEN 4 WHEN n % 9 = 0 THEN 3 WHEN n % 2 = 0 THEN 2 ELSE 1 END] AS plan,
       false AS is_deleted, true AS has_personal_data, true AS is_present,
       CASE WHEN n % 5 = 0 THEN days_after($as_of_end, 100) END AS paid_until_at
FROM range(1, 401) AS t (n);

-- Subscribers of the last two years: enough of them for cohorts.
INSERT INTO fact.account BY NAME
SELECT 'account-' || lpad(n::VARCHAR, 24, '0') AS account_id, days_after($as_of_end, -(20 + (n * 13) % 760)::INTEGER) AS created_at,
       $plans[CASE WHEN n % 3 = 0 THEN 2 ELSE 1 END] AS plan, false AS is_deleted, true AS has_personal_data, true AS is_present,
       days_after($as_of_end, 100) AS paid_until_at
FROM range(401, 1001) AS t (n);

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

-- Conditions: met, broken now, in a log (counted, dated, one before the review period), and one that cannot be told.
INSERT INTO obligation.condition
SELECT 'hosting.france', 'srv-' || n, NULL, CASE n WHEN 3 THEN false WHEN 4 THEN NULL ELSE true END,
       CASE n WHEN 3 THEN 'abroad' WHEN 4 THEN 'country_unknown' END, 1,
       CASE n WHEN 3 THEN 'broken' WHEN 4 THEN 'unknown' ELSE 'kept' END, CASE WHEN n > 2 THEN plus_days($as_of, -n::INTEGER) END, true
FROM range(1, 5) AS t (n);

INSERT INTO obligation.condition VALUES
    ('hosting.france', 'log', days_after($as_of_end, -3), false, 'abroad', 120, 'broken', plus_days($as_of, -2), true),
    ('hosting.france', 'log', days_after($as_of_end, -500), false, 'abroad', 7, 'broken', plus_days($as_of, -499), false);

INSERT INTO obligation.condition_count SELECT $as_of, promise, state, reason, count(*), sum(cases)
FROM obligation.condition WHERE in_review GROUP BY ALL;

CREATE TABLE obligation.statement (attestation_id VARCHAR, kind VARCHAR, promise VARCHAR, dataset VARCHAR, role VARCHAR,
    stated_on DATE, valid_until_on DATE, counts_until_on DATE, state VARCHAR);
INSERT INTO obligation.statement VALUES
    ('a1', 'statement', 'hosting.staff', NULL, '<b>direction</b>', plus_days($as_of, -360), plus_days($as_of, 4000),
     plus_days($as_of, 5), 'expiring'),
    ('a0', 'statement', 'hosting.staff', NULL, 'direction', plus_days($as_of, -900), plus_days($as_of, -600),
     plus_days($as_of, -600), 'expired');
CREATE TABLE fact.attestation (attestation_id VARCHAR, kind VARCHAR, dataset VARCHAR, promise VARCHAR, reference VARCHAR,
    stated_on DATE, valid_until_on DATE, role VARCHAR);
INSERT INTO fact.attestation VALUES
    ('a2', 'statement', NULL, 'rights.channels', NULL, plus_days($as_of, -10), plus_days($as_of, 4000), 'support');

INSERT INTO source.collection BY NAME SELECT dataset, 'app' AS source,
       CASE WHEN dataset = 'backups' THEN 'missing' ELSE 'collected' END AS status,
       CASE WHEN dataset = 'backups' THEN 'not mapped' END AS detail,
       $as_of_end AS collected_at, $as_of_end AS written_at,
       CASE WHEN dataset = 'backups' THEN 0 ELSE 1234 + 7 * length(dataset) END AS rows_in,
       CASE WHEN dataset = 'activity' THEN 3 ELSE 0 END AS rows_set_aside, rows_in - rows_set_aside AS rows_kept,
       []::VARCHAR[] AS absent_columns FROM register.contract;

INSERT INTO fact.source_column VALUES ('app', 'main', 'person', '<i>sang</i>', 'text', false, true, $as_of),
    ('app', 'main', 'person', 'email', 'text', true, false, plus_days($as_of, -1));

INSERT INTO source.set_aside VALUES ('activity', 'in_future', 'activity.csv:10-40', 'occurred_at', 2), ('activity', 'not_utf8', '<i>odd</i>.csv:7', NULL, 1);

INSERT INTO verification.result SELECT 'trust', dataset, 'freshness', 1234, 0, 0, false, dataset <> 'legal_holds', ''
       FROM register.contract WHERE dataset <> 'backups';

INSERT INTO verification.result VALUES ('canary', 'trash.kept', 'trash.kept', 5, 0, 0, false, true, '');

INSERT INTO obligation.change SELECT $as_of, promise, subject, opened_at, 'open', state,
       CASE WHEN state IN ('due_soon', 'overdue') THEN 'time' ELSE 'new' END FROM obligation.current WHERE state IN ('due_soon', 'late');

INSERT INTO obligation.count SELECT $as_of, promise, state, count(*) FROM obligation.current GROUP BY ALL;

INSERT INTO verdict.current BY NAME
       SELECT p.promise, p.position, p.section, p.summary_fr, p.summary_en, p.kind, $as_of AS since_on,
              CASE WHEN p.promise = 'hosting.france' THEN 'breached' WHEN p.promise = 'hosting.staff' THEN 'at_risk'
                   WHEN o.promise IS NULL THEN 'unverifiable' WHEN o.bad > 0 THEN 'breached' WHEN o.promise = 'rights.answered'
                   THEN 'at_risk' ELSE 'compliant' END AS verdict,
              CASE WHEN NOT p.is_built THEN 'rule_not_built' WHEN p.promise = 'hosting.france' THEN 'broken_constraint'
                   WHEN p.promise = 'hosting.staff' THEN 'attestation_expiring' WHEN o.promise IS NULL THEN 'dataset_missing' WHEN o.bad > 0 THEN 'overdue'
                   WHEN verdict = 'at_risk' THEN 'due_soon' ELSE 'none' END AS reason,
              CASE WHEN o.promise IS NULL THEN '' ELSE o.bad || ' overdue' END AS detail,
              r.cure_fr, r.cure_en, coalesce(o.judged, 0) AS judged, coalesce(o.judged, 0) AS looked_at,
              CASE WHEN p.is_built THEN ['accounts', 'users'] ELSE []::VARCHAR[] END AS datasets,
              CASE WHEN p.promise = 'trash.purged' THEN 'compliant' ELSE verdict END AS previous_verdict
       FROM register.promise AS p
       LEFT JOIN register.rule AS r USING (promise)
       LEFT JOIN (SELECT promise, count(*) AS judged, count(*) FILTER (WHERE state IN ('overdue', 'premature') AND
                  promise <> 'rights.answered') AS bad FROM obligation.current GROUP BY promise) AS o USING (promise);

CREATE TABLE verdict.excepted AS SELECT 'retention.inactive-accounts' AS promise, 2 AS excepted;
CREATE TABLE verdict.finding (promise VARCHAR, kind VARCHAR, subject VARCHAR, noticed_at TIMESTAMPTZ, detail VARCHAR);
INSERT INTO verdict.finding VALUES ('retention.inactive-accounts', 'exception_expired', 'old', $as_of_end, NULL),
       ('retention.inactive-accounts', 'exception_matches_nothing', 'vain', $as_of_end, '1/2'),
       ('policy.published', 'justifies_nothing', 'att-1', $as_of_end, NULL);
CREATE TABLE verdict.exception (exception VARCHAR, kind VARCHAR, promise VARCHAR, why VARCHAR, who VARCHAR, from_on DATE,
    until_on DATE, is_of_dataset BOOLEAN, standing VARCHAR, subjects BIGINT, covered BIGINT, unmatched BIGINT);
INSERT INTO verdict.exception VALUES
       ('vain', 'tolerated', 'retention.inactive-accounts', '<b>because</b>', '<i>dpo</i>', $as_of, $as_of, false, 'in_force', 3, 2, 1),
       ('old', 'tolerated', 'retention.inactive-accounts', 'because', 'dpo', plus_days($as_of, -9), plus_days($as_of, -1), false, 'expired', 1, 0, 0),
       ('later', 'tolerated', 'retention.inactive-accounts', 'because', 'dpo', plus_days($as_of, 9), plus_days($as_of, 19), false, 'to_come', 1, 0, 0),
       ('hold-1', 'legal_hold', NULL, NULL, NULL, $as_of, $as_of, true, 'in_force', 1, 1, 0),
       ('hold-2', 'legal_hold', NULL, NULL, NULL, $as_of, $as_of, true, 'in_force', 1, 0, 1);
INSERT INTO obligation.guard VALUES ('fewer_rows', 'accounts', 'tripped', 10, 1000, $as_of, 1000),
       ('more_closings', 'trash.purged', 'confirmed', 400, 20, plus_days($as_of, -1), 400),
       ('more_closings', 'trash.kept', 'quiet', 4, 20, NULL, 20);
INSERT INTO register.confirmation VALUES ('c1', 'more_closings', 'trash.purged', plus_days($as_of, -1), '<b>purge</b>',
       'operations', $as_of, 'exceptions.toml');
CREATE TABLE verdict.reference AS
       SELECT reference, position, promise, coalesce(parameter, measure) AS compared, NULL::VARCHAR AS place, NULL::VARCHAR AS site,
              value, unit, at_least, at_most, NULL::VARCHAR AS finding,
              ['to_justify', 'justified', 'within', 'not_compared'][1 + position % 4] AS standing,
              CASE WHEN standing = 'justified' THEN '<b>direction</b>' END AS stated_by,
              CASE WHEN standing = 'justified' THEN $as_of::DATE END AS stated_on,
              CASE WHEN standing = 'justified' THEN plus_days($as_of, 300) END AS valid_until_on,
              CASE WHEN standing = 'to_justify' THEN plus_days($as_of, -3) END AS lapsed_on
       FROM register.reference;

INSERT INTO verdict.history SELECT plus_days($as_of, -n::INTEGER), promise, CASE WHEN n > 3 AND verdict = 'breached' THEN 'compliant'
       ELSE verdict END, reason, since_on FROM verdict.current, range(0, 9) AS t (n);

-- Traffic: 120 days, with visits that each have one of everything; 17 December is partial, 23 December is not logged. One
-- domain and one browser are seen by few only, and one domain and one robot have hostile names.
CREATE TABLE source.access_log AS FROM previous.source.access_log;
INSERT INTO source.access_log BY NAME
WITH visit AS (
    SELECT plus_days($as_of, -d::INTEGER) AS day_on, CASE WHEN v % 5 = 4 THEN 'robot' ELSE 'person' END AS client,
           (d * 7 + v * 13 + (v * v) % 17) AS n, v, d,
           CASE WHEN n % 7 = 0 THEN 1 ELSE 2 + n % 11 END AS hits, hits * 4000 AS bytes,
           CASE WHEN hits = 1 THEN 0 ELSE 20 * hits + n % 400 END AS seconds
    FROM range(120) AS t (d), range(120) AS u (v)
    WHERE v < 88 + d % 9 - 40 * (isodow(plus_days($as_of, -d::INTEGER)) > 5)::INTEGER AND d <> 39
), tall AS (
    SELECT *, unnest(map_entries(map {
        'total': 'all', 'hour': lpad(((6 + (n * n + v) % 16 + d % 3) % 24)::VARCHAR, 2, '0'),
        'origin': CASE WHEN d = 5 AND v = 3 THEN 'only-one-person.example' WHEN client = 'robot' THEN 'direct'
                  ELSE ['direct', 'www.google.com', 'internal', 'direct', 'duckduckgo.com', 'www.bing.com', $hostile_domain, 'address',
                        'forum-' || n % 3 || '.a-very-long-name-of-a-subdomain.example.org', 'direct', 'www.google.com'][1 + n % 11] END,
        'country': CASE WHEN n % 19 = 0 THEN 'BE' WHEN d = 8 AND v = 1 THEN 'LI' WHEN n % 23 = 0 THEN 'unknown' ELSE 'FR' END,
        'browser': CASE WHEN client = 'robot' THEN ['Googlebot 2.1', '<i>bot</i> 1', 'bingbot 2.0'][1 + n % 3]
                   WHEN d = 3 AND v = 2 THEN 'Rare Browser 1' WHEN n % 29 = 0 THEN 'Other'
                   ELSE ['Chrome ' || 143 - d // 30, 'Firefox ' || 146 - d // 30, 'Chrome ' || 142 - d // 30, 'Safari 18',
                         'Edge ' || 143 - d // 30][1 + n % 5] END,
        'system': CASE WHEN n % 97 = 0 THEN 'Haiku' ELSE ['Windows', 'macOS', 'Windows', 'Android', 'iOS', 'Linux'][1 + n % 6] END,
        'device': CASE WHEN client = 'robot' THEN 'robot' WHEN d = 20 AND v < 4 THEN 'tablet'
                  WHEN n % 3 = 0 THEN 'phone' ELSE 'computer' END,
        'status': CASE WHEN n % 31 = 0 THEN '5xx' WHEN n % 13 = 0 THEN '4xx' WHEN n % 5 = 0 THEN '3xx' ELSE '2xx' END,
        'tls': CASE WHEN n % 101 = 0 THEN 'plain' WHEN n % 11 = 0 THEN 'plain_redirect' WHEN n % 9 = 0 THEN '128' ELSE '256' END})) AS entry
    FROM visit
)
SELECT day_on, client, entry.key AS dimension, entry.value AS value,
       CASE WHEN dimension = 'browser' THEN regexp_replace(entry.value, ' [0-9.]+$', '') END AS family,
       sum(hits) AS hits, sum(bytes) AS bytes, count(*) AS visits, ceil(count(*) * 0.8)::BIGINT AS visitors,
       sum(seconds) AS seconds, day_on = DATE '2025-12-17' AS is_partial
FROM tall
GROUP BY ALL;

-- Usage: an action that is used by few accounts, one with a hostile name, and one that only machines do.
CREATE TABLE fact.usage_day (account_id VARCHAR, day_on DATE, action VARCHAR, person_actions BIGINT, machine_actions BIGINT,
    users BIGINT);
CREATE TABLE fact.active_day (account_id VARCHAR, user_id VARCHAR, day DATE, first_at TIMESTAMPTZ, last_at TIMESTAMPTZ,
    actions BIGINT);

INSERT INTO fact.usage_day
WITH account AS (
    SELECT account_id, row_number() OVER (ORDER BY account_id) AS n, local_day(created_at) AS created_on FROM fact.account
), used AS (
    SELECT account_id, plus_days($as_of, -d::INTEGER) AS day_on, n,
           CASE WHEN (n + d) % 3 = 0 THEN 'document.edit' WHEN n % 7 = 0 THEN $hostile_action WHEN (n + d) % 4 = 0 THEN 'share'
                WHEN n = 12 OR n = 24 THEN 'rare.action' WHEN (n * d) % 19 = 1 THEN NULL ELSE 'sign_in' END AS action
    FROM account, range(800) AS t (d)
    WHERE plus_days($as_of, -d::INTEGER) >= created_on
      AND (n * 31 + d * 17) % 29 < 6 AND d % 7 <> 6 AND days_between(created_on, plus_days($as_of, -d::INTEGER)) < 40 + (n * 53) % 900
)
SELECT account_id, day_on, action, 1 + n % 4 AS person_actions, CASE WHEN action = 'share' THEN 2 ELSE 0 END, 1 + n % 2
FROM used
UNION ALL
SELECT account_id, plus_days($as_of, -(n % 60)::INTEGER), 'api.export', 0, 10, 0 FROM account WHERE n % 9 = 0;

INSERT INTO fact.active_day
SELECT account_id, user_id, day_on, day_start(day_on), day_start(day_on),
       CASE WHEN user_number = 1 THEN person_actions - (users - 1) ELSE 1 END
FROM (SELECT account_id, 'user-' || account_id || user_number AS user_id, day_on, person_actions, users, user_number
      FROM fact.usage_day, range(1, 3) AS t (user_number)
      WHERE user_number <= users AND person_actions > 0);
