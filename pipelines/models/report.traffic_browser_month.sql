-- Question: Which browsers do people use, month by month?
-- Grain: month, family of browsers; the last 13 calendar months since the log begins, the running one included; all families for
-- each month. Named are the six with most visits that a single day shows with enough visitors; all else adds up to `other`.
WITH seen AS (
    SELECT date_trunc('month', l.day_on)::DATE AS month_on, l.day_on, coalesce(l.family, l.value) AS raw,
           CASE WHEN lower(raw) = 'other' THEN 'other' ELSE raw END AS family, sum(l.visits) AS visits, sum(l.visitors) AS visitors
    FROM source.access_log AS l
    WHERE l.client = 'person' AND l.dimension = 'browser'
      AND l.day_on BETWEEN plus_months(date_trunc('month', $as_of), -12) AND $as_of
    GROUP BY ALL
), ranked AS (
    SELECT family, sum(visits) AS visits, max(visitors) >= any_value(w.fewest_visitors) AND family <> 'other' AS is_common,
           row_number() OVER (ORDER BY is_common DESC, sum(visits) DESC, family) AS rank
    FROM seen
    CROSS JOIN report.traffic_window AS w
    GROUP BY family
), named AS (
    SELECT family, CASE WHEN is_common AND rank <= 6 THEN family ELSE 'other' END AS shown,
           CASE WHEN is_common AND rank <= 6 THEN rank ELSE 99 END AS position
    FROM ranked
), month AS (
    SELECT plus_months(date_trunc('month', $as_of), -n) AS month_on
    FROM range(13) AS t (n), report.traffic_window AS w
    WHERE plus_months(date_trunc('month', $as_of), 1 - n) > w.log_from_on
)
SELECT m.month_on, f.shown AS family, f.position, coalesce(sum(s.visits), 0)::BIGINT AS visits,
       coalesce(sum(s.visits), 0) / nullif(sum(sum(s.visits)) OVER (PARTITION BY m.month_on), 0) AS share
FROM month AS m
CROSS JOIN (SELECT DISTINCT shown, position FROM named) AS f
LEFT JOIN (SELECT month_on, n.shown, visits FROM seen JOIN named AS n USING (family)) AS s
    ON s.month_on = m.month_on AND s.shown = f.shown
GROUP BY m.month_on, f.shown, f.position
ORDER BY m.month_on, f.position
