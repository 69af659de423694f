"""reports/index.html: every day, newest first, with what was judged, links and its runs; opens from a file share.

It can be searched and filtered where it lies: its script reads what stands in the page, and asks nobody. The days of a
month are folded together, the newest month open: the page stays short, and a browser lays out only what is unfolded.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines import disk, warehouse
from pipelines.home import Home
from pipelines.operate import forgetting
from pipelines.operate.ledger import Entry, Ledger
from pipelines.register import policy
from pipelines.report import assets, runs
from pipelines.report.pages import strip
from pipelines.report.words import LANGUAGES, Words, label

ORDER = ("management", "compliance", "inactivity", "deletions", "traffic", "collect", "verify")
FORMATS = (".html", ".pdf", ".xlsx")
TOLD = ("title", "lead", "empty", "search", "show", "unrecorded", "no_report", "nothing", "broken", "run", "kind", "began",
        "lasted", "result")
SHOW = ("all", "broken", "changed", "amiss")
HISTORY = """
    SELECT as_of, promise, verdict FROM verdict.history
    WHERE as_of <= (SELECT as_of FROM report.run) AND (as_of = (SELECT as_of FROM report.run) OR NOT $only_own_day)
    ORDER BY as_of, promise
"""
PROMISES = "SELECT promise, summary_fr, summary_en FROM register.promise"


@dataclass(frozen=True)
class Judged:
    """What the warehouses tell: the verdict on each promise by day, the days whose verdicts moved, and what promises say."""

    verdicts: Mapping[date, Mapping[str, str]]
    moved: Mapping[date, Sequence[str]]
    summaries: Mapping[str, tuple[str, str]]


def write(home: Home, lang: str = LANGUAGES[0], ending: Entry | None = None) -> Path:
    """Write the index of a home's reports anew; returns its path. `ending`: the run that writes it, as it is about to end.

    Days of which nothing but runs is known are told for as long as reports are kept.
    """
    words, judged, ran = Words(lang), _judged(home), _ran(home, ending)
    known = {*(f"{day}" for day in ran), *(folder.name for folder in home.reports.glob("????-??-??"))}
    days = [day for name in sorted(known, reverse=True)
            if (day := _day(home.reports / name, judged, ran, words))["links"] or day["runs"]["rows"]]
    style, script = assets.asset("page.css") + _asset("index.css"), _asset("index.js")
    environment = Environment(loader=FileSystemLoader(assets.TEMPLATES), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("index/index.html.j2")
    told = {name: words(f"index.{name}") for name in TOLD}
    return disk.put(home.reports / "index.html", template.render(
        lang=lang, style=style, script=script, policy=assets.policy(style, [script]), months=_months(words, days),
        shows=[(show, words(f"index.show.{show}")) for show in SHOW], found=words("index.found", n="{n}", total="{total}"),
        summaries=_json({promise: told[LANGUAGES.index(lang)] for promise, told in judged.summaries.items()}), **told))


def _asset(name: str) -> str:
    return (assets.TEMPLATES / "index" / name).read_text(encoding="utf-8")


def _json(value: Mapping[str, str]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def _ran(home: Home, ending: Entry | None) -> Mapping[date, Sequence[Entry]]:
    """The runs of each day, as the ledger has them, but for the one that is about to end."""
    entries = [ending if ending and entry.run_id == ending.run_id else entry for entry in Ledger(home.runs).runs()]
    found = runs.by_day(entries)
    since = forgetting.first_kept(max(found), policy.load().forgetting["reports_months"]) if found else date.max
    return {day: held for day, held in found.items() if day >= since}


def _months(words: Words, days: Sequence[dict]) -> list[dict]:
    """The days month by month, as they come."""
    grouped = ((month, list(held)) for month, held in groupby(days, key=lambda day: day["id"][:7]))
    return [{"id": month, "title": words.month_name(date.fromisoformat(f"{month}-01")), "days": held,
             "told": words("index.days", n=len(held)) + _amiss(words, held)} for month, held in grouped]


def _amiss(words: Words, days: Sequence[dict]) -> str:
    """How many of these days have a run that went wrong; empty for none."""
    number = sum(day["runs"]["amiss"] > 0 for day in days)
    return words("index.days.amiss", n=number) if number else ""


def _day(folder: Path, judged: Judged, ran: Mapping[date, Sequence[Entry]], words: Words) -> dict:
    day = date.fromisoformat(folder.name)
    verdicts = judged.verdicts.get(day, {})
    return {
        "id": folder.name, "title": words.day(day), "links": _links(folder),
        "strip": strip(words, Counter(verdicts.values())).text if verdicts else None,
        "broken": [promise for promise, verdict in verdicts.items() if verdict == "breached"],
        "runs": runs.told(words, ran.get(day, ())),
        "moved": judged.moved.get(day, ()), "moved_told": words("index.moved", n=len(judged.moved.get(day, ()))),
    }


def _links(folder: Path) -> list[dict]:
    """A report in one language a row, with a link for each format that lies there."""
    files = [file for file in folder.glob("*") if file.suffix in FORMATS and not file.name.startswith(".")]
    return [_row(stem, list(held)) for stem, held in groupby(sorted(files, key=_place), key=lambda file: file.stem)]


def _place(file: Path) -> tuple:
    name = file.stem.split(".")[0]
    return ORDER.index(name) if name in ORDER else len(ORDER), file.stem.count("."), file.stem, FORMATS.index(file.suffix)


def _row(stem: str, files: Sequence[Path]) -> dict:
    """A report in the words of its own language: compliance.en.html is read in English."""
    name, *middle = stem.split(".")
    own = Words(middle[0]) if middle and middle[0] in LANGUAGES else Words(LANGUAGES[0])
    title = own(f"name.{name}") if own.knows(f"name.{name}") else label(stem)
    return {"lang": own.lang, "title": title, "formats": [
        {"href": quote(f"{file.parent.name}/{file.name}"), "told": file.suffix[1:].upper()} for file in files]}


def _judged(home: Home) -> Judged:
    """The whole history from the current run, and of days rebuilt apart their own."""
    current = warehouse.current(home)
    files = [(file, True) for file in sorted((home.warehouse / warehouse.PAST).glob(f"*{warehouse.SUFFIX}"))]
    verdicts: dict[date, dict[str, str]] = {}
    summaries: dict[str, tuple[str, str]] = {}
    recorded: list[date] = []
    for file, only_own_day in [*files, *([(current, False)] if current else [])]:
        connection = warehouse.read(file, is_brief=True)
        for day, promise, verdict in connection.execute(HISTORY, {"only_own_day": only_own_day}).fetchall():
            verdicts.setdefault(day, {})[promise] = verdict
            recorded += [] if only_own_day or day in recorded[-1:] else [day]
        summaries |= {promise: told for promise, *told in connection.execute(PROMISES).fetchall()}
        connection.close()
    moved = {day: _moved(verdicts[before], verdicts[day]) for before, day in pairwise(recorded)}
    return Judged(verdicts, moved, summaries)


def _moved(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [promise for promise, verdict in now.items() if before.get(promise, verdict) != verdict]
