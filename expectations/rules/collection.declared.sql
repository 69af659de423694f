-- Question: does every column that the watched system keeps belong to a category that the policy declares?
-- Grain: a column of the catalogue; it stands so at as_of. `technical` is ours: keys and bookkeeping that tell nothing of a person.
SELECT concat_ws('.', source_name, schema_name, table_name, column_name) AS subject, NULL::TIMESTAMPTZ AS seen_at,
       column_category IS NOT NULL AS ok, CASE WHEN column_category IS NULL THEN 'column_undeclared' END AS reason, 1 AS cases
FROM source.source_columns
