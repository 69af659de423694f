-- Question: is every exchange encrypted with a key of 256 bits, as logged and as probed?
-- Grain: of the log, a local day and a kind of connection (cases: requests); of probes, an endpoint and a probe of it (cases:
-- suites). seen_at: that day's first instant; the moment of an earlier probe; NULL for an endpoint's last probe, which stands.
-- Exempt in the log: redirects without a body, and what was turned away. A redirect with a page is what the last probes of the
-- plain ports show: a server's own page, or not known. A last probe more than $probed_days days old no longer tells.
WITH port AS (
    SELECT *, is_last AND probed_at < days_after($as_of_end, -$probed_days) AS is_old FROM fact.tls_port
), plain AS (
    SELECT coalesce(bool_and(outcome IN ('closed', 'redirect', 'redirect_page')), false) AS is_proven
    FROM port
    WHERE is_plain AND is_last AND NOT is_old
), logged AS (
    SELECT day_on, value, try_cast(value AS INTEGER) AS bits, sum(hits)::BIGINT AS hits
    FROM source.access_log
    WHERE dimension = 'tls' AND day_on <= $as_of AND hits > 0
    GROUP BY day_on, value
), exchange AS (
    SELECT 'access_log ' || day_on || ' ' || value AS subject, day_start(day_on) AS seen_at, hits AS cases,
           CASE WHEN bits >= $key_bits OR value IN ('plain_redirect', 'plain_refused') THEN 'kept'
                WHEN bits < $key_bits THEN 'weak_key'
                WHEN value = 'plain' THEN 'in_clear'
                WHEN value = 'plain_redirect_page' THEN CASE WHEN is_proven THEN 'kept' ELSE 'redirect_unproven' END
                WHEN value = 'not_logged' THEN 'not_logged'
                ELSE 'suite_unknown' END AS told
    FROM logged
    CROSS JOIN plain
    UNION ALL
    SELECT endpoint, CASE WHEN NOT is_last THEN probed_at END,
           greatest(1, CASE WHEN least_bits < $key_bits THEN len(list_filter(bits, lambda b: b < $key_bits)) ELSE accepted END),
           CASE WHEN is_old THEN 'probe_old'
                WHEN outcome = 'content' THEN 'in_clear'
                WHEN outcome = 'no_answer' THEN 'probe_silent'
                WHEN is_plain THEN 'kept'
                WHEN least_bits < $key_bits THEN 'weak_key'
                WHEN accepted = 0 OR is_partly_silent THEN 'probe_silent'
                WHEN unknown_suites > 0 THEN 'suite_unknown'
                ELSE 'kept' END
    FROM port
)
SELECT subject, seen_at, CASE told WHEN 'kept' THEN true WHEN 'weak_key' THEN false WHEN 'in_clear' THEN false END AS ok,
       nullif(told, 'kept') AS reason, cases
FROM exchange
