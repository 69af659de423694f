-- Question: which servers hold or held customers' data, as known at the end of as_of?
-- Grain: a server. in_service_at inclusive, out_of_service_at exclusive (NULL: still in service then).
SELECT server_id, role, site, country, in_service_at,
       CASE WHEN out_of_service_at < $as_of_end THEN out_of_service_at END AS out_of_service_at
FROM source.servers
WHERE in_service_at < $as_of_end
