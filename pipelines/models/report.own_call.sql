-- Question: Did the run call anybody whom it had not declared?
-- Grain: what is counted, and the stage in whose process it was.
SELECT what, stage, seen FROM verification.own_call ORDER BY what, stage
