-- Question: by when must the exercise of a right be answered, and an erasure be carried out?
-- Grain: a request. due_at is exclusive: the end of the last legal day (one month, three where the extension was notified
-- inside the first), moved to a working day; safe_due_at: of the earliest plain calendar day that could be meant.
-- A check of identity pauses the clock only if it was asked while the clock still ran.
WITH first AS (
    SELECT *, reply_last(received_at, $period_months,
                         CASE WHEN identity_asked_at < reply_last(received_at, $period_months, 0) THEN pause_days ELSE 0 END)
                  AS first_due_at
    FROM fact.rights_request
), clock AS (
    SELECT *, coalesce(extension_notified_at < first_due_at, false) AS is_extended,
           CASE WHEN is_extended THEN $extended_months ELSE $period_months END AS months,
           CASE WHEN identity_asked_at < reply_last(received_at, months, 0) THEN pause_days ELSE 0 END AS paused_days
    FROM first
), due AS (
    SELECT *, reply_last(received_at, months, paused_days) AS due_at,
           least(reply_safe(received_at, months, paused_days),
                 CASE WHEN is_extended
                      THEN day_end(plus_days(plus_months(plus_months(local_day(received_at), $period_months),
                                                         $extended_months - $period_months), paused_days)) END) AS safe_due_at,
           "right" = 'erasure' AS is_erasure
    FROM clock
)
SELECT request_id AS subject, received_at AS opened_at, NULL::TIMESTAMPTZ AS earliest_at, due_at, safe_due_at,
       CASE WHEN outcome = 'withdrawn' THEN answered_at
            WHEN outcome = 'refused' THEN CASE WHEN has_reasons THEN answered_at END
            WHEN is_erasure THEN carried_out_at
            ELSE answered_at END AS closed_at,
       CASE WHEN answered_at IS NULL AND (outcome = 'withdrawn' OR (outcome = 'refused' AND has_reasons)
                                          OR (outcome = 'granted' AND NOT is_erasure)) THEN 'missing_date'
            WHEN outcome = 'withdrawn' THEN 'withdrawn'
            WHEN outcome = 'refused' THEN CASE WHEN has_reasons THEN 'refused' END
            WHEN is_erasure THEN CASE WHEN carried_out_at IS NOT NULL THEN 'carried_out'
                                      WHEN is_gone_undated THEN 'undated'
                                      WHEN has_vanished THEN 'vanished' END
            WHEN answered_at IS NOT NULL THEN 'answered' END AS closed_by,
       CASE WHEN is_extended THEN 'extended' WHEN paused_days > 0 THEN 'paused' ELSE "right" END AS basis
FROM due
