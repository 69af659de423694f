"""What starts a home's night: a systemd service with its timer, or a line for crontab. Text only; nothing is installed."""

import pwd
import re
import shlex
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from pipelines import keyring
from pipelines.errors import UsageError

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
# Folders that ProtectHome empties: what lies in them is put back for the service, and nothing else.
HIDDEN = tuple(Path(folder) for folder in ("/home", "/root", "/run/user"))

SERVICE = """\
# {file}
[Unit]
Description=alpia: the night of {described}
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=oneshot
User={user}
ExecStart={command}
# 3 and 4 tell of a breach and of a promise that cannot be verified: the job itself is done.
SuccessExitStatus=3 4
TimeoutStartSec=12h
UMask=0077
# Passwords of the sources and of the mail server, NAME=value, mode 0600:
EnvironmentFile=-{environment}
# Each of these may be a credential instead, the mail server's password by the name that it has in schedule.toml:
{credentials}
Environment=HOME=/tmp

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths={home}
{protect_home}
PrivateTmp=yes
PrivateDevices=yes
PrivateIPC=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
# Chromium, which prints the reports, shuts its pages into namespaces of their own and makes code while it runs: so these
# three are allowed, and MemoryDenyWriteExecute= is not set.
RestrictNamespaces=user pid net
SystemCallFilter=@system-service chroot
SystemCallFilter=~@clock @cpu-emulation @debug @module @obsolete @raw-io @reboot @swap
"""

TIMER = """\
# {file}
[Unit]
Description=alpia: every night at {at} in Paris, {described}

[Timer]
# Never between 02:00 and 03:00: that hour is missing on the last Sunday of March and comes twice on that of October.
OnCalendar=*-*-* {at}:00 Europe/Paris
# A machine that was off makes up for it as soon as it is on again.
Persistent=true
AccuracySec=1min

[Install]
WantedBy=timers.target
"""

CRONTAB = """\
# alpia: the night of {described}. Times are the machine's own: it must keep those of Europe/Paris.
# What a machine that was off has missed is made up for by the next night.
{minute} {hour} * * * {command}
"""
CREDENTIALS = "\n".join(f"#LoadCredential={name}:/etc/credstore/{name}" for name in (
    *(f"alpia-{key}-key" for key in keyring.NAMES), "ALPIA_SMTP_PASSWORD"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a night runs. `program`: the console script; `reads`: what it needs to see; `user`: who owns the home."""

    home: Path
    program: Path
    reads: tuple[Path, ...]
    user: str

    @property
    def name(self) -> str:
        """The units' name, after the home's folder."""
        return "alpia-" + (re.sub(r"[^A-Za-z0-9]+", "-", self.home.name).strip("-") or "home")

    @property
    def environment(self) -> Path:
        """The file of secrets that the service reads, if it is there."""
        return Path("/etc/alpia") / f"{self.name}.env"


def place(home: Path, program: Path, reads: tuple[Path, ...]) -> Place:
    """The place of a home's nights; UsageError for a path with control characters, which no unit can hold."""
    strange = next((path for path in (home, program, *reads) if UNPRINTABLE.search(str(path))), None)
    if strange is not None:
        raise UsageError(f"{str(strange)!r} holds a control character: no unit or crontab can name it.")
    return Place(home, program, reads, pwd.getpwuid(home.stat().st_uid).pw_name)


def systemd(where: Place, at: time) -> dict[str, str]:
    """The files of the units, by name: a hardened service and a timer that makes up for missed nights."""
    service, timer = f"{where.name}.service", f"{where.name}.timer"
    words = {"described": _plain(where.home), "at": f"{at:%H:%M}"}
    command = " ".join(_argument(word) for word in _command(where))
    return {
        service: SERVICE.format(file=service, user=where.user, command=command, environment=_plain(where.environment),
                                credentials=CREDENTIALS,
                                home=_path(where.home), protect_home=_protect_home(where), **words),
        timer: TIMER.format(file=timer, **words)}


def crontab(where: Place, at: time) -> str:
    """A line for the crontab of the home's owner, with its comment; secrets come from the same file as the service's."""
    secrets = shlex.quote(str(where.environment))
    command = f"set -a; [ ! -r {secrets} ] || . {secrets}; exec {shlex.join(_command(where))}"
    # cron takes a percent sign for the end of the command.
    return CRONTAB.format(described=where.home, minute=at.minute, hour=at.hour, command=command.replace("%", r"\%"))


def _command(where: Place) -> list[str]:
    return [str(where.program), "run", "--home", str(where.home)]


def _protect_home(where: Place) -> str:
    """ProtectHome, and what must be seen all the same."""
    hidden = {path for path in (where.home, *where.reads) if any(path.is_relative_to(folder) for folder in HIDDEN)}
    if not hidden:
        return "ProtectHome=yes"
    lines = [f"{'BindPaths' if path == where.home else 'BindReadOnlyPaths'}={_path(path)}" for path in sorted(hidden)]
    return "\n".join(["ProtectHome=tmpfs", *lines])


def _plain(path: Path) -> str:
    """A path where systemd takes the rest of the line, and expands only specifiers."""
    return str(path).replace("%", "%%")


def _path(path: Path) -> str:
    """A path in a list of paths, quoted."""
    return '"' + _plain(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _argument(word: str) -> str:
    """A word of a command line: systemd expands specifiers and variables in it, even in quotes."""
    return _path(Path(word)).replace("$", "$$")
