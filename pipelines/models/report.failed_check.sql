-- Question: Which checks did not succeed?
-- Grain: a check that failed, could not be decided, or raised.
SELECT suite, subject, check_name, rows, breaches, nulls, raised, detail
FROM verification.result
WHERE raised OR success IS DISTINCT FROM TRUE
ORDER BY suite, subject, check_name
