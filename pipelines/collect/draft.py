"""A first sources.toml, drafted from a database's catalogue: what is evident is mapped, the rest is there to be completed.

Only names and types are read; the connection string stays in the environment. What the draft maps, the database itself was
asked to run, without a row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import wrap
from types import MappingProxyType

from pipelines import warehouse
from pipelines.collect import columns, database, guess, mariadb
from pipelines.collect.guess import ZONE, Guess, Table
from pipelines.collect.reading import NEEDS_GRANT
from pipelines.collect.sources import ENVIRONMENT_NAME, OWN_CATALOGUE, SOURCE_COLUMNS, ColumnRules, Source
from pipelines.collect.staging import DatasetError, open_staging
from pipelines.errors import AlpiaError, UsageError
from pipelines.home import REPOSITORY
from pipelines.register import columns as column_register
from pipelines.register import names
from pipelines.warehouse import Connection, identifier

NAME = "app"
EXAMPLE = REPOSITORY / "data" / "sources.example.toml"
# From here on the example shows the sources of other kinds.
OTHERS_BEGIN = "# The web server's own log"
QUOTES = MappingProxyType({"postgres": identifier, "mariadb": mariadb.name_of})
NEEDS_SCHEMA = frozenset({"postgres"})  # elsewhere the connection names the one that is meant
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WIDTH = 120
MOST_NAMED, MOST_PATTERNS = 200, 40

HEAD = """\
# Drafted by `alpia sources new` from the names and types of a database's columns; no row was read.
# What was evident is mapped: read it all the same, for a name may mislead. The rest is commented out. A # with no space
# after it stands before a setting or SQL: take it away from all lines of a part once they are right. Each … is yours.
# Every dataset is optional and given by one source at most; what it must look like stands in expectations/contracts.toml.
# `alpia sources` then says which promises cannot be verified yet, `alpia sources --grants` what the database's role needs.

[system]
name = "Our system"                          # as the reports call it
founded_on = 2000-01-01                      # correct it: an older row is set aside
#history_from = { activity = 2000-01-01 }    # from this day on the source holds everything
"""
SETTINGS = """\
# Passwords stand in the environment only: `secret` names the variable that holds a connection string.
[app]
kind = "{kind}"
secret = "{secret}"
{zone}#statement_timeout_seconds = 900
#sslmode = "verify-full"                      # prefer (default): TLS where the server has it
#sslrootcert = "keys/app-ca.crt"              # beside this file
catalogue = true                             # names, types and comments of all columns, no row; or a list of schemas

# One SELECT a dataset, run at the source in one read-only snapshot. Of a personal column only give whether it is filled.
"""
DATETIME_ZONE = f'datetime_zone = "{ZONE}"               # correct it: in which zone are DATETIME columns written?\n'
CATEGORIES = """
# To which of the policy's categories the columns belong (contact, billing, management, usage, traffic; technical: keys and
# bookkeeping). What no pattern here or in expectations/columns.toml fits is a finding. Judge each before you declare it.
"""
EXEMPTIONS = """
# A column whose name or comment sounds like a special category (health, religion …) and is innocent.
#[[app.exemptions]]
#column = "table.column"
#why = "…"
#who = "…"
#until = 2000-12-31

# The sources of other kinds, as an example.
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a sources.toml, and what was guessed for each dataset."""

    text: str
    guesses: tuple[Guess, ...]


def draft(kind: str, secret: str, contracts) -> Draft:
    """What sources.toml may be for the database whose connection string the environment variable `secret` holds.

    AlpiaError, in our words and without the string, where the database or its catalogue cannot be read; UsageError where
    `secret` is not the name of a variable (it is not repeated: it may be the string itself).
    """
    if not ENVIRONMENT_NAME.fullmatch(secret):
        raise UsageError("--secret is not the name of an environment variable: put the connection string into a variable, "
                         "and write the variable's name.")
    source = Source(NAME, kind, {SOURCE_COLUMNS: OWN_CATALOGUE}, secret=secret, columns=ColumnRules(),
                    datetime_zone=ZONE if kind == "mariadb" else None)
    register = names.load(contracts)
    connection = warehouse.memory()
    try:
        tables = _catalogue(connection, source, contracts)
        found = _proven(connection, source, guess.guesses(register, contracts, kind, tables))
    except DatasetError as error:
        raise AlpiaError(f"{kind}: {error}.") from None
    finally:
        connection.close()
    return Draft(_text(source, found, tables, register), tuple(found))


def write(path: Path, text: str) -> None:
    """Write a new file, and its folder, for their owner alone; UsageError where the file is there already."""
    refuse_existing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(text)
    except FileExistsError:
        refuse_existing(path)


def refuse_existing(path: Path) -> None:
    """UsageError where the file is there: it holds a mapping that somebody wrote."""
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} is there already, and nothing is overwritten: move it away, or name another --home.")


def _catalogue(connection: Connection, source: Source, contracts) -> list[Table]:
    asked = columns.as_read(contracts[SOURCE_COLUMNS])
    open_staging(connection)
    staged, failed = database.stage(connection, source, [asked], {})
    if failed:
        raise DatasetError(failed[SOURCE_COLUMNS])
    rows = connection.execute("SELECT schema_name, table_name, column_name, data_type "
                              f"FROM {staged[0].table} ORDER BY ALL").fetchall()
    if not rows:
        raise DatasetError("the catalogue shows no table: is this the application's database?")
    return guess.tables_of(rows)


def _proven(connection: Connection, source: Source, guesses: list[Guess]) -> list[Guess]:
    """The guesses; an evident one that the database would not run is no longer evident, and says why.

    One that this role may not read stands: that is what the grants are for.
    """
    with database.DIALECTS[source.kind].attached(connection, source) as name:
        return [_tried(connection, source, name, one) if one.is_evident else one for one in guesses]


def _tried(connection: Connection, source: Source, name: str, one: Guess) -> Guess:
    sql = "\n".join(guess.select(one, QUOTES[source.kind], source.kind in NEEDS_SCHEMA))
    try:
        database.plan(connection, replace(source, datasets={one.contract.name: sql}), name, one.contract)
    except DatasetError as error:
        if not f"{error}".endswith(NEEDS_GRANT):
            return replace(one, refusal=f"{error}")
    return one


def quote_of(kind: str):
    """What quotes a name for the database, within TOML's basic texts and comments: no name ends a text or a line."""
    def quote(name: str) -> str:
        quoted = QUOTES[kind](name)
        return quoted[0] + "".join(_escaped(letter) for letter in quoted[1:-1]) + quoted[-1]
    return quote


def _escaped(letter: str) -> str:
    if letter in '\\"':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


def _text(source: Source, guesses: list[Guess], tables: list[Table], register) -> str:
    quote, with_schema = quote_of(source.kind), source.kind in NEEDS_SCHEMA
    parts = [HEAD, SETTINGS.format(kind=source.kind, secret=source.secret,
                                   zone=DATETIME_ZONE if source.datetime_zone else "")]
    parts.append("[app.datasets]" if any(one.is_evident for one in guesses) else "#[app.datasets]")
    for one in sorted(guesses, key=lambda one: not one.is_evident):
        parts += ["", *_dataset(one, quote, with_schema)]
    parts += ["", *_left(guesses, tables, quote, with_schema), CATEGORIES + "\n".join(_categories(guesses, register)),
              EXEMPTIONS, *_others()]
    return "\n".join(parts) + "\n"


def _dataset(one: Guess, quote, with_schema: bool) -> Iterator[str]:
    """The lines of one dataset: what was thought, and the SELECT."""
    for sentence in _thoughts(one, quote, with_schema):
        yield from _prose(sentence)
    mark = "" if one.is_evident else "#"
    yield f'{mark}{one.contract.name} = """'
    for line in _lines(one, quote, with_schema):
        yield f"#{line.strip()}" if mark else line
    yield f'{mark}"""'


def _lines(one: Guess, quote, with_schema: bool) -> list[str]:
    if one.option:
        return guess.select(one, quote, with_schema, is_whole=not one.is_evident)
    needed = [f"… AS {guess.alias(column.name, quote)}" for column in one.contract.columns.values() if column.required]
    return ["SELECT", *(f"{line}," for line in needed[:-1]), needed[-1], "FROM …"]


def _thoughts(one: Guess, quote, with_schema: bool) -> Iterator[str]:
    """What somebody should know who reads the SELECT, a sentence a line."""
    title = f"{one.contract.name}: a row is {one.contract.grain}."
    if not one.option:
        yield f"{title} No table looks like it."
        return
    others = ", ".join(guess.place(table, quote, with_schema) for table in one.rivals)
    if one.is_evident:
        yield title
    elif one.refusal:
        yield f"{title} The database does not run this: {one.refusal}."
    elif others:
        yield f"{title} This, or {others}? Choose, and correct the SELECT."
    else:
        lacking = ", ".join(column.name for column in one.option.missing if column.required)
        yield f"{title} The likeliest table has no column that is evidently {lacking}."
    for name, candidates in one.candidates.items():
        yield f"  {name}: perhaps {', '.join(map(quote, candidates))}"
    absent = [column.name for column in one.option.missing if column.name not in one.candidates]
    if absent:
        yield f"  without {', '.join(absent)}"
    zoned = [name for name, term in one.option.terms.items() if ZONE in term.form]
    if zoned:
        yield f"  {', '.join(zoned)}: not said in which time zone; {ZONE} is a guess"
    for name in one.option.terms:
        if one.contract.columns[name].values:
            said = ", ".join(one.contract.columns[name].values)
            yield f"  {name}: must say {said}; write a CASE where yours says it otherwise"


def _prose(sentence: str) -> list[str]:
    indent = "  " * sentence.startswith(" ")
    return wrap(sentence.strip(), WIDTH, initial_indent=f"# {indent}", subsequent_indent=f"#   {indent}")


def _left(guesses: list[Guess], tables: list[Table], quote, with_schema: bool) -> list[str]:
    """The tables of which nothing was thought, so that nobody has to look for them."""
    thought = [table for one in guesses if one.option
               for table in (one.option.table, *one.rivals, *(one.option.joined or ())[:1])]
    left = [guess.place(table, quote, with_schema) for table in tables if table not in thought]
    if not left:
        return ["# There are no other tables."]
    more = f" and {len(left) - MOST_NAMED} more" if len(left) > MOST_NAMED else ""
    return _prose(f"The other tables ({len(left)}): {', '.join(left[:MOST_NAMED])}{more}.")


def _categories(guesses: list[Guess], register) -> Iterator[str]:
    """Commented patterns of the columns that no category covers yet, under that of the dataset they may be in."""
    known = [pattern for patterns in column_register.load().categories.values() for pattern in patterns]
    found: dict[str, dict[str, None]] = {}
    for one in guesses:
        category = one.contract.category if one.contract.category in column_register.CATEGORIES else "management"
        for table in [one.option.table] if one.option else []:
            for name in table.columns:
                if PLAIN.fullmatch(table.name) and PLAIN.fullmatch(name) and not register.is_personal(name) and not any(
                        column_register.fits(pattern, table.schema, table.name, name) for pattern in known):
                    found.setdefault(category, {})[f'"{table.name}.{name}"'] = None
    yield "#[app.categories]"
    for category, patterns in found.items():
        yield f"#{category} = ["
        yield from (f"#{line}" for line in wrap(", ".join(list(patterns)[:MOST_PATTERNS]), WIDTH, break_on_hyphens=False))
        yield "#]"


def _others() -> Iterator[str]:
    """The end of the example, commented out."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for line in text[text.index(OTHERS_BEGIN):].splitlines():
        yield line if not line or line.startswith("#") else f"#{line}"
