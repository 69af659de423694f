-- Question: was there a consent, or a requirement of law, whenever data left the declared machines?
-- Grain: a disclosure; one that stayed on them has not left. What the policy itself lets a sub-processor have, under its
-- contract, needs no consent of its own; what customers store is not among it.
WITH judged AS (
    SELECT disclosure_id AS subject, seen_at, disclosed_at,
           CASE WHEN destination = 'own_machines' THEN NULL
                WHEN list_contains($lawful_bases, basis)
                THEN CASE WHEN has_reference IS DISTINCT FROM true THEN 'requirement_unproven' END
                WHEN list_contains($consent_bases, basis)
                THEN CASE WHEN NOT has_consent THEN 'consent_not_in_force' WHEN has_consent IS NULL THEN 'consent_unproven' END
                WHEN recipient_kind = 'subprocessor' AND basis = 'processor_contract' AND data IS NULL THEN 'data_unstated'
                WHEN recipient_kind = 'subprocessor' AND basis = 'processor_contract'
                     AND list_contains($subprocessor_kinds, data) THEN NULL
                WHEN destination IS NULL THEN 'destination_unstated'
                ELSE 'left_without_consent' END AS told
    FROM fact.disclosure
), dated AS (
    SELECT subject, seen_at,
           CASE WHEN told IN ('left_without_consent', 'consent_not_in_force') THEN told
                WHEN disclosed_at IS NULL THEN 'disclosure_undated'
                ELSE told END AS reason
    FROM judged
)
SELECT subject, seen_at,
       CASE WHEN reason IS NULL THEN true
            WHEN reason IN ('left_without_consent', 'consent_not_in_force') THEN false END AS ok,
       reason, 1 AS cases
FROM dated
