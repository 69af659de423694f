-- Question: how many lines of each local day does a file hold, and which?
-- Grain: a file and a day. line_hashes: their sum, which does not depend on the order of the lines.
WITH part AS (
    SELECT file, half_hour, sum(hits) AS lines, sum(line_hashes) AS line_hashes
    FROM line_group
    WHERE code = 0
    GROUP BY file, half_hour
)
SELECT file, to_timestamp(half_hour * 1800)::DATE AS day_on, sum(lines)::BIGINT AS lines, sum(line_hashes) AS line_hashes
FROM part
GROUP BY file, day_on
