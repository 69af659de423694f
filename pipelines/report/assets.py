"""What pages are made of besides their content: templates, styles, scripts, and the policy that lets them use no others."""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from pipelines.report import bundle

TEMPLATES = Path(__file__).parent / "templates"


def asset(name: str) -> str:
    """A style or script of the pages."""
    return (TEMPLATES / "page" / name).read_text(encoding="utf-8")


def policy(style: str, scripts: Sequence[str]) -> str:
    """What the page may do: its own style and scripts by their hashes, and nothing from anywhere.

    plotly.js fills an empty style element, and sets styles of single elements by attribute.
    """
    allowed = " ".join(map(_hash, scripts)) or "'none'"
    styles = " ".join(map(_hash, (style, "") if bundle.source() in scripts else (style,)))
    return (f"default-src 'none'; script-src {allowed}; style-src-elem {styles}; style-src-attr 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
