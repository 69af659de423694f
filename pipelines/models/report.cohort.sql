-- Question: How many accounts were opened, quarter by quarter?
-- Grain: a calendar quarter of creation; the last seven that are over, those without any account left out. Deleted accounts
-- are counted: they have not stayed.
SELECT date_trunc('quarter', local_day(created_at))::DATE AS cohort_on, count(*) AS accounts
FROM fact.account
WHERE local_day(created_at) >= plus_months(date_trunc('quarter', plus_days($as_of, 1)), -21)
  AND local_day(created_at) < date_trunc('quarter', plus_days($as_of, 1))
GROUP BY cohort_on
ORDER BY cohort_on
