-- Question: How many of the product's own files and folders can others than their owner use?
-- Grain: one row.
SELECT looked_at, open FROM verification.own_access
