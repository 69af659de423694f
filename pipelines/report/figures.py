"""The charts: one template, colours that the colour-blind can tell apart and patterns besides, numbers in the language.

Every text that comes from a source is escaped, since Plotly reads its own HTML-like tags in names, ticks and hover texts.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from pipelines.report.words import LONGEST_LABEL, NARROW, Words, label

MIME = "application/vnd.plotly.v1+json"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
INK, GRID, PAPER = "#1d2733", "#d5dbe3", "rgba(0,0,0,0)"
# Colour and fill pattern of a series, by what it tells; the pattern carries the meaning without the colour.
LOOKS = {
    "plain": ("#2b5f9e", ""),
    "good": ("#1f7a5c", ""),
    "bad": ("#b3261e", "/"),
    "near": ("#c77700", "."),
    "unsure": ("#6d5aa8", "x"),
    "quiet": ("#8c97a6", ""),
    "held": ("#4a7fb5", "-"),
}
# Series that differ by degree, from light to dark; by kind, as unlike as can be.
DEGREES = (("#d7e5f5", ""), ("#a9c8ea", ""), ("#78a5d8", ""), ("#4a7fb5", ""), ("#2b5f9e", ""), ("#123a63", ""))
KINDS = (("#2b5f9e", ""), ("#c77700", "."), ("#1f7a5c", "-"), ("#6d5aa8", "x"), ("#8c97a6", ""), ("#b3261e", "/"),
         ("#123a63", "\\"))
ROW_HEIGHT, FRAME_HEIGHT, COLUMN_HEIGHT = 34, 96, 340
CONFIG = {"displayModeBar": False, "responsive": True, "showLink": False, "plotlyServerURL": ""}
MANY_MONTHS, FEW_COLUMNS, LEGEND_ROW = 13, 6, 24
LONGEST_TICK = 28

TEMPLATE = go.layout.Template(layout={
    "font": {"family": FONT, "size": 14, "color": INK},
    "paper_bgcolor": PAPER, "plot_bgcolor": PAPER, "colorway": [colour for colour, _ in KINDS],
    "margin": {"l": 8, "r": 48, "t": 8, "b": 8},
    "hoverlabel": {"font": {"family": FONT, "size": 14}},
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    "xaxis": {"automargin": True, "gridcolor": GRID, "zerolinecolor": GRID, "fixedrange": True},
    "yaxis": {"automargin": True, "gridcolor": GRID, "zerolinecolor": GRID, "fixedrange": True},
    "bargap": 0.28,
})


@dataclass(frozen=True, slots=True)
class Series:
    """One row of bars: a name as shown, its values (NA is suppressed), and its look (colour, pattern)."""

    name: str
    values: Sequence
    look: tuple[str, str]


@dataclass(frozen=True)
class Chart:
    """A figure under its title; in Jupyter it shows itself."""

    figure: go.Figure
    title: str

    def bundle(self) -> dict:
        """Plotly's mime bundle, with a sentence for readers that draw nothing."""
        drawn = self.figure.to_plotly_json()
        return {MIME: {"data": drawn["data"], "layout": drawn["layout"], "config": CONFIG}, "text/plain": self.title}

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return self.bundle()


def rows(words: Words, title: str, labels: Sequence[str], series: Sequence[Series], axis: str) -> Chart:
    """Horizontal bars, the first label on top; several series are stacked."""
    figure = go.Figure([_bar(words, one, labels, "h", len(series) == 1) for one in series])
    figure.update_layout(height=FRAME_HEIGHT + ROW_HEIGHT * len(labels) + _legend_height(series))
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False, dtick=1)
    figure.update_xaxes(title={"text": text(axis), "standoff": 8}, nticks=6, tickangle=0, **_counting(series))
    return Chart(_finish(words, figure, series), title)


def columns(words: Words, title: str, labels: Sequence[str], series: Sequence[Series], axis: str,
            line: Series | None = None) -> Chart:
    """Vertical bars in the order of the labels, stacked if several, and a line over them if there is one. For time."""
    few = len(labels) < MANY_MONTHS
    figure = go.Figure([_bar(words, one, labels, "v", len(series) == 1 and few) for one in series])
    if line is not None:
        figure.add_trace(_line(words, line, labels))
    figure.update_layout(height=COLUMN_HEIGHT, **({"bargap": 0.75} if len(labels) < FEW_COLUMNS else {}))
    figure.update_xaxes(type="category", showgrid=False, tickangle=0 if few else -45, **({} if few else {"nticks": 12}))
    figure.update_yaxes(title={"text": text(axis), "standoff": 8}, **_counting(series, line))
    return Chart(_finish(words, figure, [*series, line] if line else series), title)


def _legend_height(series: Sequence[Series]) -> int:
    """Room for a legend of three columns; a narrow screen takes more (page.js)."""
    return LEGEND_ROW * -(-len(series) // 3) if len(series) > 1 else 0


def _line(words: Words, one: Series, labels: Sequence[str]) -> go.Scatter:
    return go.Scatter(
        x=[text(name) for name in labels], y=[int(value) for value in one.values], name=text(one.name), mode="lines+markers",
        line={"color": one.look[0], "width": 2, "dash": "dot"}, marker={"symbol": "diamond", "size": 8},
        customdata=[words.number(value) for value in one.values],
        hovertemplate="%{x}<br>%{fullData.name} : %{customdata}<extra></extra>")


def _bar(words: Words, one: Series, labels: Sequence[str], orientation: str, is_alone: bool) -> go.Bar:
    names = [text(name, LONGEST_TICK) for name in labels]
    values = [None if pd.isna(value) else int(value) for value in one.values]
    colour, pattern = one.look
    place, length = ("y", "x") if orientation == "h" else ("x", "y")
    told = [words("value.suppressed") if value is None else words.number(value) for value in values]
    return go.Bar(
        {place: names, length: values}, orientation=orientation, name=text(one.name),
        marker={"color": colour, "line": {"width": [0.6 if value else 0 for value in values], "color": INK},
                "pattern": {"shape": pattern, "fillmode": "overlay", "fgcolor": "#ffffff", "size": 7, "solidity": 0.25}},
        text=told if is_alone else None, textposition="outside" if is_alone else "none", cliponaxis=False,
        customdata=told, hovertemplate=f"%{{{place}}}<br>%{{fullData.name}} : %{{customdata}}<extra></extra>",
    )


def _counting(series: Sequence[Series], line: Series | None = None) -> dict:
    """An axis that counts: whole numbers from 0, never finer than 1, also where there is nothing to draw."""
    stacked = [sum(0 if pd.isna(v) else v for v in values) for values in zip(*(one.values for one in series), strict=True)]
    highest = max([*stacked, *(line.values if line else ())], default=0)
    small = {"dtick": 1} if highest <= 5 else {}
    return {"rangemode": "tozero", "tickformat": ",d", "range": [0, max(1, float(highest) * 1.12)], **small}


def _finish(words: Words, figure: go.Figure, series: Sequence[Series]) -> go.Figure:
    figure.update_layout(template=TEMPLATE, barmode="stack", showlegend=len(series) > 1,
                         separators=f",{NARROW}" if words.lang == "fr" else ".,")
    return figure


def text(value, longest: int = LONGEST_LABEL) -> str:
    """A name as Plotly shows it: one printable line, its tags told as text."""
    return html.escape(label(value, longest), quote=False)
