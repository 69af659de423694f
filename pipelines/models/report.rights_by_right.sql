-- Question: Which rights are exercised, and how do the requests end?
-- Grain: right, state; every state is there for every right, with 0 where there is no request. An empty right is "not told".
WITH request AS (
    SELECT coalesce(r.right, '') AS "right", o.state
    FROM obligation.current AS o
    LEFT JOIN fact.rights_request AS r ON r.request_id = o.subject
    WHERE o.promise = 'rights.answered'
)
SELECT g.right, s.state, count(q.state) AS requests
FROM (SELECT DISTINCT "right" FROM request) AS g
CROSS JOIN (SELECT DISTINCT state FROM request) AS s
LEFT JOIN request AS q ON q.right = g.right AND q.state = s.state
GROUP BY g.right, s.state
ORDER BY g.right, s.state
