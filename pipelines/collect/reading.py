"""What databases have in common: what is asked for a dataset, where the connection string lies, errors in our words."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines import warehouse
from pipelines.collect.sources import Source
from pipelines.collect.staging import DatasetError, Shape
from pipelines.register.contracts import Contract
from pipelines.warehouse import Connection

# Texts longer than any that is accepted are cut at the source: they are refused anyway.
CUT = 201
# How a database's refusal ends that the right GRANT cures.
NEEDS_GRANT = "`alpia sources --grants` prints what it needs"
OTHERWISE = "the source did not answer as it should: run the SELECT by hand over there"


@dataclass(frozen=True, slots=True)
class Reading:
    """What will be asked for one dataset: `asked`, the SQL of each column over `relation`, both of the source's own dialect.

    `shapes`: how each column is staged once it is here. `reads_from`: see Staged. `kinds`: the types of the SELECT's columns
    when this was planned; None for the database's own catalogue.
    """

    contract: Contract
    asked: Mapping[str, str]
    relation: str
    shapes: Mapping[str, Shape]
    reads_from: datetime | None = None
    kinds: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What last night holds of an event dataset: rows until `at` (less the overlap), without the columns `absent`."""

    at: datetime
    absent: frozenset[str]


@contextmanager
def while_attached(connection: Connection, source: Source, extension: str, make_secret: Callable, attach: Callable
                   ) -> Iterator[str]:
    """Attach the source by its database's own means, and yield the name it is attached under, as its secret is named.

    Nothing of either is left behind. DatasetError, in our words, if the source cannot be reached.
    """
    warehouse.load_extension(connection, extension)
    name = f"source_{source.name}"
    make_secret(connection, source, name)
    try:
        attach(connection, source, name)
        try:
            yield name
        finally:
            connection.execute(f"DETACH {name}")
    finally:
        connection.execute(f"DROP SECRET {name}")


def connection_string(source: Source) -> str:
    """What the source's environment variable holds; DatasetError where it is not set."""
    found = os.environ.get(source.secret, "").strip()
    if not found:
        raise DatasetError(f"the environment variable {source.secret} is not set: put the connection string there")
    return found


def fields_of_uri(dsn: str) -> dict[str, str]:
    """The parts of scheme://user:password@host:port/database?option=…, as libpq names them, and its options; {} if none."""
    try:
        parts = urlsplit(dsn)
        fields = {"host": parts.hostname, "port": str(parts.port or ""), "user": parts.username,
                  "password": parts.password, "dbname": parts.path.lstrip("/")}
    except ValueError:
        return {}
    found = {key: unquote(value) for key, value in fields.items() if value}
    return found | dict(parse_qsl(parts.query))


def in_our_words(message: str, source: Source, sentences: tuple[tuple[str, str], ...]) -> str:
    """A database's error without a value and without a secret: the sentence of the first pattern that fits.

    A group of a pattern is the name of a table or column, never a value.
    """
    for pattern, words in sentences:
        match = re.search(pattern, message)
        if match:
            return words.format(*match.groups(), secret=source.secret, timeout=source.statement_timeout_seconds)
    return OTHERWISE
