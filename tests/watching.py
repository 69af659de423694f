"""Runs a command in a network of its own, in which there is only the loopback, and notes whom it tries to reach.

strace sees every process of it, native code too; what is tried is noted whether or not anybody would have answered.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = "connect,sendto,sendmsg,sendmmsg"
STARTS = "execve"
ADDRESS = re.compile(r"sa_family=(AF_INET6?), .*?htons\((\d+)\).*?inet_(?:addr\(|pton\(AF_INET6, )\"([^\"]+)\"")
OTHER_FAMILY = re.compile(r"sa_family=(AF_\w+|0x\w+)")
# What never leaves the machine: files that are sockets, and questions to the kernel about its own interfaces.
STAYS = ("AF_UNIX", "AF_NETLINK", "AF_UNSPEC", "AF_INET", "AF_INET6")


@dataclass(frozen=True, slots=True)
class Watched:
    """How a command ended, and whom it tried to reach: (address, port) of the internet families, names of strange ones.

    `started`: the calls that started its processes, with all their arguments.
    """

    done: subprocess.CompletedProcess
    tried: frozenset[tuple[str, int]]
    strange: frozenset[str]
    started: tuple[str, ...] = ()


def alone() -> list[str]:
    """What puts a command into a network of its own; without being root, by a user namespace."""
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-current-user", "--keep-caps", "--net"]


def tracer(note: Path, calls: str = CALLS) -> list:
    """strace, to be put before a command: it writes the calls of all its processes into `note`."""
    return ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-e", f"trace={calls}", "-e", "signal=none", "-o", note]


def attempts(note: Path) -> tuple[frozenset[tuple[str, int]], frozenset[str]]:
    """What a note of strace tells: (address, port) of the internet families, and names of strange families."""
    lines = note.read_text(encoding="utf-8", errors="replace").splitlines()
    tried = {(found[3], int(found[2])) for line in lines for found in [ADDRESS.search(line)] if found}
    families = {family for line in lines for family in OTHER_FAMILY.findall(line)}
    return frozenset(tried), frozenset(families - set(STAYS))


def watched(command: Sequence, note: Path, environment: Mapping[str, str] | None = None, seconds: int = 300) -> Watched:
    """Run the command, whose network is its own already, under strace; `note`: a file for what strace sees."""
    traced = [str(part) for part in (*tracer(note, f"{CALLS},{STARTS}"), *command)]
    done = subprocess.run(traced, capture_output=True, text=True, check=False, timeout=seconds,
                          env={**os.environ, **(environment or {})})
    told = note.read_text(encoding="utf-8", errors="replace").splitlines()
    return Watched(done, *attempts(note), tuple(line for line in told if f" {STARTS}(" in line))


def raise_loopback() -> None:
    """Give the network that we are in its loopback."""
    subprocess.run([shutil.which("ip") or "/sbin/ip", "link", "set", "lo", "up"], check=True)
