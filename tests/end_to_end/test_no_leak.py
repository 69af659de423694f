"""Of the persons in the source system nothing but pseudonyms arrives: searched for, decoded, with a control found first."""

import re
import shutil

import pytest
from search import found, texts

from pipelines import warehouse
from pipelines.home import Home
from pipelines.operate import audit, rotation
from pipelines.operate.ledger import Ledger

pytestmark = [pytest.mark.slow]
KIND = re.compile(r"(/[^/]*\.(duckdb|csv))?: .*|/[^/]*\.csv$")
CONTROL = "control.person@example.org"


def test_nothing_personal_is_in_what_two_nights_left(nights, personal, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(nights.home.path, copy, symlinks=True, ignore=shutil.ignore_patterns("sources"))
    assert all(warehouse.is_encrypted(file) for file in copy.rglob(f"*{warehouse.SUFFIX}"))
    keys = {file.read_text(encoding="ascii").strip() for file in nights.home.keys.glob("*.key")}
    pages = list(texts(copy, leave_out=("keys",)))
    assert any("fact.\"account\"" in place for place, _ in pages)
    assert any(place.endswith(".html") for place, _ in pages)
    assert any(place.endswith(".ipynb") for place, _ in pages)
    assert any(place.endswith(".pdf") for place, _ in pages)
    assert any("subjects.xlsx: xl/worksheets" in place for place, _ in pages)
    assert found(personal | keys, pages) == []


def test_the_search_finds_a_control_wherever_it_is_planted(nights, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(nights.home.path, copy, symlinks=True, ignore=shutil.ignore_patterns("sources"))
    connection = warehouse.connect(next((copy / "warehouse").glob("*.duckdb")))
    connection.execute("CREATE TABLE report.planted AS SELECT CASE WHEN i = 1234 THEN ? ELSE 'row ' || i || '@example.com' "
                       "END AS text FROM range(5000) AS r(i)", [CONTROL])
    warehouse.finish(connection)
    page = copy / "reports" / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", "<p>control&#46;person@example&#46;org</p></body>"),
                    encoding="utf-8")
    places = {place for place, _ in found({CONTROL}, texts(copy))}
    assert len(places) == 2
    assert any("report.\"planted\"" in place for place in places)
    assert "reports/index.html" in places


def test_after_another_key_of_the_pseudonyms_no_file_of_any_kind_has_an_old_name(nights, pseudonyms, tmp_path):
    """Executed notebooks and reports never had any; lists of subjects and what was made by hand are forgotten."""
    shutil.copytree(nights.home.path, tmp_path / "home", symlinks=True, ignore=shutil.ignore_patterns("2026-06-29_*"))
    home = Home(tmp_path / "home")
    by_hand = warehouse.building_path(home, "by-hand")
    by_hand.parent.mkdir(parents=True)
    shutil.copy(warehouse.current(home), by_hand)
    revealed = home.runs / "revealed" / "trash.kept_20260630T030000.csv"
    revealed.parent.mkdir()
    revealed.write_text(f"subject,id\n{min(pseudonyms)},4711\n", encoding="ascii")

    def kinds():
        return {KIND.sub("", place) for place, _ in found(pseudonyms, texts(home.path, leave_out=("sources",)))}

    assert kinds() == {"exceptions.toml", "reports/2026-06-30/restricted/subjects.xlsx", "runs/revealed", "warehouse",
                       "warehouse/building/by-hand"}
    rotation.pseudonym(home)
    assert kinds() == set()
    assert "3 lists of subjects and works by hand forgotten" in Ledger(home.runs).runs()[-1].message
    told = audit.verify(home.path)
    assert told.findings == []
    assert "reports/2026-06-30/restricted/subjects.xlsx" in told.gone
