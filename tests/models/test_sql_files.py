"""What every SELECT of the product keeps to: one a file, under its header, reading leftwards, without a clock of its own."""

import re
from datetime import date
from pathlib import Path

import pytest

from pipelines import warehouse
from pipelines.errors import AlpiaError
from pipelines.models import engine, tables
from pipelines.register import contracts as contracts_register
from pipelines.register import policy as policy_register

PACKAGE = Path(engine.__file__).parents[1]
POLICY = policy_register.load()
CONTRACTS = contracts_register.load()
STAGES = ("register", "calendar", "source", "fact", "obligation", "verification", "verdict", "report")
MODELS = sorted(path for path in engine.MODELS.glob("*.sql") if path.name != "carried.sql")
# What counts a web server's log while it is read: no stage, but SELECTs like the others.
TRAFFIC = sorted((PACKAGE / "collect" / "traffic").glob("*.sql"))
RULES = sorted((PACKAGE.parent / "expectations" / "rules").glob("*.sql"))
TABLE = re.compile(rf"(?<![\w.'])(?P<previous>previous\.)?(?P<stage>{'|'.join(STAGES)})\.(?P<table>\w+)\b(?!\s*\()")
PERIOD = re.compile(r"\bINTERVAL\b|\bto_(?:days|hours|weeks|months|years|minutes|seconds)\s*\(|\bdate_add\s*\(",
                    re.IGNORECASE)
CLOCK = re.compile(r"\b(?:now|today|get_current_time(?:stamp)?|transaction_timestamp|random|uuid|gen_random_uuid)\s*\(|"
                   r"\bcurrent_(?:date|time|timestamp)\b|\blocaltime(?:stamp)?\b", re.IGNORECASE)
PYTHON_CLOCK = re.compile(r"datetime\.now|datetime\.today|date\.today|datetime\.utcnow|\btime\.time\(")
# The entry points and the stages of flow that stamp what they do; below them the time is given.
MAY_READ_THE_CLOCK = {"cli.py", "run.py"}


def text(path: Path) -> str:
    """The SQL without its comments."""
    return re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))


def read_by(path: Path) -> set[tuple[str, str]]:
    """(stage, table) of everything that the SELECT reads of its own run."""
    return {(m["stage"], m["table"]) for m in TABLE.finditer(text(path)) if not m["previous"]}


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", MODELS + RULES + TRAFFIC, ids=name)
def test_one_select_under_a_header(path):
    """The header asks the question and says what a row is."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("-- Question: ")
    assert any(line.startswith("-- Grain: ") for line in lines)
    statements = warehouse.memory().extract_statements(text(path))
    assert [statement.type.name for statement in statements] == ["SELECT"]


@pytest.mark.parametrize("path", MODELS, ids=name)
def test_the_stage_is_in_the_name(path):
    stage, table, extension = path.name.split(".")
    assert stage in STAGES[3:]
    assert re.fullmatch(r"[a-z][a-z_]*", table)
    assert extension == "sql"


@pytest.mark.parametrize("path", MODELS, ids=name)
def test_a_model_reads_only_leftwards(path):
    """A stage reads the stages to its left, and tables of its own that are made before it; never itself."""
    stage, table = path.name.split(".")[:2]
    later = STAGES[STAGES.index(stage) + 1:]
    assert {(s, t) for s, t in read_by(path) if s in later or (s, t) == (stage, table)} == set()


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_reads_only_what_is_left_of_the_obligations(path):
    assert {stage for stage, _ in read_by(path)} <= set(STAGES[:STAGES.index("obligation")])


def test_every_table_that_is_read_is_made():
    made = {tuple(path.name.split(".")[:2]) for path in MODELS}
    made |= {("source", contract) for contract in CONTRACTS} | {("source", "collection"), ("source", "set_aside")}
    made |= {("obligation", "duty"), ("obligation", "observed"), ("verification", "result"), ("calendar", "working_day")}
    made |= {("verification", f"own_{table}") for table in ("storage", "access", "open_file", "content", "call")}
    read = {pair for path in MODELS + RULES for pair in read_by(path) if pair[0] != "register"}
    assert read - made == set()


@pytest.mark.parametrize("stage", ["fact", "obligation", "verdict", "report"])
def test_the_tables_of_a_stage_are_made_after_what_they_read(stage):
    order = engine.in_order(stage)
    assert sorted(order) == sorted(path.name.split(".")[1] for path in MODELS if path.name.startswith(stage + "."))
    for place, table in enumerate(order):
        read = {t for s, t in read_by(engine.MODELS / f"{stage}.{table}.sql") if s == stage and t in order}
        assert read <= set(order[:place])


@pytest.mark.parametrize("path", MODELS + RULES + TRAFFIC + sorted(PACKAGE.rglob("*.py")), ids=name)
def test_only_the_periods_add_periods(path):
    """Months, days and hours are added in one place, so that each decision about them is made once."""
    if path.name != "periods.py":
        assert PERIOD.findall(text(path) if path.suffix == ".sql" else path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODELS + RULES + TRAFFIC, ids=name)
def test_no_select_reads_a_clock(path):
    assert CLOCK.findall(text(path)) == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=name)
def test_nothing_below_the_entry_points_reads_a_clock(path):
    if path.name not in MAY_READ_THE_CLOCK:
        assert PYTHON_CLOCK.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=name)
def test_only_the_warehouse_opens_duckdb(path):
    if path.name != "warehouse.py":
        assert re.findall(r"^\s*(?:import|from) duckdb\b", path.read_text(encoding="utf-8"), re.MULTILINE) == []


def named_parameters(path: Path) -> set[str]:
    return set(warehouse.memory().extract_statements(text(path))[0].named_parameters)


@pytest.mark.parametrize("path", MODELS, ids=name)
def test_a_model_is_told_nothing_but_the_day(path):
    assert named_parameters(path) <= {"as_of", "as_of_end"}


def test_every_rule_has_its_select_and_every_select_its_rule():
    """An attestation has one only where data can show a part of it."""
    judged = {rule.promise for rule in POLICY.rules.values() if rule.kind == "obligation" or rule.has_conditions}
    assert {path.stem for path in RULES} == judged
    assert {rule.kind for rule in POLICY.rules.values() if rule.promise not in judged} <= {"attestation"}


def test_every_parameter_is_used_and_every_one_used_is_in_the_register():
    """A number that nobody reads would decide nothing; a model may look one up by its name."""
    looked_up = "".join(text(path) for path in MODELS)
    for rule in POLICY.rules.values():
        used = named_parameters(rule.sql_path) - {"as_of", "as_of_end"} if rule.sql_path.is_file() else set()
        assert used <= set(rule.parameters), rule.promise
        unused = set(rule.parameters) - used
        assert {word for word in unused if f"'{word}'" not in looked_up} == set(), rule.promise


def test_every_rule_returns_exactly_what_an_obligation_or_a_condition_is():
    connection = warehouse.scratch(CONTRACTS)
    tables.fill(connection, CONTRACTS, {})
    engine.judge(connection, POLICY, CONTRACTS, date(2024, 3, 1))
    clock = engine.clock(connection, date(2024, 3, 1))
    for rule in POLICY.rules.values():
        if rule.kind == "attestation" and not rule.has_conditions:
            continue
        bound = {**clock, **{name: list(p.value) if p.unit == "words" else p.value for name, p in rule.parameters.items()}}
        answer = connection.execute(text(rule.sql_path), {name: bound[name] for name in named_parameters(rule.sql_path)})
        columns = engine.DUTY_COLUMNS if rule.kind == "obligation" else engine.OBSERVED_COLUMNS
        assert [column[0] for column in answer.description] == list(columns), rule.promise


def test_a_rule_rests_on_the_datasets_that_the_register_names():
    """Needs and completes are the contracts' own datasets, each named once."""
    for rule in POLICY.rules.values():
        named = (*rule.needs, *rule.completes)
        assert set(named) <= set(CONTRACTS)
        assert len(named) == len(set(named))


@pytest.mark.parametrize(("sql", "told"), [
    ("SELECT subject::INTEGER FROM who", "x cannot be computed: Conversion Error"),
    ("SELECT error('it is ' || subject) FROM who", "x cannot be computed: Invalid Input Error"),
    ("SELECT nothing FROM who", 'x cannot be computed: Binder Error: Referenced column "nothing" not found in FROM clause!'),
])
def test_what_cannot_be_computed_is_told_without_a_value(sql, told):
    connection = warehouse.memory()
    connection.execute("CREATE TABLE who AS SELECT 'alice@example.org' AS subject")
    with pytest.raises(AlpiaError) as refused:
        engine._run(connection, sql, {}, "x")
    assert f"{refused.value}" == told
