-- Question: Can the data be believed: what came in, what was kept, what was set aside, which checks failed?
-- Grain: a dataset, whether it was there or not.
WITH checked AS (
    SELECT
        subject AS dataset,
        count(*) AS checks,
        count(*) FILTER (WHERE raised) AS raised_checks,
        count(*) FILTER (WHERE NOT raised AND success IS DISTINCT FROM TRUE) AS failed_checks
    FROM verification.result
    WHERE suite = 'trust'
    GROUP BY subject
)
SELECT
    c.dataset, c.source, c.status, c.detail,
    local_day(c.written_at) AS written_on,
    c.rows_in, c.rows_kept, c.rows_set_aside,
    c.rows_set_aside / nullif(c.rows_in, 0) AS set_aside_share,
    array_to_string(c.absent_columns, ', ') AS absent_columns,
    coalesce(k.checks, 0) AS checks,
    coalesce(k.failed_checks, 0) AS failed_checks,
    coalesce(k.raised_checks, 0) AS raised_checks,
    CASE
        WHEN c.status <> 'collected' THEN c.status
        WHEN coalesce(k.failed_checks, 0) + coalesce(k.raised_checks, 0) > 0 THEN 'untrusted'
        WHEN coalesce(k.checks, 0) = 0 THEN 'unchecked'
        ELSE 'trusted'
    END AS trust
FROM source.collection AS c
LEFT JOIN checked AS k USING (dataset)
ORDER BY c.dataset
