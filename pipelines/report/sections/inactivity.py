"""Inactivity: which accounts are idle, for how long, and when their data must go."""

import pandas as pd

from pipelines.report import figures, pages
from pipelines.report.figures import DEGREES, LOOKS, Series
from pipelines.report.pages import Section
from pipelines.report.sections import compliance, finding, pieces
from pipelines.report.sections.pieces import INACTIVE, answered, classes, number, pictured, spread

SUBSCRIBED, PAST = "covered", "months_36"
IDLE_LOOKS = {"covered": "quiet", "unknown": "unsure", "months_36": "bad"}


def answer(run) -> Section:
    words, whole = run.words, run.one("run")
    states, due = run.frame("state_count"), run.frame("due_within")
    overdue = number(states, "subjects", promise=INACTIVE, state="overdue")
    unknown = number(states, "subjects", promise=INACTIVE, state="unknown")
    soon, year = (number(due, "subjects", promise=INACTIVE, days=days) for days in (30, 365))
    months = number(run.frame("parameter"), "value", promise=INACTIVE, name="period_months")
    period = words("unit.months", n=months)
    return answered(
        pages.sentence(words("answer.inactivity", as_of=whole["as_of"], due=words("answer.inactive.due", n=soon),
                             overdue=words("answer.inactive.overdue", n=overdue, period=period))),
        pages.standing(words, whole["as_of"], whole["previous_as_of"]),
        pages.key_figures(words, (
            (words("key.accounts"), int(whole["accounts_with_personal_data"]), "plain"),
            (words("key.overdue"), overdue, "bad" if overdue else "good"),
            (words("key.due_30"), soon, "near" if soon else "good"),
            (words("key.due_365"), year, "plain"),
            (words("key.unknown"), unknown, "unsure" if unknown else "good"),
        )),
        compliance.to_do(run, (INACTIVE,)))


def idle(run) -> Section:
    words, frame, title = run.words, run.shown("idle_distribution"), run.words("title.idle_distribution")
    counted = Series(words("axis.accounts"), frame["accounts"], LOOKS["plain"])
    past = number(frame, "accounts", idle_class=PAST)
    chart = figures.rows(words, title, classes(words, frame, "idle_class"), [counted], words("axis.accounts"),
                         finding=words("finding.past", n=past))
    return pictured(words, chart, pages.table(words, frame, ("idle_class", "accounts", "share"), title))


def plan(run) -> Section:
    return _broken_down(run, "idle_by_plan", "plan")


def age(run) -> Section:
    return _broken_down(run, "idle_by_age", "age_class")


def _broken_down(run, table: str, attribute: str) -> Section:
    words, frame, title = run.words, run.shown(table), run.words(f"title.{table}")
    wide = spread(frame, attribute, "idle_class", "accounts")
    idle_classes = [column for column in wide.columns if column != attribute]
    names = {c: pages.coded(words, "idle_class", c) for c in idle_classes}
    shades = iter(DEGREES)
    series = [Series(names[c], wide[c].tolist(), LOOKS[IDLE_LOOKS[c]] if c in IDLE_LOOKS else next(shades))
              for c in idle_classes]
    chart = figures.rows(words, title, classes(words, wide, attribute), series, words("axis.accounts"),
                         finding=_most_past(words, wide, attribute))
    table = pages.table(words, wide, (attribute, *idle_classes), title, heads=names, is_suppressed=True)
    return pictured(words, chart, table, "note.rounded")


def _most_past(words, wide, attribute: str) -> str:
    """Which plan or age has most accounts past the term, where that may be told."""
    past = wide[PAST].tolist() if PAST in wide else []
    if not any(pd.isna(number) or number for number in past):
        return words("finding.past", n=0)
    return finding.first(words, classes(words, wide, attribute), past, "axis.accounts", "first_past")


def within(run) -> Section:
    return answered(pieces.within(run, (INACTIVE,)), pages.note(run.words("note.due_within")))


def month(run) -> Section:
    words, title = run.words, run.words("title.due_by_month")
    frame = pieces.only(run.frame("due_by_month"), (INACTIVE,))
    labels = [words.month(day) for day in frame["month_on"]]
    counted = Series(words("axis.accounts"), frame["subjects"], LOOKS["plain"])
    chart = figures.columns(words, title, labels, [counted], words("axis.accounts"),
                            finding=finding.peak(words, labels, frame["subjects"].tolist(), "axis.accounts"))
    return pictured(words, chart, pages.table(words, frame, ("month_on", "subjects"), title), "note.due_by_month")


def overdue(run) -> Section:
    return pieces.overdue(run, (INACTIVE,), run.words("title.overdue_inactive"))


def changes(run) -> Section:
    return pieces.changes(run, (INACTIVE,))


def reactivations(run) -> Section:
    words, frame, title = run.words, run.frame("reactivation_by_month"), run.words("title.reactivations")
    wide = spread(frame, "month_on", "idle_class", "accounts")
    names = {c: pages.coded(words, "idle_class", c) for c in wide.columns if c != "month_on"}
    series = [Series(name, wide[c].tolist(), look) for (c, name), look in zip(names.items(), DEGREES[2:], strict=False)]
    chart = figures.columns(words, title, [words.month(day) for day in wide["month_on"]], series, words("axis.accounts"),
                            finding=_returned(words, frame))
    return pictured(words, chart, pages.table(words, wide, ("month_on", *names), title, heads=names), "note.reactivations")


def _returned(words, frame) -> str:
    came = frame[frame["accounts"] > 0]
    month = "" if came.empty else words.month_name(came["month_on"].max())
    return words("finding.returned", n=int(frame["accounts"].sum()), month=month)


def parameters(run) -> Section:
    return pieces.parameters(run, (INACTIVE,))


SECTIONS = {f"inactivity.{made.__name__}": made for made in (
    answer, idle, plan, age, within, month, overdue, changes, reactivations, parameters)}
