-- Question: How many visits were there week by week, of people and of robots, and how long did they last?
-- Grain: people or robots, ISO week; the last 53 weeks since the log begins, the running one included. A visit belongs to the
-- day on which it began. Where days of a week are not logged, or partly, or still to come, its figures are a lower bound.
WITH week AS (
    SELECT plus_days(date_trunc('week', $as_of), -7 * n) AS week_on
    FROM range(53) AS t (n), report.traffic_window AS w
    WHERE plus_days(date_trunc('week', $as_of), 6 - 7 * n) >= w.log_from_on
), logged AS (
    SELECT date_trunc('week', day_on)::DATE AS week_on, client, day_on, is_partial, visits, hits, seconds
    FROM source.access_log
    WHERE dimension = 'total' AND day_on <= $as_of
), covered AS (
    SELECT week_on, count(DISTINCT day_on) AS logged, count(DISTINCT day_on) FILTER (is_partial) AS partial
    FROM logged
    GROUP BY week_on
)
SELECT c.client, w.week_on, coalesce(any_value(d.logged), 0) AS days_logged,
       coalesce(any_value(d.partial), 0) AS days_partial,
       days_logged = 7 AND days_partial = 0 AS is_whole,
       coalesce(sum(l.visits), 0)::BIGINT AS visits, coalesce(sum(l.hits), 0)::BIGINT AS hits,
       sum(l.seconds) / nullif(sum(l.visits), 0) / 60 AS mean_minutes
FROM week AS w
CROSS JOIN (VALUES ('person'), ('robot')) AS c (client)
LEFT JOIN covered AS d ON d.week_on = w.week_on
LEFT JOIN logged AS l ON l.week_on = w.week_on AND l.client = c.client
GROUP BY c.client, w.week_on
ORDER BY c.client, w.week_on
