-- Question: Which versions of browsers do people use now, and which did they use four weeks before?
-- Grain: period (`now`: the last 28 days; `before`: the 28 days before them), version; all versions for each period. Named are
-- the twelve with most visits now that a single day shows with enough visitors; all else adds up to `other`.
WITH seen AS (
    SELECT CASE WHEN l.day_on >= w.version_from_on THEN 'now' ELSE 'before' END AS period, l.day_on,
           CASE WHEN lower(l.value) = 'other' THEN 'other' ELSE l.value END AS version, l.visits, l.visitors, w.fewest_visitors
    FROM source.access_log AS l
    CROSS JOIN report.traffic_window AS w
    WHERE l.client = 'person' AND l.dimension = 'browser' AND l.day_on BETWEEN plus_days(w.version_from_on, -28) AND $as_of
), ranked AS (
    SELECT version, max(visitors) >= any_value(fewest_visitors) AND version <> 'other' AS is_common,
           row_number() OVER (ORDER BY is_common DESC, coalesce(sum(visits) FILTER (period = 'now'), 0) DESC, sum(visits) DESC,
                              version) AS rank
    FROM seen
    GROUP BY version
), named AS (
    SELECT version, CASE WHEN is_common AND rank <= 12 THEN version ELSE 'other' END AS shown,
           CASE WHEN is_common AND rank <= 12 THEN rank ELSE 99 END AS position
    FROM ranked
)
SELECT p.period, f.shown AS version, f.position, coalesce(sum(s.visits), 0)::BIGINT AS visits,
       coalesce(sum(s.visits), 0) / nullif(sum(sum(s.visits)) OVER (PARTITION BY p.period), 0) AS share
FROM (VALUES ('now'), ('before')) AS p (period)
CROSS JOIN (SELECT DISTINCT shown, position FROM named) AS f
LEFT JOIN (SELECT period, n.shown, visits FROM seen JOIN named AS n USING (version)) AS s
    ON s.period = p.period AND s.shown = f.shown
GROUP BY p.period, f.shown, f.position
ORDER BY f.position, p.period DESC
