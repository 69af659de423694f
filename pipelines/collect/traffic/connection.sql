-- Question: with how many bits is a connection encrypted?
-- Grain: what the log tells of connections, each distinct combination once. Bits of the symmetric key, as told or as the suite's
-- name says; plain; of plain ones apart (tests/traffic/test_days.py argues it): plain_redirect (answered by a redirect without a
-- body, and by nothing else), plain_redirect_page (by a redirect with a page no longer than the one that servers add by
-- themselves), plain_refused (what came was no request, or nothing was answered); unknown; not_logged.
WITH told AS (
    SELECT hash(scheme, protocol, cipher, key_bits, answer) AS connection_key, any_value(lower(scheme)) AS scheme,
           any_value(protocol) AS protocol, any_value(cipher) AS suite, any_value(key_bits) AS key_bits,
           any_value(answer) AS answer
    FROM told_connection
    WHERE hash(scheme, protocol, cipher, key_bits, answer) NOT IN (SELECT connection_key FROM connection)
    GROUP BY connection_key
)
SELECT connection_key,
       CASE WHEN regexp_full_match(key_bits, '[1-9][0-9]{1,3}') THEN key_bits
            WHEN suite_bits(suite) IS NOT NULL THEN suite_bits(suite)::VARCHAR
            WHEN coalesce(suite, '') NOT IN ('', '-') OR scheme = 'https' OR protocol LIKE 'TLS%' OR protocol LIKE 'SSL%'
            THEN 'unknown'
            WHEN scheme IS NULL AND suite IS NULL AND protocol IS NULL AND key_bits IS NULL THEN 'not_logged'
            ELSE concat_ws('_', 'plain', nullif(answer, '')) END AS tls
FROM told
