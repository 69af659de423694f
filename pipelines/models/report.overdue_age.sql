-- Question: Who is overdue, and by how long?
-- Grain: promise, class of whole days since the first instant too late. Ends: from_days inclusive, until_days exclusive.
WITH class (position, overdue_class, from_days, until_days) AS (
    VALUES (1, 'days_0_7', 0, 8), (2, 'days_8_30', 8, 31), (3, 'days_31_90', 31, 91), (4, 'days_91_365', 91, 366),
           (5, 'days_366', 366, 1000000)
),
late AS (
    SELECT promise, days_between(failed_at, $as_of_end) AS days, failed_at FROM obligation.current WHERE state = 'overdue'
)
SELECT p.promise, c.overdue_class, c.position, count(l.failed_at) AS subjects, local_day(min(l.failed_at)) AS overdue_since_on
FROM (SELECT DISTINCT promise FROM obligation.current WHERE due_at IS NOT NULL) AS p
CROSS JOIN class AS c
LEFT JOIN late AS l ON l.promise = p.promise AND l.days >= c.from_days AND l.days < c.until_days
GROUP BY p.promise, c.overdue_class, c.position
ORDER BY p.promise, c.position
