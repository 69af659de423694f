-- Question: on which local days did persons do something, in which account?
-- Grain: an account, a user (NULL where the log does not say who) and a day. Persons' actions only: an API key, a
-- background job or an opened e-mail is no activity. Ends: as_of is the last day; a count never reaches over a day's end.
SELECT account_id, user_id, day_on AS day, min(first_at) AS first_at, max(last_at) AS last_at, sum(actions)::BIGINT AS actions
FROM source.activity
WHERE actor = 'person' AND day_on <= $as_of
GROUP BY account_id, user_id, day_on
