-- Question: is each promise kept at the end of as_of?
-- Grain: a promise of the register. The order of the cases is the order of precedence: a proven breach outranks what is
-- missing, but not a canary that was missed, since then nothing is proven.
-- judged: obligations looked at; looked_at: rows kept of the datasets that the rule needs.
WITH distrust AS (
    SELECT subject AS dataset,
           bool_or(check_name = 'has_rows' AND NOT raised) AND count(*) = 1 AS is_only_empty
    FROM verification.result
    WHERE suite = 'trust' AND NOT success
    GROUP BY subject
), dataset AS (
    SELECT c.dataset, c.rows_kept,
           CASE WHEN c.status = 'missing' THEN 'dataset_missing'
                WHEN c.status <> 'collected' THEN 'dataset_failed'
                WHEN d.is_only_empty THEN 'dataset_empty'
                WHEN d.dataset IS NOT NULL THEN 'dataset_untrusted' END AS problem
    FROM source.collection AS c
    LEFT JOIN distrust AS d USING (dataset)
), need AS (
    SELECT n.promise, list(n.dataset ORDER BY n.dataset) AS datasets,
           coalesce(sum(d.rows_kept) FILTER (n.role = 'needs'), 0)::BIGINT AS looked_at,
           min(CASE d.problem WHEN 'dataset_missing' THEN 1 WHEN 'dataset_failed' THEN 2 WHEN 'dataset_untrusted' THEN 3
                              WHEN 'dataset_empty' THEN 4 END) AS rank,
           string_agg(n.dataset, ', ' ORDER BY n.dataset) FILTER (d.problem IS NOT NULL) AS troubled,
           coalesce(bool_or(n.role = 'needs' AND d.problem <> 'dataset_empty'), false) AS cannot_prove
    FROM register.need AS n
    LEFT JOIN dataset AS d USING (dataset)
    GROUP BY n.promise
), counted AS (
    SELECT promise, count(*) AS judged,
           count(*) FILTER (state = 'overdue') AS overdue,
           count(*) FILTER (state = 'late' AND in_review) AS late,
           count(*) FILTER (state = 'premature' AND in_review) AS premature,
           count(*) FILTER (state = 'unknown' AND in_review) AS unknown,
           count(*) FILTER (state = 'due_soon') AS due_soon
    FROM obligation.current
    GROUP BY promise
), checked AS (
    -- The same failures, as Great Expectations counted them: where the two disagree, neither is believed.
    SELECT subject AS promise, bool_or(raised) AS has_raised,
           max(breaches) FILTER (check_name = 'no_overdue') AS overdue,
           max(breaches) FILTER (check_name = 'no_late') AS late,
           max(breaches) FILTER (check_name = 'no_premature') AS premature,
           string_agg(check_name, ', ' ORDER BY check_name) FILTER (NOT success AND check_name NOT IN
               ('no_overdue', 'no_late', 'no_premature', 'no_unknown')) AS inconsistent
    FROM verification.result
    WHERE suite = 'kept'
    GROUP BY subject
), stray AS (
    -- A check of no promise at all: an obligation under a rule that the register does not know.
    SELECT count(*) AS failed FROM verification.result
    WHERE suite = 'kept' AND NOT success AND subject NOT IN (SELECT promise FROM register.promise)
), canary AS (
    SELECT count(*) AS canaries, count(*) FILTER (NOT success) AS failed,
           string_agg(DISTINCT subject, ', ' ORDER BY subject) FILTER (NOT success) AS which
    FROM verification.result
    WHERE suite = 'canary'
), doubted AS (
    -- What a guard doubts and nobody has confirmed.
    SELECT promise, concerns FROM obligation.doubt
), gathered AS (
    SELECT p.*, r.promise IS NOT NULL AS has_rule, r.cure_fr, r.cure_en, n.datasets, coalesce(n.looked_at, 0) AS looked_at,
           coalesce(c.judged, 0) AS judged, coalesce(c.overdue, 0) AS overdue, coalesce(c.late, 0) AS late,
           coalesce(c.premature, 0) AS premature, coalesce(c.unknown, 0) AS unknown, coalesce(c.due_soon, 0) AS due_soon,
           n.rank, n.troubled, coalesce(n.cannot_prove, true) AS cannot_prove, k.failed > 0 OR k.canaries = 0 AS is_blind,
           coalesce(k.which, 'none') AS canaries_failed,
           coalesce(h.has_raised, true) OR h.inconsistent IS NOT NULL OR s.failed > 0
               OR (coalesce(h.overdue, 0), coalesce(h.late, 0), coalesce(h.premature, 0))
                  IS DISTINCT FROM (coalesce(c.overdue, 0), coalesce(c.late, 0), coalesce(c.premature, 0))
               AS is_contradicted,
           coalesce(h.inconsistent, 'kept') AS contradicted_by, g.concerns AS doubtful
    FROM register.promise AS p
    LEFT JOIN register.rule AS r USING (promise)
    LEFT JOIN need AS n USING (promise)
    LEFT JOIN counted AS c USING (promise)
    LEFT JOIN checked AS h USING (promise)
    LEFT JOIN doubted AS g USING (promise)
    CROSS JOIN canary AS k
    CROSS JOIN stray AS s
), reasoned AS (
    SELECT *,
           CASE WHEN NOT has_rule THEN 'rule_not_built'
                WHEN is_blind THEN 'canary_failed'
                WHEN is_contradicted THEN 'check_failed'
                WHEN overdue > 0 AND NOT cannot_prove THEN 'overdue'
                WHEN late > 0 AND NOT cannot_prove THEN 'late'
                WHEN premature > 0 AND NOT cannot_prove THEN 'premature'
                WHEN rank IS NOT NULL
                THEN (['dataset_missing', 'dataset_failed', 'dataset_untrusted', 'dataset_empty'])[rank]
                WHEN doubtful IS NOT NULL THEN 'guard_tripped'
                WHEN unknown > 0 THEN 'obligation_unknown'
                WHEN due_soon > 0 THEN 'due_soon'
                ELSE 'none' END AS reason
    FROM gathered
), verdict AS (
    SELECT *,
           CASE WHEN reason IN ('overdue', 'late', 'premature', 'broken_constraint') THEN 'breached'
                WHEN reason = 'due_soon' THEN 'at_risk'
                WHEN reason = 'none' THEN 'compliant'
                ELSE 'unverifiable' END AS verdict,
           CASE WHEN reason IN ('overdue', 'late', 'premature')
                THEN concat_ws('; ', CASE WHEN overdue > 0 THEN 'overdue ' || overdue END,
                               CASE WHEN late > 0 THEN 'late ' || late END,
                               CASE WHEN premature > 0 THEN 'premature ' || premature END)
                WHEN reason LIKE 'dataset%' THEN troubled
                WHEN reason = 'guard_tripped' THEN doubtful
                WHEN reason = 'canary_failed' THEN canaries_failed
                WHEN reason = 'check_failed' THEN contradicted_by
                WHEN reason = 'obligation_unknown' THEN 'unknown ' || unknown
                WHEN reason = 'due_soon' THEN 'due_soon ' || due_soon END AS detail
    FROM reasoned
), before AS (
    SELECT promise, verdict, since_on FROM previous.verdict.history
    QUALIFY row_number() OVER (PARTITION BY promise ORDER BY as_of DESC) = 1
)
SELECT v.promise, v.position, v.section, v.summary_fr, v.summary_en, v.kind, v.verdict,
       CASE WHEN b.verdict = v.verdict THEN b.since_on ELSE $as_of::DATE END AS since_on,
       v.reason, v.detail, v.cure_fr, v.cure_en, v.judged, v.looked_at, v.datasets, b.verdict AS previous_verdict
FROM verdict AS v
LEFT JOIN before AS b USING (promise)
