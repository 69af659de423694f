-- Question: Which exceptions are there, who set them apart and why, what do they cover, and which are of no use?
-- Grain: an exception of the registers; the rows of the dataset legal_holds are counted together, by promise and standing.
WITH shown AS (
    SELECT
        CASE WHEN is_of_dataset THEN 'legal_holds' ELSE exception END AS exception,
        kind, promise, standing, subjects, covered, unmatched, why, who,
        CASE WHEN NOT is_of_dataset THEN from_on END AS from_on,
        CASE WHEN NOT is_of_dataset THEN until_on END AS until_on
    FROM verdict.exception
), counted AS (
    SELECT exception, kind, promise, standing, sum(subjects)::BIGINT AS subjects, sum(covered)::BIGINT AS covered,
           sum(unmatched)::BIGINT AS unmatched, why, who, from_on, until_on
    FROM shown
    GROUP BY ALL
)
FROM counted
ORDER BY array_position(['in_force', 'expired', 'to_come'], standing), exception, promise
