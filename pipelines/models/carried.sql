-- What a run reads of the run before it (`previous.*`), in today's layout. On a first run these tables are empty.
-- Held equal to what the models make by a test.
CREATE TABLE source.collection (dataset VARCHAR, source VARCHAR, status VARCHAR, detail VARCHAR, collected_at TIMESTAMPTZ,
    written_at TIMESTAMPTZ, rows_in BIGINT, rows_kept BIGINT, rows_set_aside BIGINT, digest VARCHAR, absent_columns VARCHAR[]);
CREATE TABLE source.log_file (log_id VARCHAR, head_bytes BIGINT, name VARCHAR, mark VARCHAR, hasher VARCHAR);
CREATE TABLE source.log_day (log_id VARCHAR, day_on DATE, lines BIGINT, digest VARCHAR);
CREATE TABLE fact.account (account_id VARCHAR, created_at TIMESTAMPTZ, plan VARCHAR, is_deleted BOOLEAN,
    deletion_asked_at TIMESTAMPTZ, deleted_at TIMESTAMPTZ, reinstated_at TIMESTAMPTZ,
    erased_at TIMESTAMPTZ, has_personal_data BOOLEAN, is_present BOOLEAN, vanished_at TIMESTAMPTZ,
    resurrected_at TIMESTAMPTZ, paid_from_at TIMESTAMPTZ, paid_until_at TIMESTAMPTZ);
CREATE TABLE fact.membership (user_id VARCHAR, account_id VARCHAR, created_at TIMESTAMPTZ, removed_at TIMESTAMPTZ);
CREATE TABLE fact.person (user_id VARCHAR, erased_at TIMESTAMPTZ, has_personal_data BOOLEAN, is_present BOOLEAN,
    vanished_at TIMESTAMPTZ, resurrected_at TIMESTAMPTZ);
CREATE TABLE fact.last_seen (account_id VARCHAR, user_id VARCHAR, seen_at TIMESTAMPTZ, is_overwritten BOOLEAN);
CREATE TABLE fact.idle_spell (account_id VARCHAR, opened_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, ended_by VARCHAR,
    is_certain BOOLEAN);
CREATE TABLE fact.invoice (invoice_id VARCHAR, account_id VARCHAR, kind VARCHAR, series VARCHAR, number BIGINT,
    issued_on DATE, financial_year_end_on DATE, period_from_on DATE, period_until_on DATE, removed_at TIMESTAMPTZ,
    journal_at TIMESTAMPTZ, is_present BOOLEAN, vanished_at TIMESTAMPTZ, resurrected_at TIMESTAMPTZ);
CREATE TABLE fact.deleted_item (item_id VARCHAR, account_id VARCHAR, user_id VARCHAR, created_at TIMESTAMPTZ,
    deleted_at TIMESTAMPTZ, restored_at TIMESTAMPTZ, purged_at TIMESTAMPTZ, erasure_asked_at TIMESTAMPTZ,
    journal_at TIMESTAMPTZ, is_present BOOLEAN, vanished_at TIMESTAMPTZ, resurrected_at TIMESTAMPTZ);
CREATE TABLE fact.snapshot (snapshot_id VARCHAR, server_id VARCHAR, source_server_id VARCHAR, taken_at TIMESTAMPTZ,
    status VARCHAR, holds_trash BOOLEAN, volumes VARCHAR, removed_at TIMESTAMPTZ, present_until_at TIMESTAMPTZ,
    absent_from_at TIMESTAMPTZ, first_seen_at TIMESTAMPTZ);
CREATE TABLE fact.source_column (source_name VARCHAR, schema_name VARCHAR, table_name VARCHAR, column_name VARCHAR,
    data_type VARCHAR, is_declared BOOLEAN, is_special BOOLEAN, first_seen_on DATE);
CREATE TABLE obligation.current (promise VARCHAR, subject VARCHAR, opened_at TIMESTAMPTZ, earliest_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ, safe_due_at TIMESTAMPTZ, closed_at TIMESTAMPTZ, closed_by VARCHAR, basis VARCHAR, state VARCHAR,
    failed_at TIMESTAMPTZ, in_review BOOLEAN);
CREATE TABLE obligation.change (as_of DATE, promise VARCHAR, subject VARCHAR, opened_at TIMESTAMPTZ, from_state VARCHAR,
    to_state VARCHAR, why VARCHAR);
CREATE TABLE obligation.condition (promise VARCHAR, subject VARCHAR, seen_at TIMESTAMPTZ, ok BOOLEAN, reason VARCHAR,
    cases BIGINT, state VARCHAR, since_on DATE, in_review BOOLEAN);
CREATE TABLE obligation.condition_count (as_of DATE, promise VARCHAR, state VARCHAR, reason VARCHAR, subjects BIGINT,
    cases BIGINT);
CREATE TABLE obligation.count (as_of DATE, promise VARCHAR, state VARCHAR, subjects BIGINT);
CREATE TABLE obligation.guard (guard VARCHAR, concerns VARCHAR, state VARCHAR, found BIGINT, compared_with BIGINT,
    since_on DATE, accepted BIGINT);
CREATE TABLE verdict.current (promise VARCHAR, position BIGINT, section VARCHAR, summary_fr VARCHAR, summary_en VARCHAR,
    kind VARCHAR, verdict VARCHAR, since_on DATE, reason VARCHAR, detail VARCHAR, cure_fr VARCHAR, cure_en VARCHAR,
    judged BIGINT, looked_at BIGINT, datasets VARCHAR[], previous_verdict VARCHAR);
CREATE TABLE verdict.history (as_of DATE, promise VARCHAR, verdict VARCHAR, reason VARCHAR, since_on DATE);
