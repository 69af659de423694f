"""reports/index.html: every day that has reports, newest first, with what was judged and links; opens from a file share."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines import disk, warehouse
from pipelines.home import Home
from pipelines.report import html
from pipelines.report.pages import VERDICTS, strip
from pipelines.report.words import LANGUAGES, Words

ORDER = ("compliance", "inactivity", "deletions", "traffic", "collect", "verify")
TREND = """
    SELECT as_of, verdict, promises FROM report.verdict_trend
    WHERE as_of = (SELECT as_of FROM report.run) OR NOT $only_own_day
"""


def write(home: Home, lang: str = LANGUAGES[0]) -> Path:
    """Write the index of a home's reports anew; returns its path."""
    words, counts = Words(lang), _counts(home)
    days = [_day(folder, counts, words) for folder in sorted(home.reports.glob("????-??-??"), reverse=True)]
    style = html.asset("page.css")
    template = Environment(loader=FileSystemLoader(html.TEMPLATES), autoescape=True, undefined=StrictUndefined).get_template(
        "index/index.html.j2")
    target = home.reports / "index.html"
    disk.put(target, template.render(
        lang=lang, style=style, policy=html.policy(style, []), days=[day for day in days if day["links"]],
        **{name: words(f"index.{name}") for name in ("title", "lead", "none")}))
    return target


def _day(folder: Path, counts: Mapping[date, Mapping[str, int]], words: Words) -> dict:
    day = date.fromisoformat(folder.name)
    pages = sorted(folder.glob("*.html"), key=lambda page: (_place(page), page.name.count("."), page.name))
    return {"id": folder.name, "title": words.day(day), "links": [_link(page, words) for page in pages],
            "strip": strip(words, counts[day]).text if day in counts else None, "unrecorded": words("index.unrecorded")}


def _place(page: Path) -> int:
    name = page.name.split(".")[0]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _link(page: Path, words: Words) -> dict:
    """A link in the words of the page's own language: compliance.en.html is read in English."""
    name, *middle = page.name.removesuffix(".html").split(".")
    own = Words(middle[0]) if middle and middle[0] in LANGUAGES else Words(LANGUAGES[0])
    title = own(f"name.{name}") if own.knows(f"name.{name}") else name
    return {"href": f"{page.parent.name}/{page.name}", "lang": own.lang, "title": title}


def _counts(home: Home) -> dict[date, dict[str, int]]:
    """Day -> promises by verdict: the whole history from the current run, and of days rebuilt apart their own."""
    current = warehouse.current(home)
    files = [(file, True) for file in sorted((home.warehouse / warehouse.PAST).glob(f"*{warehouse.SUFFIX}"))]
    counts: dict[date, dict[str, int]] = {}
    for file, only_own_day in [*files, *([(current, False)] if current else [])]:
        connection = warehouse.read(file)
        rows = connection.execute(TREND, {"only_own_day": only_own_day}).fetchall()
        connection.close()
        for day, verdict, promises in rows:
            counts.setdefault(day, dict.fromkeys(VERDICTS, 0))[verdict] = promises
    return counts
