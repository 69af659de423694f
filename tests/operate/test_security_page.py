"""SECURITY.md is true: every row names a test that exists, and what no other test shows is shown here."""

import ast
import csv
import io
import os
import re
import stat
import subprocess
import sys

import nbformat
import pytest
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from pipelines import disk
from pipelines.errors import AlpiaError
from pipelines.home import REPOSITORY
from pipelines.operate import annex
from pipelines.register import contracts, document
from pipelines.report import render

PAGE = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| what could be tried")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LOCKS = sorted(REPOSITORY.glob("requirements*.lock"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_every_row_names_a_test_that_exists(row):
    named = NAMED.findall(row.rsplit("|", 2)[1])
    assert named
    for file, test in named:
        tree = ast.parse((REPOSITORY / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{file}::{test}"


def test_there_are_rows_and_a_missing_test_would_be_noticed():
    assert len(ROWS) > 25
    with pytest.raises(AssertionError):
        test_every_row_names_a_test_that_exists("| x | y | `tests/operate/test_security_page.py::test_that_is_not_there` |")


@pytest.mark.parametrize("evil", [
    '"; import os; os.abort(); "', "'''\nimport os\n'''", "\\", '"""', "2026-01-31\nraise SystemExit", "{}", "$(id)",
    "\u2028x", "é\x00", "# type: ignore"])
def test_a_parameter_that_is_code_stays_a_text(evil):
    """papermill writes parameters into a cell that is run: each must be the literal that it was."""
    given = {"home": evil, "as_of": evil, "lang": evil}
    written = parameterize_notebook(load_notebook_node(render.read("compliance")), given, kernel_name="python3",
                                    language="python")
    cell = next(cell for cell in written.cells if "injected-parameters" in cell.metadata.get("tags", ()))
    tree = ast.parse(cell.source)
    assert {node.targets[0].id: ast.literal_eval(node.value) for node in tree.body} == given


FAILING = """import pipelines.cli as cli
def fail(*given):
    try:
        int("alice@example.org")
    except ValueError as error:
        raise KeyError(f"{error}") from error
cli.Home.locate = fail
cli.main(["status"])"""


def test_an_error_of_the_product_tells_where_it_is_and_no_value():
    done = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "alice" not in done.stderr
    assert "<string>:4, in fail\nValueError\nand then:\n" in done.stderr
    assert done.stderr.splitlines()[-2:] == [
        "KeyError", "alpia: This is an error of the product. Report these lines: they hold no value."]


@pytest.mark.parametrize("content", ["a = " + "[" * 100_000, "a = " + "9" * 5000, "a = " + "{b=" * 5000],
                         ids=["deep", "digits", "tables"])
def test_toml_that_is_deep_or_endless_is_one_sentence(tmp_path, content):
    file = tmp_path / "contracts.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(AlpiaError, match=r"contracts\.toml: is not"):
        document.read(file)
    with pytest.raises(AlpiaError, match=r"contracts\.toml: is not"):
        contracts.load(file)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_lock_is_hashed_and_names_no_address(lock):
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(r"^[\w.\[\]-]+==[^\s\\]+.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)*", text, re.MULTILINE)
    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)
    assert len(pins) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    assert "://" not in text


def test_nothing_is_installed_without_its_hash():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    install = re.search(r"^INSTALL := .*$", makefile, re.MULTILINE)[0]
    assert "--require-hashes" in install
    loose = [line for line in makefile.splitlines() if "pip install" in line and "--require-hashes" not in line]
    assert all("--no-deps" in line and "--editable ." in line for line in loose)


def test_the_list_of_licences_is_that_of_the_locks():
    made = subprocess.run([sys.executable, "-m", "tests.licences"], cwd=REPOSITORY, capture_output=True, text=True,
                          check=True)
    assert made.stdout == (REPOSITORY / "LICENCES.md").read_text(encoding="utf-8"), "make licences writes it anew"


def test_notebooks_hold_no_output_and_no_secret():
    for file in (REPOSITORY / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(file, as_version=4).cells:
            assert not cell.get("outputs")


def audited(folder, control, answer, **environment):
    """What tests/audit.sh says, asking a stand-in for pip-audit that answers so of its control, and of a lock."""
    kinds = {"weak": ("jinja2", 1), "none": ("jinja2", 0), "silent": ("echo no network >&2; exit 1", None),
             "sound": ("one two", 0), "one weak": ("one two", 1), "half": ("one", 0), "passed over": ("one skipped", 0)}

    def script(kind):
        names, status = kinds[kind]
        if status is None:
            return names
        told = ", ".join('{"name": "x", "skip_reason": "not found"}' if name == "skipped" else
                         f'{{"name": "{name}", "vulns": []}}' for name in names.split())
        return f"""echo '{{"dependencies": [{told}]}}' >"$out"; exit {status}"""

    auditor, lock = folder / "auditor", folder / "a.lock"
    auditor.write_text(f"""#!/bin/sh
echo "$*" >>{folder}/asked
out=$(echo "$*" | sed 's/.*--output \\([^ ]*\\) .*/\\1/')
case "$*" in *control.txt) {script(control)};; *) {script(answer)};; esac
""", encoding="utf-8")
    auditor.chmod(0o755)
    lock.write_text("one==1 \\\n    --hash=sha256:0\ntwo==2 \\\n    --hash=sha256:0\n"
                    "other==3 ; sys_platform == 'darwin' \\\n    --hash=sha256:0\n", encoding="utf-8")
    return subprocess.run(["sh", REPOSITORY / "tests" / "audit.sh", auditor, lock], capture_output=True, text=True,
                          check=False, env=os.environ | environment)


@pytest.mark.parametrize(("control", "answer", "status", "told"), [
    ("weak", "sound", 0, "a.lock: no known weakness of 2 packages"), ("weak", "one weak", 1, "a.lock: known weaknesses"),
    ("none", "sound", 2, "NOT CHECKED: the data"), ("silent", "sound", 2, "NOT CHECKED: pip-audit could"),
    ("weak", "silent", 2, "a.lock: no network"), ("weak", "half", 2, "a.lock: 1 answers for 2 pins"),
    ("weak", "passed over", 2, "a.lock: pip-audit has no data on 1 of its packages")])
def test_an_audit_that_could_not_have_its_data_says_so(tmp_path, control, answer, status, told):
    """A mirror that knows of no weakness at all, or not of all packages, or no network, is not sound packages."""
    done = audited(tmp_path, control, answer)
    assert done.returncode == status, done.stderr
    assert told in done.stdout
    assert ("NOT CHECKED" in done.stdout) == (status == 2)
    assert ("no known weakness of" in done.stdout) == (status == 0)


def test_an_audit_asks_the_source_of_advisories_that_it_is_given(tmp_path):
    done = audited(tmp_path, "weak", "sound", AUDIT_OSV_URL="http://localhost:1/v1/query")
    assert done.returncode == 0
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert len(asked) == 2
    assert all("--vulnerability-service osv --osv-url http://localhost:1/v1/query -r" in one for one in asked)


@pytest.mark.parametrize("value", ['=HYPERLINK("http://x")', "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1"])
def test_no_cell_of_a_list_is_a_formula(value):
    """An id, or a server's name, is what a source says; the list is opened in a spreadsheet."""
    (_, row) = csv.reader(io.StringIO(annex._csv(("source_id", "cases"), [(value, -1)]), newline=""))
    assert row == [f"'{value}".replace("\r", " "), "-1"]


def test_a_file_is_its_owner_s_alone_whatever_the_umask(tmp_path):
    before = os.umask(0o022)
    try:
        file = disk.put(tmp_path / "day" / "page.html", "x")
    finally:
        os.umask(before)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
