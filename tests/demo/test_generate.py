"""The demo's home: always the same for the same arguments, full of personal data, and accounted for."""

import hashlib
import json
import re
import stat
import tomllib
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.demo import generate
from pipelines.errors import UsageError
from pipelines.register import policy

AS_OF = date(2026, 6, 30)
RULES = policy.load().rules
# The states that each rule can come to (a minimum is never overdue, nor a reply held); all of them are planted.
DELETE_BY = {"void", "unknown", "late", "met", "held", "overdue", "open"}
STATES = {
    "retention.deleted-accounts": DELETE_BY | {"due_soon", "none"},
    "retention.inactive-accounts": DELETE_BY - {"void"} | {"due_soon", "none"},
    "retention.invoices": {"premature", "met", "open", "unknown"},
    "trash.kept": {"premature", "met", "open", "void"},
    "trash.recoverable": {"overdue", "late", "met", "open", "void"},
    "trash.purged": DELETE_BY,
    "cancellation.done": {"overdue", "late", "met", "due_soon", "open", "void", "none"},
    "rights.answered": {"overdue", "late", "met", "due_soon", "open", "void"},
    "marketing.unsubscribe": {"kept", "none", "no_unsubscribe", "unsubscribe_unknown"},
    "marketing.respected": {"kept", "none", "sent_after_opt_out"},
    "hosting.france": {"kept", "abroad", "country_unknown", "server_unlisted"},
    "collection.special-categories": {"kept", "special_category", "special_term_unclear", "exemption_unused"},
    "collection.declared": {"kept", "column_undeclared"},
    "policy.published": {"kept", "not_online", "paragraph_changed", "paragraph_not_reviewed"},
    "transport.encrypted": {"kept", "in_clear", "weak_key", "probe_old"},
    "cookies.purposes": {"kept", "undeclared", "other_purpose"},
    "cookies.lifetime": {"kept", "too_long", "prolonged", "declared_too_long"},
    "traffic.fields": {"kept", "undeclared_field"},
    "hosting.staff": {"expired", "expiring"},
    "hosting.security-updates": {"overdue", "late", "met", "due_soon"},
    "backup.several-daily": {"late", "met"},
    "backup.replicated": {"kept", "lagging", "sample_gap"},
    "backup.restorable": {"late", "open"},
    "customer-data.access": {"kept", "reason_not_allowed", "reason_unstated", "access_unsigned", "account_unnamed",
                             "ticket_missing", "ticket_unknown", "ticket_of_another", "ticket_not_support",
                             "ticket_not_open", "ticket_outlasted"},
    "rights.channels": {"kept", "unacknowledged", "acknowledged_late"},
    "processor.assistance": {"kept", "help_unanswered", "help_late", "expired", "valid"},
    "use.purposes": {"kept", "purpose_undeclared", "purpose_unstated", "legal_basis_unstated"},
    "use.subprocessors": {"kept", "subprocessor_purpose", "subprocessor_unregistered", "subprocessor_undisclosed",
                          "purpose_unstated", "disclosure_undated"},
    "use.no-promotional-sharing": {"kept", "promotional", "traded", "purpose_unstated", "disclosure_undated"},
    "hosting.consent-to-leave": {"kept", "left_without_consent", "consent_not_in_force", "consent_unproven", "data_unstated",
                                 "requirement_unproven", "destination_unstated", "disclosure_undated"},
    "customer-data.no-sharing": {"kept", "content_disclosed", "content_examined", "consent_not_in_force", "consent_unproven",
                                 "requirement_unproven", "data_unstated", "purpose_unstated", "legal_basis_unstated",
                                 "disclosure_undated"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "home"
    generate(folder, 1, 400, AS_OF)
    return folder


@pytest.fixture(scope="module")
def planted(home) -> list[dict]:
    return json.loads((home / "planted.json").read_text(encoding="utf-8"))


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def rows(home: Path, sql: str) -> list[tuple]:
    connection = warehouse.memory()
    found = connection.execute(sql.replace("{app}", str(home / "sources" / "app"))
                               .replace("{records}", str(home / "sources" / "records"))).fetchall()
    connection.close()
    return found


def test_equal_arguments_give_equal_bytes(home, tmp_path):
    generate(tmp_path / "again", 1, 400, AS_OF)
    assert digests(tmp_path / "again") == digests(home)


def test_making_it_again_replaces_the_sources_and_leaves_the_rest(home, tmp_path):
    generate(tmp_path, 2, 100, AS_OF)
    (tmp_path / "warehouse").mkdir()
    kept = tmp_path / "warehouse" / "kept"
    kept.write_text("kept")
    key = tmp_path / "keys" / "warehouse.key"
    opens = key.read_bytes()
    generate(tmp_path, 1, 400, AS_OF)
    assert kept.read_text() == "kept"
    assert key.read_bytes() == opens
    kept.unlink()
    key.write_bytes((home / "keys" / "warehouse.key").read_bytes())
    assert digests(tmp_path) == digests(home)


def test_another_seed_plants_other_subjects(planted, tmp_path):
    generate(tmp_path, 2, 400, AS_OF)
    others = json.loads((tmp_path / "planted.json").read_text(encoding="utf-8"))
    pairs = zip(planted, others, strict=True)
    same = sum(one["subject"] == other["subject"] for one, other in pairs if one["subject"].isdigit())  # numbered, not named
    assert same < len(planted) / 20
    assert [one["state"] for one in planted] == [other["state"] for other in others]


def test_the_key_is_the_owners_alone(home):
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "keys" / "pseudonym.key").stat().st_mode) == 0o600
    assert len(bytes.fromhex((home / "keys" / "pseudonym.key").read_text())) == 32


def test_it_is_never_made_over_a_real_home(tmp_path):
    (tmp_path / "sources.toml").write_text("[system]\n")
    with pytest.raises(UsageError, match="another folder"):
        generate(tmp_path, 1, 400, AS_OF)
    assert (tmp_path / "sources.toml").read_text() == "[system]\n"


def test_it_refuses_a_world_too_small_to_plant_in(tmp_path):
    with pytest.raises(UsageError, match="at least"):
        generate(tmp_path / "none", 1, 3, AS_OF)
    assert not (tmp_path / "none").exists()


def test_every_state_that_a_rule_can_come_to_is_planted(planted):
    found = defaultdict(set)
    for row in planted:
        found[row["promise"]].add(row["state"])
    assert dict(found) == STATES
    assert set(STATES) == set(RULES)


def test_old_failures_are_planted_as_history(planted):
    old = {row["promise"] for row in planted if not row["in_review"]}
    # A column or a field is there, or is not.
    standing = {"collection.special-categories", "collection.declared", "traffic.fields"}
    dated = {promise for promise, rule in RULES.items() if rule.kind == "obligation" or rule.has_conditions}
    assert old == dated - standing
    assert {row["state"] for row in planted if not row["in_review"] and RULES[row["promise"]].kind == "obligation"} == {
        "late", "premature"}


def test_each_planted_obligation_is_named_once_and_explained(planted):
    names = [(row["promise"], row["subject_kind"], row["subject"], row["opened_on"]) for row in planted]
    assert len(names) == len(set(names))
    assert all(row["why_fr"] and row["why_en"] and row["why_fr"] != row["why_en"] for row in planted)


def test_planted_subjects_stand_among_the_others(home, planted):
    """Not at the end of the table, and not in a row."""
    last = rows(home, "SELECT max(id) FROM '{app}/customer.parquet'")[0][0]
    numbers = {int(row["subject"]) for row in planted if row["subject_kind"] == "account"}
    assert min(numbers) < last / 4
    assert max(numbers) > last * 3 / 4


def test_personal_data_is_there_to_be_found(home):
    """A search for it in what a run leaves behind only means something if the sources are full of it."""
    persons, mails, phones = rows(home, "SELECT count(*), count(email), count(phone) FROM '{app}/person.parquet'")[0]
    assert persons > 400
    assert mails > persons / 3
    assert phones > persons / 8
    shown = rows(home, "SELECT full_name, email, last_ip FROM '{app}/person.parquet' WHERE email IS NOT NULL")
    assert all(" " in name and re.fullmatch(r"[a-z]+\.[a-z]+\d+@example\.(fr|com|org|net)", mail) and ip.count(".") == 3
               for name, mail, ip in shown if name)
    assert rows(home, "SELECT count(notes) > 20 AND count(postal_address) > 100 FROM '{app}/customer.parquet'")[0][0]
    assert rows(home, "SELECT count(title) > 20 FROM '{app}/trashed_item.parquet'")[0][0]
    assert rows(home, "SELECT count(message) > 20 FROM '{app}/deletion_request.parquet'")[0][0]
    assert "@example." in (home / "sources" / "records" / "rights_request.csv").read_text(encoding="utf-8")


def test_nobody_real_can_be_rung_up_or_written_to(home):
    """Telephone numbers of fiction, domains and networks of examples."""
    for table in ("person", "customer"):
        phones = rows(home, f"SELECT DISTINCT phone FROM '{{app}}/{table}.parquet' WHERE phone IS NOT NULL")
        assert all(phone.startswith(("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98"))
                   and re.fullmatch(r"\d\d( \d\d){4}", phone) for phone, in phones)


def test_what_is_erased_is_really_gone_from_the_source(home, planted):
    """Only where it was planted does anything remain."""
    left = rows(home, "SELECT id FROM '{app}/customer.parquet' WHERE erased_at IS NOT NULL "
                      "AND coalesce(company, email, phone, postal_address, notes) IS NOT NULL")
    lied = {row["subject"] for row in planted
            if "adresse est encore là" in row["why_fr"] and row["subject_kind"] == "account"}
    assert {str(number) for number, in left} == lied


def test_only_presence_is_asked_of_personal_columns(home):
    mapping = tomllib.loads((home / "sources.toml").read_text(encoding="utf-8"))
    selects = [text for text in mapping["app"]["datasets"].values() if "SELECT" in text]
    assert selects
    personal = r"\b(company|email|phone|postal_address|full_name|notes|sign_up_ip|last_ip|title|message)\b"
    for select in selects:
        assert not re.findall(rf"{personal}(?! IS NOT NULL AS has_)", select)
        assert "*" not in select.replace("/*.parquet", "")


def test_invoice_numbers_have_no_gap(home):
    gaps = rows(home, "SELECT series FROM '{app}/invoice.parquet' GROUP BY series "
                      "HAVING max(number) <> count(DISTINCT number) OR count(*) <> count(DISTINCT number)")
    assert gaps == []


def test_nothing_has_happened_after_as_of(home):
    for table in ("customer", "person", "membership", "usage_event/*", "invoice", "trashed_item", "recovery",
                  "deletion_request"):
        columns = rows(home, f"SELECT column_name FROM (DESCRIBE FROM '{{app}}/{table}.parquet') "
                             "WHERE column_type = 'TIMESTAMP WITH TIME ZONE' AND column_name <> 'paid_until_at'")
        latest = ", ".join(f"max({name})" for name, in columns)
        for moment in rows(home, f"SELECT {latest} FROM '{{app}}/{table}.parquet'")[0]:
            assert moment is None or moment.date() <= AS_OF
