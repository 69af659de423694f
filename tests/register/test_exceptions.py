"""Exceptions and confirmations: two files of one shape, read by one loader that refuses nonsense."""

from datetime import date

import pytest

from pipelines.errors import AlpiaError
from pipelines.register import contracts, exceptions, policy

POLICY, CONTRACTS = policy.load(), contracts.load()
EXCEPTION = """
[[exception]]
id = "court"
kind = "legal_hold"
promise = "retention.deleted-accounts"
subjects = ["account-1", "account-2"]
why = "a case in court"
who = "counsel"
from = 2026-01-01
until = 2026-12-31
"""
CONFIRMATION = """
[[confirmation]]
id = "branch"
guard = "fewer_rows"
concerns = "accounts"
night = 2026-03-31
why = "the closed branch"
who = "operations"
confirmed = 2026-04-02
"""


def load(tmp_path, own="", home=None):
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    folder = tmp_path / "home"
    folder.mkdir()
    if home is not None:
        (folder / exceptions.FILE).write_text(home, encoding="utf-8")
    return exceptions.load(POLICY, CONTRACTS, folder, tmp_path / "own.toml")


def test_our_own_file_loads_and_a_home_needs_none(tmp_path):
    ours = exceptions.load(POLICY, CONTRACTS, tmp_path)
    assert (dict(ours.exempted), dict(ours.confirmations)) == ({}, {})


def test_both_files_are_read_as_one(tmp_path):
    both = load(tmp_path, own=CONFIRMATION, home=EXCEPTION)
    court = both.exempted["court"]
    assert (court.kind, court.promise, court.subjects) == (
        "legal_hold", "retention.deleted-accounts", ("account-1", "account-2"))
    assert (court.from_on, court.until_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert both.confirmations["branch"].night_on == date(2026, 3, 31)
    assert len(both.digest.split()) == 2


def test_a_hold_without_a_promise_counts_under_each(tmp_path):
    held = load(tmp_path, home=EXCEPTION.replace('promise = "retention.deleted-accounts"\n', ""))
    assert held.exempted["court"].promise is None


def test_one_id_in_both_files_is_refused(tmp_path):
    with pytest.raises(AlpiaError, match=r"exceptions.toml: exception\(court\).id is used in .*own.toml too; give one"):
        load(tmp_path, own=EXCEPTION, home=EXCEPTION)


@pytest.mark.parametrize(("old", "new", "refusal"), [
    ('kind = "legal_hold"', 'kind = "permanent"', "kind is 'permanent'; write one of legal_hold, tolerated"),
    ('"retention.deleted-accounts"', '"retention.accounts"', "exception(court).promise is 'retention.accounts'"),
    ('"retention.deleted-accounts"', '"trash.kept"', "under which nothing is to be deleted; name one whose clock"),
    ('"retention.deleted-accounts"', '"hosting.staff"', "under which nothing is to be deleted"),
    ('kind = "legal_hold"\npromise = "retention.deleted-accounts"\n', 'kind = "tolerated"\n', "promise is missing"),
    ('["account-1", "account-2"]', "[]", "subjects is empty; name them as `alpia annex` prints them"),
    ('["account-1", "account-2"]', '["account-1", "account-1"]', "subjects names 'account-1' twice"),
    ('"a case in court"', '" "', "why is blank"),
    ('why = "a case in court"\n', "", "why is missing"),
    ('"counsel"', '"jane@example.org"', "who holds an e-mail address; name a role"),
    ("until = 2026-12-31", "until = 2025-12-31", "until is 2025-12-31, before from"),
    ("until = 2026-12-31\n", "", "until is missing; write a day"),
    ("until = 2026-12-31", 'until = "for ever"', "until is 'for ever'; write a day"),
    ('id = "court"', 'id = "court"\nnote = "x"', "note is not a key that is known here"),
    ("[[exception]]", "[[exemption]]", "exemption is not a key that is known here"),
    ('guard = "fewer_rows"', 'guard = "odd_rows"', "confirmation(branch).guard is 'odd_rows'; write one of fewer_rows"),
    ('concerns = "accounts"', 'concerns = "retention.deleted-accounts"', "concerns is 'retention.deleted-accounts'"),
    ('guard = "fewer_rows"', 'guard = "more_closings"', "concerns is 'accounts'; write one of"),
    ("confirmed = 2026-04-02", "confirmed = 2026-03-30", "confirmed is 2026-03-30, before the night itself"),
    ("night = 2026-03-31\n", "", "night is missing"),
])
def test_nonsense_is_refused_with_file_key_and_cure(tmp_path, old, new, refusal):
    text = EXCEPTION + CONFIRMATION
    assert old in text
    with pytest.raises(AlpiaError) as refused:
        load(tmp_path, home=text.replace(old, new))
    assert refusal in str(refused.value)
    assert "home/exceptions.toml: " in str(refused.value)


def test_what_is_no_toml_is_refused(tmp_path):
    with pytest.raises(AlpiaError, match="exceptions.toml: is not TOML"):
        load(tmp_path, home="[[exception]\n")
