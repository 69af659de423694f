-- Question: what was asked for in each visit, on each local day?
-- Grain: a visit and a day. visits: 1 on the day on which it began, 0 on a later one; its seconds are all of the first.
WITH stay AS (
    SELECT day_on, hour, visitor, hits, bytes, 1 AS visits, seconds, agent_key, country, origin_key, account_key
    FROM visit
    UNION ALL
    SELECT p.day_on, NULL, p.visitor, p.hits, p.bytes, 0, 0, p.agent_key, p.country, v.origin_key, v.account_key
    FROM visit_part AS p
    JOIN visit AS v ON v.visitor = p.visitor AND v.begun_half_hour = p.begun_half_hour
    WHERE p.day_on > p.begun_on
)
SELECT s.*, a.is_robot
FROM stay AS s
SEMI JOIN asked_day AS d ON d.day_on = s.day_on
JOIN agent AS a ON a.agent_key = s.agent_key
