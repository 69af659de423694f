"""An executed notebook as one page: opens offline, asks nobody, shows no code. Markdown and our own outputs only.

plotly.js stands in the page once, compressed, and its hash in the page's Content-Security-Policy; the charts are data, not
code.
"""

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from pipelines.errors import AlpiaError
from pipelines.report.figures import MIME
from pipelines.report.pages import prose
from pipelines.report.words import Words

TEMPLATES = Path(__file__).parent / "templates"
HEADING = "## "


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
    style, script = asset("page.css"), asset("page.js")
    told = {
        "lang": lang, "as_of": as_of, "title": sections[0]["title"], "sections": sections, "style": style, "script": script,
        "plotly": _packed_plotly() if has_charts else "", "policy": policy(style, [script, _plotly()] if has_charts else []),
        "foot": prose(words("page.foot")),
        **{name: words(f"page.{name}") for name in ("skip", "index", "contents", "noscript")},
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
        chart = output.data[MIME]
        told = words("page.chart", title=output.data["text/plain"])
        return {"chart": f"chart-{charts + 1}", "told": told, "data": _json(chart)}
    if "text/html" in output.data:
        return {"html": output.data["text/html"]}
    return {"html": f"<pre>{html.escape(output.data['text/plain'])}</pre>"}


def _markdown(source: str) -> str:
    return MarkdownWithMath(renderer=IPythonRenderer(escape=True, exclude_anchor_links=True)).render(source)


def _json(chart: dict) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(chart, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def policy(style: str, scripts: list[str]) -> str:
    """What the page may do: its own style and scripts by their hashes, and nothing from anywhere."""
    allowed = " ".join(_hash(script) for script in scripts) or "'none'"
    styles = " ".join(_hash(text) for text in (style, *(_styles_of_plotly() if scripts else ())))
    return (f"default-src 'none'; script-src {allowed}; style-src-elem {styles}; style-src-attr 'unsafe-inline'; "
            "img-src data:; base-uri 'none'; form-action 'none'")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def asset(name: str) -> str:
    return (TEMPLATES / "page" / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    return resources.files("plotly").joinpath("package_data", "plotly.min.js").read_text(encoding="utf-8")


@cache
def _styles_of_plotly() -> tuple[str, ...]:
    """The style sheets that plotly.js itself puts into a page: an empty one that it fills, and those that it carries."""
    return ("", *re.findall(r"\.textContent='([^'\\]*)'", _plotly()))


@cache
def _packed_plotly() -> str:
    """plotly.js compressed, as text; the same bytes every time."""
    return base64.b64encode(gzip.compress(_plotly().encode(), compresslevel=9, mtime=0)).decode()
