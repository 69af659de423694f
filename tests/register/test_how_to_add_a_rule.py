"""expectations/README.md is true: its table, its words, and what a run refuses of a rule that is not whole."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from types import MappingProxyType

import pytest

from pipelines import warehouse
from pipelines.demo.cases import Cases
from pipelines.errors import AlpiaError
from pipelines.models import engine, listing, tables
from pipelines.register import contracts, policy
from pipelines.register.document import EXPECTATIONS, ROOT
from pipelines.verify import canaries

TEXT = (EXPECTATIONS / "README.md").read_text(encoding="utf-8")
CONTRACTS, POLICY, CANARIES = contracts.load(), policy.load(), canaries.load()
ROWS = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| `([\w.-]+)` \|$", TEXT, re.MULTILINE)
PROMISE = "hosting.france"


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n")[1].split("\n## ")[0]


def words(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


# What it says.


def test_the_table_has_every_kind_with_the_columns_that_the_engine_takes():
    assert {kind: told.strip() for kind, told, _ in ROWS} == {
        "obligation": f"`{', '.join(engine.DUTY_COLUMNS)}`",
        "constraint": f"`{', '.join(engine.OBSERVED_COLUMNS)}`",
        "attestation": "none, or what a constraint returns",
    }
    assert tuple(kind for kind, _, _ in ROWS) == policy.KINDS


def test_the_pattern_to_copy_is_a_rule_of_that_kind():
    assert {kind: POLICY.rules[promise].kind for kind, _, promise in ROWS} == {kind: kind for kind in policy.KINDS}
    assert not POLICY.rules[ROWS[2][2]].has_conditions


def test_a_select_reads_what_it_may_and_is_bound_to_what_is_named():
    told = section("What a SELECT may do")
    assert {word[1:] for word in words(told) if word.startswith("$")} == set(policy.BOUND_ANYWAY)
    stages = {word.removesuffix(".*") for word in words(told) if word.endswith(".*")}
    read = {match["stage"] for rule in POLICY.rules.values() if rule.sql_path.is_file()
            for match in re.finditer(r"(?:FROM|JOIN) (?P<stage>[a-z]+)\.\w+", engine.select(rule.sql_path))}
    assert read <= stages
    assert stages - read <= {"calendar"}
    opening = [word.removesuffix("…").strip() for word in re.findall(r"`(-- [^`]+)`", told)]
    for rule in POLICY.rules.values():
        lines = rule.sql_path.read_text(encoding="utf-8").splitlines() if rule.sql_path.is_file() else opening
        assert [any(line.startswith(word) for line in lines) for word in opening] == [True, True], rule.promise
        assert lines[0].startswith(opening[0]), rule.promise


def test_a_constraint_is_told_column_by_column():
    told = section("What a constraint returns")
    assert tuple(re.findall(r"^- `(\w+)`:", told, re.MULTILINE)) == engine.OBSERVED_COLUMNS
    assert set(policy.REASON_OUTCOMES) <= words(told)


def test_the_reasons_that_it_names_are_those_of_a_verdict():
    verdict = engine.select(engine.MODELS / "verdict.current.sql")
    named = {"What a constraint returns": "nothing_judged", "Registers kept by hand": "completeness_missing"}
    for title, reason in named.items():
        assert {"unverifiable", reason} <= words(section(title))
        assert f"'{reason}'" in verdict
    assert "'unverifiable'" in verdict


def test_what_it_says_of_statements_is_what_the_register_looks_up():
    told = section("What an attestation needs")
    assert {policy.ATTESTATIONS, policy.VALIDITY, "horizon_days"} <= words(told)
    assert {"kind", "promise", "role", "stated_on", "valid_until_on"} <= set(CONTRACTS["attestations"].columns)
    assert {"statement", "completeness"} <= set(CONTRACTS["attestations"].columns["kind"].values)
    by_hand = words(section("Registers kept by hand"))
    assert {policy.COMPLETENESS, "completeness", "kept_by_hand = true"} <= by_hand
    assert any(contract.kept_by_hand for contract in CONTRACTS.values())


def test_the_steps_name_every_reading_unit_and_state():
    steps = section("Step by step")
    readings = re.search(r"`reading`: the (\w+)'s, the (\w+)'s or (\w+)\)", steps)
    assert readings.groups() == policy.READINGS
    assert {word[1:] for word in words(steps) if word.startswith("_")} == set(policy.UNITS) - {policy.WORDS}
    assert f'`unit = "{policy.WORDS}"`' in steps
    assert {canaries.KEPT, *listing.STATEMENT_STATES} <= words(steps)
    assert {name.split(".")[1] for name in words(steps) if name.startswith("Cases.")} <= set(vars(Cases))
    assert {"[[rule]]", "[[closing]]", "[[reason]]"} <= words(steps)


def test_every_file_that_it_names_is_there():
    named = {word for word in words(TEXT) if re.search(r"/|\.(toml|sql|py)$", word) and "<" not in word}
    assert named >= {"policy.toml", "contracts.toml", "canaries.toml", "tests/spec", "pipelines/demo/planted"}
    assert [name for name in sorted(named) if not ((ROOT / name).exists() or (EXPECTATIONS / name).exists())] == []


# What a run refuses, step by step.


@pytest.fixture
def folder(tmp_path):
    """A copy of the register that a test may spoil."""
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    return tmp_path / "expectations"


def spoil(file, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_copy_is_whole_before_it_is_spoiled(folder):
    CANARIES.check_against(policy.load(folder / "policy.toml", contracts=CONTRACTS), CONTRACTS)


@pytest.mark.parametrize(("old", "new", "words_"), [
    ('needs = ["servers"]\n', "", "names no dataset"),
    ('needs = ["servers"]\n', 'needs = ["server_rooms"]\n', "names server_rooms, which has no contract"),
    ('unit = "words"\nreading', 'unit = "hours"\nreading', "value"),
    ("[rule.parameters.allowed_countries]", "[rule.parameters.allowed_country]", "name the parameter by a plural"),
    ("[rule.parameters.effect_days]", "[rule.parameters.effect]", "end the parameter's name in _days"),
], ids=["no dataset", "no contract", "wrong unit", "no plural", "no unit"])
def test_step_1_and_2_a_rule_whose_entry_or_contract_is_not_right_is_refused(folder, old, new, words_):
    spoil(folder / "policy.toml", old, new)
    with pytest.raises(AlpiaError, match=re.escape(words_)):
        policy.load(folder / "policy.toml", contracts=CONTRACTS)


def test_step_1_a_word_that_the_register_does_not_explain_is_refused(tmp_path):
    reasons = {word: reason for word, reason in POLICY.reasons.items() if word != "abroad"}
    unexplained = replace(POLICY, reasons=MappingProxyType(reasons),
                          rules=MappingProxyType({PROMISE: POLICY.rules[PROMISE]}))
    connection = warehouse.create(tmp_path / "canaries.duckdb", None, CONTRACTS)
    tables.fill(connection, CONTRACTS, CANARIES.tables)
    with pytest.raises(AlpiaError, match=r"has no \[\[reason\]\] for .*abroad"):
        engine.judge(connection, unexplained, CONTRACTS, CANARIES.as_of)
    connection.close()


@pytest.mark.parametrize("promise", [PROMISE, "rights.answered"])
def test_step_3_a_rule_without_its_select_is_refused(folder, promise):
    (folder / "rules" / f"{promise}.sql").unlink()
    with pytest.raises(AlpiaError, match=re.escape(f"has no SELECT in rules/{promise}.sql")):
        policy.load(folder / "policy.toml", contracts=CONTRACTS)


@pytest.mark.parametrize("promise", [promise for _, _, promise in ROWS])
@pytest.mark.parametrize("left", ["nothing", "what is kept", "what is broken"])
def test_step_4_a_rule_without_a_broken_and_a_kept_canary_is_refused(promise, left):
    states = {"what is kept": {canaries.KEPT, "met", "open", "valid", "expiring"}}
    states["what is broken"] = {state for _, state in CANARIES.expected[promise]} - states["what is kept"]
    kept = Counter({key: n for key, n in CANARIES.expected[promise].items() if key[1] in states.get(left, ())})
    assert bool(kept) == (left != "nothing")
    lacking = replace(CANARIES, expected={**CANARIES.expected, promise: kept})
    with pytest.raises(AlpiaError, match=re.escape(f"no broken, or no kept, canary for {promise}")):
        lacking.check_against(POLICY, CONTRACTS)


def test_step_4_a_dataset_without_a_row_is_refused():
    lacking = replace(CANARIES, tables={**CANARIES.tables, "servers": []})
    with pytest.raises(AlpiaError, match="has no canary in servers"):
        lacking.check_against(POLICY, CONTRACTS)
