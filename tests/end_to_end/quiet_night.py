"""A night on a real PostgreSQL in a network of its own; run by test_no_egress.py, and prints what was seen as JSON.

The home reads its files from disk and its application from a server on the loopback of that network: that one address is
all that the job may reach.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from postgres_server import PASSWORD, new_server  # noqa: E402
from test_no_egress import ACCOUNTS, AS_OF, SOMEBODY  # noqa: E402
from watching import raise_loopback, watched  # noqa: E402

from pipelines.demo.generate import generate  # noqa: E402
from pipelines.home import REPOSITORY  # noqa: E402

ALPIA = (sys.executable, "-c", "import sys; sys.argv[0] = 'alpia'; from pipelines.cli import main; main()")
# What a library's telemetry, a native library and a look-up of a name would do.
CALLS_HOME = f"""
import socket
from pipelines import warehouse
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    with socket.socket(socket.AF_INET, kind) as one:
        one.setblocking(False)
        try:
            one.connect({SOMEBODY!r})
        except OSError:
            pass
connection = warehouse.memory()
warehouse.load_extension(connection, "postgres_scanner")
try:
    connection.execute("ATTACH 'host={SOMEBODY[0]} port=5433 connect_timeout=2' AS somebody (TYPE postgres)")
except warehouse.DatabaseError:
    pass
"""


def _holds(call: str, secrets: tuple[str, ...]) -> bool:
    return any(secret in call for secret in secrets)


def main(folder: Path) -> None:
    raise_loopback()
    server = new_server()
    try:
        dsn, home = server.dsn(server.create_database()), folder / "home"
        generate(home, 3, ACCOUNTS, AS_OF, ("postgres", dsn))
        environment = {"ALPIA_APP_DSN": dsn, "PYTHONPATH": str(REPOSITORY)}
        keys = (PASSWORD, *(file.read_text(encoding="ascii").strip() for file in (home / "keys").glob("*.key")))
        night = watched([*ALPIA, "run", "--home", home], folder / "night.strace", environment)
        control = watched([sys.executable, "-c", CALLS_HOME], folder / "control.strace", environment)
    finally:
        server.remove()
    print(json.dumps({
        "port": server.port, "status": night.done.returncode, "told": night.done.stderr[-2000:],
        "started": len(night.started), "with_secret": sum(_holds(line, keys) for line in night.started),
        "control_secret": sum(_holds(line, (SOMEBODY[0],)) for line in control.started),
        "tried": sorted(night.tried), "strange": sorted(night.strange), "control": sorted(control.tried),
        "control_told": control.done.stderr[-2000:]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
