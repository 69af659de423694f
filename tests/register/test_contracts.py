"""The register of contracts: what it says, and every piece of nonsense that it refuses."""

import re

import pytest

from pipelines.errors import AlpiaError
from pipelines.register import contracts

SMALL = """
[accounts]
grain = "an account"
kind = "state"
key = ["account_id"]
category = "contact"
fresh_by = ["created_at"]
fresh_days = 7
set_aside_limit = 0.001
[accounts.columns]
account_id = { type = "id", action = "pseudonym", of = "account", required = true }
created_at = { type = "moment", required = true }
plan = { type = "word", values = ["free", "paid"] }
phone = { type = "word", action = "drop" }
has_email = { type = "flag", action = "present", of = "email", category = "billing" }
paid_until_on = { type = "day", future = true }
seats = { type = "count" }

[activity]
grain = "an action"
kind = "event"
since = "occurred_at"
key = ["event_id"]
category = "usage"
fresh_days = 3
set_aside_limit = 0
[activity.columns]
event_id = { type = "id", action = "pseudonym", of = "event", required = true }
occurred_at = { type = "moment", required = true, last_value = true }
account_id = { type = "id", action = "pseudonym", of = "account", references = "accounts" }
"""

SINCE = 'since = "occurred_at"'
COUNTED = f'{SINCE}\ncounted_by = ["account_id"]'
NAMED_AS_OURS = '\ncounted_by = ["account_id", "actions"]'
HEAD_OF_EVENTS = SMALL[SMALL.index(SINCE):SMALL.index("event_id = {")].rstrip()


def written(tmp_path, text):
    path = tmp_path / "contracts.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path):
    return contracts.load(written(tmp_path, SMALL))


def test_a_contract_says_how_a_dataset_is_read_and_when_it_is_fresh(small):
    assert tuple(small) == ("accounts", "activity")
    assert small["activity"].since == "occurred_at"
    assert small["accounts"].fresh_by == ("created_at",)
    assert (small["accounts"].fresh_days, small["activity"].fresh_days) == (7, 3)
    assert small["accounts"].set_aside_limit == 0.001
    assert small["accounts"].may_be_empty is False


def test_columns_have_the_types_of_the_warehouse(small):
    types = {column.name: column.sql_type for column in small["accounts"].columns.values()}
    assert types == {
        "account_id": "VARCHAR",
        "created_at": "TIMESTAMPTZ",
        "plan": "VARCHAR",
        "has_email": "BOOLEAN",
        "paid_until_on": "DATE",
        "seats": "BIGINT",
    }


def test_a_dropped_column_is_named_and_not_among_those_collected(small):
    assert tuple(small["accounts"].dropped) == ("phone",)
    assert "phone" not in small["accounts"].columns


def test_a_column_belongs_to_its_datasets_category_unless_it_says_otherwise(small):
    columns = small["accounts"].columns
    assert (columns["plan"].category, columns["has_email"].category) == ("contact", "billing")


def test_contracts_are_frozen(small):
    with pytest.raises(AttributeError):
        small["accounts"].fresh_days = 8
    with pytest.raises(TypeError):
        small["accounts"].columns["plan"] = None


def test_the_digest_is_that_of_the_bytes(tmp_path, small):
    assert contracts.load(tmp_path / "contracts.toml").digest == small.digest
    assert contracts.load(written(tmp_path, SMALL + "\n")).digest != small.digest


# What stands in SMALL, what somebody writes instead, and what the refusal says.
NONSENSE = [
    ('grain = "an account"\n', "", "accounts.grain is missing; write a text"),
    ('grain = "an account"', 'grain = " "', "accounts.grain is blank; write it"),
    ('grain = "an account"', "grain = 7", "accounts.grain is 7; write a text"),
    ('grain = "an account"', 'grain = "an account"\nowner = "us"', "accounts.owner is not a key that is"),
    ('kind = "state"', 'kind = "table"', "accounts.kind is 'table'; write one of state, event"),
    ('category = "contact"', 'category = "health"', "accounts.category is 'health'"),
    ('key = ["account_id"]', "key = []", "accounts.key is empty; name the columns"),
    ('key = ["account_id"]', 'key = "account_id"', "accounts.key is 'account_id'; write a list"),
    ('key = ["account_id"]', "key = [1]", "accounts.key holds something that is not a text; write a list"),
    ('key = ["account_id"]', 'key = ["account_id", "account_id"]', "accounts.key names 'account_id' twice"),
    ('key = ["account_id"]', 'key = ["customer_id"]', "accounts.key names customer_id, which is no"),
    ('key = ["account_id"]', 'key = ["phone"]', "accounts.key names phone, which is no collected column"),
    ('key = ["account_id"]', 'key = ["plan"]', "accounts.key names plan, which may be missing"),
    ("fresh_days = 7", "fresh_days = 0", "accounts.fresh_days is 0; write a whole number of at least 1"),
    ("fresh_days = 7", "fresh_days = -7", "accounts.fresh_days is -7; write a whole number of at least 1"),
    ("fresh_days = 7", "fresh_days = 7.5", "accounts.fresh_days is 7.5; write a whole number"),
    ("fresh_days = 7", "fresh_days = true", "accounts.fresh_days is True; write a whole number"),
    ("set_aside_limit = 0.001", "set_aside_limit = 1.5", "accounts.set_aside_limit is 1.5"),
    ("set_aside_limit = 0.001", "set_aside_limit = nan", "accounts.set_aside_limit is nan"),
    ("set_aside_limit = 0.001", "set_aside_limit = true", "accounts.set_aside_limit is True; write a number"),
    ('fresh_by = ["created_at"]', 'fresh_by = ["seen_at"]', "accounts.fresh_by names seen_at, which is no"),
    ('fresh_by = ["created_at"]', 'fresh_by = ["plan"]', "accounts.fresh_by names plan, which is no moment"),
    ('kind = "state"', 'kind = "state"\nsince = "created_at"', "accounts.since stands beside kind 'state'"),
    ('kind = "event"', 'kind = "event"\nmay_be_empty = true', "activity.may_be_empty stands beside kind"),
    ('kind = "state"', 'kind = "state"\nmay_be_empty = 1', "accounts.may_be_empty is 1; write true or false"),
    ('since = "occurred_at"', 'since = "happened_at"', "activity.since names happened_at, which is no"),
    ('since = "occurred_at"', 'since = "account_id"', "activity.since names account_id, which is no moment"),
    ("required = true, last_value", "last_value", "activity.since names occurred_at, which may be missing"),
    (SINCE, f"{SINCE}\ncounted_by = []", "activity.counted_by is empty; name the columns to count by"),
    (SINCE, f'{SINCE}\ncounted_by = "account_id"', "activity.counted_by is 'account_id'; write a list"),
    (SINCE, f'{SINCE}\ncounted_by = ["user_id"]', "activity.counted_by names user_id, which is no collected"),
    (SINCE, f'{SINCE}\ncounted_by = ["occurred_at"]', "counted_by names occurred_at, which is a moment; name columns"),
    (SINCE, f'{SINCE}\ncounted_by = ["event_id"]', "activity.counted_by names the whole key, which no two rows"),
    (SINCE, f'{COUNTED}\nrow_count = "count(*)"', "activity.row_count stands beside counted_by; take it out"),
    (SINCE, 'counted_by = ["account_id"]', "activity.counted_by stands without since; write since"),
    ('kind = "state"', 'kind = "state"\ncounted_by = ["plan"]', "accounts.counted_by stands without since"),
    (HEAD_OF_EVENTS, f'{HEAD_OF_EVENTS.replace(SINCE, COUNTED)}\nseen_at = {{ type = "moment" }}'.replace(
        "fresh_days", 'fresh_by = ["seen_at"]\nfresh_days'), "activity.fresh_by names what is not kept beside counted_by"),
    (HEAD_OF_EVENTS, f'{HEAD_OF_EVENTS.replace(SINCE, SINCE + NAMED_AS_OURS)}\nactions = {{ type = "word" }}',
     "activity.counted_by names actions, as a count's own column is called; name the column otherwise"),
    ("seats = {", "Seats = {", "accounts.columns.Seats is not a column's name; use lower-case"),
    ('type = "count"', 'type = "number"', "accounts.columns.seats.type is 'number'"),
    ('type = "count"', "", "accounts.columns.seats.type is missing; write a text"),
    ('type = "count"', 'type = "count", unique = true', "accounts.columns.seats.unique is not a key that is"),
    ('type = "count"', 'type = "count", values = ["a"]', "accounts.columns.seats.values stands beside a"),
    ('type = "count"', 'type = "count", future = true', "accounts.columns.seats.future stands beside a"),
    ('type = "count"', 'type = "count", last_value = true', "accounts.columns.seats.last_value stands"),
    ('type = "count"', 'type = "count", references = "activity"', "accounts.columns.seats.references stands"),
    ('type = "count"', 'type = "count", of = "seat"', "accounts.columns.seats.of stands beside action"),
    ('type = "count"', 'type = "count", category = "health"', "accounts.columns.seats.category is 'health'"),
    ('type = "count"', 'type = "count", action = "hash"', "accounts.columns.seats.action is 'hash'"),
    ('type = "count"', 'type = "count", action = "pseudonym", of = "seat"', "accounts.columns.seats.action"),
    ('type = "count"', 'type = "count", action = "present", of = "seat"', "accounts.columns.seats.action is"),
    ("seats = { type", 'seats = { action = "drop", required = true, type', "accounts.columns.seats.action"),
    ("has_email = {", "email = {", "accounts.columns.email.action is 'present' for what is no flag has_…"),
    (', of = "email"', "", "accounts.columns.has_email.of is missing beside action 'present'; write whose"),
    (', of = "event"', "", "activity.columns.event_id.of is missing beside action 'pseudonym'; write whose"),
    ('of = "event"', 'of = "an event"', "activity.columns.event_id.of is 'an event'; use lower-case"),
    ('action = "pseudonym", of = "event"', 'action = "keep"', "activity.columns.event_id.action is 'keep'"),
    ("paid_until_on = {", "paid_until = {", "accounts.columns.paid_until is a day whose name does not end"),
    ('paid_until_on = { type = "day"', 'paid_until_on = { type = "moment"', "whose name does not end in"),
    ('values = ["free", "paid"]', 'values = ["free", ""]', "accounts.columns.plan.values holds something"),
    ('references = "accounts"', 'references = "customers"', "account_id.references names customers, which"),
    ('of = "event"', 'of = "event", references = "accounts"', "event_id.references names accounts, whose"),
    ('references = "accounts"', 'references = "activity"', "account_id.references names activity, whose key"),
    ('of = "account", references', 'of = "customer", references', "account_id.references names accounts,"),
    (
        "[activity",
        "[collection",
        "collection is a name that the stage source keeps for itself; name the dataset otherwise",
    ),
    ("[activity", "[Activity", "Activity is not a dataset's name; use lower-case"),
]


@pytest.mark.parametrize(
    ("held", "written_instead", "refusal"), NONSENSE, ids=[row[2][:60] for row in NONSENSE]
)
def test_nonsense_is_refused_with_one_sentence(tmp_path, held, written_instead, refusal):
    assert held in SMALL
    path = written(tmp_path, SMALL.replace(held, written_instead))
    with pytest.raises(AlpiaError) as caught:
        contracts.load(path)
    assert refusal in str(caught.value)
    assert re.fullmatch(rf"{re.escape(str(path))}: [^\n]+; [^\n]+\.", str(caught.value))


def test_a_table_without_columns_is_refused(tmp_path):
    with pytest.raises(
        AlpiaError, match="accounts.columns names no column; write at least the key's columns"
    ):
        contracts.load(
            written(
                tmp_path,
                SMALL.split("account_id")[0].replace('"', '"') + '"]\ncategory = "contact"\n'
                "fresh_days = 1\nset_aside_limit = 0\n[accounts.columns]\n",
            )
        )


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "the file holds no contract; write a table for each dataset"),
        (b"accounts = 1", "accounts is 1; write a table"),
        (b"[accounts]\n[accounts]", "is not TOML, cannot declare"),
        (b"[accounts", "is not TOML, "),
        (b"[accounts]\ngrain = '\xe9'", "is not UTF-8 at byte 20; save it as UTF-8"),
    ],
)
def test_a_file_that_is_no_register_is_refused(tmp_path, content, refusal):
    (tmp_path / "contracts.toml").write_bytes(content)
    with pytest.raises(AlpiaError, match=re.escape(refusal)):
        contracts.load(tmp_path / "contracts.toml")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(
        AlpiaError, match=r"contracts\.toml: cannot be read \(No such file or directory\); put"
    ):
        contracts.load(tmp_path / "contracts.toml")


def test_what_is_read_is_stored_unless_it_is_counted(small, tmp_path):
    kept = small["activity"]
    assert kept.stored is kept.columns
    assert (kept.stored_key, kept.newest_by, kept.row_count) == (("event_id",), "occurred_at", "count(*)")
    counted = contracts.load(written(tmp_path, SMALL.replace(SINCE, f'{COUNTED}\nfresh_by = ["occurred_at"]')))["activity"]
    assert counted.columns == kept.columns
    assert {name: column.sql_type for name, column in counted.stored.items()} == {
        "account_id": "VARCHAR", "day_on": "DATE", "actions": "BIGINT", "first_at": "TIMESTAMPTZ", "last_at": "TIMESTAMPTZ"}
    assert counted.stored["account_id"] == counted.columns["account_id"]
    assert (counted.key, counted.stored_key) == (("event_id",), ("account_id", "day_on"))
    assert (counted.newest_by, counted.stored_fresh_by) == ("last_at", ("last_at",))
    assert counted.row_count == "coalesce(sum(actions), 0)::BIGINT"
    with pytest.raises(ValueError, match="keeps rows"):
        kept.counts("t", kept.columns)


# The project's own contracts.


@pytest.fixture(scope="module")
def ours():
    return contracts.load()


def test_our_contracts_load_and_know_the_datasets_of_the_rules_built(ours):
    assert set(ours) >= {
        "accounts",
        "users",
        "activity",
        "invoices",
        "deleted_items",
        "item_copies",
        "recoveries",
        "deletion_requests",
        "rights_requests",
        "erasure_journal",
        "servers",
        "backups",
        "legal_holds",
        "attestations",
        "published_policy",
    }


def test_no_direct_identifier_is_collected(ours):
    """Names, addresses, e-mails, telephone numbers and IPs may be known to be there, and nothing more."""
    told = re.compile(r"name|mail|phone|address|street|city|birth|iban|(^|_)ip(_|$)|message|content|subject")
    of_columns = ("source_columns", "column_exemptions")  # the names of tables and columns are nobody's
    of_sendings = ["emails.email_id"]  # the number of a sending, and a pseudonym
    kept = [
        f"{contract.name}.{column.name}"
        for contract in ours.values()
        for column in contract.columns.values()
        if column.action != "present" and told.search(column.name) and contract.name not in of_columns
    ]
    assert kept == of_sendings
    assert ours["emails"].columns["email_id"].action == "pseudonym"


def test_one_id_is_one_pseudonym_in_every_dataset(ours):
    kinds = {}
    for contract in ours.values():
        for column in contract.columns.values():
            if column.action == "pseudonym" and column.name not in ("request_id",):
                kinds.setdefault(column.name, set()).add(column.of)
    assert {name: of for name, of in kinds.items() if len(of) > 1} == {}


def test_every_event_dataset_must_bring_a_row_or_a_nil_return(ours):
    assert [
        contract.name for contract in ours.values() if contract.kind == "event" and contract.may_be_empty
    ] == []
