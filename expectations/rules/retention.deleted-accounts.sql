-- Question: by when must the personal data of deleted accounts, and of users who have left, be gone?
-- Grain: a subject (an account, or a user). due_at is exclusive: the end of the local day on which the period is over.
-- An account counts from the user's act. A user counts from when he left the last account he lived in.
WITH account AS (
    SELECT account_id AS subject, deletion_opened_at AS opened_at, deletion_voided_at AS voided_at,
           deletion_voided_by AS voided_by, has_personal_data, erased_at, is_present, lacks_reinstatement_date AS lacks_date
    FROM fact.account
    WHERE deletion_opened_at IS NOT NULL
    UNION ALL
    SELECT account_id, created_at, NULL, NULL, has_personal_data, erased_at, is_present, true
    FROM fact.account
    WHERE is_deleted AND deletion_opened_at IS NULL
), leaving AS (
    SELECT m.user_id, m.created_at,
           least(m.removed_at, CASE WHEN a.deletion_voided_by IS NULL THEN a.deletion_opened_at END) AS left_at
    FROM fact.membership AS m
    JOIN fact.account AS a USING (account_id)
), person AS (
    SELECT l.user_id AS subject, max(l.left_at) AS opened_at, NULL::TIMESTAMPTZ AS voided_at, NULL AS voided_by,
           any_value(p.has_personal_data) AS has_personal_data, any_value(p.erased_at) AS erased_at,
           any_value(p.is_present) AS is_present, false AS lacks_date
    FROM leaving AS l
    JOIN fact.person AS p USING (user_id)
    GROUP BY l.user_id
    HAVING bool_and(l.left_at IS NOT NULL)
)
SELECT subject, opened_at, NULL::TIMESTAMPTZ AS earliest_at,
       CASE WHEN NOT lacks_date THEN months_end(opened_at, $period_months) END AS due_at, NULL::TIMESTAMPTZ AS safe_due_at,
       CASE WHEN voided_by IS NOT NULL THEN voided_at
            WHEN lacks_date OR has_personal_data THEN NULL
            ELSE erased_at END AS closed_at,
       CASE WHEN voided_by IS NOT NULL THEN voided_by
            WHEN lacks_date THEN 'missing_date'
            WHEN has_personal_data THEN NULL
            WHEN erased_at IS NOT NULL THEN 'erased'
            WHEN NOT is_present THEN 'vanished'
            ELSE 'undated' END AS closed_by,
       CASE WHEN subject IN (SELECT account_id FROM fact.account WHERE deletion_asked_at = opened_at) THEN 'asked'
            WHEN split_part(subject, '-', 1) = 'user' THEN 'left' ELSE 'deleted' END AS basis
FROM (FROM account UNION ALL FROM person)
