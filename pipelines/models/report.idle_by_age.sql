-- Question: How long have accounts been idle, by the age of the account?
-- Grain: class of age, class of idleness; every class is there for every age, with 0 where there is nobody.
SELECT a.age_class, a.age_position, c.idle_class, c.idle_position, coalesce(sum(k.accounts), 0)::BIGINT AS accounts
FROM (SELECT DISTINCT age_class, age_position FROM report.idle_cube) AS a
CROSS JOIN (SELECT DISTINCT idle_class, idle_position FROM report.idle_cube) AS c
LEFT JOIN report.idle_cube AS k ON k.age_class = a.age_class AND k.idle_class = c.idle_class
GROUP BY a.age_class, a.age_position, c.idle_class, c.idle_position
ORDER BY a.age_position, c.idle_position
