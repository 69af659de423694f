-- Question: Why can some obligations and conditions not be judged, and what makes them known?
-- Grain: promise, and the word that says why (a closing, or a reason). Exact. subjects: of conditions, the cases in review.
SELECT
    o.promise,
    coalesce(o.closed_by, 'missing_date') AS closed_by,
    count(*) AS subjects,
    any_value(c.fr) AS why_fr,
    any_value(c.en) AS why_en,
    any_value(c.cure_fr) AS cure_fr,
    any_value(c.cure_en) AS cure_en
FROM obligation.current AS o
LEFT JOIN register.closing AS c ON c.word = coalesce(o.closed_by, 'missing_date')
WHERE o.state = 'unknown'
GROUP BY ALL
UNION ALL
SELECT promise, reason, cases, why_fr, why_en, cure_fr, cure_en
FROM report.condition_count
WHERE state = 'unknown' AND cases > 0
ORDER BY promise, subjects DESC, closed_by
