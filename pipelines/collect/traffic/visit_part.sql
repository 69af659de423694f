-- Question: which visit does what a client did in one half hour belong to?
-- Grain: a row of client_part (part: its rowid), with the half hour in which the visit began. A visit ends where nothing follows
-- for more than half an hour; it may cross midnight, the end of a file, and a clock change.
-- What is sorted and kept is narrow: the rest of a row is joined to it where it is needed.
WITH gap AS (
    SELECT rowid AS part, half_hour, visitor, first_line,
           coalesce((first_line >> 31)::BIGINT - max(last_second) OVER before > 1800, true) AS is_first
    FROM client_part
    WINDOW before AS (PARTITION BY visitor ORDER BY first_line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT part, visitor, half_hour,
       last_value(CASE WHEN is_first THEN half_hour END IGNORE NULLS)
           OVER (PARTITION BY visitor ORDER BY first_line ROWS UNBOUNDED PRECEDING) AS begun_half_hour
FROM gap
