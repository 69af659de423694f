-- Question: What lies in the trash, and what has left it, server by server?
-- Grain: a server that holds or held a copy of something deleted. Restored items are no trash and not counted.
-- `held`: copies not known to be gone at the end of as_of; `held_overdue`: of these, copies of items that ought to be gone;
-- `cannot_tell`: copies of which nobody can say whether they are gone; `gone_30_days`: copies that went in the last 30 days.
WITH standing AS (
    SELECT c.server_id, c.how, c.gone_at, c.deleted_at, o.state
    FROM fact.item_copy AS c
    JOIN fact.deleted_item AS i ON i.item_id = c.item_id AND i.deleted_at = c.deleted_at
    LEFT JOIN obligation.current AS o
        ON o.promise = 'trash.purged' AND o.subject = c.item_id AND o.opened_at = c.deleted_at
    WHERE i.restored_at IS NULL
)
SELECT
    s.server_id,
    f.role,
    f.site,
    count(*) FILTER (WHERE s.gone_at IS NULL AND s.how IN ('listed', 'derived')) AS held,
    count(*) FILTER (WHERE s.gone_at IS NULL AND s.how IN ('listed', 'derived') AND s.state = 'overdue') AS held_overdue,
    count(*) FILTER (WHERE s.gone_at IS NULL AND s.how NOT IN ('listed', 'derived')) AS cannot_tell,
    count(*) FILTER (WHERE s.gone_at >= days_after($as_of_end, -30)) AS gone_30_days,
    count(*) FILTER (WHERE s.gone_at IS NOT NULL) AS gone,
    local_day(min(s.deleted_at) FILTER (WHERE s.gone_at IS NULL)) AS oldest_deleted_on
FROM standing AS s
LEFT JOIN fact.server AS f USING (server_id)
GROUP BY s.server_id, f.role, f.site
ORDER BY f.role, s.server_id
