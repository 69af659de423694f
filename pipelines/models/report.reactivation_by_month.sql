-- Question: How many accounts came back after a year or more of silence, month by month?
-- Grain: month in which the spell of idleness ended, class of its length; the last 12 months, the running one included.
-- These accounts left the list of those to be erased by themselves.
WITH month AS (
    SELECT plus_months(date_trunc('month', $as_of), -n) AS month_on FROM range(12) AS t (n)
),
class (idle_class, idle_position, from_months, until_months) AS (
    VALUES ('months_12_24', 6, 12, 24), ('months_24_36', 7, 24, 36), ('months_36', 8, 36, 100000)
),
ended AS (
    SELECT
        date_trunc('month', local_day(ended_at))::DATE AS month_on,
        months_between(local_day(opened_at), local_day(ended_at)) AS months
    FROM fact.idle_spell
    WHERE ended_by IN ('active', 'paid') AND ended_at < $as_of_end
)
SELECT m.month_on, c.idle_class, c.idle_position, count(e.months) AS accounts
FROM month AS m
CROSS JOIN class AS c
LEFT JOIN ended AS e ON e.month_on = m.month_on AND e.months >= c.from_months AND e.months < c.until_months
GROUP BY m.month_on, c.idle_class, c.idle_position
ORDER BY m.month_on, c.idle_position
