-- Question: How did the server answer, and was the connection encrypted?
-- Grain: dimension (`status`, `tls`), answer; the days of report.traffic_window. No attribute of persons: the counts are exact.
SELECT l.dimension, l.value AS answer, coalesce(sum(l.hits) FILTER (l.client = 'person'), 0)::BIGINT AS hits,
       coalesce(sum(l.hits) FILTER (l.client = 'robot'), 0)::BIGINT AS robot_hits, sum(l.hits)::BIGINT AS all_hits,
       sum(l.hits) / nullif(sum(sum(l.hits)) OVER (PARTITION BY l.dimension), 0) AS share
FROM source.access_log AS l
CROSS JOIN report.traffic_window AS w
WHERE l.dimension IN ('status', 'tls') AND l.day_on BETWEEN w.from_on AND $as_of
GROUP BY l.dimension, l.value
ORDER BY l.dimension, try_cast(l.value AS INTEGER) DESC NULLS LAST, l.value
