"""Saved probes of TLS, staged as rows of the dataset tls_probes: our own records (JSON lines), and scans of sslyze."""

from collections.abc import Iterator
from pathlib import Path

from pipelines.collect import files, lines
from pipelines.collect.probes import sslyze
from pipelines.collect.sources import Source
from pipelines.collect.staging import DatasetError, Refusals, Staged, cleaned, table_of
from pipelines.home import Home
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection, identifier

SCAN = ".json"  # what sslyze saves; a record of our own ends in .jsonl


def look(home: Home, source: Source) -> int:
    """How many files there are to read; DatasetError if there is none."""
    return len(_paths(home, source))


def stage(connection: Connection, home: Home, source: Source, contract: Contract) -> Staged:
    """Read all files of the source into staging, whole; DatasetError, in a sentence, if one of them cannot be."""
    columns = ", ".join(f"{identifier(name)} VARCHAR" for name in contract.columns)
    connection.execute(f"CREATE TABLE {table_of(contract)} (_file INTEGER, _line BIGINT, {columns})")
    refusals, paths = Refusals(), _paths(home, source)
    shown = tuple(files.shown(home, path) for path in paths)
    for number, (path, name) in enumerate(zip(paths, shown, strict=True)):
        for batch in lines.batches(_rows(path, name, refusals)):
            _insert(connection, contract, number, batch)
    return Staged(contract, source.name, shown, tuple(contract.columns), refusals, files.newest(paths))


def _paths(home: Home, source: Source) -> list[Path]:
    return list(dict.fromkeys(path for pattern in source.files for path in files.located(home, pattern)))


def _rows(path: Path, name: str, refusals: Refusals) -> Iterator[tuple[int, dict[str, str | None]]]:
    try:
        if path.suffix == SCAN:
            yield from sslyze.rows(path, name, refusals)
        else:
            yield from lines.json_records(path, name, refusals)
    except lines.READ_ERRORS as error:
        raise DatasetError(f"{name} cannot be read: {lines.explained(error)}") from None


def _insert(connection: Connection, contract: Contract, number: int, batch: list) -> None:
    """Texts as they are, blanks around them taken off; an empty one is no value."""
    places = ", ".join(cleaned(f"unnest($c{place})::VARCHAR") for place in range(len(contract.columns)))
    values = {f"c{place}": [record.get(name) for _, record in batch] for place, name in enumerate(contract.columns)}
    connection.execute(f"INSERT INTO {table_of(contract)} SELECT {number}, unnest($lines), {places}",
                       {"lines": [line for line, _ in batch], **values})
