-- Question: How much traffic was there in the days reported, of people and of robots?
-- Grain: people or robots. Sums over the days of report.traffic_window; visits_a_day is the mean of the days whose log is there.
SELECT l.client, sum(l.visits)::BIGINT AS visits, sum(l.hits)::BIGINT AS hits, sum(l.bytes)::BIGINT AS bytes,
       sum(l.seconds)::BIGINT AS seconds, sum(l.visits) / any_value(w.days_logged) AS visits_a_day,
       sum(l.seconds) / nullif(sum(l.visits), 0) / 60 AS mean_minutes,
       sum(l.hits) / sum(sum(l.hits)) OVER () AS hit_share
FROM source.access_log AS l
CROSS JOIN report.traffic_window AS w
WHERE l.dimension = 'total' AND l.day_on BETWEEN w.from_on AND $as_of
GROUP BY l.client
ORDER BY l.client
