"""restic: `restic snapshots --json`, and the logs of `restic backup` that say whether a snapshot is whole.

A snapshot is listed once it is written. Yet a run that could not read every file (exit status 3) writes one too, and nothing
in the listing tells the two apart: only its log does. Without that log a snapshot is there, and its success is not proven.
Hosts, users, paths and tags of the listing are never kept.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from pipelines.collect.backups.catalogue import PARTIAL, STRANGE_ENTRY, SUCCESS, UNPROVEN, Catalogue, Entry, snapshot
from pipelines.collect.staging import DatasetError

COMMAND = "restic snapshots --json"
SNAPSHOT_ID = re.compile(r"[0-9a-f]{64}")
SAVED = re.compile(r"snapshot (?P<id>[0-9a-f]{8,64}) saved")
EXIT = re.compile(r"exit (?P<code>[0-9]{1,3})")
WRONG = ("error:", "fatal:", "warning: at least one source file could not be read")
SHORT = 8  # so many digits of an id every version of restic prints


def entries(catalogue: Catalogue, listing, shown: str, proven: dict[str, str]) -> Iterator[Entry]:
    """The snapshots of a parsed listing. `proven`: what the logs say, by short id. DatasetError if it is no listing."""
    if not isinstance(listing, list) or any(isinstance(item, dict) and "keep" in item for item in listing):
        raise DatasetError(f"{shown} is no list of snapshots: save what `{COMMAND}` prints")
    for number, item in enumerate(_flat(listing), 1):
        yield _entry(catalogue, number, item, proven)


def _flat(listing: list) -> Iterator:
    """The snapshots, also where they were asked for with --group-by."""
    for item in listing:
        if isinstance(item, dict) and "group_key" in item and isinstance(item.get("snapshots"), list):
            yield from item["snapshots"]
        else:
            yield item


def _entry(catalogue: Catalogue, number: int, item, proven: dict[str, str]) -> Entry:
    found = item if isinstance(item, dict) else {}
    own_id, host, paths, time = (found.get(key) for key in ("id", "hostname", "paths", "time"))
    is_whole = (isinstance(own_id, str) and SNAPSHOT_ID.fullmatch(own_id) and isinstance(time, str)
                and isinstance(paths, list) and all(isinstance(path, str) for path in paths))
    if not is_whole:
        return Entry(number, None, STRANGE_ENTRY)
    source = catalogue.sources.of(host) if isinstance(host, str) else catalogue.sources.one
    volumes = _covered(catalogue, paths, found.get("excludes")) if catalogue.tells_volumes else None
    return snapshot(catalogue, number, own_id, catalogue.servers.one, source, microseconds(time),
                    proven.get(own_id[:SHORT], UNPROVEN), volumes)


def microseconds(time: str) -> str:
    """restic's moment (local time, offset, up to nanoseconds) cut to what a moment holds here: never later than it was."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", time)


def _covered(catalogue: Catalogue, paths: list[str], excludes) -> list[str]:
    """The volumes that lie in one of the paths, unless a pattern excludes the volume itself or a folder above it."""
    patterns = [text for text in excludes if isinstance(text, str)] if isinstance(excludes, list) else []
    return sorted({name for path, name in catalogue.volumes.by.items()
                   if any(PurePosixPath(path).is_relative_to(root) for root in paths) and not _is_excluded(path, patterns)})


def _is_excluded(path: str, patterns: list[str]) -> bool:
    place = PurePosixPath(path)
    given = [pattern.rstrip("/") for pattern in patterns if PurePosixPath(pattern.strip("/")).parts]
    return any(part.match(pattern) for part in (place, *place.parents) for pattern in given)


def outcomes(logs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What the logs prove of each snapshot, by short id: {id: success or partial}. `logs`: (name, text) of each file.

    A run's log is what `restic backup` printed on both its channels, with --json or without, and then a line `exit N`, its
    exit status: only a status of 0 proves that every file was read. DatasetError for a log in which nothing is told.
    """
    found: dict[str, str] = {}
    for shown, text in logs:
        told = False
        for own_id, status in _runs(text):
            told = True
            if own_id is not None:
                found[own_id] = PARTIAL if PARTIAL in (status, found.get(own_id)) else status
        if not told:
            raise DatasetError(f"{shown} is no log of restic: save what `restic backup` prints, and then its exit status")
    return {own_id: status for own_id, status in found.items() if status != UNPROVEN}


def _runs(text: str) -> Iterator[tuple[str | None, str]]:
    """(short id of the snapshot, or None where the run made none; its status) of each run in a log."""
    own_id, is_damaged, is_open = None, False, False
    for line in text.splitlines():
        ended = EXIT.fullmatch(line.strip())
        if ended:
            yield own_id, SUCCESS if ended["code"] == "0" and not is_damaged else PARTIAL
            own_id, is_damaged, is_open = None, False, False
            continue
        saved, wrong = _told(line.strip())
        is_damaged, is_open = is_damaged or wrong, is_open or wrong or saved is not None
        own_id = saved or own_id
    if is_open:  # the exit status was not saved
        yield own_id, PARTIAL if is_damaged else UNPROVEN


def _told(line: str) -> tuple[str | None, bool]:
    """(short id of a snapshot that the line says was saved, does the line tell of something that went wrong?)"""
    message = _message(line)
    if message is None:
        saved = SAVED.fullmatch(line)
        return (saved["id"][:SHORT] if saved else None), line.lower().startswith(WRONG)
    kind, own_id = message.get("message_type"), message.get("snapshot_id")
    is_saved = kind == "summary" and isinstance(own_id, str) and not message.get("dry_run")
    return (own_id[:SHORT] if is_saved else None), kind in ("error", "exit_error") or bool(message.get("error_count"))


def _message(line: str) -> dict | None:
    if not line.startswith("{"):
        return None
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return {}
