"""Uses SECONDS of CPU and some memory, to see that both are measured."""

import json
import sys
import time

block = bytearray(64 * 2**20)
while time.process_time() < float(sys.argv[1]):
    pass
print(json.dumps({"allocated": len(block)}))
