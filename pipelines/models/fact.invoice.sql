-- Question: which invoices are, or were, kept?
-- Grain: an invoice (credit notes and corrected originals included), those that have vanished from the source included.
-- removed_at and journal_at: by the source's row and by its journal of erasures; vanished_at: when its absence was first seen.
-- resurrected_at: since when an invoice that had been removed, or had gone, is seen there again; NULL for nothing.
WITH collected AS (
    SELECT collected_at FROM source.collection WHERE dataset = 'invoices' AND status = 'collected'
), journal AS (
    SELECT invoice_id, min(erased_at) AS journal_at
    FROM source.erasure_journal
    WHERE invoice_id IS NOT NULL AND erased_at < $as_of_end
    GROUP BY invoice_id
), known AS (
    SELECT invoice_id, account_id, kind, series, number, issued_on, financial_year_end_on, period_from_on, period_until_on,
           CASE WHEN removed_at < $as_of_end THEN removed_at END AS removed_at, true AS is_present,
           NULL::TIMESTAMPTZ AS vanished_at
    FROM source.invoices
    WHERE day_start(issued_on) < $as_of_end
    UNION ALL
    SELECT invoice_id, account_id, kind, series, number, issued_on, financial_year_end_on, period_from_on, period_until_on,
           removed_at, is_present AND (SELECT count(*) FROM collected) = 0,
           coalesce(vanished_at, (SELECT collected_at FROM collected))
    FROM previous.fact.invoice AS p
    WHERE NOT EXISTS (FROM source.invoices AS i WHERE i.invoice_id = p.invoice_id)
), back AS (
    SELECT k.invoice_id,
           coalesce(p.resurrected_at, CASE WHEN NOT p.is_present OR p.removed_at IS NOT NULL
                                           THEN (SELECT collected_at FROM collected) END) AS resurrected_at
    FROM known AS k
    JOIN previous.fact.invoice AS p USING (invoice_id)
    WHERE k.is_present AND k.removed_at IS NULL
)
SELECT invoice_id, account_id, kind, series, number, issued_on, financial_year_end_on, period_from_on, period_until_on,
       removed_at, journal_at, is_present, vanished_at, resurrected_at
FROM known
LEFT JOIN journal USING (invoice_id)
LEFT JOIN back USING (invoice_id)
