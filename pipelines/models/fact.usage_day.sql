-- Question: how often was what done in an account on a local day, by persons and by machines, and by how many users?
-- Grain: an account, a day and an action (NULL where the log does not say which). Opened e-mails are neither. Ends: as_of is the
-- last day. users: persons who are named; a user has one count a day of an action, so that counts are users.
SELECT account_id, day_on, action,
       coalesce(sum(actions) FILTER (actor = 'person'), 0)::BIGINT AS person_actions,
       coalesce(sum(actions) FILTER (actor IN ('api', 'system')), 0)::BIGINT AS machine_actions,
       count(user_id) FILTER (actor = 'person') AS users
FROM source.activity
WHERE actor IN ('person', 'api', 'system') AND day_on <= $as_of
GROUP BY account_id, day_on, action
