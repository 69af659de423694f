-- Question: is every security fix installed in time on every server, and was every server looked at on the day of as_of?
-- Grain: a fix that waited (server, moment of its publication), and a server in service (basis: check). due_at is exclusive.
-- Of a server, each check names the oldest fix that waits. It closes when the first check finds it no more; what happened
-- between that check and the last one that found it is not known: a due date that lies there is `bracketed`.
-- A server taken out of service needs no fix any more. What waits without a date, or has a date though nothing waits, is not
-- told. A late check says nothing of the day; the next one shows whether a fix came too late, so that only today's is owed.
WITH checked AS (
    SELECT server_id, checked_at, oldest_pending_at,
           (pending > 0) = (oldest_pending_at IS NOT NULL) AND coalesce(oldest_pending_at <= checked_at, true) AS is_told
    FROM source.security_updates
    WHERE checked_at < $as_of_end
), fix AS (
    SELECT server_id, oldest_pending_at AS published_at, max(checked_at) AS waiting_at,
           days_end(oldest_pending_at, $installed_days) AS due_at
    FROM checked
    WHERE is_told AND oldest_pending_at IS NOT NULL
    GROUP BY server_id, oldest_pending_at
), ended AS (
    SELECT f.server_id, f.published_at, f.due_at, f.waiting_at, min(s.out_of_service_at) AS retired_at,
           min(c.checked_at) AS gone_at
    FROM fix AS f
    LEFT JOIN checked AS c ON c.server_id = f.server_id AND c.is_told AND c.checked_at > f.waiting_at
    LEFT JOIN fact.server AS s ON s.server_id = f.server_id
    GROUP BY f.server_id, f.published_at, f.due_at, f.waiting_at
), told AS (
    SELECT *, CASE WHEN gone_at < due_at OR (gone_at IS NOT NULL AND waiting_at >= due_at) THEN 'installed'
                   WHEN retired_at <= coalesce(gone_at, retired_at) THEN 'retired'
                   WHEN gone_at IS NOT NULL THEN 'bracketed'
                   WHEN due_at <= $as_of_end AND waiting_at < due_at THEN 'unchecked' END AS closed_by
    FROM ended
), look AS (
    SELECT s.server_id, s.in_service_at, max(c.checked_at) AS checked_at,
           max_by(c.is_told, c.checked_at) AS is_told
    FROM fact.server AS s
    LEFT JOIN checked AS c ON c.server_id = s.server_id AND local_day(c.checked_at) = $as_of
    WHERE s.out_of_service_at IS NULL
    GROUP BY s.server_id, s.in_service_at
)
SELECT server_id AS subject, published_at AS opened_at, NULL::TIMESTAMPTZ AS earliest_at, due_at,
       NULL::TIMESTAMPTZ AS safe_due_at,
       CASE closed_by WHEN 'installed' THEN gone_at WHEN 'retired' THEN retired_at END AS closed_at, closed_by,
       'fix' AS basis
FROM told
UNION ALL
SELECT server_id, in_service_at, NULL, $as_of_end, NULL,
       CASE WHEN is_told THEN greatest(checked_at, in_service_at) END,
       CASE WHEN is_told THEN 'checked' WHEN checked_at IS NULL THEN 'unchecked' ELSE 'missing_date' END, 'check'
FROM look
