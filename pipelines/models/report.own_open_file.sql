-- Question: Which of the product's own files and folders can others than their owner use?
-- Grain: a file or folder, below the home; the first twenty of them.
SELECT place, mode FROM verification.own_open_file ORDER BY place
