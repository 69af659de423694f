-- Question: does any column that the watched system keeps belong, by its name or comment, to a special category of data?
-- Grain: a column of the catalogue, and an exemption that exempts nothing (any more); both stand so at as_of.
-- An exemption counts until the end of its last day. A term that may also mean something else proves nothing, and excuses nothing.
WITH named AS (
    SELECT concat_ws('.', source_name, schema_name, table_name, column_name) AS subject, is_ambiguous,
           special_category IS NOT NULL AND coalesce(exempt_until_on < $as_of, true) AS is_found
    FROM source.source_columns
)
SELECT subject, NULL::TIMESTAMPTZ AS seen_at,
       CASE WHEN NOT is_found THEN true WHEN NOT is_ambiguous THEN false END AS ok,
       CASE WHEN NOT is_found THEN NULL WHEN is_ambiguous THEN 'special_term_unclear' ELSE 'special_category' END AS reason,
       1 AS cases
FROM named
UNION ALL
SELECT concat_ws('.', source_name, 'exemption', pattern), NULL, NULL, 'exemption_unused', 1
FROM source.column_exemptions
WHERE columns_matched = 0
