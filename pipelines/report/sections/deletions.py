"""Deletions: what was asked, what was done, when, and whether what must be kept is still there."""

from pipelines.report import figures, pages
from pipelines.report.figures import LOOKS, Series
from pipelines.report.pages import Section
from pipelines.report.sections import compliance, finding, pieces
from pipelines.report.sections.pieces import DELETIONS, answered, classes, number, only, pictured, spread

CANCELLATION, PURGED = "cancellation.done", "trash.purged"
OWED = tuple(promise for promise in DELETIONS if promise != pieces.INACTIVE)
WITH_A_LIMIT = tuple(promise for promise in OWED if promise not in ("trash.kept", "retention.invoices"))
PICTURED = (CANCELLATION, "retention.deleted-accounts")


def answer(run) -> Section:
    words, whole = run.words, run.one("run")
    frame = only(run.frame("promise"), OWED)
    overdue, failed = int(frame["overdue"].sum()), int(frame["failed_in_review"].sum())
    states, found = run.frame("state_count"), run.frame("finding_count")
    asked = number(run.frame("promise"), "obligations", promise=CANCELLATION)
    in_time = number(states, "subjects", promise=CANCELLATION, state="met")
    findings = int(found[found["promise"].isin(OWED)]["findings"].sum())
    return answered(
        pages.sentence(words("answer.deletions", as_of=whole["as_of"], overdue=words("answer.deletions.overdue", n=overdue),
                             failed=words("answer.deletions.failed", n=failed))),
        pages.standing(words, whole["as_of"], whole["previous_as_of"]),
        pages.key_figures(words, (
            (words("key.asked"), asked, "plain"),
            (words("key.done_in_time"), in_time, "plain"),
            (words("key.all_overdue"), overdue, "bad" if overdue else "good"),
            (words("key.failed"), failed, "bad" if failed else "good"),
            (words("key.findings"), findings, "unsure" if findings else "good"),
        )),
        compliance.to_do(run, OWED))


def outcome(run) -> Section:
    words, frame = run.words, only(run.frame("closing"), OWED)
    frame = frame.assign(closed_by=frame[f"word_{words.lang}"])
    ended = pages.table(words, frame, ("promise", "closed_by", "state", "subjects"), words("title.closing"), run.promises)
    return answered(*pieces.states(run, OWED, words("title.outcome")).pieces, pages.folded(words, ended, "page.how_ended"))


def flow(run) -> Section:
    return _flow(run, CANCELLATION, "title.requests", "axis.requests", "series.asked")


def purges(run) -> Section:
    return _flow(run, PURGED, "title.purges", "axis.items", "series.trashed")


def _flow(run, promise: str, title_key: str, axis: str, opening: str) -> Section:
    words, title = run.words, run.words(title_key)
    frame = only(run.frame("flow_by_month"), (promise,))
    table = pages.table(words, frame, ("month_on", "opened", "void", "in_time", "not_in_time"), title,
                        heads={"opened": words(opening)})
    if frame.empty:
        return answered(table)
    ended = [Series(words("column.in_time"), frame["in_time"], LOOKS["good"]),
             Series(words("column.not_in_time"), frame["not_in_time"], LOOKS["bad"])]
    opened = Series(words(opening), frame["opened"], LOOKS["plain"])
    labels = [words.month(day) for day in frame["month_on"]]
    chart = figures.columns(words, title, labels, ended, words(axis), line=opened, finding=_last_late(words, frame))
    return pictured(words, chart, table)


def _last_late(words, frame) -> str:
    late = frame[frame["not_in_time"] > 0]
    if late.empty:
        return words("finding.never_late")
    return words("finding.late", month=words.month_name(late["month_on"].iloc[-1]), number=int(late["not_in_time"].iloc[-1]))


def margin(run) -> Section:
    words, title = run.words, run.words("title.margin")
    frame = only(run.frame("margin"), OWED)
    wide = spread(frame, "promise", "margin_class", "subjects")
    names = {c: pages.coded(words, "margin_class", c) for c in wide.columns if c != "promise"}
    table = pages.table(words, wide, ("promise", *names), title, run.promises, heads=names)
    drawn = [piece for promise in PICTURED if promise in set(wide["promise"])
             for piece in _margin(run, promise, only(frame, (promise,)))]
    return answered(*drawn, pages.note(words("note.margin")), table)


def _margin(run, promise: str, frame) -> tuple:
    words = run.words
    title = words("title.margin_of", promise=run.promises[promise].removesuffix("."))
    series = [Series(words(f"column.{column}"), frame["subjects"].where(frame["is_failed"] == failed, 0), look)
              for column, failed, look in (("in_time", False, LOOKS["good"]), ("not_in_time", True, LOOKS["bad"]))]
    labels = classes(words, frame, "margin_class")
    chart = figures.rows(words, title, labels, series, words("axis.obligations"),
                         finding=finding.first(words, labels, frame["subjects"].tolist(), "axis.obligations"))
    return pages.caption(title, chart.finding), chart


def overdue(run) -> Section:
    return pieces.overdue(run, OWED, run.words("title.overdue"))


def within(run) -> Section:
    return answered(pieces.within(run, WITH_A_LIMIT), pages.note(run.words("note.due_within")))


def trash(run) -> Section:
    words, frame, title = run.words, run.frame("trash_age"), run.words("title.trash_age")
    looks = {"in_time": "good", "overdue": "bad", "unknown": "unsure"}
    series = [Series(words(f"column.{column}"), frame[column], LOOKS[look]) for column, look in looks.items()]
    overdue_now = number(run.frame("state_count"), "subjects", promise=PURGED, state="overdue")
    chart = figures.rows(words, title, classes(words, frame, "age_class"), series, words("axis.items"),
                         finding=words("finding.trash", n=overdue_now))
    table = pages.table(words, frame, ("age_class", *looks), title, heads={"age_class": words("column.trash_age")})
    return pictured(words, chart, table)


def servers(run) -> Section:
    words = run.words
    columns = ("server_id", "role", "site", "held", "held_overdue", "cannot_tell", "gone_30_days", "gone",
               "oldest_deleted_on")
    return answered(
        pages.table(words, run.frame("trash_by_server"), columns, words("title.trash_by_server"), is_stacked=True),
        pages.note(words("note.trash_by_server")))


def recovery(run) -> Section:
    words = run.words
    return answered(
        pages.table(words, run.frame("recovery"), ("outcome", "recoveries", "last_requested_on"), words("title.recovery")),
        *pieces.states(run, ("trash.recoverable",), words("title.recovery_states")).pieces)


def invoices(run) -> Section:
    words, frame, title = run.words, run.frame("invoice_term"), run.words("title.invoice_term")
    table = pages.table(words, frame, ("term_class", "invoices", "first_term_on"), title)
    labels = classes(words, frame, "term_class")
    series = [Series(words("axis.invoices"), frame["invoices"], LOOKS["plain"])]
    held = words("finding.invoices", n=number(frame, "invoices", term_class="held_past"))
    return pictured(words, figures.rows(words, title, labels, series, words("axis.invoices"), finding=held), table)


def rights(run) -> Section:
    words = run.words
    columns = ("last_due_on", "safe_due_on", "received_on", "state", "requests")
    return answered(pages.table(words, run.frame("rights_due"), columns, words("title.rights_due")),
                    pages.note(words("note.rights_due")))


def right(run) -> Section:
    words, title = run.words, run.words("title.rights_by_right")
    wide = spread(run.shown("rights_by_right"), "right", "state", "requests")
    states = [state for state in pieces.STATES if state in wide.columns]
    return answered(pages.table(words, wide, ("right", *states), title, heads={s: words(f"state.{s}") for s in states},
                                is_suppressed=True))


def findings(run) -> Section:
    return pieces.findings(run, OWED)


def changes(run) -> Section:
    return pieces.changes(run, OWED)


SECTIONS = {f"deletions.{made.__name__}": made for made in (
    answer, outcome, flow, margin, overdue, within, trash, servers, purges, recovery, invoices, rights, right, findings,
    changes)}
