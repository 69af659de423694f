-- Question: how often was what done in an account on a local day, by persons and by machines, and by how many users?
-- Grain: an account, a day and an action (NULL where the log does not say which). Opened e-mails are neither. Ends: as_of is the
-- last day.
SELECT account_id, local_day(occurred_at) AS day_on, action,
       count(*) FILTER (actor = 'person') AS person_actions,
       count(*) FILTER (actor IN ('api', 'system')) AS machine_actions,
       count(DISTINCT user_id) FILTER (actor = 'person') AS users
FROM source.activity
WHERE actor IN ('person', 'api', 'system') AND occurred_at < $as_of_end
GROUP BY account_id, day_on, action
