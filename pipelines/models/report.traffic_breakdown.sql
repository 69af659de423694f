-- Question: From where do people come, with which systems and devices, and which robots come?
-- Grain: people or robots, dimension, category; the days of report.traffic_window. `robot` is the family of a robot's browser.
-- Named are the twelve with most visits that a single day shows with enough visitors, and the words of the log reader itself;
-- all else adds up to `other`, so that what few persons bring along is not named.
WITH seen AS (
    SELECT l.client, CASE WHEN l.client = 'robot' THEN 'robot' ELSE l.dimension END AS dimension,
           CASE WHEN l.client = 'robot' THEN coalesce(l.family, 'other') ELSE l.value END AS raw,
           CASE WHEN lower(raw) = 'other' THEN 'other' ELSE raw END AS value, l.day_on,
           sum(l.visits) AS visits, sum(l.hits) AS hits, sum(l.visitors) AS visitors
    FROM source.access_log AS l
    CROSS JOIN report.traffic_window AS w
    WHERE l.day_on BETWEEN w.from_on AND $as_of
      AND ((l.client = 'person' AND l.dimension IN ('origin', 'country', 'system', 'device'))
           OR (l.client = 'robot' AND l.dimension = 'browser'))
    GROUP BY ALL
), added AS (
    SELECT client, dimension, value, sum(visits) AS visits, sum(hits) AS hits, max(visitors) AS most_visitors,
           dimension = 'device' OR value = 'other'
               OR dimension = 'origin' AND value IN ('direct', 'internal', 'address', 'malformed')
               OR dimension = 'country' AND value = 'unknown' AS is_word
    FROM seen
    GROUP BY client, dimension, value
), ranked AS (
    SELECT a.*, a.most_visitors >= w.fewest_visitors AS is_common,
           row_number() OVER (PARTITION BY dimension, is_word ORDER BY is_common DESC, visits DESC, value) AS rank
    FROM added AS a
    CROSS JOIN report.traffic_window AS w
)
SELECT client, dimension, CASE WHEN is_word OR (is_common AND rank <= 12) THEN value ELSE 'other' END AS category,
       row_number() OVER (PARTITION BY dimension ORDER BY category = 'other', sum(visits) DESC, category) AS position,
       sum(visits)::BIGINT AS visits, sum(hits)::BIGINT AS hits,
       sum(visits) / nullif(sum(sum(visits)) OVER (PARTITION BY dimension), 0) AS share
FROM ranked
GROUP BY client, dimension, category
ORDER BY dimension, position
