"""Pieces that several pages share."""

from collections.abc import Sequence
from itertools import cycle

import pandas as pd

from pipelines.report import figures, pages
from pipelines.report.figures import KINDS, LOOKS, Chart, Series
from pipelines.report.pages import Html, Section

STATES = ("overdue", "late", "premature", "unknown", "due_soon", "open", "held", "met", "void")
DELETIONS = ("cancellation.done", "rights.answered", "retention.deleted-accounts", "retention.inactive-accounts",
             "retention.invoices", "trash.kept", "trash.recoverable", "trash.purged")
VERDICT_LOOKS = {"breached": "bad", "at_risk": "near", "unverifiable": "unsure", "compliant": "good"}
TREND_HEIGHT = 200  # pixels
MOST_RUNS = 60  # more bars than that cannot be told apart
INACTIVE = "retention.inactive-accounts"


def only(frame: pd.DataFrame, promises: Sequence[str]) -> pd.DataFrame:
    """The rows of these promises, in this order."""
    chosen = frame[frame["promise"].isin(promises)]
    return chosen.sort_values("promise", key=lambda c: c.map(list(promises).index), kind="stable").reset_index(drop=True)


def answered(*pieces: Html | Chart) -> Section:
    return Section(tuple(pieces))


def pictured(words, chart: Chart, table: Html, *notes: str) -> Section:
    """A chart under its title, what to know about it, and its figures folded away."""
    told = (pages.note(words(key)) for key in notes)
    return Section((pages.caption(chart.title, chart.finding), chart, *told, pages.folded(words, table)))


def number(frame: pd.DataFrame, column: str, **where) -> int:
    """The one number of a table at a place; 0 where the table has no such row."""
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return int(frame[column].iloc[0]) if len(frame) else 0


def classes(words, frame: pd.DataFrame, column: str) -> list[str]:
    """The words of a column of classes."""
    return [pages.coded(words, column, value) for value in frame[column]]


def spread(frame: pd.DataFrame, index: str, columns: str, values: str) -> pd.DataFrame:
    """One row a value of `index`, one column a value of `columns`, both in order of appearance; nothing is added up."""
    wide = frame.pivot(index=index, columns=columns, values=values)
    return wide.reindex(index=frame[index].unique(), columns=frame[columns].unique()).rename(columns=str).reset_index()


def changes(run, promises: Sequence[str]) -> Section:
    """What became of the obligations of these promises since the run before."""
    words = run.words
    if pd.isna(run.one("run")["previous_as_of"]):
        return answered(pages.note(words("page.first") + "."))
    frame = only(run.frame("change_count"), promises)
    closing = run.frame("register.closing").set_index("word")[words.lang]
    frame = frame.assign(why=[words(f"why.{w}") if words.knows(f"why.{w}") else closing.get(w, w) for w in frame["why"]])
    return answered(pages.table(words, frame, ("promise", "from_state", "to_state", "why", "subjects"),
                                words("title.changes"), run.promises))


def trend(run) -> tuple[Html | Chart, ...]:
    """How many promises had which verdict in the newest runs; nothing before there are two."""
    words, title, frame = run.words, run.words("title.verdict_trend"), run.frame("verdict_trend")
    wide = frame.pivot(index="as_of", columns="verdict", values="promises").fillna(0).astype(int)
    wide = wide.tail(MOST_RUNS).reset_index()
    if len(wide) < 2:
        return ()
    shown = [verdict for verdict in pages.VERDICTS if verdict in wide.columns]
    series = [Series(words(f"verdict.{verdict}"), wide[verdict], LOOKS[VERDICT_LOOKS[verdict]]) for verdict in shown]
    kept = wide["compliant"].tolist() if "compliant" in wide else [0] * len(wide)
    told = words("finding.kept", before=kept[0], now=kept[-1], from_day=wide["as_of"].iloc[0],
                 to_day=wide["as_of"].iloc[-1])
    chart = figures.columns(words, title, [words.short_day(day) for day in wide["as_of"]], series, words("axis.promises"),
                            finding=told, height=TREND_HEIGHT)
    table = pages.table(words, wide, ("as_of", *shown), title, heads={v: words(f"verdict.{v}") for v in shown})
    return pages.caption(chart.title, chart.finding), chart, pages.screen(pages.folded(words, table))


def states(run, promises: Sequence[str], title: str) -> Section:
    """How many obligations are in each state, promise by promise; exact."""
    words = run.words
    frame = only(run.frame("state_count"), promises)
    wide = frame.pivot(index="promise", columns="state", values="subjects").fillna(0).astype(int)
    wide = wide.reindex(index=[p for p in promises if p in wide.index], columns=[s for s in STATES if s in wide.columns])
    heads = {state: words(f"state.{state}") for state in wide.columns}
    return answered(pages.table(words, wide.reset_index(), ("promise", *wide.columns), title, run.promises, heads,
                                is_stacked=True))


def overdue(run, promises: Sequence[str], title: str) -> Section:
    """By how long the overdue obligations are overdue."""
    words = run.words
    frame = only(run.frame("overdue_age"), promises)
    labels = classes(words, frame.drop_duplicates("overdue_class"), "overdue_class")
    parts = [(promise, part["subjects"]) for promise, part in frame.groupby("promise", sort=False) if part["subjects"].sum()]
    series = [Series(promise, subjects, look) for (promise, subjects), look in zip(parts, cycle(KINDS), strict=False)]
    told = frame[frame["subjects"] > 0]
    table = pages.table(words, told, ("promise", "overdue_class", "subjects", "overdue_since_on"), title, run.promises)
    if not series:
        return answered(table)
    listed = [pages.note(words("note.annex", promise=promise, state="overdue")) for promise, _ in parts]
    oldest = words("finding.oldest", day=told["overdue_since_on"].min())
    chart = figures.rows(words, title, labels, series, words("axis.obligations"), finding=oldest)
    return Section((*pictured(words, chart, table).pieces, *listed))


def within(run, promises: Sequence[str]) -> Html:
    """What falls due in 30, 60, 90 and 365 days."""
    words = run.words
    wide = spread(only(run.frame("due_within"), promises), "promise", "days", "subjects")
    days = [c for c in wide.columns if c != "promise"]
    return pages.table(words, wide, ("promise", *days), words("title.due_within"), run.promises,
                       heads={d: words("unit.days", n=int(d)) for d in days})


def findings(run, promises: Sequence[str]) -> Section:
    words = run.words
    frame = only(run.frame("finding_count"), promises)
    return answered(
        pages.table(words, frame, ("kind", "promise", "findings", "first_noticed_on", "last_noticed_on"),
                    words("title.findings"), run.promises),
        pages.note(words("note.findings")))


def parameters(run, promises: Sequence[str]) -> Section:
    """The numbers that decide, and whose reading they are."""
    words = run.words
    frame = _told_parameters(words, only(run.frame("parameter"), promises))
    return answered(pages.table(words, frame, ("value", "reading", "why"), words("title.parameters"), run.promises,
                                is_stacked=True, group="promise"))


def shared_parameters(run) -> Html:
    """The numbers that decide for more than one promise."""
    words, frame = run.words, run.frame("parameter")
    frame = _told_parameters(words, frame[frame["promise"].isna()])
    return pages.table(words, frame, ("value", "reading", "why"), words("title.shared_parameters"), is_stacked=True)


def _told_parameters(words, frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.to_dict("records")
    return frame.assign(
        value=[", ".join(row["words"]) if row["unit"] == "words" else words(f"unit.{row['unit']}", n=int(row["value"]))
               for row in rows],
        why=[words.of(row, "why") for row in rows])
