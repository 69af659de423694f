-- Question: when was each account, and each user of it, last seen by a value that the source overwrites (sign-in, edit)?
-- Grain: an account (user_id NULL) or a user in an account. A value at or after as_of_end hides the one before: then the
-- one collected earlier stands, and is_overwritten says that it may be too old.
WITH value AS (
    SELECT account_id, NULL AS user_id, unnest([last_sign_in_at, last_edit_at]) AS seen_at, false AS is_earlier
    FROM source.accounts
    UNION ALL
    SELECT account_id, user_id, unnest([last_sign_in_at, last_edit_at]), false FROM source.users
    UNION ALL
    SELECT account_id, user_id, seen_at, true FROM previous.fact.last_seen
)
SELECT account_id, user_id, max(seen_at) FILTER (seen_at < $as_of_end) AS seen_at,
       coalesce(bool_or(seen_at >= $as_of_end), false) AND NOT bool_or(is_earlier) AS is_overwritten
FROM value
GROUP BY account_id, user_id
