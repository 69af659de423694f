-- Question: How many promises have each verdict?
-- Grain: a verdict; all four are there, with 0 where no promise has it.
SELECT
    known.verdict,
    known.position,
    count(v.promise) AS promises,
    count(v.promise) / nullif((SELECT count(*) FROM verdict.current), 0) AS share
FROM (VALUES ('breached', 1), ('at_risk', 2), ('unverifiable', 3), ('compliant', 4)) AS known (verdict, position)
LEFT JOIN verdict.current AS v USING (verdict)
GROUP BY known.verdict, known.position
ORDER BY known.position
