"""The references are complete, each with its source, and refuse nonsense."""

import pytest

from pipelines.errors import AlpiaError
from pipelines.register import policy

BEFORE = """[[reference]]
id = "accounting-documents"
promise = "retention.invoices"
parameter = "period_months"
unit = "months"
at_least = 120
"""


@pytest.fixture(scope="module")
def ours():
    return policy.load()


@pytest.fixture
def written(ours, tmp_path):
    """written(old, new): our register with that reference changed, and its SELECTs beside it."""
    text = ours.path.read_text(encoding="utf-8")

    def change(old, new):
        assert old in text
        (tmp_path / "policy.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        (tmp_path / "rules").symlink_to(ours.path.parent / "rules")
        return tmp_path / "policy.toml"

    return change


def test_each_says_in_both_languages_what_it_wants_and_where_it_stands(ours):
    for one in ours.references.values():
        assert one.says_fr != one.says_en
        assert one.url.startswith("https://")
        assert one.authority
        assert one.article
        assert one.at_least or one.at_most


def test_a_reference_of_a_rule_that_is_built_compares_a_number_or_a_measure(ours):
    built = [one for one in ours.references.values() if one.promise in ours.rules]
    assert built
    assert all(one.value is not None or one.measure for one in built)


def test_the_sum_of_the_trash_is_made_of_its_own_numbers(ours):
    rule = ours.rules["trash.purged"]
    assert ours.references["trash-and-backups"].at_most == (
        rule.parameters["kept_days"].value + rule.parameters["tolerance_days"].value)


def test_what_if_two_years_were_promised_there_would_be_nothing_to_justify():
    supposed = policy.load(overrides={"retention.inactive-accounts.period_months": 24})
    assert supposed.references["idle-accounts"].finding is None
    assert policy.load().references["idle-accounts"].finding == "over_maximum"


@pytest.mark.parametrize(("value", "finding"), [(59, "under_minimum"), (60, None), (61, None)])
def test_both_ends_are_within(value, finding):
    supposed = policy.load(overrides={"retention.deleted-accounts.period_months": value})
    assert supposed.references["host-identity"].finding == finding


@pytest.mark.parametrize(("old", "new", "refusal"), [
    (BEFORE, BEFORE.replace('"retention.invoices"', '"retention.bills"'), "reference(accounting-documents).promise is"),
    (BEFORE, BEFORE.replace('"period_months"', '"years"'),
     "parameter names years, which the rule of retention.invoices does not have; write one of period_months"),
    (BEFORE, BEFORE.replace('parameter = "period_months"', 'measure = "weight_days"'), "measure is 'weight_days'"),
    (BEFORE, BEFORE.replace('parameter = "period_months"\n', ""), "parameter or measure must stand there"),
    (BEFORE, BEFORE.replace('parameter = "period_months"', 'parameter = "period_months"\nmeasure = "restorable_days"'),
     "parameter or measure must stand there, and only one of them"),
    (BEFORE, BEFORE.replace('parameter = "period_months"', 'measure = "restorable_days"'),
     "unit is 'months'; write the unit in which restorable_days ends"),
    (BEFORE, BEFORE.replace('"months"', '"days"'), "unit is 'days'; write 'months', as the parameter does"),
    (BEFORE, BEFORE.replace("at_least = 120\n", ""), "at_most is missing"),
    (BEFORE, BEFORE + "at_most = 60\n", "at_least is 120, more than at_most"),
    (BEFORE, BEFORE + 'at_most = 130\nat_most_sum_of = ["period_months"]\n', "at_most stands beside at_most_sum_of"),
    (BEFORE, BEFORE + 'at_most_sum_of = ["kept_days"]\n', "at_most_sum_of names kept_days, which the rule"),
    (BEFORE, BEFORE + 'weight = "x"\n', "weight is not a key that is known here"),
    ("dated_on = 2000-09-18", 'dated_on = "2000"', "dated_on is '2000'; write a day"),
    ('id = "host-identity"', 'id = "idle-accounts"', "reference has id 'idle-accounts' twice"),
])
def test_nonsense_is_refused_with_file_key_and_cure(written, old, new, refusal):
    with pytest.raises(AlpiaError) as refused:
        policy.load(written(old, new))
    assert refusal in str(refused.value)
    assert "policy.toml: reference" in str(refused.value)
