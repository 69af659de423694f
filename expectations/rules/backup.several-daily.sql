-- Question: was every primary server backed up several times on each day, elsewhere, and all its volumes?
-- Grain: a primary server and a local day, from the first to the last instant of which it was in service. Closed by the
-- backup with which each of its volumes had as many as are owed; the end of the day closes it too late.
-- Counted: successful backups begun on that day, known to lie on no primary and no replica, whatever became of them since;
-- the same backup on two servers is one. Owed: from the day of the first collection on (or from where the source says that
-- it forgets nothing); the day of as_of always, so that a first night does not stay silent. Two years back, as far as every
-- snapshot is remembered. Of what came after the listing was saved, nothing is known.
WITH heard AS (
    SELECT coalesce((SELECT least(written_at, collected_at) FROM source.collection
                     WHERE dataset = 'backups' AND status = 'collected'), max(present_until_at)) AS known_until_at,
           least((SELECT min(from_on) FROM register.history WHERE dataset = 'backups'), local_day(min(first_seen_at)))
               AS complete_from_on
    FROM fact.snapshot
), day AS (
    SELECT s.server_id, c.day, day_start(c.day) AS opened_at, day_end(c.day) AS due_at, h.known_until_at,
           coalesce(c.day < h.complete_from_on, true) AS is_before
    FROM fact.server AS s
    CROSS JOIN heard AS h
    JOIN calendar.working_day AS c
      ON c.day BETWEEN greatest(local_day(months_before($as_of_end, 24)), coalesce(least(h.complete_from_on, $as_of), $as_of)) AND $as_of
     AND s.in_service_at <= day_start(c.day) AND coalesce(s.out_of_service_at, $as_of_end) >= day_end(c.day)
    WHERE s.role = 'primary'
), taken AS (
    SELECT t.source_server_id AS server_id, local_day(t.taken_at) AS day, t.taken_at, string_split(t.volumes, ' ') AS volumes,
           t.status = 'success' AND p.role IS NOT NULL AS is_proven, t.status = 'unproven' AS is_unproven,
           p.role IS NULL AS is_nowhere
    FROM fact.snapshot AS t
    LEFT JOIN fact.server AS p ON p.server_id = t.server_id
    WHERE t.status IN ('success', 'unproven') AND coalesce(p.role = 'backup', true)
), volume AS (
    -- Without a word on its volumes, the server itself stands for them: then too few backups can be shown, but never enough.
    SELECT d.*, v.volume
    FROM day AS d
    LEFT JOIN source.volumes AS v
      ON v.server_id = d.server_id AND coalesce(v.in_use_at <= d.opened_at, true) AND coalesce(v.out_of_use_at >= d.due_at, true)
), covered AS (
    SELECT v.server_id, v.day, v.opened_at, v.due_at, v.known_until_at, v.is_before, v.volume,
           list_sort(list(DISTINCT t.taken_at) FILTER (t.is_proven AND list_contains(t.volumes, v.volume))) AS proven,
           count(DISTINCT t.taken_at) FILTER (coalesce(list_contains(t.volumes, v.volume), true)) AS possible,
           coalesce(bool_or(t.is_nowhere), false) AS has_nowhere, coalesce(bool_or(t.is_unproven), false) AS has_unproven
    FROM volume AS v
    LEFT JOIN taken AS t ON t.server_id = v.server_id AND t.day = v.day
    GROUP BY ALL
), told AS (
    SELECT server_id, opened_at, due_at, known_until_at, is_before, min(possible) >= $several_count AS may_suffice,
           bool_and(coalesce(len(proven), 0) >= $several_count) AS is_enough, max(proven[$several_count]) AS enough_at,
           bool_or(has_nowhere) AS has_nowhere, bool_or(has_unproven) AS has_unproven
    FROM covered
    GROUP BY ALL
), judged AS (
    SELECT *, CASE WHEN is_enough THEN 'backed_up'
                   WHEN is_before THEN 'before_collection'
                   WHEN due_at > coalesce(known_until_at, '-infinity'::TIMESTAMPTZ) THEN 'not_listed_yet'
                   WHEN NOT may_suffice AND due_at < $as_of_end THEN 'day_over'
                   WHEN NOT may_suffice THEN NULL
                   WHEN has_nowhere THEN 'unknown_server'
                   WHEN has_unproven THEN 'unproven_backup'
                   ELSE 'unlisted_volumes' END AS closed_by
    FROM told
)
SELECT server_id AS subject, opened_at, NULL::TIMESTAMPTZ AS earliest_at, due_at, NULL::TIMESTAMPTZ AS safe_due_at,
       CASE closed_by WHEN 'backed_up' THEN enough_at WHEN 'day_over' THEN due_at END AS closed_at, closed_by, 'day' AS basis
FROM judged
