-- Question: what did users delete, and what became of it by the end of as_of?
-- Grain: a deletion (an item deleted again has a row of its own), those that have vanished from the source included.
-- restored_at: by the row or by a served recovery; journal_at: first erasure in the journal after the deletion;
-- resurrected_at: since when an item that had been purged, or had gone, is seen in the trash again; NULL for nothing.
-- erasure_asked_at: first erasure asked after the deletion, and not withdrawn, by the user, or for the account as a whole.
WITH collected AS (
    SELECT collected_at FROM source.collection WHERE dataset = 'deleted_items' AND status = 'collected'
), known AS (
    SELECT item_id, account_id, user_id, created_at, deleted_at,
           CASE WHEN restored_at < $as_of_end THEN restored_at END AS restored_at,
           CASE WHEN purged_at < $as_of_end THEN purged_at END AS purged_at, true AS is_present,
           NULL::TIMESTAMPTZ AS vanished_at
    FROM source.deleted_items
    WHERE deleted_at < $as_of_end
    UNION ALL
    SELECT item_id, account_id, user_id, created_at, deleted_at, restored_at, purged_at,
           is_present AND (SELECT count(*) FROM collected) = 0, coalesce(vanished_at, (SELECT collected_at FROM collected))
    FROM previous.fact.deleted_item AS p
    WHERE NOT EXISTS (FROM source.deleted_items AS i WHERE i.item_id = p.item_id AND i.deleted_at = p.deleted_at)
), back AS (
    SELECT k.item_id, k.deleted_at,
           coalesce(p.resurrected_at, CASE WHEN NOT p.is_present OR p.purged_at IS NOT NULL
                                           THEN (SELECT collected_at FROM collected) END) AS resurrected_at
    FROM known AS k
    JOIN previous.fact.deleted_item AS p USING (item_id, deleted_at)
    WHERE k.is_present AND k.purged_at IS NULL AND k.restored_at IS NULL
), journal AS (
    SELECT j.item_id, k.deleted_at, min(j.erased_at) AS journal_at
    FROM source.erasure_journal AS j
    ASOF JOIN known AS k ON j.item_id = k.item_id AND j.erased_at >= k.deleted_at
    WHERE j.erased_at < $as_of_end
    GROUP BY j.item_id, k.deleted_at
), served AS (
    SELECT item_id, item_deleted_at AS deleted_at, min(outcome_at) AS served_at
    FROM fact.recovery
    WHERE outcome = 'served' AND outcome_at IS NOT NULL
    GROUP BY item_id, item_deleted_at
), asked AS (
    SELECT user_id, account_id, received_at
    FROM source.rights_requests
    WHERE "right" = 'erasure' AND received_at < $as_of_end
      AND NOT coalesce(outcome = 'withdrawn' AND answered_at < $as_of_end, false)
), asked_for AS (
    SELECT k.item_id, k.deleted_at, a.received_at
    FROM known AS k JOIN asked AS a ON a.user_id = k.user_id AND a.received_at >= k.deleted_at
    UNION ALL
    SELECT k.item_id, k.deleted_at, a.received_at
    FROM known AS k
    JOIN asked AS a ON a.user_id IS NULL AND a.account_id = k.account_id AND a.received_at >= k.deleted_at
), asked_first AS (
    SELECT item_id, deleted_at, min(received_at) AS erasure_asked_at FROM asked_for GROUP BY item_id, deleted_at
)
SELECT k.item_id, k.account_id, k.user_id, k.created_at, k.deleted_at, least(k.restored_at, s.served_at) AS restored_at,
       k.purged_at, q.erasure_asked_at, j.journal_at, k.is_present, k.vanished_at, b.resurrected_at
FROM known AS k
LEFT JOIN journal AS j USING (item_id, deleted_at)
LEFT JOIN back AS b USING (item_id, deleted_at)
LEFT JOIN served AS s USING (item_id, deleted_at)
LEFT JOIN asked_first AS q USING (item_id, deleted_at)
