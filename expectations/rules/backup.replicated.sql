-- Question: is every primary server replicated to another site, and did no replica ever lag?
-- Grain: a primary server in service (its sites; a standing state), and a source, its replica and a local day (its samples).
-- seen_at: of a day, its first sample that lagged, else the beginning of its first gap, else its beginning. cases: samples
-- that lagged, or gaps, else samples. A lag of exactly the parameter is too long; a replica that did not answer gave no sample.
-- A pair is sampled from its first sample until one of the two leaves service, or the source is a primary no more. Samples
-- further apart than the parameter leave a gap, in every day that it touches. Two years back.
WITH sample AS (
    SELECT source_server_id, replica_server_id, sampled_at, lag_seconds
    FROM source.replication_samples
    WHERE sampled_at < $as_of_end
), pair AS (
    SELECT m.source_server_id, m.replica_server_id, min(m.sampled_at) AS begins_at,
           CASE WHEN coalesce(p.role, 'primary') = 'primary'
                THEN least($as_of_end, p.out_of_service_at, r.out_of_service_at) ELSE max(m.sampled_at) END AS ends_at
    FROM sample AS m
    LEFT JOIN fact.server AS p ON p.server_id = m.source_server_id
    LEFT JOIN fact.server AS r ON r.server_id = m.replica_server_id
    GROUP BY m.source_server_id, m.replica_server_id, p.role, p.out_of_service_at, r.out_of_service_at
), answered AS (
    SELECT source_server_id, replica_server_id, sampled_at FROM sample WHERE lag_seconds IS NOT NULL
    UNION
    SELECT source_server_id, replica_server_id, begins_at FROM pair
), gap AS (
    SELECT a.source_server_id, a.replica_server_id, a.sampled_at AS from_at,
           coalesce(lead(a.sampled_at) OVER (PARTITION BY a.source_server_id, a.replica_server_id ORDER BY a.sampled_at),
                    p.ends_at) AS until_at
    FROM answered AS a
    JOIN pair AS p USING (source_server_id, replica_server_id)
    WHERE a.sampled_at <= p.ends_at
    QUALIFY until_at > minutes_after(from_at, $gap_minutes)
), day AS (
    SELECT p.source_server_id, p.replica_server_id, c.day, day_start(c.day) AS begins_at, day_end(c.day) AS ends_at
    FROM pair AS p
    JOIN calendar.working_day AS c
      ON c.day BETWEEN greatest(local_day(p.begins_at), local_day(months_before($as_of_end, 24))) AND $as_of
     AND day_start(c.day) < p.ends_at
), sampled AS (
    SELECT source_server_id, replica_server_id, local_day(sampled_at) AS day, count(lag_seconds) AS samples,
           count(*) FILTER (lag_seconds >= $lag_seconds) AS lagging,
           min(sampled_at) FILTER (lag_seconds >= $lag_seconds) AS lagged_at
    FROM sample
    GROUP BY ALL
), judged AS (
    SELECT d.source_server_id, d.replica_server_id, d.begins_at, coalesce(s.samples, 0) AS samples,
           coalesce(s.lagging, 0) AS lagging, s.lagged_at, count(g.from_at) AS gaps,
           min(greatest(g.from_at, d.begins_at)) AS gap_at
    FROM day AS d
    LEFT JOIN sampled AS s USING (source_server_id, replica_server_id, day)
    LEFT JOIN gap AS g ON g.source_server_id = d.source_server_id AND g.replica_server_id = d.replica_server_id
                      AND g.from_at < d.ends_at AND g.until_at > d.begins_at
    GROUP BY ALL
), replicated AS (
    SELECT p.server_id, coalesce(bool_or(r.site <> p.site AND a.replica_server_id IS NOT NULL), false) AS is_sampled_elsewhere,
           coalesce(bool_or(r.site <> p.site), false) AS is_elsewhere,
           coalesce(bool_or(r.server_id IS NOT NULL AND (r.site IS NULL OR p.site IS NULL)), false) AS has_untold_site
    FROM fact.server AS p
    LEFT JOIN fact.server AS r ON r.role = 'replica' AND r.out_of_service_at IS NULL
    LEFT JOIN pair AS a ON a.source_server_id = p.server_id AND a.replica_server_id = r.server_id
    WHERE p.role = 'primary' AND p.out_of_service_at IS NULL
    GROUP BY p.server_id
)
SELECT server_id AS subject, NULL::TIMESTAMPTZ AS seen_at,
       CASE WHEN is_sampled_elsewhere THEN true WHEN NOT is_elsewhere AND NOT has_untold_site THEN false END AS ok,
       CASE WHEN is_sampled_elsewhere THEN NULL
            WHEN is_elsewhere THEN 'not_sampled'
            WHEN has_untold_site THEN 'site_unknown'
            ELSE 'one_site' END AS reason, 1 AS cases
FROM replicated
UNION ALL
SELECT source_server_id || '/' || replica_server_id, coalesce(lagged_at, gap_at, begins_at),
       CASE WHEN lagging > 0 THEN false WHEN gaps = 0 THEN true END,
       CASE WHEN lagging > 0 THEN 'lagging' WHEN gaps > 0 THEN 'sample_gap' END,
       CASE WHEN lagging > 0 THEN lagging WHEN gaps > 0 THEN gaps ELSE greatest(samples, 1) END
FROM judged
