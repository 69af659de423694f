"""What the demo sets apart shows each thing that can become of an exception, and changes nothing that is planted."""

from datetime import date

from pipelines import run as job
from pipelines import warehouse
from pipelines.demo.generate import generate
from pipelines.home import Home
from pipelines.register import contracts, exceptions, policy

AS_OF = date(2026, 6, 30)


def test_the_demo_s_exceptions_load_and_show_what_can_become_of_one(tmp_path):
    generate(tmp_path / "home", 3, 60, AS_OF)
    held = exceptions.load(policy.load(), contracts.load(), tmp_path / "home")
    assert {one.kind for one in held.exempted.values()} == set(exceptions.KINDS)
    assert [name for name, one in held.exempted.items() if one.until_on < AS_OF] == ["ancienne-purge"]
    home = Home.locate(tmp_path / "home")
    collected = job.collect_stage(str(home.path), f"{AS_OF}")
    connection = warehouse.connect(collected.building)
    rows = connection.execute("SELECT subject, kind FROM register.exception JOIN obligation.current USING (subject) "
                              "WHERE obligation.current.promise = 'retention.deleted-accounts'").fetchall()
    assert len(rows) >= len(held.exempted)
    connection.close()
