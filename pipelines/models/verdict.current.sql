-- Question: is each promise kept at the end of as_of?
-- Grain: a promise of the register. The order of the cases is the order of precedence: a proven breach outranks what is
-- missing, but not a canary that was missed, since then nothing is proven.
-- judged: obligations, cases of conditions within the review period and counting statements that were looked at; looked_at:
-- rows kept of the datasets that the rule needs. Where a condition has no case at all, somebody must have said so: a nil return
-- (on an event dataset that the rule needs, or on the promise), or the completeness of such a dataset that is kept by hand.
-- What operations owe is owed every day: without any such obligation, nobody has named what is to be looked after.
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
), complete AS (
    SELECT DISTINCT dataset FROM obligation.statement WHERE kind = 'completeness' AND state <> 'expired'
), nil AS (
    SELECT DISTINCT dataset, promise FROM fact.attestation WHERE kind = 'nil_return' AND valid_until_on >= $as_of
), need AS (
    SELECT n.promise, list(n.dataset ORDER BY n.dataset) AS datasets,
           coalesce(sum(d.rows_kept) FILTER (n.role = 'needs'), 0)::BIGINT AS looked_at,
           min(CASE d.problem WHEN 'dataset_missing' THEN 1 WHEN 'dataset_failed' THEN 2 WHEN 'dataset_untrusted' THEN 3
                              WHEN 'dataset_empty' THEN 4 END) AS rank,
           string_agg(n.dataset, ', ' ORDER BY n.dataset) FILTER (d.problem IS NOT NULL) AS troubled,
           coalesce(bool_or(n.role = 'needs' AND d.problem <> 'dataset_empty'), false) AS cannot_prove,
           string_agg(n.dataset, ', ' ORDER BY n.dataset)
               FILTER (c.kept_by_hand AND n.dataset NOT IN (SELECT dataset FROM complete)) AS incomplete,
           bool_or(n.promise IN (SELECT promise FROM nil WHERE promise IS NOT NULL)
                   OR (n.role = 'needs' AND c.kind = 'event'
                       AND (n.dataset IN (SELECT dataset FROM nil WHERE dataset IS NOT NULL)
                            OR (c.kept_by_hand AND n.dataset IN (SELECT dataset FROM complete))))) AS may_be_nothing
    FROM register.need AS n
    LEFT JOIN dataset AS d USING (dataset)
    LEFT JOIN register.contract AS c USING (dataset)
    GROUP BY n.promise
), looked AS (
    SELECT promise, coalesce(sum(cases) FILTER (in_review), 0)::BIGINT AS judged,
           count(*) FILTER (state = 'broken' AND in_review) AS broken,
           count(*) FILTER (state = 'unknown' AND in_review) AS unknown,
           sum(cases) FILTER (state = 'broken' AND in_review) AS broken_cases,
           sum(cases) FILTER (state = 'unknown' AND in_review) AS unknown_cases
    FROM obligation.condition
    GROUP BY promise
), stated AS (
    SELECT promise, count(*) FILTER (state <> 'expired') AS counting,
           max(counts_until_on) AS counts_until_on,
           coalesce(bool_or(state = 'valid'), false) AS is_valid
    FROM obligation.statement
    WHERE kind = 'statement'
    GROUP BY promise
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
           max(breaches) FILTER (check_name = 'no_broken') AS broken,
           max(breaches) FILTER (check_name = 'no_unknown') AS unknown,
           bool_and(success) FILTER (check_name = 'is_stated') AS is_stated,
           bool_and(success) FILTER (check_name = 'is_complete') AS is_complete,
           string_agg(check_name, ', ' ORDER BY check_name) FILTER (NOT success AND check_name NOT IN
               ('no_overdue', 'no_late', 'no_premature', 'no_unknown', 'no_broken', 'is_stated', 'is_complete')) AS inconsistent
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
), reworded AS (
    -- What rests on a paragraph that nobody has reviewed.
    SELECT promise, paragraphs FROM verdict.reworded
), gathered AS (
    SELECT p.*, r.promise IS NOT NULL AS has_rule, r.cure_fr, r.cure_en, n.datasets, coalesce(n.looked_at, 0) AS looked_at,
           (coalesce(c.judged, 0) + coalesce(l.judged, 0) + coalesce(t.counting, 0))::BIGINT AS judged,
           r.clock, coalesce(c.overdue, 0) AS overdue, coalesce(c.late, 0) AS late,
           coalesce(c.premature, 0) AS premature, coalesce(c.unknown, 0) AS unknown, coalesce(c.due_soon, 0) AS due_soon,
           coalesce(l.broken, 0) AS broken, coalesce(l.unknown, 0) AS unknown_conditions,
           l.broken_cases, l.unknown_cases, t.counts_until_on, coalesce(t.counting, 0) AS counting,
           coalesce(t.is_valid, false) AS is_valid, n.incomplete, coalesce(n.may_be_nothing, false) AS may_be_nothing,
           n.rank, n.troubled, coalesce(n.cannot_prove, true) AS cannot_prove, k.failed > 0 OR k.canaries = 0 AS is_blind,
           coalesce(k.which, 'none') AS canaries_failed,
           coalesce(h.has_raised, true) OR h.inconsistent IS NOT NULL OR s.failed > 0
               OR (coalesce(h.overdue, 0), coalesce(h.late, 0), coalesce(h.premature, 0))
                  IS DISTINCT FROM (coalesce(c.overdue, 0), coalesce(c.late, 0), coalesce(c.premature, 0))
               OR (r.kind <> 'obligation' AND (coalesce(h.broken, 0), coalesce(h.unknown, 0))
                   IS DISTINCT FROM (coalesce(l.broken, 0), coalesce(l.unknown, 0)))
               OR (r.kind = 'attestation' AND h.is_stated IS DISTINCT FROM (coalesce(t.counting, 0) > 0))
               OR coalesce(h.is_complete, true) IS DISTINCT FROM (n.incomplete IS NULL)
               AS is_contradicted,
           coalesce(h.inconsistent, 'kept') AS contradicted_by, g.concerns AS doubtful, w.paragraphs
    FROM register.promise AS p
    LEFT JOIN register.rule AS r USING (promise)
    LEFT JOIN need AS n USING (promise)
    LEFT JOIN counted AS c USING (promise)
    LEFT JOIN looked AS l USING (promise)
    LEFT JOIN stated AS t USING (promise)
    LEFT JOIN checked AS h USING (promise)
    LEFT JOIN doubted AS g USING (promise)
    LEFT JOIN reworded AS w USING (promise)
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
                WHEN broken > 0 AND NOT cannot_prove THEN 'broken_constraint'
                WHEN rank IS NOT NULL
                THEN (['dataset_missing', 'dataset_failed', 'dataset_untrusted', 'dataset_empty'])[rank]
                WHEN paragraphs IS NOT NULL THEN 'paragraph_changed'
                WHEN doubtful IS NOT NULL THEN 'guard_tripped'
                WHEN incomplete IS NOT NULL THEN 'completeness_missing'
                WHEN unknown > 0 THEN 'obligation_unknown'
                WHEN unknown_conditions > 0 THEN 'condition_unknown'
                WHEN kind = 'constraint' AND judged = 0 AND NOT may_be_nothing THEN 'nothing_judged'
                WHEN clock = 'operate_by' AND judged = 0 THEN 'nothing_judged'
                WHEN kind = 'attestation' AND counts_until_on IS NULL THEN 'attestation_missing'
                WHEN kind = 'attestation' AND counting = 0 THEN 'attestation_expired'
                WHEN due_soon > 0 THEN 'due_soon'
                WHEN kind = 'attestation' AND NOT is_valid THEN 'attestation_expiring'
                ELSE 'none' END AS reason
    FROM gathered
), verdict AS (
    SELECT *,
           CASE WHEN reason IN ('overdue', 'late', 'premature', 'broken_constraint') THEN 'breached'
                WHEN reason IN ('due_soon', 'attestation_expiring') THEN 'at_risk'
                WHEN reason = 'none' THEN 'compliant'
                ELSE 'unverifiable' END AS verdict,
           CASE WHEN reason IN ('overdue', 'late', 'premature')
                THEN concat_ws('; ', CASE WHEN overdue > 0 THEN 'overdue ' || overdue END,
                               CASE WHEN late > 0 THEN 'late ' || late END,
                               CASE WHEN premature > 0 THEN 'premature ' || premature END)
                WHEN reason LIKE 'dataset%' THEN troubled
                WHEN reason = 'paragraph_changed' THEN paragraphs
                WHEN reason = 'guard_tripped' THEN doubtful
                WHEN reason = 'canary_failed' THEN canaries_failed
                WHEN reason = 'check_failed' THEN contradicted_by
                WHEN reason = 'obligation_unknown' THEN 'unknown ' || unknown
                WHEN reason = 'broken_constraint' THEN 'broken ' || broken_cases
                WHEN reason = 'condition_unknown' THEN 'unknown ' || unknown_cases
                WHEN reason = 'completeness_missing' THEN incomplete
                WHEN reason IN ('attestation_expired', 'attestation_expiring') THEN strftime(counts_until_on, '%Y-%m-%d')
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
