-- Question: when did each visit begin, how long did it last, and with what did it begin?
-- Grain: a visit. It belongs to the local day on which it began; what it lasts is counted to the end of the next day, so that
-- a machine that never pauses is no visit without end.
WITH begun AS (
    SELECT visitor, visit, min(day_on) AS day_on, min(half_hour) AS half_hour, min(first_second) AS first_second
    FROM visit_part
    GROUP BY visitor, visit
), lasted AS (
    SELECT b.visitor, b.visit, max(p.last_second) AS last_second
    FROM begun AS b
    JOIN visit_part AS p ON p.visitor = b.visitor AND p.visit = b.visit AND p.day_on <= b.day_on + 1
    GROUP BY b.visitor, b.visit
), attribute AS (
    SELECT p.visitor, p.visit, arg_min(c.account, c.first_line) FILTER (c.account IS NOT NULL) AS account
    FROM visit_part AS p
    JOIN client_part AS c ON c.visitor = p.visitor AND c.half_hour = p.half_hour
    WHERE c.account IS NOT NULL
    GROUP BY p.visitor, p.visit
), first AS (
    SELECT c.visitor, c.half_hour, any_value(c.agent_key) AS agent_key, any_value(c.country) AS country,
           any_value(c.hour) AS hour, arg_min(c.origin, c.first_line) AS origin, arg_min(c.tls, c.first_line) AS tls,
           arg_min(c.status, c.first_line) AS status
    FROM client_part AS c
    SEMI JOIN begun AS b ON b.visitor = c.visitor AND b.half_hour = c.half_hour
    GROUP BY c.visitor, c.half_hour
)
SELECT b.visitor, b.visit, b.day_on, f.hour, f.origin, f.tls, f.status, f.agent_key, f.country, a.account,
       l.last_second - b.first_second AS seconds
FROM begun AS b
JOIN lasted AS l USING (visitor, visit)
JOIN first AS f USING (visitor, half_hour)
LEFT JOIN attribute AS a USING (visitor, visit)
