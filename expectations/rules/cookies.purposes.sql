-- Question: is every cookie declared, for one of the purposes of the policy?
-- Grain: a cookie seen (by its name): the last look at its pages, which stands (seen_at NULL), and each earlier local day. And
-- each declaration (subject: declared, and its pattern), which stands as long as it is there. A last look more than $looked_days
-- days old no longer tells.
WITH told AS (
    SELECT c.cookie_id AS subject, CASE WHEN NOT c.is_last THEN c.seen_at END AS seen_at,
           CASE WHEN c.is_undeclared OR d.purpose IS NULL THEN 'undeclared'
                WHEN NOT list_contains($allowed_purposes, d.purpose) THEN 'other_purpose'
                WHEN c.is_last AND c.oldest_at < days_after($as_of_end, -$looked_days) THEN 'look_old'
                ELSE 'kept' END AS told
    FROM fact.cookie AS c
    LEFT JOIN source.declared_cookies AS d ON d.pattern = c.declared_as
    UNION ALL
    SELECT 'declared ' || pattern, NULL,
           CASE WHEN list_contains($allowed_purposes, purpose) THEN 'kept' ELSE 'other_purpose' END
    FROM source.declared_cookies
)
SELECT subject, seen_at, CASE WHEN told <> 'look_old' THEN told = 'kept' END AS ok, nullif(told, 'kept') AS reason, 1 AS cases
FROM told
