-- Question: which exceptions and justifications are of no use, and want to be taken out or renewed?
-- Grain: a finding on one of them; a hold under every promise is told under the first that it could suspend. What the dataset
-- legal_holds says of the past is its record, and no finding.
WITH first_term AS (
    SELECT r.promise FROM register.rule AS r JOIN register.promise AS p USING (promise)
    WHERE r.clock = 'delete_by' ORDER BY p.position LIMIT 1
)
SELECT coalesce(e.promise, f.promise) AS promise, 'exception_expired' AS kind, e.exception AS subject,
       day_end(e.until_on) AS noticed_at, NULL AS detail
FROM verdict.exception AS e CROSS JOIN first_term AS f
WHERE e.standing = 'expired' AND NOT e.is_of_dataset
UNION ALL
SELECT coalesce(e.promise, f.promise), 'exception_matches_nothing', e.exception, day_start(e.from_on),
       e.unmatched || '/' || e.subjects
FROM verdict.exception AS e CROSS JOIN first_term AS f
WHERE e.unmatched > 0
UNION ALL
SELECT coalesce(a.promise, 'policy.published'), 'justifies_nothing', a.attestation_id, day_start(a.stated_on), a.reference
FROM fact.attestation AS a
WHERE a.kind = 'justification'
  AND coalesce(a.reference, '') NOT IN (SELECT reference FROM register.reference)
