-- Question: Which actions are used, by plan and by age of the account? The finest breakdown; the others add it up.
-- Grain: action, plan, class of age; the days of report.usage_window. accounts: those in which a person did it at least once.
-- Position 0 is any action at all (an account counts once); the twelve that most accounts use are named, all else is 13; 14 is
-- an action that the log does not name. is_named: the name comes from the log; the others are words of ours.
WITH used AS (
    SELECT u.account_id, u.action, sum(u.person_actions) AS actions, sum(u.machine_actions) AS machine_actions
    FROM fact.usage_day AS u
    CROSS JOIN report.usage_window AS w
    WHERE u.day_on BETWEEN w.from_on AND $as_of
    GROUP BY u.account_id, u.action
), ranked AS (
    SELECT action, row_number() OVER (ORDER BY count(*) FILTER (actions > 0) DESC, sum(actions) DESC, action) AS rank
    FROM used
    WHERE action IS NOT NULL
    GROUP BY action
), placed AS (
    SELECT u.account_id, u.actions, u.machine_actions,
           CASE WHEN u.action IS NULL THEN 14 WHEN r.rank <= 12 THEN r.rank ELSE 13 END AS position
    FROM used AS u
    LEFT JOIN ranked AS r ON r.action = u.action
    UNION ALL
    SELECT account_id, actions, machine_actions, 0 FROM used
), counted AS (
    SELECT account_id, position, sum(actions) AS actions, sum(machine_actions) AS machine_actions
    FROM placed
    GROUP BY account_id, position
), account AS (
    SELECT account_id, coalesce(plan, '') AS plan, months_between(local_day(created_at), $as_of) AS age_months FROM fact.account
)
SELECT CASE c.position WHEN 0 THEN 'any' WHEN 13 THEN 'other' WHEN 14 THEN 'unnamed' ELSE any_value(r.action) END AS action,
       c.position BETWEEN 1 AND 12 AS is_named, c.position, coalesce(a.plan, '') AS plan,
       coalesce(g.age_class, 'unknown') AS age_class, coalesce(g.age_position, 9) AS age_position,
       count(*) FILTER (c.actions > 0) AS accounts, sum(c.actions)::BIGINT AS actions,
       sum(c.machine_actions)::BIGINT AS machine_actions
FROM counted AS c
LEFT JOIN ranked AS r ON r.rank = c.position
LEFT JOIN account AS a ON a.account_id = c.account_id
LEFT JOIN report.age_class AS g ON a.age_months >= g.from_months AND a.age_months < g.until_months
GROUP BY c.position, coalesce(a.plan, ''), coalesce(g.age_class, 'unknown'), coalesce(g.age_position, 9)
ORDER BY c.position, plan, age_position
