-- Question: Which actions are used, by how many accounts, and how often?
-- Grain: action, as report.usage_cube names them. share: of the accounts in which a person did anything. Machines' actions (API
-- keys, background jobs) are counted apart; what only machines do has no account.
SELECT action, is_named, position, sum(accounts)::BIGINT AS accounts,
       sum(accounts) / (SELECT nullif(sum(accounts), 0) FROM report.usage_cube WHERE position = 0) AS share,
       sum(actions)::BIGINT AS actions, sum(machine_actions)::BIGINT AS machine_actions
FROM report.usage_cube
WHERE position > 0
GROUP BY action, is_named, position
ORDER BY position
