"""A catalogue of backups: which tool's saved output it is, and what its own names stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

RESTIC, PGBACKREST, RECORDS = "restic", "pgbackrest", "records"
TOOLS = (RESTIC, PGBACKREST, RECORDS)
SUCCESS, PARTIAL, UNPROVEN = "success", "partial", "unproven"
# Reasons for setting an entry of a catalogue aside, beside those of every dataset.
STRANGE_ENTRY, STRANGE_SOURCE, STRANGE_PLACE = "unreadable_line", "unmapped_source", "unmapped_place"


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """What a tool's own names (hosts, stanzas, repositories, paths) are called here: `one` for all, or `by` name."""

    one: str | None = None
    by: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, name: str) -> str | None:
        """Our word for `name`; None where nobody said."""
        return self.one or self.by.get(name)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """One repository (or one table of records). `files`, `logs`: paths or globs, relative to the home.

    `servers`: where it lies (pgBackRest: by number of the repository). `sources`: what it backs up (restic: by host;
    pgBackRest: by stanza). `volumes`: what of it (restic: by path; pgBackRest: by stanza). `holds_trash`: None where unsaid.
    """

    name: str
    tool: str
    files: tuple[str, ...]
    logs: tuple[str, ...] = ()
    servers: Names = Names()
    sources: Names = Names()
    volumes: Names = Names()
    holds_trash: bool | None = None

    @property
    def tells_volumes(self) -> bool:
        return bool(self.volumes.one or self.volumes.by)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a listing: a snapshot's columns as text, or the reason for which it is set aside. `number`: from 1."""

    number: int
    values: Mapping[str, str | None] | None
    reason: str | None = None


def snapshot(catalogue: Catalogue, number: int, own_id: str, server: str | None, source: str | None, taken_at: str | None,
             status: str, volumes: list[str] | None) -> Entry:
    """The entry of one snapshot. Its id is the tool's own with the server: a repository copied elsewhere is another copy.

    Neither the catalogue's name nor a host's or a path's is in it, so that renaming one makes no new snapshot.
    """
    if source is None:
        return Entry(number, None, STRANGE_SOURCE)
    if server is None:
        return Entry(number, None, STRANGE_PLACE)
    return Entry(number, {
        "snapshot_id": f"{own_id}@{server}", "server_id": server, "source_server_id": source, "taken_at": taken_at,
        "status": status, "volumes": " ".join(sorted(volumes)) or None if volumes is not None else None,
        "holds_trash": None if catalogue.holds_trash is None else str(catalogue.holds_trash).lower(),
    })
