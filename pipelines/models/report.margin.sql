-- Question: How far from the limit were obligations closed?
-- Grain: promise, class of whole local days between the closing and the limit. Positive is time to spare: days left until the last day in
-- time or, for a keep-until, days since the first day allowed; negative is a failure. Ends: both bounds inclusive.
WITH class (position, margin_class, from_days, until_days) AS (
    VALUES (1, 'spare_365', 366, 1000000), (2, 'spare_91_365', 91, 365), (3, 'spare_31_90', 31, 90), (4, 'spare_8_30', 8, 30),
           (5, 'spare_1_7', 1, 7), (6, 'spare_0', 0, 0), (7, 'failed_1_7', -7, -1), (8, 'failed_8_30', -30, -8),
           (9, 'failed_31', -1000000, -31)
),
closed AS (
    SELECT
        promise, state,
        CASE
            WHEN state = 'late' THEN least(-1, days_between(closed_at, failed_at) - 1)
            WHEN state = 'premature' THEN least(-1, days_between(earliest_at, closed_at))
            WHEN due_at IS NOT NULL THEN greatest(0, days_between(closed_at, due_at) - 1)
            ELSE greatest(0, days_between(earliest_at, closed_at))
        END AS days
    FROM obligation.current
    WHERE closed_at IS NOT NULL AND state IN ('met', 'late', 'premature')
)
SELECT p.promise, c.margin_class, c.position, c.position >= 7 AS is_failed, count(k.days) AS subjects
FROM (SELECT DISTINCT promise FROM closed) AS p
CROSS JOIN class AS c
LEFT JOIN closed AS k ON k.promise = p.promise AND k.days BETWEEN c.from_days AND c.until_days
GROUP BY p.promise, c.margin_class, c.position
ORDER BY p.promise, c.position
