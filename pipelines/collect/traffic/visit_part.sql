-- Question: which half hours of a visitor are one visit?
-- Grain: a visitor and a half hour, with the half hour in which the visit began. A visit ends where nothing follows for more than
-- half an hour; it may cross midnight, the end of a file, and a clock change.
WITH part AS (
    SELECT visitor, half_hour, min(first_line) AS first_line, max(last_second) AS last_second, sum(hits)::BIGINT AS hits,
           sum(bytes)::BIGINT AS bytes, any_value(agent_key) AS agent_key, any_value(country) AS country,
           arg_min(origin_key, first_line) AS origin_key, arg_min(connection_key, first_line) AS connection_key,
           arg_min(account_key, first_line) FILTER (account_key IS NOT NULL) AS account_key
    FROM client_part
    GROUP BY visitor, half_hour
), gap AS (
    SELECT *, coalesce((first_line >> 31)::BIGINT - lag(last_second) OVER visitor > 1800, true) AS is_first
    FROM part
    WINDOW visitor AS (PARTITION BY visitor ORDER BY half_hour)
), begun AS (
    SELECT * EXCLUDE (is_first), max(CASE WHEN is_first THEN half_hour END)
               OVER (PARTITION BY visitor ORDER BY half_hour ROWS UNBOUNDED PRECEDING) AS begun_half_hour
    FROM gap
)
SELECT p.*, m.day_on, b.day_on AS begun_on, b.hour AS begun_hour
FROM begun AS p
JOIN moment AS m ON m.half_hour = p.half_hour
JOIN moment AS b ON b.half_hour = p.begun_half_hour
