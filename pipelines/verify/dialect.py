"""The SQLAlchemy dialect through which Great Expectations reads a warehouse: read-only, with our settings.

Great Expectations closes its connection before it fetches, and DuckDB drops what was not fetched by then. Here every
result is taken whole as soon as it is there. That is bounded: checks are aggregates and come in one row, so that a
longer result is a mistake, and rows of persons are nobody's to hold.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from duckdb_sqlalchemy import ConnectionWrapper, Dialect
from sqlalchemy import URL, pool
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from pipelines import warehouse
from pipelines.errors import AlpiaError

NAME = "duckdb.alpia"
MOST_ROWS = 100
_opened: dict[str, warehouse.Connection] = {}


class BufferedContext(Dialect.execution_ctx_cls):
    """Takes a result whole as soon as its statement has run; AlpiaError where it has more than MOST_ROWS rows."""

    def post_exec(self) -> None:
        super().post_exec()
        if self.cursor is None or not self.cursor.description:
            return
        rows = self.cursor.fetchmany(MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            raise AlpiaError(f"A check asked for more than {MOST_ROWS} rows: checks count, they do not list.")
        self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(self.cursor, initial_buffer=rows)


class WarehouseDialect(Dialect):
    """duckdb-sqlalchemy's dialect over a read-only connection that `warehouse` has opened."""

    execution_ctx_cls = BufferedContext
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        return pool.StaticPool

    def connect(self, *arguments, database: str, **settings) -> ConnectionWrapper:
        held = _opened.get(database)
        return ConnectionWrapper(warehouse.cursor(held) if held else warehouse.read(Path(database)))


@contextmanager
def opened(path: Path) -> Iterator[str]:
    """The file's URL, under which it is open once, however often Great Expectations connects."""
    place = str(Path(path).resolve())
    with closing(warehouse.read(path)) as connection:
        _opened[place] = connection
        try:
            yield address(path)
        finally:
            del _opened[place]


def address(path: Path) -> str:
    """The URL of a warehouse file, whatever characters its path has."""
    registry.register(NAME, __name__, WarehouseDialect.__name__)
    url = URL.create(NAME.replace(".", "+"), database=str(Path(path).resolve()))
    return url.render_as_string(hide_password=False)
