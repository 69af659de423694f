"""Backups as pgBackRest tells of them: a real repository of a real PostgreSQL, its real listings."""

import copy
import json
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from postgres_server import PostgresServer

from pipelines.collect.backups import listings
from pipelines.collect.staging import DatasetError

CONFIGURATION = """[global]
{repositories}
log-level-file=off
log-level-console=warn
lock-path={folder}/lock
spool-path={folder}/spool
start-fast=y
compress-type=none
archive-check=n
[raw-main]
pg1-path={folder}/data
pg1-port={port}
pg1-socket-path={folder}
pg1-user=postgres
"""
SOURCES = """
[copies]
kind = "backups"
[copies.catalogues.database]
tool = "pgbackrest"
files = "pgbackrest.json"
volume = "database"
{extra}
[copies.catalogues.database.servers]
1 = "vault"
2 = "attic"
[copies.catalogues.database.sources]
raw-main = "primary"
"""


class Repositories:
    """A PostgreSQL, and two repositories of pgBackRest for it; everything runs as the server's own user."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="alpia_pgbackrest_"))
        self.folder.chmod(0o755)
        programs = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])).parent
        self.configuration = self.folder / "pgbackrest.conf"
        archive = f"archive_command=pgbackrest --config={self.configuration} --stanza=raw-main archive-push %p"
        self.server = PostgresServer(self.folder, programs, ("archive_mode=on", archive, "full_page_writes=on"))
        self.configure(1, 2)
        self.server.start()

    def configure(self, *numbers: int) -> None:
        paths = "\n".join(f"repo{n}-path={self.folder}/repo{n}\nrepo{n}-retention-full=1" for n in numbers)
        self.configuration.write_text(CONFIGURATION.format(repositories=paths, folder=self.folder, port=self.server.port))
        self.configuration.chmod(0o644)  # whatever the mask of this process: the server's user reads it

    def run(self, *words: str) -> str:
        done = self.server.run(["pgbackrest", f"--config={self.configuration}", "--stanza=raw-main", *words])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def info(self, *words: str) -> str:
        return self.run("info", "--output=json", *words)


@pytest.fixture(scope="module")
def repositories():
    """What pgBackRest printed: `empty`, `both` (a full backup in each repository, the second with a damaged page),
    `expired` (another full one, which pushed the first out of repository 1), `lost` (repository 2 is gone)."""
    made = Repositories()
    try:
        made.unknown = made.info()
        made.run("stanza-create")
        made.empty = made.info()
        made.run("--repo=1", "backup", "--type=full")
        damage(made.server)
        made.run("--repo=2", "backup", "--type=full")
        made.both = made.info()
        made.one = made.info("--repo=1")
        made.run("--repo=1", "backup", "--type=full")
        made.expired = made.info()
        shutil.rmtree(made.folder / "repo2")
        made.lost = made.info()
        yield made
    finally:
        made.server.remove()


def damage(server: PostgresServer) -> None:
    """One page of a table no longer matches its checksum, as when a disk fails."""
    name = server.create_database("damaged")
    server.psql("CREATE TABLE t AS SELECT repeat('x', 500) AS x FROM generate_series(1, 100); CHECKPOINT", name)
    place = server.psql("SELECT pg_relation_filepath('t')", name)
    with open(server.folder / "data" / place, "r+b") as file:
        file.seek(8192 + 4000)
        file.write(b"damage")


@pytest.fixture
def written(place):
    def write(text: str, extra: str = ""):
        place.write("pgbackrest.json", text)
        place.map(SOURCES.format(extra=extra))
        return place

    return write


def later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def test_the_real_tool_shows_what_we_believe_of_it(repositories):
    def codes(text):
        [stanza] = json.loads(text)
        return stanza["status"]["code"], [repository["status"]["code"] for repository in stanza["repo"]]

    assert codes(repositories.unknown) == (1, [1, 1])
    assert codes(repositories.empty) == (2, [2, 2])
    assert codes(repositories.both) == (0, [0, 0])
    # A repository that is lost takes its backups out of the list; only the codes say why.
    assert codes(repositories.lost) == (4, [0, 1])
    listed = [json.loads(text)[0]["backup"] for text in (repositories.both, repositories.expired, repositories.lost)]
    assert [[backup["error"] for backup in backups] for backups in listed] == [[False, True], [True, True], [True]]


def test_backups_of_all_repositories(written, repositories):
    found = written(repositories.both, "holds_trash = true").collect(at=later())
    assert found.status("backups") == ("collected", 2, 2, 0)
    [stanza] = json.loads(repositories.both)
    system = stanza["db"][0]["system-id"]
    due = [(f"{system}-{backup['label']}@{server}", server, "primary", status, "database", True,
            datetime.fromtimestamp(backup["timestamp"]["start"], UTC))
           for backup, server, status in zip(stanza["backup"], ("vault", "attic"), ("success", "partial"), strict=True)]
    assert found.rows("SELECT snapshot_id, server_id, source_server_id, status, volumes, holds_trash, taken_at "
                      "FROM source.backups ORDER BY taken_at") == due


def test_no_backup_yet_is_an_answer(written, repositories):
    found = written(repositories.empty).collect(at=later())
    assert found.status("backups") == ("collected", 0, 0, 0)


def test_no_name_of_a_stanza_is_kept(written, repositories):
    """`collect` itself looks for raw- in every text of the file."""
    assert "raw-main" in repositories.expired
    found = written(repositories.expired).collect(at=later())
    assert found.status("backups") == ("collected", 2, 2, 0)


def refused(place) -> str:
    with pytest.raises(DatasetError) as caught:
        listings.look(None, place.home, place.sources().of("backups"), place.contracts["backups"])
    assert "pgbackrest.json" in str(caught.value)
    assert "raw-" not in str(caught.value)
    return str(caught.value)


def test_a_repository_that_did_not_answer_is_no_empty_one(written, repositories):
    assert "repository 2 of stanza number 1 has status 1 (the repository knows no such stanza)" in refused(
        written(repositories.lost))
    assert "repository 1 of stanza number 1 has status 1" in refused(written(repositories.unknown))


def test_a_list_of_one_repository_is_no_list_of_both(written, repositories):
    assert "lacks a repository of servers" in refused(written(repositories.one))


@pytest.mark.parametrize("code", [1, 3, 4, 5, 6, 99, 1000, None, "0", True])
def test_every_other_status_is_refused(written, repositories, code):
    listing = json.loads(repositories.both)
    listing[0]["repo"][0]["status"]["code"] = code
    assert "repository 1 of stanza number 1 has status" in refused(written(json.dumps(listing)))


@pytest.mark.parametrize(("text", "words"), [
    ("", "is empty"), ("[]", "lacks every stanza"), ("{}", "is no list of stanzas"), ("[{}]", "is no list of stanzas"),
    ("null", "is no list of stanzas"), ("ERROR: [055]: unable to open missing file", "holds no JSON"),
    ('[{"backup":[],"name":"raw-main","repo":[]}]', "lacks a repository"),
    ('[{"backup":[],"name":"raw-other","repo":[{"key":1},{"key":2}]}]', "lacks a stanza"),
    ('[{"backup":[],"name":"raw-main","repo":[{"key":1},{"key":2}]}]', "has status ?"),
])
def test_what_is_no_listing_fails_with_a_sentence(written, text, words):
    assert words in refused(written(text))


def test_a_listing_that_was_cut_off_is_refused(written, repositories):
    assert "is no whole JSON" in refused(written(repositories.both[:-9]))


STRANGE = [
    ({"label": None}, "unreadable_line"),
    ({"label": "latest"}, "unreadable_line"),
    ({"timestamp": None}, "unreadable_line"),
    ({"timestamp": {"start": None, "stop": None}}, "missing_value"),
    ({"timestamp": {"start": 9, "stop": 8}}, "missing_value"),
    ({"timestamp": {"start": "9", "stop": 10}}, "missing_value"),
    ({"timestamp": {"start": True, "stop": 10}}, "missing_value"),
    ({"timestamp": {"start": 10**15, "stop": 10**15}}, "wrong_type"),
    ({"timestamp": {"start": 9, "stop": 9}}, "before_company"),
    ({"timestamp": {"start": 4_000_000_000, "stop": 4_000_000_000}}, "in_future"),
    ({"database": None}, "unreadable_line"),
    ({"database": {"id": 9, "repo-key": 1}}, "unreadable_line"),
]


def test_a_backup_that_is_none_is_set_aside(written, repositories):
    listing = json.loads(repositories.both)
    first = listing[0]["backup"][0]
    for number, (change, _) in enumerate(STRANGE):
        label = {"label": f"20260101-0000{number:02}F"}
        listing[0]["backup"].append(copy.deepcopy(first) | label | change)
    listing[0]["backup"] += [12, None, first]
    listing[0]["db"].append({"id": 1, "repo-key": 3, "system-id": listing[0]["db"][0]["system-id"]})
    listing[0]["backup"].append(first | {"database": {"id": 1, "repo-key": 3}})
    found = written(json.dumps(listing)).collect(at=later())
    due = [reason for _, reason in STRANGE] + ["unreadable_line"] * 2 + ["duplicate_key", "unmapped_place"]
    assert found.status("backups") == ("collected", 2 + len(due), 2, len(due))
    aside = [reason for reason, _, _, rows in found.aside("backups") for _ in range(rows)]
    assert sorted(aside) == sorted(due)


@pytest.mark.parametrize(("error", "status"),
                         [(False, "success"), (True, "partial"), (None, "unproven"), ("no", "unproven")])
def test_what_the_error_flag_says(written, repositories, error, status):
    listing = json.loads(repositories.empty)
    listing[0]["backup"] = [copy.deepcopy(json.loads(repositories.both)[0]["backup"][0]) | {"error": error}]
    found = written(json.dumps(listing)).collect(at=later())
    assert found.rows("SELECT status FROM source.backups") == [(status,)]
