-- Question: How long have accounts been idle?
-- Grain: class of idleness.
SELECT idle_class, idle_position, sum(accounts)::BIGINT AS accounts, sum(accounts) / sum(sum(accounts)) OVER () AS share
FROM report.idle_cube
GROUP BY idle_class, idle_position
ORDER BY idle_position
