-- Question: how was answered on each local day that is asked for, and how much?
-- Grain: a day, and whether a robot asked. hits_N, bytes_N: of answers Nxx.
SELECT m.day_on, a.is_robot, sum(hits) AS hits, sum(hits_1) AS hits_1, sum(hits_2) AS hits_2, sum(hits_3) AS hits_3,
       sum(hits_4) AS hits_4, sum(hits_5) AS hits_5, sum(bytes) AS bytes, coalesce(sum(bytes_1), 0) AS bytes_1,
       coalesce(sum(bytes_2), 0) AS bytes_2, coalesce(sum(bytes_3), 0) AS bytes_3, coalesce(sum(bytes_4), 0) AS bytes_4,
       coalesce(sum(bytes_5), 0) AS bytes_5
FROM client_part AS c
JOIN moment AS m USING (half_hour)
SEMI JOIN asked_day AS d ON d.day_on = m.day_on
JOIN agent AS a USING (agent_key)
GROUP BY m.day_on, a.is_robot
