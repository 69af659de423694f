-- Question: which statements by named roles count at as_of, and until when?
-- Grain: a statement on a promise whose rule is an attestation, or on the completeness of a register kept by hand.
-- counts_until_on: the last day on which it counts, its own or the last that the register allows, whichever comes first.
-- expiring: within the rule's horizon (its last day included) it counts no longer.
WITH term AS (
    SELECT r.promise, r.horizon_days, p.value AS valid_months
    FROM register.rule AS r
    JOIN register.parameter AS p ON p.promise = r.promise AND p.name = 'valid_months'
    WHERE r.kind = 'attestation'
), stated AS (
    SELECT a.attestation_id, a.kind, a.promise, NULL AS dataset, a.role, a.stated_on, a.valid_until_on,
           least(a.valid_until_on, plus_months(a.stated_on, t.valid_months)) AS counts_until_on, t.horizon_days
    FROM fact.attestation AS a
    JOIN term AS t USING (promise)
    WHERE a.kind = 'statement'
    UNION ALL
    SELECT a.attestation_id, a.kind, NULL, a.dataset, a.role, a.stated_on, a.valid_until_on,
           least(a.valid_until_on, plus_months(a.stated_on, p.value)), NULL
    FROM fact.attestation AS a
    JOIN register.contract AS c ON c.dataset = a.dataset AND c.kept_by_hand
    JOIN register.parameter AS p ON p.promise IS NULL AND p.name = 'completeness_months'
    WHERE a.kind = 'completeness'
)
SELECT attestation_id, kind, promise, dataset, role, stated_on, valid_until_on, counts_until_on,
       CASE WHEN counts_until_on < $as_of THEN 'expired'
            WHEN counts_until_on <= plus_days($as_of, horizon_days) THEN 'expiring'
            ELSE 'valid' END AS state
FROM stated
