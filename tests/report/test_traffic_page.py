"""The page of traffic and usage: it tells what its tables hold, people and robots apart, and names nobody's own domain."""

from itertools import cycle

import pandas as pd
import pytest
import toy
from test_pages import number, read

from pipelines.errors import AlpiaError
from pipelines.report import figures
from pipelines.report.disclosure import BREAKDOWNS, SMALLEST_SHOWN
from pipelines.report.figures import STROKES
from pipelines.report.pages import Html
from pipelines.report.sections.traffic import SECTIONS
from pipelines.report.words import Words

OF_THE_LOG = ("visits", "origin", "browsers", "durations", "peaks", "answers")
OF_THE_USE = ("features", "plan", "age", "active", "retention")
OF_FEW = ("only-one-person.example", "Rare Browser", "Haiku", "Liechtenstein", "LI")
ANOTHER_ORIGIN = ("INSERT INTO source.access_log VALUES (DATE '2026-01-{day}', 'person', 'origin', '{value}', NULL, "
                  "9, 0, 9, {visitors}, 0, false)")
FIRST_QUARTER, LAST_QUARTER = pd.Timestamp(2025, 1, 1), pd.Timestamp(2025, 10, 1)
PAGE = [pytest.mark.slow]


@pytest.fixture
def page(pages):
    return read(pages, "traffic")


def column(page, title, place):
    """The numbers of one column of the table under a title."""
    return [number(row[place]) for row in page.tables[title][0]]


def told(section):
    return " ".join(piece.text if isinstance(piece, Html) else piece.title for piece in section.pieces)


class TestThePageTellsWhatTheTablesHold:
    pytestmark = PAGE

    def test_visits_by_week_people_and_robots_apart(self, page, run):
        frame = run.frame("traffic_week")
        for client in ("person", "robot"):
            title = run.words(f"title.traffic_week.{client}")
            assert column(page, title, 1) == frame[frame["client"] == client]["visits"].tolist()
        logged = run.sql("SELECT client, sum(visits)::BIGINT AS visits FROM source.access_log WHERE dimension = 'total' "
                         "GROUP BY client ORDER BY client")
        assert frame.groupby("client")["visits"].sum().tolist() == logged["visits"].tolist()

    def test_a_chart_draws_what_its_table_says(self, page, run):
        week = run.frame("traffic_week")
        drawn = page.charts[0]["data"]
        people = week[week["client"] == "person"]["visits"].tolist()
        assert [a + b for a, b in zip(drawn[0]["y"], drawn[1]["y"], strict=True)] == people
        assert sum(1 for value in drawn[1]["y"] if value) == 4  # the first, the partial, the one with a gap, the running one

    def test_versions(self, page, run):
        shown = run.shown("traffic_version")
        now = shown[shown["period"] == "now"]["visits"].tolist()
        assert column(page, run.words("title.traffic_version"), 1) == now

    def test_answers_and_encryption(self, page, run):
        frame = run.frame("traffic_answer")
        for dimension in ("status", "tls"):
            rows = frame[frame["dimension"] == dimension]
            assert column(page, run.words(f"title.traffic.{dimension}", span=91), 1) == rows["hits"].tolist()
            assert column(page, run.words(f"title.traffic.{dimension}", span=91), 2) == rows["robot_hits"].tolist()

    def test_active_accounts(self, page, run):
        assert column(page, run.words("title.active_month"), 1) == run.frame("active_month")["accounts"].tolist()

    def test_peaks(self, page, run):
        frame = run.frame("traffic_peak")
        assert column(page, run.words("title.busiest.day"), 1) == frame[frame["unit"] == "day"]["hits"].tolist()

    def test_hostile_names_are_text(self, opened):
        view = opened["traffic", "fr"]
        assert view.evaluate("document.querySelectorAll('.chart a, main b[onclick]').length") == 0
        ticks = view.evaluate("[...document.querySelectorAll('.chart text')].map(t => t.textContent)")
        assert toy.HOSTILE_ACTION in ticks
        assert any(tick.startswith('<a href="http://b">') for tick in ticks)
        assert "\u202e" not in view.inner_text("body")


class TestSmallNumbers:
    def test_the_models_and_the_door_agree_on_what_is_few(self, run):
        assert run.one("traffic_window")["fewest_visitors"] == SMALLEST_SHOWN

    def test_what_few_persons_bring_along_has_no_name_in_any_report_table(self, run):
        held = run.sql("SELECT DISTINCT value FROM source.access_log")["value"]
        assert sum(any(few in value for value in held) for few in OF_FEW) == len(OF_FEW) - 1, "they are in the log"
        for table in ("traffic_breakdown", "traffic_browser_month", "traffic_version"):
            names = run.frame(table)[BREAKDOWNS[table].attribute]
            assert not [name for name in names if any(few in name for few in OF_FEW)], table

    def test_four_visitors_in_a_day_are_not_named_and_five_are(self, changed):
        for visitors in (4, 5):
            run = changed(*(ANOTHER_ORIGIN.format(value="club.example", day=day, visitors=visitors) for day in (19, 20)))
            assert ("club.example" in set(run.frame("traffic_breakdown")["category"])) == (visitors == 5)

    def test_at_most_twelve_origins_are_named_and_the_rest_adds_up(self, changed):
        run = changed(*(ANOTHER_ORIGIN.format(value=f"site-{n}.example", day=20, visitors=9) for n in range(30)))
        origins = run.frame("traffic_breakdown").query("dimension == 'origin'")
        assert (~origins["category"].isin(["direct", "internal", "address", "other"])).sum() == 12
        logged = run.sql("SELECT sum(visits) AS n FROM source.access_log WHERE client = 'person' AND dimension = 'origin' "
                         "AND day_on >= (SELECT from_on FROM report.traffic_window)")["n"][0]
        assert origins["visits"].sum() == logged

    @pytest.mark.parametrize("table", ["traffic_breakdown", "usage_by_action", "usage_by_plan", "retention"])
    def test_where_a_count_is_hidden_so_is_what_would_tell_it(self, run, table):
        shown = run.shown(table)
        hidden = shown[shown[BREAKDOWNS[table].count].isna()]
        assert len(hidden) >= 2
        assert hidden[list(BREAKDOWNS[table].telling)].isna().all(axis=None)
        assert not shown[BREAKDOWNS[table].count].dropna().between(1, SMALLEST_SHOWN - 1).any()

    @pytest.mark.slow
    def test_no_page_and_no_chart_holds_what_is_hidden(self, pages, run):
        text, held = pages["traffic", "fr"].read_text(encoding="utf-8"), read(pages, "traffic")
        assert not [few for few in OF_FEW[:-1] if few in text]
        title = run.words("title.traffic.device", span=91)
        assert [row[1] for row in held.tables[title][0]] == ["3\u202f889", "n. c.", "n. c."]
        devices = next(chart for chart in held.charts if chart["data"][0]["y"][0] == "ordinateur")
        assert devices["data"][0]["x"] == [3889, None, None]
        kept = run.shown("retention").query("is_active")["share"].dropna()
        curves = next(chart for chart in held.charts if [line["name"] for line in chart["data"]][-1] == "T4\u00a02025")
        drawn = [value for line in curves["data"] for value in line["y"] if value is not None]
        assert sorted(round(value, 6) for value in drawn) == sorted(round(100 * float(share), 6) for share in kept)


class TestTheTablesAreRight:
    """The same numbers, counted again by other means."""

    def test_a_mean_day_of_a_month(self, run):
        days = run.frame("fact.active_day")
        january = days[days["day"] >= "2026-01-01"].groupby("day")["account_id"].nunique().sum()
        month = run.frame("active_month").iloc[-1]
        assert month["mean_day"] == pytest.approx(january / 31)
        assert month["day_share"] == pytest.approx(january / 31 / month["accounts"])

    def test_a_mean_week_of_a_month(self, run):
        days = run.frame("fact.active_day")
        weeks = days.assign(week=days["day"].dt.to_period("W").dt.start_time).groupby("week")["account_id"].nunique()
        assert run.frame("active_month").iloc[-1]["mean_week"] == pytest.approx(weeks["2026-01-05":"2026-01-19"].mean())

    def test_a_curve_of_retention(self, run):
        accounts, days = run.frame("fact.account"), run.frame("fact.active_day")
        made = accounts["created_at"].dt.tz_localize(None).dt.to_period("M")
        chosen = accounts.assign(made=made)[(made >= "2025-01") & (made <= "2025-03")]
        active = days.merge(chosen[["account_id", "made"]], on="account_id")
        number_ = (active["day"].dt.to_period("M") - active["made"]).map(lambda offset: offset.n)
        counted = active.assign(month_number=number_).groupby("month_number")["account_id"].nunique()
        frame = run.frame("retention").query("cohort_on == @FIRST_QUARTER and is_active").set_index("month_number")
        assert frame["accounts"].tolist() == counted.reindex(frame.index).tolist()
        assert frame.index.tolist() == list(range(11))  # the tenth month after March 2025 is January 2026
        assert frame["share"].tolist() == pytest.approx((counted.reindex(frame.index) / len(chosen)).tolist())

    def test_a_month_that_is_not_over_for_the_whole_quarter_is_not_told(self, run):
        newest = run.frame("retention").query("cohort_on == @LAST_QUARTER")
        assert sorted(newest["month_number"].unique()) == [0, 1]

    def test_accounts_by_action(self, run):
        used = run.frame("fact.usage_day")
        used = used[(used["day_on"] >= "2025-11-02") & (used["person_actions"] > 0)]
        by_action = run.frame("usage_by_action").set_index("action")["accounts"]
        counted = used.groupby("action")["account_id"].nunique()
        assert by_action["document.edit"] == counted["document.edit"]
        assert by_action["unnamed"] == used[used["action"].isna()]["account_id"].nunique()
        assert by_action["api.export"] == 0
        every = run.frame("usage_by_plan").query("position == 0")["accounts"].sum()
        assert every == used["account_id"].nunique()

    def test_shares_of_browsers_are_of_all_visits_of_the_month(self, run):
        shares = run.frame("traffic_browser_month").groupby("month_on")["share"].sum()
        assert shares.tolist() == pytest.approx([1.0] * len(shares))

    def test_duration_is_of_people_only(self, run):
        total = run.frame("traffic_total").set_index("client")
        row = run.sql("SELECT sum(seconds) / sum(visits) / 60 AS minutes FROM source.access_log WHERE client = 'person' AND "
                      "dimension = 'total' AND day_on >= DATE '2025-11-02'")
        assert total.loc["person", "mean_minutes"] == pytest.approx(row["minutes"][0])


class TestWhereNothingWasCollected:
    @pytest.mark.parametrize(("status", "sentence"), [("missing", "n’est pas branché"), ("failed", "n’a pas pu être lu"),
                                                      ("collected", "ne contient aucune ligne")])
    def test_the_traffic_says_so_and_what_would_cure_it(self, changed, status, sentence):
        run = changed("DELETE FROM source.access_log",
                      f"UPDATE source.collection SET status = '{status}' WHERE dataset = 'access_log'")
        for name in OF_THE_LOG:
            assert sentence in told(SECTIONS[f"traffic.{name}"](run)), name
        assert "le trafic du site n’est pas mesuré ; " in told(run.show("traffic.answer")).replace("\u202f", " ")
        assert "document.edit" in told(run.show("traffic.features"))
        run.believe()

    @pytest.mark.parametrize(("status", "sentence"), [("missing", "n’est pas branché"), ("failed", "n’a pas pu être lu"),
                                                      ("collected", "ne contient aucune action")])
    def test_the_usage_says_so_too(self, changed, status, sentence):
        run = changed("DELETE FROM fact.usage_day", "DELETE FROM fact.active_day",
                      f"UPDATE source.collection SET status = '{status}' WHERE dataset = 'activity'")
        for name in OF_THE_USE:
            assert sentence in told(SECTIONS[f"traffic.{name}"](run)), name
        assert "l’usage n’est pas mesuré" in told(run.show("traffic.answer"))
        run.believe()

    def test_a_log_that_ended_long_ago_is_no_traffic_of_today(self, changed):
        run = changed("DELETE FROM source.access_log WHERE day_on > DATE '2025-10-20'")
        assert "ne contient aucune ligne" in told(run.show("traffic.visits"))

    def test_without_a_country_database_the_country_is_said_to_be_unknown(self, changed):
        run = changed("DELETE FROM source.access_log WHERE dimension = 'country'")
        assert "base de pays" in told(run.show("traffic.origin"))
        run.believe()

    def test_a_log_without_encryption_asks_for_it(self, changed):
        run = changed("UPDATE source.access_log SET value = 'not_logged' WHERE dimension = 'tls'")
        assert "ajouter sa variable au format du journal" in told(run.show("traffic.answers"))

    def test_young_logs_have_no_curve_yet(self, changed):
        run = changed("DELETE FROM fact.usage_day WHERE day_on < DATE '2026-01-10'",
                      "DELETE FROM fact.active_day WHERE day < DATE '2026-01-10'")
        assert "Pas encore de quoi le dire" in told(run.show("traffic.retention"))
        assert run.frame("active_period").query("unit == 'month'")["is_whole"].tolist() == [False]
        assert "janvier\u00a02026" in told(run.show("traffic.answer"))


class TestBelieving:
    @pytest.mark.parametrize(("dimension", "measure"), list(zip(
        ("hour", "origin", "country", "browser", "system", "device", "status", "tls"),
        cycle(("hits", "bytes", "visits", "seconds")), strict=False)))
    def test_a_dimension_that_does_not_add_up_is_not_believed(self, changed, dimension, measure):
        run = changed(f"UPDATE source.access_log SET {measure} = {measure} + 1 WHERE dimension = '{dimension}' "
                      "AND client = 'robot' AND day_on = DATE '2025-12-01'")
        with pytest.raises(AlpiaError, match=f"traffic_{dimension} \\(238 and 237\\)"):
            run.believe()

    def test_errors_that_cancel_each_other_are_found(self, changed):
        run = changed("UPDATE source.access_log SET visits = visits + CASE client WHEN 'robot' THEN 1 ELSE -1 END "
                      "WHERE dimension = 'device' AND value IN ('robot', 'computer') AND day_on = DATE '2025-12-01'")
        with pytest.raises(AlpiaError, match=r"traffic_device \(238 and 236\)"):
            run.believe()

    def test_a_day_without_its_hours_is_found(self, changed):
        run = changed("DELETE FROM source.access_log WHERE dimension = 'hour' AND day_on = DATE '2025-12-01'")
        with pytest.raises(AlpiaError, match=r"traffic_hour \(238 and 236\)"):
            run.believe()

    def test_a_day_without_its_total_is_found(self, changed):
        run = changed("DELETE FROM source.access_log WHERE dimension = 'total' AND day_on = DATE '2025-12-01'")
        with pytest.raises(AlpiaError, match=r"traffic_hour \(238 and 236\)"):
            run.believe()

    def test_use_and_active_days_that_disagree_are_found(self, changed):
        run = changed("UPDATE fact.usage_day SET person_actions = person_actions + 1 WHERE day_on = DATE '2026-01-20' "
                      "AND action = 'share'")
        with pytest.raises(AlpiaError, match="usage_days"):
            run.believe()


class TestLines:
    def test_each_is_told_apart_by_colour_and_by_marker_and_dash(self):
        assert len({colour for colour, _, _ in STROKES}) == len({symbol for _, _, symbol in STROKES}) == len(STROKES)
        assert len({dash for _, dash, _ in STROKES[:5]}) == 5

    def test_more_than_can_be_told_apart_are_refused(self):
        with pytest.raises(ValueError, match="8 lines"):
            figures.lines(Words("fr"), "t", ["a"], {f"{n}": [1] for n in range(8)}, "x")

    def test_what_is_suppressed_is_a_gap_and_shares_are_percentages(self):
        chart = figures.lines(Words("fr"), "t", ["a", "b", "c"], {"n": [0.5, pd.NA, float("nan")]}, "x", is_share=True)
        line = chart.figure.data[0]
        assert list(line.y) == [50, None, None]
        assert list(line.customdata) == ["50,0\u202f%", None, None]
        assert not line.connectgaps

    def test_two_names_that_are_cut_to_the_same_words_stay_two(self):
        names = [f"{'long' * 10}{n}.example" for n in range(3)]
        chart = figures.rows(Words("fr"), "t", names, [figures.Series("s", [1, 2, 3], ("#000", ""))], "x")
        assert len(set(chart.figure.data[0].y)) == 3
