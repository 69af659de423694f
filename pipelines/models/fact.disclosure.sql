-- Question: what data has gone to whom, as known at the end of as_of, and was a consent in force when it did?
-- Grain: a disclosure, or a flow that goes on; one that nobody has dated counts as made. seen_at: when it was made, or when
-- the flow ended; NULL: it goes on, or has no date. first_on and last_on: the local days of the first and the last time.
-- has_consent: given by the moment at which it began (that moment included) and not withdrawn before it ended: of a flow, the
-- moment of its end excluded. NULL: the consent has no reference or date, or the disclosure has none.
WITH known AS (
    SELECT *, coalesce(is_continuous, false) OR ended_at IS NOT NULL AS is_flow,
           CASE WHEN coalesce(ended_at >= disclosed_at, true) AND ended_at < $as_of_end THEN ended_at END AS stopped_at
    FROM source.disclosures
    WHERE coalesce(disclosed_at < $as_of_end, true)
), timed AS (
    SELECT *, CASE WHEN is_flow THEN stopped_at ELSE disclosed_at END AS seen_at,
           CASE WHEN is_flow THEN coalesce(stopped_at, $as_of_end) ELSE disclosed_at END AS until_at
    FROM known
)
SELECT disclosure_id, disclosed_at, seen_at, recipient_kind, recipient_id, manner, purpose, data, destination, basis,
       has_reference, local_day(disclosed_at) AS first_on,
       CASE WHEN is_flow AND stopped_at IS NULL THEN $as_of::DATE ELSE local_day(until_at) END AS last_on,
       CASE WHEN consented_at > disclosed_at THEN false
            WHEN consent_withdrawn_at >= consented_at
                 AND (consent_withdrawn_at <= disclosed_at OR consent_withdrawn_at < until_at) THEN false
            WHEN has_reference AND consented_at <= disclosed_at THEN true END AS has_consent
FROM timed
