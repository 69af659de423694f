-- Question: until when must what a user deleted still be there?
-- Grain: a deletion. earliest_at is the first instant at which it may be purged. Closed by its purge from the primary
-- server; void once it is restored, or once the person asks for erasure.
WITH primary_copy AS (
    SELECT c.item_id, c.deleted_at, min(c.gone_at) AS gone_at
    FROM fact.item_copy AS c
    JOIN fact.server AS s ON s.server_id = c.place AND s.role = 'primary'
    WHERE c.how = 'listed' AND s.out_of_service_at IS NULL
    GROUP BY c.item_id, c.deleted_at
), item AS (
    SELECT i.item_id, i.deleted_at, i.restored_at, i.is_present,
           trash_until(i.deleted_at, $kept_days) AS earliest_at, i.erasure_asked_at,
           coalesce(i.purged_at, i.journal_at, p.gone_at) AS purged_at
    FROM fact.deleted_item AS i
    LEFT JOIN primary_copy AS p USING (item_id, deleted_at)
), void AS (
    SELECT *, CASE WHEN purged_at < least(restored_at, erasure_asked_at) THEN NULL
                   WHEN restored_at <= coalesce(erasure_asked_at, restored_at) THEN 'restored'
                   WHEN erasure_asked_at < earliest_at THEN 'erasure_asked'
                   WHEN restored_at IS NOT NULL THEN 'restored' END AS voided_by
    FROM item
)
SELECT item_id AS subject, deleted_at AS opened_at, earliest_at, NULL::TIMESTAMPTZ AS due_at,
       NULL::TIMESTAMPTZ AS safe_due_at,
       CASE voided_by WHEN 'restored' THEN restored_at WHEN 'erasure_asked' THEN erasure_asked_at ELSE purged_at END
           AS closed_at,
       CASE WHEN voided_by IS NOT NULL THEN voided_by
            WHEN purged_at IS NOT NULL THEN 'purged'
            WHEN NOT is_present THEN 'vanished' END AS closed_by,
       'deleted' AS basis
FROM void
