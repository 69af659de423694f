-- Question: does every server that holds, or held, customers' data stand in France?
-- Grain: a server, of whatever role, whether the inventory lists it or only a copy of data names it. seen_at: when it was taken
-- out of service, or lost its last copy; NULL while it is in service. A country that is no ISO 3166 code of two letters is none.
WITH held AS (
    SELECT server_id, gone_at FROM source.item_copies WHERE held_since_at < $as_of_end
    UNION ALL
    SELECT server_id, removed_at FROM source.backups WHERE taken_at < $as_of_end AND status <> 'failed'
    UNION ALL
    SELECT source_server_id, taken_at FROM source.backups WHERE taken_at < $as_of_end
), named AS (
    SELECT server_id, CASE WHEN bool_and(coalesce(gone_at < $as_of_end, false)) THEN max(gone_at) END AS seen_at
    FROM held
    GROUP BY server_id
), place AS (
    SELECT server_id, upper(trim(country)) AS country, out_of_service_at AS seen_at, true AS is_listed FROM fact.server
    UNION ALL
    SELECT server_id, NULL, seen_at, false FROM named ANTI JOIN source.servers USING (server_id)
)
SELECT server_id AS subject, seen_at,
       CASE WHEN regexp_full_match(country, '[A-Z]{2}') THEN list_contains($allowed_countries, country) END AS ok,
       CASE WHEN NOT is_listed THEN 'server_unlisted'
            WHEN regexp_full_match(country, '[A-Z]{2}') IS DISTINCT FROM true THEN 'country_unknown'
            WHEN NOT list_contains($allowed_countries, country) THEN 'abroad' END AS reason,
       1 AS cases
FROM place
