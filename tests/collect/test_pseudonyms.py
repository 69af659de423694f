"""Pseudonyms are HMAC-SHA-256, whatever the id and the key, and nobody reads an id or the key in the warehouse."""

import hashlib
import hmac

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import warehouse
from pipelines.collect.pseudonyms import expression, kind_of, pads, pseudonym


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=32, max_size=100), st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=300))
def test_sql_and_python_agree_with_the_standard(key, identity):
    con = warehouse.memory()
    sql = f"SELECT {expression('account', '$id')}"
    found = con.execute(sql, {**pads(key), "id": identity}).fetchone()[0]
    standard = hmac.new(key, b"account:" + identity.encode(), hashlib.sha256).hexdigest()
    assert found == pseudonym(key, "account", identity) == "account-" + standard[:24]
    con.close()


def test_nobody_is_nobody():
    con = warehouse.memory()
    assert con.execute(f"SELECT {expression('account', 'NULL::VARCHAR')}", pads(b"k" * 32)).fetchone() == (None,)


def test_a_kind_may_hold_a_hyphen_or_not():
    assert kind_of(pseudonym(b"k" * 32, "deletion_request", "7")) == "deletion_request"


def test_the_same_id_of_another_kind_or_under_another_key_is_a_stranger():
    assert len({pseudonym(key, kind, "1")[-24:] for key in (b"k" * 32, b"l" * 32) for kind in ("account", "user")}) == 4


def test_a_collection_leaves_neither_key_nor_id_in_its_file(place):
    place.write("accounts.csv", "account_id,created_at,state,email\nraw-1,2020-01-01T10:00:00Z,active,\n")
    place.map_files(accounts="accounts.csv")
    collected = place.collect()
    assert collected.rows("SELECT account_id FROM source.accounts") == [(pseudonym(place.key, "account", "raw-1"),)]
    collected.close()
    content = collected.path.read_bytes()
    for secret in (place.key, place.key.hex().encode(), *pads(place.key).values(), b"raw-1"):
        assert secret not in content
