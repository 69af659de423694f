-- Question: are sub-processors called in for the declared purposes alone, and known to the register of processing?
-- Grain: a disclosure to a sub-processor (or under a processor's contract, whatever its kind), and a line of the register of
-- processing that names one. The two must know of each other: from the first to the last day of what was disclosed the
-- register names the sub-processor; and of each that it names a disclosure is recorded.
WITH disclosed AS (
    SELECT d.disclosure_id AS subject, d.seen_at, d.purpose, d.disclosed_at IS NOT NULL AS is_dated,
           coalesce(bool_or(d.first_on BETWEEN p.from_on AND coalesce(p.until_on, d.first_on)), false)
               AND coalesce(bool_or(d.last_on BETWEEN p.from_on AND coalesce(p.until_on, d.last_on)), false) AS is_known
    FROM fact.disclosure AS d
    LEFT JOIN fact.processing AS p ON p.subprocessor_id = d.recipient_id
    WHERE d.recipient_kind = 'subprocessor' OR d.basis = 'processor_contract'
    GROUP BY ALL
), called AS (
    SELECT subject, seen_at, purpose,
           CASE WHEN NOT is_dated THEN 'disclosure_undated' WHEN NOT is_known THEN 'subprocessor_unregistered' END AS doubt
    FROM disclosed
    UNION ALL
    SELECT processing_id, day_start(until_on), purpose,
           CASE WHEN subprocessor_id NOT IN (SELECT recipient_id FROM fact.disclosure WHERE recipient_id IS NOT NULL)
                THEN 'subprocessor_undisclosed' END
    FROM fact.processing
    WHERE subprocessor_id IS NOT NULL
), judged AS (
    SELECT subject, seen_at,
           CASE WHEN purpose IS NULL THEN 'purpose_unstated'
                WHEN NOT list_contains(list_concat($allowed_purposes, $hosting_purposes, $implied_purposes), purpose)
                THEN 'subprocessor_purpose'
                ELSE doubt END AS reason
    FROM called
)
SELECT subject, seen_at, CASE WHEN reason IS NULL THEN true WHEN reason = 'subprocessor_purpose' THEN false END AS ok, reason,
       1 AS cases
FROM judged
