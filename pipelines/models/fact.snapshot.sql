-- Question: which backup snapshots exist or have existed, and between which two collections did a missing one leave?
-- Grain: a snapshot. removed_at: as the catalogue says; else the snapshot left it after present_until_at and not later than
-- absent_from_at (of a saved listing, it was there when the listing was saved). first_seen_at: the first collection that had
-- it. What was once known of its success and of its volumes stays known when the log that told it has gone.
-- Snapshots that left more than two years ago hold nothing that is still judged, and are forgotten.
WITH collected AS (
    SELECT collected_at FROM source.collection WHERE dataset = 'backups' AND status = 'collected'
), known AS (
    SELECT b.snapshot_id, b.server_id, b.source_server_id, b.taken_at,
           CASE WHEN b.status = 'unproven' THEN coalesce(p.status, b.status) ELSE b.status END AS status,
           coalesce(b.holds_trash, true) AS holds_trash, coalesce(b.volumes, p.volumes) AS volumes, b.removed_at,
           coalesce(b.listed_at, (SELECT collected_at FROM collected)) AS present_until_at, b.missed_at AS absent_from_at,
           coalesce(p.first_seen_at, p.present_until_at, (SELECT collected_at FROM collected)) AS first_seen_at
    FROM source.backups AS b
    LEFT JOIN (SELECT * FROM previous.fact.snapshot) AS p ON p.snapshot_id = b.snapshot_id
    WHERE b.taken_at < $as_of_end
    UNION ALL
    SELECT snapshot_id, server_id, source_server_id, taken_at, status, holds_trash, volumes, removed_at, present_until_at,
           coalesce(absent_from_at, (SELECT collected_at FROM collected)), coalesce(first_seen_at, present_until_at)
    FROM previous.fact.snapshot AS p
    WHERE NOT EXISTS (FROM source.backups AS b WHERE b.snapshot_id = p.snapshot_id)
)
SELECT snapshot_id, server_id, source_server_id, taken_at, status, holds_trash, volumes, removed_at, present_until_at,
       absent_from_at, first_seen_at
FROM known
WHERE coalesce(removed_at, absent_from_at, $as_of_end) >= months_before($as_of_end, 24)
