"""Which declaration a cookie falls under: decided while its name is at hand, for it is kept as a pseudonym only.

A name may hold an id (`sess_12345`), so that only the pattern that was declared for it is kept in the clear.
"""

from collections.abc import Mapping
from dataclasses import replace

from pipelines.collect.staging import Staged
from pipelines.warehouse import Connection

COOKIES, DECLARED, FOUND = "cookies", "declared_cookies", "declared_as"
# In a pattern only * has a meaning: any characters, or none. One that is nothing but * says nothing of a name. Of several
# that fit, the one with most letters counts.
FIT = """
UPDATE staging.cookies AS c SET declared_as = (
    SELECT d.pattern FROM staging.declared_cookies AS d
    WHERE replace(d.pattern, '*', '') <> ''
      AND c.cookie_id GLOB replace(replace(d.pattern, '[', '[[]'), '?', '[?]')
    ORDER BY length(replace(d.pattern, '*', '')) DESC, d.pattern LIMIT 1)
"""


def declare(connection: Connection, staged: Mapping[str, Staged]) -> dict[str, Staged]:
    """The staged datasets, with `declared_as` filled in the cookies; what their source said of it is not believed."""
    cookies = staged.get(COOKIES)
    if cookies is None:
        return dict(staged)
    if FOUND in cookies.columns:
        connection.execute(f"ALTER TABLE {cookies.table} DROP COLUMN {FOUND}")
    connection.execute(f"ALTER TABLE {cookies.table} ADD COLUMN {FOUND} VARCHAR")
    if DECLARED in staged:
        connection.execute(FIT)
    columns = tuple(name for name in cookies.contract.columns if name in cookies.columns or name == FOUND)
    return {**staged, COOKIES: replace(cookies, columns=columns)}
