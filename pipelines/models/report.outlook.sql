-- Question: How many promises are kept and how many are not, since when, and is it better than before?
-- Grain: one row. `previous_as_of`: the run before; `earlier_as_of`: the newest run that is at least a month old; NULL where
-- there is none. Better is closer to compliant: breached, unverifiable, at_risk, compliant.
WITH moved AS (
    SELECT
        list_position(['breached', 'unverifiable', 'at_risk', 'compliant'], verdict)
        - list_position(['breached', 'unverifiable', 'at_risk', 'compliant'], previous_verdict) AS steps
    FROM report.verdict_change
)
SELECT
    r.previous_as_of,
    (SELECT max(as_of) FROM verdict.history WHERE as_of <= plus_months($as_of, -1)) AS earlier_as_of,
    count(*) AS promises,
    count(*) FILTER (WHERE v.verdict = 'compliant') AS kept,
    count(*) FILTER (WHERE v.verdict = 'breached') AS broken,
    min(v.since_on) FILTER (WHERE v.verdict = 'breached') AS broken_since_on,
    (SELECT count(*) FROM moved WHERE steps > 0) AS better,
    (SELECT count(*) FROM moved WHERE steps < 0) AS worse,
    (SELECT count(*) FROM obligation.current WHERE state = 'overdue') AS overdue
FROM verdict.current AS v
CROSS JOIN report.run AS r
GROUP BY r.previous_as_of
