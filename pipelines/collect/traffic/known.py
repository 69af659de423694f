"""Which logs are known from earlier nights: by what they hold, whatever their names, and with how many lines of which days.

A log is known by a keyed digest of its first bytes. It may grow, be renamed, be packed, or lie there twice: it is one log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import PurePath

from pipelines.collect.staging import DatasetError
from pipelines.collect.traffic.log_files import HEAD, LogFile, digest, head, is_beginning_of

DAY = timedelta(days=1)
# In place of a day's digest: not all of the log's lines are counted, or not all that were counted are in it any more.
UNSETTLED = ""


@dataclass(frozen=True, slots=True)
class DayOfLog:
    """`lines` of one local day in one log, and a keyed digest of them that does not depend on their order."""

    lines: int
    digest: str


@dataclass(frozen=True, slots=True)
class Log:
    """A log as last read. `name`, `mark`: of its file then. `hasher`: what made the digests of its days."""

    log_id: str
    head_bytes: int
    name: str
    mark: str
    hasher: str
    days: Mapping[date, DayOfLog]

    @property
    def is_unsettled(self) -> bool:
        return any(told.digest == UNSETTLED for told in self.days.values())


@dataclass(frozen=True, slots=True)
class Present:
    """A log that is there now. `before`: as it was known, None for a new one."""

    file: LogFile
    before: Log | None
    log_id: str
    head_bytes: int

    @property
    def is_unchanged(self) -> bool:
        return self.before is not None and self.before.mark == self.file.mark

    @property
    def is_unsettled(self) -> bool:
        """Must it be read though it has not changed, since older lines may have come back beside it?"""
        return self.is_unchanged and self.before.is_unsettled


@dataclass(slots=True)
class Sorted:
    """The files of a night, told apart: one entry a log, and the files that are only copies.

    `absorbed`: ids of known logs that were an older state of one that is there, and are in it.
    """

    present: list[Present] = field(default_factory=list)
    copies: list[LogFile] = field(default_factory=list)
    absorbed: set[str] = field(default_factory=set)


class _Heads(dict):
    """The first bytes of files, each read when they are first asked for."""

    def __missing__(self, file: LogFile) -> bytes:
        self[file] = head(file)
        return self[file]


def told_apart(files: Sequence[LogFile], known: Iterable[Log], key: bytes) -> Sorted:
    """One entry for each log among the files. DatasetError where two begin with the same 64 KiB and then differ."""
    by_mark = {log.mark: log for log in known}
    by_id = {log.log_id: log for log in known}
    heads, groups, new = _Heads(), {}, []
    begins = {file: [by_mark[file.mark]] if file.mark in by_mark else _begins(heads[file], by_id, key) for file in files}
    for file in files:
        # Of several known logs that it begins with, the one of which most is known.
        if begins[file] and not begins[file][0].is_unsettled:
            groups.setdefault(begins[file][0].log_id, []).append(file)
        else:
            new.append(file)
    for file in sorted(new, key=lambda file: -len(heads[file])):
        known_as = begins[file][0].log_id if begins[file] else digest(key, heads[file])
        log_id = _whole_of(file, groups, begins, heads) or known_as
        groups.setdefault(log_id, []).append(file)
    found = Sorted()
    for log_id, group in groups.items():
        _add(found, by_id.get(log_id), group, heads, key)
    older = {log.log_id for file in (*found.copies, *(one.file for one in found.present)) for log in begins[file]}
    found.absorbed = older - {one.before.log_id for one in found.present if one.before is not None}
    return found


def _begins(content: bytes, by_id: Mapping[str, Log], key: bytes) -> list[Log]:
    """The known logs that the content begins with, the longest first."""
    lengths = sorted({log.head_bytes for log in by_id.values() if log.head_bytes <= len(content)}, reverse=True)
    return [by_id[one] for one in (digest(key, content[:length]) for length in lengths) if one in by_id]


def _whole_of(file: LogFile, groups: Mapping[str, list[LogFile]], begins: Mapping[LogFile, list[Log]], heads: _Heads
              ) -> str | None:
    """The group in which a file's whole beginning is: it may be an older state, shorter than what the log is known by.

    Files that have not changed are looked into only where the log is known by more bytes than this file has, however many
    they are.
    """
    mine = heads[file]
    for log_id, group in groups.items():
        for other in group:
            is_known = bool(begins[other]) and begins[other][0].mark == other.mark
            if not (is_known and begins[other][0].head_bytes <= len(mine)) and heads[other].startswith(mine):
                return log_id
    return None


def _add(found: Sorted, before: Log | None, group: list[LogFile], heads: _Heads, key: bytes) -> None:
    """Take the longest of the files that hold one log; what only begins like it is another log, and may have copies too."""
    group = sorted(group, key=lambda file: not _continues(file, before))
    chosen, strangers = group[0], []
    for other in group[1:]:
        if is_beginning_of(other, chosen):
            found.copies.append(other)
        elif is_beginning_of(chosen, other):
            found.copies.append(chosen)
            chosen = other
        else:
            strangers.append(other)
    found.present.append(_present(chosen, before, heads, key))
    for stranger in strangers:
        if len(heads[stranger]) == HEAD and heads[stranger] == heads[chosen]:
            raise DatasetError(f"{stranger.shown} and {chosen.shown} begin alike and then differ: one is a damaged copy; "
                               "take it away")
    if strangers:
        _add(found, None, strangers, heads, key)


def _continues(file: LogFile, before: Log | None) -> bool:
    """Is it by its inode, or else by its name, the file that the log was in?"""
    return before is not None and (before.mark.split(":")[0] == file.mark.split(":")[0]
                                   or PurePath(before.name) == PurePath(file.shown))


def _present(file: LogFile, before: Log | None, heads: _Heads, key: bytes) -> Present:
    if before is not None and before.mark == file.mark:
        return Present(file, before, before.log_id, before.head_bytes)
    return Present(file, before, digest(key, heads[file]), len(heads[file]))


@dataclass(frozen=True, slots=True)
class Recount:
    """What must be counted anew. `days`: all their lines are at hand; `partial`: of these, those beside which some are gone.

    `kept`: touched by new lines, but older lines of the same day are gone: kept as it was. `lost_lines`: by log, of those
    days, the new lines that are not counted. `files`: unchanged ones that have to be read again.
    """

    days: frozenset[date]
    partial: frozenset[date]
    kept: frozenset[date]
    lost_lines: Mapping[str, int]
    files: tuple[Present, ...]


def recount(present: Sequence[Present], read: Mapping[str, Mapping[date, DayOfLog]], known: Iterable[Log],
            hasher: str, was_partial: Iterable[date] = ()) -> Recount:
    """What the new lines touch. `read`: the days of the changed logs as they were just read, by log id.
    `was_partial`: days that were counted without lines that were gone; they are counted anew once these are back.

    A day's visits depend on the days beside it, since they may cross midnight: these are counted anew too, where they can
    be.
    """
    touched = {day for one in present if one.log_id in read
               for day in _touched(read[one.log_id], one.before, hasher)}
    incomplete = _incomplete(present, read, known)
    held = {day for one in present for day in _days_of(one, read)}
    touched |= {day for day in held & set(was_partial) if not {day - DAY, day, day + DAY} & incomplete}
    days = {day for day in touched if day not in incomplete}
    beside = {day + step for day in days for step in (-DAY, DAY)} - touched
    days |= {day for day in beside & held if not {day - DAY, day, day + DAY} & incomplete}
    partial = {day for day in days & touched if {day - DAY, day + DAY} & incomplete}
    kept = touched & incomplete
    needed = {day + step for day in days for step in (-DAY, DAY * 0, DAY)}
    files = tuple(one for one in present if one.log_id not in read and needed & set(one.before.days))
    lost = {one.log_id: sum(_new_lines(read[one.log_id], one.before, day) for day in kept)
            for one in present if not one.is_unchanged}
    return Recount(frozenset(days), frozenset(partial), frozenset(kept), {k: n for k, n in lost.items() if n}, files)


def _days_of(one: Present, read: Mapping[str, Mapping[date, DayOfLog]]) -> Mapping[date, DayOfLog]:
    """The days that a log holds: as just read, else as known (an unchanged one is known)."""
    return read[one.log_id] if one.before is None else read.get(one.log_id, one.before.days)


def _touched(now: Mapping[date, DayOfLog], before: Log | None, hasher: str) -> set[date]:
    """The days of which a log has lines that it had not."""
    if before is None:
        return set(now)
    is_same_hasher = before.hasher == hasher
    return {day for day, found in now.items()
            if (was := before.days.get(day)) is None or found.lines > was.lines
            or (found.lines == was.lines and is_same_hasher and found.digest != was.digest)}


def _incomplete(present: Sequence[Present], read: Mapping, known: Iterable[Log]) -> set[date]:
    """The days of which lines that were counted are not at hand any more."""
    at_hand = {one.before.log_id: read.get(one.log_id, one.before.days) for one in present if one.before is not None}
    return {day for log in known for day, was in log.days.items()
            if was.lines and (log.log_id not in at_hand or day not in at_hand[log.log_id]
                              or at_hand[log.log_id][day].lines < was.lines)}


def _new_lines(now: Mapping[date, DayOfLog], before: Log | None, day: date) -> int:
    was = before.days.get(day) if before else None
    return max(0, now[day].lines - (was.lines if was else 0)) if day in now else 0


def remembered(present: Sequence[Present], read: Mapping[str, Mapping[date, DayOfLog]], known: Iterable[Log], found: Recount,
               hasher: str) -> list[Log]:
    """The logs as they are known from now on: of a day that could not be counted anew, what was counted stays known."""
    replaced = {one.before.log_id for one in present if one.before is not None}
    kept = [log for log in known if log.log_id not in replaced]
    return kept + [_remembered(one, read.get(one.log_id), found, hasher) for one in present]


def _remembered(one: Present, now: Mapping[date, DayOfLog] | None, found: Recount, hasher: str) -> Log:
    before = one.before.days if one.before else {}
    if now is None:
        return Log(one.log_id, one.head_bytes, one.file.shown, one.file.mark, one.before.hasher, before)
    days = {day: _settled(now.get(day), before.get(day), day in found.kept) for day in {*before, *now}}
    return Log(one.log_id, one.head_bytes, one.file.shown, one.file.mark, hasher, days)


def _settled(now: DayOfLog | None, was: DayOfLog | None, is_kept: bool) -> DayOfLog:
    """What is known of a day: what the log holds of it, if that is counted; else what was counted, which is not all."""
    counted = was.lines if was else 0
    if now is None or now.lines < counted or (is_kept and now != was):
        return DayOfLog(counted, UNSETTLED)
    return now
