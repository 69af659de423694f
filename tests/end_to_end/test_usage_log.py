"""A usage log that a real program wrote: nginx, in its own JSON, from real requests."""

import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from search import found, tables

from pipelines import run as job
from pipelines import warehouse
from pipelines.home import Home
from pipelines.operate import keys

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
CONFIGURATION = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    log_format usage escape=json '{{"event_id":"$request_id","occurred_at":"$time_iso8601","account_id":"$http_x_account",'
                                 '"actor":"$http_x_actor","action":"$uri","address":"$remote_addr","agent":"$http_user_agent"}}';
    server {{ listen 127.0.0.1:{port}; access_log {log} usage; location / {{ return 204; }} }}
}}
"""
SOURCES = """
[system]
name = "nginx"
founded_on = 2015-01-01
[app]
kind = "files"
[app.datasets]
accounts = "sources/accounts.csv"
users = "sources/users.csv"
activity = "sources/usage.jsonl"
"""
LONG_AGO = datetime(2018, 1, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))


@contextmanager
def nginx(folder, log):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, log=log), encoding="utf-8")
    server = subprocess.Popen([NGINX, "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def ask(url, account, actor, agent="Mozilla/5.0 (tester)"):
    headers = {"X-Account": account, "X-Actor": actor, "User-Agent": agent}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        assert answer.status == 204


@pytest.fixture
def home(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    rows = "\n".join(f"{name},{LONG_AGO.isoformat()},active,{name}@example.org" for name in ("back", "machine", "absent"))
    (tmp_path / "sources" / "accounts.csv").write_text(f"account_id,created_at,state,email\n{rows}\n", encoding="utf-8")
    (tmp_path / "sources" / "users.csv").write_text("user_id,account_id,created_at,email\n", encoding="utf-8")
    home = Home.locate(tmp_path)
    keys.missing(home)
    return home


def test_persons_requests_end_idleness_and_machines_do_not(home, tmp_path):
    log = home.path / "sources" / "usage.jsonl"
    before = f'{{"event_id":"first","occurred_at":"{LONG_AGO.isoformat()}","account_id":"back","actor":"person"}}\n'
    log.write_text(before, encoding="utf-8")
    with nginx(tmp_path, log) as url:
        ask(f"{url}/dossiers", "back", "person", agent='odd "agent" \\')
        ask(f"{url}/dossiers", "back", "person", agent="agent in Latin-1: é")  # nginx writes the byte as it came
        ask(f"{url}/dossiers", "back", "person")
        ask(f"{url}/api/v1", "machine", "api")
        ask(f"{url}/dossiers", "nobody-we-know", "person")
        ask(f"{url}/dossiers", "absent", "robot")
    today = datetime.now(ZoneInfo("Europe/Paris")).date()

    collected = job.collect_stage(str(home.path), today.isoformat())

    activity = collected.datasets.set_index("dataset").loc["activity"]
    assert (activity.rows_in, activity.rows_kept, activity.rows_set_aside) == (7, 4, 3)
    assert {(row.reason, row.rows) for row in collected.set_aside.itertuples()} == {
        ("unknown_reference", 1), ("unknown_value", 1), ("not_utf8", 1)}
    connection = warehouse.read(collected.building)
    states = dict(connection.execute(
        "SELECT d.actions, c.state FROM obligation.current AS c LEFT JOIN (SELECT account_id, sum(actions)::INT AS actions "
        "FROM fact.active_day GROUP BY account_id) AS d ON d.account_id = c.subject "
        "WHERE promise = 'retention.inactive-accounts' AND d.actions IS NOT NULL AND c.closed_at IS NOT NULL").fetchall())
    assert states == {3: "late"}
    assert connection.execute("SELECT count(*) FROM obligation.current WHERE state = 'overdue' "
                              "AND promise = 'retention.inactive-accounts'").fetchone() == (2,)
    connection.close()
    traces = {"127.0.0.1", "Mozilla/5.0", "odd agent", "nobody-we-know", "back@example.org"}
    assert found(traces, [("the log itself", log.read_text(encoding="utf-8", errors="replace"))])
    assert found(traces, tables(collected.building)) == []
