-- Question: whose data must be kept for a while, whatever the policy's term?
-- Grain: a hold and a subject. Half-open: from_at inclusive, until_at exclusive. A hold without reason or approver is none.
SELECT hold_id, promise, unnest([account_id, user_id, item_id]) AS subject, from_at, until_at
FROM source.legal_holds
WHERE has_reason AND has_approver AND from_at < $as_of_end
