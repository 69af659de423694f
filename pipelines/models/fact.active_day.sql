-- Question: on which local days did persons do something, in which account?
-- Grain: an account, a user (NULL where the log does not say who) and a day. Persons' actions only: an API key, a
-- background job or an opened e-mail is no activity.
SELECT account_id, user_id, local_day(occurred_at) AS day, min(occurred_at) AS first_at, max(occurred_at) AS last_at,
       count(*) AS actions
FROM source.activity
WHERE actor = 'person' AND occurred_at < $as_of_end
GROUP BY account_id, user_id, day
