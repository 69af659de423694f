-- Question: How many obligations were opened and closed, month by month?
-- Grain: promise, month; the last 24 months, the running one included. Withdrawn ones (void) are counted apart, in the
-- month in which they were opened.
WITH month AS (
    SELECT plus_months(date_trunc('month', $as_of), -n) AS month_on FROM range(24) AS t (n)
),
moved AS (
    SELECT promise, date_trunc('month', local_day(opened_at))::DATE AS month_on,
           count(*) AS opened, count(*) FILTER (WHERE state = 'void') AS void, 0 AS in_time, 0 AS late
    FROM obligation.current
    WHERE opened_at < $as_of_end
    GROUP BY ALL
    UNION ALL
    SELECT promise, date_trunc('month', local_day(closed_at))::DATE AS month_on,
           0 AS opened, 0 AS void,
           count(*) FILTER (WHERE state = 'met') AS in_time, count(*) FILTER (WHERE state IN ('late', 'premature')) AS late
    FROM obligation.current
    WHERE closed_at < $as_of_end AND state IN ('met', 'late', 'premature')
    GROUP BY ALL
)
SELECT
    p.promise, m.month_on,
    coalesce(sum(v.opened), 0)::BIGINT AS opened,
    coalesce(sum(v.void), 0)::BIGINT AS void,
    coalesce(sum(v.in_time), 0)::BIGINT AS in_time,
    coalesce(sum(v.late), 0)::BIGINT AS not_in_time
FROM (SELECT DISTINCT promise FROM obligation.current) AS p
CROSS JOIN month AS m
LEFT JOIN moved AS v ON v.promise = p.promise AND v.month_on = m.month_on
GROUP BY p.promise, m.month_on
ORDER BY p.promise, m.month_on
