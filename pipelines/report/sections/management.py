"""Management: how many promises are kept, which are not and since when, who must do what, and is it better than before."""

import pandas as pd

from pipelines.operate.ledger import Page
from pipelines.register import policy
from pipelines.report import pages
from pipelines.report.pages import Section
from pipelines.report.sections import compliance, pieces
from pipelines.report.sections.pieces import answered

ON_PAPER = 4  # of what is most pressing, so that a printed report is read at one glance
DETAIL = "compliance"  # the report in which each promise is told in full
# A column of report.outlook, its tone where it is not 0 and where it is, and the section that tells more.
KEYS = (("kept", "good", "plain", "grounds"), ("broken", "bad", "good", "actions"), ("overdue", "bad", "good", "actions"),
        ("better", "good", "plain", "better"), ("worse", "bad", "plain", "better"))


def answer(run) -> Section:
    words, row = run.words, run.one("outlook")
    told = {"kept": words("answer.kept", n=int(row["kept"]), total=int(row["promises"])),
            "broken": words("answer.broken", n=int(row["broken"]), day=row["broken_since_on"]), "moved": _moved(words, row)}
    return answered(
        pages.sentence(words("answer.management", as_of=run.as_of, **told)),
        pages.standing(words, run.as_of, row["previous_as_of"]),
        pages.strip(words, compliance.counts(run)),
        pages.key_figures(words, _keys(words, row)))


def _keys(words, row: dict) -> list[tuple]:
    """The figures of the first glance, each with the section that tells more; what moved, where there is a run before."""
    total, figures = int(row["promises"]), KEYS[:3] if pd.isna(row["previous_as_of"]) else KEYS
    return [(words(f"key.management.{name}", n=int(row[name]), total=total), int(row[name]), some if row[name] else none,
             leads_to) for name, some, none, leads_to in figures]


def _moved(words, row: dict) -> str:
    if pd.isna(row["previous_as_of"]):
        return words("answer.moved.first")
    better, worse = int(row["better"]), int(row["worse"])
    if not better and not worse:
        return words("answer.moved.none", day=row["previous_as_of"])
    return words("answer.moved", day=row["previous_as_of"], better=words("answer.better", n=better),
                 worse=words("answer.worse", n=worse))


def actions(run) -> Section:
    """What is not kept, or soon may not be, most pressing first; folded away, what cannot be told."""
    words, frame = run.words, compliance.told(run)
    pressing = frame[frame["verdict"].isin(("breached", "at_risk"))]
    pressing = pressing.assign(place=pressing["verdict"].map(pages.VERDICTS.index))
    pressing = pressing.sort_values(["place", "overdue_since_on", "since_on"], kind="stable")
    unknown = frame[(frame["verdict"] == "unverifiable") & frame["is_built"]]
    columns = ("promise", "verdict", "since_on", "cure", "acts", "until")
    told = pages.table(words, pressing, columns, words("title.to_do"), run.promises, is_stacked=True, leads_to="",
                       on_paper=ON_PAPER)
    if unknown.empty:
        return answered(told)
    return answered(told, pages.screen(pages.folded(words, pages.table(
        words, unknown, ("promise", "since_on", "why", "cure", "acts"), words("title.cannot_tell"), run.promises,
        is_stacked=True, leads_to=""), "title.cannot_tell")), pages.paper(words("page.unverified", n=len(unknown))))


def better(run) -> Section:
    """The verdicts now, at the run before and a month earlier; which of them moved; and the trend."""
    words, row = run.words, run.one("outlook")
    if pd.isna(row["previous_as_of"]):
        return answered(pages.note(words("page.first") + "."))
    frame = run.frame("verdict_change")
    moved = pages.table(words, frame, ("promise", "previous_verdict", "verdict", "since_on"), words("title.verdict_change"),
                        run.promises, is_stacked=True, leads_to="", on_paper=ON_PAPER)
    return answered(*pieces.trend(run), pages.screen(_compared(run, row)), moved)


def _compared(run, row: dict) -> pages.Html:
    words, frame = run.words, run.frame("verdict_trend")
    days = [day for day in (row["earlier_as_of"], row["previous_as_of"], pd.Timestamp(run.as_of)) if not pd.isna(day)]
    wide = frame.pivot(index="verdict", columns="as_of", values="promises").reindex(index=pages.VERDICTS)
    wide = wide.reindex(columns=list(dict.fromkeys(days))).fillna(0).astype(int)
    heads = {f"{day:%Y-%m-%d}": words.day(day) for day in wide.columns}
    return pages.table(words, wide.set_axis(list(heads), axis=1).reset_index(), ("verdict", *heads),
                       words("title.compared"), heads=heads)


def grounds(run) -> Section:
    """Section by section of the policy, each promise with the rule that judges it; the promise leads to its detail."""
    words, frame, rules = run.words, run.frame("promise"), policy.load().rules
    detail = Page(run.as_of, DETAIL, words.lang).file_name
    frame = frame.assign(
        section=[words.section(section) for section in frame["section"]],
        rule=[words(f"rule.{kind}", name=promise) if promise in rules else "" for promise, kind in
              zip(frame["promise"], frame["kind"], strict=True)])
    return answered(
        pages.note(words("note.grounds")),
        pages.screen(pages.table(words, frame, ("promise", "verdict", "judged", "rule", "datasets"), words("title.grounds"),
                                 run.promises, is_stacked=True, group="section", leads_to=detail, is_anchored=True)))


SECTIONS = {f"management.{made.__name__}": made for made in (answer, actions, better, grounds)}
