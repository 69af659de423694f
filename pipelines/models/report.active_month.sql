-- Question: Of the accounts that are active in a month, how many are on a usual day, and in a usual week?
-- Grain: a calendar month of report.active_period. mean_day: active accounts of a day, in the mean of the days counted; mean_week: of
-- an ISO week, in the mean of the whole weeks that begin in the month; day_share: mean_day for an account of the month (DAU / MAU).
WITH daily AS (
    SELECT date_trunc('month', day)::DATE AS month_on, count(DISTINCT (account_id, day)) AS account_days
    FROM fact.active_day
    WHERE day BETWEEN plus_months(date_trunc('month', $as_of), -12) AND $as_of
    GROUP BY month_on
), weekly AS (
    SELECT date_trunc('month', first_on)::DATE AS month_on, avg(accounts) AS mean_week
    FROM report.active_period
    WHERE unit = 'week' AND is_whole
    GROUP BY month_on
)
SELECT p.first_on AS month_on, p.is_whole, p.accounts, p.users,
       least(p.last_on, $as_of) - greatest(p.first_on, w.log_from_on) + 1 AS days_counted,
       coalesce(d.account_days, 0) / days_counted AS mean_day,
       k.mean_week, mean_day / nullif(p.accounts, 0) AS day_share
FROM report.active_period AS p
CROSS JOIN report.usage_window AS w
LEFT JOIN daily AS d ON d.month_on = p.first_on
LEFT JOIN weekly AS k ON k.month_on = p.first_on
WHERE p.unit = 'month'
ORDER BY p.first_on
