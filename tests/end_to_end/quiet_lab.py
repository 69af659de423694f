"""JupyterLab in a network of its own, asked for what its pages ask for; run by test_no_egress.py, prints what was seen.

Once as the project starts it, and once with the look for updates and news switched on again: the watch must see that.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from postgres_server import free_port  # noqa: E402
from watching import CALLS, attempts, raise_loopback, tracer  # noqa: E402

from pipelines.home import REPOSITORY  # noqa: E402

START_SECONDS = 90
ASKED = ("lab", "lab/api/update", "lab/api/news", "lab/api/extensions", "api/status")
SWITCHED_ON = ("--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.CheckForUpdate",)


def asked(folder: Path, name: str, more: tuple[str, ...] = ()) -> dict:
    port, note = free_port(), folder / f"{name}.strace"
    command = [*tracer(note, CALLS), sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--config",
               REPOSITORY / "notebooks" / "jupyter_lab_config.py", f"--ServerApp.port={port}", "--IdentityProvider.token=t",
               *more, REPOSITORY / "notebooks"]
    with (folder / f"{name}.log").open("wb") as log:
        server = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log,
                                  start_new_session=True)
        try:
            _until_it_answers(port)
            statuses = {place: _status(f"http://127.0.0.1:{port}/{place}?token=t") for place in ASKED}
            _asked_to_end(port)
            server.wait(timeout=START_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
    return {"statuses": statuses, "tried": sorted(attempts(note)[0])}


def _until_it_answers(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status?token=t", timeout=10).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("JupyterLab does not answer")


def _asked_to_end(port: int) -> None:
    """By its own door: a signal would reach strace, which lets go of the server and leaves it running."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/shutdown", method="POST",
                                     headers={"Authorization": "token t"})
    urllib.request.urlopen(request, timeout=60).close()


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


if __name__ == "__main__":
    raise_loopback()
    place = Path(sys.argv[1])
    print(json.dumps({"ours": asked(place, "ours"), "control": asked(place, "control", SWITCHED_ON)}))
