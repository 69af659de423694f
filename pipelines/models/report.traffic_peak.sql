-- Question: Which were the busiest days and hours?
-- Grain: unit (`day`, `hour`) and place among the ten with most requests of people and robots together; the days of
-- report.traffic_window. hour is NULL for a day.
WITH load AS (
    SELECT CASE l.dimension WHEN 'total' THEN 'day' ELSE 'hour' END AS unit, l.day_on,
           CASE WHEN l.dimension = 'hour' THEN l.value END AS hour,
           coalesce(sum(l.visits) FILTER (l.client = 'person'), 0)::BIGINT AS visits,
           coalesce(sum(l.hits) FILTER (l.client = 'person'), 0)::BIGINT AS hits,
           coalesce(sum(l.hits) FILTER (l.client = 'robot'), 0)::BIGINT AS robot_hits,
           bool_or(l.is_partial) AS is_partial
    FROM source.access_log AS l
    CROSS JOIN report.traffic_window AS w
    WHERE l.dimension IN ('total', 'hour') AND l.day_on BETWEEN w.from_on AND $as_of
    GROUP BY ALL
)
SELECT *, row_number() OVER (PARTITION BY unit ORDER BY hits + robot_hits DESC, day_on, hour) AS position
FROM load
QUALIFY position <= 10
ORDER BY unit, position
