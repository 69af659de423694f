"""The sources of a home (sources.toml): from where each dataset is read. Nothing is opened by loading them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from zoneinfo import available_timezones

from pipelines.collect.backups.catalogue import PGBACKREST, RECORDS, RESTIC, TOOLS, Catalogue, Names
from pipelines.collect.traffic.formats import FormatError, compiled
from pipelines.errors import AlpiaError
from pipelines.register import columns
from pipelines.register.document import NAME, Entry, read

DATABASES = ("postgres", "mariadb")
KINDS = (*DATABASES, "files", "access_log", "backups", "tls_probes")
# The one dataset that a source of that kind gives.
ACCESS_LOG, BACKUPS, TLS_PROBES = "access_log", "backups", "tls_probes"
# What the catalogue of a source's columns gives, and what stands for it where it is read from the database's own.
SOURCE_COLUMNS, COLUMN_EXEMPTIONS = "source_columns", "column_exemptions"
OWN_CATALOGUE = "the database's own catalogue"
# What a web server's log gives besides: what it records at all, and which of its files are there.
LOG_FIELDS, RAW_LOGS = "log_fields", "raw_logs"
SSL_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
DEFAULT_OVERLAP_DAYS = 7
DEFAULT_TIMEOUT_SECONDS = 900
SELECT = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:select|with|from|\()\b|\s*\(", re.IGNORECASE)
ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class System:
    """The watched system. `founded_on`: no row may be older. `as_of`: a fixed clock, for a demo only.

    `history_from`: per dataset, the local day from which the source holds everything.
    """

    name: str
    founded_on: date
    as_of: date | None
    history_from: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How a web server's log is read. `files`: paths or globs; `form`: a format's name or its text.

    `fields`: for a field of ours, the variable or JSON key that tells it; `sites`: our own host names, of which a referrer
    is internal; `countries`: a MaxMind-format database of countries, relative to the home.
    """

    files: tuple[str, ...]
    form: str
    fields: Mapping[str, str]
    sites: tuple[str, ...]
    countries: str | None


@dataclass(frozen=True, slots=True)
class Exemption:
    """Columns that smell of a special category and are innocent: why, who says so, and the last day on which it counts."""

    pattern: str
    why: str
    who: str
    until_on: date


@dataclass(frozen=True, slots=True)
class ColumnRules:
    """What is said of the columns in a catalogue. `schemas`: those that are read, () for all.

    `categories`: patterns by category, as the file orders them; what none fits is left to the register's own.
    """

    schemas: tuple[str, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One place that datasets are read from. `datasets`: by name, a SELECT or (files) a path, a glob or a SELECT.

    `log`: how a web server's log is read; `catalogues`: those of the backups; `files`: of saved probes, paths or globs.
    `secret`: the environment variable with a database's connection string.
    `overlap_days`: per event dataset, how many days before the newest known row are read again.
    `columns`: of a source that gives a catalogue, what is said of the columns in it.
    `datetime_zone`: the zone in which the application writes DATETIME columns, which do not say it themselves (mariadb).
    """

    name: str
    kind: str
    datasets: Mapping[str, str]
    secret: str | None = None
    statement_timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    sslmode: str | None = None
    sslrootcert: Path | None = None
    overlap_days: Mapping[str, int] = field(default_factory=dict)
    log: LogSettings | None = None
    catalogues: tuple[Catalogue, ...] = ()
    files: tuple[str, ...] = ()
    datetime_zone: str | None = None
    columns: ColumnRules | None = None

    def overlap_of(self, dataset: str) -> int:
        return self.overlap_days.get(dataset, DEFAULT_OVERLAP_DAYS)


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources of a home, in the order of the file. `digest`: SHA-256 (hex) of the file's bytes."""

    system: System
    by_name: Mapping[str, Source]
    digest: str

    def of(self, dataset: str) -> Source | None:
        """The one source that gives the dataset, None where none does."""
        return next((source for source in self.by_name.values() if dataset in source.datasets), None)


def load(path: Path, contracts) -> Sources:
    """The sources in the file `path`. AlpiaError, one sentence naming file, key and cure, for anything that is nonsense."""
    entry, digest = read(Path(path))
    system = _system(entry.table("system"), contracts)
    sources = {name: _source(name, entry.table(name), contracts, Path(path).parent) for name in entry.names()}
    if not sources:
        raise entry.refuse("", "names no source", "write one table a source, as data/sources.example.toml shows")
    _refuse_two_givers(sources, entry)
    return Sources(system, MappingProxyType(sources), digest)


def is_select(text: str) -> bool:
    """Is a dataset's mapping SQL (and not a path)?"""
    return SELECT.match(text) is not None


def _system(entry: Entry, contracts) -> System:
    history = entry.table("history_from", {})
    days = {}
    for dataset in history.names():
        _check_dataset(dataset, history, contracts)
        days[dataset] = history.day(dataset)
    system = System(entry.text("name"), entry.day("founded_on"), entry.day("as_of", None), MappingProxyType(days))
    entry.done()
    return system


def _source(name: str, entry: Entry, contracts, home: Path) -> Source:
    if not NAME.fullmatch(name):
        raise entry.refuse("", "is not a source's name", "use lower-case letters, digits and underscores")
    kind = entry.one_of("kind", KINDS)
    if kind == ACCESS_LOG:
        source = _access_log(name, entry, contracts)
    elif kind == BACKUPS:
        source = _backups(name, entry)
    elif kind == TLS_PROBES:
        source = _tls_probes(name, entry)
    elif kind in DATABASES:
        source = _database(name, kind, entry, _datasets_or_catalogue(entry, contracts), home)
    else:
        source = _files(name, entry, _datasets(entry.table("datasets"), contracts))
    source = _with_columns(source, entry)
    if not source.datasets:
        raise entry.refuse("datasets", "is missing", "map a dataset, or write catalogue = true")
    entry.done()
    return source


def _with_columns(source: Source, entry: Entry) -> Source:
    """The source with what the file says of its catalogue, if it gives one: the database's own, a file or a SELECT."""
    schemas = _schemas(entry) if source.kind in DATABASES else None
    datasets = dict(source.datasets)
    if schemas is not None:
        if SOURCE_COLUMNS in datasets:
            raise entry.refuse("catalogue", f"stands beside datasets.{SOURCE_COLUMNS}", "keep one of the two")
        datasets[SOURCE_COLUMNS] = OWN_CATALOGUE
    if SOURCE_COLUMNS not in datasets:
        return source
    rules = ColumnRules(schemas or (), columns.categories(entry.table("categories", {})), _exemptions(entry))
    return replace(source, datasets=MappingProxyType(datasets | {COLUMN_EXEMPTIONS: "exemptions"}), columns=rules)


def _schemas(entry: Entry) -> tuple[str, ...] | None:
    """`catalogue = true` for all schemas that are the application's, or a list of them; None where it is not read."""
    if "catalogue" not in entry.names():
        return None
    listed = entry.words_or_flag("catalogue")
    if listed == ():
        raise entry.refuse("catalogue", "names no schema", "write true, or the schemas to read")
    if isinstance(listed, bool):
        return () if listed else None
    return listed


def _exemptions(entry: Entry) -> tuple[Exemption, ...]:
    if "exemptions" not in entry.names():
        return ()
    found = []
    for one in entry.tables("exemptions", "column"):
        [pattern] = columns.patterns(Entry({"column": [one.name]}, one.file, one.place), "column")
        one.text("column")
        found.append(Exemption(pattern, one.text("why"), one.text("who"), one.day("until")))
        one.done()
    return tuple(found)


def _access_log(name: str, entry: Entry, contracts) -> Source:
    files = _paths(entry, "files")
    named = entry.table("fields", {})
    fields = {key: named.text(key) for key in named.names()}
    countries = entry.text("countries", None)
    if countries:
        _refuse_strange_path(countries, "countries", entry)
    settings = LogSettings(files, entry.text("format", "combined"), MappingProxyType(fields), entry.words("sites", ()),
                           countries)
    try:
        compiled(settings.form, settings.fields)
    except FormatError as error:
        raise entry.refuse("format", str(error), "see data/README.md") from None
    given = {dataset: ", ".join(files) for dataset in (ACCESS_LOG, LOG_FIELDS, RAW_LOGS) if dataset in contracts}
    return Source(name, ACCESS_LOG, MappingProxyType(given), log=settings)


def _backups(name: str, entry: Entry) -> Source:
    listed = entry.table("catalogues")
    catalogues = tuple(_catalogue(key, listed.table(key)) for key in listed.names())
    if not catalogues:
        raise entry.refuse("catalogues", "names no catalogue", "write one table a repository, or take the source out")
    paths = ", ".join(path for catalogue in catalogues for path in catalogue.files)
    return Source(name, BACKUPS, MappingProxyType({BACKUPS: paths}), catalogues=catalogues)


def _catalogue(name: str, entry: Entry) -> Catalogue:
    """One catalogue; of what a tool tells by itself, nothing may be said, and the rest must be."""
    tool = entry.one_of("tool", TOOLS)
    catalogue = Catalogue(name, tool, _paths(entry, "files"), _paths(entry, "logs", ()) if tool == RESTIC else ())
    if tool != RECORDS:
        catalogue = replace(
            catalogue, holds_trash=entry.flag("holds_trash", None),
            servers=_names(entry, "server", "servers" if tool == PGBACKREST else None),
            sources=_names(entry, "source", "sources"),
            volumes=_names(entry, "volume" if tool == PGBACKREST else None, "volumes", is_needed=False))
    entry.done()
    return catalogue


def _paths(entry: Entry, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
    if default is not None and key not in entry.names():
        return default
    paths = entry.text_or_words(key)
    for path in paths:
        _refuse_strange_path(path, key, entry)
    return paths


def _names(entry: Entry, one: str | None, by: str | None, is_needed: bool = True) -> Names:
    """What is said of all (`one = "…"`) or, in a table `[by]`, of each of the tool's own names: one of the two."""
    said = [key for key in (one, by) if key in entry.names()]
    if len(said) != 1 and (said or is_needed):
        ways = " or ".join(part for part in (one and f"{one} = …", by and f"a table {by}") if part)
        raise entry.refuse(one or by, "is said twice" if said else "is missing", f"write {ways}")
    if not said:
        return Names()
    if said[0] == one:
        return Names(one=_word(entry, one))
    named = entry.table(by)
    return Names(by=MappingProxyType({key: _word(named, key) for key in named.names()}))


def _word(entry: Entry, key: str) -> str:
    """A name of ours: volumes are listed apart by spaces, so that none may hold one."""
    word = entry.text(key)
    if len(word.split()) != 1 or word != word.strip():
        raise entry.refuse(key, f"is {word!r}", "write one word, without a space")
    return word


def _tls_probes(name: str, entry: Entry) -> Source:
    files = _paths(entry, "files")
    return Source(name, TLS_PROBES, MappingProxyType({TLS_PROBES: ", ".join(files)}), files=files)


def _refuse_strange_path(path: str, key: str, entry: Entry) -> None:
    """Nothing outside the home unless it is said outright, and nothing from a network."""
    if ".." in PurePosixPath(path).parts:
        raise entry.refuse(key, "leaves the home by '..'",
                           "write a path inside the home, or the absolute path if that is meant")
    if "://" in path:
        raise entry.refuse(key, "is an address", "write a path: nothing is fetched from a network here")


def _datasets_or_catalogue(entry: Entry, contracts) -> dict[str, tuple[str, Entry]]:
    """The datasets of a database; it may have none where its catalogue is all that is read of it."""
    if "catalogue" in entry.names() and "datasets" not in entry.names():
        return {}
    return _datasets(entry.table("datasets"), contracts)


def _datasets(entry: Entry, contracts) -> dict[str, tuple[str, Entry]]:
    names = entry.names()
    if not names:
        raise entry.refuse("", "names no dataset", "map one, or take the source out")
    for name in names:
        _check_dataset(name, entry, contracts)
        if name == COLUMN_EXEMPTIONS:
            raise entry.refuse(name, "is no dataset to be read", f"write [[exemptions]] beside what gives {SOURCE_COLUMNS}")
    return {name: (entry.text(name).strip().removesuffix(";"), entry) for name in names}


def _check_dataset(name: str, entry: Entry, contracts) -> None:
    if name not in contracts:
        raise entry.refuse(name, "has no contract", f"name one of {', '.join(contracts)}")


def _database(name: str, kind: str, entry: Entry, datasets: dict[str, tuple[str, Entry]], home: Path) -> Source:
    for dataset, (text, place) in datasets.items():
        if not is_select(text):
            raise place.refuse(dataset, "is no SELECT", "write the SELECT that names the contract's columns")
    certificate = entry.text("sslrootcert", None)
    return Source(
        name, kind, _texts(datasets),
        secret=_secret(entry),
        statement_timeout_seconds=entry.whole("statement_timeout_seconds", DEFAULT_TIMEOUT_SECONDS),
        sslmode=entry.one_of("sslmode", SSL_MODES, None),
        sslrootcert=home / certificate if certificate else None,
        overlap_days=_overlap(entry.table("overlap", {}), datasets),
        datetime_zone=_zone(entry) if kind == "mariadb" else None,
    )


def _zone(entry: Entry) -> str | None:
    """The name of a time zone that is known here."""
    name = entry.text("datetime_zone", None)
    if name is not None and name not in available_timezones():
        raise entry.refuse("datetime_zone", f"is {name!r}", "write a zone such as Europe/Paris or UTC")
    return name


def _secret(entry: Entry) -> str:
    """The name of the variable; a connection string in its place is refused without being repeated."""
    name = entry.text("secret")
    if not ENVIRONMENT_NAME.fullmatch(name):
        raise entry.refuse("secret", "is not the name of an environment variable",
                           "write the variable's name here and the connection string into the variable")
    return name


def _overlap(entry: Entry, datasets: dict) -> Mapping[str, int]:
    strange = next((name for name in entry.names() if name not in datasets), None)
    if strange:
        raise entry.refuse(strange, "is no dataset of this source", "take it out, or map the dataset")
    return MappingProxyType({name: entry.whole(name) for name in entry.names()})


def _files(name: str, entry: Entry, datasets: dict[str, tuple[str, Entry]]) -> Source:
    for dataset, (text, place) in datasets.items():
        if is_select(text):
            continue
        _refuse_strange_path(text, dataset, place)
    return Source(name, "files", _texts(datasets))


def _texts(datasets: dict[str, tuple[str, Entry]]) -> Mapping[str, str]:
    return MappingProxyType({name: text for name, (text, _) in datasets.items()})


def _refuse_two_givers(sources: Mapping[str, Source], entry: Entry) -> None:
    givers: dict[str, str] = {}
    for source in sources.values():
        for dataset in source.datasets:
            if dataset in givers:
                raise entry.refuse(f"{source.name}.datasets.{dataset}", f"is already given by {givers[dataset]}",
                                   "keep one of the two, or join them in one SELECT")
            givers[dataset] = source.name


def require(sources: Sources, dataset: str) -> Source:
    """The source of a dataset; AlpiaError where no source gives it."""
    source = sources.of(dataset)
    if source is None:
        raise AlpiaError(f"No source gives {dataset}: map it in sources.toml.")
    return source
