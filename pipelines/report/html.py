"""An executed notebook as one page: opens offline, asks nobody, shows no code. Markdown and our own outputs only.

plotly.js stands in the page once, compressed, and its hash in the page's Content-Security-Policy; the charts are data, not
code.
"""

import html
import json
from collections.abc import Iterator

from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from pipelines.errors import AlpiaError
from pipelines.report import bundle, figures
from pipelines.report.assets import TEMPLATES, asset, policy
from pipelines.report.figures import MIME
from pipelines.report.pages import prose
from pipelines.report.words import Words

SCRIPTS = ("tables.js", "page.js")
TOLD = ("skip", "index", "contents", "noscript", "product", "filter", "sort")


class PageExporter(TemplateExporter):
    """Our template, with every value escaped unless it was escaped when made."""

    template_name = "page"
    output_mimetype = "text/html"
    file_extension = ".html"

    def __init__(self, **settings) -> None:
        super().__init__(extra_template_basedirs=[str(TEMPLATES)], template_file="index.html.j2", **settings)

    def _create_environment(self):
        environment = super()._create_environment()
        environment.autoescape = True
        return environment


def page(notebook: NotebookNode, lang: str, as_of: str) -> str:
    """The page of an executed notebook; AlpiaError where a cell failed, or shows what no page may show."""
    words = Words(lang)
    sections = list(_sections(notebook, words))
    has_charts = any("chart" in piece for section in sections for piece in section["pieces"])
    style, scripts = asset("page.css"), [asset(name) for name in SCRIPTS]
    told = {
        "lang": lang, "as_of": as_of, "title": sections[0]["title"], "sections": sections,
        "style": style, "scripts": scripts,
        "plotly": bundle.packed() if has_charts else "",
        "policy": policy(style, [*scripts, bundle.source()] if has_charts else scripts),
        "charts": _json({"locale": figures.locale(words), "template": figures.TEMPLATE.to_plotly_json()}),
        "foot": prose(words("page.foot")),
        "colon": words.colon, "shown": words("page.shown", n="{n}", total="{total}"),
        **{name: words(f"page.{name}") for name in TOLD},
    }
    body, _ = PageExporter().from_notebook_node(notebook, resources={"page": told})
    return body


def _sections(notebook: NotebookNode, words: Words) -> Iterator[dict]:
    """Each Markdown cell with what the code cells after it show."""
    section, charts = None, 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if section is not None:
                yield section
            section = {"id": cell.id, "heading": _markdown(cell.source), "pieces": [],
                       "title": cell.source.splitlines()[0].lstrip("# ")}
        elif cell.cell_type == "code":
            for output in cell.outputs:
                piece = _piece(output, cell.id, charts, words)
                charts += "chart" in piece
                section["pieces"].append(piece)
    if section is None:
        raise AlpiaError("The notebook has no Markdown cell: a page begins with its question.")
    yield section


def _piece(output: NotebookNode, cell: str, charts: int, words: Words) -> dict:
    if output.output_type == "stream":
        return {"html": f"<pre>{html.escape(output.text)}</pre>"}
    if output.output_type not in ("display_data", "execute_result"):
        raise AlpiaError(f"The cell {cell} failed: there is no page of a notebook that did.")
    if MIME in output.data:
        drawn = output.data[MIME]
        layout = {name: value for name, value in drawn["layout"].items() if name != "template"}  # once in the page
        told = words("page.chart", title=output.data["text/plain"])
        return {"chart": f"chart-{charts + 1}", "told": told, "data": _json({**drawn, "layout": layout})}
    if "text/html" in output.data:
        return {"html": output.data["text/html"]}
    return {"html": f"<pre>{html.escape(output.data['text/plain'])}</pre>"}


def _markdown(source: str) -> str:
    return MarkdownWithMath(renderer=IPythonRenderer(escape=True, exclude_anchor_links=True)).render(source)


def _json(value) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
