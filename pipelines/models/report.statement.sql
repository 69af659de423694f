-- Question: What is stated, by whom, and until when does it count?
-- Grain: a statement on a promise, or on the completeness of a register kept by hand; and each of either kind that is needed and
-- was never made (state missing). counts_until_on: the last day on which it counts.
WITH needed AS (
    SELECT 'statement' AS kind, promise, NULL AS dataset FROM register.rule WHERE kind = 'attestation'
    UNION ALL
    SELECT DISTINCT 'completeness', NULL, n.dataset
    FROM register.need AS n
    JOIN register.contract AS c ON c.dataset = n.dataset AND c.kept_by_hand
)
SELECT n.kind, n.promise, n.dataset, s.role AS stated_by, s.stated_on, s.counts_until_on, coalesce(s.state, 'missing') AS state
FROM needed AS n
LEFT JOIN obligation.statement AS s
    ON s.kind = n.kind AND s.promise IS NOT DISTINCT FROM n.promise AND s.dataset IS NOT DISTINCT FROM n.dataset
ORDER BY n.kind DESC, n.promise, n.dataset, s.counts_until_on DESC, s.attestation_id
