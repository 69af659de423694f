-- Question: when did nobody use an account, from when until when?
-- Grain: an account and a spell; ended_at NULL: still idle at as_of_end. Opened by the latest of creation, last action of any
-- of its persons and end of the last paid period; ended by the next action (active), a new paid period (paid), or erasure.
-- Ended spells under six months are left out: no period that a register may set is that short.
-- An ended spell is only counted from where the log of activity begins (its first action, or earlier where the source says so), unless an earlier run saw it open; and it is certain
-- only if the log shows this account's last sign-ins too: a log without them cannot prove that nobody signed in.
WITH begins AS (
    SELECT least(min(first_at), (SELECT day_start(from_on) FROM register.history WHERE dataset = 'activity')) AS log_begins_at
    FROM fact.active_day
), signal AS (
    SELECT account_id, created_at AS from_at, created_at AS until_at, 'active' AS kind FROM fact.account
    UNION ALL
    SELECT account_id, first_at, last_at, 'active' FROM fact.active_day
    UNION ALL
    SELECT account_id, seen_at, seen_at, 'active' FROM fact.last_seen WHERE seen_at IS NOT NULL
    UNION ALL
    SELECT account_id, seen_at, seen_at, 'active' FROM previous.fact.last_seen
    WHERE seen_at < $as_of_end
), paid AS (
    -- A last paid day is a day of use like any other: the idleness is counted from it, not from the day after.
    SELECT account_id, paid_from_at AS from_at, paid_until_at AS until_at FROM fact.account WHERE paid_until_at IS NOT NULL
    UNION ALL
    SELECT account_id, day_start(period_from_on), day_start(period_until_on) FROM source.invoices
    WHERE account_id IS NOT NULL AND period_until_on IS NOT NULL AND day_start(issued_on) < $as_of_end
), begun AS (
    -- A paid period whose beginning is not known reaches back to the last action before its end.
    SELECT p.account_id, coalesce(p.from_at, max(s.from_at)) AS from_at, p.until_at, 'paid' AS kind
    FROM paid AS p
    JOIN signal AS s ON s.account_id = p.account_id AND (p.from_at IS NOT NULL OR s.from_at <= p.until_at)
    GROUP BY p.account_id, p.from_at, p.until_at
), covered AS (
    SELECT c.account_id, c.from_at, c.until_at, c.kind
    FROM (FROM signal UNION ALL FROM begun WHERE from_at < $as_of_end AND until_at >= from_at) AS c
    SEMI JOIN fact.account AS a ON a.account_id = c.account_id
), stepped AS (
    SELECT account_id, from_at, kind,
           max(until_at) OVER (PARTITION BY account_id ORDER BY from_at, until_at
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_until_at
    FROM covered
), ended AS (
    SELECT account_id, greatest(covered_until_at, log_begins_at) AS opened_at, from_at AS ended_at, kind AS ended_by
    FROM stepped CROSS JOIN begins
    WHERE from_at > covered_until_at AND from_at > log_begins_at
), last AS (
    SELECT account_id, max(until_at) AS opened_at FROM covered GROUP BY account_id
), open AS (
    SELECT l.account_id, l.opened_at, a.erased_at AS ended_at, CASE WHEN a.erased_at IS NOT NULL THEN 'erased' END AS ended_by
    FROM last AS l
    JOIN (SELECT account_id, CASE WHEN has_personal_data THEN NULL ELSE erased_at END AS erased_at FROM fact.account) AS a
        USING (account_id)
    WHERE l.opened_at < $as_of_end
), remembered AS (
    -- What an earlier run saw open has ended since, or had ended already: this the log need not show any more.
    SELECT p.account_id, p.opened_at, coalesce(p.ended_at, min(c.from_at)) AS ended_at,
           coalesce(p.ended_by, arg_min(c.kind, c.from_at)) AS ended_by
    FROM previous.fact.idle_spell AS p
    JOIN covered AS c ON c.account_id = p.account_id AND c.until_at > p.opened_at
    WHERE p.ended_by IS DISTINCT FROM 'erased' AND coalesce(p.is_certain, true)
    GROUP BY p.account_id, p.opened_at, p.ended_at, p.ended_by
    HAVING min(c.from_at) >= coalesce(p.ended_at, p.opened_at)
), unlogged AS (
    SELECT DISTINCT s.account_id
    FROM fact.last_seen AS s CROSS JOIN begins AS b
    WHERE s.seen_at >= b.log_begins_at
      AND NOT EXISTS (FROM fact.active_day AS d WHERE d.account_id = s.account_id AND d.day = local_day(s.seen_at))
), past AS (
    -- Seen open by an earlier run, a spell keeps its true beginning; from the log alone it may begin too late.
    SELECT account_id, min(opened_at) AS opened_at, ended_at, min(ended_by) AS ended_by, bool_or(is_certain) AS is_certain
    FROM (
        SELECT *, true AS is_certain FROM remembered
        UNION ALL
        SELECT *, account_id NOT IN (SELECT account_id FROM unlogged) FROM ended
    )
    GROUP BY account_id, ended_at
)
SELECT account_id, opened_at, ended_at, ended_by, is_certain
FROM past
WHERE months_end(opened_at, 6) <= ended_at
UNION ALL
SELECT account_id, opened_at, ended_at, ended_by, true FROM open
