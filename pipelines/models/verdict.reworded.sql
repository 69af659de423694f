-- Question: which promises rest on a paragraph that is no longer published as it was reviewed?
-- Grain: a promise with such a paragraph. From the last look alone; nothing is said where nobody looked, or where the policy was
-- not online then.
WITH online AS (
    SELECT DISTINCT fingerprint
    FROM source.published_policy
    WHERE is_online AND checked_at = (SELECT max(checked_at) FROM source.published_policy)
)
SELECT g.promise, string_agg(b.number::VARCHAR, ', ' ORDER BY b.number) AS paragraphs
FROM register.ground AS g
JOIN register.block AS b USING (fingerprint)
WHERE EXISTS (FROM online) AND g.fingerprint NOT IN (SELECT fingerprint FROM online WHERE fingerprint IS NOT NULL)
GROUP BY g.promise
