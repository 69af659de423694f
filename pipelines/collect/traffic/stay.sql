-- Question: what was asked for in each visit, on each local day?
-- Grain: a visit and a day. visits: 1 on the day on which it began, 0 on a later one; its seconds are all of the first.
-- Where a later day's requests came from is looked up on the day before it, and their account on the days beside it: so that
-- a day's counts depend on these days alone, however long a machine goes on, and whichever files are read to count it.
WITH crossing AS (
    SELECT visitor, begun_half_hour, day_on AS begun_on
    FROM visit
    WHERE last_on > day_on
), day_of_visit AS (
    SELECT c.visitor, c.begun_half_hour, m.day_on, c.begun_on, sum(p.hits)::BIGINT AS hits, sum(p.bytes)::BIGINT AS bytes,
           any_value(p.agent_key) AS agent_key, any_value(p.country) AS country, arg_min(p.origin_key, p.first_line) AS origin_key,
           arg_min(p.account_key, p.first_line) FILTER (p.account_key IS NOT NULL) AS account_key
    FROM crossing AS c
    JOIN visit_part AS f ON f.visitor = c.visitor AND f.begun_half_hour = c.begun_half_hour
    JOIN moment AS m ON m.half_hour = f.half_hour
    JOIN client_part AS p ON p.rowid = f.part
    GROUP BY c.visitor, c.begun_half_hour, m.day_on, c.begun_on
), beside AS (
    SELECT * EXCLUDE (origin_key, account_key), lag(origin_key) OVER visit AS origin_key,
           coalesce(lag(account_key) OVER visit, account_key, lead(account_key) OVER visit) AS account_key
    FROM day_of_visit
    WINDOW visit AS (PARTITION BY visitor, begun_half_hour ORDER BY day_on)
), stay AS (
    SELECT day_on, hour, visitor, hits, bytes, 1 AS visits, seconds, agent_key, country, origin_key, account_key
    FROM visit
    UNION ALL
    SELECT day_on, NULL, visitor, hits, bytes, 0, 0, agent_key, country, origin_key, account_key
    FROM beside
    WHERE day_on > begun_on
)
SELECT s.*, a.is_robot
FROM stay AS s
SEMI JOIN asked_day AS d ON d.day_on = s.day_on
JOIN agent AS a ON a.agent_key = s.agent_key
