-- Question: How long have accounts been idle, by plan and by age of the account? The finest breakdown; the others add it up.
-- Grain: plan, class of age, class of idleness. Whole calendar months at the end of as_of; from_months inclusive,
-- until_months exclusive. An account is `covered` while its paid period runs, `unknown` where the facts cannot tell.
WITH idle_class (idle_class, idle_position, from_months, until_months) AS (
    VALUES ('months_0_1', 2, 0, 1), ('months_1_3', 3, 1, 3), ('months_3_6', 4, 3, 6), ('months_6_12', 5, 6, 12),
           ('months_12_24', 6, 12, 24), ('months_24_36', 7, 24, 36), ('months_36', 8, 36, 100000)
),
standing AS (
    SELECT subject AS account_id, any_value(state) AS state, max(opened_at) AS opened_at
    FROM obligation.current
    WHERE promise = 'retention.inactive-accounts' AND state IN ('open', 'due_soon', 'overdue', 'held', 'unknown')
    GROUP BY subject
),
account AS (
    SELECT
        coalesce(a.plan, '') AS plan,
        months_between(local_day(a.created_at), $as_of) AS age_months,
        s.state,
        months_between(local_day(s.opened_at), $as_of) AS idle_months,
        s.account_id IS NULL AS is_covered
    FROM fact.account AS a
    LEFT JOIN standing AS s USING (account_id)
    WHERE s.account_id IS NOT NULL OR (a.is_present AND a.has_personal_data AND a.created_at < $as_of_end)
)
SELECT
    a.plan,
    coalesce(g.age_class, 'unknown') AS age_class,
    coalesce(g.age_position, 9) AS age_position,
    CASE WHEN a.is_covered THEN 'covered' WHEN a.state = 'unknown' THEN 'unknown' ELSE i.idle_class END AS idle_class,
    CASE WHEN a.is_covered THEN 1 WHEN a.state = 'unknown' THEN 9 ELSE i.idle_position END AS idle_position,
    count(*) AS accounts
FROM account AS a
LEFT JOIN report.age_class AS g ON a.age_months >= g.from_months AND a.age_months < g.until_months
LEFT JOIN idle_class AS i ON a.idle_months >= i.from_months AND a.idle_months < i.until_months
GROUP BY ALL
ORDER BY a.plan, age_position, idle_position
