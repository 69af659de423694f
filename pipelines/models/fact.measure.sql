-- Question: what was measured that the register holds a promise against?
-- Grain: a measure and a place. restorable_days: for how long after its deletion an item can still be brought back from a
-- backup server: the age, in local days, of the oldest snapshot that can still be restored; where snapshots hold the trash,
-- and the days that an item lies there.
WITH trash AS (
    SELECT value AS kept_days FROM register.parameter WHERE promise = 'trash.purged' AND name = 'kept_days'
), restorable AS (
    SELECT p.server_id, s.site,
           $as_of - local_day(p.taken_at) + CASE WHEN p.holds_trash THEN t.kept_days ELSE 0 END AS days
    FROM fact.snapshot AS p
    CROSS JOIN trash AS t
    LEFT JOIN fact.server AS s USING (server_id)
    WHERE p.status IN ('success', 'partial') AND p.absent_from_at IS NULL
      AND coalesce(p.removed_at, 'infinity'::TIMESTAMPTZ) >= $as_of_end
      AND coalesce(s.out_of_service_at, 'infinity'::TIMESTAMPTZ) >= $as_of_end
)
SELECT 'restorable_days' AS measure, server_id AS place, any_value(site) AS site, max(days)::BIGINT AS value
FROM restorable
GROUP BY server_id
