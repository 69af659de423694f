"""A warehouse file again, under another pseudonym key: every subject renamed, or everything that rests on subjects left out.

The new name of a subject follows from the source's own id, which is asked of the sources again. Of one that no source knows
any more (an erased account) it follows from the old name, so that its history stays together, and leads to nobody.
"""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines import keyring, warehouse
from pipelines.collect import database, files
from pipelines.collect.backups import listings
from pipelines.collect.probes import staged as probes
from pipelines.collect.pseudonyms import LAYOUT, expression, pads
from pipelines.collect.reveal import givers
from pipelines.collect.sources import ACCESS_LOG, BACKUPS, TLS_PROBES, Source, Sources
from pipelines.collect.staging import close_staging, open_staging, table_of
from pipelines.collect.traffic import log_files
from pipelines.errors import AlpiaError
from pipelines.home import Home
from pipelines.warehouse import Connection, identifier

READERS = {BACKUPS: listings.stage, TLS_PROBES: probes.stage}
NAME = "[a-z_]+-[0-9a-f]{24}"
# The digests of days in logs are compared no more: what they are made by has changed.
REKEYED = " rekeyed"


@dataclass(frozen=True, slots=True)
class Renamed:
    """How many subjects have a new name from the source's own id, and how many from their old name alone."""

    known: int
    unknown: int


class Rekeying:
    """The change from one key to another in a home; `names` holds, in memory, each old name and its new one."""

    def __init__(self, home: Home, sources: Sources, contracts, old: bytes, new: bytes) -> None:
        self._home, self._sources, self._contracts, self._old, self._new = home, sources, contracts, old, new
        self.names = warehouse.memory()
        self.names.execute("CREATE TABLE renamed (before VARCHAR PRIMARY KEY, after VARCHAR, is_known BOOLEAN)")

    def learn(self, held: Iterable[Path]) -> Renamed:
        """Find the new name of every subject that these files name; AlpiaError where a source cannot be asked."""
        self.names.execute("CREATE TABLE met (name VARCHAR PRIMARY KEY)")
        for file in held:
            self._meet(file)
        kinds = [kind for (kind,) in self.names.execute(
            "SELECT DISTINCT regexp_replace(name, '-[^-]*$', '') FROM met ORDER BY 1").fetchall()]
        for kind in kinds:
            self._learn_from_sources(kind)
        known = self._count()
        for kind in kinds:
            self.names.execute(
                f"INSERT INTO renamed SELECT name, {expression(kind, 'name')}, false FROM met "
                "WHERE regexp_replace(name, '-[^-]*$', '') = $kind AND name NOT IN (SELECT before FROM renamed)",
                {**pads(self._new), "kind": kind})
        return Renamed(known, self._count() - known)

    def _meet(self, file: Path) -> None:
        with closing(warehouse.read(file)) as held:
            for schema, table, columns in _named_columns(held, warehouse.DATABASE):
                for column in columns:
                    found = held.execute(f"SELECT DISTINCT {identifier(column)} FROM {schema}.{identifier(table)} "
                                         f"WHERE regexp_full_match({identifier(column)}, '{NAME}')").fetchall()
                    self.names.execute("INSERT OR IGNORE INTO met SELECT unnest($names)",
                                       {"names": [name for (name,) in found]})

    def _learn_from_sources(self, kind: str) -> None:
        for contract, column in givers(self._contracts, kind):
            source = self._sources.of(contract.name)
            left = self.names.execute("SELECT count(*) FROM met WHERE regexp_replace(name, '-[^-]*$', '') = $kind "
                                      "AND name NOT IN (SELECT before FROM renamed)", {"kind": kind}).fetchone()[0]
            if left and source is not None and source.kind != ACCESS_LOG:
                self._ask(source, contract, column, kind)

    def _ask(self, source: Source, contract, column: str, kind: str) -> None:
        narrow = replace(contract, columns={column: contract.columns[column]}, key=(column,), since=None, counted_by=())
        open_staging(self.names)
        try:
            if source.kind in database.DIALECTS:
                staged, failed = database.stage(self.names, source, [narrow], {})
            else:
                staged, failed = files.stage(self.names, self._home, source, [narrow], READERS.get(source.kind))
            if failed:
                raise AlpiaError(f"The source {source.name} cannot tell the ids of {contract.name} "
                                 f"({failed[contract.name]}): nothing is rotated. Repair it; or, where it is "
                                 "gone for good, rotate with --reset.")
            before = expression(kind, "id").replace("$inner", "$old_inner").replace("$outer", "$old_outer")
            old = {f"old_{name}": pad for name, pad in pads(self._old).items()}
            for one in staged:
                self.names.execute(
                    f"INSERT OR IGNORE INTO renamed SELECT before, after, true FROM (SELECT {before} AS before, "
                    f"{expression(kind, 'id')} AS after FROM (SELECT DISTINCT {identifier(column)} AS id FROM "
                    f"{table_of(one.contract)} WHERE {identifier(column)} IS NOT NULL)) WHERE before IN (FROM met)",
                    {**pads(self._new), **old})
        finally:
            close_staging(self.names)

    def _count(self) -> int:
        return self.names.execute("SELECT count(*) FROM renamed").fetchone()[0]

    def rewrite(self, held: Path, built: Path, is_reset: bool) -> int:
        """Write the file `held` anew as `built`, under the new names; on a reset without any row that names a subject.

        Returns how many rows were left out. AlpiaError if an old name is left anywhere.
        """
        built.parent.mkdir(parents=True, exist_ok=True)
        built.parent.chmod(0o700)
        connection = warehouse.connect(built)
        built.chmod(0o600)
        warehouse.attach(connection, held, "held")
        connection.execute(f"COPY FROM DATABASE held TO {warehouse.DATABASE} (SCHEMA)")
        connection.register("names_met", self.names.execute("SELECT before, after FROM renamed").df())
        connection.execute("CREATE TEMP TABLE renamed AS FROM names_met")
        connection.unregister("names_met")
        named = {(schema, table): columns for schema, table, columns in _named_columns(connection, "held")}
        left_out = sum(self._copy(connection, *place, named.get(place, []), is_reset) for place in _tables(connection))
        connection.execute(LAYOUT)
        connection.execute("INSERT INTO register.pseudonym VALUES ($told)",
                           {"told": keyring.fingerprint(keyring.PSEUDONYM, self._new)})
        self._rekey_logs(connection)
        _refuse_old_names(connection)
        connection.execute("DETACH held")
        warehouse.finish(connection)
        return left_out

    def _copy(self, connection: Connection, schema: str, table: str, columns: list[str], is_reset: bool) -> int:
        place, held = (f"{one}.{schema}.{identifier(table)}" for one in (warehouse.DATABASE, "held"))
        names_anybody = " OR ".join(f"coalesce(regexp_full_match({identifier(column)}, '{NAME}'), false)"
                                    for column in columns) or "false"
        if is_reset:
            connection.execute(f"INSERT INTO {place} FROM {held} WHERE NOT ({names_anybody})")
            return connection.execute(f"SELECT count(*) FROM {held} WHERE {names_anybody}").fetchone()[0]
        joins = " ".join(f"LEFT JOIN renamed AS r{number} ON r{number}.before = t.{identifier(column)}"
                         for number, column in enumerate(columns))
        renamed = ", ".join(f"coalesce(r{number}.after, t.{identifier(column)}) AS {identifier(column)}"
                            for number, column in enumerate(columns))
        selected = f"t.* REPLACE ({renamed})" if columns else "t.*"
        connection.execute(f"INSERT INTO {place} SELECT {selected} FROM {held} AS t {joins}")
        return 0

    def _rekey_logs(self, connection: Connection) -> None:
        """The logs are known by keyed digests of their first bytes: made anew of those that are at hand."""
        source = self._sources.of(ACCESS_LOG)
        known = connection.execute("SELECT log_id, head_bytes FROM source.log_file").fetchall()
        heads = ([log_files.head(file) for file in log_files.find(self._home, source.log.files)]
                 if known and source is not None and source.log is not None else [])
        for log_id, length in known:
            content = next((head[:length] for head in heads if log_files.digest(self._old, head[:length]) == log_id),
                           log_id.encode())
            bindings = {"before": log_id, "after": log_files.digest(self._new, content)}
            for table in ("log_file", "log_day"):
                connection.execute(f"UPDATE source.{table} SET log_id = $after WHERE log_id = $before", bindings)
        connection.execute(f"UPDATE source.log_file SET hasher = hasher || '{REKEYED}'")
        connection.create_function("rekeyed", lambda told: log_files.digest(self._new, told.encode()), ["VARCHAR"],
                                   "VARCHAR")
        connection.execute("UPDATE source.log_day SET digest = rekeyed(digest) WHERE digest <> ''")

    def renamed_in(self, text: str) -> tuple[str, int]:
        """A text with every old name replaced, and how many names in it are renamed."""
        found = 0
        for before, after in self.names.execute("SELECT before, after FROM renamed").fetchall():
            if before in text:
                text, found = text.replace(before, after), found + 1
        return text, found


def _tables(connection: Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'held' "
                              "AND NOT internal AND (schema_name, table_name) <> ('register', 'pseudonym') "
                              "ORDER BY ALL").fetchall()


def _texts(connection: Connection, database_name: str) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The columns of each table that hold texts, with their types."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, kind in connection.execute(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = $database "
            "AND NOT internal AND data_type LIKE '%VARCHAR%' AND table_name IN (SELECT table_name FROM duckdb_tables() "
            "WHERE database_name = $database) ORDER BY ALL", {"database": database_name}).fetchall():
        found.setdefault((schema, table), []).append((column, kind))
    return found


def _named_columns(connection: Connection, database_name: str) -> list[tuple[str, str, list[str]]]:
    """(schema, table, columns) of the plain text columns in which a subject's name stands."""
    named = []
    for (schema, table), columns in _texts(connection, database_name).items():
        plain = [column for column, kind in columns if kind == "VARCHAR"]
        tests = ", ".join(f"coalesce(bool_or(regexp_full_match({identifier(column)}, '{NAME}')), false)" for column in plain)
        if plain:
            told = connection.execute(f"SELECT {tests} FROM {database_name}.{schema}.{identifier(table)}").fetchone()
            named.append((schema, table, [column for column, is_named in zip(plain, told, strict=True) if is_named]))
    return named


def _refuse_old_names(connection: Connection) -> None:
    """Look for old names in every text of the new file, also within longer texts and lists."""
    for (schema, table), columns in _texts(connection, warehouse.DATABASE).items():
        for column, _ in columns:
            left = connection.execute(
                f"SELECT count(*) FROM (SELECT DISTINCT unnest(regexp_extract_all({identifier(column)}::VARCHAR, '{NAME}')) "
                f"AS name FROM {schema}.{identifier(table)}) SEMI JOIN renamed ON renamed.before = name").fetchone()[0]
            if left:
                raise AlpiaError(f"{schema}.{table} would still hold {left} old names in {column}: nothing is rotated. "
                                 "This is an error of the product: report it.")
