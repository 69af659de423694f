"""Suite trust, check by check: each succeeds on sound data and fails, with the counts told by hand, on broken data.

In the sound warehouse: 3 accounts and 3 users (one of each erased), 2 events, 2 invoices, 2 deleted items with 2 copies.
"""

import pytest
from sound import counts, failed

OF_EVERY_DATASET = (
    "listed_once", "rows_add_up", "set_aside_limit", "set_aside_is_told",
    "has_rows", "as_many_as_kept", "is_fresh", "key_is_unique")


def test_sound_data_fail_nothing(copy):
    results = copy.trust()
    assert failed(results) == set()
    assert counts(results["accounts", "account_id_is_there"]) == (3, 0, 0)
    assert counts(results["activity", "account_id_resolves"]) == (2, 0, 0)


def test_every_dataset_and_every_column_is_checked(copy, contracts):
    results = copy.trust()
    for contract in contracts.values():
        for name in OF_EVERY_DATASET:
            assert (contract.name, name) in results
        for column in contract.stored.values():
            due = {"is_there"} if column.required else set()
            due |= {"is_known"} if column.values else set()
            due |= {"resolves"} if column.references else set()
            if column.type in ("moment", "day"):
                due |= {"not_before_company"} | (set() if column.future else {"not_in_future"})
            for kind in due:
                assert (contract.name, f"{column.name}_{kind}") in results


# dataset, check, how it is broken, (rows, breaches, nulls)
BROKEN = [
    ("accounts", "created_at_is_there", "UPDATE source.accounts SET created_at = NULL WHERE account_id = 'a2'", (3, 1, 0)),
    ("accounts", "state_is_known", "UPDATE source.accounts SET state = 'gone' WHERE account_id <> 'a3'", (3, 2, 0)),
    ("activity", "actor_is_known", "UPDATE source.activity SET actor = 'robot'", (2, 2, 0)),
    ("accounts", "last_edit_at_not_in_future",
     "UPDATE source.accounts SET last_edit_at = '2026-02-01 03:00:01' WHERE account_id = 'a1'", (1, 1, 0)),
    ("accounts", "created_at_not_before_company",
     "UPDATE source.accounts SET created_at = '2015-02-28 23:59:59' WHERE account_id = 'a1'", (3, 1, 0)),
    ("invoices", "issued_on_not_in_future", "UPDATE source.invoices SET issued_on = '2026-02-02'", (2, 2, 0)),
    ("invoices", "issued_on_not_before_company",
     "UPDATE source.invoices SET issued_on = '2015-02-28' WHERE invoice_id = 'i1'", (2, 1, 0)),
    ("activity", "account_id_resolves",
     "UPDATE source.activity SET account_id = 'stranger' WHERE account_id = 'a1'", (2, 1, 0)),
    ("item_copies", "item_id_resolves", "UPDATE source.item_copies SET item_id = item_id || '?'", (2, 2, 0)),
    ("users", "has_phone_tells", "UPDATE source.users SET has_phone = false", (2, 1, 0)),
    ("accounts", "has_email_tells", "UPDATE source.accounts SET has_email = true", (2, 1, 0)),
    ("accounts", "has_name_tells", "UPDATE source.accounts SET has_name = NULL", (2, 0, 1)),
    ("users", "key_is_unique", "UPDATE source.users SET user_id = 'u1', account_id = 'a1' WHERE user_id <> 'u3'", (3, 1, 0)),
    ("activity", "is_fresh",
     "UPDATE source.activity SET day_on = '2026-01-27', first_at = '2026-01-27 10:00', last_at = '2026-01-27 23:59:59'",
     (2, 1, 0)),
    ("activity", "key_is_unique",
     "UPDATE source.activity SET account_id = 'a1', user_id = NULL, actor = 'api', action = NULL, day_on = '2026-01-30', "
     "first_at = '2026-01-30 10:00', last_at = '2026-01-30 10:00'", (2, 1, 0)),
    ("activity", "count_lies_in_its_day", "UPDATE source.activity SET last_at = '2026-01-31 00:00' WHERE account_id = 'a1'",
     (2, 1, 0)),
    ("activity", "counts_something", "UPDATE source.activity SET first_at = '2026-01-30 10:00:01' WHERE account_id = 'a1'",
     (2, 1, 0)),
]


@pytest.mark.parametrize(("dataset", "name", "statement", "expected"), BROKEN, ids=[f"{row[0]}.{row[1]}" for row in BROKEN])
def test_one_thing_broken_fails_one_check(copy, dataset, name, statement, expected):
    results = copy.run(statement).trust(dataset, "collection")
    assert failed(results) == {(dataset, name)}
    assert counts(results[dataset, name]) == expected


# Just on the right side of each edge of the list above.
EDGES = [
    ("accounts", "UPDATE source.accounts SET last_edit_at = '2026-02-01 03:00:00' WHERE account_id = 'a1'"),
    ("accounts", "UPDATE source.accounts SET created_at = '2015-03-01 00:00:00' WHERE account_id = 'a1'"),
    ("invoices", "UPDATE source.invoices SET issued_on = '2026-02-01'"),
    ("activity", "UPDATE source.activity SET day_on = '2026-01-28', first_at = '2026-01-28 00:00:00', "
                 "last_at = '2026-01-28 00:00:00'"),
    ("activity", "UPDATE source.activity SET last_at = '2026-01-30 23:59:59.999999' WHERE account_id = 'a1'"),
    ("activity", "UPDATE source.activity SET account_id = 'a1', user_id = NULL, actor = 'api', action = NULL"),
    ("users", "UPDATE source.users SET account_id = 'a2' WHERE user_id = 'u1'"),
    ("users", "UPDATE source.users SET user_id = 'u1' WHERE user_id = 'u2'"),
    ("invoices", "UPDATE source.invoices SET financial_year_end_on = '2026-12-31'"),
    ("accounts", "UPDATE source.accounts SET has_email = true WHERE state <> 'deleted'"),
]


@pytest.mark.parametrize(("dataset", "statement"), EDGES)
def test_just_inside_the_edge_fails_nothing(copy, dataset, statement):
    assert failed(copy.run(statement).trust(dataset, "collection")) == set()


def test_a_count_that_says_nothing_is_no_count(copy):
    copy.run("UPDATE source.activity SET actions = NULL, first_at = NULL, day_on = NULL WHERE account_id = 'a2'")
    results = copy.trust("activity")
    assert {("activity", f"{name}_is_there") for name in ("actions", "first_at", "day_on")} < failed(results)
    assert counts(results["activity", "counts_something"]) == (2, 0, 1)
    assert counts(results["activity", "key_is_unique"]) == (2, 0, 1)


def test_rows_lost_on_the_way_are_noticed(copy):
    results = copy.run("DELETE FROM source.invoices WHERE invoice_id = 'i2'").trust("invoices", "collection")
    assert failed(results) == {("invoices", "as_many_as_kept")}


def test_rows_in_must_be_kept_or_set_aside(copy):
    results = copy.run("UPDATE source.collection SET rows_in = 4 WHERE dataset = 'invoices'").trust("invoices", "collection")
    assert failed(results) == {("invoices", "rows_add_up")}
    assert counts(results["invoices", "rows_add_up"]) == (1, 1, 0)


def test_an_unknown_number_of_rows_is_no_number(copy):
    copy.run("UPDATE source.collection SET rows_in = NULL, rows_set_aside = NULL WHERE dataset = 'invoices'")
    results = copy.trust("invoices", "collection")
    assert failed(results) == {("invoices", name) for name in ("rows_add_up", "set_aside_limit", "set_aside_is_told")}
    assert counts(results["invoices", "rows_add_up"]) == (1, 0, 1)


def test_too_many_rows_set_aside(copy):
    at_limit = "UPDATE source.collection SET rows_in = 200, rows_set_aside = 2, rows_kept = 198 WHERE dataset = 'activity'"
    over_it = "UPDATE source.collection SET rows_in = 199, rows_set_aside = 2, rows_kept = 197 WHERE dataset = 'activity'"
    told = "INSERT INTO source.set_aside BY NAME SELECT 'activity' AS dataset, 2 AS rows"
    assert failed(copy.run(told, at_limit).trust("collection")) == set()
    assert failed(copy.run(over_it).trust("collection")) == {("activity", "set_aside_limit")}


def test_rows_set_aside_without_a_reason(copy):
    change = "UPDATE source.collection SET rows_in = 1002, rows_set_aside = 2, rows_kept = 1000 WHERE dataset = 'activity'"
    assert failed(copy.run(change).trust("collection")) == {("activity", "set_aside_is_told")}
    copy.run("INSERT INTO source.set_aside BY NAME SELECT 'activity' AS dataset, unnest([1, 1]) AS rows")
    assert failed(copy.trust("collection")) == set()


def test_rows_of_earlier_nights_are_no_surplus_where_events_are_read_by_since(copy):
    more = "INSERT INTO source.{0} BY NAME SELECT * REPLACE ({1} || '+' AS {1}) FROM source.{0}"
    assert failed(copy.run(more.format("activity", "action")).trust("activity")) == set()
    assert failed(copy.run("DELETE FROM source.activity WHERE action <> 'edit'").trust("activity")) == {
        ("activity", "as_many_as_kept")}
    assert failed(copy.run(more.format("invoices", "invoice_id")).trust("invoices")) == {("invoices", "as_many_as_kept")}


def test_a_source_whose_clock_is_a_little_ahead_is_no_future(copy):
    copy.run("UPDATE source.collection SET written_at = '2026-02-01 03:05' WHERE dataset = 'activity'",
             "UPDATE source.activity SET day_on = '2026-02-01', first_at = '2026-02-01 01:00', last_at = '2026-02-01 03:05' "
             "WHERE account_id = 'a1'")
    assert failed(copy.trust("activity")) == set()
    copy.run("UPDATE source.collection SET written_at = '2026-02-03 03:05' WHERE dataset = 'activity'")
    assert failed(copy.trust("activity")) == {("activity", "last_at_not_in_future")}


def test_without_a_moment_of_collection_nothing_is_known_of_the_future(copy):
    results = copy.run("UPDATE source.collection SET collected_at = NULL WHERE dataset = 'activity'").trust("activity")
    assert failed(results) == {("activity", f"{name}_not_in_future") for name in ("day_on", "first_at", "last_at")}
    assert counts(results["activity", "last_at_not_in_future"]) == (2, 0, 2)


def test_a_contract_of_which_the_collection_says_nothing(copy):
    results = copy.run("DELETE FROM source.collection WHERE dataset = 'servers'").trust()
    assert failed(results) == {("servers", "listed_once")}
    assert not any(subject == "servers" and name != "listed_once" for subject, name in results)


def test_a_dataset_listed_twice(copy):
    copy.run("INSERT INTO source.collection FROM source.collection WHERE dataset = 'servers'")
    assert ("servers", "listed_once") in failed(copy.trust("collection"))


def test_a_missing_dataset_has_no_checks_of_its_own(copy):
    copy.run("UPDATE source.collection SET status = 'missing' WHERE dataset = 'backups'")
    results = copy.trust()
    assert failed(results) == set()
    assert {name for subject, name in results if subject == "backups"} == {"listed_once"}


# An empty dataset.
def test_an_empty_state_dataset_fails_has_rows_alone(copy):
    results = copy.run("DELETE FROM source.servers").recount("servers").trust("servers", "collection")
    assert failed(results) == {("servers", "has_rows")}
    assert counts(results["servers", "server_id_is_there"]) == (0, 0, 0)


@pytest.mark.parametrize(("change", "is_excused"), [
    ("stated_on = '2026-01-31', valid_until_on = '2026-01-31'", True),
    ("stated_on = '2026-02-01'", False),
    ("valid_until_on = '2026-01-30'", False),
    ("kind = 'statement'", False),
    ("dataset = 'activity'", False),
])
def test_no_events_need_a_nil_return_valid_on_as_of(copy, change, is_excused):
    results = copy.run(f"UPDATE source.attestations SET {change} WHERE dataset = 'recoveries'").trust("recoveries")
    assert failed(results) == (set() if is_excused else {("recoveries", "has_rows")})


def test_a_nil_return_excuses_no_state_dataset(copy):
    copy.run("DELETE FROM source.servers", "UPDATE source.attestations SET dataset = 'servers'").recount("servers")
    assert failed(copy.trust("servers")) == {("servers", "has_rows")}


def test_no_events_must_still_be_freshly_collected(copy):
    copy.run("UPDATE source.collection SET written_at = '2026-01-23 23:59' WHERE dataset = 'recoveries'")
    assert failed(copy.trust("recoveries")) == {("recoveries", "is_fresh")}
    copy.run("UPDATE source.collection SET written_at = '2026-01-24 00:00' WHERE dataset = 'recoveries'")
    assert failed(copy.trust("recoveries")) == set()


def test_an_unknown_time_of_writing_is_not_fresh(copy):
    results = copy.run("UPDATE source.collection SET written_at = NULL WHERE dataset = 'invoices'").trust("invoices")
    assert failed(results) == {("invoices", "is_fresh")}
    assert counts(results["invoices", "is_fresh"]) == (2, 0, 1)


def test_the_newest_of_several_moments_makes_fresh(copy):
    """Nobody signed up or in this week, but somebody edited a profile."""
    copy.run("UPDATE source.accounts SET last_sign_in_at = NULL, last_edit_at = NULL")
    assert failed(copy.trust("accounts")) == {("accounts", "is_fresh")}
    copy.run("UPDATE source.accounts SET last_edit_at = '2026-01-24 00:00' WHERE account_id = 'a1'")
    assert failed(copy.trust("accounts")) == set()


# References.
def test_an_id_may_be_known_from_an_earlier_night_or_from_the_journal(copy):
    copy.run("DELETE FROM source.accounts WHERE account_id = 'a2'", "DELETE FROM source.users WHERE account_id = 'a2'")
    copy.recount("accounts").recount("users")
    assert failed(copy.trust("activity")) == set()  # fact.account still knows it
    copy.run("DELETE FROM fact.account WHERE account_id = 'a2'")
    assert failed(copy.trust("activity")) == {("activity", "account_id_resolves")}
    copy.run("INSERT INTO source.erasure_journal BY NAME SELECT 'j2' AS entry_id, 'a2' AS account_id")
    assert failed(copy.trust("activity")) == set()


def test_as_many_ids_may_be_unknown_as_rows_were_set_aside(copy):
    copy.run("UPDATE source.activity SET account_id = 'set aside' WHERE account_id = 'a1'",
             "UPDATE source.collection SET rows_in = 4, rows_set_aside = 1 WHERE dataset = 'accounts'")
    assert failed(copy.trust("activity")) == set()
    results = copy.run("UPDATE source.activity SET account_id = 'stranger' WHERE account_id = 'a2'").trust("activity")
    assert failed(results) == {("activity", "account_id_resolves")}
    assert counts(results["activity", "account_id_resolves"]) == (2, 2, 0)


def test_ids_of_a_dataset_that_was_not_collected_accuse_nobody(copy):
    copy.run("UPDATE source.collection SET status = 'failed' WHERE dataset = 'accounts'", "DELETE FROM source.accounts")
    assert ("activity", "account_id_resolves") not in copy.trust("activity")


# Columns that the source does not have.
def test_an_absent_optional_column_is_not_checked(copy):
    copy.run("UPDATE source.accounts SET has_phone = NULL, last_edit_at = NULL")
    assert failed(copy.trust("accounts")) == {("accounts", "has_phone_tells")}
    copy.run("UPDATE source.collection SET absent_columns = ['has_address', 'has_phone', 'last_edit_at'] "
             "WHERE dataset = 'accounts'")
    results = copy.trust("accounts")
    assert failed(results) == set()
    assert ("accounts", "has_phone_tells") not in results


# Flags that lie.
def test_a_flag_true_of_all_is_believed_while_nobody_is_erased(copy):
    copy.run("DELETE FROM source.users WHERE user_id = 'u3'", "UPDATE source.users SET has_email = true").recount("users")
    assert failed(copy.trust("users")) == set()


def test_a_flag_true_of_all_who_are_there_is_believed_if_false_of_one_who_was_erased(copy):
    copy.run("INSERT INTO source.users BY NAME SELECT * REPLACE ('u4' AS user_id, true AS has_email) FROM source.users "
             "WHERE user_id = 'u3'").recount("users")
    assert failed(copy.trust("users")) == set()


def test_flags_tell_nothing_where_nobody_is_left(copy):
    results = copy.run("UPDATE source.users SET removed_at = '2025-01-01 10:00'").trust("users")
    assert {("users", "has_name_tells"), ("users", "has_email_tells"), ("users", "has_phone_tells")} == failed(results)
    assert results["users", "has_email_tells"].rows == 0


def test_without_a_founding_day_nothing_is_before_it(copy):
    copy.run("UPDATE source.accounts SET created_at = '1999-01-01 00:00' WHERE account_id = 'a1'")
    assert failed(copy.trust("accounts", founded_on=None)) == set()
