-- Question: which backup snapshots exist or have existed, and between which two collections did a missing one leave?
-- Grain: a snapshot. removed_at: as the catalogue says; else the snapshot left it after present_until_at and not later than
-- absent_from_at. Snapshots that left more than two years ago hold nothing that is still judged, and are forgotten.
WITH collected AS (
    SELECT collected_at FROM source.collection WHERE dataset = 'backups' AND status = 'collected'
), known AS (
    SELECT snapshot_id, server_id, source_server_id, taken_at, status, coalesce(holds_trash, true) AS holds_trash, removed_at,
           (SELECT collected_at FROM collected) AS present_until_at, NULL::TIMESTAMPTZ AS absent_from_at
    FROM source.backups
    WHERE taken_at < $as_of_end
    UNION ALL
    SELECT snapshot_id, server_id, source_server_id, taken_at, status, holds_trash, removed_at, present_until_at,
           coalesce(absent_from_at, (SELECT collected_at FROM collected))
    FROM previous.fact.snapshot AS p
    WHERE NOT EXISTS (FROM source.backups AS b WHERE b.snapshot_id = p.snapshot_id)
)
SELECT snapshot_id, server_id, source_server_id, taken_at, status, holds_trash, removed_at, present_until_at, absent_from_at
FROM known
WHERE coalesce(removed_at, absent_from_at, $as_of_end) >= months_before($as_of_end, 24)
