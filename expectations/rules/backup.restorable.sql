-- Question: was it shown, often enough, that the service can fail over or be restored in the committed time?
-- Grain: a proof that falls due. Each drill that succeeded within the committed time opens the term of the next; before the
-- first, the term runs from the day on which the first primary server went into service. due_at is exclusive.
-- The promise names two ways, and either shows it. A drill that failed, was called off or took too long closes nothing: it
-- shows nothing, and the proof stays due. A success without its end, or with one before its start, leaves it unknown.
WITH drill AS (
    SELECT kind, started_at, finished_at,
           CASE WHEN finished_at >= started_at THEN finished_at <= minutes_after(started_at, $restored_minutes) END AS is_proof
    FROM source.restore_drills
    WHERE outcome = 'success' AND started_at < $as_of_end AND coalesce(finished_at < $as_of_end, true)
), start AS (
    SELECT finished_at AS opened_at, min(kind) AS basis FROM drill WHERE is_proof GROUP BY finished_at
    UNION ALL
    SELECT opened_at, 'service'
    FROM (SELECT min(in_service_at) AS opened_at FROM fact.server WHERE role = 'primary')
    WHERE opened_at < coalesce((SELECT min(finished_at) FROM drill WHERE is_proof), $as_of_end)
), term AS (
    SELECT *, months_end(opened_at, $drill_months) AS due_at, lead(opened_at) OVER (ORDER BY opened_at) AS closed_at FROM start
)
SELECT 'service' AS subject, opened_at, NULL::TIMESTAMPTZ AS earliest_at, due_at, NULL::TIMESTAMPTZ AS safe_due_at, closed_at,
       CASE WHEN closed_at IS NOT NULL THEN 'rehearsed'
            WHEN due_at <= $as_of_end AND EXISTS (FROM drill AS d WHERE d.is_proof IS NULL AND d.started_at >= t.opened_at)
            THEN 'missing_date' END AS closed_by,
       basis
FROM term AS t
