"""From pseudonyms back to the source's own ids, for those who must act: by asking the source again, never from memory."""

from dataclasses import replace

from pipelines import warehouse
from pipelines.collect import database, files
from pipelines.collect.pseudonyms import expression, kind_of, pads
from pipelines.collect.sources import Source, Sources
from pipelines.collect.staging import open_staging, table_of
from pipelines.home import Home
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection, identifier


def reveal(home: Home, sources: Sources, contracts, key: bytes, subjects: list[str]) -> dict[str, str]:
    """{pseudonym: the source's id} for the subjects that the sources still know; the others are not in it.

    Reads, of each dataset that may know them, the one column of ids; keeps nothing.
    """
    found: dict[str, str] = {}
    for kind in sorted({kind_of(subject) for subject in subjects}):
        wanted = {subject for subject in subjects if kind_of(subject) == kind}
        for contract, column in givers(contracts, kind):
            source = sources.of(contract.name)
            if source and wanted - set(found):
                found |= _ask(home, source, contract, column, key, sorted(wanted - set(found)))
    return found


def givers(contracts, kind: str) -> list[tuple[Contract, str]]:
    """The datasets and columns with ids of the kind; those of which it is the key come first."""
    givers = [(contract, column.name) for contract in contracts.values() for column in contract.columns.values()
              if column.action == "pseudonym" and column.of == kind]
    return sorted(givers, key=lambda giver: giver[1] not in giver[0].key)


def _ask(home: Home, source: Source, contract: Contract, column: str, key: bytes, wanted: list[str]) -> dict[str, str]:
    con = warehouse.memory()
    try:
        open_staging(con)
        narrow = replace(contract, columns={column: contract.columns[column]}, key=(column,), since=None, counted_by=())
        if source.kind in database.DIALECTS:
            staged, _ = database.stage(con, source, [narrow], {})
        else:
            staged, _ = files.stage(con, home, source, [narrow])
        return _matches(con, narrow, column, key, wanted) if staged else {}
    finally:
        con.close()


def _matches(con: Connection, contract: Contract, column: str, key: bytes, wanted: list[str]) -> dict[str, str]:
    kind = contract.columns[column].of
    rows = con.execute(
        f"SELECT pseudonym, id FROM (SELECT id, {expression(kind, 'id')} AS pseudonym FROM "
        f"(SELECT DISTINCT {identifier(column)} AS id FROM {table_of(contract)})) "
        "WHERE pseudonym IN (SELECT unnest($wanted))",
        {**pads(key), "wanted": wanted}).fetchall()
    return dict(rows)
