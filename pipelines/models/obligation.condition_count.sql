-- Question: how many conditions within the review period were in which state, and why, at every as_of so far?
-- Grain: an as_of, a promise, a state and a reason. subjects: things judged; cases: what they stand for. Appended.
SELECT as_of, promise, state, reason, subjects, cases FROM previous.obligation.condition_count
UNION ALL
SELECT $as_of::DATE, promise, state, reason, count(*), sum(cases)::BIGINT
FROM obligation.condition
WHERE in_review
GROUP BY promise, state, reason
