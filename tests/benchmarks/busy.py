"""A process that is busy for a while and holds some memory, alone or in several of its kind: to test what measures it.

`python -m tests.benchmarks.busy SECONDS [CHILDREN]`
"""

import json
import subprocess
import sys
import time

HELD = 50_000_000


def main(seconds: float, children: int) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.busy", str(seconds)]
    started = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(children)]
    held = bytearray(HELD)
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    for child in started:
        child.wait()
    print(json.dumps({"allocated": len(held), "work": seconds}))


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
