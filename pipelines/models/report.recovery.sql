-- Question: What became of the requests to recover a deleted item?
-- Grain: outcome as recorded. Ends: requests made before the end of as_of.
SELECT outcome, count(*) AS recoveries, local_day(max(requested_at)) AS last_requested_on
FROM fact.recovery
WHERE requested_at < $as_of_end
GROUP BY outcome
ORDER BY outcome
