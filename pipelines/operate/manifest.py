"""What a run's manifest says: what was read, by which rules and code it was judged, what came out. No subject is in it.

Counts, digests, words of closed sets, and names of datasets, sources and files: it can be filed for as long as anyone likes.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines import warehouse
from pipelines.home import REPOSITORY, Home

FORMAT = "alpia-evidence-1"
# The parts of the project that decide an answer, each under one digest; caches of the interpreter are no part of it.
CODE = ("pipelines", "expectations", "expectations/rules", "notebooks", "pyproject.toml", "requirements.lock")
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")

RUN = "SELECT system, as_of, policy_digest, contracts_digest, exceptions_digest, versions FROM register.run"
INPUTS = """
    SELECT dataset, source, status, rows_in, rows_kept, rows_set_aside, digest, collected_at, written_at
    FROM source.collection ORDER BY dataset
"""
CHECKS = """
    SELECT suite, count(*) AS checks, count_if(success) AS succeeded, count_if(raised) AS raised
    FROM verification.result GROUP BY suite ORDER BY suite
"""
VERDICTS = "SELECT promise, verdict, reason, since_on, judged FROM verdict.current ORDER BY promise"
STATES = """
    SELECT promise, state, NULL AS reason, subjects FROM obligation.count WHERE as_of = (SELECT as_of FROM register.run)
    UNION ALL
    SELECT promise, state, reason, cases FROM obligation.condition_count WHERE as_of = (SELECT as_of FROM register.run)
    ORDER BY promise, state, reason
"""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Of which run a manifest tells. `as_of`: a local day; `at`: with its zone.

    `kind`: run, past, report or by_hand; failed, of a run that failed: its manifest says what stood published then.
    """

    run_id: str
    kind: str
    as_of: date
    at: datetime


def content(home: Home, occasion: Occasion, published: Path, outputs: Iterable[Path]) -> dict:
    """The manifest, without its place in the chain.

    `published`: the warehouse of the run; `outputs`: what the run wrote besides, each under the home.
    """
    connection = warehouse.read(published, is_brief=True)
    system, as_of, policy, contracts, exceptions, versions = connection.execute(RUN).fetchone()
    told = {name: _rows(connection, sql) for name, sql in
            (("inputs", INPUTS), ("checks", CHECKS), ("verdicts", VERDICTS), ("states", STATES))}
    connection.close()
    return {
        "format": FORMAT,
        "run": {"id": occasion.run_id, "kind": occasion.kind, "as_of": f"{as_of}", "at": plain(occasion.at)},
        "system": system,
        **told,
        "judged_by": {"policy.toml": policy, "contracts.toml": contracts, "exceptions.toml": exceptions},
        "configuration": {name: digest(home.path / name) for name in ("sources.toml", "exceptions.toml")
                          if (home.path / name).is_file()},
        "code": {part: digest_of_part(REPOSITORY / part) for part in CODE},
        "versions": dict(sorted(versions.items())),
        "outputs": [output(home, path) for path in sorted({published, *outputs})],
    }


def canonical(value: dict) -> bytes:
    """The one way to write a manifest: RFC 8785 (keys sorted, no blanks, UTF-8), and one line feed at the end.

    There are whole numbers, texts, truth values, null, lists and objects in it; TypeError for a fraction, of which there is
    more than one way to write it.
    """
    _refuse_fractions(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def digest(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of_part(path: Path) -> str:
    """SHA-256 (hex) of a file; of a folder, that of the lines `digest  path` which sha256sum writes, by path."""
    if path.is_file():
        return digest(path)
    files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*")
                   if file.is_file() and not set(file.relative_to(path).parts) & set(LEFT_OUT))
    return hashlib.sha256("".join(f"{digest(path / name)}  {name}\n" for name in files).encode()).hexdigest()


def output(home: Home, path: Path) -> dict:
    """A file that a run wrote: its path below the home, its digest and its size in bytes."""
    return {"path": path.relative_to(home.path).as_posix(), "sha256": digest(path), "bytes": path.stat().st_size}


def _rows(connection: warehouse.Connection, sql: str) -> list[dict]:
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description]
    return [{name: plain(value) for name, value in zip(names, row, strict=True)} for row in answer.fetchall()]


def plain(value):
    """As a manifest tells it: moments in UTC and days as text; everything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _refuse_fractions(value) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value} is no whole number")
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            _refuse_fractions(one)
