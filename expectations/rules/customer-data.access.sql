-- Question: was customers' data opened for one of the policy's reasons alone, and for support on a ticket of that very customer?
-- Grain: an entry of the journal of accesses. seen_at: when the data was opened. A ticket is open from opened_at, inclusive, to
-- closed_at, exclusive; one that was opened again has a row more. Nothing is known of the ticket of an access that began after
-- the list of tickets was written, nor of one whose customer is none that we know.
WITH recorded AS (
    SELECT any_value(coalesce(written_at, collected_at)) FILTER (dataset = 'tickets') AS listed_at,
           bool_or(list_contains(absent_columns, 'closed_at')) FILTER (dataset = 'tickets') AS lacks_closings,
           bool_or(list_contains(absent_columns, 'ticket_id')) FILTER (dataset = 'staff_access') AS lacks_tickets
    FROM source.collection
    WHERE status = 'collected'
), ticket AS (
    SELECT ticket_id, account_id, coalesce(list_contains($support_kinds, kind), true) AS is_support, opened_at, closed_at
    FROM source.tickets
    WHERE opened_at < $as_of_end AND account_id IN (SELECT account_id FROM source.accounts)
), access AS (
    SELECT access_id, account_id, accessed_at, reason, ticket_id, has_staff,
           greatest(accessed_at, CASE WHEN ended_at IS NOT NULL THEN least(ended_at, $as_of_end) END) AS until_at
    FROM source.staff_access
    WHERE accessed_at < $as_of_end
), held AS (
    SELECT a.access_id,
           bool_or(t.account_id = a.account_id) AS is_theirs,
           bool_or(t.account_id = a.account_id AND t.is_support) AS asks_support,
           bool_or(t.account_id = a.account_id AND t.opened_at <= a.accessed_at
                   AND coalesce(a.accessed_at < t.closed_at, true)) AS is_open,
           bool_or(t.account_id = a.account_id AND t.opened_at <= a.until_at
                   AND coalesce(a.until_at <= minutes_after(t.closed_at, $tolerance_minutes), true)) AS is_left_in_time
    FROM access AS a
    JOIN ticket AS t USING (ticket_id)
    GROUP BY a.access_id
), told AS (
    SELECT access_id, accessed_at, has_staff, ticket_id, account_id, lacks_tickets, h.* EXCLUDE (access_id),
           list_contains($allowed_reasons, reason) AS is_allowed, list_contains($ticketed_reasons, reason) AS is_ticketed,
           coalesce(accessed_at < listed_at AND NOT lacks_closings AND is_theirs IS NOT NULL, false) AS is_known
    FROM access
    LEFT JOIN held AS h USING (access_id)
    CROSS JOIN recorded
), reasoned AS (
    SELECT access_id, accessed_at,
           CASE WHEN is_allowed IS NULL THEN 'reason_unstated'
                WHEN NOT is_allowed THEN 'reason_not_allowed'
                WHEN is_ticketed AND ticket_id IS NULL AND lacks_tickets THEN 'ticket_unknown'
                WHEN is_ticketed AND ticket_id IS NULL THEN 'ticket_missing'
                WHEN is_ticketed AND account_id IS NULL THEN 'account_unnamed'
                WHEN is_ticketed AND NOT is_known THEN 'ticket_unknown'
                WHEN is_ticketed AND NOT is_theirs THEN 'ticket_of_another'
                WHEN is_ticketed AND NOT asks_support THEN 'ticket_not_support'
                WHEN is_ticketed AND NOT is_open THEN 'ticket_not_open'
                WHEN is_ticketed AND NOT is_left_in_time THEN 'ticket_outlasted'
                WHEN has_staff IS DISTINCT FROM true THEN 'access_unsigned' END AS reason
    FROM told
)
SELECT access_id AS subject, accessed_at AS seen_at,
       CASE WHEN reason IS NULL THEN true
            WHEN reason NOT IN ('reason_unstated', 'account_unnamed', 'ticket_unknown', 'access_unsigned') THEN false END AS ok,
       reason, 1 AS cases
FROM reasoned
