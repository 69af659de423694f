"""The notebooks are thin: a question, parameters, a call, a picture; what decides lives in the package."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from pipelines.report.render import NOTEBOOKS, parameters_of
from pipelines.report.sections import SECTIONS
from pipelines.report.texts import TEXTS

NAMES = ("collect", "compliance", "deletions", "inactivity", "management", "traffic", "verify")
REPORTS = ("compliance", "deletions", "inactivity", "management", "traffic")
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While, ast.Try,
             ast.With, ast.If, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SQL = re.compile(r"\b(SELECT|FROM|INSERT|UPDATE|DELETE|CREATE)\b")
LANGUAGES_OF_A_LITERAL = (str, bool, int, float)


def notebook(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def code(name):
    return [cell for cell in notebook(name).cells if cell.cell_type == "code"]


def given(name):
    return next(cell for cell in code(name) if "parameters" in cell.metadata.get("tags", ()))


def test_these_are_the_notebooks():
    assert tuple(sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
class TestShape:
    def test_is_valid_and_committed_without_outputs(self, name):
        text = (NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
        nbformat.validate(nbformat.reads(text, as_version=4))
        assert all(not cell.outputs and cell.execution_count is None for cell in code(name))

    def test_names_no_machine(self, name):
        assert notebook(name).metadata == {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"}}

    def test_cell_ids_are_words_and_differ(self, name):
        ids = [cell.id for cell in notebook(name).cells]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z]+(-answer)?", one) for one in ids)

    def test_begins_with_its_question_and_opens_the_run_once(self, name):
        cells = notebook(name).cells
        assert [cell.cell_type for cell in cells[:3]] == ["markdown", "code", "code"]
        assert cells[0].source.startswith("# ")
        assert "parameters" in cells[1].metadata.tags
        assert sum("open_run(" in cell.source or "open_file(" in cell.source for cell in code(name)) == 1

    def test_every_later_heading_is_a_question_answered_by_one_call(self, name):
        cells = [cell for cell in notebook(name).cells[3:] if cell.id != "title-answer"]
        for question, answer in zip(cells[::2], cells[1::2], strict=True):
            assert question.cell_type == "markdown"
            assert re.fullmatch(r"## .+\?", question.source)
            assert answer.id == f"{question.id}-answer"
            assert len(ast.parse(answer.source).body) == 1
            assert isinstance(ast.parse(answer.source).body[0].value, ast.Call)

    def test_ends_with_the_cell_that_raises(self, name):
        assert code(name)[-1].source in ("run.believe()", 'run.show("collect.believe")')

    def test_holds_no_function_loop_try_sql_or_path(self, name):
        for cell in code(name):
            tree = ast.parse(cell.source)
            assert not [node for node in ast.walk(tree) if isinstance(node, FORBIDDEN)]
            texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
            assert not [text for text in texts if SQL.search(text) or "/" in text or "\\" in text]

    def test_parameters_are_plain_typed_literals_with_help(self, name):
        cell = given(name)
        for line, node in zip(cell.source.splitlines(), ast.parse(cell.source).body, strict=True):
            assert isinstance(node, ast.AnnAssign)
            assert isinstance(node.annotation, ast.Name)
            assert type(ast.literal_eval(node.value)) in LANGUAGES_OF_A_LITERAL
            assert type(ast.literal_eval(node.value)).__name__ == node.annotation.id
            assert re.search(r"  # \S", line), "a line of help"
            assert line.count("=") == 1, "papermill hides a parameter whose line has a second one"
        assert {"home", "as_of", "lang"} <= set(parameters_of(notebook(name)))
        assert sum("parameters" in c.metadata.get("tags", ()) for c in code(name)) == 1

    def test_what_papermill_finds_is_what_we_find(self, name):
        from papermill import inspect_notebook

        assert tuple(inspect_notebook(str(NOTEBOOKS / f"{name}.ipynb"))) == parameters_of(notebook(name))

    def test_its_markdown_is_the_english_of_the_register_of_texts(self, name):
        for cell in notebook(name).cells:
            if cell.cell_type == "markdown":
                assert cell.source == TEXTS[f"{name}.{cell.id}"][1]


def test_every_answer_is_asked_for_and_every_question_has_an_answer():
    asked = {found for name in NAMES for cell in code(name) for found in re.findall(r'run\.show\("([\w.]+)"\)', cell.source)}
    assert asked == set(SECTIONS)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_take_the_same_parameters(name):
    assert parameters_of(notebook(name)) == ("home", "as_of", "lang", "warehouse")


def test_no_notebook_checkpoint_is_left_beside_them():
    assert not [path for path in Path(NOTEBOOKS).rglob("*") if path.suffix == ".ipynb" and path.parent != NOTEBOOKS
                and ".ipynb_checkpoints" not in path.parts]
