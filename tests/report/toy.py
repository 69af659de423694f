"""A small invented warehouse for the tests of the reports: every state, every verdict, and plans with hostile names."""

from datetime import date
from pathlib import Path

from pipelines import warehouse
from pipelines.home import Home
from pipelines.models import engine
from pipelines.models.tables import FORGOTTEN
from pipelines.operate import keys
from pipelines.register import contracts as contracts_register
from pipelines.register import periods, policy, tables

AS_OF = date(2026, 1, 31)
KEY = "5a" * 32  # of the warehouse: a copy that lies outside the home is opened with it
HOSTILE_SCRIPT = "<script>document.title='owned'</script>"
HOSTILE_LINK = '<a href="http://a">Pro</a>'  # short enough to stand whole on an axis
PLANS = ("Solo", "Équipe", HOSTILE_SCRIPT, HOSTILE_LINK, "=HYPERLINK(\"http://x\")\u202egnp.exe" + "x" * 300)
HOSTILE_DOMAIN = '<a href="http://b">b</a>\u202e.example'
HOSTILE_ACTION = "<b onclick=x>edit</b>"

STATEMENTS = Path(__file__).with_name("toy.sql")


def make_home(folder: Path) -> Home:
    """A home with one published warehouse for AS_OF; nothing in it comes from a source."""
    (folder / "sources.toml").write_text("", encoding="utf-8")
    home = Home(folder)
    home.prepare()
    keys.write(home, "warehouse", KEY)
    built = home.warehouse / "building" / "toy" / "warehouse.duckdb"
    connection = make_warehouse(built)
    warehouse.finish(connection)
    warehouse.publish(home, built, AS_OF, "toy")
    return home


def make_warehouse(path: Path):
    """A read-write connection to a new file that holds every stage."""
    contracts = contracts_register.load()
    connection = warehouse.create(path, None, contracts)
    tables.write(connection, policy.load(), contracts)
    periods.install(connection)
    connection.execute(warehouse.CARRIED_LAYOUT.read_text(encoding="utf-8"))
    bindings = engine.clock(connection, AS_OF)
    for statement in connection.extract_statements(STATEMENTS.read_text(encoding="utf-8")):
        given = {**bindings, "plans": list(PLANS), "hostile_domain": HOSTILE_DOMAIN, "hostile_action": HOSTILE_ACTION}
        connection.execute(statement, {name: given[name] for name in statement.named_parameters})
    connection.execute(FORGOTTEN)
    engine.record_run(connection, "Toy", AS_OF, ("", "", ""), {})
    engine.build(connection, "report", bindings)
    return connection
