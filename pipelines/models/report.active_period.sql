-- Question: In how many accounts was a person active, by day, by week and by month?
-- Grain: unit (`day`, `week`, `month`), its first day; the last 91 days, 58 ISO weeks and 13 calendar months since the log of
-- activity begins, the running ones included. is_whole: the log covers all its days, and the last of them is over.
WITH period AS (
    SELECT 'day' AS unit, plus_days($as_of, -n) AS first_on, plus_days($as_of, -n) AS last_on FROM range(91) AS t (n)
    UNION ALL
    SELECT 'week', plus_days(date_trunc('week', $as_of), -7 * n), plus_days(date_trunc('week', $as_of), 6 - 7 * n)
    FROM range(58) AS t (n)
    UNION ALL
    SELECT 'month', plus_months(date_trunc('month', $as_of), -n), plus_days(plus_months(date_trunc('month', $as_of), 1 - n), -1)
    FROM range(13) AS t (n)
), active AS (
    SELECT account_id, user_id, day FROM fact.active_day
    WHERE day BETWEEN plus_days(date_trunc('week', $as_of), -7 * 58) AND $as_of
), counted AS (
    SELECT 'day' AS unit, day AS first_on, count(DISTINCT account_id) AS accounts, count(DISTINCT user_id) AS users
    FROM active
    WHERE day > plus_days($as_of, -91)
    GROUP BY day
    UNION ALL
    SELECT 'week', date_trunc('week', day)::DATE AS first_on, count(DISTINCT account_id), count(DISTINCT user_id)
    FROM active
    GROUP BY first_on
    UNION ALL
    SELECT 'month', date_trunc('month', day)::DATE AS first_on, count(DISTINCT account_id), count(DISTINCT user_id)
    FROM active
    GROUP BY first_on
)
SELECT p.unit, p.first_on, p.last_on, p.first_on >= w.log_from_on AND p.last_on <= $as_of AS is_whole,
       coalesce(c.accounts, 0) AS accounts, coalesce(c.users, 0) AS users
FROM period AS p
JOIN report.usage_window AS w ON p.last_on >= w.log_from_on
LEFT JOIN counted AS c ON c.unit = p.unit AND c.first_on = p.first_on
ORDER BY p.unit, p.first_on
