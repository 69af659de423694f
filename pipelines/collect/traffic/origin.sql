-- Question: from which domain does a referrer say that somebody came?
-- Grain: a referrer and the host that was asked, each distinct pair once. The domain only, without www; what is no domain gets a
-- word for it: direct (none was sent), internal ($sites, or the very host), address (of a machine, or a name that spells one),
-- malformed.
WITH pair AS (
    SELECT hash(first_referrer, host) AS origin_key, any_value(first_referrer) AS referrer,
           regexp_replace(lower(split_part(any_value(host), ':', 1)), '^www\.', '') AS host
    FROM told_origin
    WHERE hash(first_referrer, host) NOT IN (SELECT origin_key FROM origin)
    GROUP BY origin_key
), read AS (
    SELECT *, lower(regexp_extract(referrer,
                    '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(\[[0-9A-Fa-f:.%]*\]|[^/?#:@\s]+)', 1)) AS domain
    FROM pair
), named AS (
    SELECT *, regexp_replace(domain, '^www\.', '') AS name
    FROM read
)
SELECT origin_key,
       CASE WHEN coalesce(referrer, '') IN ('', '-') THEN 'direct'
            WHEN domain = '' THEN 'malformed'
            WHEN list_contains($sites, name) OR coalesce(name = host, false) THEN 'internal'
            WHEN regexp_matches(domain, '^\[|([0-9]{1,3}[._-]){3}[0-9]{1,3}|([0-9a-f]{1,4}-){4}|[0-9a-f]{32}|\.arpa$')
                 OR regexp_matches(domain, '\b[0-9a-f]{1,4}(-[0-9a-f]{1,4})*-(-[0-9a-f]{1,4})+\b') THEN 'address'
            WHEN NOT regexp_full_match(domain, '[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+') OR strlen(domain) > 100 THEN 'malformed'
            ELSE name END AS origin
FROM named
