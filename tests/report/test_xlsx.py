"""Workbooks: what a source calls itself stays text, numbers and days are typed, and the lists of subjects are apart."""

import re
import stat
import zipfile
from datetime import date, datetime

import formats
import openpyxl
import pandas as pd
import pytest
import toy
from openpyxl.utils.escape import unescape

from pipelines import warehouse
from pipelines.report import open_run, workbooks, xlsx
from pipelines.report.words import Words

FR, EN = Words("fr"), Words("en")
BOOK = xlsx.Book("Titre", date(2026, 1, 31), [("Source", "essai")])
HOSTILE = ("=HYPERLINK(\"http://x\",\"y\")", "+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3", "\t=1+1", "{=1}", "12", "1e5",
           "http://example.org/x", "mailto:a@b.example", "internal:A1", "<r><t>bold</t></r>",
           "</t></is></c><c><f>1+1</f></c>", "_x0041_")


def write(path, *sheets, words=FR, book=BOOK, **settings):
    return xlsx.write(path, words, book, sheets, **settings)


def text_sheet(*values, title="Noms"):
    return xlsx.Sheet(title, (xlsx.Column("Nom", "text", list(values)),))


def cells(path, name="Noms"):
    return [row[0] for row in formats.of_workbook(path)[name][1:]]


def parts(path):
    """The XML of every part, by its name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return write(tmp_path_factory.mktemp("xlsx") / "hostile.xlsx", text_sheet(*HOSTILE))


class TestHostileText:
    def test_is_text_and_reads_as_it_was(self, hostile):
        book = openpyxl.load_workbook(hostile)
        held = [row[0] for row in book["Noms"].iter_rows(min_row=2)]
        assert {cell.data_type for cell in held} <= {"s", "inlineStr"}
        assert [unescape(cell.value).strip() for cell in held] == [value.replace("\t", "\ufffd") for value in HOSTILE]

    def test_is_no_formula_no_link_and_no_markup(self, hostile):
        every = "".join(parts(hostile).values())
        assert not re.search(r"<(f|hyperlink|hyperlinks|t>bold)[ >]", every)
        assert "relationships/hyperlink" not in every
        assert "&lt;r&gt;" in every

    def test_stays_text_when_somebody_edits_the_cell(self, hostile):
        held = openpyxl.load_workbook(hostile)["Noms"].iter_rows(min_row=2)
        quoted = {row[0].value: row[0].quotePrefix for row in held}
        assert all(quoted[value] for value in HOSTILE if value[0] in "=+-@")

    @pytest.mark.parametrize(("value", "read"), [
        ("a\x00b\x0bc\x1bd\x7fe", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("user\u202egnp.exe\u2066x\u200f", "user\ufffdgnp.exe\ufffdx\ufffd"),
        ("a\ufffeb\uffffc\ud800d", "a\ufffdb\ufffdc\ufffdd"),
        ("x" * 10_240, "x" * 10_240),
        ("y" * 40_000, "y" * 15_999 + "…"),
        ("\U0001f600" * 40_000, "\U0001f600" * 15_999 + "…"),
    ], ids=["controls", "bidi", "no-xml", "10kB", "40000", "40000-pairs"])
    def test_what_a_cell_cannot_hold_is_marked_or_cut(self, tmp_path, value, read):
        assert cells(write(tmp_path / "x.xlsx", text_sheet(value))) == [read]

    def test_heads_and_titles_too(self, tmp_path):
        sheet = xlsx.Sheet("=1+1 [a]:*?/\\'", (xlsx.Column("=2+2", "text", ["x"]),))
        path = write(tmp_path / "x.xlsx", sheet, book=xlsx.Book("=3+3", BOOK.as_of, [("@x", "+y")]))
        assert "<f>" not in "".join(parts(path).values())
        about, table = formats.of_workbook(path).values()
        assert (about[0][0], about[2][:2], table[0][0]) == ("=3+3", ["@x", "+y"], "=2+2")


def columns_of(**named):
    return tuple(xlsx.column(FR, name, name, values) for name, values in named.items())


def test_cells_are_typed_and_formatted(tmp_path):
    moments = pd.Series(pd.to_datetime(["2026-03-29 00:30", None], utc=True)).dt.tz_convert("Europe/Paris")
    frame = columns_of(
        subjects=pd.Series([1234, 5]), seen_on=pd.Series(pd.to_datetime(["2026-01-31", None])), seen_at=moments,
        share=pd.Series([0.125, pd.NA], dtype=object), accounts=pd.Series([7, pd.NA], dtype="Int64"),
        mean=pd.Series([1.25, None]), month_on=pd.Series([date(2026, 1, 1), None]), is_whole=pd.Series([True, False]),
        state=pd.Series(["overdue", None]), verdict=pd.Series(["breached", None]), why=pd.Series(["see `x`", ""]))
    path = write(tmp_path / "x.xlsx", xlsx.Sheet("T", frame))
    rows = openpyxl.load_workbook(path)["T"].iter_rows(min_row=2)
    first, second = (list(row) for row in rows)
    assert [cell.value for cell in first] == [
        1234, datetime(2026, 1, 31), datetime(2026, 3, 29, 1, 30), 0.125, 7, 1.25, datetime(2026, 1, 1), "oui",
        "échue, non faite", "Non tenue", "see x"]
    assert [cell.value for cell in second] == [5, None, None, "n. c.", "n. c.", None, None, "non", "—", None, ""]
    assert [cell.number_format for cell in first[:7]] == [
        "#,##0", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "0.0%", "#,##0", "#,##0.0", "[$-40C]mmm yyyy"]


def test_a_sheet_has_a_frozen_head_filters_and_widths(tmp_path):
    sheet = xlsx.Sheet("T", (xlsx.Column("A", "text", ["x" * 200, "y"]), xlsx.Column("B", "count", [1, 2])))
    held = openpyxl.load_workbook(write(tmp_path / "x.xlsx", sheet))["T"]
    assert (held.freeze_panes, held.auto_filter.ref) == ("B2", "A1:B3")
    assert 50 < held.column_dimensions["A"].width < 70
    assert 8 < held.column_dimensions["B"].width < 20


def test_what_exceeds_a_sheet_stands_on_several_and_the_first_sheet_says_so(tmp_path):
    path = write(tmp_path / "x.xlsx", text_sheet(*map(str, range(7)), title="T"), most_rows=3)
    held = formats.of_workbook(path)
    assert {name: [row[0] for row in rows[1:]] for name, rows in list(held.items())[1:]} == {
        "T": ["0", "1", "2"], "T (2)": ["3", "4", "5"], "T (3)": ["6"]}
    assert all(held[name][0] == ["Nom"] for name in ("T", "T (2)", "T (3)"))
    about = [cell for row in held["À propos"] for cell in row]
    assert "T, T (2), T (3)" in about
    assert any("3 feuilles" in str(cell) for cell in about)


def test_names_of_sheets_are_short_different_and_taken_by_excel(tmp_path):
    titles = ("Comptes selon leur durée d’inactivité, par âge", "COMPTES selon leur durée d’inactivité, par pays",
              "Comptes selon leur durée d’inactivité", "À PROPOS")
    path = write(tmp_path / "x.xlsx", *(text_sheet("a", title=title) for title in titles))
    names = openpyxl.load_workbook(path).sheetnames
    assert len({name.casefold() for name in names}) == len(names) == 5
    assert all(len(name) <= 31 for name in names)


def test_the_same_figures_give_the_same_bytes_and_english_its_formats(tmp_path):
    sheet = xlsx.Sheet("T", columns_of(day_on=pd.Series(pd.to_datetime(["2026-01-31"]))))
    assert write(tmp_path / "a.xlsx", sheet).read_bytes() == write(tmp_path / "b.xlsx", sheet).read_bytes()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").properties.created == datetime(2026, 1, 31)
    english = openpyxl.load_workbook(write(tmp_path / "c.xlsx", sheet, words=EN))
    assert english["T"]["A2"].number_format == "yyyy-mm-dd"
    assert english.sheetnames[0] == "About"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = write(tmp_path / "x.xlsx", text_sheet("old"))
    with pytest.raises(TypeError):
        write(path, text_sheet("new", object()))
    assert cells(path) == ["old"]
    assert [file.name for file in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.fixture(scope="module")
def listed(home):
    figures, lists = workbooks.write(home, toy.AS_OF, ("compliance",), "fr", warehouse.current(home))
    assert lists == figures.parent / "restricted" / "subjects.xlsx"
    return lists


class TestTheRestrictedLists:
    def test_are_apart_readable_by_their_owner_alone_and_say_so(self, listed):
        assert stat.S_IMODE(listed.stat().st_mode) == 0o600
        assert stat.S_IMODE(listed.parent.stat().st_mode) == 0o700
        about = [str(cell) for row in formats.of_workbook(listed)["À propos"] for cell in row]
        assert "DIFFUSION RESTREINTE" in about
        book = openpyxl.load_workbook(listed)
        assert all("DIFFUSION RESTREINTE" in sheet.oddHeader.center.text for sheet in book.worksheets[1:])

    def test_hold_every_subject_that_something_is_to_be_done_about_and_no_other(self, listed, home):
        run = open_run(str(home.path), lang="fr")
        sheets = formats.of_workbook(listed)
        for promise in ("retention.inactive-accounts", "cancellation.done", "hosting.france"):
            who = run.who(promise)
            acted = who[~who["state"].isin(["open", "met", "void", "kept"])]
            assert [row[0] for row in sheets[promise][1:]] == acted["subject"].tolist()
            assert len(acted) < len(who)
            due = acted["due_at"].tolist() if "due_at" in acted else []
            assert [row[4] for row in sheets[promise][1:]] == [day.tz_localize(None) for day in due] or not due

    def test_are_in_no_other_workbook(self, listed, home):
        for file in listed.parent.parent.glob("*.xlsx"):
            assert not re.search(r"(account|invoice|item)-\d{24}", "".join(parts(file).values())), file.name
