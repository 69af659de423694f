-- Question: is each condition met, as known at the end of as_of, and if not, since when?
-- Grain: a thing judged (promise, subject, seen_at). seen_at NULL: a standing state of as_of, always in review; else when it came
-- about (before as_of_end), and in review if within the rule's review period, its first instant included.
-- since_on: the local day of seen_at; of a standing state the day on which it was first seen as it is now (broken, or unknown).
WITH judged AS (
    SELECT o.promise, o.subject, o.seen_at, o.ok, o.reason, o.cases,
           CASE WHEN o.ok THEN 'kept' WHEN NOT o.ok THEN 'broken' ELSE 'unknown' END AS state,
           o.seen_at IS NULL OR o.seen_at >= months_before($as_of_end, r.review_months) AS in_review
    FROM obligation.observed AS o
    JOIN register.rule AS r USING (promise)
), standing AS (
    SELECT promise, subject, state, min(since_on) AS since_on
    FROM previous.obligation.condition
    WHERE seen_at IS NULL AND state <> 'kept'
    GROUP BY promise, subject, state
)
SELECT j.promise, j.subject, j.seen_at, j.ok, j.reason, j.cases, j.state,
       CASE WHEN j.state = 'kept' THEN NULL
            WHEN j.seen_at IS NOT NULL THEN local_day(j.seen_at)
            ELSE coalesce(s.since_on, $as_of::DATE) END AS since_on,
       j.in_review
FROM judged AS j
LEFT JOIN standing AS s ON s.promise = j.promise AND s.subject = j.subject AND s.state = j.state
