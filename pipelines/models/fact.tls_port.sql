-- Question: what did each endpoint accept, at each probe of it?
-- Grain: an endpoint and a moment at which it was probed. is_plain: the port without TLS; its outcome is the probe's own word.
-- accepted: suites taken, in whatever protocol; least_bits: of the weakest of them, NULL where none is known; is_partly_silent:
-- a protocol neither accepted nor refused. What could not be tried is neither. is_last: the last probe of that endpoint.
WITH tried AS (
    SELECT endpoint, probed_at, protocol = 'plain' AS is_plain, outcome, outcome = 'accepted' AS is_accepted,
           CASE WHEN outcome = 'accepted' THEN suite_bits(suite) END AS bits
    FROM source.tls_probes
    WHERE probed_at < $as_of_end
), told AS (
    SELECT endpoint, probed_at, bool_or(is_plain) AS is_plain, any_value(outcome) FILTER (is_plain) AS outcome,
           count(*) FILTER (is_accepted) AS accepted, min(bits) AS least_bits, list(bits) FILTER (is_accepted) AS bits,
           count(*) FILTER (is_accepted AND bits IS NULL) AS unknown_suites,
           bool_or(outcome = 'no_answer') AS is_partly_silent
    FROM tried
    GROUP BY endpoint, probed_at
)
SELECT *, probed_at = max(probed_at) OVER (PARTITION BY endpoint) AS is_last
FROM told
