"""A database as a source: one read-only snapshot, and only the columns of the contracts, by SQL that runs over there.

PostgreSQL and MariaDB are two dialects of this one way. A dialect says how to attach, of which types a SELECT's columns are,
how each is asked for, and how one snapshot is read.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pipelines.collect import columns, mariadb, postgres
from pipelines.collect.reading import Known, Reading
from pipelines.collect.retries import CHANGED, Attempts, may_pass
from pipelines.collect.sources import OWN_CATALOGUE, Source
from pipelines.collect.staging import DatasetError, Staged, origins, table_of
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection

DIALECTS = MappingProxyType({"postgres": postgres, "mariadb": mariadb})


def stage(connection: Connection, source: Source, contracts: Iterable[Contract], known: Mapping[str, Known],
          attempts: Attempts | None = None) -> tuple[list[Staged], dict[str, str]]:
    """Read the datasets into staging, all in one snapshot; returns what was read, and what failed: {dataset: why}.

    An event dataset that is `known` is read from there on, the others whole. A dataset that fails inside the snapshot ends
    it for all: the others are read again, over a new connection, in a new one; and so is, after a while, what failed in a
    way that may pass by itself (see `retries`). `attempts` counts how often that was.
    """
    attempts, left = attempts or Attempts(), list(contracts)
    failed: dict[str, str] = {}
    while left:
        attempts.made += 1
        for contract in left:  # what an attempt before had read
            connection.execute(f"DROP TABLE IF EXISTS {table_of(contract)}")
        staged, whys = _once(connection, source, left, known)
        passing = {name for name, why in whys.items() if may_pass(why, source.secret)}
        if passing and not attempts.again():
            passing = set()
        failed |= {name: why for name, why in whys.items() if name not in passing}
        if staged and not passing:
            return staged, failed
        left = [contract for contract in left if contract.name not in failed]
    return [], failed


def _once(connection: Connection, source: Source, contracts: list[Contract], known: Mapping[str, Known]
          ) -> tuple[list[Staged], dict[str, str]]:
    """One attempt over one connection; (what was read, {what was not: why})."""
    dialect = DIALECTS[source.kind]
    failed: dict[str, str] = {}
    try:
        with dialect.attached(connection, source) as database:
            readings = _plans(connection, source, database, contracts, known, failed)
            staged, why = dialect.read(connection, source, database, readings) if readings else ([], {})
            changed = _changed(connection, source, database, readings) if staged else {}
    except DatasetError as error:
        return [], {contract.name: str(error) for contract in contracts}
    return staged, failed | why | changed


def _changed(connection: Connection, source: Source, database: str, readings: list[Reading]) -> dict[str, str]:
    """The datasets whose columns are other ones than before they were read: of these nobody knows what the rows mean."""
    dialect = DIALECTS[source.kind]
    return {reading.contract.name: CHANGED for reading in readings
            if reading.kinds is not None
            and dialect.kinds(connection, source, database, source.datasets[reading.contract.name]) != reading.kinds}


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
    return Reading(contract, asked, relation, shapes, reads_from, kinds)
