-- Question: of the failures under each promise, how many stand under an exception?
-- Grain: a promise with such a failure; each failure counts once, however many exceptions name it. It stays a failure.
WITH failure AS (
    SELECT promise, subject, opened_at
    FROM obligation.current
    WHERE state = 'overdue' OR (state IN ('late', 'premature') AND in_review)
    UNION ALL
    SELECT promise, subject, seen_at
    FROM obligation.condition
    WHERE state = 'broken' AND in_review
)
SELECT f.promise, count(*) AS excepted
FROM failure AS f
SEMI JOIN (SELECT promise, subject FROM register.exception
           WHERE kind = 'tolerated' AND $as_of::DATE BETWEEN from_on AND until_on) AS e
    ON e.promise = f.promise AND e.subject = f.subject
GROUP BY f.promise
