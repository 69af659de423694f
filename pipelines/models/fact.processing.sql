-- Question: what processing of personal data does its register show, as known at the end of as_of?
-- Grain: a line of the register that had begun by then. from_on and until_on are local days, both inclusive; until_on NULL: it
-- still stands on as_of. A line whose end lies before its beginning has not been ended.
SELECT processing_id, purpose, data, legal_basis, subprocessor_id, from_on,
       CASE WHEN until_on >= from_on AND until_on < $as_of THEN until_on END AS until_on
FROM source.processing_register
WHERE from_on <= $as_of
