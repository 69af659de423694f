-- Question: under which promises does a guard doubt the night, and does it doubt all of them or what closed since the last one?
-- Grain: a promise with an unconfirmed doubt.
WITH doubted AS (
    SELECT n.promise, g.concerns, true AS is_whole
    FROM obligation.guard AS g
    JOIN register.need AS n ON n.dataset = g.concerns
    WHERE g.guard = 'fewer_rows' AND g.state = 'tripped'
    UNION ALL
    SELECT concerns, guard, false
    FROM obligation.guard
    WHERE guard = 'more_closings' AND state = 'tripped'
)
SELECT promise, string_agg(concerns, ', ' ORDER BY concerns) AS concerns, bool_or(is_whole) AS is_whole
FROM doubted
GROUP BY promise
