-- Question: is this night plausible beside those that were accepted before it, and if not, has somebody confirmed it?
-- Grain: a guard, and the dataset (fewer_rows) or promise (more_closings) that it looks at. Both limits are within.
-- accepted: what the next night is compared with: the rows of the last accepted night, or the most closings a day of all of
-- them. since_on: the first night of an uninterrupted doubt; a confirmation counts for it if its night lies between that one
-- and as_of, both inclusive.
WITH before AS (
    SELECT max(as_of) AS before_on FROM previous.verdict.history
), held AS (
    SELECT guard, concerns, accepted, CASE WHEN state = 'tripped' THEN since_on END AS since_on
    FROM previous.obligation.guard
), rows_found AS (
    SELECT 'fewer_rows' AS guard, c.dataset AS concerns, c.rows_kept AS found, coalesce(h.accepted, p.rows_kept) AS accepted,
           h.since_on, 1 AS days
    FROM source.collection AS c
    JOIN register.contract AS k ON k.dataset = c.dataset AND k.is_read_whole
    LEFT JOIN held AS h ON h.guard = 'fewer_rows' AND h.concerns = c.dataset
    LEFT JOIN previous.source.collection AS p ON p.dataset = c.dataset AND p.status = 'collected'
    WHERE c.status = 'collected'
), closings_found AS (
    SELECT 'more_closings' AS guard, r.promise AS concerns, coalesce(n.closings, 0) AS found, h.accepted, h.since_on,
           CASE WHEN h.since_on IS NULL THEN days_between(b.before_on, $as_of::DATE) ELSE 1 END AS days
    FROM register.rule AS r
    CROSS JOIN before AS b
    LEFT JOIN (SELECT promise, count(*) AS closings FROM obligation.closing GROUP BY promise) AS n USING (promise)
    LEFT JOIN held AS h ON h.guard = 'more_closings' AND h.concerns = r.promise
    WHERE r.kind = 'obligation' AND b.before_on IS NOT NULL
), compared AS (
    SELECT f.*,
           coalesce(CASE f.guard
               WHEN 'fewer_rows' THEN f.accepted - f.found >= g.at_least
                                      AND f.found * 100 < f.accepted * (100 - g.limit_percent)
               ELSE f.found >= g.at_least AND f.found * 100 > f.accepted * g.limit_percent * f.days END, false) AS is_doubted
    FROM (FROM rows_found UNION ALL FROM closings_found) AS f
    JOIN register.guard AS g USING (guard)
), dated AS (
    SELECT *, CASE WHEN is_doubted THEN coalesce(since_on, $as_of::DATE) END AS doubted_on FROM compared
), told AS (
    SELECT d.*,
           CASE WHEN d.accepted IS NULL THEN 'first'
                WHEN NOT d.is_doubted THEN 'quiet'
                WHEN EXISTS (FROM register.confirmation AS c
                             WHERE c.guard = d.guard AND c.concerns = d.concerns
                               AND c.night_on BETWEEN d.doubted_on AND $as_of::DATE) THEN 'confirmed'
                ELSE 'tripped' END AS state
    FROM dated AS d
)
SELECT guard, concerns, state, found, accepted AS compared_with, doubted_on AS since_on,
       CASE WHEN state = 'tripped' THEN accepted
            WHEN guard = 'fewer_rows' THEN found
            ELSE greatest(coalesce(accepted, 0), ceil(found / days)::BIGINT) END AS accepted
FROM told
UNION ALL
-- What was not looked at tonight keeps what it will be compared with.
SELECT guard, concerns, 'not_compared', NULL, accepted, since_on, accepted
FROM held
WHERE (guard, concerns) NOT IN (SELECT (guard, concerns) FROM told)
