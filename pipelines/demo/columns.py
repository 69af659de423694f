"""The source system's tables: from arrays of numbers to rows as a real system has them, personal data included.

Each SELECT reads the staging table of its name. Moments are seconds, days are day numbers, words are positions in their
sets, -1 is nothing. Personal columns are filled where the presence flag says so. One SELECT a table, ordered by its key,
so that the same world is written in the same order.
"""

from pipelines.demo import upkeep, words

MACROS = """
CREATE MACRO moment(seconds) AS CASE WHEN seconds >= 0 THEN to_timestamp(seconds) END;
CREATE MACRO on_day(number) AS CASE WHEN number >= 0 THEN DATE '1970-01-01' + (number)::INTEGER END;
CREATE MACRO yes_no(number) AS CASE WHEN number >= 0 THEN number = 1 END;
CREATE MACRO id(number) AS CASE WHEN number >= 0 THEN number END;
"""


def _word(column: str, known: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in known)
    return f"[{listed}][{column} + 1]"


TABLES = {
    "customer": f"""
        SELECT account AS id, CASE WHEN has_name THEN firm(account) END AS company,
               CASE WHEN has_email THEN email(account + 70000) END AS email,
               CASE WHEN has_phone THEN phone(account + 3) END AS phone,
               CASE WHEN has_address THEN address(account) END AS postal_address,
               CASE WHEN has_name AND account % 5 = 0 THEN note(account) END AS notes,
               CASE WHEN has_name THEN ip(account) END AS sign_up_ip,
               moment(created_at) AS created_at, {_word("plan", words.PLANS)} AS plan,
               {_word("state", words.STATES)} AS state,
               moment(paid_from_at) AS paid_from_at, moment(paid_until_at) AS paid_until_at,
               moment(last_sign_in_at) AS last_sign_in_at, moment(last_edit_at) AS last_edit_at,
               moment(deletion_requested_at) AS deletion_requested_at, moment(deleted_at) AS deleted_at,
               moment(reinstated_at) AS reinstated_at, moment(erased_at) AS erased_at
        FROM customer ORDER BY account""",
    "person": """
        SELECT person AS id, CASE WHEN has_name THEN full_name(person) END AS full_name,
               CASE WHEN has_email THEN email(person) END AS email, CASE WHEN has_phone THEN phone(person) END AS phone,
               CASE WHEN has_email THEN ip(person) END AS last_ip, moment(created_at) AS created_at,
               moment(erased_at) AS erased_at
        FROM person ORDER BY person""",
    "membership": """
        SELECT person AS person_id, account AS customer_id, moment(created_at) AS created_at,
               moment(removed_at) AS removed_at, moment(last_sign_in_at) AS last_sign_in_at,
               moment(last_edit_at) AS last_edit_at
        FROM membership ORDER BY person, account""",
    "usage_event": f"""
        SELECT number AS id, moment(occurred_at) AS occurred_at, account AS customer_id, id(person) AS person_id,
               {_word("actor", words.ACTORS)} AS actor, {_word("action", words.ACTIONS)} AS action
        FROM usage_event ORDER BY number""",
    "invoice": f"""
        SELECT invoice AS invoice_id, id(account) AS account_id, {_word("kind", words.INVOICE_KINDS)} AS kind, series,
               row_number() OVER (PARTITION BY series ORDER BY issued_on, invoice) AS number,
               on_day(issued_on) AS issued_on, on_day(financial_year_end_on) AS financial_year_end_on,
               on_day(period_from_on) AS period_from_on, on_day(period_until_on) AS period_until_on,
               CASE WHEN removed_at < 0 THEN firm(invoice) END AS billing_name,
               CASE WHEN removed_at < 0 THEN address(invoice) END AS billing_address,
               1900 + (invoice * 700) % 90000 AS amount_cents, moment(removed_at) AS removed_at
        FROM (SELECT *, CASE kind WHEN 1 THEN 'AV' ELSE 'FA' END || year(on_day(issued_on)) AS series FROM invoice)
        ORDER BY invoice""",
    "trashed_item": """
        SELECT item AS id, account AS customer_id, person AS person_id,
               CASE WHEN purged_at < 0 THEN 'Compte rendu ' || full_name(person) END AS title,
               moment(created_at) AS created_at, moment(deleted_at) AS deleted_at,
               moment(restored_at) AS restored_at, moment(purged_at) AS purged_at
        FROM trashed_item ORDER BY item, deleted_at""",
    "recovery": f"""
        SELECT recovery AS recovery_id, item AS item_id, moment(requested_at) AS requested_at,
               {_word("outcome", words.OUTCOMES)} AS outcome, moment(outcome_at) AS outcome_at
        FROM recovery ORDER BY recovery""",
    "deletion_request": f"""
        SELECT request AS request_id, account AS account_id, id(person) AS user_id, moment(requested_at) AS requested_at,
               moment(withdrawn_at) AS withdrawn_at, {_word("channel", words.CHANNELS)} AS channel,
               CASE WHEN request % 3 = 0 THEN 'Bonjour, merci de supprimer mon compte. ' || note(account) END AS message
        FROM deletion_request ORDER BY request""",
    "item_copy": f"""
        SELECT item AS item_id, {_word("server", words.SERVERS)} AS server_id, moment(held_since_at) AS held_since_at,
               moment(gone_at) AS gone_at
        FROM item_copy ORDER BY item, server, held_since_at""",
    "rights_request": f"""
        SELECT request AS request_id, full_name(requester) AS requester_name, email(requester) AS requester_email,
               id(account) AS account_id, id(person) AS user_id, {_word('"right"', words.RIGHTS)} AS "right",
               {_word("channel", words.CHANNELS)} AS channel, moment(received_at) AS received_at,
               moment(acknowledged_at) AS acknowledged_at, moment(identity_asked_at) AS identity_asked_at,
               moment(identity_confirmed_at) AS identity_confirmed_at,
               moment(extension_notified_at) AS extension_notified_at,
               moment(answered_at) AS answered_at, {_word("outcome", words.ANSWERS)} AS outcome,
               CASE WHEN has_reasons THEN 'Demande sans rapport avec ' || full_name(requester) || ', art. 12(5).' END
                   AS refusal_reasons, moment(erased_at) AS erased_at
        FROM (SELECT *, CASE WHEN person < 0 THEN account ELSE person END AS requester FROM rights_request)
        ORDER BY request""",
    "ticket": f"""
        SELECT ticket AS ticket_id, id(account) AS account_id,
               CASE WHEN account >= 0 THEN full_name(account) END AS asked_by,
               'Bonjour, je suis ' || full_name(ticket) || ', mon dossier ne s’ouvre plus.' AS first_message,
               {_word("kind", words.TICKET_KINDS)} AS kind, moment(opened_at) AS opened_at,
               moment(answered_at) AS answered_at, moment(closed_at) AS closed_at
        FROM ticket ORDER BY ticket, opened_at""",
    "staff_access": f"""
        SELECT access AS access_id, id(account) AS account_id, moment(accessed_at) AS accessed_at,
               moment(ended_at) AS ended_at,
               {_word("reason", words.REASONS)} AS reason, id(ticket) AS ticket_id,
               CASE WHEN staff >= 0 THEN full_name(staff + 900000) END AS staff,
               CASE WHEN access % 4 = 0 THEN note(access) END AS remark
        FROM staff_access ORDER BY access""",
    "erasure_journal": """
        SELECT number AS entry_id, id(account) AS account_id, id(person) AS user_id, id(item) AS item_id,
               id(invoice) AS invoice_id, moment(erased_at) AS erased_at
        FROM erasure_journal ORDER BY number""",
    "server": f"""
        SELECT {_word("server", words.SERVERS)} AS server_id, {_word("role", words.SERVER_ROLES)} AS role,
               upper({_word("server", words.SERVERS)}[1:3]) AS site, country, moment(in_service_at) AS in_service_at,
               moment(out_of_service_at) AS out_of_service_at
        FROM server ORDER BY server""",
    "backup": f"""
        SELECT 'snap-' || number AS snapshot_id, '{words.VAULT}' AS server_id, '{words.PRIMARY}' AS source_server_id,
               moment(taken_at) AS taken_at, ['success', 'partial', 'failed'][status + 1] AS status, holds_trash,
               '{' '.join(upkeep.VOLUMES)}' AS volumes,
               moment(removed_at) AS removed_at
        FROM backup ORDER BY number""",
    "mailing": f"""
        SELECT email AS email_id, recipient, email(recipient + 140000) AS address, moment(sent_at) AS sent_at,
               {_word("kind", words.MAIL_KINDS)} AS kind, yes_no(header) AS has_list_unsubscribe,
               yes_no(link) AS has_unsubscribe_link
        FROM mailing ORDER BY sent_at, email""",
    "opt_out": f"""
        SELECT recipient, email(recipient + 140000) AS address, {_word("kind", words.STOPPED_KINDS)} AS kind,
               moment(stopped_at) AS stopped_at, moment(resumed_at) AS resumed_at
        FROM opt_out ORDER BY stopped_at, recipient""",
    "volume": f"""
        SELECT {_word("server", words.SERVERS)} AS server_id, volume, moment(in_use_at) AS in_use_at,
               moment(out_of_use_at) AS out_of_use_at
        FROM volume ORDER BY server, volume""",
    "restore_drill": f"""
        SELECT 'exercice-' || row_number() OVER (ORDER BY started_at) AS drill_id,
               {_word("kind", words.DRILLS)} AS kind, {_word("server", words.SERVERS)} AS server_id,
               moment(started_at) AS started_at, moment(finished_at) AS finished_at,
               {_word("outcome", words.DRILL_OUTCOMES)} AS outcome
        FROM restore_drill ORDER BY started_at""",
    "security_update": f"""
        SELECT {_word("server", words.SERVERS)} AS server_id, moment(checked_at) AS checked_at, pending,
               moment(oldest_pending_at) AS oldest_pending_at
        FROM security_update ORDER BY checked_at, server""",
    "replication_sample": f"""
        SELECT '{words.PRIMARY}' AS source_server_id, {_word("replica", words.SERVERS)} AS replica_server_id,
               moment(sampled_at) AS sampled_at, lag_seconds
        FROM replication_sample ORDER BY sampled_at, replica""",
    "processing": f"""
        SELECT processing AS processing_id, {_word("purpose", words.PURPOSES)} AS purpose,
               {_word("data", words.KINDS_OF_DATA)} AS data, {_word("legal_basis", words.LEGAL_BASES)} AS legal_basis,
               {_word("subprocessor", words.RECIPIENTS)} AS subprocessor_id, on_day(from_on) AS from_on,
               on_day(until_on) AS until_on, full_name(processing + 40) AS owner
        FROM processing ORDER BY processing""",
    "disclosure": f"""
        SELECT disclosure AS disclosure_id, moment(disclosed_at) AS disclosed_at, is_continuous,
               moment(ended_at) AS ended_at,
               {_word("recipient_kind", words.RECIPIENT_KINDS)} AS recipient_kind,
               coalesce({_word("organisation", words.RECIPIENTS)}, full_name(disclosure + 60)) AS recipient_id,
               {_word("manner", words.MANNERS)} AS manner, {_word("purpose", words.PURPOSES)} AS purpose,
               {_word("data", words.KINDS_OF_DATA)} AS data, {_word("destination", words.DESTINATIONS)} AS destination,
               {_word("basis", words.BASES)} AS basis,
               CASE WHEN has_reference THEN 'Accord ou demande de ' || full_name(disclosure + 80) END AS reference,
               moment(consented_at) AS consented_at, moment(consent_withdrawn_at) AS consent_withdrawn_at
        FROM disclosure ORDER BY disclosure""",
    "legal_hold": """
        SELECT 'hold-' || hold AS hold_id, promise, id(account) AS account_id, id(person) AS user_id, id(item) AS item_id,
               reason, CASE WHEN has_approver THEN full_name(hold + 11) END AS approver, moment(from_at) AS from_at,
               moment(until_at) AS until_at
        FROM legal_hold ORDER BY hold""",
    "published_policy": """
        SELECT place, is_online, fingerprint, moment(checked_at) AS checked_at
        FROM published_policy ORDER BY checked_at, place""",
    "attestation": """
        SELECT attestation_id, kind, dataset, promise, reference, on_day(stated_on) AS stated_on,
               on_day(valid_until_on) AS valid_until_on, role
        FROM attestation ORDER BY attestation_id""",
}
