-- Question: what was the verdict on each promise, at every as_of so far?
-- Grain: an as_of and a promise. Appended.
SELECT as_of, promise, verdict, reason, since_on FROM previous.verdict.history
UNION ALL
SELECT $as_of::DATE, promise, verdict, reason, since_on FROM verdict.current
