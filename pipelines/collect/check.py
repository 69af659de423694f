"""A look at the sources without keeping anything: do they answer, and do their datasets meet the contracts?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipelines import warehouse
from pipelines.collect import columns, database, files
from pipelines.collect.backups import listings
from pipelines.collect.probes import staged
from pipelines.collect.sources import (
    ACCESS_LOG,
    BACKUPS,
    COLUMN_EXEMPTIONS,
    SOURCE_COLUMNS,
    TLS_PROBES,
    Source,
    Sources,
    is_select,
)
from pipelines.collect.staging import DatasetError
from pipelines.collect.traffic import access_log
from pipelines.home import Home
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of one dataset. `detail`: None, or a sentence on what is wrong or lacking."""

    source: str | None
    dataset: str
    ok: bool
    detail: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A promise that cannot be verified as things are, and the datasets that it lacks."""

    promise: str
    datasets: tuple[str, ...]


def check(home: Home, sources: Sources, contracts) -> list[Check]:
    """One finding a contract, in the contracts' order. Reads names and types of columns, and no row of a database.

    (That the rows keep the contract shows in the collection, where the bad ones are set aside and counted.)
    """
    found: dict[str, Check] = {}
    con = warehouse.memory()
    try:
        for source in sources.by_name.values():
            look = LOOKS[source.kind]
            found |= {finding.dataset: finding for finding in look(con, home, source, columns.asked(source, contracts))}
            if COLUMN_EXEMPTIONS in source.datasets:
                found[COLUMN_EXEMPTIONS] = replace(found[SOURCE_COLUMNS], dataset=COLUMN_EXEMPTIONS, detail=None)
    finally:
        con.close()
    nobody = "no source gives it: map it in sources.toml"
    return [found.get(name) or Check(None, name, False, nobody) for name in contracts]


def unverifiable(checks: Iterable[Check], policy) -> list[Gap]:
    """The promises with a rule whose datasets are not all at hand: they will be unverifiable."""
    lacking = {finding.dataset for finding in checks if not finding.ok}
    gaps = []
    for rule in policy.rules.values():
        missing = tuple(name for name in (*rule.needs, *rule.completes) if name in lacking)
        if missing:
            gaps.append(Gap(rule.promise, missing))
    return gaps


def _look_at_database(con: Connection, home: Home, source: Source, contracts: list[Contract]) -> list[Check]:
    try:
        with database.DIALECTS[source.kind].attached(con, source) as name:
            return [_checked(source, contract, lambda asked: database.plan(con, source, name, asked).shapes)
                    for contract in contracts]
    except DatasetError as error:
        return [Check(source.name, contract.name, False, str(error)) for contract in contracts]


def _look_at_files(con: Connection, home: Home, source: Source, contracts: list[Contract]) -> list[Check]:
    return [_checked(source, contract, lambda asked: _shapes_of_files(con, home, source, asked)) for contract in contracts]


def _shapes_of_files(con: Connection, home: Home, source: Source, contract: Contract) -> Iterable[str]:
    mapping = source.datasets[contract.name]
    if is_select(mapping):
        return files.plan_select(con, home, contract, mapping)
    return files.offered_columns(contract, files.plan(con, home, contract, mapping))


def _look_at_log(con: Connection, home: Home, source: Source, contracts: list[Contract]) -> list[Check]:
    return _counted(source, contracts, lambda: access_log.look(home, source))


def _look_at_probes(con: Connection, home: Home, source: Source, contracts: list[Contract]) -> list[Check]:
    return _counted(source, contracts, lambda: staged.look(home, source))


def _counted(source: Source, contracts: list[Contract], look) -> list[Check]:
    """Of a source whose datasets all come from its files: how many there are."""
    try:
        files = look()
    except DatasetError as error:
        return [Check(source.name, contract.name, False, str(error)) for contract in contracts]
    return [Check(source.name, contract.name, True, f"{files} files") for contract in contracts]


def _look_at_backups(con: Connection, home: Home, source: Source, contracts: list[Contract]) -> list[Check]:
    return [_checked(source, contract, lambda asked: listings.look(con, home, source, asked)) for contract in contracts]


LOOKS = {**dict.fromkeys(database.DIALECTS, _look_at_database), "files": _look_at_files, ACCESS_LOG: _look_at_log,
         BACKUPS: _look_at_backups, TLS_PROBES: _look_at_probes}


def _checked(source: Source, contract: Contract, look) -> Check:
    try:
        columns = set(look(contract))
    except DatasetError as error:
        return Check(source.name, contract.name, False, str(error))
    absent = [name for name in contract.columns if name not in columns]
    return Check(source.name, contract.name, True, f"without {', '.join(absent)}" if absent else None)
