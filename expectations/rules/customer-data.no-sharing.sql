-- Question: has what customers store been examined, shared, distributed or indexed, without a requirement of law?
-- Grain: a disclosure of it, and a line of the register of processing that uses it (or either that does not say which data).
-- Where it lies on the declared machines, hosting it is no sharing; and to use it for the customer is no examination.
WITH disclosed AS (
    SELECT disclosure_id AS subject, seen_at,
           CASE WHEN destination = 'own_machines' AND list_contains($hosting_purposes, purpose) THEN NULL
                WHEN list_contains($lawful_bases, basis)
                THEN CASE WHEN has_reference IS DISTINCT FROM true THEN 'requirement_unproven' END
                WHEN list_contains($instructed_bases, basis) AND has_consent THEN NULL
                WHEN data IS NULL THEN 'data_unstated'
                WHEN list_contains($instructed_bases, basis) AND has_consent IS NULL THEN 'consent_unproven'
                WHEN list_contains($instructed_bases, basis) THEN 'consent_not_in_force'
                ELSE 'content_disclosed' END AS told,
           disclosed_at IS NULL AS is_undated
    FROM fact.disclosure
    WHERE data = 'customer_content' OR data IS NULL
), used AS (
    SELECT processing_id AS subject, day_start(until_on) AS seen_at,
           CASE WHEN purpose IS NULL THEN 'purpose_unstated'
                WHEN list_contains(list_concat($hosting_purposes, $serving_purposes), purpose) THEN NULL
                WHEN list_contains($legal_purposes, purpose)
                THEN CASE WHEN legal_basis IS DISTINCT FROM 'legal_obligation' THEN 'legal_basis_unstated' END
                WHEN data IS NULL THEN 'data_unstated'
                ELSE 'content_examined' END AS reason
    FROM fact.processing
    WHERE data = 'customer_content' OR data IS NULL
), judged AS (
    SELECT subject, seen_at,
           CASE WHEN is_undated AND coalesce(told NOT IN ('content_disclosed', 'consent_not_in_force'), true)
                THEN 'disclosure_undated' ELSE told END AS reason
    FROM disclosed
    UNION ALL
    SELECT subject, seen_at, reason FROM used
)
SELECT subject, seen_at,
       CASE WHEN reason IS NULL THEN true
            WHEN reason IN ('content_disclosed', 'consent_not_in_force', 'content_examined') THEN false END AS ok,
       reason, 1 AS cases
FROM judged
