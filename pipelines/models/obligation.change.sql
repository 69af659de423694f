-- Question: what has changed in the state of each obligation, since the first run?
-- Grain: a change of one obligation in one run. Appended: what earlier runs wrote is carried, never computed again.
-- from_state NULL: opened since the last run; to_state NULL: no longer to be judged (restarted: by a later act of the subject,
-- such as a use of the account, which opened it anew). The first run has nothing to compare.
SELECT as_of, promise, subject, opened_at, from_state, to_state, why
FROM previous.obligation.change
UNION ALL
SELECT $as_of::DATE, coalesce(c.promise, p.promise), coalesce(c.subject, p.subject), coalesce(c.opened_at, p.opened_at),
       p.state, c.state,
       CASE WHEN p.state IS NULL THEN 'opened'
            WHEN c.state IS NULL THEN CASE WHEN EXISTS (
                FROM obligation.current AS n WHERE n.promise = p.promise AND n.subject = p.subject
                                               AND n.opened_at > p.opened_at) THEN 'restarted' ELSE 'dropped' END
            WHEN c.closed_by IS DISTINCT FROM p.closed_by THEN coalesce(c.closed_by, 'reopened')
            WHEN c.due_at IS DISTINCT FROM p.due_at THEN 'term'
            ELSE 'time' END
FROM (SELECT * FROM previous.obligation.current) AS p
FULL JOIN obligation.current AS c
    ON c.promise = p.promise AND c.subject = p.subject AND c.opened_at IS NOT DISTINCT FROM p.opened_at
WHERE c.state IS DISTINCT FROM p.state AND EXISTS (FROM previous.verdict.history)
