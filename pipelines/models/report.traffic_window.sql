-- Question: Over which days does the report speak of the traffic, and is the log of all of them there?
-- Grain: one row. from_on: the 91 days up to as_of, or those since the log begins; version_from_on: the last 28 of them. A day
-- without any line is missing; of a partial day some lines are gone, so that its figures are a lower bound.
-- fewest_visitors: what the log shows is named only if a single day shows it with so many visitors, since those of two days
-- may be the same persons; the same number as the smallest that may be shown.
WITH logged AS (
    SELECT day_on, bool_or(is_partial) AS is_partial
    FROM source.access_log
    WHERE dimension = 'total' AND day_on <= $as_of
    GROUP BY day_on
), begun AS (
    SELECT (SELECT status FROM source.collection WHERE dataset = 'access_log') AS status,
           (SELECT min(day_on) FROM logged) AS log_from_on
), reach AS (
    SELECT status, log_from_on,
           CASE WHEN log_from_on IS NOT NULL THEN greatest(plus_days($as_of, -90), log_from_on) END AS from_on
    FROM begun
), counted AS (
    SELECT r.status, r.log_from_on, r.from_on, coalesce(plus_days($as_of, 1) - r.from_on, 0)::BIGINT AS days,
           count(l.day_on) AS days_logged, count(*) FILTER (l.is_partial) AS days_partial
    FROM reach AS r
    LEFT JOIN logged AS l ON l.day_on >= r.from_on
    GROUP BY r.status, r.log_from_on, r.from_on
)
SELECT CASE WHEN log_from_on IS NULL AND status = 'collected' THEN 'empty' ELSE coalesce(status, 'missing') END AS status,
       log_from_on, from_on, plus_days($as_of, -27) AS version_from_on, days, days_logged, days - days_logged AS days_missing,
       days_partial,
       (SELECT count(*) > 0 FROM source.access_log WHERE dimension = 'country' AND day_on BETWEEN from_on AND $as_of) AS has_country,
       5 AS fewest_visitors
FROM counted
