"""What is published, in a few lines: for people a table, for programs JSON."""

import json
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date

from pipelines import warehouse
from pipelines.home import Home
from pipelines.operate.ledger import DONE, FINAL, Entry, Ledger
from pipelines.register import schedule

PROMISES = """
    SELECT v.promise, v.verdict, v.since_on, v.reason, v.detail, v.judged, coalesce(e.excepted, 0) AS excepted,
           coalesce((SELECT map_from_entries(list((c.state, c.subjects) ORDER BY c.state))
                     FROM (SELECT as_of, promise, state, subjects FROM obligation.count
                           UNION ALL
                           SELECT as_of, promise, coalesce(reason, state), cases FROM obligation.condition_count) AS c
                     JOIN register.run AS r ON r.as_of = c.as_of
                     WHERE c.promise = v.promise), MAP {}) AS states
    FROM verdict.current AS v
    LEFT JOIN verdict.excepted AS e USING (promise)
    ORDER BY v.position
"""


REFERENCES = """
    SELECT reference, promise, compared, place, value, unit, at_least, at_most, finding, standing, authority, title, article,
           dated_on, stated_by, stated_on, valid_until_on, lapsed_on
    FROM report.reference
"""


NEW_COLUMNS = "SELECT catalogue_column AS column, data_type, is_declared, is_special FROM report.new_column"


def published(home: Home) -> dict:
    """`run`, `as_of`, for each promise its `id`, `verdict`, `states`, `reason` and `excepted` (how many of its failures
    stand under an exception), and for each reference that the policy is held against how it stands (`standing`: within,
    to_justify, justified, not_compared). `new_columns`: those that the database's catalogue showed for the first time.

    `states`: how many obligations are in which state; of conditions, how many cases are `kept`, or not for which reason.
    """
    path, connection = warehouse.read_current(home, is_brief=True)
    rows = connection.execute(PROMISES).fetchall()
    as_of = connection.execute("SELECT as_of FROM register.run").fetchone()[0]
    references, columns = _told(connection, REFERENCES), _told(connection, NEW_COLUMNS)
    connection.close()
    promises = [{"id": promise, "verdict": verdict, "since": f"{since}", "states": dict(states), "reason": reason,
                 "detail": detail, "judged": judged, "excepted": excepted}
                for promise, verdict, since, reason, detail, judged, excepted, states in rows]
    return {"run": path.stem.split("_", 1)[1], "as_of": f"{as_of}", "promises": promises,
            "references": references, "new_columns": columns}


def _told(connection: warehouse.Connection, sql: str) -> list[dict]:
    """The rows of a SELECT as plain data, days as text."""
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description]
    return [{name: f"{value}" if isinstance(value, date) else value for name, value in zip(names, row, strict=True)}
            for row in answer.fetchall()]


def as_json(home: Home) -> str:
    """`published` as JSON text."""
    return json.dumps(published(home), ensure_ascii=False, indent=2)


def as_table(home: Home) -> str:
    """`published` as a table, in the order of the policy."""
    told = published(home)
    width = max(len(promise["id"]) for promise in told["promises"])
    lines = [f"As of {told['as_of']} (run {told['run']})", "",
             f"{'promise':<{width}}  {'verdict':<12}  {'since':<10}  reason"]
    for p in told["promises"]:
        lines.append(f"{p['id']:<{width}}  {p['verdict']:<12}  {p['since']:<10}  {_why(p)}")
    open_ones = sorted({r["reference"] for r in told["references"] if r["standing"] == "to_justify"})
    if open_ones:
        lines += ["", f"To be justified: {', '.join(open_ones)} (see the compliance report)."]
    if told["new_columns"]:
        lines += ["", f"New columns in the database: {len(told['new_columns'])} (see the compliance report)."]
    return "\n".join(lines)


def _why(promise: dict) -> str:
    """How many fail, of how many judged; else the reason."""
    if promise["verdict"] == "unverifiable":
        return promise["reason"].replace("_", " ") + (f": {promise['detail']}" if promise["detail"] else "")
    apart = f"of which {promise['excepted']} under an exception" if promise["excepted"] else None
    return "; ".join(part for part in (promise["detail"], apart, f"{promise['judged']} judged") if part).replace("_", " ")


def history(home: Home, in_json: bool) -> str:
    """The runs of the ledger, oldest first, how the last of them went, and what became of each mail.

    As JSON `runs`, all of them with all that is known, `deliveries`, and `untold`: what operators have not been told yet.
    """
    home.prepare()
    ledger = Ledger(home.runs)
    rows, sent, untold = [_run(entry) for entry in ledger.runs()], deliveries(home), ledger.untold()
    if in_json:
        runs = [{**row, "steps": _steps(ledger, row["run"]),
                 "datasets": [asdict(one) for one in ledger.datasets(row["run"])]} for row in rows]
        return json.dumps({"runs": runs, "deliveries": sent, "untold": [asdict(one) for one in untold]},
                          ensure_ascii=False, indent=2)
    if not rows:
        return "No run yet."
    told = [_delivery(one) for one in sent if one["mails"] or one["result"] != DONE]
    waiting = [f"operators have not been told yet: {one.kind} {one.about} {one.detail}".rstrip() for one in untold]
    parts = ([_line(row) for row in rows], _last(ledger, rows[-1]["run"]), told, waiting)
    return "\n\n".join("\n".join(part) for part in parts if part)


def deliveries(home: Home) -> list[dict]:
    """By period, oldest first: its `entry`, `as_of`, the `result` of its report and when it was `made`, and its `mails`.

    `mails`: by role, of how many recipients the mail was taken, refused, not sent for being `unchanged`, is `sending`, or
    nobody knows (`unsure`); and of how many it is still `owed`.
    """
    ledger, plan = Ledger(home.runs), schedule.load(home.path)
    counted: dict[tuple, dict[str, Counter]] = defaultdict(lambda: defaultdict(Counter))
    for one in ledger.mails():
        counted[one.entry, one.as_of][one.role][one.result] += 1
    reports = ledger.reports()
    for (entry, as_of), report in reports.items():
        for role in plan.entries[entry].to if entry in plan.entries and report.result not in FINAL else ():
            if owed := len(plan.addresses((role,))) - counted[entry, as_of][role].total():
                counted[entry, as_of][role]["owed"] += owed
    return [{"entry": entry, "as_of": f"{as_of}", "result": report.result, "made": f"{report.made_at:%Y-%m-%d %H:%M:%S}",
             "mails": {role: dict(results) for role, results in counted[entry, as_of].items() if results}}
            for (entry, as_of), report in reports.items()]


def _delivery(row: dict) -> str:
    mails = [f"{role}: {', '.join(f'{n} {result}' for result, n in results.items())}"
             for role, results in row["mails"].items()]
    return f"{row['entry']:<24} {row['as_of']}  {row['result']:<8}  {'; '.join(mails)}".rstrip()


def _run(entry: Entry) -> dict:
    return {"run": entry.run_id, "kind": entry.kind, "as_of": f"{entry.as_of}",
            "started": f"{entry.started_at:%Y-%m-%d %H:%M:%S}",
            "seconds": (entry.finished_at - entry.started_at).total_seconds() if entry.finished_at else None,
            "result": entry.result or "did not end", "message": entry.message, "versions": entry.versions}


def _line(row: dict) -> str:
    seconds = "        -" if row["seconds"] is None else f"{row['seconds']:7.1f} s"
    return f"{row['run']}  {row['kind']:<6} {row['as_of']}  {seconds}  {row['result']:<12} {row['message'] or ''}".rstrip()


def _steps(ledger: Ledger, run_id: str) -> list[dict]:
    names = ("step", "started", "seconds", "rows", "result", "detail")
    return [dict(zip(names, step, strict=True)) for step in ledger.steps(run_id)]


def _last(ledger: Ledger, run_id: str) -> list[str]:
    """Step by step how a run went, and what became of its datasets."""
    steps = [f"  {step['step']:<12} {step['result']:<6} {step['seconds']:7.1f} s  {step['detail']}".rstrip()
             for step in _steps(ledger, run_id)]
    datasets = ledger.datasets(run_id)
    if not datasets:
        return steps
    kept, asked = sum(one.rows_kept for one in datasets), sum(one.attempts > 1 for one in datasets)
    again = f"; {asked} of them were asked for more than once" if asked else ""
    failed = [f"  {one.dataset}: {one.detail}" for one in datasets if one.status == "failed"]
    return [*steps, f"  {len(datasets)} datasets, {kept} rows kept{again}", *failed]


def stored(home: Home, today: date, in_json: bool) -> str:
    """What the home stores of each kind, since when, until when the oldest is kept, and for how long."""
    from pipelines.operate import forgetting

    rows = [asdict(one) for one in forgetting.inventory(home, today)]
    if in_json:
        return json.dumps(rows, default=str, indent=2)
    return "\n".join(f"{row['kind']:<10}  {row['files']:>5} files  {row['bytes'] / 2**20:>9.1f} MiB  "
                     f"since {str(row['since_on'] or '-'):<10}  {_until(row)}" for row in rows)


def _until(row: dict) -> str:
    if row["kept"] is None:
        return "stays"
    return f"{row['kept']} {row['unit']}" + (f", the oldest goes on {row['until_on']}" if row["until_on"] else "")
