"""A notebook becomes a page, or an error that says why: never half a page, never one that was not finished."""

import os

import nbformat
import pytest
import toy

from pipelines import disk
from pipelines.errors import AlpiaError, RefusedError, UsageError
from pipelines.report import html, kernel, render
from pipelines.report.kernel import OwnKernel
from pipelines.report.render import parameters_of, prove_finished, refuse_unknown

PARAMETERS = 'home: str = ""  # folder\nas_of: str = ""  # day\nlang: str = "fr"  # fr or en'


def notebook(*sources):
    cells = [nbformat.v4.new_markdown_cell("# Title"),
             nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    cells += [nbformat.v4.new_code_cell(source) for source in sources]
    for place, cell in enumerate(cells):
        cell.id = f"cell-{place}"
    return nbformat.v4.new_notebook(cells=cells)


def execute(tmp_path, *sources):
    return render.execute(notebook(*sources), "test", tmp_path / "test.ipynb", {"lang": "fr"})


def test_an_unknown_parameter_is_refused_by_name():
    with pytest.raises(UsageError, match="no parameter as_off; it has: home, as_of, lang"):
        refuse_unknown(notebook(), "test", {"as_off": "2026-01-31"})


def test_parameters_are_those_of_the_tagged_cell():
    assert parameters_of(notebook("other: int = 1")) == ("home", "as_of", "lang")


@pytest.mark.parametrize("name", ["../compliance", "nothing", "compliance.ipynb", "https://example.org/x"])
def test_only_our_own_notebooks_are_run(name):
    with pytest.raises(UsageError, match="There is no notebook"):
        render.read(name)


def test_a_place_that_is_an_address_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no place on this machine"):
        render.execute(notebook(), "test", f"s3://{tmp_path}", {})


def test_a_failed_cell_is_a_failed_report_with_its_sentence(tmp_path):
    with pytest.raises(AlpiaError, match="The notebook test failed: AlpiaError: no such thing"):
        execute(tmp_path, "from pipelines.errors import AlpiaError\nraise AlpiaError('no such thing')")
    assert "no such thing" in (tmp_path / "test.ipynb").read_text(encoding="utf-8"), "the executed copy stays as the record"


QUOTES = """from pipelines import warehouse
try:
    warehouse.memory().execute("SELECT unnest(['4711', 'alice' || '@example.org'])::INTEGER")
except warehouse.DatabaseError as error:
    raise KeyError(f"{error}") from error"""


def test_a_cell_that_says_that_it_never_will_is_refused(tmp_path):
    with pytest.raises(RefusedError, match="The notebook test failed: RefusedError: too old"):
        execute(tmp_path, "from pipelines.errors import RefusedError; raise RefusedError('too old')")


def test_what_an_exception_quotes_is_in_no_sentence_and_no_executed_copy(tmp_path):
    """A database says which value it could not convert; of an error that is not ours, kind and place are told."""
    with pytest.raises(AlpiaError, match=r"The notebook test failed: KeyError \(executed copy") as told:
        execute(tmp_path, QUOTES)
    copy = (tmp_path / "test.ipynb").read_text(encoding="utf-8")
    assert "alice@example.org" not in f"{told.value}{copy}"
    assert "KeyError" in copy
    assert "Cell In[3], line 5" in copy


def test_a_kernel_that_dies_is_a_failed_report_with_its_sentence(tmp_path):
    with pytest.raises(AlpiaError, match="The notebook test failed: its kernel died"):
        execute(tmp_path, "import os; os.kill(os.getpid(), 9)")


@pytest.mark.parametrize("hears", [False, True], ids=["before it is told to begin", "before it answers"])
def test_a_kernel_that_dies_at_once_is_told_like_any_other(tmp_path, monkeypatch, hears):
    monkeypatch.setattr(kernel, "_serve", lambda told, *given: os._exit(bool(hears and told.recv())))
    kernel.prepare()
    if not hears:
        kernel._prepared[-1].wait()
    try:
        with pytest.raises(AlpiaError, match="The notebook test failed: its kernel died"):
            execute(tmp_path, "1 + 1")
    finally:
        kernel.discard()


def test_nobody_debugs_a_kernel_that_was_prepared(tmp_path):
    kernel.prepare()
    executed = execute(tmp_path, "import sys; print(sys.modules['debugpy'], hasattr(get_ipython().kernel, 'debugger'))")
    assert executed.cells[-1].outputs[0].text.strip() == "None False"


def test_a_notebook_that_ends_half_way_is_no_report(tmp_path):
    with pytest.raises(AlpiaError, match="The notebook test"):
        execute(tmp_path, "import sys; sys.exit(0)", "1 + 1")


def test_a_cell_that_did_not_run_is_noticed():
    half = notebook("1 + 1")
    half.cells[1].execution_count = 1
    half.cells[1].metadata["papermill"] = nbformat.NotebookNode(status="completed")
    half.cells[2].metadata["papermill"] = nbformat.NotebookNode(status="pending")
    with pytest.raises(AlpiaError, match="ended before its cell cell-2"):
        prove_finished(half, "test")


def test_the_kernel_is_this_interpreter_and_opens_no_port(tmp_path):
    executed = execute(tmp_path, "import sys; print(sys.executable)",
                       "from ipykernel.kernelapp import IPKernelApp; print(IPKernelApp.instance().transport)")
    import sys

    assert executed.cells[-2].outputs[0].text.strip() == sys.executable
    assert executed.cells[-1].outputs[0].text.strip() == "ipc"
    assert OwnKernel().transport == "ipc"


def test_a_folder_with_braces_is_a_folder(tmp_path):
    folder = tmp_path / "{home} of {0}"
    folder.mkdir()
    assert execute(folder, "1 + 1").cells[-1].outputs[0].data["text/plain"] == "2"
    assert (folder / "test.ipynb").is_file()


def test_a_page_is_written_in_one_step(tmp_path):
    target = tmp_path / "2026-01-31" / "x.html"
    disk.put(target, "old")
    disk.put(target, "new")
    assert target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["x.html"]


def test_numbers_that_disagree_give_no_page(home, tmp_path, monkeypatch):
    """The last cell raises if the numbers cannot be believed; then there is no page."""
    from pipelines import warehouse

    monkeypatch.setenv("ALPIA_WAREHOUSE_KEY", toy.KEY)
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(warehouse.current(home).read_bytes())
    connection = warehouse.connect(broken)
    connection.execute("UPDATE report.reconciliation SET other_side = other_side + 1, agrees = false WHERE name = 'overdue'")
    connection.close()
    monkeypatch.setattr(type(home), "reports", tmp_path / "reports")
    with pytest.raises(AlpiaError, match="The numbers cannot be believed: overdue"):
        render.render(home, toy.AS_OF, "inactivity", "fr", tmp_path, {"warehouse": str(broken)})
    assert not (tmp_path / "reports").exists()


def test_an_output_that_is_no_page_is_escaped_or_refused():
    shown = notebook("print('<b>')")
    shown.cells[2].outputs = [nbformat.v4.new_output("stream", name="stdout", text="<b>")]
    assert "<pre>&lt;b&gt;</pre>" in html.page(shown, "fr", "today")
    shown.cells[2].outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])]
    with pytest.raises(AlpiaError, match="failed"):
        html.page(shown, "fr", "today")


def test_chart_data_cannot_end_its_script():
    shown = notebook("chart")
    bundle = {html.MIME: {"data": [{"name": "</script><script>alert(1)</script>"}], "layout": {}}, "text/plain": "<t>"}
    shown.cells[2].outputs = [nbformat.v4.new_output("display_data", data=bundle)]
    page = html.page(shown, "fr", "today")
    assert "</script><script>alert(1)" not in page
    assert "\\u003c/script>" in page
