-- Question: does each number of the policy, and what was measured, keep to the law's and the regulator's, or who justifies it?
-- Grain: a reference and, where it is measured, a place. Both ends are still within. A justification counts from the day it
-- was stated to the last day of its validity, both inclusive; of several, the one that holds longest.
-- standing: within, to_justify, justified, not_compared (the rule is not built, or nothing was measured).
WITH compared AS (
    SELECT r.reference, r.position, r.promise, coalesce(r.parameter, r.measure) AS compared, m.place, m.site,
           coalesce(r.value, m.value) AS value, r.unit, r.at_least, r.at_most
    FROM register.reference AS r
    LEFT JOIN fact.measure AS m USING (measure)
), found AS (
    SELECT *,
           CASE WHEN value < at_least THEN 'under_minimum' WHEN value > at_most THEN 'over_maximum' END AS finding
    FROM compared
), stated AS (
    SELECT reference, role, stated_on, valid_until_on
    FROM fact.attestation
    WHERE kind = 'justification'
), justified AS (
    SELECT reference, role, stated_on, valid_until_on
    FROM stated
    WHERE valid_until_on >= $as_of::DATE
    QUALIFY row_number() OVER (PARTITION BY reference ORDER BY valid_until_on DESC, stated_on DESC, role) = 1
), lapsed AS (
    SELECT reference, max(valid_until_on) AS lapsed_on FROM stated WHERE valid_until_on < $as_of::DATE GROUP BY reference
)
SELECT f.reference, f.position, f.promise, f.compared, f.place, f.site, f.value, f.unit, f.at_least, f.at_most, f.finding,
       CASE WHEN f.value IS NULL THEN 'not_compared'
            WHEN f.finding IS NULL THEN 'within'
            WHEN j.reference IS NOT NULL THEN 'justified'
            ELSE 'to_justify' END AS standing,
       CASE WHEN f.finding IS NOT NULL THEN j.role END AS stated_by,
       CASE WHEN f.finding IS NOT NULL THEN j.stated_on END AS stated_on,
       CASE WHEN f.finding IS NOT NULL THEN j.valid_until_on END AS valid_until_on,
       CASE WHEN f.finding IS NOT NULL AND j.reference IS NULL THEN l.lapsed_on END AS lapsed_on
FROM found AS f
LEFT JOIN justified AS j USING (reference)
LEFT JOIN lapsed AS l USING (reference)
