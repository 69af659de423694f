-- Question: Which actions are used, by the age of the account?
-- Grain: action of persons (the first is any action at all), class of age; every class is there for every action, with 0 where
-- there is nobody.
SELECT x.action, x.is_named, x.position, g.age_class, g.age_position, coalesce(sum(c.accounts), 0)::BIGINT AS accounts
FROM (SELECT action, is_named, position FROM report.usage_by_action WHERE accounts > 0 UNION ALL SELECT 'any', false, 0) AS x
CROSS JOIN (SELECT DISTINCT age_class, age_position FROM report.usage_cube) AS g
LEFT JOIN report.usage_cube AS c ON c.position = x.position AND c.age_class = g.age_class
GROUP BY x.action, x.is_named, x.position, g.age_class, g.age_position
ORDER BY x.position, g.age_position
