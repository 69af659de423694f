-- Question: which visit does what a client did in one half hour belong to?
-- Grain: a row of client_part, with the half hour in which the visit began. A visit ends where nothing follows for more than half
-- an hour; it may cross midnight, the end of a file, and a clock change.
WITH gap AS (
    SELECT half_hour, visitor, first_line, last_second, hits, bytes, agent_key, country, origin_key, connection_key, account_key,
           coalesce((first_line >> 31)::BIGINT - max(last_second) OVER before > 1800, true) AS is_first
    FROM client_part
    WINDOW before AS (PARTITION BY visitor ORDER BY first_line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), begun AS (
    SELECT * EXCLUDE (is_first), max(CASE WHEN is_first THEN half_hour END)
               OVER (PARTITION BY visitor ORDER BY first_line ROWS UNBOUNDED PRECEDING) AS begun_half_hour
    FROM gap
)
SELECT p.*, m.day_on, b.day_on AS begun_on, b.hour AS begun_hour
FROM begun AS p
JOIN moment AS m ON m.half_hour = p.half_hour
JOIN moment AS b ON b.half_hour = p.begun_half_hour
