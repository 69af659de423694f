-- Question: what had been stated by the end of as_of, by whom, and until when?
-- Grain: a statement. stated_on and valid_until_on are local days, both inclusive. A statement of a later day has not been made
-- yet; one that names no role is none.
SELECT attestation_id, kind, dataset, promise, reference, stated_on, valid_until_on, role
FROM source.attestations
WHERE stated_on <= $as_of AND trim(role) <> ''
