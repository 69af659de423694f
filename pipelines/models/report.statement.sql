-- Question: What is stated, by whom, and until when does it count?
-- Grain: a statement on a promise, or on the completeness of a register kept by hand; and each of either kind that is needed and
-- was never made (state missing). One that only stands in for what a condition has not seen (attested_months) is shown where it was
-- made. counts_until_on: the last day on which it counts.
WITH stand_in AS (
    SELECT a.promise, a.role, a.stated_on, least(a.valid_until_on, plus_months(a.stated_on, p.value)) AS counts_until_on,
           a.attestation_id
    FROM fact.attestation AS a
    JOIN register.parameter AS p ON p.promise = a.promise AND p.name = 'attested_months'
    WHERE a.kind = 'statement'
), needed AS (
    SELECT 'statement' AS kind, promise, NULL AS dataset FROM register.rule WHERE kind = 'attestation'
    UNION ALL
    SELECT DISTINCT 'completeness', NULL, n.dataset
    FROM register.need AS n
    JOIN register.contract AS c ON c.dataset = n.dataset AND c.kept_by_hand
), told AS (
    SELECT n.kind, n.promise, n.dataset, s.role AS stated_by, s.stated_on, s.counts_until_on, coalesce(s.state, 'missing') AS state,
           s.attestation_id
    FROM needed AS n
    LEFT JOIN obligation.statement AS s
        ON s.kind = n.kind AND s.promise IS NOT DISTINCT FROM n.promise AND s.dataset IS NOT DISTINCT FROM n.dataset
    UNION ALL
    SELECT 'statement', promise, NULL, role, stated_on, counts_until_on, CASE WHEN counts_until_on < $as_of THEN 'expired' ELSE 'valid' END,
           attestation_id
    FROM stand_in
)
SELECT * EXCLUDE attestation_id
FROM told
ORDER BY kind DESC, promise, dataset, counts_until_on DESC, attestation_id
