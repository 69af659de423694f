-- Question: Is each promise kept, since when, why, what cures it, and what falls due next?
-- Grain: a promise. `excepted`: how many of its failures stand under an exception. `next_due_on` is the last day on which the
-- next obligation can still be met in time (of an attestation: on which a statement counts); `overdue_since_on` the first day
-- too late of the oldest one that is overdue. conditions: things judged within the review period; broken, uncertain: cases of
-- them that are not met, or cannot be told.
WITH counted AS (
    SELECT
        promise,
        count(*) AS obligations,
        count(*) FILTER (WHERE state = 'overdue') AS overdue,
        count(*) FILTER (WHERE state IN ('late', 'premature') AND in_review) AS failed_in_review,
        count(*) FILTER (WHERE state IN ('late', 'premature') AND NOT coalesce(in_review, FALSE)) AS failed_before,
        count(*) FILTER (WHERE state = 'due_soon') AS due_soon,
        count(*) FILTER (WHERE state = 'unknown') AS unknown,
        count(*) FILTER (WHERE state = 'held') AS held,
        count(*) FILTER (WHERE state = 'open') AS open,
        count(*) FILTER (WHERE state = 'met') AS met,
        count(*) FILTER (WHERE state = 'void') AS void,
        plus_days(local_day(min(due_at) FILTER (WHERE state IN ('open', 'due_soon') AND due_at > $as_of_end)), -1) AS next_due_on,
        local_day(min(failed_at) FILTER (WHERE state = 'overdue')) AS overdue_since_on
    FROM obligation.current
    GROUP BY promise
), looked AS (
    SELECT
        promise,
        sum(subjects)::BIGINT AS conditions,
        coalesce(sum(cases) FILTER (WHERE state = 'broken'), 0)::BIGINT AS broken,
        coalesce(sum(cases) FILTER (WHERE state = 'unknown'), 0)::BIGINT AS uncertain
    FROM report.condition_count
    GROUP BY promise
), stated AS (
    SELECT promise, max(counts_until_on) AS counts_until_on
    FROM obligation.statement
    WHERE state <> 'expired'
    GROUP BY promise
)
SELECT
    v.promise, v.position, v.section, v.summary_fr, v.summary_en, v.kind,
    v.verdict, v.previous_verdict, v.since_on, v.reason, v.detail, v.cure_fr, v.cure_en,
    v.judged, v.looked_at,
    array_to_string(v.datasets, ', ') AS datasets,
    v.reason IS DISTINCT FROM 'rule_not_built' AS is_built,
    coalesce(c.obligations, 0) AS obligations,
    coalesce(c.overdue, 0) AS overdue,
    coalesce(c.failed_in_review, 0) AS failed_in_review,
    coalesce(c.failed_before, 0) AS failed_before,
    coalesce(c.due_soon, 0) AS due_soon,
    coalesce(c.unknown, 0) AS unknown,
    coalesce(c.held, 0) AS held,
    coalesce(c.open, 0) AS open,
    coalesce(c.met, 0) AS met,
    coalesce(c.void, 0) AS void,
    coalesce(e.excepted, 0) AS excepted,
    coalesce(l.conditions, 0) AS conditions,
    coalesce(l.broken, 0) AS broken,
    coalesce(l.uncertain, 0) AS uncertain,
    coalesce(c.next_due_on, s.counts_until_on) AS next_due_on,
    c.overdue_since_on
FROM verdict.current AS v
LEFT JOIN counted AS c USING (promise)
LEFT JOIN looked AS l USING (promise)
LEFT JOIN stated AS s USING (promise)
LEFT JOIN verdict.excepted AS e USING (promise)
ORDER BY v.position
