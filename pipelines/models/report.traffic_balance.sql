-- Question: Does every dimension of the traffic add up to the total of its day?
-- Grain: dimension. A place is a day of people or of robots; it agrees if hits, bytes, visits and seconds of the dimension's values
-- add up to those of `total`. Every place is owed by every dimension but two, which are there only where they are configured:
-- country (a database) and account (a field of the log).
WITH added AS (
    SELECT day_on, client, dimension, count(*) AS entries, sum(hits) AS hits, sum(bytes) AS bytes, sum(visits) AS visits,
           sum(seconds) AS seconds
    FROM source.access_log
    WHERE day_on <= $as_of
    GROUP BY day_on, client, dimension
), total AS (
    FROM added WHERE dimension = 'total'
), owed AS (
    SELECT t.day_on, t.client, d.dimension
    FROM total AS t
    CROSS JOIN (VALUES ('hour'), ('origin'), ('browser'), ('system'), ('device'), ('status'), ('tls')) AS d (dimension)
    UNION
    SELECT day_on, client, dimension FROM added WHERE dimension <> 'total'
)
SELECT o.dimension, count(*) AS places,
       count(*) FILTER (t.entries = 1 AND a.hits = t.hits AND a.bytes = t.bytes AND a.visits = t.visits AND a.seconds = t.seconds)
           AS agreeing
FROM owed AS o
LEFT JOIN added AS a ON a.day_on = o.day_on AND a.client = o.client AND a.dimension = o.dimension
LEFT JOIN total AS t ON t.day_on = o.day_on AND t.client = o.client
GROUP BY o.dimension
ORDER BY o.dimension
