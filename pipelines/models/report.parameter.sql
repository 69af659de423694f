-- Question: Which numbers decide, and whose reading are they (the policy's, the law's, ours)?
-- Grain: a parameter of a rule.
SELECT promise, name, value, unit, reading, why_fr, why_en
FROM register.parameter
ORDER BY promise, name
