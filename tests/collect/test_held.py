"""Collections that are held: a past day is rebuilt from the very rows that were collected for it."""

import pytest

from pipelines import warehouse
from pipelines.collect import collection
from pipelines.errors import AlpiaError

ROW = "account_id,created_at,state,email\nraw-1,2020-01-01T10:00:00Z,active,\nraw-2,nonsense,active,\n"


def test_a_held_collection_is_copied_whole(place):
    place.write("accounts.csv", ROW)
    place.map_files(accounts="accounts.csv")
    held = place.collect()
    held.close()
    place.write("accounts.csv", ROW.replace("raw-1", "raw-7"))
    rebuilt = warehouse.create(place.home.path / "rebuilt.duckdb", None, place.contracts)
    collection.copy_from_held(rebuilt, held.path, place.contracts)
    before = warehouse.read(held.path)
    for table in ("collection", "set_aside", *place.contracts):
        same = f"SELECT * FROM source.{table} ORDER BY ALL"
        assert rebuilt.execute(same).fetchall() == before.execute(same).fetchall()
    before.close()
    rebuilt.close()


def test_a_file_that_holds_no_collection_is_refused(place):
    empty = place.home.path / "empty.duckdb"
    warehouse.finish(warehouse.create(empty, None, place.contracts))
    con = warehouse.create(place.home.path / "rebuilt.duckdb", None, place.contracts)
    with pytest.raises(AlpiaError, match="holds no collection"):
        collection.copy_from_held(con, empty, place.contracts)
    con.close()


def test_a_dataset_that_had_no_contract_then_was_not_collected(place):
    place.write("accounts.csv", ROW)
    place.map_files(accounts="accounts.csv")
    held = place.collect()
    held.con.execute("DROP TABLE source.servers; DELETE FROM source.collection WHERE dataset = 'servers'; "
                     "ALTER TABLE source.accounts DROP COLUMN plan")
    held.close()
    con = warehouse.create(place.home.path / "rebuilt.duckdb", None, place.contracts)
    collection.copy_from_held(con, held.path, place.contracts)
    assert con.execute("SELECT status FROM source.collection WHERE dataset = 'servers'").fetchall() == [("missing",)]
    assert con.execute("SELECT count(*), count(plan) FROM source.accounts").fetchall() == [(1, 0)]
    con.close()
