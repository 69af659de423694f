"""The three counts of a check, against counting by hand: NULL is neither true nor false, no rows are 0 and no NULL."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import warehouse
from pipelines.verify import check
from pipelines.verify.check import Check, Scan

ROWS = st.lists(st.tuples(st.sampled_from([None, -1, 0, 1, 2]), st.sampled_from([None, "a", "b"])), max_size=12)
CONNECTION = warehouse.memory()
patient = settings(deadline=None)  # a busy machine is no failure


def told(one: Check, rows: list[tuple], breaches: str | None = None) -> tuple:
    """What the check counts in a table t(number, word) of these rows."""
    CONNECTION.execute("CREATE OR REPLACE TABLE t (number INTEGER, word VARCHAR)")
    if rows:
        CONNECTION.executemany("INSERT INTO t VALUES (?, ?)", rows)
    return CONNECTION.execute(f"SELECT {one.rows}, {breaches or one.breaches}, {one.nulls} FROM t").fetchone()


@patient
@given(ROWS)
def test_a_condition_on_rows(rows):
    expected = (len(rows), sum(n is not None and n <= 0 for n, _ in rows), sum(n is None for n, _ in rows))
    assert told(check.of_rows("s", "t", "c", "number > 0", ""), rows) == expected


@patient
@given(ROWS)
def test_a_condition_on_some_rows(rows):
    asked = [n for n, word in rows if word == "a"]
    expected = (len(asked), sum(n is not None and n <= 0 for n in asked), sum(n is None for n in asked))
    assert told(check.of_rows("s", "t", "c", "number > 0", "", only="word = 'a'"), rows) == expected


@patient
@given(ROWS)
def test_a_condition_on_the_whole(rows):
    numbers = [n for n, _ in rows if n is not None]
    expected = (len(rows), int(bool(numbers) and max(numbers) <= 0), int(not numbers))
    assert told(check.of_whole("s", "t", "c", "max(number) > 0", ""), rows) == expected


@patient
@given(ROWS)
def test_a_key_by_hash_and_exactly(rows):
    whole = [row for row in rows if None not in row]
    expected = (len(rows), len(whole) - len(set(whole)), len(rows) - len(whole))
    key = check.of_key("s", "t", "c", ("number", "word"), "")
    assert told(key, rows, key.exact) == expected
    assert_is_upper_bound(told(key, rows), expected)


@patient
@given(ROWS)
def test_a_key_of_which_a_part_may_be_missing(rows):
    whole = [row for row in rows if row[0] is not None]
    expected = (len(rows), len(whole) - len(set(whole)), len(rows) - len(whole))
    key = check.of_key("s", "t", "c", ("number", "word"), "", optional=("word",))
    assert told(key, rows, key.exact) == expected
    assert_is_upper_bound(told(key, rows), expected)


@patient
@given(ROWS)
def test_a_key_of_which_every_part_may_be_missing(rows):
    key = check.of_key("s", "t", "c", ("number", "word"), "", optional=("number", "word"))
    assert told(key, rows, key.exact) == (len(rows), len(rows) - len(set(rows)), 0)


@patient
@given(ROWS)
def test_a_key_of_one_column(rows):
    words = [word for _, word in rows if word is not None]
    key = check.of_key("s", "t", "c", ("word",), "")
    expected = (len(rows), len(words) - len(set(words)), len(rows) - len(words))
    assert told(key, rows, key.exact) == expected
    assert_is_upper_bound(told(key, rows), expected)


def assert_is_upper_bound(cheap: tuple, exact: tuple) -> None:
    """Zero can be believed, and where every key is whole so can any number."""
    assert (cheap[0], cheap[2]) == (exact[0], exact[2])
    assert cheap[1] >= exact[1]
    assert exact[2] or cheap[1] == exact[1]


@patient
@given(ROWS, st.sets(st.sampled_from([-1, 0, 1, 2])), st.booleans())
def test_a_reference(rows, known, has_null):
    values = ", ".join(f"({number})" for number in known) or "(9)"
    select = f"SELECT number FROM (VALUES {values}{', (NULL)' if has_null else ''}) AS known(number)"
    asked = [number for number, _ in rows if number is not None]
    expected = (len(asked), sum(number not in known for number in asked), 0)
    assert told(check.of_reference("s", "t", "c", "number", select, ""), rows) == expected


def test_one_name_for_two_checks_is_refused():
    one = check.of_rows("s", "t", "c", "true", "")
    with pytest.raises(ValueError, match="two checks"):
        Scan("t", "SELECT * FROM t", (one, one))


def test_words_are_quoted():
    assert check.words(["a", "b'c"]) == "('a', 'b''c')"
