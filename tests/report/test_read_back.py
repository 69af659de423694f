"""One disclosure for all formats: page, PDF, workbook, chart and executed notebook are read back, and tell the same figures.

What they are held against is the disclosed frames: every table of every report, cell by cell. So a count that is suppressed
there is in none of them.
"""

from datetime import date, datetime

import formats
import pandas as pd
import pytest
import toy

from pipelines.report import open_run, workbooks
from pipelines.report.disclosure import BREAKDOWNS
from pipelines.report.pages import MOST_ROWS, cell
from pipelines.report.sections import SECTIONS

pytestmark = [pytest.mark.slow]
REPORTS = ("management", "compliance", "inactivity", "deletions", "traffic")


@pytest.fixture(scope="module")
def disclosed(home):
    """name -> the tables of a report, as values: (title, frame, columns)."""
    run = open_run(str(home.path), lang="fr")
    return {name: workbooks.tables(run, name) for name in REPORTS}


@pytest.fixture(scope="module")
def told(home, disclosed):
    """name -> of each table its title and its rows, as a reader of French is told them."""
    run = open_run(str(home.path), lang="fr")

    def rows(table):
        return [[formats.shown(cell(run.words, column, value, run.promises))
                 for column, value in zip(table.frame.columns, values, strict=True)]
                for values in zip(*(table.frame[column].head(MOST_ROWS).to_list() for column in table.frame.columns),
                                  strict=True)]
    return {name: [(table.title, rows(table), table) for table in tables] for name, tables in disclosed.items()}


def ungrouped(rows, width):
    """Rows of a page without those that only name their group."""
    return [row for row in rows if len(row) == width]


@pytest.mark.parametrize("name", REPORTS)
class TestEveryTable:
    def test_of_the_page(self, pages, told, name):
        self.same(formats.of_page(pages[name, "fr"])[0], told[name])

    def test_of_the_executed_notebook(self, home, pages, told, name):
        self.same(formats.of_notebook(home.runs / "test" / f"{name}.ipynb")[0], told[name])

    def same(self, tables, told):
        """Every row that is told stands in a table of that title, in its order; a group's name stands over its rows."""
        left = {title: list(many) for title, many in tables.items()}
        compared = 0
        for title, rows, _ in told:
            if not rows:
                continue
            found = left[title].pop(0)
            width = max(map(len, found))
            assert ungrouped(found, width) == [row[len(row) - width:] for row in rows], title
            compared += len(rows)
        assert compared > 5
        assert not any(left.values()), "no table that the disclosed frames do not know"

    def test_of_the_pdf(self, printed, told, name):
        """Row by row: the cells of a row follow each other, on one sheet; and what is not to be printed is on none."""
        sheets, compared = formats.of_pdf(printed[name]), 0
        grouped = ("section", "promise")
        for title, rows, table in told[name]:
            for place, row in enumerate(rows):
                full = formats.squeezed("".join(row))
                own = formats.squeezed("".join(row[1:])) if table.frame.columns[0] in grouped else full
                is_printed = table.on_paper is None or place < table.on_paper
                assert any(full in sheet or own in sheet for sheet in sheets) is is_printed, (title, row)
                compared += is_printed
        assert compared >= 5

    def test_of_the_workbook(self, books, disclosed, name):
        """The same values, typed: numbers are numbers, days are days, and what is suppressed is said."""
        sheets = iter(list(formats.of_workbook(books[name]).values())[1:])
        for table in disclosed[name]:
            if table.frame.empty:
                continue
            head, *rows = next(sheets)
            assert len(rows) == len(table.frame), table.title
            for column, label in table.heads.items():
                place = head.index(label)
                for row, value in zip(rows, table.frame[column], strict=True):
                    assert self.as_written(row[place], value), (table.title, column, row[place], value)
        assert next(sheets, None) is None

    @staticmethod
    def as_written(written, value):
        if value is pd.NA:
            return written == "n. c."
        if not isinstance(value, str) and pd.isna(value):
            return written in (None, "—")
        if isinstance(value, (bool, str)) or type(value).__name__ == "bool_":
            return isinstance(written, str)
        if isinstance(value, (pd.Timestamp, datetime, date)):
            return written == pd.Timestamp(value).tz_localize(None).to_pydatetime()
        return written == pytest.approx(float(value))


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("source", ["page", "notebook"])
def test_no_chart_draws_a_number_that_no_table_of_its_report_shows(home, pages, disclosed, name, source):
    """Where a count is suppressed the chart has a gap."""
    charts = (formats.of_page(pages[name, "fr"]) if source == "page"
              else formats.of_notebook(home.runs / "test" / f"{name}.ipynb"))[1]
    known = {0.0, None}
    for table in disclosed[name]:
        for column in table.frame.columns:
            values = [None if pd.isna(value) else value for value in table.frame[column].tolist()]
            known |= formats.numbers(values) | formats.numbers([value and 100 * value for value in values
                                                                if isinstance(value, float)])
    seen = [formats.numbers(values) for chart in charts for _, values in formats.drawn(chart)]
    assert all(values <= known for values in seen), [values - known for values in seen]
    assert any(values - {0.0, None} for values in seen)


class TestAPlantedSmallCount:
    """A plan that a handful of accounts has (toy.HOSTILE_LINK): its counts are in the warehouse, and nowhere else."""

    TITLE = "title.idle_by_plan"

    def rows(self, table):
        return [row for row in table if row[0] == toy.HOSTILE_LINK]

    def test_is_there_to_be_found(self, home):
        run = open_run(str(home.path), lang="fr")
        exact = run.frame("idle_by_plan")
        of_plan = exact[exact["plan"] == toy.HOSTILE_LINK]
        assert of_plan["accounts"].between(1, 4).any()
        assert run.shown("idle_by_plan").loc[of_plan.index, "accounts"][of_plan["accounts"].between(1, 4)].isna().all()

    def test_is_in_no_format(self, home, pages, books, printed):
        run = open_run(str(home.path), lang="fr")
        title, exact = run.words(self.TITLE), run.frame("idle_by_plan")
        small = [1 <= n <= 4 for n in exact[exact["plan"] == toy.HOSTILE_LINK]["accounts"]]
        tables = {"page": formats.of_page(pages["inactivity", "fr"])[0][title][0],
                  "notebook": formats.of_notebook(home.runs / "test" / "inactivity.ipynb")[0][title][0],
                  "workbook": formats.of_workbook(books["inactivity"])["Comptes selon leur durée d… (2)"]}
        for name, table in tables.items():
            (row,) = self.rows(table)
            assert all(cell == "n. c." for cell, hidden in zip(row[1:], small, strict=True) if hidden), (name, row)
        (row,) = self.rows(tables["page"])
        assert any(formats.squeezed("".join(row)) in sheet for sheet in formats.of_pdf(printed["inactivity"]))
        chart = formats.of_page(pages["inactivity", "fr"])[1][1]
        place = [name for trace in chart["data"][:1] for name in trace["y"]].index("&lt;a href=\"http://a\"&gt;Pro&lt;/a&gt;")
        assert all(values[place] is None for (_, values), hidden in zip(formats.drawn(chart), small, strict=True) if hidden)


def test_every_breakdown_that_a_report_shows_is_asked_for_as_it_may_be_shown():
    """A section that reads a breakdown without disclosure would show what the others hide."""
    import inspect

    for name, section in SECTIONS.items():
        source = inspect.getsource(inspect.unwrap(section))
        assert not [table for table in BREAKDOWNS if f'frame("{table}")' in source], name
