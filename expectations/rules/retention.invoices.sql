-- Question: until when must each invoice be kept?
-- Grain: an invoice. earliest_at is the first instant at which it may go: after the last day of the later of two terms,
-- from its issue (the policy) and from the end of its financial year (the law).
-- An invoice that is still there has not gone, whatever the journal says: that is a finding.
-- Where the end of the financial year is missing, the later term is not known, but never before the one from its issue.
WITH term AS (
    SELECT *, day_end(greatest(plus_months(issued_on, $period_months), plus_months(financial_year_end_on, $period_months)))
                  AS earliest_at,
           CASE WHEN removed_at IS NOT NULL OR NOT is_present THEN least(removed_at, journal_at) END AS gone_at
    FROM fact.invoice
)
SELECT invoice_id AS subject, day_start(issued_on) AS opened_at, earliest_at, NULL::TIMESTAMPTZ AS due_at,
       NULL::TIMESTAMPTZ AS safe_due_at, gone_at AS closed_at,
       CASE WHEN financial_year_end_on IS NULL AND coalesce(gone_at >= earliest_at, true) THEN 'missing_date'
            WHEN gone_at IS NOT NULL THEN 'removed'
            WHEN NOT is_present THEN 'vanished' END AS closed_by,
       CASE WHEN financial_year_end_on > issued_on THEN 'financial year' ELSE 'issue' END AS basis
FROM term
