"""The register of promises: complete, in our own words, and refusing every piece of nonsense."""

import hashlib
import re

import pytest

from pipelines.errors import AlpiaError, UsageError
from pipelines.home import REPOSITORY
from pipelines.register import contracts, policy
from pipelines.register.document import EXPECTATIONS, ROOT

# Every promise of the published policy: id, kind, section.
PROMISES = """
collection.special-categories   constraint   Informations collectées
collection.declared             constraint   Informations collectées
use.purposes                    constraint   Utilisation
use.subprocessors               constraint   Utilisation
use.no-promotional-sharing      constraint   Utilisation
hosting.france                  constraint   Hébergées en France
hosting.security-updates        obligation   Hébergées en France
hosting.consent-to-leave        constraint   Hébergées en France
hosting.staff                   attestation  Hébergées en France
backup.several-daily            obligation   Sauvegardes
backup.replicated               constraint   Sauvegardes
backup.restorable               obligation   Sauvegardes
trash.kept                      obligation   Sauvegardes
trash.recoverable               obligation   Sauvegardes
trash.purged                    obligation   Sauvegardes
transport.encrypted             constraint   Cryptage
customer-data.access            constraint   Données du client
customer-data.no-sharing        constraint   Données du client
traffic.fields                  constraint   Trafic
cookies.purposes                constraint   Cookies
cookies.lifetime                constraint   Cookies
retention.deleted-accounts      obligation   Conservation
retention.inactive-accounts     obligation   Conservation
retention.invoices              obligation   Conservation
cancellation.done               obligation   Annulation
marketing.unsubscribe           constraint   Préférences
marketing.respected             constraint   Préférences
rights.answered                 obligation   Exercice des droits
rights.channels                 constraint   Exercice des droits
processor.assistance            attestation  Préambule
policy.published                constraint   Préambule
"""

# The rules that are built: clock, horizon in days, needs, and what completes them.
RULES = {
    "collection.special-categories": (None, None, {"source_columns"}, {"column_exemptions"}),
    "collection.declared": (None, None, {"source_columns"}, set()),
    "use.purposes": (None, None, {"processing_register"}, set()),
    "use.subprocessors": (None, None, {"disclosures", "processing_register"}, set()),
    "use.no-promotional-sharing": (None, None, {"disclosures"}, set()),
    "hosting.consent-to-leave": (None, None, {"disclosures"}, set()),
    "customer-data.no-sharing": (None, None, {"disclosures", "processing_register"}, set()),
    "hosting.france": (None, None, {"servers"}, {"item_copies", "backups"}),
    "transport.encrypted": (None, None, {"access_log", "tls_probes"}, set()),
    "traffic.fields": (None, None, {"access_log", "log_fields", "raw_logs"}, set()),
    "cookies.purposes": (None, None, {"cookies", "declared_cookies"}, set()),
    "cookies.lifetime": (None, None, {"cookies", "declared_cookies"}, set()),
    "hosting.staff": (None, 30, {"attestations"}, set()),
    "policy.published": (None, None, {"published_policy"}, set()),
    "customer-data.access": (None, None, {"staff_access"}, {"tickets", "accounts"}),
    "rights.channels": (None, None, {"rights_requests"}, {"accounts", "users"}),
    "processor.assistance": (None, 30, {"attestations", "tickets"}, set()),
    "retention.deleted-accounts": (
        "delete_by",
        30,
        {"accounts", "users", "deletion_requests"},
        {"erasure_journal"},
    ),
    "retention.inactive-accounts": (
        "delete_by",
        30,
        {"accounts", "users", "activity"},
        {"erasure_journal", "invoices"},
    ),
    "retention.invoices": ("keep_until", None, {"invoices"}, {"erasure_journal"}),
    "trash.kept": (
        "keep_until",
        None,
        {"deleted_items", "recoveries", "rights_requests"},
        {"item_copies", "servers", "erasure_journal"},
    ),
    "trash.recoverable": ("reply_by", None, {"deleted_items", "recoveries"}, set()),
    "trash.purged": (
        "delete_by",
        None,
        {"deleted_items", "recoveries", "servers"},
        {"item_copies", "backups", "erasure_journal"},
    ),
    "cancellation.done": (
        "reply_by",
        7,
        {"accounts", "deletion_requests"},
        {"users", "rights_requests", "erasure_journal"},
    ),
    "marketing.unsubscribe": (None, None, {"emails"}, set()),
    "marketing.respected": (None, None, {"emails", "opt_outs"}, set()),
    "rights.answered": (
        "reply_by",
        7,
        {"rights_requests"},
        {"accounts", "users", "deletion_requests", "erasure_journal"},
    ),
    "hosting.security-updates": ("operate_by", 7, {"security_updates", "servers"}, set()),
    "backup.several-daily": ("operate_by", None, {"servers", "backups"}, {"volumes"}),
    "backup.replicated": (None, None, {"servers", "replication_samples"}, set()),
    "backup.restorable": ("operate_by", 30, {"restore_drills", "servers"}, set()),
}

# Every number that decides: its value and whose reading it is.
PARAMETERS = """
use.purposes.allowed_purposes               service,sales_marketing,usage_analysis,news_events   policy
use.purposes.implied_purposes               hosting,improvement,billing,payment,support,communication   ours
use.purposes.legal_purposes                 legal_obligation   law
use.subprocessors.allowed_purposes          improvement,billing,payment,support,communication   policy
use.subprocessors.hosting_purposes          hosting   policy
use.subprocessors.implied_purposes          usage_analysis,news_events   ours
use.no-promotional-sharing.promotional_purposes     third_party_promotion   policy
use.no-promotional-sharing.own_promotion_purposes   sales_marketing,news_events   ours
use.no-promotional-sharing.third_parties            partner,other   law
use.no-promotional-sharing.trading_manners          sold,rented,exchanged   ours
hosting.france.allowed_countries            FR   policy
hosting.consent-to-leave.consent_bases              consent   policy
hosting.consent-to-leave.lawful_bases               legal_requirement   law
hosting.consent-to-leave.subprocessor_kinds         contact,billing,management,usage,traffic   ours
hosting.staff.valid_months                  12   ours
transport.encrypted.key_bits                256  policy
transport.encrypted.probed_days             8    ours
traffic.fields.allowed_fields               ALLOWED_FIELDS ours
traffic.fields.raw_log_months                   12   ours
cookies.purposes.allowed_purposes           sign_in,visits,preferences policy
cookies.purposes.looked_days                8    ours
cookies.lifetime.period_months              12   policy
cookies.lifetime.looked_days                8    ours
customer-data.access.allowed_reasons        service,technical,support,legal  policy
customer-data.access.ticketed_reasons       support  policy
customer-data.access.support_kinds          support,assistance  ours
customer-data.access.tolerance_minutes      60   ours
rights.channels.watched_channels            in_app,email  policy
rights.channels.acknowledge_days            7    ours
rights.channels.seen_months                 12   ours
rights.channels.attested_months             3    ours
processor.assistance.valid_months           12   ours
processor.assistance.answer_days            15   ours
customer-data.no-sharing.lawful_bases               legal_requirement   policy
customer-data.no-sharing.instructed_bases           consent   law
customer-data.no-sharing.hosting_purposes           hosting   policy
customer-data.no-sharing.serving_purposes           service,support   policy
customer-data.no-sharing.legal_purposes             legal_obligation   policy
retention.deleted-accounts.period_months    36   policy
retention.inactive-accounts.period_months   36   policy
retention.invoices.period_months            120  policy
retention.invoices.held_longer_months       12   ours
trash.kept.kept_days                        21   policy
trash.recoverable.kept_days                 21   policy
trash.recoverable.serve_days                30   ours
trash.purged.kept_days                      21   policy
trash.purged.tolerance_days                 1    ours
trash.purged.suspended_days                 30   ours
cancellation.done.period_months             1    ours
marketing.respected.effect_days             1    ours
rights.answered.period_months               1    law
rights.answered.extended_months             3    law
hosting.security-updates.installed_days     30   ours
backup.several-daily.several_count          2    ours
backup.replicated.lag_seconds               60   ours
backup.replicated.gap_minutes               60   ours
backup.restorable.drill_months              12   ours
backup.restorable.restored_minutes          240  ours
"""

CLOSINGS = {
    "closes": "erased deleted purged removed served answered carried_out refused active paid backed_up day_over"
    " rehearsed installed retired checked",
    "voids": "withdrawn unpaid restored reinstated erasure_asked outside_window",
    "unknown": "vanished undated missing_date unknown_server unlisted_copy bracketed overwritten"
    " short_history guarded before_collection not_listed_yet unproven_backup unlisted_volumes unchecked",
}


ALLOWED_FIELDS = ("time,address,request,status,bytes,duration,referrer,agent,host,port,scheme,protocol,cipher,key_bits,"
                  "connection,user,account")
PARAMETERS = PARAMETERS.replace("ALLOWED_FIELDS", ALLOWED_FIELDS)
REASONS = {
    "broken": "no_unsubscribe sent_after_opt_out "
              "abroad not_online one_site lagging column_undeclared special_category weak_key in_clear undeclared "
              "other_purpose too_long prolonged declared_too_long undeclared_field raw_too_old visitor_kept "
              "reason_not_allowed ticket_missing ticket_of_another ticket_not_support ticket_not_open "
              "ticket_outlasted unacknowledged acknowledged_late help_unanswered help_late "
              "purpose_undeclared subprocessor_purpose promotional traded left_without_consent consent_not_in_force "
              "content_disclosed content_examined",
    "unknown": "unsubscribe_unknown "
               "country_unknown server_unlisted paragraph_changed paragraph_not_reviewed site_unknown not_sampled "
               "sample_gap special_term_unclear exemption_unused not_logged suite_unknown redirect_unproven "
               "probe_silent probe_old look_old visits_unseen end_unknown fields_unknown "
               "reason_unstated access_unsigned account_unnamed ticket_unknown channel_unseen edits_unseen "
               "reply_unrecorded purpose_unstated "
               "legal_basis_unstated subprocessor_unregistered subprocessor_undisclosed disclosure_undated "
               "consent_unproven requirement_unproven destination_unstated data_unstated",
}


@pytest.fixture(scope="module")
def ours():
    return policy.load()


# What the register says.


def test_every_promise_of_the_policy_is_there_with_its_kind_and_section(ours):
    told = [tuple(re.split(r"\s{2,}", line)) for line in PROMISES.strip().splitlines()]
    assert len(told) == 31
    assert [(p.id, p.kind, p.section) for p in ours.promises.values()] == told


def test_the_rules_built_are_these_and_rest_on_these_datasets(ours):
    assert {
        r.promise: (r.clock, r.horizon_days, set(r.needs), set(r.completes)) for r in ours.rules.values()
    } == RULES


def test_every_rule_is_reviewed_over_twelve_months(ours):
    assert {rule.review_months for rule in ours.rules.values()} == {12}


def test_the_parameters_are_these(ours):
    told = [tuple(line.split()) for line in PARAMETERS.strip().splitlines()]
    assert [
        (f"{rule.promise}.{p.name}", ",".join(p.value) if p.unit == "words" else str(p.value), p.reading)
        for rule in ours.rules.values()
        for p in rule.parameters.values()
    ] == told


def test_a_parameter_says_its_unit_in_its_name(ours):
    parameters = [p for rule in ours.rules.values() for p in rule.parameters.values()]
    assert [p.name for p in parameters if not p.name.endswith("s" if p.unit == "words" else p.unit)] == []


def test_a_register_kept_by_hand_is_stated_to_be_complete_each_quarter(ours):
    (parameter,) = ours.parameters.values()
    assert (parameter.name, parameter.value, parameter.reading) == ("completeness_months", 3, "ours")


def test_the_registers_kept_by_hand_are_these():
    assert {name for name, contract in contracts.load().items() if contract.kept_by_hand} == {
        "attestations", "processing_register", "disclosures"
    }


def test_the_three_rules_of_the_trash_count_the_same_window(ours):
    assert {
        ours.rules[f"trash.{word}"].parameters["kept_days"].value
        for word in ("kept", "recoverable", "purged")
    } == {21}


def test_the_closing_words_are_these(ours):
    said = {
        outcome: {word.word for word in ours.closings.values() if word.outcome == outcome}
        for outcome in CLOSINGS
    }
    assert said == {outcome: set(words.split()) for outcome, words in CLOSINGS.items()}


def test_the_reasons_are_these(ours):
    said = {
        outcome: {word.word for word in ours.reasons.values() if word.outcome == outcome} for outcome in REASONS
    }
    assert said == {outcome: set(words.split()) for outcome, words in REASONS.items()}


def test_every_reason_says_what_cures_it_in_both_languages(ours):
    assert all(word.cure_fr and word.cure_en and word.cure_fr != word.cure_en for word in ours.reasons.values())


def test_every_unknown_says_what_cures_it_in_both_languages(ours):
    unknown = [word for word in ours.closings.values() if word.outcome == "unknown"]
    assert all(word.cure_fr and word.cure_en and word.cure_fr != word.cure_en for word in unknown)


def test_holidays_are_those_of_france_without_alsace_moselle(ours):
    assert ours.alsace_moselle is False


# Both directions.


def statement(path):
    """A SELECT without its comments."""
    return re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))


def datasets_read(sql, models=ROOT / "pipelines" / "models"):
    """The datasets that a SELECT reads, itself or through the facts that it reads (of this run)."""
    read = set(re.findall(r"(?<![\w.])source\.(\w+)", sql)) - {"collection", "set_aside"}
    for fact in set(re.findall(r"(?<![\w.])fact\.(\w+)", sql)):
        read |= datasets_read(statement(models / f"fact.{fact}.sql"))
    return read


def with_select(ours):
    """The rules that have a SELECT: all but some attestations."""
    return [rule for rule in ours.rules.values() if rule.kind == "obligation" or rule.has_conditions]


def test_every_rule_has_its_select_and_every_select_its_rule(ours):
    """An attestation has one only where data can show a part of it."""
    assert {rule.sql_path.name for rule in ours.rules.values() if rule.sql_path.is_file()} == {
        path.name for path in (EXPECTATIONS / "rules").iterdir()
    }


def test_a_select_names_no_parameter_that_the_register_does_not_know(ours):
    for rule in with_select(ours):
        named = set(re.findall(r"\$([a-z_]+)", statement(rule.sql_path)))
        assert named <= {*rule.parameters, *policy.BOUND_ANYWAY}, rule.promise


# Read by a fact for the sake of other rules: no column that this rule's SELECT names rests on it.
INCIDENTAL = {
    "retention.inactive-accounts": {"deletion_requests"},  # fact.account: deletion does not restart idleness
    "trash.kept": {"backups"},  # fact.item_copy: only the primary server's own list counts
    "trash.purged": {"rights_requests"},  # fact.deleted_item: an erasure asked does not lengthen the trash
}


# A statement may supply what no data shows; the promise rests on it only where it is made.
SUPPLIED = {"rights.channels": {"attestations"}}


def test_a_rule_reads_the_datasets_that_the_register_says_it_rests_on(ours):
    """One that is read and not declared could be missing without the promise becoming unverifiable.

    An attestation rests on statements besides what its SELECT reads.
    """
    for rule in with_select(ours):
        stated = {"attestations"} if rule.kind == "attestation" else set()
        more = INCIDENTAL.get(rule.promise, set()) | SUPPLIED.get(rule.promise, set())
        expected = ({*rule.needs, *rule.completes} - stated) | more
        assert datasets_read(statement(rule.sql_path)) == expected, rule.promise


def test_every_closing_word_is_one_that_a_select_says(ours):
    """The other direction, a word that the register does not know, stops a run."""
    folders = (EXPECTATIONS / "rules", ROOT / "pipelines" / "models")
    said = "".join(statement(path) for folder in folders for path in folder.glob("*.sql"))
    assert [word for word in ours.closings if f"'{word}'" not in said] == []


def test_every_reason_is_one_that_a_select_gives(ours):
    said = "".join(statement(rule.sql_path) for rule in ours.rules.values() if rule.has_conditions)
    assert [word for word in ours.reasons if f"'{word}'" not in said] == []


# The columns whose words a rule's parameter lists.
LISTED = {
    "purposes": "purpose", "parties": "recipient_kind", "manners": "manner", "bases": "basis", "kinds": "data"
}


def test_a_list_of_words_holds_only_words_that_the_register_kept_by_hand_can_say(ours):
    """One typed wrong would accuse everybody, or nobody; and each closed set has words that no list allows."""
    told = contracts.load()["disclosures"].columns
    assert told["purpose"].values == contracts.load()["processing_register"].columns["purpose"].values
    assert told["data"].values == contracts.load()["processing_register"].columns["data"].values
    for rule in ours.rules.values():
        if not {"disclosures", "processing_register"} & set(rule.needs):
            continue
        for name, parameter in rule.parameters.items():
            known = set(told[LISTED[name.rpartition("_")[2]]].values)
            assert set(parameter.value) < known, f"{rule.promise}.{name}"


def test_every_dataset_serves_a_rule_or_all_of_them(ours):
    """Legal holds suspend any delete-by."""
    named = {name for rule in ours.rules.values() for name in (*rule.needs, *rule.completes)}
    assert set(contracts.load()) - named == {"legal_holds"}


def test_every_paragraph_is_the_ground_of_a_promise(ours):
    assert {text for promise in ours.promises.values() for text in promise.fingerprints} == set(
        ours.paragraphs
    )


# Fingerprints.


def test_a_fingerprint_folds_white_space_and_takes_the_bullet_off():
    plain = hashlib.sha256("Une phrase à nous.".encode()).hexdigest()
    assert policy.fingerprint("Une phrase à nous.") == plain
    assert policy.fingerprint("  •  Une  phrase\tà\u00a0nous. \n") == plain


def test_a_fingerprint_tells_words_and_letters_apart():
    assert policy.fingerprint("Une phrase à nous.") != policy.fingerprint("Une phrase a nous.")
    assert policy.fingerprint("Une phrase") != policy.fingerprint("Unephrase")


def paragraphs_in(text):
    """Whatever in a text could be a paragraph: a line, what it quotes, wrapped lines, without their marks."""
    lines = [re.sub(r"^[\s#>|*\"'•-]+", "", line) for line in text.splitlines()]
    bare = [re.sub(r"(\\n)?[\s|*\"',]*$", "", line) for line in lines]
    quoted = re.findall(r'"((?:[^"\\\n]|\\.)+)"|\'((?:[^\'\\\n]|\\.)+)\'|>([^<>]+)<', text)
    blocks = [" ".join(block.splitlines()) for block in re.split(r"\n\s*\n", "\n".join(lines))]
    return {*lines, *bare, *blocks, *(one for found in quoted for one in found if one)} - {""}


def texts_of_the_project():
    """Every text that the project tracks; what runs make (environment, homes) is left out."""
    kept = ("notebooks", "pipelines", "expectations", "tests", ".ci")
    files = [
        path for folder in kept for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts
    ]
    files += [*ROOT.iterdir(), *(ROOT / "data").iterdir()]
    for path in files:
        if path.is_file():
            yield path, path.read_bytes().decode("utf-8", errors="replace")


def test_no_paragraph_of_the_policy_stands_in_the_project(ours):
    found, read = [], 0
    for path, text in texts_of_the_project():
        read += 1
        prints = {policy.fingerprint(paragraph) for paragraph in paragraphs_in(text)}
        found += [str(path) for print_ in prints if print_ in ours.paragraphs]
    assert found == []
    assert read > 10


@pytest.mark.parametrize(
    "dressed",
    [
        "{}",
        "# {}",
        "-- {}",
        "  • {}",
        "> {}",
        "| {} |",
        'summary_fr = "{}"',
        '    "{}\\n",',
        "<p>{}</p>",
        "x = '{}'",
    ],
)
def test_a_planted_paragraph_would_be_found(dressed):
    planted = "Un paragraphe que personne n’a publié, long et facile à reconnaître."
    for text in (planted, planted.replace(" que ", " que\u00a0")):
        page = f"before\n\n{dressed.format(text)}\n\nafter\n"
        assert policy.fingerprint(planted) in {policy.fingerprint(one) for one in paragraphs_in(page)}


def test_a_planted_paragraph_that_was_wrapped_would_be_found():
    planted = "Un paragraphe que personne n’a publié, long et facile à reconnaître."
    page = "x\n\n# " + planted.replace("publié, ", "publié,\n# ") + "\n\ny\n"
    assert policy.fingerprint(planted) in {policy.fingerprint(one) for one in paragraphs_in(page)}


# What if.


def test_an_override_changes_one_parameter_and_says_so(ours):
    supposed = policy.load(overrides={"retention.inactive-accounts.period_months": 24})
    parameter = supposed.rules["retention.inactive-accounts"].parameters["period_months"]
    assert (parameter.value, parameter.reading) == (24, "ours")
    assert (parameter.why_fr, parameter.why_en) == (
        "Hypothèse de travail : 24 au lieu de 36.",
        "What if: 24 instead of 36.",
    )
    assert supposed.rules["retention.deleted-accounts"] == ours.rules["retention.deleted-accounts"]
    assert dict(supposed.overrides) == {"retention.inactive-accounts.period_months": 24}
    assert dict(ours.overrides) == {}
    assert supposed.digest == ours.digest


def test_an_override_of_a_list_is_a_list(ours):
    supposed = policy.load(overrides={"hosting.france.allowed_countries": ["FR", "BE"]})
    parameter = supposed.rules["hosting.france"].parameters["allowed_countries"]
    assert (parameter.value, parameter.reading) == (("FR", "BE"), "ours")
    assert parameter.why_en == "What if: FR, BE instead of FR."


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        (
            "retention.inactive-accounts.years",
            2,
            "no rule has this parameter; write one of use.purposes.allowed_purposes",
        ),
        ("hosting.france.period_months", 2, "no rule has this parameter"),
        ("hosting.france.allowed_countries", "FR", "is 'FR'; write a list of texts"),
        ("hosting.france.allowed_countries", [], "is []; write a list of texts"),
        ("period_months", 2, "no rule has this parameter"),
        ("trash.kept.kept_days", 0, "is 0; write a whole number of at least 1"),
        ("trash.kept.kept_days", -21, "is -21; write a whole number of at least 1"),
        ("trash.kept.kept_days", "21", "is '21'; write a whole number of at least 1"),
        ("trash.kept.kept_days", True, "is True; write a whole number of at least 1"),
    ],
)
def test_an_override_of_what_is_not_there_is_wrong_usage(name, value, refusal):
    with pytest.raises(UsageError, match=re.escape(f"override {name}: {refusal}")):
        policy.load(overrides={name: value})


# Nonsense.

ONE, TWO = "1" * 64, "2" * 64
SMALL = f"""
[policy]
name = "A policy"
product = "A product"
controller = "A controller"
fingerprint = "SHA-256 of a paragraph"
paragraphs = ["{ONE}"]
headings = ["{TWO}"]
outline = "hp"

[period]
alsace_moselle = false

[parameters.completeness_months]
value = 3
unit = "months"
reading = "ours"
why_fr = "Un trimestre."
why_en = "A quarter."

[[section]]
fr = "Conservation"
en = "Retention"
acts_fr = "exploitation"
acts_en = "operations"

[[promise]]
id = "retention.invoices"
section = "Conservation"
kind = "obligation"
summary_fr = "Gardées."
summary_en = "Kept."
fingerprints = ["{ONE}"]

[[promise]]
id = "cookies.lifetime"
section = "Conservation"
kind = "constraint"
summary_fr = "Un an."
summary_en = "A year."
fingerprints = ["{ONE}"]

[[promise]]
id = "hosting.staff"
section = "Conservation"
kind = "attestation"
summary_fr = "Du personnel d’ici."
summary_en = "Staff from here."
fingerprints = ["{ONE}"]

[[rule]]
promise = "retention.invoices"
kind = "obligation"
clock = "delete_by"
needs = ["invoices"]
completes = ["erasure_journal"]
horizon_days = 30
review_months = 12
cure_fr = "Rétablir."
cure_en = "Restore."
[rule.parameters.period_months]
value = 120
unit = "months"
reading = "policy"
why_fr = "Dix ans."
why_en = "Ten years."

[[rule]]
promise = "cookies.lifetime"
kind = "constraint"
needs = ["accounts"]
review_months = 6
cure_fr = "Raccourcir."
cure_en = "Shorten."
[rule.parameters.allowed_purposes]
value = ["visits"]
unit = "words"
reading = "policy"
why_fr = "Ces fins."
why_en = "These purposes."

[[rule]]
promise = "hosting.staff"
kind = "attestation"
needs = ["attestations"]
horizon_days = 20
review_months = 12
cure_fr = "Attester."
cure_en = "State."
[rule.parameters.valid_months]
value = 9
unit = "months"
reading = "ours"
why_fr = "Neuf mois."
why_en = "Nine months."

[[reference]]
id = "code-of-commerce"
promise = "retention.invoices"
parameter = "period_months"
unit = "months"
at_least = 120
authority = "The law"
title = "Code of commerce"
article = "1"
dated_on = 2000-09-18
url = "https://example.org/law"
says_fr = "Dix ans."
says_en = "Ten years."

[[closing]]
word = "removed"
outcome = "closes"
fr = "retrait"
en = "removed"

[[closing]]
word = "vanished"
outcome = "unknown"
fr = "disparition"
en = "disappearance"
cure_fr = "Chercher."
cure_en = "Search."

[[reason]]
word = "too_long"
outcome = "broken"
fr = "trop long"
en = "too long"
cure_fr = "Abréger."
cure_en = "Cut."
"""


def written(tmp_path, text):
    (tmp_path / "rules").mkdir(exist_ok=True)
    for promise in ("retention.invoices", "cookies.lifetime"):
        (tmp_path / "rules" / f"{promise}.sql").write_text("SELECT 1")
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    return tmp_path / "policy.toml"


def test_a_small_register_loads(tmp_path):
    small = policy.load(written(tmp_path, SMALL))
    assert dict(small.sections) == {
        "Conservation": policy.Section("Conservation", "Retention", "exploitation", "operations")}
    assert small.rules["retention.invoices"].sql_path == tmp_path / "rules" / "retention.invoices.sql"
    assert (small.rules["cookies.lifetime"].clock, small.rules["cookies.lifetime"].horizon_days) == (
        None,
        None,
    )
    assert small.closings["removed"].cure_fr is None
    assert small.rules["cookies.lifetime"].parameters["allowed_purposes"].value == ("visits",)
    assert small.reasons["too_long"].outcome == "broken"
    assert [small.rules[name].has_conditions for name in small.rules] == [False, True, False]
    assert small.digest == hashlib.sha256(SMALL.encode()).hexdigest()


def test_an_attestation_may_have_a_select_and_then_has_conditions(tmp_path):
    path = written(tmp_path, SMALL)
    (tmp_path / "rules" / "hosting.staff.sql").write_text("SELECT 1")
    assert policy.load(path).rules["hosting.staff"].has_conditions


def test_a_promise_without_a_rule_needs_no_placeholder(tmp_path):
    rule = SMALL.index('[[rule]]\npromise = "cookies')
    without = SMALL[:rule] + SMALL[SMALL.index('[[rule]]\npromise = "hosting') :]
    small = policy.load(written(tmp_path, without))
    assert set(small.promises) - set(small.rules) == {"cookies.lifetime"}


def test_the_register_is_frozen(ours):
    with pytest.raises(AttributeError):
        ours.promises["trash.kept"].kind = "constraint"
    with pytest.raises(TypeError):
        ours.rules["trash.kept"].parameters["kept_days"] = None
    with pytest.raises(TypeError):
        del ours.rules["trash.kept"]


# What stands in SMALL, what somebody writes instead, and what the refusal says.
NONSENSE = [
    ('name = "A policy"\n', "", "policy.name is missing; write a text"),
    (
        'name = "A policy"',
        'name = "A policy"\nurl = "x"',
        "policy.url is not a key that is known here; take it out",
    ),
    ('outline = "hp"', 'outline = "hpp"', "policy.outline does not hold 1 times 'h' and 1 times 'p'; write a letter"),
    ('outline = "hp"', 'outline = "hq"', "policy.outline does not hold 1 times 'h'"),
    (f'headings = ["{TWO}"]', f'headings = ["{ONE}"]', "policy.headings holds 111111111111…, a paragraph too"),
    (f'headings = ["{TWO}"]', "headings = []", "policy.headings is empty; name the paragraphs"),
    (
        f'headings = ["{TWO}"]',
        'headings = ["2"]',
        "policy.headings holds '2'; write 64 lower-case hex digits",
    ),
    (f'headings = ["{TWO}"]', f'headings = ["{"Z" * 64}"]', "; write 64 lower-case hex digits"),
    ("alsace_moselle = false", "alsace_moselle = 0", "period.alsace_moselle is 0; write true or false"),
    (
        "alsace_moselle = false",
        "alsace_moselle = false\nsunday = true",
        "period.sunday is not a key that is known",
    ),
    ('en = "Retention"', "", "section(Conservation).en is missing; write a text"),
    (
        'en = "Retention"',
        'en = "Retention"\nde = "x"',
        "section(Conservation).de is not a key that is known here",
    ),
    (
        '[[section]]\nfr = "Con',
        '[[section]]\nfr = "Cookies"\nen = "Cookies"\nacts_fr = "x"\nacts_en = "x"\n[[section]]\nfr = "Con',
        "section(Cookies) has no promise; take it out",
    ),
    (
        '[[section]]\nfr = "Con',
        '[[section]]\nfr = "Conservation"\nen = "Twice"\nacts_fr = "x"\nacts_en = "x"\n[[section]]\nfr = "Con',
        "section has fr 'Conservation' twice; keep one of them",
    ),
    (
        'id = "cookies.lifetime"',
        'id = "retention.invoices"',
        "promise has id 'retention.invoices' twice; keep one",
    ),
    ('id = "cookies.lifetime"', "", "promise(number 2).id is missing; write a text"),
    (
        'id = "cookies.lifetime"',
        'id = "../lifetime"',
        "promise(../lifetime).id is '../lifetime'; write section.",
    ),
    ('section = "Conservation"', 'section = "Durée"', ".section is 'Durée'; write one of Conservation"),
    (
        '"Conservation"\nkind = "obligation"',
        '"Conservation"\nkind = "duty"',
        ".kind is 'duty'; write one of obligation,",
    ),
    ('summary_fr = "Gardées."', "", "promise(retention.invoices).summary_fr is missing; write a text"),
    ('summary_en = "Kept."', 'summary_en = ""', "promise(retention.invoices).summary_en is blank; write it"),
    (
        f'summary_en = "Kept."\nfingerprints = ["{ONE}"]',
        f'summary_en = "Kept."\nfingerprints = ["{TWO}"]',
        "promise(retention.invoices).fingerprints holds 222222222222…, no reviewed paragraph; write it under",
    ),
    (
        f'summary_en = "Kept."\nfingerprints = ["{ONE}"]',
        f'summary_en = "Kept."\nfingerprints = ["{ONE}", "{ONE}"]',
        "' twice; name it once",
    ),
    (
        'promise = "cookies.lifetime"',
        'promise = "cookies.age"',
        ".promise is 'cookies.age'; write one of retention.inv",
    ),
    (
        'promise = "cookies.lifetime"',
        'promise = "retention.invoices"',
        "rule has promise 'retention.invoices' twice; k",
    ),
    (
        '"retention.invoices"\nkind = "obligation"\nclock = "delete_by"\nneeds',
        '"retention.invoices"\nkind = "constraint"\nneeds',
        "rule(retention.invoices).kind is 'constraint'; write 'obligation', as its promise does",
    ),
    (
        'clock = "delete_by"\n',
        "",
        "rule(retention.invoices).clock is missing; write one of delete_by, keep_until",
    ),
    (
        'clock = "delete_by"',
        'clock = "soon"',
        "rule(retention.invoices).clock is 'soon'; write one of delete_by, keep",
    ),
    (
        'clock = "delete_by"',
        'clock = "keep_until"',
        "rule(retention.invoices).horizon_days stands beside clock 'keep_u",
    ),
    (
        "review_months = 6",
        "review_months = 6\nhorizon_days = 1",
        "rule(cookies.lifetime).clock or horizon_days stands",
    ),
    (
        "review_months = 6",
        'review_months = 6\nclock = "reply_by"',
        "rule(cookies.lifetime).clock or horizon_days stand",
    ),
    (
        "review_months = 6",
        "review_months = -6",
        "rule(cookies.lifetime).review_months is -6; write a whole number of",
    ),
    ("review_months = 6", "", "rule(cookies.lifetime).review_months is missing; write a whole number"),
    (
        "horizon_days = 30",
        "horizon_days = -30",
        "rule(retention.invoices).horizon_days is -30; write a whole number",
    ),
    (
        "horizon_days = 30",
        "horizon_months = 1",
        "rule(retention.invoices).horizon_months is not a key that is known",
    ),
    ('needs = ["accounts"]', "", "rule(cookies.lifetime).needs names no dataset; name those"),
    (
        'needs = ["accounts"]',
        'needs = ["crumbs"]',
        "rule(cookies.lifetime).needs names crumbs, which has no contract",
    ),
    (
        'completes = ["erasure_journal"]',
        'completes = ["journal"]',
        "invoices).completes names journal, which has no co",
    ),
    (
        'completes = ["erasure_journal"]',
        'completes = ["invoices"]',
        "completes names invoices, which needs names too",
    ),
    ('cure_fr = "Rétablir."', "", "rule(retention.invoices).cure_fr is missing; write a text"),
    ('cure_en = "Shorten."', "", "rule(cookies.lifetime).cure_en is missing; write a text"),
    (
        'value = ["visits"]',
        "value = []",
        "parameters.allowed_purposes.value is empty; name at least one word",
    ),
    ('value = ["visits"]', "value = 3", "parameters.allowed_purposes.value is 3; write a list of texts"),
    (
        "[rule.parameters.allowed_purposes]",
        "[rule.parameters.allowed_purpose]",
        "allowed_purpose.unit is 'words'; name the parameter by a plural",
    ),
    (
        '[rule.parameters.allowed_purposes]\nvalue = ["visits"]\nunit = "words"',
        '[rule.parameters.share_percent]\nvalue = 101\nunit = "percent"',
        "share_percent.value is 101; write a percentage from 1 to 100",
    ),
    (
        "[parameters.completeness_months]",
        "[parameters.completed_months]",
        "parameters does not hold completeness_months and no other; write [parameters.completeness_months]",
    ),
    ('needs = ["attestations"]', 'needs = ["accounts"]', "staff).needs does not name attestations; name it"),
    (
        "horizon_days = 20",
        'horizon_days = 20\nclock = "reply_by"',
        "rule(hosting.staff).clock stands beside kind 'attestation'; take it out",
    ),
    (
        "[rule.parameters.valid_months]",
        "[rule.parameters.long_months]",
        "rule(hosting.staff).parameters.valid_months is missing; say for how long",
    ),
    ('word = "too_long"', 'word = "broken"', "reason(broken).word is 'broken'; use lower-case letters"),
    ('word = "too_long"', 'word = "Too long"', "reason(Too long).word is 'Too long'; use lower-case letters"),
    (
        'outcome = "broken"',
        'outcome = "closes"',
        "reason(too_long).outcome is 'closes'; write one of broken, unknown",
    ),
    ('cure_en = "Cut."', "", "reason(too_long).cure_en is missing; write a text"),
    ("[[reason]]", "[[reasons]]", "reasons is not a key that is known here; take it out"),
    (
        "value = 120",
        "value = -120",
        "rule(retention.invoices).parameters.period_months.value is -120; write a whole",
    ),
    (
        "value = 120",
        "value = 0",
        "rule(retention.invoices).parameters.period_months.value is 0; write a whole number",
    ),
    ("value = 120", "value = 1.5", "parameters.period_months.value is 1.5; write a whole number"),
    ("value = 120", 'value = "120"', "parameters.period_months.value is '120'; write a whole number"),
    (
        'unit = "months"',
        'unit = "years"',
        "parameters.period_months.unit is 'years'; write one of seconds, minutes",
    ),
    (
        'unit = "months"',
        'unit = "days"',
        "parameters.period_months.unit is 'days'; end the parameter's name in _days",
    ),
    (
        'reading = "policy"',
        'reading = "guess"',
        "period_months.reading is 'guess'; write one of policy, law, ours",
    ),
    ('why_fr = "Dix ans."', "", "parameters.period_months.why_fr is missing; write a text"),
    (
        'why_en = "Ten years."',
        'why_en = "Ten years."\nsource = "x"',
        "period_months.source is not a key that is known",
    ),
    (
        "[rule.parameters.period_months]",
        "[rule.parameters.as_of]",
        "parameters.as_of cannot be bound in a SELECT",
    ),
    (
        "[rule.parameters.period_months]",
        "[rule.parameters.Period_months]",
        "Period_months cannot be bound in a SELECT",
    ),
    ('word = "removed"', 'word = "vanished"', "closing has word 'vanished' twice; keep one of them"),
    ('word = "removed"', 'word = "is removed"', "closing(is removed).word is 'is removed'; use lower-case"),
    (
        'outcome = "closes"',
        'outcome = "ends"',
        "closing(removed).outcome is 'ends'; write one of closes, voids, unknown",
    ),
    (
        'outcome = "closes"',
        'outcome = "unknown"',
        "closing(removed).cure_fr is missing; say what an operator does",
    ),
    (
        'outcome = "unknown"',
        'outcome = "voids"',
        "closing(vanished).cure_fr stands beside outcome 'voids'; take it out",
    ),
    ('cure_en = "Search."', "", "closing(vanished).cure_en is missing; say what an operator does"),
    ('en = "removed"', "", "closing(removed).en is missing; write a text"),
    (
        'en = "removed"',
        'en = "removed"\nde = "x"',
        "closing(removed).de is not a key that is known here; take it out",
    ),
    ("[period]", "[reports]\nlang = 1\n[period]", "reports is not a key that is known here; take it out"),
    ("[[closing]]", "[[closings]]", "closing is missing; write a list of tables, [[closing]]"),
]


@pytest.mark.parametrize(
    ("held", "written_instead", "refusal"), NONSENSE, ids=[row[2][:60] for row in NONSENSE]
)
def test_nonsense_is_refused_with_one_sentence(tmp_path, held, written_instead, refusal):
    assert held in SMALL
    path = written(tmp_path, SMALL.replace(held, written_instead))
    with pytest.raises(AlpiaError) as caught:
        policy.load(path)
    assert refusal in str(caught.value)
    assert re.fullmatch(rf"{re.escape(str(path))}: [^\n]+; [^\n]+\.", str(caught.value))


def test_a_rule_without_its_select_is_refused(tmp_path):
    path = written(tmp_path, SMALL)
    (tmp_path / "rules" / "cookies.lifetime.sql").unlink()
    with pytest.raises(
        AlpiaError, match=r"rule\(cookies\.lifetime\) has no SELECT in rules/cookies\.lifetime\.sql; write"
    ):
        policy.load(path)


def test_a_list_of_tables_is_not_a_table(tmp_path):
    text = re.sub(r"\[\[section\]\]\nfr = .*\nen = .*\n", "", SMALL)
    with pytest.raises(
        AlpiaError, match=r"section holds something that is not a table; write \[\[section\]\] over each"
    ):
        policy.load(written(tmp_path, 'section = ["Conservation"]\n' + text))


def test_a_file_of_the_project_is_named_as_the_project_names_it():
    with pytest.raises(AlpiaError, match=r"^expectations/no-such\.toml: cannot be read"):
        policy.load(EXPECTATIONS / "no-such.toml")


def test_what_is_still_in_review_is_never_forgotten(tmp_path):
    """A row that a rule still looks at may show a breach: a register that forgets it sooner is refused."""
    text = (REPOSITORY / "expectations" / "policy.toml").read_text(encoding="utf-8")
    (tmp_path / "rules").symlink_to(REPOSITORY / "expectations" / "rules")
    place = text.index("value = ", text.index("[forgetting.subject_months]"))
    for months, is_refused in ((12, True), (13, False)):
        file = tmp_path / f"{months}.toml"
        file.write_text(text[:place] + f"value = {months}" + text[text.index("\n", place):], encoding="utf-8")
        if is_refused:
            with pytest.raises(AlpiaError, match="forgetting.subject_months is no longer than a review of 12 months"):
                policy.load(file)
        else:
            policy.load(file)
