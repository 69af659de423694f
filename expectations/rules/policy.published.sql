-- Question: is the policy online, and is it the text that was reviewed?
-- Grain: each look at the policy, each reviewed paragraph, and each block online that nobody has reviewed. seen_at: when somebody
-- looked; NULL for the last look, which is how it stands, and from which alone the paragraphs are judged.
-- A paragraph that changed breaks nothing, for the policy may change; but what it promises now, nobody has read yet.
WITH look AS (
    SELECT checked_at, bool_and(is_online) AS is_online, checked_at = max(checked_at) OVER () AS is_last
    FROM source.published_policy
    GROUP BY checked_at
), online AS (
    SELECT p.place, p.fingerprint
    FROM source.published_policy AS p
    SEMI JOIN look AS l ON l.checked_at = p.checked_at AND l.is_last AND l.is_online
)
SELECT 'policy' AS subject, CASE WHEN NOT is_last THEN checked_at END AS seen_at, is_online AS ok,
       CASE WHEN NOT is_online THEN 'not_online' END AS reason, 1 AS cases
FROM look
WHERE is_last OR checked_at < $as_of_end
UNION ALL
SELECT 'paragraph ' || b.number, NULL, CASE WHEN o.fingerprint IS NOT NULL THEN true END,
       CASE WHEN o.fingerprint IS NULL THEN 'paragraph_changed' END, 1
FROM register.block AS b
LEFT JOIN (SELECT DISTINCT fingerprint FROM online) AS o USING (fingerprint)
WHERE NOT b.is_heading AND EXISTS (FROM online)
UNION ALL
SELECT 'block ' || o.place || ' online', NULL, NULL, 'paragraph_not_reviewed', 1
FROM online AS o
ANTI JOIN register.block AS b USING (fingerprint)
