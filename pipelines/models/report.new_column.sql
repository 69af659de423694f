-- Question: which columns of the database's catalogue are new since the last run?
-- Grain: a column that no night before showed. Empty on a first run: there is nothing to compare with.
SELECT concat_ws('.', source_name, schema_name, table_name, column_name) AS catalogue_column, data_type, is_declared, is_special
FROM fact.source_column
WHERE first_seen_on = $as_of
ORDER BY is_declared, is_special DESC, catalogue_column
