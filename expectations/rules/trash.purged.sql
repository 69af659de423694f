-- Question: by when must what a user deleted be gone from every server, backups included?
-- Grain: a deletion. due_at is exclusive: the end of the local day(s) of tolerance after the window, or after the outcome of
-- a recovery asked inside the window. Closed when the last expected copy is gone.
WITH trash AS (
    SELECT item_id, deleted_at, restored_at, NOT is_present AND coalesce(purged_at, journal_at) IS NULL AS has_vanished,
           trash_until(deleted_at, $kept_days) AS window_until_at
    FROM fact.deleted_item
), suspended AS (
    SELECT r.item_id, r.item_deleted_at AS deleted_at,
           max(least(coalesce(local_day(r.outcome_at), $as_of), plus_days(local_day(r.requested_at), $suspended_days)))
               AS until_on
    FROM fact.recovery AS r
    JOIN trash AS w ON w.item_id = r.item_id AND w.deleted_at = r.item_deleted_at
    WHERE r.requested_at < w.window_until_at
    GROUP BY r.item_id, r.item_deleted_at
), copies AS (
    SELECT item_id, deleted_at, max(gone_at) AS gone_at, max(there_until_at) AS there_until_at,
           bool_and(gone_at IS NOT NULL) AS is_all_gone,
           bool_or(how IN ('unlisted', 'unknown_server')) AS has_unknowable,
           bool_or(how = 'unknown_server') AS has_unknown_server
    FROM fact.item_copy
    GROUP BY item_id, deleted_at
), item AS (
    SELECT w.*, c.gone_at, c.there_until_at, coalesce(c.is_all_gone, false) AS is_all_gone,
           c.item_id IS NOT NULL AS has_copies, coalesce(c.has_unknowable, false) AS has_unknowable,
           coalesce(c.has_unknown_server, false) AS has_unknown_server,
           greatest(days_end(w.window_until_at, $tolerance_days), day_end(plus_days(s.until_on, $tolerance_days))) AS due_at
    FROM trash AS w
    LEFT JOIN copies AS c USING (item_id, deleted_at)
    LEFT JOIN suspended AS s USING (item_id, deleted_at)
), told AS (
    SELECT *, least(due_at, $as_of_end) AS judged_at,
           CASE WHEN restored_at IS NOT NULL AND NOT coalesce(is_all_gone AND gone_at < restored_at, false) THEN 'restored'
                WHEN coalesce(there_until_at, deleted_at) >= judged_at AND NOT is_all_gone THEN NULL
                WHEN has_vanished AND NOT is_all_gone THEN 'vanished'
                WHEN NOT has_copies THEN 'unlisted_copy'
                WHEN has_unknown_server THEN 'unknown_server'
                WHEN has_unknowable THEN 'unlisted_copy'
                WHEN is_all_gone AND gone_at >= due_at AND there_until_at < due_at THEN 'bracketed'
                WHEN is_all_gone THEN 'purged'
                WHEN due_at <= $as_of_end THEN 'bracketed' END AS closed_by
    FROM item
)
SELECT item_id AS subject, deleted_at AS opened_at, NULL::TIMESTAMPTZ AS earliest_at, due_at, NULL::TIMESTAMPTZ AS safe_due_at,
       CASE closed_by WHEN 'restored' THEN restored_at WHEN 'purged' THEN gone_at WHEN 'bracketed' THEN gone_at END
           AS closed_at, closed_by, 'deleted' AS basis
FROM told
