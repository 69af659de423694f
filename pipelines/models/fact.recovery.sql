-- Question: who asked for which deleted item back, and what came of it by the end of as_of?
-- Grain: a request. item_deleted_at: the deletion that it can mean, the last one before it (NULL: there is none).
WITH deletion AS (
    SELECT item_id, deleted_at FROM source.deleted_items
    UNION
    SELECT item_id, deleted_at FROM previous.fact.deleted_item
)
SELECT r.recovery_id, r.item_id, d.deleted_at AS item_deleted_at, r.requested_at,
       CASE WHEN r.outcome_at >= $as_of_end THEN 'pending' ELSE r.outcome END AS outcome,
       CASE WHEN r.outcome_at < $as_of_end THEN r.outcome_at END AS outcome_at
FROM source.recoveries AS r
ASOF LEFT JOIN deletion AS d ON r.item_id = d.item_id AND r.requested_at >= d.deleted_at
WHERE r.requested_at < $as_of_end
