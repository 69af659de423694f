-- Question: was nothing sent to a recipient after an opt-out took effect, until the recipient agreed again?
-- Grain: an e-mail that was (seen_at: when it was sent); of all others, a kind and a local day, with as many cases as there were
-- e-mails: they are counted, not listed. A transactional e-mail is not judged. An opt-out takes effect at the end of the local
-- day that lies effect_days after its own: that instant is the first too late; the instant of an opt-in is the first allowed
-- again. An opt-in not after the opt-out is none.
WITH stopped AS (
    SELECT recipient, kind, days_end(stopped_at, $effect_days) AS from_at,
           CASE WHEN resumed_at > stopped_at THEN resumed_at END AS until_at
    FROM source.opt_outs
), judged AS (
    SELECT e.email_id, e.kind, e.sent_at, local_day(e.sent_at) AS day_on,
           EXISTS (FROM stopped AS s
                   WHERE s.recipient = e.recipient AND s.kind IN (e.kind, 'all')
                     AND e.sent_at >= s.from_at AND coalesce(e.sent_at < s.until_at, true)) AS is_unwanted
    FROM source.emails AS e
    WHERE e.sent_at < $as_of_end AND e.kind <> 'transactional'
)
SELECT email_id AS subject, sent_at AS seen_at, false AS ok, 'sent_after_opt_out' AS reason, 1 AS cases
FROM judged
WHERE is_unwanted
UNION ALL
SELECT kind || ' ' || day_on, day_start(day_on), true, NULL, count(*)
FROM judged
WHERE NOT is_unwanted
GROUP BY kind, day_on
