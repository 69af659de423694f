"""Evidence stands by its signatures: what was changed, removed, added or re-ordered since is named, and nothing else is."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines import warehouse
from pipelines.errors import AlpiaError, UsageError
from pipelines.home import Home
from pipelines.operate import audit, evidence, keys, manifest, signatures
from pipelines.operate.manifest import Occasion
from pipelines.register import contracts

AS_OF, AT = date(2026, 3, 31), datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
JUDGED = """
    CREATE TABLE register.run AS SELECT 'Toy' AS system, DATE '2026-03-31' AS as_of, 'p' AS policy_digest,
        'c' AS contracts_digest, 'e' AS exceptions_digest, MAP {'python': '3'} AS versions;
    CREATE TABLE verification.result AS SELECT 'kept' AS suite, true AS success, false AS raised;
    CREATE TABLE verdict.current AS SELECT 'trash.kept' AS promise, 'breached' AS verdict, 'overdue' AS reason,
        DATE '2026-03-01' AS since_on, 3 AS judged;
    CREATE TABLE obligation.count AS SELECT DATE '2026-03-31' AS as_of, 'trash.kept' AS promise, 'overdue' AS state,
        2 AS subjects;
    CREATE TABLE obligation.condition_count AS SELECT DATE '2026-03-31' AS as_of, 'hosting.france' AS promise,
        'broken' AS state, 'abroad' AS reason, 1 AS subjects, 1 AS cases;
"""


def a_run(home, number):
    """What a run leaves: a warehouse and the same two reports, with a word of its own in each."""
    at = AT + timedelta(hours=number)
    published = home.warehouse / f"{AS_OF}_run{number}{warehouse.SUFFIX}"
    held = contracts.load()
    connection = warehouse.create(published, None, held)
    connection.execute(COLLECTION)
    connection.execute(JUDGED)
    warehouse.finish(connection)
    pages = [home.reports / f"{AS_OF}" / "compliance.html", home.reports / "index.html"]
    for page in pages:
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"as of run {number}", encoding="utf-8")
    return evidence.record(home, Occasion(f"run{number}", "run", AS_OF, at), published, pages)


COLLECTION = """
    CREATE TABLE source.collection AS SELECT 'accounts' AS dataset, 'app' AS source, 'collected' AS status, 5 AS rows_in,
        4 AS rows_kept, 1 AS rows_set_aside, 'abc' AS digest, TIMESTAMPTZ '2026-04-01 03:00:00+02' AS collected_at,
        NULL::TIMESTAMPTZ AS written_at;
"""


@pytest.fixture(scope="module")
def filed(tmp_path_factory):
    """A home with four runs in its evidence."""
    home = Home(tmp_path_factory.mktemp("filed"))
    home.prepare()
    keys.missing(home)
    for number in range(1, 5):
        a_run(home, number)
    return home


@pytest.fixture
def home(filed, tmp_path):
    """A copy of it, to do things to."""
    shutil.copytree(filed.path, tmp_path / "home")
    return Home(tmp_path / "home")


def found(folder, **given):
    return [(one.what, one.place) for one in audit.verify(folder, **given).findings]


def test_a_whole_home_and_a_copy_without_its_keys_stand(home):
    shutil.rmtree(home.keys)
    whole = audit.verify(home.path)
    assert (whole.manifests, whole.files, whole.findings, whole.gone) == (4, 6, [], [])
    assert whole.head.number == 4


def test_the_evidence_alone_stands_and_every_output_is_told_as_no_longer_there(home, tmp_path):
    copied = tmp_path / "archive" / "evidence"
    shutil.copytree(home.evidence, copied)
    for folder in (copied, copied.parent):
        alone = audit.verify(folder)
        assert (alone.manifests, alone.files, alone.findings, len(alone.gone)) == (4, 0, [], 6)


def test_what_was_forgotten_is_told_apart_from_what_was_changed(home):
    (home.warehouse / f"{AS_OF}_run1{warehouse.SUFFIX}").unlink()
    (home.reports / "index.html").write_text("as of run 9", encoding="utf-8")  # as long as before
    told = audit.verify(home.path)
    assert told.gone == [f"warehouse/{AS_OF}_run1{warehouse.SUFFIX}"]
    assert [(one.what, one.place) for one in told.findings] == [("changed", "reports/index.html")]


def edited(home):
    file = home.evidence / "000002.json"
    file.write_bytes(file.read_bytes().replace(b"breached", b"compliant"))
    return {("changed", "evidence/000002.json")}


def deleted_in_the_middle(home):
    (home.evidence / "000002.json").unlink()
    (home.evidence / "000002.sig").unlink()
    return {("removed", "evidence/000002.json")}


def a_manifest_deleted_and_its_signature_left(home):
    (home.evidence / "000002.json").unlink()
    return {("removed", "evidence/000002.json")}


def a_signature_deleted(home):
    (home.evidence / "000003.sig").unlink()
    return {("removed", "evidence/000003.sig")}


def swapped(home):
    for suffix in ("json", "sig"):
        one, other, aside = (home.evidence / f"{name}.{suffix}" for name in ("000002", "000003", "aside"))
        one.rename(aside), other.rename(one), aside.rename(other)
    return {("moved", "evidence/000002.json"), ("moved", "evidence/000003.json")}


def swapped_without_their_signatures(home):
    one, other, aside = (home.evidence / f"{name}.json" for name in ("000002", "000003", "aside"))
    one.rename(aside), other.rename(one), aside.rename(other)
    return {("moved", "evidence/000002.json"), ("moved", "evidence/000003.json")}


def closed_up_after_a_deletion(home):
    for suffix in ("json", "sig"):
        for number in (3, 4):
            (home.evidence / f"{number:06d}.{suffix}").replace(home.evidence / f"{number - 1:06d}.{suffix}")
    return {("moved", "evidence/000002.json"), ("moved", "evidence/000003.json"), ("removed", "evidence/000002.json")}


def appended_with_another_key(home):
    other = Home(home.path.parent / "other")
    other.prepare()
    keys.missing(other)
    a_run(other, 1)
    for suffix in ("json", "sig"):
        shutil.copy(other.evidence / f"000001.{suffix}", home.evidence / f"000005.{suffix}")
    return {("added", "evidence/000005.json")}


def copied_under_another_number(home):
    for suffix in ("json", "sig"):
        shutil.copy(home.evidence / f"000002.{suffix}", home.evidence / f"000005.{suffix}")
    return {("added", "evidence/000005.json"), ("moved", "evidence/000005.json")}


def the_tail_cut_off(home):
    for suffix in ("json", "sig"):
        (home.evidence / f"000004.{suffix}").unlink()
    return {("removed", "evidence/000004.json")}


def the_head_deleted(home):
    (home.evidence / "head.json").unlink()
    return {("removed", "evidence/head.json")}


def the_head_edited(home):
    file = home.evidence / "head.json"
    file.write_bytes(file.read_bytes().replace(b'"sequence":4', b'"sequence":3'))
    return {("changed", "evidence/head.json")}


def a_stranger_in_the_folder(home):
    (home.evidence / "notes.txt").write_text("x", encoding="utf-8")
    return {("added", "evidence/notes.txt")}


def a_report_altered(home):
    (home.reports / f"{AS_OF}" / "compliance.html").write_text("as of run 5", encoding="utf-8")
    return {("changed", f"reports/{AS_OF}/compliance.html")}


def a_report_replaced_by_a_link(home):
    page = home.reports / "index.html"
    page.rename(home.path / "elsewhere.html")
    page.symlink_to(home.path / "elsewhere.html")
    return {("changed", "reports/index.html")}


def a_report_added(home):
    (home.reports / f"{AS_OF}" / "traffic.html").write_text("invented", encoding="utf-8")
    return {("added", f"reports/{AS_OF}/traffic.html")}


def a_warehouse_altered(home):
    connection = warehouse.connect(home.warehouse / f"{AS_OF}_run4{warehouse.SUFFIX}")
    connection.execute("UPDATE verdict.current SET verdict = 'compliant'")
    warehouse.finish(connection)
    return {("changed", f"warehouse/{AS_OF}_run4{warehouse.SUFFIX}")}


TAMPERED = (edited, deleted_in_the_middle, a_manifest_deleted_and_its_signature_left, a_signature_deleted, swapped,
            swapped_without_their_signatures, closed_up_after_a_deletion, appended_with_another_key,
            copied_under_another_number, the_tail_cut_off, the_head_deleted, the_head_edited, a_stranger_in_the_folder,
            a_report_altered, a_report_replaced_by_a_link, a_report_added, a_warehouse_altered)


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_exactly_what_was_tampered_with_is_named(home, tamper):
    expected = tamper(home)
    assert set(found(home.path)) == expected
    assert len(found(home.path)) == len(expected)


def test_what_a_lost_manifest_may_have_named_is_left_open(home):
    the_tail_cut_off(home)
    told = audit.verify(home.path)
    assert told.open == [f"reports/{AS_OF}/compliance.html", "reports/index.html",
                         f"warehouse/{AS_OF}_run4{warehouse.SUFFIX}"]
    assert told.files == 3


def test_a_shorter_evidence_with_an_older_head_is_whole_and_only_a_later_head_tells(filed, tmp_path):
    later = audit.verify(filed.path).head
    short = Home(tmp_path / "short")
    short.prepare()
    shutil.copytree(filed.keys, short.keys)
    for number in (1, 2):
        a_run(short, number)
    assert found(short.path) == []
    told = audit.verify(short.path, later=later).findings
    assert [(one.what, one.place) for one in told] == [("removed", "evidence/head.json")]
    assert "manifests 3 to 4 were cut off" in told[0].detail


def test_an_evidence_written_anew_by_whoever_has_the_key_differs_from_the_filed_head(home):
    filed_head = audit.verify(home.path).head
    shutil.rmtree(home.evidence)
    shutil.rmtree(home.warehouse)
    home.prepare()
    for number in (5, 6, 7, 8):
        a_run(home, number)
    assert found(home.path) == []
    assert found(home.path, later=filed_head) == [("changed", "evidence/000004.json")]


def test_all_of_it_signed_anew_with_a_key_of_ones_own_shows_by_the_key_that_was_given(home, tmp_path):
    given = tmp_path / "given.pub"
    shutil.copy(home.evidence / "evidence.pub", given)
    shutil.rmtree(home.evidence)
    shutil.rmtree(home.keys)
    keys.missing(home)
    a_run(home, 5)
    assert audit.verify(home.path).manifests == 1
    told = found(home.path, key_file=given)
    assert ("added", "evidence/000001.json") in told
    assert ("changed", "evidence/head.json") in told


def test_a_manifest_is_written_once_and_the_next_run_follows_it(home):
    before = {file.name: file.read_bytes() for file in home.evidence.glob("0*")}
    head = a_run(home, 5)
    assert head.number == 5
    assert {name: (home.evidence / name).read_bytes() for name in before} == before
    assert json.loads((home.evidence / "000005.json").read_bytes())["previous"] == manifest.digest(
        home.evidence / "000004.json")
    assert found(home.path) == []


def test_a_run_killed_between_the_manifest_and_its_head_is_continued(home):
    head = (home.evidence / "head.json").read_bytes()
    a_run(home, 5)
    (home.evidence / "head.json").write_bytes(head)
    assert found(home.path) == [("changed", "evidence/head.json")]
    assert a_run(home, 6).number == 6
    assert found(home.path) == []


def test_a_first_run_killed_before_its_head_is_continued(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    keys.missing(home)
    a_run(home, 1)
    (home.evidence / "head.json").unlink()
    assert a_run(home, 2).number == 2
    assert found(home.path) == []


@pytest.mark.parametrize("tamper", [edited, the_tail_cut_off, the_head_deleted, the_head_edited, appended_with_another_key],
                         ids=lambda tamper: tamper.__name__)
def test_a_run_adds_nothing_to_an_end_that_was_tampered_with(home, tamper):
    tamper(home)
    if tamper is edited:  # not the end: the run goes on, and the audit tells
        assert a_run(home, 5).number == 5
        return
    with pytest.raises(AlpiaError, match="alpia evidence verify"):
        evidence.refuse_unready(home)


def test_another_key_does_not_continue_the_evidence(home):
    (home.keys / "evidence.key").unlink()
    with pytest.raises(AlpiaError, match="alpia keys new"):
        evidence.refuse_unready(home)
    keys.missing(home)
    with pytest.raises(AlpiaError, match="another key"):
        evidence.refuse_unready(home)


def test_the_signature_is_one_that_other_tools_verify(home):
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "evidence.pub", "-rawin", "-in", "000003.json",
               "-sigfile", "000003.sig"]
    assert subprocess.run(command, cwd=home.evidence, capture_output=True, check=False).returncode == 0


def test_the_digest_of_a_part_is_that_of_coreutils(tmp_path):
    for name in ("b.py", "a/z.sql", "a.py", "__pycache__/x.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    command = "find . -type f ! -path '*__pycache__*' -printf '%P\\n' | LC_ALL=C sort | xargs sha256sum | sha256sum"
    told = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()[0]
    assert manifest.digest_of_part(tmp_path) == told


def test_a_manifest_is_canonical_json(home):
    for file in home.evidence.glob("0*.json"):
        text = file.read_bytes()
        assert manifest.canonical(json.loads(text)) == text
        assert text.endswith(b"}\n")
    assert manifest.canonical({"é": 1, "b": [True, None, "\n\u2028é"], "a": {}}) == (
        '{"a":{},"b":[true,null,"\\n\u2028é"],"é":1}\n').encode()
    with pytest.raises(TypeError, match="no whole number"):
        manifest.canonical({"a": [{"b": 0.5}]})


def test_what_is_no_evidence_no_key_and_no_head_is_refused_with_a_cure(home, tmp_path):
    with pytest.raises(AlpiaError, match="holds no evidence"):
        audit.verify(tmp_path)
    with pytest.raises(AlpiaError, match="--public-key"):
        audit.verify(home.path, tmp_path / "none.pub")
    with pytest.raises(AlpiaError, match="no Ed25519 public key"):
        audit.verify(home.path, home.sources_toml.with_name("evidence") / "000001.json")
    with pytest.raises(UsageError, match="NUMBER:DIGEST"):
        audit.parse_head("4")


OUTSIDE = b'{"outputs":[{"path":"../../x","sha256":"","bytes":1}],"sequence":1,"previous":null}'


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"[" * 100_000, OUTSIDE,
                                     b'{"outputs":[],"sequence":"1","previous":null}'],
                         ids=["empty", "list", "object", "deep", "outside", "text"])
def test_a_stranger_who_signs_nonsense_with_the_key_beside_it_crashes_nothing(tmp_path, content):
    home = Home(tmp_path)
    keys.missing(home)
    home.evidence.mkdir()
    key = evidence._private_key(home)
    (home.evidence / "evidence.pub").write_bytes(signatures.pem(key.public_key()))
    (home.evidence / "000001.json").write_bytes(content)
    (home.evidence / "000001.sig").write_bytes(key.sign(content))
    assert ("changed", "evidence/000001.json") in found(tmp_path)
