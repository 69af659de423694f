"""A database as a source: one read-only snapshot, and only the columns of the contracts, by SQL that runs over there.

PostgreSQL and MariaDB are two dialects of this one way. A dialect says how to attach, of which types a SELECT's columns are,
how each is asked for, and how one snapshot is read.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pipelines.collect import columns, mariadb, postgres
from pipelines.collect.reading import Known, Reading
from pipelines.collect.sources import OWN_CATALOGUE, Source
from pipelines.collect.staging import DatasetError, Staged, origins
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection

DIALECTS = MappingProxyType({"postgres": postgres, "mariadb": mariadb})


def stage(connection: Connection, source: Source, contracts: Iterable[Contract], known: Mapping[str, Known]
          ) -> tuple[list[Staged], dict[str, str]]:
    """Read the datasets into staging, all in one snapshot; returns what was read, and what failed: {dataset: why}.

    An event dataset that is `known` is read from there on, the others whole. A dataset that fails inside the snapshot ends
    it for all: the others are read again, over a new connection, in a new one.
    """
    dialect, left = DIALECTS[source.kind], list(contracts)
    failed: dict[str, str] = {}
    while left:
        try:
            with dialect.attached(connection, source) as database:
                readings = _plans(connection, source, database, left, known, failed)
                staged, why = dialect.read(connection, source, database, readings) if readings else ([], {})
        except DatasetError as error:
            return [], failed | {contract.name: str(error) for contract in left}
        if not why:
            return staged, failed
        failed |= why
        left = [contract for contract in left if contract.name not in failed]
    return [], failed


def _plans(connection, source, database, contracts, known, failed: dict[str, str]) -> list[Reading]:
    """How each dataset is read; what cannot be is noted in `failed`."""
    readings = []
    for contract in contracts:
        try:
            readings.append(plan(connection, source, database, contract, known.get(contract.name)))
        except DatasetError as error:
            failed[contract.name] = str(error)
    return readings


def plan(connection: Connection, source: Source, database: str, contract: Contract, known: Known | None = None) -> Reading:
    """Look up the SELECT's columns and types at the source, reading no row; DatasetError if the contract is not met."""
    dialect, select = DIALECTS[source.kind], source.datasets[contract.name]
    if select == OWN_CATALOGUE:
        return columns.reading(contract, *dialect.catalogue(connection, source, database))
    kinds = dialect.kinds(connection, source, database, select)
    found = origins(contract, kinds)
    asked, shapes = {}, {}
    for name, origin in found.items():
        asked[name], shapes[name] = dialect.shape(contract.columns[name], origin, kinds[origin], source)
    # A column that last night lacked makes the old rows worth reading again.
    where, reads_from = None, None
    if known and not known.absent & set(found):
        origin = found[contract.since]
        where = dialect.since(origin, kinds[origin], known.at, source)
        reads_from = known.at if where else None
    relation = f"({select}\n) AS q" + (f" WHERE {where}" if where else "")
    return Reading(contract, asked, relation, shapes, reads_from)
