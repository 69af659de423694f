-- Question: is no more of the traffic recorded than declared, no raw log kept for too long, and no visitor kept at all?
-- Grain: a field that the log records; a raw log at hand; a column of the warehouse's facts that is named after a trait of one
-- visitor, and a dimension of the counted traffic, in which no value may be an address. All stand as they are. A log of which
-- nobody has spelled the fields is unknown. A raw log may hold lines of its first day until that day $raw_log_months months later.
WITH told AS (
    SELECT 'field ' || field AS subject,
           CASE WHEN field = 'any JSON key' THEN 'fields_unknown'
                WHEN list_contains($allowed_fields, field) THEN 'kept' ELSE 'undeclared_field' END AS told
    FROM source.log_fields
    UNION ALL
    SELECT 'log ' || file, CASE WHEN plus_months(oldest_on, $raw_log_months) < $as_of::DATE THEN 'raw_too_old' ELSE 'kept' END
    FROM source.raw_logs
    WHERE oldest_on <= $as_of
    UNION ALL
    SELECT 'column ' || schema_name || '.' || table_name || '.' || column_name, 'visitor_kept'
    FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name IN ('source', 'fact')
      AND regexp_full_match(lower(column_name), '(remote_|client_|ip_)?(address|addr|ip)|(user_|http_)?agent|referr?er|visitor(_id|_key)?')
    UNION ALL
    SELECT 'dimension ' || dimension,
           CASE WHEN bool_or(regexp_matches(value, '^[0-9]{1,3}([.][0-9]{1,3}){3}(:|$)|^\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*'))
                THEN 'visitor_kept' ELSE 'kept' END
    FROM source.access_log
    WHERE day_on <= $as_of
    GROUP BY dimension
)
SELECT subject, NULL::TIMESTAMPTZ AS seen_at, CASE WHEN told <> 'fields_unknown' THEN told = 'kept' END AS ok,
       nullif(told, 'kept') AS reason, 1 AS cases
FROM told
