-- Question: which rights were exercised, and what was answered by the end of as_of?
-- Grain: a request. carried_out_at: for an erasure, when the data of the user (else of the account) went, unless data is
-- still there; pause_days: whole local days in which the check of identity stopped the clock, running until as_of.
WITH clipped AS (
    SELECT request_id, account_id, user_id, "right", channel, received_at,
           CASE WHEN acknowledged_at < $as_of_end THEN acknowledged_at END AS acknowledged_at,
           CASE WHEN identity_asked_at < $as_of_end THEN identity_asked_at END AS identity_asked_at,
           CASE WHEN identity_confirmed_at < $as_of_end THEN identity_confirmed_at END AS identity_confirmed_at,
           CASE WHEN extension_notified_at < $as_of_end THEN extension_notified_at END AS extension_notified_at,
           CASE WHEN answered_at < $as_of_end THEN answered_at END AS answered_at,
           CASE WHEN answered_at >= $as_of_end THEN NULL ELSE outcome END AS outcome,
           coalesce(has_reasons, false) AS has_reasons,
           CASE WHEN erased_at < $as_of_end THEN erased_at END AS erased_at
    FROM source.rights_requests
    WHERE received_at < $as_of_end
), subject AS (
    SELECT c.*, CASE WHEN c.user_id IS NOT NULL THEN p.erased_at ELSE a.erased_at END AS gone_at,
           CASE WHEN c.user_id IS NOT NULL THEN p.has_personal_data ELSE a.has_personal_data END AS is_still_there,
           CASE WHEN c.user_id IS NOT NULL THEN p.is_present ELSE a.is_present END AS is_present
    FROM clipped AS c
    LEFT JOIN fact.person AS p ON p.user_id = c.user_id
    LEFT JOIN fact.account AS a ON a.account_id = c.account_id
)
SELECT request_id, account_id, user_id, "right", channel, received_at, acknowledged_at, identity_asked_at,
       identity_confirmed_at, extension_notified_at, answered_at, outcome, has_reasons, erased_at,
       coalesce(is_still_there, false) AS is_still_there,
       CASE WHEN "right" = 'erasure' AND NOT coalesce(is_still_there, false)
            THEN coalesce(erased_at, CASE WHEN gone_at >= received_at THEN gone_at
                                          WHEN gone_at < received_at THEN received_at END) END AS carried_out_at,
       coalesce(NOT is_present, false) AND gone_at IS NULL AND erased_at IS NULL AS has_vanished,
       coalesce(is_present AND NOT is_still_there, false) AND gone_at IS NULL AND erased_at IS NULL AS is_gone_undated,
       CASE WHEN identity_asked_at >= received_at
            THEN greatest(0, days_between(identity_asked_at, coalesce(identity_confirmed_at, answered_at, $as_of_end)))
            ELSE 0 END AS pause_days
FROM subject
