"""The one page of management: how many are kept, which are not, who must act; every figure leads on to what it rests on."""

import re

import pytest
import toy

from pipelines.report.pages import Html
from pipelines.report.sections import SECTIONS


def html(section):
    return "".join(piece.text for piece in section.pieces if isinstance(piece, Html))



def test_the_figures_are_those_of_the_verdicts(run):
    row, verdicts = run.one("outlook"), run.frame("verdict.current")
    counts = verdicts["verdict"].value_counts()
    assert (row["promises"], row["broken"], row["kept"]) == (len(verdicts), counts["breached"], counts.get("compliant", 0))
    assert row["broken_since_on"] == verdicts[verdicts["verdict"] == "breached"]["since_on"].min()
    assert row["overdue"] == run.sql("SELECT count(*) AS n FROM obligation.current WHERE state = 'overdue'")["n"][0]


@pytest.mark.parametrize(("before", "now", "told"), [
    ("breached", "unverifiable", (1, 0)), ("unverifiable", "at_risk", (1, 0)), ("at_risk", "compliant", (1, 0)),
    ("compliant", "breached", (0, 1)), ("compliant", "compliant", (0, 0)), (None, "breached", (0, 0)),
])
def test_what_got_better_and_what_got_worse(changed, before, now, told):
    was = "NULL" if before is None else f"'{before}'"
    run = changed("UPDATE verdict.current SET previous_verdict = verdict",
                  f"UPDATE verdict.current SET previous_verdict = {was}, verdict = '{now}' WHERE promise = 'trash.kept'")
    row = run.one("outlook")
    assert (row["better"], row["worse"]) == told


def test_a_month_earlier_is_the_newest_run_that_is_at_least_a_month_old(changed):
    run = changed("INSERT INTO verdict.history SELECT d, promise, verdict, reason, since_on FROM verdict.current, "
                  "(VALUES (DATE '2025-12-31'), (DATE '2025-12-30'), (DATE '2026-01-01')) AS t (d)")
    assert f"{run.one('outlook')['earlier_as_of']:%Y-%m-%d}" == "2025-12-31"
    assert "31 décembre 2025" in html(run.show("management.better")).replace("\u00a0", " ")


def test_what_to_do_comes_with_who_and_until_when_the_most_pressing_first(run):
    (table, *_) = run.show("management.actions").pieces[0].tables
    assert list(table.frame.columns) == ["promise", "verdict", "since_on", "cure", "acts", "until"]
    order = table.frame["verdict"].tolist()
    assert order == sorted(order, key=("breached", "at_risk").index)
    assert (table.frame["acts"].str.len() > 0).all()
    assert (table.frame["until"].str.len() > 0).any()
    pressing = run.frame("promise").set_index("promise").loc[table.frame["promise"]]
    late = pressing[pressing["verdict"] == "breached"]["overdue_since_on"].dropna()
    assert late.is_monotonic_increasing
    assert len(late) > 1


def test_every_figure_leads_to_the_rule_the_promise_and_the_section(run):
    """Figure -> section of the page -> promise with its rule, under its section of the policy -> the compliance report."""
    page = {name: html(section(run)) for name, section in SECTIONS.items() if name.startswith("management.")}
    led = set(re.findall(r'<a href="#([a-z]+)">', page["management.answer"]))
    assert led == {"actions", "better", "grounds"}
    anchors = re.findall(r'<tr id="(promise-[^"]+)">', page["management.grounds"])
    assert len(anchors) == len(set(anchors)) == run.one("run")["promises"]
    promises = set(re.findall(r'href="#(promise-[^"]+)"', page["management.actions"] + page["management.better"]))
    assert promises
    assert promises <= set(anchors)
    onwards = set(re.findall(r'href="compliance.html#(promise-[^"]+)"', page["management.grounds"]))
    assert onwards == set(anchors)
    assert onwards == set(re.findall(r'<tr id="(promise-[^"]+)">', html(run.show("compliance.promises"))))
    sections = run.frame("promise")["section"].unique()
    assert page["management.grounds"].count('<tr class="group">') == len(sections)
    assert "rules/trash.purged.sql" in page["management.grounds"]


def test_a_first_run_compares_with_nothing(changed):
    run = changed(f"DELETE FROM verdict.history WHERE as_of < DATE '{toy.AS_OF}'",
                  "UPDATE verdict.current SET previous_verdict = NULL")
    assert "première exécution" in html(run.show("management.answer"))
    assert "Première exécution" in html(run.show("management.better"))
    assert "href=\"#better\"" not in html(run.show("management.answer"))


def test_only_the_newest_runs_are_drawn(changed):
    run = changed("INSERT INTO verdict.history SELECT plus_days(DATE '2025-12-31', -n::INTEGER), promise, verdict, reason, "
                  "since_on FROM verdict.current, range(200) AS t (n)")
    _, chart, *_ = run.show("management.better").pieces
    assert all(len(trace.x) == 60 for trace in chart.figure.data)
    assert chart.figure.data[0].x[-1] == "31/01/2026"
