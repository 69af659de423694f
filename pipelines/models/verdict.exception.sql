-- Question: what does each exception cover at the end of as_of, and is it still of use?
-- Grain: an exception of the registers, or a row of the dataset legal_holds. covered: failures in review that a tolerated one
-- stands beside, or obligations that a hold suspends. unmatched: subjects of it without any: without a failure (tolerated), or
-- without anything to be deleted by a date (a hold). Both days of its term count.
WITH dataset_hold AS (
    SELECT hold_id, promise, unnest([account_id, user_id, item_id]) AS subject, local_day(from_at) AS from_on,
           local_day(until_at) AS until_on
    FROM source.legal_holds
    WHERE has_reason AND has_approver
), exempted AS (
    SELECT exception, kind, promise, subject, why, who, from_on, until_on, false AS is_of_dataset FROM register.exception
    UNION ALL
    SELECT hold_id, 'legal_hold', promise, subject, NULL, NULL, from_on, until_on, true FROM dataset_hold
    WHERE subject IS NOT NULL
), judged AS (
    SELECT promise, subject, state = 'overdue' OR (state IN ('late', 'premature') AND in_review) AS is_failure,
           state = 'held' AS is_held, clock = 'delete_by' AS can_be_held
    FROM obligation.current
    JOIN register.rule USING (promise)
    UNION ALL
    SELECT promise, subject, state = 'broken' AND in_review, false, false
    FROM obligation.condition
), matched AS (
    SELECT e.exception, e.kind, e.promise, e.subject, e.why, e.who, e.from_on, e.until_on, e.is_of_dataset,
           CASE WHEN e.from_on > $as_of::DATE THEN 'to_come' WHEN e.until_on < $as_of::DATE THEN 'expired' ELSE 'in_force' END
               AS standing,
           count(*) FILTER (CASE e.kind WHEN 'tolerated' THEN j.is_failure ELSE j.is_held END) AS covered,
           count(*) FILTER (CASE e.kind WHEN 'tolerated' THEN j.is_failure ELSE j.can_be_held END) AS matches
    FROM exempted AS e
    LEFT JOIN judged AS j ON j.subject = e.subject AND j.promise = coalesce(e.promise, j.promise)
    GROUP BY ALL
)
SELECT exception, kind, promise, why, who, from_on, until_on, is_of_dataset, standing, count(*) AS subjects,
       coalesce(sum(covered) FILTER (standing = 'in_force'), 0)::BIGINT AS covered,
       count(*) FILTER (standing = 'in_force' AND matches = 0) AS unmatched
FROM matched
GROUP BY ALL
