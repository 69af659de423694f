"""Compliance: is each promise kept, since when, why, and what cures it."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.report import figures, pages
from pipelines.report.figures import LOOKS, Series
from pipelines.report.pages import Html, Section
from pipelines.report.sections import pieces
from pipelines.report.sections.pieces import answered, number
from pipelines.report.words import label

FAILED_CHECK = ("suite", "subject", "check_name", "rows", "breaches", "nulls", "raised")
EXEMPTED = ("exception", "kind", "promise", "standing", "covered", "subjects", "unmatched", "why", "who", "from_on",
            "until_on")
DOUBTED = ("guard", "concerns", "guard_state", "found", "compared_with", "since_on", "why", "who", "confirmed_on")
BY_DATASET = ("dataset_missing", "dataset_failed", "dataset_untrusted", "dataset_empty", "completeness_missing")
BY_DATA = ("dataset_missing", "dataset_failed", "dataset_untrusted", "dataset_empty", "guard_tripped")
BY_CHECKS = ("canary_failed", "check_failed", "rule_not_built")
BY_RULE = ("attestation_missing", "attestation_expired")  # what cures them, the rule itself says
FAILURES = (("overdue", "overdue"), ("failed", "failed_in_review"))
NUMBERS = (("excepted", "excepted"), ("due_soon", "due_soon"), ("unknown", "unknown"), ("uncertain", "uncertain"))


def answer(run) -> Section:
    words, whole, numbers = run.words, run.one("run"), counts(run)
    unbuilt = int(whole["promises"] - whole["promises_built"])
    told = {verdict: words(f"answer.{verdict}", n=n, total=int(whole["promises"])) for verdict, n in numbers.items()}
    return answered(
        pages.sentence(words("answer.compliance", as_of=whole["as_of"], unbuilt=words("answer.unbuilt", n=unbuilt),
                             **told)),
        pages.standing(words, whole["as_of"], whole["previous_as_of"]),
        pages.strip(words, numbers),
        pages.key_figures(words, (
            (words("key.built", total=int(whole["promises"])), int(whole["promises_built"]), "plain"),
            (words("key.obligations"), int(whole["obligations"]), "plain"),
            (words("key.conditions"), int(whole["conditions"]), "plain"),
            (words("key.datasets", total=int(whole["datasets"])), int(whole["datasets_collected"]), "plain"),
            (words("key.rows"), int(whole["rows_in"]), "plain"),
            (words("key.rows_set_aside"), int(whole["rows_set_aside"]), "plain"),
        )),
        pages.note(words("page.scope")))


def counts(run) -> Mapping[str, int]:
    frame = run.frame("verdict_count")
    return {verdict: number(frame, "promises", verdict=verdict) for verdict in pages.VERDICTS}


def actions(run) -> Section:
    return answered(to_do(run, tuple(run.promises)))


def to_do(run, promises: Sequence[str]) -> Html:
    """What is broken, at risk, or unverifiable for a reason that can be cured by now, who acts and by when; worst first."""
    frame = pieces.only(told(run), promises)
    frame = frame[(frame["verdict"] != "compliant") & frame["is_built"]]
    frame = frame.sort_values("verdict", key=lambda c: c.map(list(pages.VERDICTS).index), kind="stable")
    return pages.table(run.words, frame, ("promise", "verdict", "why", "cure", "acts", "until"),
                       run.words("title.actions"), run.promises, is_stacked=True)


def promises(run) -> Section:
    """Those that a rule judges, with their reasons; then those whose rule is not built, which have one reason in common."""
    words, frame = run.words, told(run)
    built, unbuilt = frame[frame["is_built"]], frame[~frame["is_built"].astype(bool)]
    judged = pages.table(words, built, ("promise", "verdict", "since_on", "why", "cure"), words("title.promises"),
                         run.promises, is_stacked=True, group="section", is_anchored=True)
    if unbuilt.empty:
        return answered(judged)
    return answered(judged, pages.table(words, unbuilt, ("promise", "verdict", "since_on"), words("title.unbuilt"),
                                        run.promises, is_stacked=True, group="section"))


def told(run) -> pd.DataFrame:
    """report.promise with its reason, cure, who acts and until when, in words."""
    words, frame, unknown = run.words, run.frame("promise"), run.frame("unknown_why")
    conditions, rows = run.frame("condition_count"), frame.to_dict("records")
    broken = conditions[(conditions["state"] == "broken") & (conditions["cases"] > 0)].to_dict("records")
    return frame.assign(
        why=[_why(words, row, [each for each in broken if each["promise"] == row["promise"]]) for row in rows],
        cure=[_cure(words, row, unknown) for row in rows],
        acts=[_acts(words, row) for row in rows],
        until=[_until(words, row) for row in rows],
        section=[words.section(row["section"]) for row in rows])


def _why(words, row: Mapping, broken: list[Mapping]) -> str:
    """The reason in a sentence, and the numbers behind it; of conditions that are not met, each of their reasons."""
    numbers = [*_numbers(words, row, FAILURES),
               *(words("detail.broken", why=words.of(each, "why"), n=int(each["cases"])) for each in broken),
               *_numbers(words, row, NUMBERS)]
    if row["reason"] in BY_DATASET:
        numbers = [words("detail.datasets", names=row["detail"]), *numbers]
    if row["reason"] == "paragraph_changed":
        numbers = [words("detail.paragraphs", names=row["detail"]), *numbers]
    if row["reason"] == "guard_tripped":
        numbers = [words("detail.doubted", names=row["detail"]), *numbers]
    if row["reason"] in ("canary_failed", "check_failed"):
        numbers = [words("detail.checks", names=row["detail"]), *numbers]
    if row["reason"] == "none":
        numbers = [words(_of_kind(words, "detail.judged", row), n=int(row["judged"]))]
    end = f" ({', '.join(numbers)})." if numbers else "."
    return words(_of_kind(words, f"reason.{row['reason']}", row)).removesuffix(".") + end


def _numbers(words, row: Mapping, columns) -> list[str]:
    return [words(f"detail.{key}", n=int(row[column])) for key, column in columns if row[column]]


def _of_kind(words, key: str, row: Mapping) -> str:
    """The text for the rule's kind, where constraints and attestations want another than obligations."""
    own = f"{key}.{row['kind']}"
    return own if words.knows(own) else key


def _cure(words, row: Mapping, unknown: pd.DataFrame) -> str:
    if (row["verdict"] in ("breached", "at_risk") or row["reason"] in BY_RULE) and words.of(row, "cure"):
        return words.of(row, "cure")
    if row["reason"] in ("obligation_unknown", "condition_unknown"):
        whys = unknown[unknown["promise"] == row["promise"]].to_dict("records")
        return " ".join(words.of(why, "cure") for why in whys)
    return words(f"cure.{row['reason']}", names=row["detail"])


def _acts(words, row: Mapping) -> str:
    """Who acts: those who run the data or write the checks where these are at fault, else the promise's own."""
    for role, reasons in (("data", BY_DATA), ("checks", BY_CHECKS)):
        if row["reason"] in reasons:
            return words(f"acts.{role}")
    return words.acts(row["section"])


def _until(words, row: Mapping) -> str:
    """By when to act: what is overdue, since when; a breach otherwise, now; else the last day of what is due next."""
    if not pd.isna(row["overdue_since_on"]):
        return words("until.overdue", day=row["overdue_since_on"])
    if row["verdict"] == "breached":
        return words("until.now")
    return "" if pd.isna(row["next_due_on"]) else words("until.day", day=row["next_due_on"])


def changes(run) -> Section:
    """Verdicts that moved since the run before, columns that are new, what became of the obligations, and the trend."""
    words, frame = run.words, run.frame("verdict_change")
    moved = pages.table(words, frame, ("promise", "previous_verdict", "verdict", "since_on"), words("title.verdict_change"),
                        run.promises)
    columns = pages.table(words, run.frame("new_column"), ("catalogue_column", "data_type", "is_declared", "is_special"),
                          words("title.new_column"), is_stacked=True)
    return answered(moved, columns, *pieces.trend(run), *pieces.changes(run, tuple(run.promises)).pieces)


def states(run) -> Section:
    return pieces.states(run, pieces.DELETIONS, run.words("title.states"))


def conditions(run) -> Section:
    """What is not met, promise by promise and reason by reason; and, folded away, how much is."""
    words, frame = run.words, run.frame("condition_count")
    rows = frame.to_dict("records")
    frame = frame.assign(why=[words.of(row, "why") for row in rows], cure=[words.of(row, "cure") for row in rows])
    failing, kept = frame[frame["state"] != "kept"], frame[frame["state"] == "kept"]
    listed = [pages.note(words("note.annex", promise=promise, state=state))
              for promise, state in failing[["promise", "state"]].drop_duplicates().itertuples(index=False)]
    return answered(
        pages.table(words, failing, ("promise", "state", "why", "cases", "since_on", "older_cases", "cure"),
                    words("title.conditions"), run.promises, is_stacked=True),
        *listed,
        pages.folded(words, pages.table(words, kept, ("promise", "subjects", "cases", "older_cases"),
                                        words("title.conditions_met"), run.promises), "title.conditions_met"))


def statements(run) -> Section:
    """Who states what, since when and until when; on promises, then on registers that are kept by hand."""
    words, frame = run.words, run.frame("statement")
    said = {kind: frame[frame["kind"] == kind] for kind in ("statement", "completeness")}
    dates = ("stated_by", "stated_on", "counts_until_on", "state")
    return answered(
        pages.table(words, said["statement"], ("promise", *dates), words("title.statements"), run.promises, is_stacked=True),
        pages.table(words, said["completeness"], ("dataset", *dates), words("title.completeness"), is_stacked=True))


def unknown(run) -> Section:
    words, frame = run.words, run.frame("unknown_why")
    rows = frame.to_dict("records")
    frame = frame.assign(why=[words.of(row, "why") for row in rows], cure=[words.of(row, "cure") for row in rows])
    return answered(pages.table(words, frame, ("promise", "subjects", "why", "cure"), words("title.unknown_why"),
                                run.promises, is_stacked=True))


def coverage(run) -> Section:
    words, frame, title = run.words, run.frame("coverage"), run.words("title.coverage")
    frame = frame.assign(section=[words.section(section) for section in frame["section"]])
    series = [Series(words("column.built"), frame["built"], LOOKS["good"]),
              Series(words("column.unbuilt"), frame["unbuilt"], LOOKS["quiet"])]
    chart = figures.rows(words, title, frame["section"].tolist(), series, words("axis.promises"),
                         finding=words("finding.coverage", n=int(frame["unbuilt"].sum())))
    columns = ("section", "promises", "built", "unbuilt", *pages.VERDICTS)
    return pieces.pictured(words, chart, pages.table(words, frame, columns, title))


def trust(run) -> Section:
    words = run.words
    columns = ("dataset", "trust", "written_on", "rows_in", "rows_kept", "rows_set_aside", "checks", "failed_checks",
               "raised_checks")
    return answered(
        pages.table(words, run.frame("data_trust"), columns, words("title.data_trust"), is_stacked=True),
        pages.table(words, run.frame("set_aside"), ("dataset", "reason", "column_name", "place", "rows"),
                    words("title.set_aside")))


def checks(run) -> Section:
    words = run.words
    return answered(
        pages.table(words, run.frame("check_count"), ("suite", "checks", "succeeded", "failed", "raised"),
                    words("title.check_count")),
        pages.table(words, run.frame("failed_check"), FAILED_CHECK, words("title.failed_checks")))


def findings(run) -> Section:
    return pieces.findings(run, tuple(run.promises))


def parameters(run) -> Section:
    """Those of each promise, folded away, for they are many; then those that no single promise has to itself."""
    of_promises = pieces.parameters(run, tuple(run.promises)).pieces
    return answered(*(pages.folded(run.words, table, "title.parameters") for table in of_promises),
                    pieces.shared_parameters(run))


def references(run) -> Section:
    """What the promises are held against: first what is to be justified, with its source and who explains it."""
    words, frame = run.words, run.frame("reference")
    rows = frame.to_dict("records")
    frame = frame.assign(
        value=["" if pd.isna(row["value"]) else words(f"unit.{row['unit']}", n=int(row["value"])) for row in rows],
        limit=[_limit(words, row) for row in rows],
        why=[" ".join(filter(None, (words.of(row, "says"), _justification(words, row)))) for row in rows],
        source=[pages.Cited.of(words("source.of", **{key: row[key] for key in ("authority", "title", "article")}),
                               words("source.dated", day=row["dated_on"])) for row in rows])
    return answered(
        pages.folded(words, pages.table(words, frame, ("promise", "place", "value", "limit", "standing", "why", "source"),
                                        words("title.references"), run.promises, is_stacked=True), "title.references"),
        pages.note(words("note.references")))


def _limit(words, row: Mapping) -> str:
    ends = {name: words(f"unit.{row['unit']}", n=int(row[column]))
            for name, column in (("least", "at_least"), ("most", "at_most")) if not pd.isna(row[column])}
    return words("limit.between" if len(ends) == 2 else f"limit.at_{next(iter(ends))}", **ends)


def _justification(words, row: Mapping) -> str:
    if row["standing"] == "justified":
        return words("justified.by", role=label(row["stated_by"]), stated=row["stated_on"], until=row["valid_until_on"])
    return "" if pd.isna(row["lapsed_on"]) else words("justified.lapsed", day=row["lapsed_on"])


def exceptions(run) -> Section:
    """What somebody has set apart, and the nights that a guard doubts or that were confirmed."""
    words, held, doubted = run.words, run.frame("exception"), run.frame("guard")
    held = held.assign(why=held["why"].fillna(""))
    doubted = doubted.assign(guard=[words.of(row, "guard") for row in doubted.to_dict("records")],
                             why=doubted["why"].fillna(""))
    return answered(
        pages.table(words, held, EXEMPTED, words("title.exceptions"), run.promises,
                    heads={"kind": words("column.exception_kind"), "standing": words("column.validity")}, is_stacked=True),
        pages.note(words("note.exceptions")),
        pages.table(words, doubted, DOUBTED, words("title.guards"), is_stacked=True),
        pages.note(words("note.guards")))


def own(run) -> Section:
    """The product under its own eyes: what it stores, who can read it, that no address is inside, that nothing was sent."""
    if not run.holds("own_access"):
        return answered(pages.note(run.words("note.own_missing")))
    words, (access,) = run.words, run.frame("own_access").to_dict("records")
    stored, content, calls = run.frame("own_storage"), run.frame("own_content"), run.frame("own_call")
    stored = stored.assign(stored=[words(f"stored.{kind}") for kind in stored["stored"]],
                           kept=[_kept(words, row) for row in stored.to_dict("records")])
    content = content.assign(what=[words(f"own.{what}") for what in content["what"]])
    calls = calls.assign(what=[words(f"own.{what}") for what in calls["what"]],
                         stage=[words(f"stage.{stage}") for stage in calls["stage"]])
    told = {name: int(access[name]) for name in ("looked_at", "open")}
    opened = [pages.table(words, run.frame("own_open_file"), ("place", "mode"), words("title.own_open_file"))]
    return answered(
        pages.table(words, stored, ("stored", "files", "bytes", "since_on", "until_on", "kept"), words("title.own_storage"),
                    is_stacked=True),
        pages.note(words("note.own_storage")),
        pages.note(words("note.own_open" if told["open"] else "note.own_closed", **told)), *(opened if told["open"] else ()),
        pages.table(words, content, ("what", "found", "columns", "texts", "place"), words("title.own_content"),
                    is_stacked=True),
        pages.note(words("note.own_content")),
        pages.table(words, calls, ("what", "stage", "seen"), words("title.own_call"), is_stacked=True),
        pages.note(words("note.own_call")))


def _kept(words, row: Mapping) -> str:
    return words("stored.stays") if pd.isna(row["kept"]) else words(f"unit.{row['unit']}", n=int(row["kept"]))


SECTIONS = {f"compliance.{made.__name__}": made for made in (
    answer, actions, promises, changes, states, conditions, statements, unknown, coverage, trust, checks, findings,
    parameters, references, exceptions, own)}
