-- Question: does every cookie end at most $period_months calendar months after it was first set, without visits prolonging it?
-- Grain: as in cookies.purposes. A cookie that ends on that very day is in time. Declared too long is only what no twelve months
-- are as long as: those from 1 March 2023 hold 29 February, and none is longer.
WITH declared AS (
    SELECT pattern, plus_days(
        plus_months(DATE '2023-03-01', coalesce(try_cast(regexp_extract(lifetime, '([0-9]+)M', 1) AS INTEGER), 0)),
        coalesce(try_cast(regexp_extract(lifetime, '([0-9]+)D', 1) AS INTEGER), 0)
            + coalesce(try_cast(regexp_extract(lifetime, '([0-9]+)S', 1) AS BIGINT), 0) // 86400) AS until_on
    FROM source.declared_cookies
), told AS (
    SELECT cookie_id AS subject, CASE WHEN NOT is_last THEN seen_at END AS seen_at,
           CASE WHEN len(list_filter(stays, lambda s: s.until_at > months_end(s.from_at, $period_months))) > 0 THEN 'too_long'
                WHEN is_prolonged THEN 'prolonged'
                WHEN is_last AND oldest_at < days_after($as_of_end, -$looked_days) THEN 'look_old'
                WHEN is_endless THEN 'end_unknown'
                WHEN is_session OR is_prolonged IS NOT NULL THEN 'kept'
                ELSE 'visits_unseen' END AS told
    FROM fact.cookie
    UNION ALL
    SELECT 'declared ' || pattern, NULL,
           CASE WHEN until_on > plus_months(DATE '2023-03-01', $period_months) THEN 'declared_too_long' ELSE 'kept' END
    FROM declared
)
SELECT subject, seen_at,
       CASE WHEN told = 'kept' THEN true WHEN told IN ('too_long', 'prolonged', 'declared_too_long') THEN false END AS ok,
       nullif(told, 'kept') AS reason, 1 AS cases
FROM told
