-- Question: How long have accounts been idle, plan by plan?
-- Grain: plan, class of idleness; every class is there for every plan, with 0 where there is nobody. An empty plan is "not told".
SELECT p.plan, c.idle_class, c.idle_position, coalesce(sum(k.accounts), 0)::BIGINT AS accounts
FROM (SELECT DISTINCT plan FROM report.idle_cube) AS p
CROSS JOIN (SELECT DISTINCT idle_class, idle_position FROM report.idle_cube) AS c
LEFT JOIN report.idle_cube AS k ON k.plan = p.plan AND k.idle_class = c.idle_class
GROUP BY p.plan, c.idle_class, c.idle_position
ORDER BY p.plan, c.idle_position
