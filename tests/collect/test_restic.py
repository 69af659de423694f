"""Backups as restic tells of them: a real repository, its real listings and logs."""

import json
import os
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.collect.backups import listings, restic
from pipelines.collect.backups.catalogue import Catalogue, Names
from pipelines.collect.staging import DatasetError

SOURCES = """
[copies]
kind = "backups"
[copies.catalogues.files]
tool = "restic"
files = "{files}"
{logs}
server = "vault"
holds_trash = false
[copies.catalogues.files.sources]
"raw-host" = "primary"
[copies.catalogues.files.volumes]
"{tree}/uploads" = "uploads"
"{tree}/mail" = "mail"
"""
LOGS = 'logs = "logs/*.log"'
# A file that cannot be read, not even by root: no process may read its own memory from address 0 on.
UNREADABLE = "/proc/self/mem"


class Repository:
    """A repository of restic, in a folder of the test."""

    def __init__(self, folder):
        self.folder = folder
        self.tree = folder / "raw-tree"
        for volume in ("uploads", "mail"):
            (self.tree / volume).mkdir(parents=True)
            (self.tree / volume / "a").write_text(volume)
        self.run("init")

    def run(self, *words, **environment) -> subprocess.CompletedProcess:
        settings = {**os.environ, "RESTIC_PASSWORD": "correct-horse", "GOMAXPROCS": "1", **environment}
        return subprocess.run(["restic", "-r", self.folder / "repository", "--no-cache", *words], capture_output=True,
                              text=True, env=settings)

    def backup(self, *words, host="raw-host", **environment) -> tuple[int, str]:
        """(exit status, what it printed on both channels)"""
        done = self.run("backup", "--json", "--host", host, *words, **environment)
        return done.returncode, done.stdout + done.stderr

    def listing(self) -> str:
        return self.run("snapshots", "--json").stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Four snapshots: whole, without a log, of a run that missed a file, and whole of one volume alone in another zone."""
    made = Repository(tmp_path_factory.mktemp("restic"))
    uploads, mail = made.tree / "uploads", made.tree / "mail"
    logs = [made.backup(made.tree)]
    made.backup(uploads, mail)
    logs.append(made.backup(mail, UNREADABLE))
    logs.append(made.backup(made.tree, "--exclude", str(mail), TZ="Asia/Kolkata"))
    made.logs = logs
    made.before = made.listing()
    made.run("forget", json.loads(made.before)[0]["id"], "--prune")
    made.after = made.listing()
    return made


@pytest.fixture
def written(place, repository):
    """written(logs=True): the listing (before anything was pruned) and the logs lie in the home, and are mapped."""
    def write(logs: bool = True, listing: str = repository.before, files: str = "restic.json"):
        place.write("restic.json", listing)
        for number, (code, text) in enumerate(repository.logs):
            place.write(f"logs/{number}.log", f"{text}\nexit {code}\n")
        place.map(SOURCES.format(files=files, logs=LOGS if logs else "", tree=repository.tree))
        return place

    return write


def later() -> datetime:
    """The night after; the tool's own clock stamped the snapshots."""
    return datetime.now(UTC) + timedelta(hours=1)


def test_the_real_tool_shows_what_we_believe_of_it(repository):
    """Of a run that missed a file, the exit status is 3 and the snapshot is listed like any other."""
    assert [code for code, _ in repository.logs] == [0, 3, 0]
    listed = json.loads(repository.before)
    assert len(listed) == 4
    assert not {"error", "errors", "status", "partial"} & {key for snapshot in listed for key in snapshot}
    assert listed[3]["time"].endswith("+05:30")
    assert len(json.loads(repository.after)) == 3


def test_snapshots_become_backups(written, repository):
    found = written().collect(at=later())
    assert found.status("backups") == ("collected", 4, 4, 0)
    listed = json.loads(repository.before)
    rows = found.rows("SELECT snapshot_id, server_id, source_server_id, status, volumes, holds_trash, taken_at "
                      "FROM source.backups ORDER BY taken_at")
    assert [row[0] for row in rows] == [f"{snapshot['id']}@vault" for snapshot in listed]
    assert {row[1:3] for row in rows} == {("vault", "primary")}
    assert [row[3] for row in rows] == ["success", "unproven", "partial", "success"]
    assert [row[4] for row in rows] == ["mail uploads", "mail uploads", "mail", "uploads"]
    assert {row[5] for row in rows} == {False}
    for snapshot, row in zip(listed, rows, strict=True):
        assert abs(row[6] - datetime.fromisoformat(restic.microseconds(snapshot["time"]))) < timedelta(microseconds=1)


def test_without_the_logs_no_success_is_proven(written):
    found = written(logs=False).collect(at=later())
    assert found.rows("SELECT DISTINCT status FROM source.backups") == [("unproven",)]


def test_no_host_user_or_path_is_kept(written, repository):
    """`collect` itself looks for raw- in every text of the file."""
    assert "raw-host" in repository.before
    assert "raw-tree" in repository.before
    assert UNREADABLE in repository.logs[1][1]
    found = written().collect(at=later())
    assert found.rows("SELECT count(*) FROM source.backups") == [(4,)]


def test_a_host_that_nobody_declared_is_set_aside(written, repository):
    found = written(listing=repository.before.replace('"raw-host"', '"raw-other"', 1)).collect(at=later())
    assert found.status("backups") == ("collected", 4, 3, 1)
    assert found.aside("backups") == {("unmapped_source", "restic.json:1", None, 1)}


def test_a_listing_grouped_by_host_is_the_same(written, repository):
    grouped = repository.run("snapshots", "--json", "--group-by", "host").stdout
    assert "group_key" in grouped
    found = written(listing=grouped).collect(at=later())
    assert found.status("backups") == ("collected", 3, 3, 0)


def test_of_several_listings_the_newest_tells_what_is_there(written, repository):
    """What only the older one has was there when that was saved, and had gone when the next was."""
    place = written(files="listings/*.json")
    older, newer = datetime(2026, 1, 30, 0, 5, tzinfo=UTC), datetime(2026, 1, 31, 0, 5, tzinfo=UTC)
    for name, text, at in (("b.json", repository.before, older), ("a.json", repository.after, newer)):
        os.utime(place.write(f"listings/{name}", text), (at.timestamp(), at.timestamp()))
    found = place.collect(at=later())
    assert found.status("backups") == ("collected", 4, 4, 0)
    pruned = f"{json.loads(repository.before)[0]['id']}@vault"
    assert found.rows("SELECT snapshot_id = $pruned, listed_at, missed_at FROM source.backups ORDER BY ALL DESC",
                      pruned=pruned) == [(True, older, newer)] + [(False, newer, None)] * 3
    assert found.rows("SELECT written_at FROM source.collection WHERE dataset = 'backups'") == [(newer,)]


def test_two_repositories_under_one_name_are_refused(written, repository):
    place = written(files="listings/*.json")
    place.write("listings/one.json", repository.before)
    place.write("listings/two.json", json.dumps([json.loads(repository.before)[0] | {"id": "0" * 64}]))
    found = place.collect(at=later())
    assert found.status("backups")[0] == "failed"
    assert "have no snapshot in common" in found.detail("backups")


def wrong_password(made):
    return made.run("snapshots", "--json", RESTIC_PASSWORD="wrong")


BAD = {
    "nothing": (lambda made: "", "is empty"),
    "blank": (lambda made: " \n", "is empty"),
    "an error message": (lambda made: wrong_password(made).stderr, "holds no JSON, perhaps an error message"),
    "what a wrong password leaves on standard output": (lambda made: wrong_password(made).stdout, "is empty"),
    "a table for people": (lambda made: made.run("snapshots").stdout, "holds no JSON"),
    "cut off": (lambda made: made.before[:-20], "is no whole JSON"),
    "mixed with messages": (lambda made: made.before + "warning: x\n", "is no whole JSON"),
    "what forget prints": (lambda made: made.run("forget", "--json", "--keep-last", "9", "-n").stdout, "list of snapshots"),
    "what backup prints": (lambda made: made.logs[0][1].splitlines()[-1], "is no list of snapshots"),
    "a number": (lambda made: "12", "is no list of snapshots"),
    "null": (lambda made: "null", "is no list of snapshots"),
    "too deep": (lambda made: "[" * 100_000, "is no whole JSON"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_listing_fails_with_a_sentence(written, repository, name):
    text, words = BAD[name]
    place = written(listing=text(repository))
    with pytest.raises(DatasetError) as caught:
        listings.look(None, place.home, place.sources().of("backups"), place.contracts["backups"])
    assert words in str(caught.value)
    assert "restic.json" in str(caught.value)
    assert "raw-" not in str(caught.value)


def test_a_catalogue_that_fails_fails_the_dataset(written, repository):
    found = written(listing=wrong_password(repository).stderr).collect(at=later())
    assert found.status("backups") == ("failed", 0, 0, 0)
    assert "holds no JSON" in found.detail("backups")


STRANGE = [
    ({"id": None}, "unreadable_line"), ({"id": "3f93ee63"}, "unreadable_line"), ({"id": 12}, "unreadable_line"),
    ({"time": None}, "unreadable_line"), ({"time": "yesterday"}, "wrong_type"), ({"paths": None}, "unreadable_line"),
    ({"time": "2026-01-30T10:00:00.123456789"}, "time_without_zone"), ({"paths": [1]}, "unreadable_line"),
    ({"time": "2099-01-30T10:00:00Z"}, "in_future"), ({"time": "1970-01-01T00:00:00Z"}, "before_company"),
    ({"hostname": None}, "unmapped_source"), ({"hostname": ["x"]}, "unmapped_source"),
    ({"hostname": "x"}, "unmapped_source"),
]
OF_ANOTHER_KIND = [None, 12, "text", [], {}]


def test_a_snapshot_that_is_none_is_set_aside(written, repository):
    listed = json.loads(repository.before)
    strange = [listed[0] | change if "id" in change else listed[0] | {"id": f"{number:064x}"} | change
               for number, (change, _) in enumerate(STRANGE)]
    found = written(listing=json.dumps([*listed, *strange, *OF_ANOTHER_KIND, listed[0]])).collect(at=later())
    due = [(reason, number) for number, (_, reason) in enumerate(STRANGE, 5)]
    due += [("unreadable_line", number) for number in range(5 + len(STRANGE), 5 + len(STRANGE) + len(OF_ANOTHER_KIND))]
    due += [("duplicate_key", 5 + len(STRANGE) + len(OF_ANOTHER_KIND))]
    assert found.status("backups") == ("collected", 4 + len(due), 4, len(due))
    counts = {}
    for reason, _, _, rows in found.aside("backups"):
        counts[reason] = counts.get(reason, 0) + rows
    assert counts == Counter(reason for reason, _ in due)
    assert ("wrong_type", "restic.json:9", "taken_at", 1) in found.aside("backups")


# --- logs -----------------------------------------------------------------------------------------------------------

ID = "3f93ee63ca472d631b02eac3f79f36c0d120449b0cb7477b4e8b72036e736732"
SUMMARY = json.dumps({"message_type": "summary", "snapshot_id": ID[:8]})
ERROR = '{"message_type":"error","error":{"message":"x"},"during":"archival","item":"/raw"}'


@pytest.mark.parametrize(("log", "proven"), [
    (f"{SUMMARY}\nexit 0\n", {ID[:8]: "success"}),
    (f"{SUMMARY}\n", {}),  # nobody said how it ended
    (f"{SUMMARY}\nexit 3\n", {ID[:8]: "partial"}),
    (f"{SUMMARY}\nexit 1\n", {ID[:8]: "partial"}),
    (f"{ERROR}\n{SUMMARY}\n", {ID[:8]: "partial"}),
    (f"{SUMMARY}\n{ERROR}\nexit 0\n", {ID[:8]: "partial"}),
    ('{"message_type":"status","error_count":1}\n' + SUMMARY + "\nexit 0", {ID[:8]: "partial"}),
    ("snapshot 3f93ee63 saved\nexit 0\n", {ID[:8]: "success"}),  # without --json
    ("error: lstat /raw: permission denied\nsnapshot 3f93ee63 saved\n", {ID[:8]: "partial"}),
    ("Fatal: wrong password\nexit 1\n", {}),
    (f"{ERROR}\nexit 1\n{SUMMARY}\nexit 0\n", {ID[:8]: "success"}),  # one file, two runs
    (f"{SUMMARY}\nexit 0\n{SUMMARY}\nexit 3\n", {ID[:8]: "partial"}),
    (SUMMARY[:-1] + ', "dry_run": true}\nexit 0\n', {}),
    (json.dumps({"message_type": "summary", "snapshot_id": ID}) + "\nexit 0", {ID[:8]: "success"}),  # newer versions
])
def test_what_a_log_proves(log, proven):
    assert restic.outcomes([("a.log", log)]) == proven


@pytest.mark.parametrize("log", ["hello\n", "[1]\n", "{}\n", "exit\n", SUMMARY[:20]])
def test_a_log_in_which_nothing_is_told_is_refused(log):
    with pytest.raises(DatasetError, match="a.log is no log of restic"):
        restic.outcomes([("a.log", log)])


@pytest.mark.parametrize(("excludes", "covered"), [
    (["/srv/uploads"], False), (["/srv"], False), (["uploads"], False), (["up*"], False), (["/srv/uploads/"], False),
    (["*.tmp"], True), (["/srv/uploads/cache"], True), (["/srv/mail"], True), ([""], True), ("nonsense", True), (None, True),
])
def test_a_volume_that_is_excluded_is_not_covered(excludes, covered):
    catalogue = Catalogue("x", "restic", (), servers=Names(one="vault"), sources=Names(one="primary"),
                          volumes=Names(by={"/srv/uploads": "uploads"}))
    item = {"id": ID, "time": "2026-01-30T10:00:00Z", "paths": ["/srv"], "excludes": excludes}
    [entry] = restic.entries(catalogue, [item], "x", {})
    assert (entry.values["volumes"] == "uploads") == covered


@pytest.mark.parametrize(("path", "covered"), [
    ("/", True), ("/srv", True), ("/srv/uploads", True), ("/srv/uploads/", True), ("/srv/up", False),
    ("/srv/uploads/a", False),
])
def test_a_volume_is_covered_by_itself_and_by_what_it_lies_in(path, covered):
    catalogue = Catalogue("x", "restic", (), servers=Names(one="vault"), sources=Names(one="primary"),
                          volumes=Names(by={"/srv/uploads": "uploads"}))
    [entry] = restic.entries(catalogue, [{"id": ID, "time": "2026-01-30T10:00:00Z", "paths": [path]}], "x", {})
    assert (entry.values["volumes"] == "uploads") == covered
