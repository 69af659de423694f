"""The two working notebooks, collect and verify, and the reconciliations that every page ends with."""

from pipelines.errors import AlpiaError
from pipelines.report import pages
from pipelines.report.pages import Section
from pipelines.report.sections import compliance
from pipelines.report.sections.pieces import answered

# While a run is being built there is no report table yet: these read what the collection itself has written.
COLLECTED = """
    SELECT count(*) AS total, count(*) FILTER (WHERE status = 'collected') AS collected,
           coalesce(sum(rows_in), 0)::BIGINT AS rows_in, coalesce(sum(rows_kept), 0)::BIGINT AS rows_kept,
           coalesce(sum(rows_set_aside), 0)::BIGINT AS rows_set_aside
    FROM source.collection
"""
SET_ASIDE = """
    SELECT dataset, reason, column_name, place, sum(rows)::BIGINT AS rows FROM source.set_aside
    GROUP BY ALL ORDER BY dataset, rows DESC, reason, column_name, place
"""
UNBALANCED = """
    SELECT c.dataset FROM source.collection AS c
    LEFT JOIN (SELECT dataset, sum(rows) AS rows FROM source.set_aside GROUP BY dataset) AS s USING (dataset)
    WHERE c.rows_in IS DISTINCT FROM c.rows_kept + c.rows_set_aside OR c.rows_set_aside <> coalesce(s.rows, 0)
    ORDER BY c.dataset
"""


def believe(run) -> Section:
    """Every reconciliation of a finished run; AlpiaError if one does not come out even, or if there is none."""
    words, frame = run.words, run.frame("reconciliation")
    broken = frame[~frame["agrees"].astype(bool)]
    if frame.empty or len(broken):
        told = ", ".join(f"{row['name']} ({row['one_side']} and {row['other_side']})" for row in broken.to_dict("records"))
        raise AlpiaError(f"The numbers cannot be believed: {told or 'nothing was reconciled'}.")
    frame = frame.assign(reconciliation=[words(f"believe.{name}") for name in frame["name"]],
                         left=frame["one_side"], right_side=frame["other_side"])
    return answered(
        pages.note(words("answer.believe", n=len(frame))),
        pages.screen(pages.folded(words, pages.table(words, frame, ("reconciliation", "left", "right_side"),
                                                     words("title.believe")), "title.believe")))


def collect_answer(run) -> Section:
    words, row = run.words, run.sql(COLLECTED).iloc[0]
    return answered(pages.sentence(words("answer.collect", **{name: int(number) for name, number in row.items()})))


def collect_datasets(run) -> Section:
    words = run.words
    columns = ("dataset", "status", "detail", "written_on", "rows_in", "rows_kept", "rows_set_aside")
    frame = run.sql("SELECT *, written_at::DATE AS written_on FROM source.collection ORDER BY dataset")
    return answered(pages.table(words, frame, columns, words("title.data_trust"), is_stacked=True))


def collect_aside(run) -> Section:
    words = run.words
    return answered(pages.table(words, run.sql(SET_ASIDE), ("dataset", "reason", "column_name", "place", "rows"),
                                words("title.set_aside")))


def collect_believe(run) -> Section:
    """Rows in = rows kept + rows set aside, dataset by dataset; AlpiaError where it is not so."""
    unbalanced = list(run.sql(UNBALANCED)["dataset"])
    total = int(run.sql(COLLECTED).iloc[0]["total"])
    if unbalanced or not total:
        raise AlpiaError(f"The collection cannot be believed: {', '.join(unbalanced) or 'no dataset'} does not balance.")
    return answered(pages.note(run.words("answer.believe", n=total)))


def verify_answer(run) -> Section:
    words, frame = run.words, run.frame("check_count")
    return answered(
        pages.sentence(words("answer.verify", checks=int(frame["checks"].sum()), succeeded=int(frame["succeeded"].sum()),
                             failed=int(frame["failed"].sum() + frame["raised"].sum()))),
        pages.strip(words, compliance.counts(run)))


def verify_checks(run) -> Section:
    words = run.words
    return answered(pages.table(words, run.frame("check_count"), ("suite", "checks", "succeeded", "failed", "raised"),
                                words("title.check_count")))


def verify_failed(run) -> Section:
    words = run.words
    return answered(pages.table(words, run.frame("failed_check"), compliance.FAILED_CHECK, words("title.failed_checks")))


def verify_verdicts(run) -> Section:
    return compliance.promises(run)


SECTIONS = {
    "collect.answer": collect_answer, "collect.datasets": collect_datasets, "collect.aside": collect_aside,
    "collect.believe": collect_believe, "verify.answer": verify_answer, "verify.checks": verify_checks,
    "verify.failed": verify_failed, "verify.verdicts": verify_verdicts,
}
