-- Question: what is known of each user, whatever the accounts he is in?
-- Grain: a user, those that have vanished from the source included.
-- has_personal_data: true where any of his rows still shows some, or it was erased only after as_of; NULL where he is gone.
-- resurrected_at: since when personal data that had been erased, or a user who had gone, is seen there again; NULL for nothing.
WITH collected AS (
    SELECT collected_at FROM source.collection WHERE dataset = 'users' AND status = 'collected'
), journal AS (
    SELECT user_id, max(erased_at) FILTER (erased_at < $as_of_end) AS erased_at, max(erased_at) AS last_erased_at
    FROM source.erasure_journal
    WHERE user_id IS NOT NULL AND item_id IS NULL AND invoice_id IS NULL
    GROUP BY user_id
), seen AS (
    SELECT user_id, max(erased_at) AS erased_at,
           bool_or(has_email OR coalesce(has_name, false) OR coalesce(has_phone, false)) AS has_personal_data,
           true AS is_present, NULL::TIMESTAMPTZ AS vanished_at
    FROM source.users
    WHERE created_at < $as_of_end
    GROUP BY user_id
), gone AS (
    SELECT user_id, erased_at, CASE WHEN (SELECT count(*) FROM collected) = 0 THEN has_personal_data END,
           is_present AND (SELECT count(*) FROM collected) = 0, coalesce(vanished_at, (SELECT collected_at FROM collected))
    FROM previous.fact.person AS p
    WHERE NOT EXISTS (FROM source.users AS u WHERE u.user_id = p.user_id)
), known AS (
    SELECT k.* REPLACE (greatest(CASE WHEN k.erased_at < $as_of_end THEN k.erased_at END, j.erased_at) AS erased_at),
           greatest(k.erased_at, j.last_erased_at) AS last_erased_at
    FROM (FROM seen UNION ALL FROM gone) AS k
    LEFT JOIN journal AS j USING (user_id)
), back AS (
    SELECT k.user_id,
           coalesce(p.resurrected_at, CASE WHEN NOT p.is_present OR (p.erased_at IS NOT NULL AND NOT p.has_personal_data)
                                           THEN (SELECT collected_at FROM collected) END) AS resurrected_at
    FROM known AS k
    JOIN previous.fact.person AS p USING (user_id)
    WHERE k.is_present AND k.has_personal_data
)
SELECT user_id, erased_at,
       has_personal_data OR (erased_at IS NULL AND coalesce(last_erased_at >= $as_of_end, false)) AS has_personal_data,
       is_present, vanished_at, resurrected_at
FROM known
LEFT JOIN back USING (user_id)
