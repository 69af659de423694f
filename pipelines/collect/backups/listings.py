"""The saved listings of the catalogues, staged as rows of the dataset `backups`.

A catalogue may be one file that is written anew, or one a night beside the others. Of several, the newest tells what is
there; what only an older one lists has left the repository between that one and the next.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.collect import files, lines
from pipelines.collect.backups import pgbackrest, restic
from pipelines.collect.backups.catalogue import RECORDS, RESTIC, Catalogue, Entry
from pipelines.collect.sources import Source
from pipelines.collect.staging import DatasetError, Refusals, Staged, refuse_missing, table_of
from pipelines.home import Home
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection, identifier

DATASET = "backups"
LARGEST_LISTING = 256 * 2**20
TOLD = ("snapshot_id", "server_id", "source_server_id", "taken_at", "status", "listed_at", "missed_at")
COMMANDS = {RESTIC: restic.COMMAND, "pgbackrest": pgbackrest.COMMAND}


@dataclass(frozen=True, slots=True)
class Listing:
    """One saved output. `saved_at`: when the file was written; `shown`: its name in results."""

    shown: str
    saved_at: datetime
    entries: tuple[Entry, ...]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(entry.values["snapshot_id"] for entry in self.entries if entry.values)


def stage(connection: Connection, home: Home, source: Source, contract: Contract) -> Staged:
    """Read all catalogues of the source into staging, whole; DatasetError, in a sentence, if one of them cannot be."""
    listings = {catalogue: _listings(home, catalogue) for catalogue in source.catalogues if catalogue.tool != RECORDS}
    kept_by_hand = [(catalogue, file) for catalogue in source.catalogues if catalogue.tool == RECORDS
                    for path in catalogue.files for file in files.plan(connection, home, contract, path)]
    columns = {name: "VARCHAR" for name in contract.columns
               if name in _told(listings) or any(name in file.shapes for _, file in kept_by_hand)}
    files.make_table(connection, contract, columns, "_file INTEGER, _line BIGINT")
    shown, refusals = [], Refusals()
    for of_one in listings.values():
        shown += [listing.shown for listing in of_one]
        _stage_listings(connection, contract, of_one, len(shown) - len(of_one), columns, refusals)
    for _, file in kept_by_hand:
        files.read(connection, contract, file, len(shown), columns, refusals)
        shown.append(file.shown)
    if any(file.form in files.KEYED for _, file in kept_by_hand):
        columns = files.drop_unused(connection, contract, [file for _, file in kept_by_hand], columns, _told(listings))
    refuse_missing(contract, columns)
    return Staged(contract, source.name, tuple(shown), tuple(columns), refusals, _written_at(listings, kept_by_hand))


def look(connection: Connection, home: Home, source: Source, contract: Contract) -> list[str]:
    """The contract's columns that the catalogues give, without keeping anything; DatasetError as in `stage`."""
    told = _told({catalogue: _listings(home, catalogue) for catalogue in source.catalogues if catalogue.tool != RECORDS})
    by_hand = [file for catalogue in source.catalogues if catalogue.tool == RECORDS
               for path in catalogue.files for file in files.plan(connection, home, contract, path)]
    return [*told, *(name for name in files.offered_columns(contract, by_hand) if name not in told)]


def _told(listings: dict[Catalogue, tuple[Listing, ...]]) -> tuple[str, ...]:
    """The columns that the tools' catalogues tell; a column of which none says anything is absent, not empty."""
    if not listings:
        return ()
    said = (("volumes", any(catalogue.tells_volumes for catalogue in listings)),
            ("holds_trash", any(catalogue.holds_trash is not None for catalogue in listings)))
    return (*TOLD, *(name for name, is_said in said if is_said))


def _written_at(listings: dict[Catalogue, tuple[Listing, ...]], by_hand: list) -> datetime:
    """As of when all catalogues are known: the newest listing of the catalogue that lags the most."""
    times = [of_one[0].saved_at for of_one in listings.values()]
    by_catalogue: dict[str, list[Path]] = {}
    for catalogue, file in by_hand:
        by_catalogue.setdefault(catalogue.name, []).append(file.path)
    return min([*times, *(files.newest(paths) for paths in by_catalogue.values())])


def _listings(home: Home, catalogue: Catalogue) -> tuple[Listing, ...]:
    """The catalogue's listings, the newest first."""
    proven = restic.outcomes(_texts(home, catalogue.logs)) if catalogue.tool == RESTIC else {}
    found = []
    for path in _located(home, catalogue.files):
        shown = files.shown(home, path)
        listing = _parsed(_text(path, shown), shown, COMMANDS[catalogue.tool])
        read = (restic.entries(catalogue, listing, shown, proven) if catalogue.tool == RESTIC
                else pgbackrest.entries(catalogue, listing, shown))
        found.append(Listing(shown, files.newest([path]), tuple(read)))
    found.sort(key=lambda listing: (listing.saved_at, listing.shown), reverse=True)
    _refuse_two_repositories(catalogue, found)
    return tuple(found)


def _refuse_two_repositories(catalogue: Catalogue, listings: list[Listing]) -> None:
    """Of two repositories under one name, each would make the other's snapshots look removed."""
    told = [listing for listing in listings if listing.ids]
    for newer, older in zip(told, told[1:], strict=False):
        if not newer.ids & older.ids:
            raise DatasetError(f"{older.shown} and {newer.shown} have no snapshot in common: write a catalogue for each if "
                               f"they list two repositories, or take the older one out of catalogue {catalogue.name}")


def _located(home: Home, patterns: tuple[str, ...]) -> list[Path]:
    return list(dict.fromkeys(path for pattern in patterns for path in files.located(home, pattern)))


def _texts(home: Home, patterns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for path in _located(home, patterns):
        shown = files.shown(home, path)
        yield shown, _text(path, shown)


def _text(path: Path, shown: str) -> str:
    """What a saved output says; the words of DatasetError repeat nothing of it."""
    try:
        with lines.open_bytes(path) as file:
            content = file.read(LARGEST_LISTING + 1)
    except lines.READ_ERRORS as error:
        raise DatasetError(f"{shown} cannot be read: {lines.explained(error)}") from None
    if len(content) > LARGEST_LISTING:
        raise DatasetError(f"{shown} is larger than {LARGEST_LISTING // 2**20} MiB: save a catalogue's own listing")
    if not content.strip():
        raise DatasetError(f"{shown} is empty: the tool printed nothing, so run it again and look at its error message")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DatasetError(f"{shown} is not UTF-8: save the tool's output as it is") from None


def _parsed(text: str, shown: str, command: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # also a number of thousands of digits
        pass
    if text.lstrip()[:1] in ("[", "{"):
        raise DatasetError(f"{shown} is no whole JSON: it was cut off or mixed with other output; save what `{command}` "
                           "prints on its standard output alone")
    raise DatasetError(f"{shown} holds no JSON, perhaps an error message: save what `{command}` prints")


def _stage_listings(connection: Connection, contract: Contract, listings: tuple[Listing, ...], first: int,
                    columns: dict[str, str], refusals: Refusals) -> None:
    """Stage each snapshot once, from the newest listing that has it; what is no snapshot is refused."""
    rows, in_newer, next_at = [], set(), None
    for number, listing in enumerate(listings, first):
        times = {"listed_at": listing.saved_at.isoformat(), "missed_at": next_at}
        for entry in listing.entries:
            if entry.values is None:
                refusals.add(entry.reason, listing.shown, entry.number)
            elif entry.values["snapshot_id"] not in in_newer:
                rows.append((number, entry.number, entry.values | times))
        in_newer |= listing.ids
        next_at = listing.saved_at.isoformat()
    if rows:
        names = ", ".join(identifier(name) for name in columns)
        lists = ", ".join(f"unnest($v{place})::VARCHAR" for place in range(len(columns)))
        connection.execute(
            f"INSERT INTO {table_of(contract)} (_file, _line, {names}) SELECT unnest($files), unnest($lines), {lists}",
            {"files": [row[0] for row in rows], "lines": [row[1] for row in rows],
             **{f"v{place}": [row[2].get(name) for row in rows] for place, name in enumerate(columns)}})
