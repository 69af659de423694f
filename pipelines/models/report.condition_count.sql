-- Question: How many conditions are met, how many not, and why, rule by rule, since when?
-- Grain: promise, state, reason. Exact. subjects: things judged within the review period; cases: what they stand for; older_cases:
-- what came about before it, which is history. since_on: the first day of the oldest one that is still in review.
SELECT
    c.promise, c.state, c.reason,
    count(*) FILTER (WHERE c.in_review) AS subjects,
    coalesce(sum(c.cases) FILTER (WHERE c.in_review), 0)::BIGINT AS cases,
    coalesce(sum(c.cases) FILTER (WHERE NOT c.in_review), 0)::BIGINT AS older_cases,
    min(c.since_on) FILTER (WHERE c.in_review) AS since_on,
    any_value(r.fr) AS why_fr,
    any_value(r.en) AS why_en,
    any_value(r.cure_fr) AS cure_fr,
    any_value(r.cure_en) AS cure_en
FROM obligation.condition AS c
LEFT JOIN register.reason AS r ON r.word = c.reason
GROUP BY c.promise, c.state, c.reason
ORDER BY c.promise, c.state, cases DESC, c.reason
