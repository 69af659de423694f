-- Question: how many obligations were in which state, at every as_of so far?
-- Grain: an as_of, a promise and a state. Appended.
SELECT as_of, promise, state, subjects FROM previous.obligation.count
UNION ALL
SELECT $as_of::DATE, promise, state, count(*) FROM obligation.current GROUP BY promise, state
