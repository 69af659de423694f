"""Makes the demo: a source system of several years, its sources.toml, its keys, and the list of what is planted in it."""

import hashlib
import json
from datetime import date
from pathlib import Path

from pipelines import keyring
from pipelines.demo import mapping, store
from pipelines.demo.assembly import Assembly, assemble
from pipelines.demo.cases import DATASETS, NAMED, SUBJECTS, Due
from pipelines.demo.exceptions import exceptions_toml
from pipelines.demo.moments import NONE, as_date, local_day
from pipelines.demo.world import World
from pipelines.errors import UsageError
from pipelines.home import Home
from pipelines.operate import keys

FEWEST = 20


def generate(home: Path, seed: int, accounts: int, as_of: date, database: tuple[str, str] | None = None) -> None:
    """Fill the home: sources/ (or `database`: kind and connection string), the two toml files, the keys, planted.json.

    Equal arguments give equal bytes. What a demo wrote there before is replaced; a warehouse or reports are left alone.
    UsageError for fewer than 20 accounts, and for a home that is not a demo's.
    """
    if accounts < FEWEST:
        raise UsageError(f"{accounts} accounts are too few to plant in: ask for at least {FEWEST}.")
    if (home / "sources.toml").exists() and not (home / "planted.json").exists():
        raise UsageError(f"{home} is the home of a real system: make the demo in another folder.")
    world = World(seed, accounts, as_of)
    home.mkdir(parents=True, exist_ok=True)
    whole = assemble(world)
    store.write(world, whole, home / "sources", database)
    due = planted(whole)
    (home / "planted.json").write_text(json.dumps(due, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    key = _write_keys(Home(home), seed)
    (home / "exceptions.toml").write_text(exceptions_toml(as_of, key, due), encoding="utf-8")
    (home / "sources.toml").write_text(mapping.sources_toml(world, database[0] if database else None), encoding="utf-8")


def planted(whole: Assembly) -> list[dict]:
    """What is due for each planted subject, by the ids that the source uses."""
    return [_planted(whole, due) for due in whole.cases.due]


def _planted(whole: Assembly, due: Due) -> dict:
    """`subject_kind` is None for what the source names; `opened_on` for what stands without a date."""
    is_named = isinstance(due.number, str)
    subject = due.number if is_named else str(whole.ids[due.kind][whole.clean[due.kind] + due.number])
    opened_on = None if due.opened_at == NONE else as_date(local_day(due.opened_at)).isoformat()
    return {"promise": due.promise, "dataset": DATASETS[due.kind], "subject": subject,
            "subject_kind": None if is_named and due.kind not in NAMED else SUBJECTS.get(due.kind, due.kind),
            "state": due.state,
            "in_review": due.in_review, "opened_on": opened_on, "why_fr": due.why_fr, "why_en": due.why_en}


def _write_keys(home: Home, seed: int) -> bytes:
    """Write a demo's keys; returns that of the pseudonyms.

    They follow from its seed, so that two demos of one seed give the same pseudonyms; a real home's never do. A warehouse
    key that is there stays: a warehouse may lie there under it.
    """
    words = {keyring.PSEUDONYM: f"alpia demo {seed}", keyring.EVIDENCE: f"alpia demo {seed} evidence"}
    if keyring.read(keyring.file_of(home.keys, keyring.WAREHOUSE), keyring.WAREHOUSE) is None:
        words[keyring.WAREHOUSE] = f"alpia demo {seed} warehouse"
    for name, text in words.items():
        keyring.file_of(home.keys, name).unlink(missing_ok=True)
        keys.write(home, name, hashlib.sha256(text.encode()).hexdigest())
    home.keys.chmod(0o700)
    return home.pseudonym_key()
