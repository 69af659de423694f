-- Question: Which actions are used, plan by plan?
-- Grain: action of persons (the first is any action at all), plan; every plan is there for every action, with 0 where there is
-- nobody.
SELECT x.action, x.is_named, x.position, p.plan, coalesce(sum(c.accounts), 0)::BIGINT AS accounts
FROM (SELECT action, is_named, position FROM report.usage_by_action WHERE accounts > 0 UNION ALL SELECT 'any', false, 0) AS x
CROSS JOIN (SELECT DISTINCT plan FROM report.usage_cube) AS p
LEFT JOIN report.usage_cube AS c ON c.position = x.position AND c.plan = p.plan
GROUP BY x.action, x.is_named, x.position, p.plan
ORDER BY x.position, p.plan
