-- Question: where was a copy of each deleted item to be expected, and since when is it gone there?
-- Grain: a deletion and a place (a live server, or the snapshots on one backup server).
-- Expected: every primary and replica in service while the item existed, and every usable snapshot of them taken before the
-- item left what is backed up (the trash itself, where backups hold it; else what is outside the trash).
-- how: listed (the source names the copy), derived (from purge, servers and snapshots), unlisted (the source lists this
-- item's copies, but not this one), unknown_server (a copy on a server that nobody described).
-- there_until_at: proven to be there until then; gone_at: proven gone from then on (NULL: not proven gone by as_of_end).
WITH item AS (
    SELECT item_id, deleted_at,
           coalesce(created_at, '-infinity'::TIMESTAMPTZ) AS backed_up_from_at, least(purged_at, journal_at) AS left_at,
           is_present
    FROM fact.deleted_item
), listed AS (
    SELECT i.item_id, i.deleted_at, c.server_id,
           CASE WHEN bool_and(coalesce(c.gone_at < $as_of_end, false)) THEN max(c.gone_at) END AS gone_at
    FROM item AS i
    JOIN source.item_copies AS c ON c.item_id = i.item_id AND (c.gone_at IS NULL OR c.gone_at >= i.deleted_at)
    GROUP BY i.item_id, i.deleted_at, c.server_id
), live AS (
    SELECT server_id, in_service_at, coalesce(out_of_service_at, 'infinity'::TIMESTAMPTZ) AS out_at
    FROM fact.server WHERE role IN ('primary', 'replica')
), expected AS (
    SELECT i.item_id, i.deleted_at, i.left_at, i.is_present, s.server_id, s.out_at
    FROM item AS i
    JOIN live AS s ON s.in_service_at < coalesce(i.left_at, $as_of_end) AND s.out_at > i.deleted_at
), on_server AS (
    SELECT e.item_id, e.deleted_at, e.server_id,
           CASE WHEN e.out_at < $as_of_end THEN least(e.out_at, l.gone_at, CASE WHEN n.item_id IS NULL THEN e.left_at END)
                WHEN l.server_id IS NOT NULL THEN l.gone_at
                WHEN n.item_id IS NULL THEN e.left_at END AS gone_at,
           CASE WHEN l.server_id IS NOT NULL THEN 'listed'
                WHEN n.item_id IS NULL OR e.out_at < $as_of_end THEN 'derived'
                ELSE 'unlisted' END AS how,
           e.is_present
    FROM expected AS e
    LEFT JOIN listed AS l USING (item_id, deleted_at, server_id)
    LEFT JOIN (SELECT DISTINCT item_id, deleted_at FROM listed) AS n USING (item_id, deleted_at)
), elsewhere AS (
    SELECT l.item_id, l.deleted_at, l.server_id, l.gone_at,
           CASE WHEN s.server_id IS NULL AND l.gone_at IS NULL THEN 'unknown_server' ELSE 'listed' END AS how
    FROM listed AS l
    LEFT JOIN fact.server AS s USING (server_id)
    WHERE NOT EXISTS (FROM on_server AS o
                      WHERE o.item_id = l.item_id AND o.deleted_at = l.deleted_at AND o.server_id = l.server_id)
), snapshot AS (
    -- A snapshot of a server that nobody described may hold the item, or not.
    SELECT p.server_id, p.taken_at, p.holds_trash, k.server_id IS NULL AS is_of_unknown,
           least(p.removed_at, b.out_of_service_at, CASE WHEN p.removed_at IS NULL THEN p.absent_from_at END) AS left_at,
           CASE WHEN k.server_id IS NULL THEN NULL
                WHEN p.removed_at IS NOT NULL THEN p.removed_at
                ELSE least(p.present_until_at, b.out_of_service_at) END AS there_until_at
    FROM fact.snapshot AS p
    LEFT JOIN fact.server AS k ON k.server_id = p.source_server_id
    LEFT JOIN fact.server AS b ON b.server_id = p.server_id
    WHERE p.status <> 'failed' AND coalesce(k.role IN ('primary', 'replica'), true)
), in_snapshot AS (
    SELECT i.item_id, i.deleted_at, s.server_id, s.is_of_unknown,
           CASE WHEN bool_and(coalesce(s.left_at < $as_of_end, false)) THEN max(s.left_at) END AS gone_at,
           max(s.there_until_at) AS there_until_at
    FROM item AS i
    JOIN snapshot AS s
      ON s.taken_at < CASE WHEN s.holds_trash THEN coalesce(i.left_at, $as_of_end) ELSE i.deleted_at END
     AND coalesce(s.left_at, 'infinity'::TIMESTAMPTZ) > i.deleted_at
     AND s.taken_at >= i.backed_up_from_at
    GROUP BY i.item_id, i.deleted_at, s.server_id, s.is_of_unknown
)
SELECT item_id, deleted_at, server_id AS place, server_id, gone_at,
       -- Of an item whose row has vanished, nothing can be derived: its copies may have gone with it.
       coalesce(gone_at, CASE WHEN how = 'listed' OR (how = 'derived' AND is_present) THEN $as_of_end END) AS there_until_at,
       how
FROM on_server
UNION ALL
SELECT item_id, deleted_at, server_id, server_id, gone_at, coalesce(gone_at, CASE WHEN how = 'listed' THEN $as_of_end END), how
FROM elsewhere
UNION ALL
SELECT item_id, deleted_at, CASE WHEN is_of_unknown THEN 'strange snapshots on ' ELSE 'snapshots on ' END || server_id,
       server_id, gone_at, coalesce(there_until_at, gone_at),
       CASE WHEN is_of_unknown AND gone_at IS NULL THEN 'unknown_server' ELSE 'derived' END
FROM in_snapshot
