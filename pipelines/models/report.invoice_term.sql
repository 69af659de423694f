-- Question: Which invoices are near the end of the ten years, and which are past it and still held?
-- Grain: class of the term. The term is the later of issue and end of the financial year, ten years on (`earliest_at`).
-- Ends: a term that ends with a day belongs to the class of that day, its last instant included.
WITH class (term_class, position) AS (
    VALUES ('held_past', 1), ('within_30', 2), ('within_90', 3), ('within_365', 4), ('later', 5), ('removed_after', 6),
           ('removed_before', 7), ('unknown', 8)
),
invoice AS (
    SELECT
        CASE
            WHEN state = 'unknown' OR earliest_at IS NULL THEN 'unknown'
            WHEN state = 'premature' THEN 'removed_before'
            WHEN closed_at IS NOT NULL THEN 'removed_after'
            WHEN earliest_at <= $as_of_end THEN 'held_past'
            WHEN earliest_at <= days_after($as_of_end, 30) THEN 'within_30'
            WHEN earliest_at <= days_after($as_of_end, 90) THEN 'within_90'
            WHEN earliest_at <= days_after($as_of_end, 365) THEN 'within_365'
            ELSE 'later'
        END AS term_class,
        earliest_at
    FROM obligation.current
    WHERE promise = 'retention.invoices' AND state <> 'void'
)
SELECT c.term_class, c.position, count(i.term_class) AS invoices, plus_days(local_day(min(i.earliest_at)), -1) AS first_term_on
FROM class AS c
LEFT JOIN invoice AS i USING (term_class)
GROUP BY c.term_class, c.position
ORDER BY c.position
