-- Question: what was seen of each cookie, when the pages that set it were last looked at, and before?
-- Grain: a cookie (by its name); of the last look at each host, all hosts together (is_last); of earlier ones, a local day.
-- seen_at: the latest of these looks; oldest_at: the earliest. stays: from when it was set until its end, as often as told.
WITH seen AS (
    SELECT *, local_day(seen_at) AS day_on,
           local_day(seen_at) = max(local_day(seen_at)) OVER (PARTITION BY host) AS is_last
    FROM source.cookies
    WHERE seen_at < $as_of_end
)
SELECT cookie_id, is_last, CASE WHEN NOT is_last THEN day_on END AS day_on, max(seen_at) AS seen_at, min(seen_at) AS oldest_at,
       max(declared_as) AS declared_as, count(*) FILTER (declared_as IS NULL) > 0 AS is_undeclared,
       bool_and(is_session) AS is_session, count(*) FILTER (NOT is_session AND expires_at IS NULL) > 0 AS is_endless,
       bool_or(is_prolonged) AS is_prolonged,
       list(DISTINCT {'from_at': first_set_at, 'until_at': expires_at}) FILTER (NOT is_session AND expires_at IS NOT NULL)
           AS stays
FROM seen
GROUP BY cookie_id, is_last, CASE WHEN NOT is_last THEN day_on END
