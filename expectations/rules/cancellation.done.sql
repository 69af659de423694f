-- Question: by when must an account be deleted whose deletion was asked for?
-- Grain: a request, unless it is also an exercise of the right to erasure, judged there. due_at is exclusive: the end of the
-- last legal day (moved to a working day); safe_due_at: of the plain calendar day.
SELECT request_id AS subject, asked_at AS opened_at, NULL::TIMESTAMPTZ AS earliest_at,
       reply_last(asked_at, $period_months, 0) AS due_at, reply_safe(asked_at, $period_months, 0) AS safe_due_at,
       CASE WHEN withdrawn_at <= coalesce(done_at, withdrawn_at) THEN withdrawn_at ELSE done_at END AS closed_at,
       CASE WHEN withdrawn_at <= coalesce(done_at, withdrawn_at) THEN 'withdrawn'
            WHEN done_at IS NOT NULL THEN 'deleted'
            WHEN has_vanished THEN 'vanished'
            WHEN lacks_date THEN 'missing_date' END AS closed_by,
       coalesce(channel, 'account') AS basis
FROM fact.deletion_request
WHERE NOT is_also_rights_request
