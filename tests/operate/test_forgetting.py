"""The product keeps its own promises: what has expired is gone from every place, after a search that finds a control."""

import shutil
import subprocess
from datetime import date
from types import SimpleNamespace

import pytest
import xlsxwriter
from click.testing import CliRunner
from search import found, tables, texts

from pipelines import cli, warehouse
from pipelines import run as job
from pipelines.collect.pseudonyms import pseudonym
from pipelines.home import Home
from pipelines.models import engine
from pipelines.operate import forgetting, keys
from pipelines.operate.ledger import Ledger
from pipelines.register import contracts as contracts_register
from pipelines.register import periods
from pipelines.register import policy as policy_register
from pipelines.verify import own, verification

CONTRACTS, POLICY = contracts_register.load(), policy_register.load()
FIRST, SECOND = date(2026, 6, 29), date(2026, 6, 30)
TODAY = date(2026, 7, 1)
# Twenty-five months before the end of 30 June 2026: what is older has expired, its first instant has not.
LAST_EXPIRED, FIRST_KEPT = "2024-05-31T23:59:59+02:00", "2024-06-01T00:00:00+02:00"
SOURCES = {
    # id, deleted, erased, e-mail: only `living` and `owed` have any personal data left.
    "accounts": f"""account_id,created_at,state,deletion_requested_at,deleted_at,erased_at,email
living,2020-01-10T09:00:00Z,active,,,,a@example.org
gone,2020-01-10T09:00:00Z,deleted,2023-01-10T09:00:00Z,2023-01-11T09:00:00Z,2023-02-01T09:00:00Z,
last-expired,2020-01-10T09:00:00Z,deleted,2023-01-10T09:00:00Z,2023-01-11T09:00:00Z,{LAST_EXPIRED},
first-kept,2020-01-10T09:00:00Z,deleted,2023-01-10T09:00:00Z,2023-01-11T09:00:00Z,{FIRST_KEPT},
owed,2018-01-10T09:00:00Z,deleted,2020-01-10T09:00:00Z,2020-01-11T09:00:00Z,,b@example.org
asking,2020-01-10T09:00:00Z,deleted,2023-01-10T09:00:00Z,2023-01-11T09:00:00Z,2023-02-01T09:00:00Z,
billed,2020-01-10T09:00:00Z,deleted,2023-01-10T09:00:00Z,2023-01-11T09:00:00Z,2023-02-01T09:00:00Z,
trashed,2020-01-10T09:00:00Z,deleted,2023-01-10T09:00:00Z,2023-01-11T09:00:00Z,2023-02-01T09:00:00Z,
""",
    "users": """user_id,account_id,created_at,removed_at,erased_at,email
gone-user,gone,2020-01-10T09:00:00Z,2023-01-11T09:00:00Z,2023-02-01T09:00:00Z,
left-user,living,2020-01-10T09:00:00Z,2022-01-11T09:00:00Z,2022-02-01T09:00:00Z,
living-user,living,2020-01-10T09:00:00Z,,,c@example.org
""",
    "activity": """event_id,occurred_at,account_id,user_id,actor,action
e1,2022-12-01T09:00:00Z,gone,gone-user,person,edit
e2,2021-12-01T09:00:00Z,living,left-user,person,edit
e3,2021-12-01T10:00:00Z,living,,person,edit
e4,2021-12-01T11:00:00Z,living,living-user,person,edit
e5,2026-06-01T11:00:00Z,living,living-user,person,edit
""",
    "deletion_requests": """request_id,account_id,user_id,requested_at,withdrawn_at,channel
gone-request,gone,,2023-01-10T09:00:00Z,,email
owed-request,owed,,2020-01-10T09:00:00Z,,email
""",
    "rights_requests": """request_id,account_id,user_id,right,channel,received_at,answered_at,outcome
asking-request,asking,,access,email,2023-01-10T09:00:00Z,,
gone-rights,gone,,access,email,2023-01-10T09:00:00Z,2023-01-20T09:00:00Z,granted
""",
    "invoices": """invoice_id,account_id,kind,series,number,issued_on,financial_year_end_on,removed_at
i1,billed,invoice,A,1,2022-06-01,2022-12-31,
i2,gone,invoice,A,2,2022-06-02,2022-12-31,2023-03-01T09:00:00Z
i3,living,invoice,A,3,2022-06-03,2022-12-31,
""",
    "deleted_items": """item_id,account_id,user_id,created_at,deleted_at,restored_at,purged_at
waiting-item,trashed,,2022-01-10T09:00:00Z,2023-01-05T09:00:00Z,,
restored-item,living,,2022-01-10T09:00:00Z,2023-01-05T09:00:00Z,2023-01-06T09:00:00Z,
""",
    "erasure_journal": f"""entry_id,account_id,user_id,item_id,invoice_id,erased_at
j1,gone,,,,2023-02-01T09:00:00Z
j2,gone,gone-user,,,2023-02-01T09:00:00Z
j3,gone,,,i2,2023-03-01T09:00:00Z
j4,first-kept,,,,{FIRST_KEPT}
""",
}
EXPIRED = {"account": ("gone", "last-expired"), "user": ("gone-user", "left-user"), "deletion_request": ("gone-request",),
           "rights_request": ("gone-rights",), "item": ("restored-item",)}
KEPT = {"account": ("living", "first-kept", "owed", "asking", "billed", "trashed"), "user": ("living-user",),
        "item": ("waiting-item",),
        "deletion_request": ("owed-request",), "rights_request": ("asking-request",), "invoice": ("i1", "i2", "i3")}
LEFT_BEHIND = [("rows", "accounts", 2), ("rows", "activity", 1), ("rows", "deleted_items", 1),
               ("rows", "deletion_requests", 1), ("rows", "erasure_journal", 2), ("rows", "rights_requests", 1),
               ("rows", "users", 2),
               ("subjects", "account", 2), ("subjects", "item", 1), ("subjects", "user", 2)]


def night(home, as_of, run_id):
    """What a night leaves, but for the checks of Great Expectations: a published file, with its verdicts."""
    path = warehouse.building_path(home, run_id)
    job.collect_stage(str(home.path), f"{as_of}", str(path))
    connection = warehouse.reopen(path, warehouse.previous_for(home, as_of), CONTRACTS)
    verification.write(connection, [])
    own.write(connection, home, as_of)
    for stage in ("verdict", "report"):
        engine.build(connection, stage, engine.clock(connection, as_of))
    warehouse.finish(connection)
    return warehouse.publish(home, path, as_of, run_id)


def make_home(folder):
    """A home whose sources are these tables."""
    (folder / "sources").mkdir(parents=True)
    mapped = [f'{name} = "sources/{name}.csv"' for name in SOURCES]
    for name, text in SOURCES.items():
        (folder / "sources" / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "sources.toml").write_text('[system]\nname = "Test"\nfounded_on = 2010-01-01\n[app]\nkind = "files"\n'
                                         "[app.datasets]\n" + "\n".join(mapped) + "\n", encoding="utf-8")
    home = Home.locate(folder)
    home.prepare()
    keys.missing(home)
    Ledger(home.runs)
    return home


def named(home, kinds):
    """The pseudonyms of the source's ids, under the home's key."""
    key = home.pseudonym_key()
    return {pseudonym(key, kind, one) for kind, ids in kinds.items() for one in ids}


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """A home with what two nights left; `names(kinds)`: the pseudonyms of the source's ids."""
    home = make_home(tmp_path_factory.mktemp("forgetting") / "home")
    files = [night(home, FIRST, "20260629T010000000Z"), night(home, SECOND, "20260630T010000000Z")]
    return SimpleNamespace(home=home, first=files[0], second=files[1], names=lambda kinds: named(home, kinds))


def ask(path, sql):
    with warehouse.read(path) as connection:
        return connection.execute(sql).fetchall()


def subjects(path, names):
    """Which of the names stand anywhere in a file."""
    return {value for _, value in found(names, tables(path))}


def test_the_first_night_holds_everybody_as_a_pseudonym(nights):
    everybody = nights.names(EXPIRED) | nights.names(KEPT)
    assert subjects(nights.first, everybody) == everybody
    assert ask(nights.first, "SELECT count(*) FROM source.forgotten") == [(0,)]


def test_the_second_night_holds_no_trace_of_whom_nothing_is_owed_any_more(nights):
    assert subjects(nights.second, nights.names(EXPIRED)) == set()


def test_who_is_there_or_owed_something_or_within_the_period_stays(nights):
    """What is overdue (an erasure, an answer, a purge) and an invoice keep their account; so does the first instant kept."""
    assert subjects(nights.second, nights.names(KEPT)) == nights.names(KEPT)
    assert ("retention.deleted-accounts", "overdue", 1) in ask(
        nights.second, "SELECT promise, state, count(*) FROM obligation.current GROUP BY ALL")
    assert ("rights.answered", "overdue", 1) in ask(
        nights.second, "SELECT promise, state, count(*) FROM obligation.current GROUP BY ALL")


def test_forgetting_is_no_change_of_state_and_no_finding(nights):
    """Who has expired has not vanished: nothing tells of him again, neither as closed nor as dropped."""
    assert ask(nights.second, "SELECT * FROM obligation.change WHERE to_state IS NULL OR why = 'dropped'") == []
    found_in = "SELECT promise, kind, subject FROM fact.finding ORDER BY ALL"
    assert ask(nights.second, found_in) == ask(nights.first, found_in)


def test_an_invoice_outlives_its_account_without_naming_it(nights):
    assert ask(nights.second, "SELECT number, account_id IS NULL FROM source.invoices ORDER BY 1") == [
        (1, False), (2, True), (3, False)]
    assert ask(nights.second, "SELECT count(*) FROM source.erasure_journal WHERE invoice_id IS NOT NULL") == [(1,)]


def test_what_was_done_by_someone_who_expired_stays_counted_as_nobodys(nights):
    days = ("SELECT user_id IS NULL, sum(actions) FROM source.activity WHERE day_on = DATE '2021-12-01' "
            "GROUP BY ALL ORDER BY 1")
    assert ask(nights.first, days) == [(False, 2), (True, 1)]
    assert ask(nights.second, days) == [(False, 1), (True, 2)]


def test_figures_of_earlier_nights_stay_as_they_were(nights):
    for table in ("obligation.count", "verdict.history"):
        before = ask(nights.first, f"FROM {table} ORDER BY ALL")
        assert before
        assert set(before) <= set(ask(nights.second, f"FROM {table} ORDER BY ALL"))


def test_what_was_left_behind_is_counted_without_a_name(nights):
    told = ask(nights.second, "SELECT what, dataset, rows FROM source.forgotten ORDER BY ALL")
    assert told == LEFT_BEHIND


def test_nothing_expires_while_a_dataset_cannot_be_read(nights, tmp_path):
    """What cannot be seen is no sign that nobody is there."""
    copy = tmp_path / "home"
    shutil.copytree(nights.home.path, copy, symlinks=True)
    home = Home.locate(copy)
    for path in home.warehouse.glob("2026-06-30_*"):
        path.unlink()
    (copy / "sources" / "invoices.csv").unlink()
    third = night(home, SECOND, "20260630T020000000Z")
    assert ask(third, "SELECT count(*) FROM source.forgotten") == [(0,)]
    assert subjects(third, nights.names({"account": EXPIRED["account"]})) == nights.names({"account": EXPIRED["account"]})


def test_whoever_somebody_has_to_answer_for_stays_whatever_the_dates_say(nights, tmp_path):
    """As of an account that has vanished without an explanation: unknown, and in review until somebody looks."""
    shutil.copytree(nights.home.path, tmp_path / "home", symlinks=True)
    home, (name,) = Home.locate(tmp_path / "home"), nights.names({"account": ("gone",)})
    (home.path / nights.second.relative_to(nights.home.path)).unlink()
    connection = warehouse.connect(home.path / nights.first.relative_to(nights.home.path))
    connection.execute("UPDATE obligation.current SET state = 'unknown', in_review = true WHERE subject = $name",
                       {"name": name})
    warehouse.finish(connection)
    again = night(home, SECOND, "20260630T030000000Z")
    assert subjects(again, nights.names({"account": EXPIRED["account"]})) == {name}


def plant(home, name):
    """The name in a file of every kind that a home stores, each of a day long past; what holds it, by kind."""
    def put(kind, path, text=name):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        planted[kind] = path
    planted = {}
    put("records", home.runs / "20240102T030405678Z" / "compliance.ipynb", f'{{"cells": ["{name}"]}}')
    put("revealed", home.runs / "revealed" / "retention.invoices_all_20260620T030405678901.csv")
    put("restricted", home.reports / "2026-05-01" / "restricted" / "subjects.csv")
    put("probes", home.path / "probes" / "tls" / "20250102T030405Z_app.example.org.jsonl")
    day = home.reports / "2023-01-30"
    put("reports", day / "traffic.html", name.replace("-", "&#45;"))
    with xlsxwriter.Workbook(day / "compliance.xlsx") as book:
        book.add_worksheet().write_string(0, 0, name)
    print_pdf(day / "compliance.pdf", name)
    return planted


def print_pdf(path, text):
    """One line of text as a PDF by Chromium, as reports are printed."""
    page = path.with_suffix(".txt")
    page.write_text(text, encoding="utf-8")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                    f"--print-to-pdf={path}", page.as_uri()], check=True, capture_output=True)
    page.unlink()


def test_of_an_expired_subject_no_file_of_any_kind_has_a_trace_after_the_run(nights, tmp_path):
    """Thirty-five days on, the first night's file has gone too; before, the search finds him in every kind of file."""
    copy = tmp_path / "home"
    shutil.copytree(nights.home.path, copy, symlinks=True, ignore=shutil.ignore_patterns("sources"))
    home, name = Home(copy), next(iter(nights.names({"account": ("gone",)})))
    plant(home, name)
    later = home.warehouse / "2026-08-03_20260803T010000000Z.duckdb"
    shutil.copyfile(nights.second, later)
    (home.warehouse / "current").unlink()
    (home.warehouse / "current").symlink_to(later.name)
    places = {place.split(":")[0] for place, _ in found({name}, texts(copy))}
    assert {place.split("/")[0] for place in places} == {"warehouse", "runs", "reports", "probes"}
    assert {"reports/2023-01-30/compliance.pdf", "reports/2023-01-30/compliance.xlsx",
            "reports/2023-01-30/traffic.html"} <= places

    total, told = forgetting.run(home, later, date(2026, 8, 4))

    assert found({name}, texts(copy)) == []
    assert {path.name for path in home.warehouse.glob("*.duckdb")} == {nights.second.name, later.name}
    assert told.startswith("probes: 1, records: 1, reports: 3, restricted: 1, revealed: 1, rows of accounts: 2")
    assert told.endswith("warehouse: 1")
    assert total == 7 + 1 + sum(rows for _, _, rows in LEFT_BEHIND)
    assert name not in told


@pytest.mark.parametrize(("kind", "last", "first"), [
    ("warehouse", "2026-05-26_r1.duckdb", "2026-05-27_r1.duckdb"),
    ("rebuilt", "past/2026-05-26_r1.duckdb", "past/2026-05-27_r1.duckdb"),
    ("records", "20260527T235959999Z", "20260528T000000000Z"),
    ("revealed", "revealed/x_all_20260624T235959999999.csv", "revealed/x_all_20260625T000000000000.csv"),
    ("restricted", "2026-05-26/restricted", "2026-05-27/restricted"),
    ("reports", "2023-06-29", "2023-06-30"),  # of no scheduled report: as the register says
    ("reports", "2025-05-29/traffic.html", "2025-05-30/traffic.html"),  # a daily page
    ("reports", "2021-05-31/management.pdf", "2021-06-30/management.pdf"),  # a month's
    ("reports", "2021-03-31/management.en.html", "2021-06-30/management.en.html"),  # a quarter's
    ("probes", "tls/20250531T235959Z_x.jsonl", "tls/20250601T000000Z_x.jsonl"),
])
def test_each_kind_goes_on_its_day_and_not_before(tmp_path, kind, last, first):
    """Either side of the edge: the newest published day is 30 June 2026, and the run is of 1 July."""
    home = Home(tmp_path)
    home.prepare()
    (home.warehouse / "2026-06-30_r9.duckdb").write_bytes(b"")
    (home.warehouse / "current").symlink_to("2026-06-30_r9.duckdb")
    places = {"records": home.runs, "revealed": home.runs, "restricted": home.reports, "reports": home.reports,
              "probes": home.path / "probes"}
    gone, stays = (places.get(kind, home.warehouse) / name for name in (last, first))
    for path in (gone, stays):
        (path.mkdir if "." not in path.name or kind == "records" else path.parent.mkdir)(parents=True, exist_ok=True)
        (path / "a").write_text("a") if path.is_dir() else path.write_text("a")
    before = {one.kind: one for one in forgetting.inventory(home, TODAY)}[kind]
    assert before.until_on <= (SECOND if kind in ("warehouse", "rebuilt", "restricted", "reports") else TODAY)
    assert forgetting._forget(home, TODAY)[kind] == 1
    assert (gone.exists(), stays.exists()) == (False, True)
    after = {one.kind: one for one in forgetting.inventory(home, TODAY)}[kind]
    assert after.until_on > (SECOND if kind in ("warehouse", "rebuilt", "restricted", "reports") else TODAY)


def test_of_a_day_that_ran_twice_the_newest_file_stays_and_the_current_one_always(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    for name in ("2026-06-29_r1", "2026-06-29_r2", "2025-01-01_r0"):
        (home.warehouse / f"{name}.duckdb").write_bytes(b"")
    (home.warehouse / "current").symlink_to("2025-01-01_r0.duckdb")
    assert forgetting._forget(home, TODAY)["warehouse"] == 1
    assert sorted(path.name for path in home.warehouse.glob("*.duckdb")) == ["2025-01-01_r0.duckdb", "2026-06-29_r2.duckdb"]


def test_the_inventory_tells_what_is_stored_since_when_and_until_when(nights):
    told = {one.kind: one for one in forgetting.inventory(nights.home, TODAY)}
    assert set(told) == {kind.name for kind in forgetting.KINDS}
    stored = told["warehouse"]
    assert (stored.files, stored.since_on, stored.until_on, stored.kept, stored.unit) == (
        2, FIRST, date(2026, 8, 3), 35, "days")
    assert stored.bytes == sum(path.stat().st_size for path in (nights.first, nights.second))
    assert (told["ledger"].files, told["ledger"].until_on, told["ledger"].kept) == (1, None, None)
    assert (told["reports"].files, told["reports"].since_on, told["reports"].until_on) == (0, None, None)


def test_the_status_command_tells_what_is_stored(nights):
    answer = CliRunner().invoke(cli.main, ["status", "--stored", "--home", str(nights.home.path)])
    assert answer.exit_code == 0, answer.output
    lines = answer.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [kind.name for kind in forgetting.KINDS]
    assert lines[0].endswith("since 2026-06-29  35 days, the oldest goes on 2026-08-03")
    assert [line for line in lines if line.startswith("ledger")][0].endswith("stays")


def test_the_register_says_for_how_long_and_the_reports_fit_into_it():
    kept = POLICY.forgetting
    assert set(kept) == set(policy_register.FORGETTING)
    assert {parameter.reading for parameter in kept.values()} == {"ours"}
    assert kept["subject_months"].value > max(rule.review_months for rule in POLICY.rules.values())
    assert {kind.parameter for kind in forgetting.KINDS if kind.parameter} | {"subject_months"} == set(kept)


@pytest.mark.parametrize(("day", "months", "earlier"), [
    (date(2026, 3, 31), 1, date(2026, 2, 28)), (date(2024, 3, 31), 1, date(2024, 2, 29)),
    (date(2026, 1, 15), 1, date(2025, 12, 15)), (date(2026, 6, 30), 36, date(2023, 6, 30)),
    (date(2026, 12, 31), 13, date(2025, 11, 30)), (date(2026, 5, 31), 0, date(2026, 5, 31)),
])
def test_months_are_calendar_months(day, months, earlier):
    assert periods.months_earlier(day, months) == earlier
    with warehouse.memory() as connection:
        periods.install(connection)
        assert connection.execute(f"SELECT plus_months(DATE '{day}', -{months})").fetchone() == (earlier,)
