"""pgBackRest: `pgbackrest info --output=json`, one listing for all its stanzas and repositories.

A repository that pgBackRest cannot read has a status code of its own, and its backups are left out; a stanza may be left out
without a word. Taken at its word, such a listing would say that every backup there had been removed: it is refused.
Names of stanzas, of databases and of the software are never kept.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from pipelines.collect.backups.catalogue import PARTIAL, STRANGE_ENTRY, SUCCESS, UNPROVEN, Catalogue, Entry, snapshot
from pipelines.collect.staging import DatasetError

COMMAND = "pgbackrest info --output=json"
LABEL = re.compile(r"[0-9]{8}-[0-9]{6}F(?:_[0-9]{8}-[0-9]{6}[DI])?")
OK, NO_BACKUPS = 0, 2
# What pgBackRest means by its codes, in the words of the cure. Any other is as bad.
CODES = {1: "the repository knows no such stanza", 3: "the stanza's data are missing", 5: "another database is in it",
         6: "the backup asked for is not there", 99: "the repository cannot be read"}


def entries(catalogue: Catalogue, listing, shown: str) -> Iterator[Entry]:
    """The backups of a parsed listing. DatasetError if it is none, or not a whole one."""
    if not isinstance(listing, list) or not all(isinstance(stanza, dict) and isinstance(stanza.get("backup"), list)
                                                and isinstance(stanza.get("repo"), list) for stanza in listing):
        raise DatasetError(f"{shown} is no list of stanzas: save what `{COMMAND}` prints")
    _refuse_missing(catalogue, listing, shown)
    number = 0
    for place, stanza in enumerate(listing, 1):
        _refuse_partial_listing(stanza, place, shown)
        for backup in stanza["backup"]:
            number += 1
            yield _entry(catalogue, number, stanza, backup)


def _refuse_missing(catalogue: Catalogue, listing: list[dict], shown: str) -> None:
    """DatasetError if no stanza is listed, or if one (or a repository) that the catalogue speaks of is not."""
    stanzas = {stanza.get("name") for stanza in listing if isinstance(stanza.get("name"), str)}
    if not listing or not stanzas.issuperset(catalogue.sources.by):
        raise DatasetError(f"{shown} lacks {'a stanza of sources' if listing else 'every stanza'}: `{COMMAND}` must reach "
                           f"the repository of catalogue {catalogue.name}")
    numbers = {_number(repository) for stanza in listing for repository in stanza["repo"]}
    if not numbers.issuperset(catalogue.servers.by):
        raise DatasetError(f"{shown} lacks a repository of servers: print it without --repo, or take the number out of "
                           f"catalogue {catalogue.name}")


def _refuse_partial_listing(stanza: dict, place: int, shown: str) -> None:
    """DatasetError unless every repository answered for the stanza (that one holds no backup is an answer)."""
    if not stanza["repo"]:
        raise DatasetError(f"{shown}: stanza number {place} names no repository: save what `{COMMAND}` prints")
    for repository in stanza["repo"]:
        status = repository.get("status") if isinstance(repository, dict) else None
        code = status.get("code") if isinstance(status, dict) else None
        if code not in (OK, NO_BACKUPS):
            why = CODES.get(code, "pgBackRest could not list it") if isinstance(code, int) else "which is none"
            raise DatasetError(f"{shown}: repository {_number(repository)} of stanza number {place} has status "
                               f"{_code(code)} ({why}), so that its backups are not listed: cure that, and save it again")


def _number(repository) -> str:
    key = repository.get("key") if isinstance(repository, dict) else None
    return str(key) if isinstance(key, int) else "?"


def _code(code) -> str:
    return str(code) if isinstance(code, int) else "?"


def _entry(catalogue: Catalogue, number: int, stanza: dict, backup) -> Entry:
    found = backup if isinstance(backup, dict) else {}
    label, times, database = (found.get(key) for key in ("label", "timestamp", "database"))
    system = _system(stanza, database)
    if not isinstance(label, str) or not LABEL.fullmatch(label) or not isinstance(times, dict) or system is None:
        return Entry(number, None, STRANGE_ENTRY)
    name = stanza.get("name")
    source = catalogue.sources.of(name) if isinstance(name, str) else None
    volume = catalogue.volumes.of(name) if isinstance(name, str) else None
    return snapshot(catalogue, number, f"{system}-{label}", catalogue.servers.of(str(database.get("repo-key"))), source,
                    _moment(times.get("start"), times.get("stop")), _status(found.get("error")),
                    ([volume] if volume else []) if catalogue.tells_volumes else None)


def _status(error) -> str:
    """A backup in which pages did not match their checksums is not whole; one of which nothing is said may not be either."""
    return {False: SUCCESS, True: PARTIAL}[error] if isinstance(error, bool) else UNPROVEN


def _system(stanza: dict, database) -> int | None:
    """The number that PostgreSQL gave the cluster when it was made: it tells equal labels of two stanzas apart."""
    if not isinstance(database, dict) or not isinstance(stanza.get("db"), list):
        return None
    return next((known.get("system-id") for known in stanza["db"] if isinstance(known, dict)
                 and (known.get("id"), known.get("repo-key")) == (database.get("id"), database.get("repo-key"))), None)


def _moment(start, stop) -> str | None:
    """When the backup began, from seconds since 1970 in UTC; what is no such number is left for the contract to refuse.

    A backup that has not ended is none.
    """
    if any(isinstance(moment, bool) or not isinstance(moment, int) for moment in (start, stop)) or stop < start:
        return None
    try:
        return datetime.fromtimestamp(start, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return "beyond the calendar"
