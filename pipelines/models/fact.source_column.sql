-- Question: which columns does the catalogue show, and since which night?
-- Grain: a column of a source, schema and table. first_seen_on: the first night that showed it; NULL where the first night of its source
-- did, for nobody knows what was there before. A night without a catalogue keeps what was known, so that none is missed; a column
-- that is gone is forgotten, and new once it is back.
WITH known AS (
    SELECT source_name, schema_name, table_name, column_name, data_type, is_declared, is_special, first_seen_on, true AS is_known
    FROM previous.fact.source_column
), looked_at AS (
    SELECT coalesce(bool_or(status = 'collected'), false) AS is_there FROM source.collection WHERE dataset = 'source_columns'
)
SELECT c.source_name, c.schema_name, c.table_name, c.column_name, c.data_type, c.column_category IS NOT NULL AS is_declared,
       c.special_category IS NOT NULL AS is_special,
       CASE WHEN k.is_known THEN k.first_seen_on
            WHEN c.source_name IN (SELECT source_name FROM known) THEN $as_of END::DATE AS first_seen_on
FROM source.source_columns AS c
LEFT JOIN known AS k USING (source_name, schema_name, table_name, column_name)
UNION ALL
SELECT source_name, schema_name, table_name, column_name, data_type, is_declared, is_special, first_seen_on
FROM known
WHERE NOT (SELECT is_there FROM looked_at)
