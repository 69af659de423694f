"""Traffic and usage: who comes, from where, with what and when; which features are used, by whom; and whether they stay."""

from collections.abc import Callable
from functools import wraps

import pandas as pd

from pipelines.report import figures, pages
from pipelines.report.figures import KINDS, LOOKS, Series
from pipelines.report.pages import Html, Section
from pipelines.report.sections import finding
from pipelines.report.sections.pieces import answered, number, pictured, spread
from pipelines.report.words import label

PEOPLE, ROBOTS = "person", "robot"
REST = "other"  # what is not named, put together
UNITS = ("week", "day")


def measured(window: str) -> Callable:
    """A section that rests on a log: without a day of it in `window`, it says so and what would cure it."""
    def of(made: Callable[..., Section]) -> Callable[..., Section]:
        @wraps(made)
        def section(run) -> Section:
            missing = _missing(run, window)
            return answered(pages.note(missing)) if missing else made(run)
        return section
    return of


def _missing(run, window: str) -> str:
    """Why nothing can be told of the traffic or of the use, empty where something can."""
    row = run.one(window)
    status = row["status"]
    if window == "traffic_window":
        status = status if row["days_logged"] or status != "collected" else "empty"
        return "" if row["days_logged"] else run.words(f"nothing.traffic.{status}")
    return "" if not pd.isna(row["log_from_on"]) else run.words(f"nothing.usage.{status}")


def answer(run) -> Section:
    words, whole = run.words, run.one("run")
    traffic, usage = _missing(run, "traffic_window"), _missing(run, "usage_window")
    told = [words("answer.traffic.none") if traffic else _visits_told(run),
            words("answer.usage.none") if usage else _usage_told(run)]
    figures_ = ([] if traffic else _traffic_figures(run)) + ([] if usage else _usage_figures(run))
    return answered(
        pages.sentence(words("answer.traffic", as_of=whole["as_of"], traffic=told[0], usage=told[1])),
        pages.standing(words, whole["as_of"], whole["previous_as_of"]),
        *((pages.key_figures(words, figures_),) if figures_ else ()))


def _visits_told(run) -> str:
    words, total = run.words, run.frame("traffic_total")
    people, robots = (number(total, "visits", client=client) for client in (PEOPLE, ROBOTS))
    return words("answer.traffic.visits", n=people, span=_days(run), robots=words("answer.traffic.robots", n=robots))


def _days(run, window: str = "traffic_window") -> int:
    """Over how many days the report speaks."""
    return int(run.one(window)["days"])


def _usage_told(run) -> str:
    words, month = run.words, _last_month(run)
    return words("answer.usage.active", n=int(month["accounts"]), month=words.month_name(month["month_on"]))


def _last_month(run) -> dict:
    """The last month that is over and wholly logged; the running one where there is none yet."""
    frame = run.frame("active_month")
    whole = frame[frame["is_whole"].astype(bool)]
    return (whole if len(whole) else frame).iloc[-1].to_dict()


def _traffic_figures(run) -> list:
    words, window = run.words, run.one("traffic_window")
    total = run.frame("traffic_total").set_index("client")
    people = total.loc[PEOPLE] if PEOPLE in total.index else {"visits": 0, "visits_a_day": 0.0, "mean_minutes": 0.0}
    lacking = int(window["days_missing"] + window["days_partial"])
    return [(words("key.visits"), int(people["visits"]), "plain"),
            (words("key.visits_a_day"), float(people["visits_a_day"]), "plain"),
            (words("key.mean_minutes"), float(people["mean_minutes"]), "plain"),
            (words("key.robot_visits"), number(run.frame("traffic_total"), "visits", client=ROBOTS), "plain"),
            (words("key.days_lacking"), lacking, "unsure" if lacking else "good")]


def _usage_figures(run) -> list:
    words, month = run.words, _last_month(run)
    told = words.month(month["month_on"])
    return [(words("key.active_month", month=told), int(month["accounts"]), "plain"),
            (words("key.active_day", month=told), float(month["mean_day"]), "plain")]


@measured("traffic_window")
def visits(run) -> Section:
    people, robots = (_by_week(run, client) for client in (PEOPLE, ROBOTS))
    return answered(*_lacking(run), *people.pieces, *robots.pieces, *_categories(run, "robot").pieces)


def _by_week(run, client: str) -> Section:
    """Visits by week; the weeks whose figures are a lower bound are drawn as such."""
    words, title, frame = run.words, run.words(f"title.traffic_week.{client}"), _weeks(run, client)
    look = LOOKS["plain" if client == PEOPLE else "robot"]
    weeks = [words("week_of", day=day) for day in frame["week_on"]]
    chart = figures.columns(words, title, [words.short_day(day) for day in frame["week_on"]],
                            _wholes(words, frame, "visits", look), words("axis.visits"),
                            finding=finding.peak(words, weeks, frame["visits"].tolist(), "axis.visits"))
    table = pages.table(words, frame, ("week_on", "visits", "hits", "days_logged", "days_partial"), title,
                        heads=_heads(words, client))
    return pictured(words, chart, table, "note.traffic_week")


def _heads(words, client: str) -> dict[str, str]:
    """Whose visits and requests two columns count."""
    return {} if client == PEOPLE else {"visits": words("column.robot_visits"), "hits": words("column.robot_hits")}


def _wholes(words, frame: pd.DataFrame, column: str, look: tuple[str, str]) -> list[Series]:
    """Two series: the periods that are whole, and those that are not (if any), whose figures are a lower bound."""
    is_whole = frame["is_whole"].astype(bool)
    series = [Series(words("series.whole"), frame[column].where(is_whole, 0), look),
              Series(words("series.lower_bound"), frame[column].where(~is_whole, 0), LOOKS["near"])]
    return series[:1] if is_whole.all() else series


def _weeks(run, client: str) -> pd.DataFrame:
    frame = run.frame("traffic_week")
    return frame[frame["client"] == client].reset_index(drop=True)


def _lacking(run) -> list[Html]:
    """What is not there, said once: days without a log, and days of which lines are gone."""
    words, window = run.words, run.one("traffic_window")
    return [pages.note(words(f"note.{name}", n=int(window[name]), span=_days(run)))
            for name in ("days_missing", "days_partial") if window[name]]


@measured("traffic_window")
def origin(run) -> Section:
    if not run.one("traffic_window")["has_country"]:
        return answered(*_categories(run, "origin").pieces, pages.note(run.words("nothing.country")))
    return answered(*_categories(run, "origin").pieces, *_categories(run, "country").pieces)


def _categories(run, dimension: str) -> Section:
    """Visits by what a dimension tells apart, the largest first."""
    words, title = run.words, run.words(f"title.traffic.{dimension}", span=_days(run))
    frame = run.shown("traffic_breakdown")
    frame = frame[frame["dimension"] == dimension].reset_index(drop=True)
    is_named = (frame["category"] != REST).tolist()
    frame = frame.assign(category=[category(words, dimension, value) for value in frame["category"]])
    heads = {"category": words(f"column.{dimension}"), "share": words("column.visit_share"),
             **_heads(words, ROBOTS if dimension == "robot" else PEOPLE)}
    table = pages.table(words, frame, ("category", "visits", "hits", "share"), title, is_suppressed=True, heads=heads)
    if frame.empty:
        return answered(table)
    counted = Series(words("axis.visits"), frame["visits"].tolist(), LOOKS["robot" if dimension == "robot" else "plain"])
    chart = figures.rows(words, title, frame["category"].tolist(), [counted], words("axis.visits"),
                         finding=_first_named(words, frame, "category", "visits", is_named))
    return pictured(words, chart, table, f"note.traffic.{dimension}")


def _first_named(words, frame: pd.DataFrame, name: str, counted: str, is_named: list[bool]) -> str:
    """Which has most of those that have a name: the rest, put together, comes first of nothing."""
    told = frame[is_named]
    return finding.first(words, told[name].tolist(), told[counted].tolist(), f"axis.{counted}")


def category(words, dimension: str, value: str) -> str:
    """A word of the log reader in the reader's language; what comes from the log is shown as it is, as one line."""
    key = f"{dimension}.{value}"
    return words(key) if words.knows(key) else label(value)


@measured("traffic_window")
def browsers(run) -> Section:
    return answered(*_families(run).pieces, _versions(run), *_categories(run, "system").pieces,
                    *_categories(run, "device").pieces)


def _families(run) -> Section:
    words, title = run.words, run.words("title.traffic_browser_month")
    frame = run.shown("traffic_browser_month")
    names = {family: category(words, "browser", family) for family in frame["family"].unique()}
    wide = spread(frame, "month_on", "family", "share")
    series = {name: wide[family].tolist() for family, name in names.items()}
    chart = figures.lines(words, title, [words.month(day) for day in wide["month_on"]], series, words("axis.share"), True,
                          finding=_leader(words, wide, series))
    table = pages.table(words, _told_as_shares(wide, "month_on"), ("month_on", *map(_share, names)), title,
                        heads={_share(family): name for family, name in names.items()}, is_suppressed=True)
    return pictured(words, chart, table, "note.running_month")


def _leader(words, wide: pd.DataFrame, series: dict) -> str:
    """The browser that leads in the last month."""
    last = {name: values[-1] for name, values in series.items() if not pd.isna(values[-1])}
    if not last:
        return words("finding.too_few")
    name, month = max(last, key=last.get), words.month_name(wide["month_on"].iloc[-1])
    return words("finding.leads", month=month, name=name, share=words.percent(last[name]))


def _told_as_shares(wide: pd.DataFrame, index: str) -> pd.DataFrame:
    return wide.rename(columns={column: _share(column) for column in wide.columns if column != index})


def _share(name) -> str:
    """The name of a column that holds shares: what ends so is told as a percentage."""
    return f"{name} share"


def _versions(run) -> Html:
    words = run.words
    frame = run.shown("traffic_version")
    now, before = (frame[frame["period"] == period].set_index("version") for period in ("now", "before"))
    told = now.assign(version=[category(words, "browser", version) for version in now.index],
                      before_share=before["share"].reindex(now.index))
    return pages.table(words, told, ("version", "visits", "share", "before_share"), words("title.traffic_version"),
                       is_suppressed=True, is_stacked=True)


@measured("traffic_window")
def durations(run) -> Section:
    words, title, frame = run.words, run.words("title.durations"), _weeks(run, PEOPLE)
    minutes = frame["mean_minutes"].tolist()
    chart = figures.lines(words, title, [words.short_day(day) for day in frame["week_on"]],
                          {words("column.mean_minutes"): minutes}, words("axis.minutes"),
                          finding=words("finding.range", low=min(minutes), high=max(minutes)))
    return pictured(words, chart, pages.table(words, frame, ("week_on", "mean_minutes", "visits"), title), "note.durations")


@measured("traffic_window")
def peaks(run) -> Section:
    words, title = run.words, run.words("title.traffic_hour", span=_days(run))
    frame = run.frame("traffic_hour")
    wide = spread(frame, "hour", "client", "hits")
    wide = wide.assign(hour=[words("hour", hour=hour) for hour in wide["hour"]], visits=frame["visits"][: len(wide)])
    series = [Series(words(f"client.{client}"), wide[client], look)
              for client, look in ((PEOPLE, LOOKS["plain"]), (ROBOTS, LOOKS["robot"]))]
    chart = figures.columns(words, title, wide["hour"].tolist(), series, words("axis.hits"),
                            finding=finding.peak(words, wide["hour"].tolist(), wide[PEOPLE].tolist(), "axis.person_hits"))
    table = pages.table(words, wide, ("hour", "visits", PEOPLE, ROBOTS), title,
                        heads={PEOPLE: words("column.hits"), ROBOTS: words("column.robot_hits")})
    return answered(*pictured(words, chart, table, "note.traffic_hour").pieces, _busiest(run, "day"), _busiest(run, "hour"))


def _busiest(run, unit: str) -> Html:
    words, frame = run.words, run.frame("traffic_peak")
    frame = frame[frame["unit"] == unit]
    frame = frame.assign(hour=[words("hour", hour=hour) if unit == "hour" else "" for hour in frame["hour"]])
    columns = ("day_on", *(("hour",) if unit == "hour" else ()), "hits", "robot_hits", "visits", "is_partial")
    return pages.table(words, frame, columns, words(f"title.busiest.{unit}"), is_stacked=True)


@measured("traffic_window")
def answers(run) -> Section:
    return answered(*_answers(run, "status").pieces, *_encryption(run), *_answers(run, "tls").pieces)


def _answers(run, dimension: str) -> Section:
    words, title = run.words, run.words(f"title.traffic.{dimension}", span=_days(run))
    frame = run.frame("traffic_answer")
    frame = frame[frame["dimension"] == dimension].reset_index(drop=True)
    names = [_told_answer(words, dimension, value) for value in frame["answer"]]
    told = (words("finding.server", n=number(frame, "hits", answer="5xx")) if dimension == "status"
            else finding.first(words, names, frame["hits"].tolist(), "axis.person_hits"))
    frame = frame.assign(answer=names)
    series = [Series(words(f"client.{client}"), frame[column], look)
              for client, column, look in ((PEOPLE, "hits", LOOKS["plain"]), (ROBOTS, "robot_hits", LOOKS["robot"]))]
    chart = figures.rows(words, title, frame["answer"].tolist(), series, words("axis.hits"), finding=told)
    table = pages.table(words, frame, ("answer", "hits", "robot_hits", "share"), title,
                        heads={"answer": words(f"column.answer.{dimension}"), "share": words("column.hit_share")})
    return pictured(words, chart, table)


def _told_answer(words, dimension: str, value: str) -> str:
    return words("tls.bits", bits=value) if dimension == "tls" and value.isdecimal() else category(words, dimension, value)


def _encryption(run) -> list[Html]:
    """What to know about encryption before its figures: that the log does not tell, or that something went in the clear."""
    frame = run.frame("traffic_answer")
    frame = frame[frame["dimension"] == "tls"]
    told = [(value, number(frame, "all_hits", answer=value)) for value in ("plain", "not_logged")]
    return [pages.note(run.words(f"note.tls.{value}", n=hits)) for value, hits in told if hits]


@measured("usage_window")
def features(run) -> Section:
    words, title = run.words, run.words("title.usage_by_action", span=_days(run, "usage_window"))
    frame = run.shown("usage_by_action")
    is_named = (frame["is_named"] | (frame["action"] != REST)).tolist()
    frame = frame.assign(action=_actions(words, frame))
    counted = Series(words("axis.accounts"), frame["accounts"].tolist(), LOOKS["plain"])
    chart = figures.rows(words, title, frame["action"].tolist(), [counted], words("axis.accounts"),
                         finding=_first_named(words, frame, "action", "accounts", is_named))
    table = pages.table(words, frame, ("action", "accounts", "share", "actions", "machine_actions"), title,
                        heads={"share": words("column.account_share")}, is_suppressed=True)
    return pictured(words, chart, table, "note.usage_by_action")


def _actions(words, frame: pd.DataFrame) -> list[str]:
    """The names of actions: those of the log as they are, as one line; ours in the reader's language."""
    return [label(action) if is_named else words(f"action.{action}")
            for action, is_named in zip(frame["action"], frame["is_named"], strict=True)]


@measured("usage_window")
def plan(run) -> Section:
    return _used_by(run, "usage_by_plan", "plan")


@measured("usage_window")
def age(run) -> Section:
    return _used_by(run, "usage_by_age", "age_class")


def _used_by(run, table: str, attribute: str) -> Section:
    """Accounts that use each action, told apart by an attribute; the first action is any at all."""
    words, title = run.words, run.words(f"title.{table}", span=_days(run, "usage_window"))
    frame = run.shown(table)
    wide = spread(frame, "position", attribute, "accounts")
    values = [column for column in wide.columns if column != "position"]
    names = {value: pages.coded(words, attribute, value) for value in values}
    wide = wide.assign(action=_actions(words, frame.drop_duplicates("position")))
    looks = KINDS if attribute == "plan" else figures.DEGREES[1:]
    series = [Series(names[value], wide[value].tolist(), looks[place % len(looks)]) for place, value in enumerate(values)]
    at_all = [wide[value].iloc[0] for value in values] if len(wide) else []
    chart = figures.rows(words, title, wide["action"].tolist(), series, words("axis.accounts"),
                         finding=finding.first(words, list(names.values()), at_all, "axis.accounts", "first_used"))
    table = pages.table(words, wide, ("action", *values), title, heads=names, is_suppressed=True)
    return pictured(words, chart, table, "note.rounded", *_not_drawn(frame))


def _not_drawn(frame: pd.DataFrame) -> tuple[str, ...]:
    """The note that something is suppressed, where a chart could only leave it out."""
    return ("note.not_drawn",) if frame["accounts"].isna().any() else ()


@measured("usage_window")
def active(run) -> Section:
    return answered(*_by_month(run).pieces, *(piece for unit in UNITS for piece in _active(run, unit).pieces))


def _by_month(run) -> Section:
    """Active accounts of a month, of a mean week and of a mean day of it."""
    words, title, frame = run.words, run.words("title.active_month"), run.frame("active_month")
    named = {words(f"series.active.{column}"): frame[column].tolist() for column in ("accounts", "mean_week", "mean_day")}
    labels = [words.month(day) for day in frame["month_on"]]
    whole = frame["accounts"].where(frame["is_whole"].astype(bool)).tolist()
    chart = figures.lines(words, title, labels, named, words("axis.accounts"),
                          finding=finding.moved(words, labels, whole, "axis.accounts"))
    columns = ("month_on", "accounts", "mean_week", "mean_day", "day_share", "users", "is_whole")
    table = pages.table(words, frame, columns, title,
                        heads={"accounts": words("column.active_accounts")})
    return pictured(words, chart, table, "note.active_month")


def _active(run, unit: str) -> Section:
    words, title = run.words, run.words(f"title.active.{unit}")
    frame = run.frame("active_period")
    frame = frame[frame["unit"] == unit].reset_index(drop=True)
    series = _wholes(words, frame, "accounts", LOOKS["plain"])
    labels = [words.short_day(day) for day in frame["first_on"]]
    periods = [words("week_of", day=day) if unit == "week" else words.day(day) for day in frame["first_on"]]
    chart = figures.columns(words, title, labels, series, words("axis.accounts"),
                            finding=finding.peak(words, periods, frame["accounts"].tolist(), "axis.accounts"))
    told = frame.rename(columns={"first_on": f"{unit}_on"})
    return pictured(words, chart, pages.table(words, told, (f"{unit}_on", "accounts", "users", "is_whole"), title))


@measured("usage_window")
def retention(run) -> Section:
    words, title = run.words, run.words("title.retention")
    frame = run.shown("retention")
    frame = frame[frame["is_active"].astype(bool)]
    if frame.empty:
        return answered(pages.note(words("nothing.retention")))
    wide = spread(frame, "month_number", "cohort_on", "share")
    cohorts = list(frame["cohort_on"].unique())
    series = {words.quarter(day): wide[str(day)].tolist() for day in cohorts}
    chart = figures.lines(words, title, [words("month_number", n=int(n)) for n in wide["month_number"]], series,
                          words("axis.retention"), True, finding=_stayed(words, wide, cohorts[0]))
    return pictured(words, chart, _retained(run, wide, title), "note.retention", *_not_drawn(frame))


def _stayed(words, wide: pd.DataFrame, oldest) -> str:
    """What is left of the oldest cohort in its last month that may be told."""
    told = wide.dropna(subset=[str(oldest)])
    if told.empty:
        return words("finding.too_few")
    last = told.iloc[-1]
    return words("finding.stayed", quarter=words.quarter(oldest), share=words.percent(last[str(oldest)]),
                 month=words("month_number", n=int(last["month_number"])))


def _retained(run, wide: pd.DataFrame, title: str) -> Html:
    """A row a month after the creation, a column a cohort with its size."""
    words, cohorts = run.words, [column for column in wide.columns if column != "month_number"]
    sizes = run.shown("cohort").set_index("cohort_on")["accounts"]
    opened = {day: pd.Timestamp(day) for day in cohorts}
    heads = {_share(day): words("cohort.of", quarter=words.quarter(on), size=_size(words, sizes[on]))
             for day, on in opened.items()}
    told = _told_as_shares(wide, "month_number")
    told["month_number"] = [words("month_number", n=int(n)) for n in wide["month_number"]]
    return pages.table(words, told, ("month_number", *heads), title, heads=heads, is_suppressed=True)


def _size(words, accounts) -> str:
    return words("value.suppressed") if pd.isna(accounts) else words.number(accounts)


SECTIONS = {f"traffic.{made.__name__}": made for made in (
    answer, visits, origin, browsers, durations, peaks, answers, features, plan, age, active, retention)}
