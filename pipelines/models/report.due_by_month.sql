-- Question: How many obligations fall due in each of the next 36 months?
-- Grain: promise, month of the last day in time; the running month is the first and counts from the day after as_of.
-- Months in which nothing falls due are there with 0. What falls due later is in none of them.
WITH month AS (
    SELECT plus_months(date_trunc('month', plus_days($as_of, 1)), n) AS month_on FROM range(37) AS t (n)
),
due AS (
    SELECT promise, date_trunc('month', plus_days(local_day(due_at), -1))::DATE AS month_on, count(*) AS subjects
    FROM obligation.current
    WHERE state IN ('open', 'due_soon', 'held') AND due_at > $as_of_end
    GROUP BY ALL
)
SELECT p.promise, m.month_on, coalesce(d.subjects, 0) AS subjects
FROM (SELECT DISTINCT promise FROM obligation.current WHERE due_at IS NOT NULL) AS p
CROSS JOIN month AS m
LEFT JOIN due AS d ON d.promise = p.promise AND d.month_on = m.month_on
ORDER BY p.promise, m.month_on
