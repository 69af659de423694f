"""plotly.js as a page carries it: the basic bundle, compressed; plotlyjs/README.md says where it is from.

The bundle draws what it does not know as something else, without an error: `TRACES` is what a chart may be made of.
"""

import base64
import gzip
import hashlib
from functools import cache
from pathlib import Path

from pipelines.errors import AlpiaError

FILE = Path(__file__).parent / "plotlyjs" / "plotly-basic.min.js.gz"
VERSION = "4.1.1"
DIGEST = "99784e3abfb07b142a15e521a439e6d9addceadb3f79553fd24c72774f0649ba"
TRACES = frozenset({"bar", "pie", "scatter"})


@cache
def source() -> str:
    """The script itself; AlpiaError where the file is not the one that was reviewed."""
    code = gzip.decompress(FILE.read_bytes())
    if hashlib.sha256(code).hexdigest() != DIGEST:
        raise AlpiaError(f"{FILE} is not plotly.js {VERSION} as it was reviewed: take it from the repository again.")
    return code.decode()


@cache
def packed() -> str:
    """The compressed script as text that can stand in a page."""
    source()
    return base64.b64encode(FILE.read_bytes()).decode()
