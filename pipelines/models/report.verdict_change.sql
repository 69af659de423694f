-- Question: Which promises have another verdict than at the last run?
-- Grain: a promise whose verdict moved. Empty on a first run: there is nothing to compare with.
SELECT promise, position, previous_verdict, verdict, reason, since_on
FROM verdict.current
WHERE previous_verdict IS NOT NULL AND previous_verdict <> verdict
ORDER BY position
