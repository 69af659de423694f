-- Question: from which domain does a referrer say that somebody came?
-- Grain: a referrer and the host that was asked, each distinct pair once. The domain only; what is no domain gets a word for it:
-- direct (none was sent), internal ($sites, or the very host), address (of a machine, or a name that spells one), malformed.
WITH pair AS (
    SELECT hash(first_referrer, host) AS origin_key, any_value(first_referrer) AS referrer, any_value(host) AS host
    FROM line_group
    WHERE code = 0 AND hash(first_referrer, host) NOT IN (SELECT origin_key FROM origin)
    GROUP BY origin_key
), read AS (
    SELECT *, lower(regexp_extract(referrer,
                    '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[0-9A-Fa-f:.%]*\]|[^/?#:@\s]+)', 1)) AS domain
    FROM pair
)
SELECT origin_key,
       CASE WHEN coalesce(referrer, '') IN ('', '-') THEN 'direct'
            WHEN domain = '' THEN 'malformed'
            WHEN list_contains($sites, domain) OR coalesce(domain = lower(split_part(host, ':', 1)), false) THEN 'internal'
            WHEN regexp_matches(domain, '^\[|([0-9]{1,3}[.-]){3}[0-9]{1,3}|([0-9a-f]{1,4}-){4}') THEN 'address'
            WHEN NOT regexp_full_match(domain, '[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+') OR strlen(domain) > 100 THEN 'malformed'
            ELSE regexp_replace(domain, '^www\.', '') END AS origin
FROM read
