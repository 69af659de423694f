-- Question: What was noticed that is no breach by itself and yet wants an explanation?
-- Grain: promise, kind of finding.
SELECT
    promise, kind, count(*) AS findings,
    local_day(min(noticed_at)) AS first_noticed_on,
    local_day(max(noticed_at)) AS last_noticed_on
FROM (FROM fact.finding UNION ALL BY NAME FROM verdict.finding)
GROUP BY promise, kind
ORDER BY promise, kind
