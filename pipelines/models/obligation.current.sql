-- Question: in which state is every obligation at the end of as_of?
-- Grain: an obligation (promise, subject, opened_at). Half-open: due_at is the first instant too late, earliest_at the first
-- one allowed. The order of the cases is the order of precedence.
-- What a guard doubts, and nobody has confirmed, is unknown; a failure is one all the same.
-- A hold that began before due_at suspends a delete-by until the hold ends: until then nothing is late or overdue.
WITH hold AS (
    SELECT subject, promise, from_at, until_at FROM fact.legal_hold
), duty AS (
    SELECT d.promise, d.subject, d.opened_at, d.earliest_at, d.due_at, d.safe_due_at,
           CASE WHEN d.closed_at < $as_of_end THEN d.closed_at END AS closed_at, d.closed_by, d.basis,
           CASE WHEN d.closed_by IS NULL THEN NULL ELSE c.outcome END AS outcome, d.closed_at IS NULL AS lacks_closing_date,
           r.horizon_days, r.review_months,
           max(h.until_at) FILTER (r.clock = 'delete_by' AND h.from_at < d.due_at AND h.until_at > d.due_at) AS held_until_at,
           coalesce(bool_or(r.clock = 'delete_by' AND h.from_at < d.due_at AND h.until_at >= $as_of_end), false) AS is_held
    FROM obligation.duty AS d
    JOIN register.rule AS r USING (promise)
    LEFT JOIN register.closing AS c ON c.word = d.closed_by
    LEFT JOIN hold AS h ON h.subject = d.subject AND coalesce(h.promise, d.promise) = d.promise
    GROUP BY ALL
), limited AS (
    SELECT *, greatest(due_at, held_until_at) AS limit_at,
           outcome = 'unknown' OR (earliest_at IS NULL AND due_at IS NULL)
               OR (outcome IN ('closes', 'voids') AND lacks_closing_date) AS cannot_tell
    FROM duty
), judged AS (
    SELECT *,
           CASE WHEN outcome = 'voids' AND closed_at < coalesce(limit_at, 'infinity'::TIMESTAMPTZ) THEN 'void'
                WHEN cannot_tell THEN 'unknown'
                WHEN outcome = 'closes' AND closed_at < earliest_at THEN 'premature'
                WHEN closed_at >= limit_at THEN 'late'
                WHEN closed_at IS NOT NULL THEN 'met'
                WHEN due_at IS NULL AND earliest_at <= $as_of_end THEN 'met'
                WHEN is_held THEN 'held'
                WHEN limit_at <= $as_of_end THEN 'overdue'
                WHEN limit_at <= days_after($as_of_end, horizon_days) THEN 'due_soon'
                ELSE 'open' END AS state
    FROM limited
), believed AS (
    SELECT j.* EXCLUDE (state, closed_by),
           coalesce(d.is_whole OR c.subject IS NOT NULL, false) AND j.state NOT IN ('overdue', 'late', 'premature') AS is_doubted,
           CASE WHEN is_doubted THEN 'unknown' ELSE j.state END AS state,
           CASE WHEN is_doubted THEN 'guarded' ELSE j.closed_by END AS closed_by
    FROM judged AS j
    LEFT JOIN obligation.doubt AS d USING (promise)
    LEFT JOIN obligation.closing AS c
        ON c.promise = d.promise AND c.subject = j.subject AND c.opened_at IS NOT DISTINCT FROM j.opened_at
)
SELECT promise, subject, opened_at, earliest_at, due_at, safe_due_at, closed_at, closed_by, basis, state,
       CASE state WHEN 'late' THEN limit_at WHEN 'overdue' THEN limit_at WHEN 'premature' THEN closed_at END AS failed_at,
       CASE WHEN state IN ('late', 'premature', 'unknown')
            THEN coalesce(closed_at >= months_before($as_of_end, review_months), true)
            ELSE state = 'overdue' END AS in_review
FROM believed
