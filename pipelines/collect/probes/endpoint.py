"""An endpoint: a host and a port that the world can reach."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from pipelines.errors import UsageError

TLS_PORT, PLAIN_PORT, LARGEST_PORT = 443, 80, 65535
NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
WRITTEN = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/\[\]]+))(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`host`: a name in lower case or an address; `port`: 1 to 65535."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def name(self) -> str | None:
        """The name that a client sends in its hello; None for an address, which is never sent."""
        try:
            ip_address(self.host)
        except ValueError:
            return self.host
        return None


def endpoint(text: str) -> Endpoint:
    """HOST, HOST:PORT, [IPv6] or [IPv6]:PORT; port 443 where none is told. UsageError for anything else."""
    found = WRITTEN.fullmatch(text)
    if found:
        host, port = found["v6"] or found["host"], int(found["port"] or TLS_PORT)
        if 1 <= port <= LARGEST_PORT and _is_host(host, bool(found["v6"])):
            return Endpoint(host.lower().removesuffix("."), port)
    raise UsageError(f"{text} is no endpoint: write HOST or HOST:PORT, such as app.example.org or app.example.org:8443.")


def _is_host(host: str, is_v6: bool) -> bool:
    if not is_v6:
        return NAME.fullmatch(host) is not None
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False
