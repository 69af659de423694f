-- Question: How much of the published policy is judged by a rule, section by section?
-- Grain: a section of the policy.
SELECT
    section,
    min(position) AS position,
    count(*) AS promises,
    count(*) FILTER (WHERE reason IS DISTINCT FROM 'rule_not_built') AS built,
    count(*) FILTER (WHERE reason = 'rule_not_built') AS unbuilt,
    count(*) FILTER (WHERE verdict = 'breached') AS breached,
    count(*) FILTER (WHERE verdict = 'at_risk') AS at_risk,
    count(*) FILTER (WHERE verdict = 'unverifiable') AS unverifiable,
    count(*) FILTER (WHERE verdict = 'compliant') AS compliant
FROM verdict.current
GROUP BY section
ORDER BY position
