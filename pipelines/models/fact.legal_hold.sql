-- Question: whose data must be kept for a while, whatever the policy's term?
-- Grain: a subject, a promise (a hold that names none is one on each) and an uninterrupted time under hold: a hold that
-- begins before the last one has ended goes on with it. Half-open: from_at inclusive, until_at exclusive. Without reason and approver it is none.
-- It may come from the dataset, or from an exceptions.toml, there with the first and the last of its days.
WITH told AS (
    SELECT hold_id, promise, unnest([account_id, user_id, item_id]) AS subject, from_at, until_at
    FROM source.legal_holds
    WHERE has_reason AND has_approver
    UNION ALL
    SELECT exception, promise, subject, day_start(from_on), day_end(until_on)
    FROM register.exception
    WHERE kind = 'legal_hold'
), hold AS (
    SELECT h.hold_id, r.promise, h.subject, h.from_at, h.until_at
    FROM told AS h
    JOIN register.rule AS r ON r.promise = coalesce(h.promise, r.promise)
    WHERE h.from_at < $as_of_end
), stepped AS (
    SELECT *, max(until_at) OVER earlier AS held_before_until_at
    FROM hold
    WHERE subject IS NOT NULL
    WINDOW earlier AS (PARTITION BY subject, promise ORDER BY from_at, until_at, hold_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), numbered AS (
    SELECT *, count_if(held_before_until_at IS NULL OR from_at > held_before_until_at)
                  OVER (PARTITION BY subject, promise ORDER BY from_at, until_at, hold_id) AS island
    FROM stepped
)
SELECT min(hold_id) AS hold_id, promise, subject, min(from_at) AS from_at, max(until_at) AS until_at
FROM numbered
GROUP BY promise, subject, island
