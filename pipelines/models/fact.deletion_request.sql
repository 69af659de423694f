-- Question: who asked for an account, or for one user of it, to be deleted, and when was that done?
-- Grain: a request; one that only the account's own row knows of is named by its account. done_at: the account deleted or
-- erased (with nothing left), or the user removed, never before the request; a deletion that was undone before the request
-- answers nothing. is_also_rights_request: the same wish, of the same day, is in
-- rights_requests too and is judged there, once.
WITH request AS (
    SELECT request_id, account_id, user_id, requested_at AS asked_at,
           CASE WHEN withdrawn_at < $as_of_end THEN withdrawn_at END AS withdrawn_at, channel
    FROM source.deletion_requests
    WHERE requested_at < $as_of_end
    UNION ALL
    SELECT a.account_id, a.account_id, NULL, a.deletion_requested_at, NULL, NULL
    FROM source.accounts AS a
    WHERE a.deletion_requested_at < $as_of_end
      AND NOT EXISTS (FROM source.deletion_requests AS r
                      WHERE r.account_id = a.account_id AND r.user_id IS NULL
                        AND local_day(r.requested_at) = local_day(a.deletion_requested_at))
), removed AS (
    SELECT user_id, account_id, max(removed_at) AS removed_at FROM fact.membership GROUP BY user_id, account_id
), answered AS (
    SELECT r.*, CASE WHEN a.reinstated_at >= a.deleted_at AND a.reinstated_at <= r.asked_at THEN NULL ELSE a.deleted_at END
                    AS deleted_at,
           CASE WHEN NOT coalesce(a.has_personal_data, false) THEN a.erased_at END AS erased_at,
           CASE WHEN r.user_id IS NOT NULL
                THEN least(m.removed_at, CASE WHEN NOT coalesce(p.has_personal_data, false) THEN p.erased_at END) END AS left_at,
           a.is_present, a.is_deleted
    FROM request AS r
    LEFT JOIN fact.account AS a ON a.account_id = r.account_id
    LEFT JOIN removed AS m ON m.account_id = r.account_id AND m.user_id = r.user_id
    LEFT JOIN fact.person AS p ON p.user_id = r.user_id
)
SELECT r.request_id, r.account_id, r.user_id, r.asked_at, r.withdrawn_at,
       CASE WHEN coalesce(r.deleted_at, r.erased_at, r.left_at) IS NOT NULL
            THEN greatest(r.asked_at, least(r.deleted_at, r.erased_at, r.left_at)) END AS done_at,
       NOT coalesce(r.is_present, true) AND r.erased_at IS NULL AND r.deleted_at IS NULL AS has_vanished,
       coalesce(r.is_deleted AND r.deleted_at IS NULL AND r.erased_at IS NULL, false) AS lacks_date,
       r.channel,
       EXISTS (FROM source.rights_requests AS q
               WHERE q."right" = 'erasure' AND q.account_id = r.account_id AND q.received_at < $as_of_end
                 AND q.user_id IS NOT DISTINCT FROM r.user_id
                 AND local_day(q.received_at) = local_day(r.asked_at)) AS is_also_rights_request
FROM answered AS r
