"""A page of any pieces, without a notebook's kernel: for tests of what a page does with them."""

import json

import nbformat
from browsing import until

from pipelines.report import html
from pipelines.report.figures import Chart
from pipelines.report.render import read, translated
from pipelines.report.sections import SECTIONS


def page_of(*pieces, lang="fr"):
    """The text of a page that shows these pieces under one question."""
    cells = [nbformat.v4.new_markdown_cell("# Question ?", id="title"), nbformat.v4.new_code_cell("", id="title-answer")]
    cells[1].outputs = [nbformat.v4.new_output("display_data", data=_data(piece)) for piece in pieces]
    return html.page(nbformat.v4.new_notebook(cells=cells), lang, "31 janvier 2026")


def report_of(run, name):
    """The text of a whole report of a run."""
    notebook = translated(read(name), name, run.words)
    for cell in notebook.cells:
        key = f"{name}.{cell.id.removesuffix('-answer').replace('title', 'answer')}"
        if cell.id.endswith("-answer"):
            shown = run.believe() if cell.id == "believe-answer" else SECTIONS[key](run)
            cell.outputs = [nbformat.v4.new_output("display_data", data=_data(piece)) for piece in shown.pieces]
    return html.page(notebook, run.words.lang, run.words.day(run.as_of))


def _data(piece):
    """As a kernel would send it: through JSON."""
    return json.loads(json.dumps(piece.bundle() if isinstance(piece, Chart) else {"text/html": piece.text}))


def opened(browser, text, path, width=1280):
    """The page in the browser, drawn; `logged`, `asked` and `refused`: what it logged, asked for, and its policy stopped."""
    path.write_text(text, encoding="utf-8")
    view = browser.new_page(viewport={"width": width, "height": 900})
    view.logged, view.asked, view.refused = [], [], []
    view.on("console", lambda message: view.logged.append(message.text))
    view.on("pageerror", lambda error: view.logged.append(str(error)))
    view.on("request", lambda request: view.asked.append(request.url))
    view.on("requestfailed", lambda request: request.failure == "csp" and view.refused.append(request.url))
    view.goto(path.as_uri())
    until(view, "document.documentElement.dataset.charts === 'drawn'")
    return view
