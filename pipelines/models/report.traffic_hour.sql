-- Question: At which hours of the day is there most traffic?
-- Grain: people or robots, local hour; the days of report.traffic_window. The hour that is repeated when the clock is set back is
-- one, so that it counts twice on that day.
SELECT c.client, lpad(h.hour::VARCHAR, 2, '0') AS hour, coalesce(sum(l.visits), 0)::BIGINT AS visits,
       coalesce(sum(l.hits), 0)::BIGINT AS hits
FROM range(24) AS h (hour)
CROSS JOIN (VALUES ('person'), ('robot')) AS c (client)
CROSS JOIN report.traffic_window AS w
LEFT JOIN source.access_log AS l ON l.dimension = 'hour' AND l.value = lpad(h.hour::VARCHAR, 2, '0') AND l.client = c.client
                                    AND l.day_on BETWEEN w.from_on AND $as_of
GROUP BY c.client, h.hour
ORDER BY c.client, h.hour
