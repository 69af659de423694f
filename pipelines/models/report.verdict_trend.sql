-- Question: How have the verdicts moved over the runs?
-- Grain: as_of, verdict. Ends: up to as_of, included.
SELECT as_of, verdict, count(*) AS promises
FROM verdict.history
WHERE as_of <= $as_of
GROUP BY as_of, verdict
ORDER BY as_of, verdict
