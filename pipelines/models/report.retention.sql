-- Question: Of the accounts opened in a quarter, how many were still used, month by month after the one of their creation?
-- Grain: cohort (report.cohort), month_number (0: the calendar month of creation), whether a person was active in that month. Only
-- months that are over for every account of the cohort, and that the log of activity covers for every one of them.
WITH account AS (
    SELECT account_id, date_trunc('month', local_day(created_at))::DATE AS month_on,
           date_trunc('quarter', local_day(created_at))::DATE AS cohort_on
    FROM fact.account
), active AS (
    SELECT account_id, date_trunc('month', day)::DATE AS month_on
    FROM fact.active_day
    WHERE day BETWEEN (SELECT min(cohort_on) FROM report.cohort) AND $as_of
    GROUP BY ALL
), stayed AS (
    SELECT a.cohort_on, months_between(a.month_on, d.month_on) AS month_number, count(*) AS accounts
    FROM account AS a
    JOIN active AS d ON d.account_id = a.account_id AND d.month_on >= a.month_on
    GROUP BY ALL
), place AS (
    SELECT c.cohort_on, n AS month_number, c.accounts
    FROM report.cohort AS c
    CROSS JOIN range(21) AS t (n)
    CROSS JOIN report.usage_window AS w
    WHERE plus_months(c.cohort_on, n + 3) <= plus_days($as_of, 1) AND plus_months(c.cohort_on, n) >= w.log_from_on
)
SELECT p.cohort_on, p.month_number, s.is_active,
       CASE WHEN s.is_active THEN coalesce(k.accounts, 0) ELSE p.accounts - coalesce(k.accounts, 0) END AS accounts,
       CASE WHEN s.is_active THEN coalesce(k.accounts, 0) ELSE p.accounts - coalesce(k.accounts, 0) END / p.accounts AS share
FROM place AS p
CROSS JOIN (VALUES (true), (false)) AS s (is_active)
LEFT JOIN stayed AS k ON k.cohort_on = p.cohort_on AND k.month_number = p.month_number
ORDER BY p.cohort_on, p.month_number, s.is_active DESC
