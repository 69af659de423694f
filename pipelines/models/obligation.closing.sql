-- Question: which obligations have been closed, or become void, since the last night?
-- Grain: an obligation. Only of promises that could be judged then too: a dataset that was connected since brings its whole
-- past along, and the first night has nothing to compare with. What a guard doubted then is counted again until it is confirmed.
WITH judged_before AS (
    SELECT v.promise
    FROM previous.verdict.current AS v
    JOIN register.need AS n USING (promise)
    LEFT JOIN previous.source.collection AS c ON c.dataset = n.dataset AND c.status = 'collected'
    WHERE v.reason <> 'rule_not_built'
    GROUP BY v.promise
    HAVING bool_and(c.dataset IS NOT NULL)
)
SELECT d.promise, d.subject, d.opened_at
FROM obligation.duty AS d
JOIN register.closing AS w ON w.word = d.closed_by AND w.outcome IN ('closes', 'voids')
SEMI JOIN judged_before AS b ON b.promise = d.promise
ANTI JOIN (SELECT promise, subject, opened_at FROM previous.obligation.current
           WHERE closed_at IS NOT NULL AND state IN ('met', 'late', 'premature', 'void')) AS p
    ON p.promise = d.promise AND p.subject = d.subject AND p.opened_at IS NOT DISTINCT FROM d.opened_at
WHERE d.closed_at < $as_of_end
