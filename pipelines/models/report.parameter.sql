-- Question: Which numbers decide, and whose reading are they (the policy's, the law's, ours)?
-- Grain: a parameter of a rule, or (promise NULL) of no single one. A list of words has no value, a number no words.
SELECT promise, name, value, words, unit, reading, why_fr, why_en
FROM register.parameter
ORDER BY promise, name
