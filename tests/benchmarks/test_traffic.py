"""The traffic benchmark measures like with like: what it says of its logs is true, and every contender counts just that."""

import gzip
import re
import shutil
from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.benchmarks import access_log, machine, peers, traffic

# Over the day on which the clocks go back, so that both offsets and an hour twice are among the lines.
FIRST_DAY, DAYS, LINES = date(2026, 10, 24), 3, 2_000
KINDS = (access_log.PLAIN, access_log.GZIPPED)
QUOTED = r'"((?:[^"\\]|\\.)*)"'
COMBINED = re.compile(rf"(\S+) - - \[([^]]+)] {QUOTED} (\d{{3}}) (\d+|-) {QUOTED} {QUOTED}")
# What is installed here takes part: the peers come with `make bench`, the tests do not need them.
INSTALLED = ["floor", "ours", *(["goaccess"] if shutil.which("goaccess") else []),
             *(peers.CONTENDERS if machine.PEERS.exists() else [])]


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """The folder of the logs, and the truth about them as the generator tells it."""
    folder = tmp_path_factory.mktemp("logs")
    return folder, access_log.write(folder, FIRST_DAY, DAYS, LINES)


def counted(lines: list[str], day: str) -> dict[str, int]:
    """The same figures, line by line, by another regular expression and Python's own calendar."""
    matches = [COMBINED.fullmatch(line) for line in lines]
    hits = [match.groups() for match in matches if match]
    moments = defaultdict(list)
    for address, stamp, *_, agent in hits:
        moment = datetime.strptime(stamp, "%d/%b/%Y:%H:%M:%S %z")
        local = moment.astimezone(ZoneInfo("Europe/Paris"))
        assert f"{local:%Y-%m-%d %z}" == f"{day} {moment:%z}", "the offset is not the one of Paris on that day"
        moments[address, agent].append(moment.timestamp())
    pauses = [later - sooner for all_of in moments.values()
              for sooner, later in zip(sorted(all_of), sorted(all_of)[1:], strict=False)]
    return {"lines": len(lines), "hits": len(hits), "set_aside": len(lines) - len(hits), "visitors": len(moments),
            "bytes": sum(int(size) for *_, size, _, _ in hits if size != "-"),
            "visits": len(moments) + sum(pause > 1800 for pause in pauses),
            "odd": sum(request in ("-", "") or "\\x16" in request or '\\"' in agent for _, _, request, *_, agent in hits)}


def test_the_truth_about_the_lines_is_true(logs):
    folder, truth = logs
    lines = {day: access_log.file_of(folder / access_log.PLAIN, date.fromisoformat(day)).read_text().splitlines()
             for day in truth}
    assert {day: counted(lines[day], day) for day in truth} == truth
    assert len(truth) == DAYS
    for day, told in truth.items():
        assert told["lines"] == LINES
        assert told["odd"] == len(access_log.ODD_KINDS), day
        assert told["set_aside"] in (2, 4)
        assert told["visitors"] < told["visits"] < told["hits"]
    offsets = {line.split("]")[0][-5:] for line in lines["2026-10-25"] if "[" in line}
    assert offsets >= {"+0200", "+0100"}


def test_lines_are_in_order_and_no_two_alike(logs):
    folder, _ = logs
    texts = [file.read_text() for file in sorted((folder / access_log.PLAIN).iterdir())]
    hours = re.findall(r"/2026:(\S+) \+0200\]", texts[0])
    assert hours == sorted(hours)
    assert len({line.split("]")[-1] for text in texts for line in text.splitlines()}) > DAYS * LINES * 0.9


def test_the_same_call_writes_the_same_lines(logs, tmp_path):
    folder, truth = logs
    assert access_log.write(tmp_path, FIRST_DAY, DAYS, LINES) == truth
    for file in (folder / access_log.PLAIN).iterdir():
        assert (tmp_path / access_log.PLAIN / file.name).read_bytes() == file.read_bytes()


def test_gzipped_files_hold_the_same_lines(logs):
    folder, _ = logs
    plain = sorted((folder / access_log.PLAIN).iterdir())
    assert [traffic.gzip_of(folder / access_log.GZIPPED, date.fromisoformat(file.name[-10:])) for file in plain] == sorted(
        (folder / access_log.GZIPPED).iterdir())
    for file in plain:
        assert gzip.decompress((folder / access_log.GZIPPED / f"{file.name}.gz").read_bytes()) == file.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", INSTALLED)
def test_every_contender_counts_what_was_written(logs, name, kind):
    folder, truth = logs
    if name in peers.CONTENDERS:
        told = machine.cost("tests.benchmarks.peers", name, f"{folder / kind}", python=machine.PEERS).told
    else:
        told = traffic.CONTENDERS[name](folder / kind)
    expected = access_log.total(truth)
    assert {key: told[key] for key in expected if key in told} == {key: expected[key] for key in expected if key in told}
    assert "lines" in told


def test_what_is_missing_is_said_before_anything_is_measured(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    with pytest.raises(SystemExit, match="apt-get install goaccess"):
        traffic.require_peers()
    monkeypatch.setattr(shutil, "which", lambda tool: tool)
    monkeypatch.setattr(machine, "PEERS", tmp_path / "python")
    with pytest.raises(SystemExit, match="make bench"):
        traffic.require_peers()
