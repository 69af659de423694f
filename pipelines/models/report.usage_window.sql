-- Question: Over which days does the report speak of the use, from when on is there a log of it, and how much was used?
-- Grain: one row. from_on: the 91 days up to as_of, or those since the log begins (its first day, or earlier where the source
-- says that it holds everything).
WITH begun AS (
    SELECT (SELECT status FROM source.collection WHERE dataset = 'activity') AS status,
           (SELECT min(day_on) FROM fact.usage_day) AS first_on,
           (SELECT min(from_on) FROM register.history WHERE dataset = 'activity') AS said_from_on
), reach AS (
    SELECT status, CASE WHEN first_on IS NOT NULL THEN least(first_on, said_from_on) END AS log_from_on,
           CASE WHEN log_from_on IS NOT NULL THEN greatest(plus_days($as_of, -90), log_from_on) END AS from_on
    FROM begun
)
SELECT CASE WHEN log_from_on IS NULL AND status = 'collected' THEN 'empty' ELSE coalesce(status, 'missing') END AS status,
       log_from_on, from_on, coalesce(plus_days($as_of, 1) - from_on, 0)::BIGINT AS days,
       (SELECT count(DISTINCT account_id) FROM fact.usage_day WHERE day_on >= from_on AND person_actions > 0) AS accounts,
       (SELECT coalesce(sum(person_actions), 0)::BIGINT FROM fact.usage_day WHERE day_on >= from_on) AS actions,
       (SELECT coalesce(sum(machine_actions), 0)::BIGINT FROM fact.usage_day WHERE day_on >= from_on) AS machine_actions
FROM reach
