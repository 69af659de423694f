-- Question: who is, or was, a user of which account?
-- Grain: a user in an account; of users that have vanished, what the last collection said. removed_at NULL: still in it.
SELECT user_id, account_id, created_at, CASE WHEN removed_at < $as_of_end THEN removed_at END AS removed_at
FROM source.users
WHERE created_at < $as_of_end
UNION ALL
SELECT user_id, account_id, created_at, removed_at
FROM previous.fact.membership AS p
WHERE NOT EXISTS (FROM source.users AS u WHERE u.user_id = p.user_id AND u.account_id = p.account_id)
