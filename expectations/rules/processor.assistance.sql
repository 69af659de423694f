-- Question: is every request for help with a customer's own duties answered in time, where the ticket system marks such requests?
-- Grain: a ticket of the kind assistance, and each time that it was opened again, once it was answered or its term has ended.
-- seen_at: when it was opened. Closing it, or acknowledging it, answers nothing; nor does an answer to what was asked before.
WITH recorded AS (
    SELECT bool_or(list_contains(absent_columns, 'answered_at')) AS lacks_answers FROM source.collection
    WHERE dataset = 'tickets' AND status = 'collected'
), asked AS (
    SELECT ticket_id, opened_at, days_end(opened_at, $answer_days) AS due_at,
           CASE WHEN answered_at >= opened_at AND answered_at < $as_of_end THEN answered_at END AS replied_at
    FROM source.tickets
    WHERE kind = 'assistance' AND opened_at < $as_of_end
)
SELECT ticket_id AS subject, opened_at AS seen_at, CASE WHEN NOT lacks_answers THEN coalesce(replied_at < due_at, false) END AS ok,
       CASE WHEN lacks_answers THEN 'reply_unrecorded'
            WHEN replied_at IS NULL THEN 'help_unanswered'
            WHEN replied_at >= due_at THEN 'help_late' END AS reason,
       1 AS cases
FROM asked CROSS JOIN recorded
WHERE replied_at IS NOT NULL OR due_at <= $as_of_end
