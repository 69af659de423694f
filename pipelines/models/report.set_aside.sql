-- Question: Which rows could not be used, why, and where do they stand in the source?
-- Grain: dataset, reason, column, place. Counts only: never a row's values.
SELECT dataset, reason, column_name, place, sum(rows)::BIGINT AS rows
FROM source.set_aside
GROUP BY dataset, reason, column_name, place
ORDER BY dataset, rows DESC, reason, column_name, place
