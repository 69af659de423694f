-- Question: are in-app support and e-mail attended to, and do users edit their own data?
-- Grain: a request that came by either of them, once it was attended to or its term has ended (seen_at: when it came); each of
-- the two, and the profile (seen_at NULL), kept where the last months saw it work. A request is attended to by whatever was said
-- to its sender, in the term's last second too: an acknowledgement, a question about identity, an extension, an answer.
WITH recorded AS (
    SELECT bool_or(list_contains(absent_columns, 'acknowledged_at')) AS lacks_acknowledgements FROM source.collection
    WHERE dataset = 'rights_requests' AND status = 'collected'
), request AS (
    SELECT request_id, channel, received_at, days_end(received_at, $acknowledge_days) AS due_at,
           list_min(list_filter([acknowledged_at, identity_asked_at, extension_notified_at,
                                 CASE WHEN outcome IS DISTINCT FROM 'withdrawn' THEN answered_at END],
                                lambda said_at: said_at >= received_at AND said_at < $as_of_end)) AS attended_at,
           outcome = 'withdrawn' AND coalesce(answered_at < due_at, true) AND coalesce(answered_at < $as_of_end, true)
               AS is_withdrawn
    FROM source.rights_requests
    WHERE received_at < $as_of_end AND list_contains($watched_channels, channel)
), judged AS (
    SELECT *, coalesce(attended_at < due_at, false) AS is_in_time
    FROM request
    WHERE attended_at IS NOT NULL OR (due_at <= $as_of_end AND is_withdrawn IS DISTINCT FROM true)
), attested AS (
    SELECT count(*) > 0 AS is_attested FROM fact.attestation
    WHERE kind = 'statement' AND promise = 'rights.channels' AND valid_until_on >= $as_of
      AND plus_months(stated_on, $attested_months) >= $as_of
), edit AS (
    SELECT last_edit_at FROM source.accounts
    UNION ALL
    SELECT last_edit_at FROM source.users
), standing AS (
    SELECT channel, 'channel_unseen' AS reason,
           channel IN (SELECT channel FROM judged
                       WHERE is_in_time AND received_at >= months_before($as_of_end, $seen_months)) AS is_seen
    FROM unnest($watched_channels) AS watched (channel)
    UNION ALL
    SELECT 'profile', 'edits_unseen', coalesce(bool_or(last_edit_at >= months_before($as_of_end, $seen_months)
                                                       AND last_edit_at < $as_of_end), false)
    FROM edit
)
SELECT request_id AS subject, received_at AS seen_at, CASE WHEN is_in_time OR NOT lacks_acknowledgements THEN is_in_time END AS ok,
       CASE WHEN is_in_time THEN NULL
            WHEN lacks_acknowledgements THEN 'reply_unrecorded'
            WHEN attended_at IS NULL THEN 'unacknowledged'
            ELSE 'acknowledged_late' END AS reason,
       1 AS cases
FROM judged CROSS JOIN recorded
UNION ALL
SELECT channel, NULL, CASE WHEN is_seen OR is_attested THEN true END, CASE WHEN NOT is_seen AND NOT is_attested THEN reason END, 1
FROM standing CROSS JOIN attested
