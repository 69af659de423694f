"""`alpia policy`: the whole register with what a home adds, and the published text held against the reviewed one."""

import csv
import json
import stat
from datetime import datetime

import pytest
from click.testing import CliRunner

from pipelines import cli, warehouse
from pipelines.collect import page, published
from pipelines.home import Home
from pipelines.operate import coverage, keys
from pipelines.register import policy as register

PARAGRAPH = "Un texte à nous, que nous seuls avons écrit."
SOURCES = """[system]
name = "test"
founded_on = 2015-03-01
[records]
kind = "files"
[records.datasets]
invoices = "invoices.csv"
"""


@pytest.fixture(autouse=True)
def _no_home(monkeypatch, tmp_path):
    monkeypatch.delenv("ALPIA_HOME", raising=False)
    monkeypatch.setattr("pipelines.home.DEFAULT_HOME", tmp_path / "nowhere")


@pytest.fixture
def home(tmp_path):
    (tmp_path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    return Home.locate(tmp_path)


def alpia(*words):
    return CliRunner().invoke(cli.main, list(words))


def publish(home):
    """A file with one verdict, as a run leaves it."""
    home.prepare()
    keys.missing(home)
    path = home.warehouse / "2026-03-31_r1.duckdb"
    connection = warehouse.connect(path)
    connection.execute("CREATE SCHEMA verdict; CREATE SCHEMA register")
    connection.execute("CREATE TABLE verdict.current AS SELECT 'retention.invoices' AS promise, 'breached' AS verdict, "
                       "'premature' AS reason, DATE '2026-03-30' AS since_on")
    connection.execute("CREATE TABLE register.run AS SELECT DATE '2026-03-31' AS as_of")
    connection.execute("CREATE TABLE verdict.reference AS SELECT 'idle-accounts' AS reference, NULL::VARCHAR AS place, "
                       "36 AS value, 'justified' AS standing, 'direction' AS stated_by, DATE '2026-01-10' AS stated_on, "
                       "DATE '2026-12-31' AS valid_until_on, NULL::DATE AS lapsed_on")
    connection.close()
    (home.warehouse / "current").symlink_to(path.name)


def test_the_register_is_shown_without_any_home():
    told = json.loads(alpia("policy", "--json").stdout)
    policy = register.load()
    assert [promise["id"] for promise in told["promises"]] == list(policy.promises)
    by_id = {promise["id"]: promise for promise in told["promises"]}
    invoices = by_id["retention.invoices"]
    assert (invoices["kind"], invoices["rule"], invoices["verdict"]) == ("obligation", "built", None)
    assert invoices["datasets"] == [{"dataset": "invoices", "role": "needs", "is_mapped": None},
                                    {"dataset": "erasure_journal", "role": "completes", "is_mapped": None}]
    assert {(p["name"], p["value"], p["reading"]) for p in invoices["parameters"]} == {
        ("period_months", 120, "policy"), ("held_longer_months", 12, "ours")}
    assert {promise["rule"] for promise in told["promises"]} <= {"built", "not built"}
    assert all(1 <= number <= len(policy.paragraphs) for promise in told["promises"] for number in promise["paragraphs"])


def test_a_home_adds_what_its_sources_map_and_its_verdicts(home):
    before = json.loads(alpia("policy", "--json", "--home", str(home.path)).stdout)
    assert before["as_of"] is None
    publish(home)
    told = json.loads(alpia("policy", "--json", "--home", str(home.path)).stdout)
    invoices = next(promise for promise in told["promises"] if promise["id"] == "retention.invoices")
    assert [one["is_mapped"] for one in invoices["datasets"]] == [True, False]
    assert (told["as_of"], invoices["verdict"], invoices["reason"], invoices["since"]) == (
        "2026-03-31", "breached", "premature", "2026-03-30")


def test_the_table_says_whose_number_it_is_and_what_no_source_gives(home):
    publish(home)
    shown = alpia("policy", "--home", str(home.path)).stdout
    line = next(line for line in shown.splitlines() if line.startswith("retention.invoices "))
    assert line.split()[1:4] == ["obligation", "built", "breached"]
    assert line.endswith("invoices [erasure_journal?]")
    assert "retention.invoices.period_months" in shown
    whose = {line.split()[0]: line for line in shown.splitlines() if ".period_months" in line}
    assert "the policy's" in whose["retention.invoices.period_months"]
    assert "the law's" in whose["rights.answered.period_months"]
    assert " ours " in whose["cancellation.done.period_months"]


def test_what_the_numbers_are_held_against_is_told_with_and_without_a_home(home):
    alone = {one["id"]: one for one in json.loads(alpia("policy", "--json").stdout)["references"]}
    built = register.load().rules
    told = {name: one["standing"] for name, one in alone.items() if one["promise"] in built}
    assert {name: standing for name, standing in told.items() if standing != "within"} == {
        "idle-accounts": "to_justify", "host-identity": "to_justify", "trash-and-backups": "not_compared"}
    publish(home)
    told = {one["id"]: one for one in json.loads(alpia("policy", "--json", "--home", str(home.path)).stdout)["references"]}
    assert (told["idle-accounts"]["standing"], told["idle-accounts"]["stated_by"]) == ("justified", "direction")
    shown = alpia("policy", "--home", str(home.path)).stdout
    assert "justified by direction on 2026-01-10, until 2026-12-31" in shown
    assert "36 months, at most 24" in shown


def test_a_home_that_is_named_and_is_none_is_wrong_usage(tmp_path):
    answer = alpia("policy", "--home", str(tmp_path / "none"))
    assert answer.exit_code == 2
    assert "is no home" in answer.stderr


class Texts(list):
    """The paragraphs and headings of our own text; `policy`: the register of them."""


@pytest.fixture
def own_text(monkeypatch):
    """The register, with the paragraphs replaced by ones of which we have the text."""
    policy = register.load()
    texts = Texts(f"{PARAGRAPH} ({number})" for number, _ in enumerate(policy.blocks))
    marks = {block.fingerprint: register.fingerprint(text) for block, text in zip(policy.blocks, texts, strict=True)}
    from dataclasses import replace

    promises = {name: replace(promise, fingerprints=tuple(marks[mark] for mark in promise.fingerprints))
                for name, promise in policy.promises.items()}
    own = replace(policy, promises=promises, paragraphs=tuple(marks[mark] for mark in policy.paragraphs),
                  headings=tuple(marks[mark] for mark in policy.headings))
    monkeypatch.setattr(register, "load", lambda *args, **given: own)
    texts.policy = own
    return texts


def test_the_reviewed_text_is_unchanged_and_the_exit_status_says_so(own_text, tmp_path):
    (tmp_path / "text.txt").write_text("\n\n".join(own_text), encoding="utf-8")
    answer = alpia("policy", "--check", str(tmp_path / "text.txt"))
    assert answer.exit_code == 0
    assert answer.stdout.endswith("is the reviewed text: 36 paragraphs unchanged.\n")


def test_a_changed_text_names_the_promises_to_review_and_quotes_nothing(own_text, tmp_path):
    """The block after the heading of the section on retention's invoices: paragraph 31."""
    policy = register.load()
    place = next(n for n, block in enumerate(policy.blocks) if "retention.invoices" in policy.resting_on(block.fingerprint))
    own_text[place] = "Un secret tout neuf."
    (tmp_path / "text.txt").write_text("\n\n".join(own_text), encoding="utf-8")
    answer = alpia("policy", "--check", str(tmp_path / "text.txt"))
    assert answer.exit_code == 3
    assert "35 of 36 paragraphs unchanged" in answer.stdout
    assert "To review: retention.invoices." in answer.stdout
    told = json.loads(alpia("policy", "--check", str(tmp_path / "text.txt"), "--json").stdout)
    assert told["review"] == ["retention.invoices"]
    assert [(one["what"], one["block"], one["number"]) for one in told["differences"]] == [("changed", "paragraph", 31)]
    assert told["differences"][0]["fingerprint"] == register.fingerprint("Un secret tout neuf.")
    assert "secret" not in answer.output + json.dumps(told)


def test_a_text_that_cannot_be_read_or_is_another_one_fails(own_text, tmp_path):
    assert alpia("policy", "--check", str(tmp_path / "none.txt")).exit_code == 1
    (tmp_path / "other.txt").write_text("Tout autre chose.", encoding="utf-8")
    answer = alpia("policy", "--check", str(tmp_path / "other.txt"))
    assert answer.exit_code == 1
    assert "none of the 36 reviewed paragraphs" in answer.stderr


def saved(home):
    with (home.path / published.PLACE).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_what_was_seen_is_kept_in_the_home_as_fingerprints_alone(own_text, home):
    own_text[3] = "Un secret tout neuf."
    (home.path / "text.txt").write_text("\n\n".join(own_text), encoding="utf-8")
    assert alpia("policy", "--check", str(home.path / "text.txt"), "--save", "--home", str(home.path)).exit_code == 3
    rows = saved(home)
    assert [row["fingerprint"] for row in rows] == [register.fingerprint(text) for text in own_text]
    assert [row["place"] for row in rows] == [f"{n}" for n in range(1, len(own_text) + 1)]
    assert {row["is_online"] for row in rows} == {"true"}
    assert all(datetime.fromisoformat(row["checked_at"]).tzinfo for row in rows)
    file = home.path / published.PLACE
    assert "secret" not in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    own_text[3] = "Encore autre chose."
    (home.path / "text.txt").write_text("\n\n".join(own_text), encoding="utf-8")
    alpia("policy", "--check", str(home.path / "text.txt"), "--save", "--home", str(home.path))
    assert saved(home)[3]["fingerprint"] == register.fingerprint("Encore autre chose.")
    assert len(saved(home)) == len(rows)


def test_that_it_is_not_online_is_kept_and_what_could_not_be_read_is_not(own_text, home, monkeypatch):
    def gone(where):
        raise page.NotOnlineError(where, 404)

    (home.path / "other.txt").write_text("Tout autre chose.", encoding="utf-8")
    for where in ("other.txt", "none.txt"):
        assert alpia("policy", "--check", str(home.path / where), "--save", "--home", str(home.path)).exit_code == 1
        assert not (home.path / published.PLACE).exists()
    monkeypatch.setattr(page, "read", gone)
    answer = alpia("policy", "--check", "https://example.org/policy", "--save", "--home", str(home.path))
    assert answer.exit_code == 1
    assert "answers 404: the policy is not online there" in answer.stderr
    assert [(row["place"], row["is_online"], row["fingerprint"]) for row in saved(home)] == [("0", "false", "")]
    monkeypatch.undo()
    monkeypatch.setattr(register, "load", lambda *args, **given: own_text.policy)
    (home.path / "text.txt").write_text("\n\n".join(own_text), encoding="utf-8")
    alpia("policy", "--check", str(home.path / "text.txt"), "--save", "--home", str(home.path))
    assert [row["is_online"] for row in saved(home)] == ["false"] + ["true"] * len(own_text)


def test_to_save_wants_a_text_and_a_home(own_text, tmp_path):
    assert alpia("policy", "--save").exit_code == 2
    assert alpia("policy", "--check", str(tmp_path / "x"), "--save").exit_code == 2


def test_whose_number_it_is_has_a_word_for_every_reading():
    assert set(coverage.WHOSE) == set(register.READINGS)
