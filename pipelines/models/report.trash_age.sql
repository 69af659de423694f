-- Question: How long have the items that are in the trash been there, against the three weeks?
-- Grain: class of whole local days since the deletion. Ends: from_days inclusive, until_days exclusive. Only items whose
-- purge is still owed.
WITH class (position, age_class, from_days, until_days) AS (
    VALUES (1, 'days_0_7', 0, 8), (2, 'days_8_14', 8, 15), (3, 'days_15_21', 15, 22), (4, 'days_22_23', 22, 24),
           (5, 'days_24_60', 24, 61), (6, 'days_61', 61, 1000000)
),
item AS (
    SELECT days_between(opened_at, $as_of_end) - 1 AS days, state
    FROM obligation.current
    WHERE promise = 'trash.purged' AND state IN ('open', 'due_soon', 'overdue', 'held', 'unknown')
)
SELECT
    c.age_class, c.position,
    count(i.days) FILTER (WHERE i.state IN ('open', 'due_soon', 'held')) AS in_time,
    count(i.days) FILTER (WHERE i.state = 'overdue') AS overdue,
    count(i.days) FILTER (WHERE i.state = 'unknown') AS unknown
FROM class AS c
LEFT JOIN item AS i ON i.days >= c.from_days AND i.days < c.until_days
GROUP BY c.age_class, c.position
ORDER BY c.position
