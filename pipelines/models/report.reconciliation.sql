-- Question: Do the numbers that the reports show agree with each other and with what they count?
-- Grain: a reconciliation; where the two sides differ, no report of this run can be believed.
WITH used_day AS (
    SELECT day, sum(actions) FILTER (is_use) AS actions, sum(actions) FILTER (NOT is_use) AS active_actions
    FROM (SELECT day_on AS day, true AS is_use, person_actions AS actions FROM fact.usage_day WHERE person_actions > 0
          UNION ALL SELECT day, false, actions FROM fact.active_day)
    WHERE day BETWEEN (SELECT from_on FROM report.usage_window) AND $as_of
    GROUP BY day
), pair (position, name, one_side, other_side) AS (
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
    UNION ALL
    SELECT 16, 'traffic_' || dimension, places, agreeing FROM report.traffic_balance
    UNION ALL
    SELECT 17, 'traffic_weeks', (SELECT sum(hits) FROM report.traffic_week),
           (SELECT sum(l.hits) FROM source.access_log AS l
            WHERE l.dimension = 'total' AND l.day_on BETWEEN (SELECT min(week_on) FROM report.traffic_week) AND $as_of)
    UNION ALL
    SELECT 18, 'traffic_shown', (SELECT sum(visits) FROM report.traffic_breakdown WHERE dimension <> 'country'),
           (SELECT sum(visits * CASE client WHEN 'person' THEN 3 ELSE 1 END) FROM report.traffic_total)
    UNION ALL
    SELECT 19, 'traffic_answers', (SELECT sum(all_hits) FROM report.traffic_answer), (SELECT 2 * sum(hits) FROM report.traffic_total)
    UNION ALL
    -- Days, not actions: the total would give away what an action that few accounts use was done.
    SELECT 20, 'usage_days', (SELECT count(*) FROM used_day), (SELECT count(*) FROM used_day WHERE actions = active_actions)
    UNION ALL
    SELECT 21, 'usage_actions', (SELECT sum(accounts) FROM report.usage_by_plan), (SELECT sum(accounts) FROM report.usage_by_age)
    UNION ALL
    SELECT 22, 'usage_plan', (SELECT sum(accounts) FROM report.usage_by_plan WHERE position = 0),
           (SELECT accounts FROM report.usage_window)
    UNION ALL
    SELECT 23, 'usage_age', (SELECT sum(accounts) FROM report.usage_by_age WHERE position = 0),
           (SELECT accounts FROM report.usage_window)
    UNION ALL
    SELECT 24, 'cohorts', (SELECT sum(accounts) FROM report.retention WHERE month_number = 0),
           (SELECT sum(accounts) FROM report.cohort WHERE cohort_on >= (SELECT log_from_on FROM report.usage_window))
    UNION ALL
    SELECT 25, 'conditions', (SELECT sum(cases) + sum(older_cases) FROM report.condition_count),
           (SELECT sum(cases) FROM obligation.condition)
    UNION ALL
    SELECT 26, 'condition_counts', (SELECT sum(subjects) FROM report.condition_count),
           (SELECT sum(subjects) FROM obligation.condition_count WHERE as_of = $as_of)
)
SELECT name, position, coalesce(one_side, 0)::BIGINT AS one_side, coalesce(other_side, 0)::BIGINT AS other_side,
       coalesce(one_side, 0) = coalesce(other_side, 0) AS agrees
FROM pair
ORDER BY position, name
