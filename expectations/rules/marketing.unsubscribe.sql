-- Question: does every marketing or information e-mail say how to stop them, in its header or by a link?
-- Grain: an e-mail that does not, or of which it is not known (seen_at: when it was sent); of those that do, a kind and a local
-- day, with as many cases as there were e-mails: they are counted, not listed. A transactional e-mail is not judged.
WITH judged AS (
    SELECT email_id, kind, sent_at, local_day(sent_at) AS day_on, has_list_unsubscribe OR has_unsubscribe_link AS ok
    FROM source.emails
    WHERE sent_at < $as_of_end AND kind <> 'transactional'
)
SELECT email_id AS subject, sent_at AS seen_at, ok,
       CASE WHEN ok IS NULL THEN 'unsubscribe_unknown' ELSE 'no_unsubscribe' END AS reason, 1 AS cases
FROM judged
WHERE ok IS DISTINCT FROM true
UNION ALL
SELECT kind || ' ' || day_on, day_start(day_on), true, NULL, count(*)
FROM judged
WHERE ok
GROUP BY kind, day_on
