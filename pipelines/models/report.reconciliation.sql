-- Question: Do the numbers that the reports show agree with each other and with what they count?
-- Grain: a reconciliation; where the two sides differ, no report of this run can be believed.
WITH pair (position, name, one_side, other_side) AS (
    SELECT 1, 'states', (SELECT sum(subjects) FROM report.state_count), (SELECT count(*) FROM obligation.current)
    UNION ALL
    SELECT 2, 'counts', (SELECT sum(subjects) FROM report.state_count),
           (SELECT sum(subjects) FROM obligation.count WHERE as_of = $as_of)
    UNION ALL
    SELECT 3, 'verdicts', (SELECT sum(promises) FROM report.verdict_count), (SELECT count(*) FROM register.promise)
    UNION ALL
    SELECT 4, 'coverage', (SELECT sum(promises) FROM report.coverage), (SELECT count(*) FROM register.promise)
    UNION ALL
    SELECT 5, 'rows', (SELECT sum(rows_in) FROM report.data_trust),
           (SELECT sum(rows_kept) + sum(rows_set_aside) FROM source.collection)
    UNION ALL
    SELECT 6, 'set_aside', (SELECT sum(rows) FROM report.set_aside), (SELECT sum(rows_set_aside) FROM source.collection)
    UNION ALL
    SELECT 7, 'checks', (SELECT sum(checks) FROM report.check_count), (SELECT count(*) FROM verification.result)
    UNION ALL
    SELECT 8, 'idle', (SELECT sum(accounts) FROM report.idle_distribution WHERE idle_class <> 'covered'),
           (SELECT count(DISTINCT subject) FROM obligation.current
            WHERE promise = 'retention.inactive-accounts' AND state IN ('open', 'due_soon', 'overdue', 'held', 'unknown'))
    UNION ALL
    SELECT 9, 'idle_plan', (SELECT sum(accounts) FROM report.idle_by_plan), (SELECT sum(accounts) FROM report.idle_distribution)
    UNION ALL
    SELECT 10, 'idle_age', (SELECT sum(accounts) FROM report.idle_by_age), (SELECT sum(accounts) FROM report.idle_distribution)
    UNION ALL
    SELECT 11, 'overdue', (SELECT sum(subjects) FROM report.overdue_age),
           (SELECT sum(subjects) FROM report.state_count WHERE state = 'overdue')
    UNION ALL
    SELECT 12, 'margin', (SELECT sum(subjects) FROM report.margin),
           (SELECT count(*) FROM obligation.current WHERE closed_at IS NOT NULL AND state IN ('met', 'late', 'premature'))
    UNION ALL
    SELECT 13, 'trash', (SELECT sum(in_time) + sum(overdue) + sum(unknown) FROM report.trash_age),
           (SELECT sum(subjects) FROM report.state_count
            WHERE promise = 'trash.purged' AND state IN ('open', 'due_soon', 'overdue', 'held', 'unknown'))
    UNION ALL
    SELECT 14, 'invoices', (SELECT sum(invoices) FROM report.invoice_term),
           (SELECT sum(subjects) FROM report.state_count WHERE promise = 'retention.invoices' AND state <> 'void')
    UNION ALL
    SELECT 15, 'rights', (SELECT sum(requests) FROM report.rights_by_right),
           (SELECT sum(subjects) FROM report.state_count WHERE promise = 'rights.answered')
)
SELECT name, position, coalesce(one_side, 0)::BIGINT AS one_side, coalesce(other_side, 0)::BIGINT AS other_side,
       coalesce(one_side, 0) = coalesce(other_side, 0) AS agrees
FROM pair
ORDER BY position
