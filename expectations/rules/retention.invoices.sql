-- Question: until when must each invoice be kept?
-- Grain: an invoice. earliest_at is the first instant at which it may go: after the last day of the later of two terms,
-- from its issue (the policy) and from the end of its financial year (the law).
SELECT invoice_id AS subject, day_start(issued_on) AS opened_at,
       CASE WHEN financial_year_end_on IS NOT NULL
            THEN day_end(greatest(plus_months(issued_on, $period_months), plus_months(financial_year_end_on, $period_months)))
            END AS earliest_at,
       NULL::TIMESTAMPTZ AS due_at, NULL::TIMESTAMPTZ AS safe_due_at,
       CASE WHEN financial_year_end_on IS NOT NULL THEN least(removed_at, journal_at) END AS closed_at,
       CASE WHEN financial_year_end_on IS NULL THEN 'missing_date'
            WHEN coalesce(removed_at, journal_at) IS NOT NULL THEN 'removed'
            WHEN NOT is_present THEN 'vanished' END AS closed_by,
       CASE WHEN financial_year_end_on > issued_on THEN 'financial year' ELSE 'issue' END AS basis
FROM fact.invoice
