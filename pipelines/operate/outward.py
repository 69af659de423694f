"""Nothing leaves: while a stage works, no Python code of its process calls anybody; what tries is refused, and counted.

The sources are read by DuckDB's own extensions, natively; what those may reach is what sources.toml declares. A test watches
both in a network of its own (tests/end_to_end/test_no_egress.py).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from pipelines.warehouse import Connection

LAYOUT = "CREATE TABLE IF NOT EXISTS verification.own_call (what VARCHAR, stage VARCHAR, seen BIGINT)"
ASKED = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
FETCHING = ("autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions")
UNDECLARED, EXTENSIONS = "undeclared_calls", "fetching_settings"


class _Watch:
    """Hears every call of the process, once it was asked to: a hook of Python's can never be taken away."""

    def __init__(self) -> None:
        self.attempts: int | None = None
        self._is_hooked = False

    def start(self) -> None:
        if not self._is_hooked:
            sys.addaudithook(self._hear)
            self._is_hooked = True
        self.attempts = 0

    def _hear(self, event: str, arguments: tuple) -> None:
        if self.attempts is None or event not in ASKED or _stays(arguments[ASKED[event]]):
            return
        self.attempts += 1
        raise PermissionError("nothing leaves a run: only declared sources are asked")


_watch = _Watch()


@contextmanager
def nothing_leaves() -> Iterator[None]:
    """Refuse (PermissionError) every call of Python code to another machine, and every look-up of a name, in the block."""
    before = _watch.attempts
    _watch.start()
    try:
        yield
    finally:
        _watch.attempts = before


def write(connection: Connection, stage: str) -> None:
    """Add to verification.own_call how many calls were refused in this stage, and how many settings let DuckDB fetch."""
    settings = ", ".join(f"current_setting('{name}')::BOOLEAN::INTEGER" for name in FETCHING)
    fetching = sum(connection.execute(f"SELECT {settings}").fetchone())
    connection.execute(LAYOUT)
    connection.execute("DELETE FROM verification.own_call WHERE stage = $stage", {"stage": stage})
    connection.executemany("INSERT INTO verification.own_call VALUES (?, ?, ?)",
                           [(UNDECLARED, stage, _watch.attempts or 0), (EXTENSIONS, stage, fetching)])


def _stays(target) -> bool:
    """A socket that is a file, or an address of this machine."""
    if not isinstance(target, tuple):
        target = (target,)
    host = target[0] if target else None
    if host is None or isinstance(host, int) or (isinstance(host, (str, bytes)) and not host):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if text == "localhost" or text.startswith(("/", "\0")):
        return True
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
