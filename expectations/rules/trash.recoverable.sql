-- Question: by when must a recovery that was asked for inside the window be served?
-- Grain: a request. The window ends, exclusive, where the item may first be purged. A refusal inside it breaks the promise
-- at once: due_at is then the refusal itself, and nothing closes it.
WITH request AS (
    SELECT recovery_id, requested_at, outcome, outcome_at, item_deleted_at,
           trash_until(item_deleted_at, $kept_days) AS window_until_at
    FROM fact.recovery
)
SELECT recovery_id AS subject, requested_at AS opened_at, NULL::TIMESTAMPTZ AS earliest_at,
       CASE WHEN item_deleted_at IS NULL THEN NULL
            WHEN outcome = 'refused' THEN least(outcome_at, days_end(requested_at, $serve_days))
            ELSE days_end(requested_at, $serve_days) END AS due_at,
       NULL::TIMESTAMPTZ AS safe_due_at,
       CASE WHEN requested_at >= window_until_at THEN requested_at
            WHEN outcome IN ('served', 'withdrawn', 'unpaid') THEN outcome_at END AS closed_at,
       CASE WHEN item_deleted_at IS NULL THEN 'missing_date'
            WHEN requested_at >= window_until_at THEN 'outside_window'
            WHEN outcome <> 'pending' AND outcome_at IS NULL THEN 'missing_date'
            WHEN outcome IN ('served', 'withdrawn', 'unpaid') THEN outcome END AS closed_by,
       'asked' AS basis
FROM request
