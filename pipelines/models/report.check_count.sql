-- Question: How many checks were made, and how did they end?
-- Grain: a suite.
SELECT
    suite,
    count(*) AS checks,
    count(*) FILTER (WHERE success AND NOT raised) AS succeeded,
    count(*) FILTER (WHERE success IS DISTINCT FROM TRUE AND NOT raised) AS failed,
    count(*) FILTER (WHERE raised) AS raised
FROM verification.result
GROUP BY suite
ORDER BY suite
