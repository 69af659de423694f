-- Question: How many obligations are in each state, rule by rule?
-- Grain: promise, state. Exact: never suppressed, or a suppression would hide three breaches.
-- `in_review`: those of them whose failure lies within the rule's review period (its first day included).
SELECT
    promise,
    state,
    count(*) AS subjects,
    count(*) FILTER (WHERE in_review) AS in_review
FROM obligation.current
GROUP BY promise, state
ORDER BY promise, state
