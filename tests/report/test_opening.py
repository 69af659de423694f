"""What an analyst has in hand: one line opens a run, one line answers, and nothing that is asked changes anything."""

from datetime import date

import pytest
import toy

from pipelines import warehouse
from pipelines.errors import AlpiaError, RefusedError, UsageError
from pipelines.home import Home
from pipelines.operate import status
from pipelines.report import open_file, open_run
from pipelines.report.sections import SECTIONS


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A run of a small demo, collected and judged; nothing is verified, and nothing published."""
    from pipelines import run as job
    from pipelines.demo.generate import generate
    from pipelines.models import engine
    from pipelines.register import contracts
    from pipelines.verify import own, verification

    day, home = date(2026, 6, 30), tmp_path_factory.mktemp("demo") / "home"
    generate(home, 3, 300, day)
    built = job.collect_stage(str(home), day.isoformat()).building
    connection = warehouse.reopen(built, None, contracts.load())
    verification.write(connection, [])
    own.write(connection, Home.locate(home), day)
    for stage in ("verdict", "report"):
        engine.build(connection, stage, engine.clock(connection, day))
    warehouse.finish(connection)
    return open_file(built)


def test_opens_the_current_run_or_the_one_of_a_day(home):
    assert open_run(str(home.path)).as_of == toy.AS_OF
    assert open_run(str(home.path), "2026-01-31").as_of == toy.AS_OF
    assert open_file(warehouse.current(home)).as_of == toy.AS_OF


@pytest.mark.parametrize(("as_of", "sentence"), [
    ("2026-01-30", "No warehouse of 2026-01-30 is held .* held are: 2026-01-31"),
    ("31/01/2026", "as_of: '31/01/2026' is no day"),
])
def test_a_day_that_is_not_held_or_no_day_is_refused(home, as_of, sentence):
    with pytest.raises(AlpiaError, match=sentence):
        open_run(str(home.path), as_of)


def test_a_home_without_a_run_names_the_cure(tmp_path):
    (tmp_path / "sources.toml").write_text("")
    with pytest.raises(AlpiaError, match="alpia run"):
        open_run(str(Home(tmp_path).path))


def test_frames_are_the_tables(run):
    frame = run.frame("state_count")
    assert frame["subjects"].sum() == run.sql("SELECT count(*) AS n FROM obligation.current")["n"][0]
    assert run.frame("source.collection")["dataset"].is_unique


def test_a_night_of_an_older_version_says_what_it_has_not(changed):
    run = changed()
    run.connection.close()
    connection = warehouse.connect(run.path)
    connection.execute("DROP TABLE report.own_access; DROP TABLE report.own_storage; DROP TABLE report.reference")
    warehouse.finish(connection)
    older = open_file(run.path, "en")
    (note,) = SECTIONS["compliance.own"](older).pieces
    assert "an older version of the product made it" in note.text
    with pytest.raises(RefusedError, match=r"has no table report\.reference: its night was made by an older version"):
        older.frame("reference")


@pytest.mark.parametrize("query", ["DROP TABLE report.run", "COPY report.run TO '/dev/null'", "SELECT 1; SELECT 2", "",
                                   "ATTACH ':memory:' AS x", "SELECT * FROM nothing", "SET threads = 1"])
def test_only_one_select_is_answered(run, query):
    with pytest.raises(UsageError):
        run.sql(query)


def test_a_select_takes_its_values_by_name(run):
    assert run.sql("SELECT count(*) AS n FROM obligation.current WHERE state = $state", state="premature")["n"][0] == 4


def test_who_lists_pseudonyms_with_their_dates(run):
    who = run.who("retention.inactive-accounts", "overdue")
    states = run.frame("state_count").set_index(["promise", "state"])["subjects"]
    assert len(who) == states["retention.inactive-accounts", "overdue"]
    assert who["subject"].str.fullmatch(r"account-\d{24}").all()
    assert who["due_at"].is_monotonic_increasing
    assert len(run.who("retention.inactive-accounts")) > len(who)
    with pytest.raises(UsageError, match="not in the register"):
        run.who("retention.idle")


def test_who_lists_the_conditions_of_a_constraint_and_the_statements_of_an_attestation(run):
    who = run.who("hosting.france", "broken")
    assert who[["subject", "reason", "cases", "in_review"]].to_numpy().tolist() == [
        ["srv-3", "abroad", 1, True], ["log", "abroad", 120, True], ["log", "abroad", 7, False]]
    assert run.who("hosting.staff")["state"].tolist() == ["expiring", "expired"]


def test_falling_due_has_a_column_a_month(run):
    frame = run.falling_due(12)
    assert frame.shape[1] == 12
    assert frame.loc["retention.inactive-accounts"].sum() > 0
    with pytest.raises(UsageError, match="months: 40"):
        run.falling_due(40)


def test_what_if_refuses_a_parameter_that_no_rule_has(run):
    with pytest.raises(UsageError, match="no rule has this parameter"):
        run.what_if({"retention.inactive-accounts.period": 24})


@pytest.mark.slow
def test_what_if_judges_again_from_the_same_facts_and_keeps_nothing(judged):
    before = judged.frame("state_count")
    assert (judged.what_if({})["difference"] == 0).all()
    supposed = judged.what_if({"retention.inactive-accounts.period_months": 24}).set_index(["promise", "state"])
    assert supposed.loc["retention.inactive-accounts", "overdue"]["difference"] > 0
    others = supposed.drop("retention.inactive-accounts", level="promise")
    assert (others["difference"] == 0).all()
    today = supposed["today"].groupby("promise").sum()
    obligations = before.groupby("promise")["subjects"].sum()
    assert today[obligations.index].to_dict() == obligations.to_dict()
    assert judged.frame("state_count").equals(before)


@pytest.mark.slow
def test_what_if_judges_conditions_and_statements_again(judged):
    supposed = judged.what_if({"hosting.france.allowed_countries": ["FR", "BE"], "hosting.staff.valid_months": 6})
    supposed = supposed.set_index(["promise", "state"])["difference"]
    assert supposed.loc["hosting.france"].to_dict() == {"abroad": -1, "country_unknown": 0, "kept": 1, "server_unlisted": 0}
    assert supposed.loc["hosting.staff"].to_dict() == {"expired": 1, "expiring": -1}


def test_believing_shows_every_reconciliation(run):
    told = "".join(piece.text for piece in run.believe().pieces)
    assert told.count("<tr>") == len(run.frame("reconciliation")) + 1


def test_not_believing_raises(run, tmp_path, monkeypatch):
    monkeypatch.setenv("ALPIA_WAREHOUSE_KEY", toy.KEY)
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(run.path.read_bytes())
    connection = warehouse.connect(broken)
    connection.execute("DELETE FROM report.reconciliation")
    connection.close()
    with pytest.raises(AlpiaError, match="nothing was reconciled"):
        open_file(broken).believe()


@pytest.mark.parametrize(("lang", "title"), [("fr", "Nouvelles colonnes de la base de données"),
                                             ("en", "New columns of the database")])
def test_a_new_column_is_listed_once_as_text_and_told_to_programs(home, lang, title):
    run = open_run(str(home.path), lang=lang)
    pieces = SECTIONS["compliance.changes"](run).pieces
    shown = "".join(getattr(piece, "text", "") for piece in pieces)
    assert f"<caption>{title}</caption>" in shown
    assert "app.main.person.&lt;i&gt;sang&lt;/i&gt;" in shown
    assert "app.main.person.email" not in shown
    assert status._told(run.connection, status.NEW_COLUMNS) == [
        {"column": "app.main.person.<i>sang</i>", "data_type": "text", "is_declared": False, "is_special": True}]
