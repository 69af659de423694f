"""What a page is made of: sentences, key figures, notes and tables as HTML, every value escaped.

Verdicts are told by a word and a shape; colour only helps.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

import pandas as pd

from pipelines.report.disclosure import SMALLEST_SHOWN
from pipelines.report.figures import Chart
from pipelines.report.words import Words, label

SHAPES = {"breached": "✕", "at_risk": "▲", "unverifiable": "?", "compliant": "✓"}
VERDICTS = tuple(SHAPES)
# Columns that hold a word of a closed set: the column -> the words' place in the register of texts.
CODED = {
    "state": "state", "from_state": "state", "to_state": "state", "idle_class": "idle_class", "age_class": "age_class",
    "overdue_class": "overdue_class", "margin_class": "margin_class", "term_class": "term_class", "outcome": "outcome",
    "right": "right", "role": "role", "kind": "kind", "trust": "trust", "status": "status", "suite": "suite",
    "reason": "set_aside", "reading": "reading", "standing": "standing",
    "guard_state": "guard_state",
}
# Columns whose words are never wrapped.
NARROW_COLUMNS = ("verdict", "previous_verdict", "role", "status", "trust", "margin_class", "idle_class", "age_class",
                  "overdue_class", "term_class")
PROSE_COLUMNS = ("why", "cure", "source", "promise")  # whose words are sentences, and want room
NAMED_BY_SOURCE = ("who", "exception", "stated_by", "place", "server_id", "site", "column_name", "detail")  # not by us
MOST_ROWS = 200
WIDE, VAST = 8, 11  # columns from which paper takes smaller letters
LONGEST_WORD = 18
LONGEST_TEXT = 2_000  # no sentence of the reports or of the register comes near it
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Figures:
    """What a table shows, as values: under its title, `frame` with a head for each of its columns, all rows of it.

    `on_paper`: how many of them are printed, the first; None for all.
    """

    title: str
    frame: pd.DataFrame
    heads: Mapping[str, str]
    on_paper: int | None = None


@dataclass(frozen=True)
class Html:
    """A piece of a page, escaped already, with the figures of the tables in it; in Jupyter it shows itself."""

    text: str
    tables: tuple[Figures, ...] = ()

    def _repr_html_(self) -> str:
        return self.text


class Cited(str):
    """A text that begins in French, as the title of a law does, and goes on in the words of the page."""

    french: str

    @classmethod
    def of(cls, french: str, rest: str) -> "Cited":
        made = cls(f"{french} {rest}")
        made.french = french
        return made


@dataclass(frozen=True)
class Section:
    """What answers one question: pieces in the order of reading."""

    pieces: tuple[Html | Chart, ...]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for piece in self.pieces:
            display(piece)


def escape(value) -> str:
    """A text as HTML: told as text, without the marks that reorder it, and cut where it is longer than any of ours."""
    return html.escape(label(value, LONGEST_TEXT), quote=True)


def prose(text: str) -> str:
    """A sentence of ours as HTML: escaped, and `so` set as what is typed."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def sentence(text: str) -> Html:
    """The answer, first thing on the page."""
    return Html(f'<p class="answer">{escape(text[:1].upper() + text[1:])}</p>')


def standing(words: Words, as_of, previous) -> Html:
    """Of which day the page speaks, and what it is compared with."""
    before = words("page.first") if pd.isna(previous) else words("page.before", as_of=previous)
    return Html(f'<p class="standing">{escape(words("page.of", as_of=as_of))}. {escape(before)}.</p>')


def note(text: str) -> Html:
    return Html(f'<p class="note">{prose(text)}</p>')


def key_figures(words: Words, figures: Sequence[tuple]) -> Html:
    """Big numbers: (what it counts, the number, its tone: good, bad, near, unsure, plain; where it leads, if anywhere)."""
    return Html(f'<ul class="keys">{"".join(_key_figure(words, *figure) for figure in figures)}</ul>')


def _key_figure(words: Words, name: str, number: float, tone: str, section: str = "") -> str:
    told = f"<strong>{escape(words.value(number))}</strong> <span>{escape(name)}</span>"
    return f'<li class="{escape(tone)}">{f"""<a href="#{escape(section)}">{told}</a>""" if section else told}</li>'


def badge(words: Words, verdict: str) -> str:
    """A verdict in a word and a shape."""
    return (f'<span class="verdict {escape(verdict)}"><span aria-hidden="true">{SHAPES[verdict]}</span> '
            f'{escape(words("verdict." + verdict))}</span>')


def strip(words: Words, counts: Mapping[str, int]) -> Html:
    """All promises as one bar of four parts, with its numbers in words."""
    total = sum(counts.values())
    parts = "".join(
        f'<span class="part {verdict}" style="flex-grow:{counts[verdict]}" aria-hidden="true"></span>'
        for verdict in VERDICTS if counts.get(verdict))
    told = "".join(
        f'<li class="{verdict}"><span aria-hidden="true">{SHAPES[verdict]}</span> <strong>{counts.get(verdict, 0)}</strong> '
        f'{escape(words("verdicts." + verdict))}</li>' for verdict in VERDICTS)
    return Html(f'<div class="strip" data-total="{total}"><div class="bar">{parts}</div><ul>{told}</ul></div>')


def table(words: Words, frame: pd.DataFrame, columns: Sequence[str], title: str, promises: Mapping[str, str] = NOTHING,
          heads: Mapping[str, str] = NOTHING, is_stacked: bool = False, is_suppressed: bool = False,
          group: str | None = None, leads_to: str | None = None, is_anchored: bool = False,
          on_paper: int | None = None) -> Html:
    """A table under its title; an empty frame is said to be empty.

    `heads` names columns that have no text of their own; `is_stacked` makes each row a card on a phone (tables.js); `group`
    is a column whose every new value begins a group of rows under it. Promises lead to their row in the table that
    `is_anchored` of the page `leads_to` (a file beside this one, empty for this one). `on_paper`: as many of the rows are
    printed, and a line counts the others.
    """
    named = {column: heads[column] if column in heads else words("column." + column) for column in columns}
    grouped = {} if group is None else {group: words("column." + group)}
    told = (Figures(title, frame[[*grouped, *columns]], {**grouped, **named}, on_paper),)
    if frame.empty:
        return Html(f'<p class="title">{escape(title)}</p><p class="nothing">{escape(words("page.nothing"))}</p>', told)
    head = "".join(f'<th scope="col"{_class(frame, c)}>{_head(named[c])}</th>' for c in columns)
    look = _Look(words, frame, named, promises, leads_to, is_anchored, len(frame) if on_paper is None else on_paper)
    body = _body(look, frame.head(MOST_ROWS), group)
    foot = [note(words("page.suppressed", smallest=SMALLEST_SHOWN)).text] if is_suppressed else []
    foot += [note(words("page.more", n=len(frame) - MOST_ROWS)).text] if len(frame) > MOST_ROWS else []
    foot += [paper(words("page.rest", n=len(frame) - look.on_paper)).text] if len(frame) > look.on_paper else []
    return Html(
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}">'
        f'<table class="{"stack" if is_stacked else "plain"}{_width(len(columns))}"><caption>{escape(title)}</caption>'
        f"<thead><tr>{head}</tr></thead>{body}</table></div>" + "".join(foot), told)


def paper(text: str) -> Html:
    """A note that is only printed."""
    return Html(f'<p class="note paper">{prose(text)}</p>')


def screen(piece: Html) -> Html:
    """A piece that is not printed."""
    return Html(f'<div class="screen">{piece.text}</div>', tuple(replace(table, on_paper=0) for table in piece.tables))


def _head(name: str) -> str:
    """The name of a column; one that is a single long word, as names from a source can be, may break inside it."""
    parts = re.findall(rf"\S{{{LONGEST_WORD}}}(?=\S)|\S+|\s+", label(name))
    return "".join(html.escape(part) + "<wbr>" * (len(part) == LONGEST_WORD) for part in parts)


def _width(columns: int) -> str:
    return " vast" if columns >= VAST else " wide" if columns >= WIDE else ""


def folded(words: Words, piece: Html, summary: str = "page.figures_of") -> Html:
    """A piece folded away: the figures of a chart, unless the key `summary` says otherwise."""
    return Html(f'<details class="figures"><summary>{escape(words(summary))}</summary>{piece.text}</details>', piece.tables)


def caption(title: str, finding: str = "") -> Html:
    """What stands over a chart: its title, and before it what the chart shows, where that can be told in a sentence."""
    told = f'<span class="finding">{escape(finding)}</span> ' if finding else ""
    return Html(f'<h3 class="title chart-title">{told}<span class="what">{escape(title)}</span></h3>')


@dataclass(frozen=True)
class _Look:
    """How the rows of one table are told."""

    words: Words
    frame: pd.DataFrame
    named: Mapping[str, str]
    promises: Mapping[str, str]
    leads_to: str | None = None
    is_anchored: bool = False
    on_paper: int = MOST_ROWS

    def rows(self, frame: pd.DataFrame) -> str:
        return "".join(self.row(row, place < self.on_paper) for place, row in enumerate(_records(frame)))

    def row(self, row: dict, is_printed: bool) -> str:
        cells = []
        for place, column in enumerate(self.named):
            tag = 'th scope="row"' if place == 0 else "td"
            told = cell(self.words, column, row[column], self.promises, self.leads_to)
            cells.append(f"<{tag}{_class(self.frame, column)}{_sort(column, row[column])}>{told}</{tag.split()[0]}>")
        anchor = f' id="{place_of(row["promise"])}"' if self.is_anchored else ""
        look = "" if is_printed else ' class="screen"'
        return f"<tr{anchor}{look}>{''.join(cells)}</tr>"


def place_of(promise: str) -> str:
    """The id of a promise's row in the table that is anchored."""
    return f"promise-{escape(promise)}"


def _body(look: _Look, frame: pd.DataFrame, group: str | None) -> str:
    if group is None:
        return f"<tbody>{look.rows(frame)}</tbody>"
    return "".join(
        f'<tbody><tr class="group"><th scope="rowgroup" colspan="{len(look.named)}">'
        f"{cell(look.words, group, name, look.promises)}</th></tr>{look.rows(rows)}</tbody>"
        for name, rows in frame.groupby(group, sort=False))


def _records(frame: pd.DataFrame) -> Iterator[dict]:
    """The rows as dictionaries. DataFrame.to_dict would make None of NA: what is suppressed would look like nothing."""
    return (dict(zip(frame.columns, values, strict=True))
            for values in zip(*(frame[column].to_list() for column in frame.columns), strict=True))


def _sort(column: str, value) -> str:
    """By what a cell is sorted where its words do not say it: as precise as what is shown, and no more."""
    if column in ("verdict", "previous_verdict"):
        key = "" if pd.isna(value) else VERDICTS.index(value)
    elif isinstance(value, bool) or not pd.api.types.is_scalar(value):
        return ""
    elif pd.isna(value) or value == "":
        key = ""
    elif column.endswith("share"):
        key = round(100 * value, 1)
    elif isinstance(value, (date, datetime)):
        key = f"{value:%Y-%m-%d}"
    elif isinstance(value, float):
        key = round(value, 1)
    elif isinstance(value, int) and abs(value) >= 1000:
        key = value
    else:
        return ""
    return f' data-sort="{key}"'


def _class(frame: pd.DataFrame, column: str) -> str:
    is_number = (pd.api.types.is_numeric_dtype(frame[column]) and not pd.api.types.is_bool_dtype(frame[column])
                 or column.endswith("share"))
    kind = ("number" if is_number else "word" if column in NARROW_COLUMNS or column.endswith("_on")
            else "prose" if column in PROSE_COLUMNS else "")
    return f' class="{kind}"' if kind else ""


def cell(words: Words, column: str, value, promises: Mapping[str, str] = NOTHING, leads_to: str | None = None) -> str:
    """One value as escaped HTML."""
    if column == "promise" and not pd.isna(value):
        said = escape(promises.get(value, ""))
        led = said if leads_to is None else f'<a href="{escape(leads_to)}#{place_of(value)}">{said}</a>'
        return f"{led} <code>{escape(value)}</code>"
    if column in ("verdict", "previous_verdict"):
        return escape(words("value.none")) if pd.isna(value) else badge(words, value)
    if column in CODED or column == "plan":
        return escape(coded(words, column, value))
    if isinstance(value, Cited):
        return f'<span lang="fr">{escape(value.french)}</span> {escape(value.removeprefix(value.french))}'
    if column in ("why", "cure", "rule"):
        return prose(value)
    if value is pd.NA:
        return f'<span class="suppressed">{escape(words("value.suppressed"))}</span>'
    if pd.isna(value) or value == "":
        return escape(words("value.none"))
    if column.endswith("share"):
        return escape(words.percent(value))
    if column == "month_on":
        return escape(words.month(value))
    return escape(label(words.value(value)) if column in NAMED_BY_SOURCE else words.value(value))


def coded(words: Words, column: str, value) -> str:
    """A word of a closed set in the reader's language; what the set does not know is shown as it is, as one line."""
    family = CODED.get(column, column)
    if value is None or value != value or value == "":
        return words(f"{family}.none") if words.knows(f"{family}.none") else words("value.none")
    return words(f"{family}.{value}") if column in CODED and words.knows(f"{family}.{value}") else label(value)
