-- Question: What happened to the obligations since the last run?
-- Grain: promise, state before, state now, why. Ends: the changes recorded for as_of. A NULL state is "was not there" or
-- "is there no longer".
SELECT promise, from_state, to_state, why, count(*) AS subjects
FROM obligation.change
WHERE as_of = $as_of
GROUP BY promise, from_state, to_state, why
ORDER BY promise, subjects DESC, from_state, to_state, why
