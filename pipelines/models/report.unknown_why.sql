-- Question: Why can some obligations not be judged, and what makes them known?
-- Grain: promise, closing word. Exact.
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
ORDER BY o.promise, subjects DESC, closed_by
