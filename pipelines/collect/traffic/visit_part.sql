-- Question: which half hours of a visitor are one visit?
-- Grain: a visitor and a half hour, with the number of the visit among the visitor's. A visit ends where nothing follows for
-- more than half an hour; it may cross midnight, the end of a file, and a clock change.
WITH half_hour AS (
    SELECT visitor, half_hour, min(day_on) AS day_on, min(first_second) AS first_second, max(last_second) AS last_second
    FROM client_part
    GROUP BY visitor, half_hour
), gap AS (
    SELECT *, coalesce(first_second - lag(last_second) OVER visitor > 1800, true) AS is_first
    FROM half_hour
    WINDOW visitor AS (PARTITION BY visitor ORDER BY half_hour)
)
SELECT visitor, half_hour, day_on, first_second, last_second,
       sum(is_first::INTEGER) OVER (PARTITION BY visitor ORDER BY half_hour ROWS UNBOUNDED PRECEDING)::UINTEGER AS visit
FROM gap
