"""LICENCES.md: the licence of every package of the locks, as the installed packages themselves say it (`make licences`)."""

import re
from importlib.metadata import PackageNotFoundError, distribution

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from pipelines.home import REPOSITORY

LOCKS = (("requirements.lock", "the night"), ("requirements-browser.lock", "the browser that prints"),
         ("requirements-lab.lock", "JupyterLab"), ("requirements-test.lock", "the tests"))
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+))?", re.MULTILINE)
HEAD = """# Licences

What the locks install on Linux, with the licence that each package states of itself; made by `make licences`. A package
stands in the first part that needs it. Peers of the bench, sslyze and pip-audit live in environments of their own, and are
not part of the product.
"""
LONGEST = 60  # some packages write their whole licence into the field for its name


def main() -> None:
    seen: set[str] = set()
    print(HEAD)
    for lock, part in LOCKS:
        rows = [row for row in _pins(lock) if row[0] not in seen]
        seen |= {name for name, _ in rows}
        if rows:
            print(f"## {part[0].upper()}{part[1:]}: `{lock}`\n| package | version | licence |\n|---|---|---|")
            print("".join(f"| {name} | {version} | {licence(name, version)} |\n" for name, version in rows))


def _pins(lock: str) -> list[tuple[str, str]]:
    """(name, version) of what the lock installs on this kind of machine."""
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    return sorted((canonicalize_name(pin["name"]), pin["version"]) for pin in PIN.finditer(text)
                  if pin["marker"] is None or Marker(pin["marker"].strip()).evaluate())


def licence(name: str, version: str) -> str:
    """As the package states it: by an expression, a short name, or its classifiers."""
    try:
        told = distribution(name)
    except PackageNotFoundError:
        raise SystemExit(f"{name} is not installed: make .venv/.test first.") from None
    if told.version != version:
        raise SystemExit(f"{name} is installed in version {told.version}, not {version}: make .venv/.test first.")
    classified = [one.split(" :: ")[-1] for one in told.metadata.get_all("Classifier") or () if one.startswith("License ::")]
    named = (told.metadata.get("License") or "").strip()
    short = named if named and "\n" not in named and len(named) <= LONGEST and named != "UNKNOWN" else None
    return told.metadata.get("License-Expression") or short or "; ".join(sorted(classified)) or "not stated"


if __name__ == "__main__":
    main()
