-- Question: How many obligations fall due within 30, 60, 90 and 365 days?
-- Grain: promise, number of days; cumulative. Ends: what is due at the last instant of the last of these days is counted, what
-- is overdue already is not.
SELECT p.promise, d.days, count(o.subject) AS subjects
FROM (SELECT DISTINCT promise FROM obligation.current WHERE due_at IS NOT NULL) AS p
CROSS JOIN (VALUES (30), (60), (90), (365)) AS d (days)
LEFT JOIN obligation.current AS o
    ON o.promise = p.promise
    AND o.state IN ('open', 'due_soon', 'held')
    AND o.due_at > $as_of_end
    AND o.due_at <= days_after($as_of_end, d.days)
GROUP BY p.promise, d.days
ORDER BY p.promise, d.days
