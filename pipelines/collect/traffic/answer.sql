-- Question: which answers did each visitor get?
-- Grain: a visitor and a local day that is asked for. hits_N, bytes_N: of answers Nxx.
SELECT m.day_on, c.visitor, any_value(a.is_robot) AS is_robot, sum(hits) AS hits, sum(hits_1) AS hits_1,
       sum(hits_2) AS hits_2, sum(hits_3) AS hits_3, sum(hits_4) AS hits_4, sum(hits_5) AS hits_5, sum(bytes) AS bytes,
       sum(bytes_1) AS bytes_1, sum(bytes_2) AS bytes_2, sum(bytes_3) AS bytes_3, sum(bytes_4) AS bytes_4,
       sum(bytes_5) AS bytes_5
FROM client_part AS c
JOIN moment AS m USING (half_hour)
SEMI JOIN asked_day AS d ON d.day_on = m.day_on
JOIN agent AS a USING (agent_key)
GROUP BY m.day_on, c.visitor
