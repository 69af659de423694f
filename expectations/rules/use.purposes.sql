-- Question: does every processing of personal data serve a purpose that the policy declares?
-- Grain: a line of the register of processing. seen_at: its last day, once that is over; NULL while it stands. A duty of law is
-- one only where the line gives the law as its legal basis.
SELECT processing_id AS subject, day_start(until_on) AS seen_at,
       CASE WHEN purpose IS NULL THEN NULL
            WHEN list_contains($legal_purposes, purpose) THEN CASE WHEN legal_basis = 'legal_obligation' THEN true END
            ELSE list_contains(list_concat($allowed_purposes, $implied_purposes), purpose) END AS ok,
       CASE WHEN purpose IS NULL THEN 'purpose_unstated'
            WHEN list_contains($legal_purposes, purpose)
            THEN CASE WHEN legal_basis IS DISTINCT FROM 'legal_obligation' THEN 'legal_basis_unstated' END
            WHEN NOT list_contains(list_concat($allowed_purposes, $implied_purposes), purpose)
            THEN 'purpose_undeclared' END AS reason,
       1 AS cases
FROM fact.processing
