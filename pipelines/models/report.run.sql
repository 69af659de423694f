-- Question: Which day does this report speak of, what was the day before it in our history, and how much was looked at?
-- Grain: one row. Ends: the whole of as_of counts. `previous_as_of` is NULL on the first run.
SELECT
    $as_of AS as_of,
    (SELECT max(as_of) FILTER (WHERE as_of < $as_of) FROM verdict.history) AS previous_as_of,
    (SELECT count(*) FROM verdict.current) AS promises,
    (SELECT count(*) FROM verdict.current WHERE reason IS DISTINCT FROM 'rule_not_built') AS promises_built,
    (SELECT count(*) FROM obligation.current) AS obligations,
    (SELECT count(*) FROM obligation.condition WHERE in_review) AS conditions,
    (SELECT count(*) FROM source.collection) AS datasets,
    (SELECT count(*) FROM source.collection WHERE status = 'collected') AS datasets_collected,
    (SELECT coalesce(sum(rows_in), 0)::BIGINT FROM source.collection) AS rows_in,
    (SELECT coalesce(sum(rows_kept), 0)::BIGINT FROM source.collection) AS rows_kept,
    (SELECT coalesce(sum(rows_set_aside), 0)::BIGINT FROM source.collection) AS rows_set_aside,
    (SELECT count(*) FROM fact.account WHERE is_present) AS accounts,
    (SELECT count(*) FROM fact.account WHERE is_present AND has_personal_data) AS accounts_with_personal_data
