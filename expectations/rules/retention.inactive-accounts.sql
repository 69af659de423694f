-- Question: by when must the personal data of accounts that nobody uses be gone?
-- Grain: an account and a spell of idleness: the one that lasts, and those of the past that outlasted the period.
-- due_at is exclusive: the end of the local day on which the period is over. Deletion does not restart idleness.
WITH overwritten AS (
    SELECT account_id, bool_or(is_overwritten) AS is_overwritten FROM fact.last_seen GROUP BY account_id
), history AS (
    -- Without any last sign-in, only the log tells who was active, and not for the time before it begins: once it has
    -- lasted for the whole period, it can tell again.
    SELECT least(min(first_at), (SELECT day_start(from_on) FROM register.history WHERE dataset = 'activity')) AS log_begins_at,
           EXISTS (FROM fact.last_seen WHERE seen_at IS NOT NULL) AS has_last_values
    FROM fact.active_day
), spell AS (
    SELECT s.account_id, s.opened_at, s.ended_at, s.ended_by, s.is_certain, a.is_present, a.has_personal_data,
           months_end(s.opened_at, $period_months) AS due_at, coalesce(o.is_overwritten, false) AS is_overwritten,
           NOT h.has_last_values AND s.opened_at < coalesce(h.log_begins_at, $as_of_end)
               AND coalesce(months_end(h.log_begins_at, $period_months) > $as_of_end, true) AS lacks_history
    FROM fact.idle_spell AS s
    CROSS JOIN history AS h
    JOIN fact.account AS a USING (account_id)
    LEFT JOIN overwritten AS o USING (account_id)
)
SELECT account_id AS subject, opened_at, NULL::TIMESTAMPTZ AS earliest_at, due_at, NULL::TIMESTAMPTZ AS safe_due_at,
       ended_at AS closed_at,
       CASE WHEN NOT is_certain THEN 'short_history'
            WHEN ended_at IS NOT NULL THEN ended_by
            WHEN NOT is_present THEN 'vanished'
            WHEN NOT has_personal_data THEN 'undated'
            WHEN lacks_history AND due_at <= $as_of_end THEN 'short_history'
            WHEN is_overwritten AND due_at <= $as_of_end THEN 'overwritten' END AS closed_by,
       'last sign of use' AS basis
FROM spell
WHERE ended_at IS NULL OR ended_by = 'erased' OR ended_at >= due_at
