-- Question: what is kept, until the days are counted, of what a client did in one half hour?
-- Grain: as line_group; no address, agent, referrer or account as it was written. A visitor is a hash of address and agent under
-- a key that lives in this run's memory only.
WITH read AS (
    SELECT *, lower(regexp_extract(first_referrer,
                    '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[0-9A-Fa-f:.%]*\]|[^/?#:@\s]+)', 1)) AS origin_host,
           upper(coalesce(cipher, '')) AS suite
    FROM line_group
    WHERE code = 0
)
SELECT r.file, (to_timestamp(r.first_second))::DATE AS day_on, strftime(to_timestamp(r.first_second), '%H') AS hour,
       hash(sha256($key || encode(r.address)), r.agent) AS visitor, r.half_hour, r.first_second, r.last_second, r.first_line,
       r.hits, r.bytes, hash(r.agent) AS agent_key, c.country,
       CASE WHEN r.class BETWEEN 1 AND 5 THEN r.class || 'xx' ELSE 'unknown' END AS status,
       CASE WHEN coalesce(r.first_referrer, '') IN ('', '-') THEN 'direct'
            WHEN r.origin_host = '' THEN 'malformed'
            WHEN list_contains($sites, r.origin_host) OR r.origin_host = lower(split_part(r.host, ':', 1)) THEN 'internal'
            -- The address of a machine is no domain, nor is a name that spells one.
            WHEN regexp_matches(r.origin_host, '^\[|([0-9]{1,3}[.-]){3}[0-9]{1,3}|([0-9a-f]{1,4}-){4}') THEN 'address'
            WHEN NOT regexp_full_match(r.origin_host, '[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+')
                 OR strlen(r.origin_host) > 100 THEN 'malformed'
            ELSE regexp_replace(r.origin_host, '^www\.', '') END AS origin,
       -- Bits of the symmetric key: as told, else as the suite's name says.
       CASE WHEN regexp_full_match(r.key_bits, '[1-9][0-9]{1,3}') THEN r.key_bits
            WHEN regexp_matches(r.suite, '(AES|CAMELLIA|ARIA)[-_]?256|CHACHA20') THEN '256'
            WHEN regexp_matches(r.suite, '(AES|CAMELLIA|ARIA)[-_]?192') THEN '192'
            WHEN regexp_matches(r.suite, '(AES|CAMELLIA|ARIA)[-_]?128|RC4|SEED|IDEA|SM4') THEN '128'
            WHEN regexp_matches(r.suite, '3DES|DES-CBC3') THEN '112'
            WHEN regexp_matches(r.suite, 'DES') THEN '56'
            WHEN regexp_matches(r.suite, 'NULL') THEN '0'
            WHEN r.suite NOT IN ('', '-') THEN 'unknown'
            WHEN lower(r.scheme) = 'https' OR coalesce(r.protocol, '') LIKE 'TLS%' THEN 'unknown'
            WHEN r.scheme IS NULL AND r.cipher IS NULL AND r.protocol IS NULL AND r.key_bits IS NULL THEN 'not_logged'
            WHEN r.is_bare_redirect THEN 'plain_redirect'
            ELSE 'plain' END AS tls,
       CASE WHEN coalesce(r.account, '') NOT IN ('', '-') THEN {account} END AS account
FROM read AS r
LEFT JOIN address_country AS c USING (address)
