-- Question: has no data been shared with, sold, rented to or exchanged with anybody for promotion?
-- Grain: a disclosure, to whomever. What promotes somebody else is broken whoever has it; what promotes our own services,
-- where a third party has it; and what was traded, whatever purpose is written beside it. A consent changes nothing.
WITH judged AS (
    SELECT disclosure_id AS subject, seen_at,
           CASE WHEN list_contains($trading_manners, manner) THEN 'traded'
                WHEN purpose IS NULL THEN 'purpose_unstated'
                WHEN list_contains($promotional_purposes, purpose) THEN 'promotional'
                WHEN list_contains($own_promotion_purposes, purpose) AND list_contains($third_parties, recipient_kind)
                THEN 'promotional'
                WHEN disclosed_at IS NULL THEN 'disclosure_undated' END AS reason
    FROM fact.disclosure
)
SELECT subject, seen_at, CASE WHEN reason IS NULL THEN true WHEN reason IN ('traded', 'promotional') THEN false END AS ok,
       reason, 1 AS cases
FROM judged
