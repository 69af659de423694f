-- Question: What became of the obligations that are over, rule by rule?
-- Grain: promise, closing word, state. Exact.
SELECT o.promise, o.closed_by, o.state, count(*) AS subjects, any_value(c.fr) AS word_fr, any_value(c.en) AS word_en
FROM obligation.current AS o
LEFT JOIN register.closing AS c ON c.word = o.closed_by
WHERE o.closed_by IS NOT NULL
GROUP BY ALL
ORDER BY o.promise, subjects DESC, o.closed_by, o.state
