-- Question: which visit does what a client did in one half hour belong to?
-- Grain: a row of client_part, with the half hour in which the visit began. A visit ends where nothing follows for more than half
-- an hour; it may cross midnight, the end of a file, and a clock change.
-- What is sorted is kept narrow: the rest of a row is joined to it once more.
WITH gap AS (
    SELECT rowid AS part, half_hour, visitor, first_line,
           coalesce((first_line >> 31)::BIGINT - max(last_second) OVER before > 1800, true) AS is_first
    FROM client_part
    WINDOW before AS (PARTITION BY visitor ORDER BY first_line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), begun AS (
    SELECT part, last_value(CASE WHEN is_first THEN half_hour END IGNORE NULLS)
                     OVER (PARTITION BY visitor ORDER BY first_line ROWS UNBOUNDED PRECEDING) AS begun_half_hour
    FROM gap
)
SELECT p.half_hour, p.visitor, p.first_line, p.last_second, p.hits, p.bytes, p.agent_key, p.country, p.origin_key,
       p.connection_key, p.account_key, f.begun_half_hour, m.day_on, b.day_on AS begun_on, b.hour AS begun_hour
FROM client_part AS p
JOIN begun AS f ON f.part = p.rowid
JOIN moment AS m ON m.half_hour = p.half_hour
JOIN moment AS b ON b.half_hour = f.begun_half_hour
