"""The charts: one template, colours that the colour-blind can tell apart and patterns besides, numbers in the language.

Every text that comes from a source is escaped, since Plotly reads its own HTML-like tags in names, ticks and hover texts.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from pipelines.report.bundle import TRACES
from pipelines.report.words import LONGEST_LABEL, MONTHS, NARROW, SHORT_MONTHS, WEEKDAYS, Words, label

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
    "robot": ("#8c97a6", "/"),
}
# Series that differ by degree, from light to dark; by kind, as unlike as can be.
DEGREES = (("#d7e5f5", ""), ("#a9c8ea", ""), ("#78a5d8", ""), ("#4a7fb5", ""), ("#2b5f9e", ""), ("#123a63", ""))
KINDS = (("#2b5f9e", ""), ("#c77700", "."), ("#1f7a5c", "-"), ("#6d5aa8", "x"), ("#8c97a6", ""), ("#b3261e", "/"),
         ("#123a63", "\\"))
# Lines that differ by kind: colour, dash and marker, each of which tells them apart without the others.
STROKES = (("#2b5f9e", "solid", "circle"), ("#c77700", "dash", "diamond"), ("#1f7a5c", "dot", "square"),
           ("#6d5aa8", "dashdot", "triangle-up"), ("#b3261e", "longdash", "x"), ("#123a63", "solid", "cross"),
           ("#8c97a6", "dash", "star"))
ROW_HEIGHT, FRAME_HEIGHT, COLUMN_HEIGHT = 34, 96, 340
CONFIG = {"displayModeBar": False, "responsive": True, "showLink": False, "plotlyServerURL": ""}
MANY_MONTHS, FEW_COLUMNS, LEGEND_ROW = 13, 6, 24
LONGEST_TICK, LONGEST_AXIS = 28, 60  # letters of a name, and of all names that stand side by side on paper

AXIS = {"automargin": True, "gridcolor": GRID, "zerolinecolor": GRID, "fixedrange": True, "title": {"font": {"size": 14}}}
TEMPLATE = go.layout.Template(layout={
    "font": {"family": FONT, "size": 14, "color": INK},
    "paper_bgcolor": PAPER, "plot_bgcolor": PAPER, "colorway": [colour for colour, _ in KINDS],
    "margin": {"l": 8, "r": 48, "t": 8, "b": 8},
    "hoverlabel": {"font": {"family": FONT, "size": 14}},
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    "xaxis": AXIS,
    "yaxis": {**AXIS, "ticklabelstandoff": 6},
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
    """A figure under its title; in Jupyter it shows itself. `finding`: what it shows, in a sentence, where one can."""

    figure: go.Figure
    title: str
    lang: str = "fr"
    finding: str = ""

    @property
    def told(self) -> str:
        """What readers that draw nothing are told."""
        return f"{self.finding} {self.title}" if self.finding else self.title

    def bundle(self) -> dict:
        """Plotly's mime bundle with its words; ValueError for a trace that the pages' plotly.js would draw as another."""
        drawn = self.figure.to_plotly_json()
        strange = sorted({trace["type"] for trace in drawn["data"]} - TRACES)
        if strange:
            raise ValueError(f"The pages' plotly.js draws no {', '.join(strange)}; it draws {', '.join(sorted(TRACES))}.")
        shown = {"data": drawn["data"], "layout": drawn["layout"], "config": {**CONFIG, "locale": self.lang}}
        return {MIME: shown, "text/plain": self.told}

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return self.bundle()


def locale(words: Words) -> dict | None:
    """Plotly's French, with our own months and numbers (its own abbreviates to `11,7k`); it speaks English by itself."""
    if words.lang != "fr":
        return None
    days, months = WEEKDAYS[words.lang], MONTHS[words.lang]
    return {"moduleType": "locale", "name": words.lang, "dictionary": {
        "Double-click on legend to isolate one trace": words("chart.isolate"),
        "Double-click to zoom back out": words("chart.zoom_out"),
    }, "format": {
        "days": days, "shortDays": [day[:3] for day in days], "months": months, "shortMonths": SHORT_MONTHS[words.lang],
        "periods": ["", ""], "dateTime": "%A %-d %B %Y, %X", "date": "%d/%m/%Y", "time": "%H:%M:%S", "year": "%Y",
        "month": "%B %Y", "dayMonth": "%-d %B", "dayMonthYear": "%-d %B %Y",
        "decimal": ",", "thousands": NARROW, "grouping": [3], "currency": ["", f"{NARROW}€"],
    }}


def rows(words: Words, title: str, labels: Sequence[str], series: Sequence[Series], axis: str, finding: str = "") -> Chart:
    """Horizontal bars, the first label on top; several series are stacked."""
    if len(series) == 1:
        labels = [f"{text(name, LONGEST_TICK)} ({words('value.suppressed')})" if pd.isna(value) else name
                  for name, value in zip(labels, series[0].values, strict=True)]
    figure = go.Figure([_bar(words, one, labels, "h", len(series) == 1) for one in series])
    figure.update_layout(height=FRAME_HEIGHT + ROW_HEIGHT * len(labels) + _legend_height(series))
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False, dtick=1)
    figure.update_xaxes(title={"text": text(axis), "standoff": 8}, nticks=6, tickangle=0, **_counting(series))
    return Chart(_finish(words, figure, series), title, words.lang, finding)


def columns(words: Words, title: str, labels: Sequence[str], series: Sequence[Series], axis: str,
            line: Series | None = None, finding: str = "", height: int = COLUMN_HEIGHT) -> Chart:
    """Vertical bars in the order of the labels, stacked if several, and a line over them if there is one. For time."""
    few = len(labels) < MANY_MONTHS
    figure = go.Figure([_bar(words, one, labels, "v", len(series) == 1 and few) for one in series])
    if line is not None:
        figure.add_trace(_line(words, line, labels))
    figure.update_layout(height=height, **({"bargap": 0.75} if len(labels) < FEW_COLUMNS else {}))
    angle = 0 if few and sum(map(len, labels)) <= LONGEST_AXIS else -45
    figure.update_xaxes(type="category", showgrid=False, tickangle=angle, **({} if few else {"nticks": 12}))
    figure.update_yaxes(title={"text": text(axis), "standoff": 8}, **_counting(series, line))
    return Chart(_finish(words, figure, [*series, line] if line else series), title, words.lang, finding)


def lines(words: Words, title: str, labels: Sequence[str], named: Mapping[str, Sequence], axis: str,
          is_share: bool = False, finding: str = "") -> Chart:
    """Lines in the order of the labels, one for each name (at most as many as there are strokes); a gap where a value is NA.

    `is_share`: the values are shares of 1 and are told as percentages.
    """
    if len(named) > len(STROKES):
        raise ValueError(f"{len(named)} lines are more than the {len(STROKES)} that can be told apart")
    strokes = [_stroke(words, Series(name, values, stroke[:2]), stroke[2], labels, is_share)
               for (name, values), stroke in zip(named.items(), STROKES, strict=False)]
    highest = max((value for stroke in strokes for value in stroke.y if value is not None), default=0)
    figure, few = go.Figure(strokes), len(labels) < MANY_MONTHS
    figure.update_layout(height=COLUMN_HEIGHT + _legend_height(strokes))
    figure.update_xaxes(type="category", showgrid=False, **({} if few else {"tickangle": -45, "nticks": 12}))
    figure.update_yaxes(title={"text": text(axis), "standoff": 8}, range=[0, max(1, highest * 1.12)], tickformat=",~f",
                        ticksuffix=words.percent_sign if is_share else "")
    return Chart(_finish(words, figure, strokes), title, words.lang, finding)


def _stroke(words: Words, one: Series, symbol: str, labels: Sequence[str], is_share: bool) -> go.Scatter:
    values = [None if pd.isna(value) else float(value) for value in one.values]
    digits = 0 if all(value is None or value.is_integer() for value in values) else 1
    told = [None if value is None else words.percent(value) if is_share else words.number(value, digits) for value in values]
    drawn = [100 * value if is_share and value is not None else value for value in values]
    return go.Scatter(
        x=_ticks(labels), y=drawn, mode="lines+markers",
        name=text(one.name, LONGEST_TICK), connectgaps=False, line={"color": one.look[0], "width": 2, "dash": one.look[1]},
        marker={"symbol": symbol, "size": 8}, customdata=told,
        hovertemplate=f"%{{x}}<br>{_named(words)}")


def _ticks(labels: Sequence[str]) -> list[str]:
    """The labels as an axis shows them, none twice: two names that are cut to the same words stay two."""
    ticks: list[str] = []
    for name in labels:
        tick, number = text(name, LONGEST_TICK), 2
        while tick in ticks:
            tick, number = f"{text(name, LONGEST_TICK - 4)} ({number})", number + 1
        ticks.append(tick)
    return ticks


def _legend_height(series: Sequence) -> int:
    """Room for a legend of three columns; a narrow screen takes more (page.js)."""
    return LEGEND_ROW * -(-len(series) // 3) if len(series) > 1 else 0


def _line(words: Words, one: Series, labels: Sequence[str]) -> go.Scatter:
    return go.Scatter(
        x=[text(name) for name in labels], y=[int(value) for value in one.values], name=text(one.name), mode="lines+markers",
        line={"color": one.look[0], "width": 2, "dash": "dot"}, marker={"symbol": "diamond", "size": 8},
        customdata=[words.number(value) for value in one.values],
        hovertemplate=f"%{{x}}<br>{_named(words)}")


def _bar(words: Words, one: Series, labels: Sequence[str], orientation: str, is_alone: bool) -> go.Bar:
    names = _ticks(labels)
    values = [None if pd.isna(value) else int(value) for value in one.values]
    colour, pattern = one.look
    place, length = ("y", "x") if orientation == "h" else ("x", "y")
    told = [words("value.suppressed") if value is None else words.number(value) for value in values]
    return go.Bar(
        {place: names, length: values}, orientation=orientation, name=text(one.name),
        marker={"color": colour, "line": {"width": [0.6 if value else 0 for value in values], "color": INK},
                "pattern": {"shape": pattern, "fillmode": "overlay", "fgcolor": "#ffffff", "size": 7, "solidity": 0.25}},
        text=told if is_alone else None, textposition="outside" if is_alone else "none", cliponaxis=False,
        customdata=told, hovertemplate=f"%{{{place}}}<br>{_named(words)}",
    )


def _named(words: Words) -> str:
    """The line of a hover text that tells the series and its value; Plotly fills in both, and neither is a template."""
    return f"%{{fullData.name}}{words.colon} %{{customdata}}<extra></extra>"


def _counting(series: Sequence[Series], line: Series | None = None) -> dict:
    """An axis that counts: whole numbers from 0, never finer than 1, also where there is nothing to draw."""
    stacked = [sum(0 if pd.isna(v) else v for v in values) for values in zip(*(one.values for one in series), strict=True)]
    highest = max([*stacked, *(line.values if line else ())], default=0)
    small = {"dtick": 1} if highest <= 5 else {}
    return {"rangemode": "tozero", "tickformat": ",d", "range": [0, max(1, float(highest) * 1.12)], **small}


def _finish(words: Words, figure: go.Figure, series: Sequence) -> go.Figure:
    figure.update_layout(template=TEMPLATE, barmode="stack", showlegend=len(series) > 1,
                         separators=f",{NARROW}" if words.lang == "fr" else ".,")
    return figure


def text(value, longest: int = LONGEST_LABEL) -> str:
    """A name as Plotly shows it: one printable line, its tags told as text."""
    return html.escape(label(value, longest), quote=False)
