"""The units that start a night stand systemd's own checks, and start it once a local day, whatever the clocks do."""

import re
import shlex
import subprocess
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.errors import UsageError
from pipelines.home import REPOSITORY
from pipelines.operate import units

PARIS = ZoneInfo("Europe/Paris")
AT = time(4, 10)
ODD = 'a b%n"$HOME;é'  # what a unit would expand, split or unquote


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / ODD
    folder.mkdir()
    return folder


@pytest.fixture
def place(home):
    return units.place(home, Path("/bin/echo"), (REPOSITORY,))


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in files]


def answer(*words):
    done = subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_systemd_finds_nothing_wrong_with_them(place, tmp_path):
    code, told = answer("verify", "--recursive-errors=no", *write(tmp_path, units.systemd(place, AT)))
    assert [line for line in told.splitlines() if "alpia" in line] == []
    assert code == 0


def test_systemd_would_have_told(place, tmp_path):
    """The check can fail: a word that systemd does not know, and a program that is not there."""
    broken = {name: text.replace("ProtectClock=yes", "ProtectClocks=yes").replace("/bin/echo", "/bin/no-such-program")
              for name, text in units.systemd(place, AT).items()}
    _, told = answer("verify", "--recursive-errors=no", *write(tmp_path, broken))
    assert "ProtectClocks" in told
    assert "no-such-program" in told


def test_the_service_is_shut_in(place, tmp_path):
    service, _ = write(tmp_path, units.systemd(place, AT))
    code, told = answer("security", "--offline=yes", "--threshold=30", service)
    assert code == 0, told
    shut = set(re.findall(r"✓ (\S+)=", told))
    assert {"NoNewPrivileges", "PrivateTmp", "ProtectSystem", "ProtectHome", "PrivateDevices", "ProtectKernelTunables",
            "RestrictSUIDSGID", "LockPersonality", "SystemCallArchitectures"} <= shut
    assert not re.search(r"✗ CapabilityBoundingSet", told)
    assert not re.search(r"✗ RestrictAddressFamilies=~(AF_PACKET|…)", told)


def test_the_command_reaches_the_program_as_it_is(place, home):
    """systemd's quoting undone as its manual says: specifiers and variables are doubled, quotes and backslashes escaped."""
    service = units.systemd(place, AT)[f"{place.name}.service"]
    line = re.search(r"^ExecStart=(.*)$", service, re.MULTILINE)[1]
    assert re.sub(r"%%|\$\$", "", line).count("$") + re.sub(r"%%", "", line).count("%") == 0
    words = shlex.split(line.replace("%%", "%").replace("$$", "$"))
    assert words == ["/bin/echo", "run", "--home", str(home)]


def test_the_crontab_line_runs_as_cron_would_run_it(place, home):
    (line,) = [line for line in units.crontab(place, AT).splitlines() if not line.startswith("#")]
    assert line.startswith("10 4 * * * ")
    command = line.split(" ", 5)[5]
    assert re.search(r"(?<!\\)%", command) is None, "cron would cut the command there"
    shell = ["/bin/sh", "-c", command.replace("\\%", "%")]
    done = subprocess.run(shell, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"run --home {home}\n"


def test_a_home_under_home_is_the_only_thing_seen_there():
    under = units.Place(Path("/home/alpia/live"), Path("/opt/alpia/.venv/bin/alpia"), (Path("/opt/alpia"),), "alpia")
    service = units.systemd(under, AT)[f"{under.name}.service"]
    assert "ProtectHome=tmpfs\nBindPaths=\"/home/alpia/live\"\n" in service
    assert "BindReadOnlyPaths" not in service
    elsewhere = units.Place(Path("/srv/live"), under.program, under.reads, "alpia")
    assert "ProtectHome=yes\n" in units.systemd(elsewhere, AT)["alpia-live.service"]


def test_an_interpreter_under_home_is_seen_read_only():
    """Or the service would end before it began: the environment's python is a link to one of somebody's own."""
    reads = Path("/opt/alpia"), Path("/root/.pyenv/versions/3.11.7")
    service = units.systemd(units.Place(Path("/srv/live"), Path("/opt/alpia/.venv/bin/alpia"), reads, "alpia"), AT)
    assert 'ProtectHome=tmpfs\nBindReadOnlyPaths="/root/.pyenv/versions/3.11.7"\n' in service["alpia-live.service"]


def test_a_path_that_would_break_the_line_is_refused(tmp_path):
    broken = tmp_path / "a\nExecStart=evil"
    broken.mkdir()
    with pytest.raises(UsageError, match="control character"):
        units.place(broken, Path("/bin/echo"), (REPOSITORY,))


def elapses(calendar, first, nights):
    """The moments at which systemd would start the timer, from the start of the local day `first`."""
    base = datetime.combine(first, time(), PARIS).astimezone(UTC)
    _, told = answer("calendar", f"--iterations={nights}", f"--base-time={base:%Y-%m-%d %H:%M:%S} UTC", calendar)
    found = re.findall(r"(?:elapse|#\d+|UTC\)): \w+ (\S+ \S+) UTC", told)
    return sorted({datetime.strptime(when, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) for when in found})


def days_of(moments):
    return [moment.astimezone(PARIS).date() for moment in moments]


@pytest.mark.parametrize("first", [date(2026, 10, 24), date(2027, 3, 27)], ids=["autumn", "spring"])
@pytest.mark.parametrize("at", ["01:59", "03:00", "04:10"])
def test_every_local_day_has_one_night_across_the_change(first, at, place):
    timer = units.systemd(place, time.fromisoformat(at))[f"{place.name}.timer"]
    calendar = re.search(r"^OnCalendar=(.*)$", timer, re.MULTILINE)[1]
    moments = elapses(calendar, first, 3)
    assert days_of(moments) == [first + timedelta(days=n) for n in range(3)]
    assert {f"{moment.astimezone(PARIS):%H:%M}" for moment in moments} == {at}


def test_between_two_and_three_a_night_would_be_left_out():
    """Why such a time is refused: systemd passes over the day in March on which it does not exist."""
    assert date(2027, 3, 28) not in days_of(elapses("*-*-* 02:30:00 Europe/Paris", date(2027, 3, 27), 3))


def test_the_command_prints_them_and_refuses_the_hour_of_the_change(home):
    (home / "sources.toml").write_text("", encoding="utf-8")
    printed = CliRunner().invoke(main, ["schedule", "--systemd", "--at", "03:05", "--home", str(home)])
    assert printed.exit_code == 0
    assert "OnCalendar=*-*-* 03:05:00 Europe/Paris\n" in printed.output
    assert "Persistent=true" in printed.output
    refused = CliRunner().invoke(main, ["schedule", "--cron", "--at", "02:30", "--home", str(home)])
    assert refused.exit_code == 2
    assert "the clocks change" in refused.output
