-- Question: Which requests of data subjects await an answer, until when at the latest, and which date is the safe one?
-- Grain: day received, safe day, legal last day, state. Both days are the last on which an answer is in time.
SELECT
    local_day(opened_at) AS received_on,
    plus_days(local_day(safe_due_at), -1) AS safe_due_on,
    plus_days(local_day(due_at), -1) AS last_due_on,
    state,
    count(*) AS requests
FROM obligation.current
WHERE promise = 'rights.answered' AND state IN ('open', 'due_soon', 'overdue', 'unknown')
GROUP BY ALL
ORDER BY last_due_on, safe_due_on, received_on, state
