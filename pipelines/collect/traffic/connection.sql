-- Question: with how many bits is a connection encrypted?
-- Grain: what the log tells of connections, each distinct combination once. Bits of the symmetric key, as told or as the suite's
-- name says; plain; plain_redirect (answered by a redirect without a body, and by nothing else); unknown; not_logged.
WITH told AS (
    SELECT hash(scheme, protocol, cipher, key_bits, is_bare_redirect) AS connection_key, any_value(lower(scheme)) AS scheme,
           any_value(protocol) AS protocol, any_value(upper(cipher)) AS suite, any_value(key_bits) AS key_bits,
           any_value(is_bare_redirect) AS is_bare_redirect
    FROM line_group
    WHERE code = 0 AND hash(scheme, protocol, cipher, key_bits, is_bare_redirect) NOT IN (SELECT connection_key FROM connection)
    GROUP BY connection_key
)
SELECT connection_key,
       CASE WHEN regexp_full_match(key_bits, '[1-9][0-9]{1,3}') THEN key_bits
            -- Suites for export, made to be broken: what they are named after is longer than their key.
            WHEN regexp_matches(suite, '(^|[-_])EXP(ORT)?1024') THEN '56'
            WHEN regexp_matches(suite, '(^|[-_])EXP(ORT)?[-_]') THEN '40'
            WHEN regexp_matches(suite, '(AES|CAMELLIA|ARIA)[-_]?256|CHACHA20') THEN '256'
            WHEN regexp_matches(suite, '(AES|CAMELLIA|ARIA)[-_]?192') THEN '192'
            WHEN regexp_matches(suite, '(AES|CAMELLIA|ARIA)[-_]?128|RC4|SEED|IDEA|SM4') THEN '128'
            WHEN regexp_matches(suite, '3DES|DES-CBC3') THEN '112'
            WHEN regexp_matches(suite, 'DES') THEN '56'
            WHEN regexp_matches(suite, 'NULL') THEN '0'
            WHEN coalesce(suite, '') NOT IN ('', '-') OR scheme = 'https' OR protocol LIKE 'TLS%' OR protocol LIKE 'SSL%'
            THEN 'unknown'
            WHEN scheme IS NULL AND suite IS NULL AND protocol IS NULL AND key_bits IS NULL THEN 'not_logged'
            WHEN is_bare_redirect THEN 'plain_redirect'
            ELSE 'plain' END AS tls
FROM told
