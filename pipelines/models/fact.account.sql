-- Question: what is known of each account at the end of as_of?
-- Grain: an account, those that have vanished from the source included. What happened at or after as_of_end has not happened.
-- has_personal_data: true where the source still shows any, or erased it only after as_of; NULL where the row is gone.
-- resurrected_at: since when personal data that had been erased, or a row that had gone, is seen there again; NULL for nothing.
-- deletion_opened_at: the user's act (the first request that stands since a reinstatement), else the deletion itself.
WITH collected AS (
    SELECT collected_at FROM source.collection WHERE dataset = 'accounts' AND status = 'collected'
), journal AS (
    SELECT account_id, max(erased_at) FILTER (erased_at < $as_of_end) AS erased_at, max(erased_at) AS last_erased_at
    FROM source.erasure_journal
    WHERE account_id IS NOT NULL AND user_id IS NULL AND item_id IS NULL AND invoice_id IS NULL
    GROUP BY account_id
), seen AS (
    SELECT account_id, created_at, plan, state, deletion_requested_at, deleted_at, reinstated_at, erased_at,
           has_email OR coalesce(has_name, false) OR coalesce(has_phone, false) OR coalesce(has_address, false)
               AS has_personal_data,
           true AS is_present, NULL::TIMESTAMPTZ AS vanished_at, paid_from_at, paid_until_at
    FROM source.accounts
    WHERE created_at < $as_of_end
), gone AS (
    SELECT account_id, created_at, plan, CASE WHEN is_deleted THEN 'deleted' ELSE 'active' END AS state, deletion_asked_at,
           deleted_at, reinstated_at, erased_at,
           CASE WHEN (SELECT count(*) FROM collected) = 0 THEN has_personal_data END AS has_personal_data,
           is_present AND (SELECT count(*) FROM collected) = 0 AS is_present,
           coalesce(vanished_at, (SELECT collected_at FROM collected)) AS vanished_at, paid_from_at, paid_until_at
    FROM previous.fact.account AS p
    WHERE NOT EXISTS (FROM source.accounts AS a WHERE a.account_id = p.account_id)
), known AS (
    SELECT k.* REPLACE (
               CASE WHEN k.deleted_at < $as_of_end THEN k.deleted_at END AS deleted_at,
               CASE WHEN k.reinstated_at < $as_of_end THEN k.reinstated_at END AS reinstated_at,
               CASE WHEN k.deletion_requested_at < $as_of_end THEN k.deletion_requested_at END AS deletion_requested_at,
               greatest(CASE WHEN k.erased_at < $as_of_end THEN k.erased_at END, j.erased_at) AS erased_at),
           greatest(k.erased_at, j.last_erased_at) AS last_erased_at,
           k.deleted_at >= $as_of_end AS is_deleted_later, k.reinstated_at >= $as_of_end AS is_reinstated_later
    FROM (FROM seen UNION ALL FROM gone) AS k
    LEFT JOIN journal AS j USING (account_id)
), back AS (
    SELECT k.account_id,
           coalesce(p.resurrected_at, CASE WHEN NOT p.is_present OR (p.erased_at IS NOT NULL AND NOT p.has_personal_data)
                                           THEN (SELECT collected_at FROM collected) END) AS resurrected_at
    FROM known AS k
    JOIN previous.fact.account AS p USING (account_id)
    WHERE k.is_present AND k.has_personal_data
), request AS (
    SELECT account_id, requested_at, CASE WHEN withdrawn_at < $as_of_end THEN withdrawn_at END AS withdrawn_at
    FROM source.deletion_requests
    WHERE user_id IS NULL AND requested_at < $as_of_end
    UNION ALL
    SELECT account_id, deletion_requested_at, NULL
    FROM known AS k
    WHERE deletion_requested_at IS NOT NULL
      AND NOT EXISTS (FROM source.deletion_requests AS r
                      WHERE r.account_id = k.account_id AND r.user_id IS NULL
                        AND local_day(r.requested_at) = local_day(k.deletion_requested_at))
), asked AS (
    SELECT account_id,
           min(r.requested_at) FILTER (r.withdrawn_at IS NULL AND r.requested_at > coalesce(k.reinstated_at, '-infinity'))
               AS standing_at,
           max(r.requested_at) FILTER (r.withdrawn_at IS NULL AND r.requested_at <= k.reinstated_at) AS undone_at,
           max(r.requested_at) FILTER (r.withdrawn_at IS NOT NULL) AS withdrawn_request_at,
           arg_max(r.withdrawn_at, r.requested_at) FILTER (r.withdrawn_at IS NOT NULL) AS withdrawn_at
    FROM request AS r
    JOIN known AS k USING (account_id)
    GROUP BY account_id
), act AS (
    SELECT k.*, r.standing_at, r.undone_at, r.withdrawn_request_at, r.withdrawn_at,
           coalesce(k.reinstated_at >= k.deleted_at, false) AS is_reinstated,
           k.state = 'deleted' AND NOT coalesce(k.is_deleted_later, false) AS says_deleted
    FROM known AS k
    LEFT JOIN asked AS r USING (account_id)
)
SELECT account_id, created_at, plan,
       (deleted_at IS NOT NULL AND NOT is_reinstated) OR (says_deleted AND NOT is_reinstated) AS is_deleted,
       standing_at AS deletion_asked_at,
       CASE WHEN standing_at IS NOT NULL THEN least(standing_at, CASE WHEN NOT is_reinstated THEN deleted_at END)
            WHEN deleted_at IS NOT NULL AND NOT is_reinstated THEN deleted_at
            WHEN is_reinstated THEN coalesce(undone_at, deleted_at)
            ELSE withdrawn_request_at END AS deletion_opened_at,
       CASE WHEN standing_at IS NOT NULL OR (deleted_at IS NOT NULL AND NOT is_reinstated) THEN NULL
            WHEN is_reinstated THEN 'reinstated'
            WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' END AS deletion_voided_by,
       CASE deletion_voided_by WHEN 'reinstated' THEN reinstated_at WHEN 'withdrawn' THEN withdrawn_at END
           AS deletion_voided_at,
       deleted_at, reinstated_at, erased_at,
       has_personal_data OR (erased_at IS NULL AND coalesce(last_erased_at >= $as_of_end, false)) AS has_personal_data,
       coalesce(state <> 'deleted' AND deleted_at IS NOT NULL AND NOT is_reinstated AND is_present
                AND NOT coalesce(is_reinstated_later, false), false)
           AS lacks_reinstatement_date,
       is_present, vanished_at, resurrected_at, paid_from_at, paid_until_at
FROM act
LEFT JOIN back USING (account_id)
