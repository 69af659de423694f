-- Question: what else was noticed that no obligation says, or that contradicts one?
-- Grain: a finding on one subject; the terms are the register's. noticed_at: when it came about, or was first seen. None of them turns a verdict by itself.
WITH term AS (
    SELECT max(value) FILTER (promise = 'trash.kept' AND name = 'kept_days') AS trash_days,
           max(value) FILTER (promise = 'retention.inactive-accounts' AND name = 'period_months') AS idle_months,
           sum(value) FILTER (promise = 'retention.invoices' AND name IN ('period_months', 'held_longer_months'))
               AS invoice_months
    FROM register.parameter
), account_or_user AS (
    SELECT account_id AS subject, erased_at, has_personal_data, is_present, vanished_at, resurrected_at FROM fact.account
    UNION ALL
    SELECT user_id, erased_at, has_personal_data, is_present, vanished_at, resurrected_at FROM fact.person
), number AS (
    SELECT series, number, lag(number) OVER (PARTITION BY series ORDER BY number) AS before, invoice_id, issued_on
    FROM fact.invoice
    WHERE number IS NOT NULL
), user_seen AS (
    SELECT m.user_id, m.account_id,
           greatest(m.created_at, max(d.last_at), max(s.seen_at)) AS seen_at
    FROM fact.membership AS m
    JOIN fact.account AS a ON a.account_id = m.account_id AND NOT a.is_deleted AND a.is_present
    JOIN fact.person AS p ON p.user_id = m.user_id AND p.is_present AND p.has_personal_data
    LEFT JOIN fact.active_day AS d ON d.account_id = m.account_id AND d.user_id = m.user_id
    LEFT JOIN fact.last_seen AS s ON s.account_id = m.account_id AND s.user_id = m.user_id
    WHERE m.removed_at IS NULL
    GROUP BY m.user_id, m.account_id, m.created_at
), living_account AS (
    -- The account itself is in use, within the same period: only then is the idle user a question of his own.
    SELECT account_id FROM fact.account
    ANTI JOIN (SELECT account_id FROM fact.idle_spell
               CROSS JOIN term
               WHERE ended_at IS NULL AND months_end(opened_at, idle_months) <= $as_of_end) USING (account_id)
)
SELECT 'retention.deleted-accounts' AS promise, 'vanished' AS kind, subject, vanished_at AS noticed_at, NULL AS detail
FROM account_or_user
WHERE NOT is_present AND erased_at IS NULL
UNION ALL
SELECT 'retention.deleted-accounts', 'erased_but_present', subject, erased_at, NULL
FROM account_or_user
WHERE is_present AND has_personal_data AND erased_at IS NOT NULL AND resurrected_at IS NULL
UNION ALL
SELECT 'retention.deleted-accounts', 'resurrected', subject, resurrected_at, NULL
FROM account_or_user
WHERE resurrected_at IS NOT NULL
UNION ALL
SELECT 'retention.invoices', 'resurrected', invoice_id, resurrected_at, NULL
FROM fact.invoice
WHERE resurrected_at IS NOT NULL
UNION ALL
SELECT 'trash.purged', 'resurrected', item_id, resurrected_at, NULL
FROM fact.deleted_item
WHERE resurrected_at IS NOT NULL
UNION ALL
SELECT 'retention.invoices', 'erased_but_present', invoice_id, journal_at, NULL
FROM fact.invoice
WHERE is_present AND removed_at IS NULL AND journal_at IS NOT NULL AND resurrected_at IS NULL
UNION ALL
SELECT 'retention.invoices', 'vanished', invoice_id, vanished_at, NULL
FROM fact.invoice
WHERE NOT is_present AND removed_at IS NULL AND journal_at IS NULL
UNION ALL
SELECT 'trash.purged', 'vanished', item_id, vanished_at, NULL
FROM fact.deleted_item
WHERE NOT is_present AND purged_at IS NULL AND journal_at IS NULL AND restored_at IS NULL
UNION ALL
SELECT 'trash.purged', 'unknown_server', item_id, deleted_at, server_id
FROM fact.item_copy
WHERE how = 'unknown_server'
UNION ALL
SELECT 'trash.recoverable', 'served_after_window', recovery_id, outcome_at, NULL
FROM fact.recovery CROSS JOIN term
WHERE outcome = 'served' AND requested_at >= trash_until(item_deleted_at, trash_days)
UNION ALL
SELECT 'retention.invoices', 'invoice_number_gap', invoice_id, day_start(issued_on), series
FROM number
WHERE number > before + 1
UNION ALL
SELECT 'retention.invoices', 'invoice_held_longer', invoice_id,
       day_end(plus_months(greatest(issued_on, financial_year_end_on), invoice_months)), NULL
FROM fact.invoice CROSS JOIN term
WHERE is_present AND removed_at IS NULL AND journal_at IS NULL
  AND day_end(plus_months(greatest(issued_on, financial_year_end_on), invoice_months)) <= $as_of_end
UNION ALL
SELECT 'retention.inactive-accounts', 'idle_user', u.user_id, months_end(u.seen_at, idle_months), NULL
FROM user_seen AS u CROSS JOIN term
SEMI JOIN living_account AS l ON l.account_id = u.account_id
WHERE months_end(u.seen_at, idle_months) <= $as_of_end
  AND NOT EXISTS (FROM fact.last_seen AS o WHERE o.user_id = u.user_id AND o.is_overwritten)
