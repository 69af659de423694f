"""One run after another: what has gone since the last collection, what a past day may know, and what is never forgotten.

Each `night` is a run: its collection, taken at 03:00 after the day `as_of` unless it says otherwise, and the run before it.
"""

import pytest

title = "Past days and history"

DECLARED = "collection.declared"
DELETED = "retention.deleted-accounts"
INACTIVE = "retention.inactive-accounts"
INVOICES = "retention.invoices"
PURGED = "trash.purged"


# --- what has gone ------------------------------------------------------------------------------------------------


def test_a_row_that_is_gone_without_an_entry_in_the_journal_is_unknown(night):
    """A finding of its own, never a silent closing; with an entry, the entry's date counts."""
    night("2022-01-31", DELETED, accounts="""
        account_id | deleted_at
        stays      | 2021-03-01 12:00
        vanishes   | 2021-03-01 12:00
        erased     | 2021-03-01 12:00
    """, findings="kind | subject")
    night("2022-02-01", DELETED, accounts="""
        account_id | deleted_at
        stays      | 2021-03-01 12:00
    """, erasure_journal="""
        entry_id | account_id | erased_at
        e1       | erased     | 2022-02-01 02:00
    """, obligations="""
        subject  | opened_at        | state   | closed_by | closed_at
        stays    | 2021-03-01 12:00 | open    |           |
        vanishes | 2021-03-01 12:00 | unknown | vanished  |
        erased   | 2021-03-01 12:00 | met     | erased    | 2022-02-01 02:00
    """, findings="""
        kind     | subject
        vanished | vanishes
    """)


def test_a_user_that_is_gone_without_an_entry_is_unknown_too(night):
    night("2022-01-31", DELETED, accounts="account_id\na1", users="""
        user_id  | account_id | removed_at
        vanishes | a1         | 2021-03-01 12:00
        erased   | a1         | 2021-03-01 12:00
    """)
    night("2022-02-01", DELETED, accounts="account_id\na1", erasure_journal="""
        entry_id | user_id | erased_at
        e1       | erased  | 2022-02-01 02:00
    """, obligations="""
        subject  | state   | closed_by
        vanishes | unknown | vanished
        erased   | met     | erased
    """, findings="""
        kind     | subject
        vanished | vanishes
    """)


def test_an_idle_account_that_is_gone_without_an_entry_is_unknown(night):
    night("2022-01-31", INACTIVE, accounts="""
        account_id | created_at       | last_sign_in_at
        a1         | 2019-03-01 12:00 | 2021-03-01 12:00
    """)
    night("2022-02-01", INACTIVE, obligations="""
        subject | opened_at        | state   | closed_by
        a1      | 2021-03-01 12:00 | unknown | vanished
    """)


# --- what has come back -------------------------------------------------------------------------------------------


def test_personal_data_that_is_back_after_its_erasure_is_a_finding_for_as_long_as_it_stays(night):
    """As after a restore from a backup. Whoever was never seen erased is not back: the journal is contradicted, no more."""
    journal = """
        entry_id | account_id | erased_at
        e1       | restored   | 2022-01-30 02:00
        e2       | gone       | 2022-01-30 02:00
        e3       | never      | 2022-01-30 02:00
    """
    before = """
        account_id | deleted_at       | has_email | has_name | has_phone | has_address
        restored   | 2021-03-01 12:00 | false     | false    | false     | false
        never      | 2021-03-01 12:00 | true      | false    | false     | false
        living     | 2021-03-01 12:00 | true      | false    | false     | false
    """
    after = """
        account_id | deleted_at       | has_email | has_name | has_phone | has_address
        restored   | 2021-03-01 12:00 | false     | true     | false     | false
        never      | 2021-03-01 12:00 | true      | false    | false     | false
        living     | 2021-03-01 12:00 | true      | false    | false     | false
    """
    still_erased = """
        kind               | subject
        erased_but_present | never
    """
    back = """
        kind               | subject
        erased_but_present | never
        resurrected        | restored
    """
    night("2022-01-31", DELETED, accounts=before, erasure_journal=journal, findings=still_erased)
    night("2022-02-01", DELETED, accounts=after, erasure_journal=journal, findings=back, obligations="""
        subject  | state
        restored | open
        never    | open
        living   | open
    """)
    night("2022-02-02", DELETED, accounts=after, erasure_journal=journal, findings=back)
    night("2022-02-03", DELETED, accounts=before, erasure_journal=journal, findings=still_erased)


def test_a_row_that_is_back_after_it_had_gone(night):
    night("2022-01-31", DELETED, accounts="account_id\na1", users="""
        user_id | account_id
        comes   | a1
        stays   | a1
    """)
    night("2022-02-01", DELETED, accounts="account_id\na1", users="""
        user_id | account_id
        stays   | a1
    """, findings="""
        kind     | subject
        vanished | comes
    """)
    night("2022-02-02", DELETED, accounts="account_id\na1", users="""
        user_id | account_id
        comes   | a1
        stays   | a1
    """, findings="""
        kind        | subject
        resurrected | comes
    """)


def test_an_empty_row_that_is_back_holds_nothing_of_anybody(night):
    night("2022-01-31", DELETED, accounts="account_id\na1")
    night("2022-02-01", DELETED, accounts="account_id\na2", findings="kind | subject\nvanished | a1")
    night("2022-02-02", DELETED, accounts="""
        account_id | has_email | has_name | has_phone | has_address
        a1         | false     | false    | false     | false
        a2         | true      | false    | false     | false
    """, findings="kind | subject")


def test_a_night_without_the_dataset_makes_nothing_come_back(night):
    night("2022-01-31", DELETED, accounts="account_id\na1")
    night("2022-02-01", DELETED, missing=("accounts",), findings="kind | subject")
    night("2022-02-02", DELETED, accounts="account_id\na1", findings="kind | subject")


def test_an_invoice_or_an_item_that_is_back(night):
    """What the user restores himself has not come back by a restore of ours."""
    def given(removed, purged, restored=""):
        return {"invoices": f"""
            invoice_id | issued_on  | financial_year_end_on | removed_at
            f1         | 2010-02-10 | 2010-12-31            | {removed}
        """, "deleted_items": f"""
            item_id  | deleted_at       | purged_at | restored_at
            i1       | 2022-01-01 10:00 | {purged}  |
            i2       | 2022-01-01 10:00 | {purged}  | {restored}
        """}

    night("2022-01-31", INVOICES, **given("2022-01-30 10:00", "2022-01-23 02:00"), findings="kind | subject")
    back = given("", "", "2022-01-31 12:00")
    night("2022-02-01", INVOICES, **back, findings="""
        kind                | subject
        resurrected         | f1
        invoice_held_longer | f1
    """)
    night("2022-02-02", PURGED, **back, findings="""
        kind        | subject
        resurrected | i1
    """)


def test_an_invoice_that_is_gone(night):
    """With an entry in the journal its removal has a date, and can be premature; without one nobody can say."""
    night("2022-01-31", INVOICES, invoices="""
        invoice_id | issued_on  | financial_year_end_on
        vanishes   | 2015-02-10 | 2015-12-31
        journal    | 2015-02-10 | 2015-12-31
    """)
    night("2022-02-01", INVOICES, erasure_journal="""
        entry_id | invoice_id | erased_at
        e1       | journal    | 2022-02-01 02:00
    """, obligations="""
        subject  | state     | closed_by
        vanishes | unknown   | vanished
        journal  | premature | removed
    """, findings="""
        kind     | subject
        vanished | vanishes
    """)


def test_a_dataset_that_did_not_come_makes_nothing_vanish(night):
    """Disappearance is judged only against what was read whole: a source that is down has lost nobody."""
    night("2022-01-31", DELETED, accounts="""
        account_id | deleted_at
        a1         | 2021-03-01 12:00
    """)
    night("2022-02-01", DELETED, missing=("accounts",), obligations="""
        subject | opened_at        | state
        a1      | 2021-03-01 12:00 | open
    """, findings="kind | subject")


def test_what_vanished_stays_unknown_until_the_journal_explains_it(night):
    night("2022-01-31", DELETED, accounts="""
        account_id | deleted_at
        a1         | 2021-03-01 12:00
    """)
    night("2022-02-01", DELETED, obligations="""
        subject | state   | closed_by
        a1      | unknown | vanished
    """)
    night("2022-02-02", DELETED, obligations="""
        subject | state   | closed_by
        a1      | unknown | vanished
    """)
    night("2022-02-03", DELETED, erasure_journal="""
        entry_id | account_id | erased_at
        e1       | a1         | 2022-01-31 22:00
    """, obligations="""
        subject | state | closed_by | closed_at
        a1      | met   | erased    | 2022-01-31 22:00
    """, findings="kind | subject")


def test_a_subject_that_reappears_reopens_its_obligation(night):
    night("2022-01-31", DELETED, accounts="""
        account_id | deleted_at
        a1         | 2021-03-01 12:00
    """)
    night("2022-02-01", DELETED, obligations="""
        subject | state
        a1      | unknown
    """)
    night("2022-02-02", DELETED, accounts="""
        account_id | deleted_at
        a1         | 2021-03-01 12:00
    """, obligations="""
        subject | opened_at        | state | closed_by
        a1      | 2021-03-01 12:00 | open  |
    """, findings="""
        kind        | subject
        resurrected | a1
    """, changes="""
        as_of      | subject | opened     | from_state | to_state
        2022-02-01 | a1      | 2021-03-01 | open       | unknown
        2022-02-02 | a1      | 2021-03-01 | unknown    | open
    """)


def test_an_erased_account_whose_data_come_back_is_open_again(night):
    """A restored backup brings back what was erased: the old date counts, and the contradiction is a finding."""
    night("2024-02-10", DELETED, accounts="""
        account_id | deleted_at       | erased_at        | has_email
        a1         | 2021-03-01 12:00 | 2024-02-01 12:00 | false
    """, obligations="""
        subject | state
        a1      | met
    """)
    night("2024-03-01", DELETED, accounts="""
        account_id | deleted_at       | erased_at        | has_email
        a1         | 2021-03-01 12:00 | 2024-02-01 12:00 | true
    """, obligations="""
        subject | state
        a1      | overdue
    """, findings="""
        kind        | subject
        resurrected | a1
    """)


# --- values that the source overwrites ----------------------------------------------------------------------------


def test_a_last_sign_in_after_as_of_gives_way_to_the_one_collected_before(night):
    """The collection of 5 March already shows the sign-in of that morning; for 4 March the one we had seen counts."""
    night("2024-03-03", INACTIVE, accounts="""
        account_id | created_at       | last_sign_in_at
        a1         | 2019-03-01 12:00 | 2023-06-01 12:00
    """)
    night("2024-03-04", INACTIVE, accounts="""
        account_id | created_at       | last_sign_in_at
        a1         | 2019-03-01 12:00 | 2024-03-05 01:00
    """, obligations="""
        subject | opened_at        | due_at           | state | closed_by
        a1      | 2023-06-01 12:00 | 2026-06-01 24:00 | open  |
    """)


def test_the_nights_remember_a_spell_that_the_source_has_forgotten(night):
    """Seen idle for more than three years by every collection until 5 March, back on 6 March: late, and kept on record."""
    account = "account_id | created_at | last_sign_in_at\n a1 | 2019-03-01 12:00 | {}"
    late = """
        subject | opened_at        | state | closed_by | closed_at
        a1      | 2021-03-01 12:00 | late  | active    | 2024-03-06 09:00
        a1      | {}               | open  |           |
    """
    night("2024-03-05", INACTIVE, accounts=account.format("2021-03-01 12:00"), obligations="""
        subject | opened_at        | state
        a1      | 2021-03-01 12:00 | overdue
    """)
    night("2024-03-06", INACTIVE, accounts=account.format("2024-03-06 09:00"),
          obligations=late.format("2024-03-06 09:00"))
    night("2024-03-07", INACTIVE, accounts=account.format("2024-03-07 10:00"),
          obligations=late.format("2024-03-07 10:00"))
    night("2024-03-08", INACTIVE, missing=("accounts", "users"), obligations=late.format("2024-03-07 10:00"))


# --- snapshots that leave the catalogue ---------------------------------------------------------------------------


PRIMARY = """
    server_id | role    | in_service_at
    p1        | primary | 2020-01-01 00:00
    b1        | backup  | 2020-01-01 00:00
"""
ITEM = """
    item_id | created_at       | deleted_at       | purged_at
    i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
"""
SNAPSHOT = """
    snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
    s1          | b1        | p1               | 2026-01-20 02:00 | success | true
"""
OTHER = """
    snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
    s9          | b1        | p1               | 2026-01-31 20:00 | success | true
"""


@pytest.mark.parametrize(("seen", "missed", "state", "closed_by"), [
    ("2026-01-31 20:00", "2026-02-01 23:59", "met", "purged"),
    ("2026-01-31 20:00", "2026-02-02 03:00", "unknown", "bracketed"),
    ("2026-02-01 23:59", "2026-02-02 03:00", "unknown", "bracketed"),
    ("2026-02-02 00:00", "2026-02-03 03:00", "late", "purged"),
    ("2026-02-02 03:00", "2026-02-03 03:00", "late", "purged"),
])
def test_a_snapshot_is_gone_between_two_collections(night, seen, missed, state, closed_by):
    """Due by the end of 1 February. Last seen and first missed on the same side of it: told; on either side: unknown."""
    night("2026-01-31", PURGED, collected_at=seen, servers=PRIMARY, deleted_items=ITEM, backups=SNAPSHOT)
    night("2026-02-28", PURGED, collected_at=missed, servers=PRIMARY, deleted_items=ITEM, backups=OTHER, obligations=f"""
        subject | state   | closed_by
        i1      | {state} | {closed_by}
    """)


def test_the_first_collection_that_missed_a_snapshot_is_remembered(night):
    """Gone by 23:59 of the last day; that later collections miss it too does not make it later."""
    night("2026-01-31", PURGED, collected_at="2026-01-31 20:00", servers=PRIMARY, deleted_items=ITEM, backups=SNAPSHOT)
    for as_of, collected_at in (("2026-02-01", "2026-02-01 23:59"), ("2026-02-28", "2026-03-01 03:00")):
        night(as_of, PURGED, collected_at=collected_at, servers=PRIMARY, deleted_items=ITEM, backups=OTHER, obligations="""
            subject | state | closed_at
            i1      | met   | 2026-02-01 23:59
        """)


def test_a_snapshot_that_says_when_it_was_removed_needs_no_bracket(night):
    night("2026-01-31", PURGED, collected_at="2026-01-31 20:00", servers=PRIMARY, deleted_items=ITEM, backups=SNAPSHOT)
    night("2026-02-28", PURGED, servers=PRIMARY, deleted_items=ITEM, backups="""
        snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash | removed_at
        s1          | b1        | p1               | 2026-01-20 02:00 | success | true        | 2026-02-01 12:00
    """, obligations="""
        subject | state | closed_by | closed_at
        i1      | met   | purged    | 2026-02-01 12:00
    """)


def test_a_catalogue_that_did_not_come_removes_no_snapshot(night):
    """Nobody looked: until the date it is open, after it nobody can say."""
    night("2026-01-30", PURGED, collected_at="2026-01-30 20:00", servers=PRIMARY, deleted_items=ITEM, backups=SNAPSHOT)
    night("2026-01-31", PURGED, servers=PRIMARY, deleted_items=ITEM, missing=("backups",), obligations="""
        subject | state
        i1      | open
    """)
    night("2026-02-01", PURGED, servers=PRIMARY, deleted_items=ITEM, missing=("backups",), obligations="""
        subject | state   | closed_by
        i1      | unknown | bracketed
    """)


# --- what is appended ---------------------------------------------------------------------------------------------


def test_changes_are_appended_and_the_first_run_has_none(night):
    accounts = """
        account_id | deleted_at       | erased_at
        a1         | 2021-03-01 12:00 |
        a2         | 2021-03-01 12:00 | {}
    """
    night("2024-01-30", DELETED, accounts=accounts.format(""), changes="as_of | subject | from_state | to_state | why")
    night("2024-01-31", DELETED, accounts=accounts.format(""), changes="""
        as_of      | subject | from_state | to_state | why
        2024-01-31 | a1      | open       | due_soon | time
        2024-01-31 | a2      | open       | due_soon | time
    """)
    night("2024-02-01", DELETED, accounts=accounts.format("2024-02-01 12:00") + "a3 | 2024-02-01 09:00 |", changes="""
        as_of      | subject | from_state | to_state | why
        2024-01-31 | a1      | open       | due_soon | time
        2024-01-31 | a2      | open       | due_soon | time
        2024-02-01 | a2      | due_soon   | met      | erased
        2024-02-01 | a3      |            | open     | opened
    """)


def test_the_counts_of_every_day_are_carried_on(night):
    accounts = "account_id | deleted_at\n a1 | 2021-03-01 12:00\n a2 | 2021-03-02 12:00"
    night("2024-02-29", DELETED, accounts=accounts, counts="""
        as_of      | state    | subjects
        2024-02-29 | due_soon | 2
    """)
    night("2024-03-01", DELETED, accounts=accounts, counts="""
        as_of      | state    | subjects
        2024-02-29 | due_soon | 2
        2024-03-01 | due_soon | 1
        2024-03-01 | overdue  | 1
    """)


def test_what_a_later_night_learns_changes_no_earlier_count(night):
    """An erasure of 20 February that is entered only in March: February stays as it was told."""
    accounts = "account_id | deleted_at | erased_at\n a1 | 2021-03-01 12:00 | {}"
    night("2024-02-29", DELETED, accounts=accounts.format(""))
    night("2024-03-02", DELETED, accounts=accounts.format("2024-02-20 12:00"), obligations="""
        subject | state
        a1      | met
    """, counts="""
        as_of      | state    | subjects
        2024-02-29 | due_soon | 1
        2024-03-02 | met      | 1
    """)


# --- columns that are new -----------------------------------------------------------------------------------------


def test_a_column_that_no_night_before_showed_is_new(night):
    """Nothing is new in the first night. A night without a catalogue hides no column: it is new in the next that has one."""
    first = """
        source_name | schema_name | table_name | column_name | column_category | special_category
        app         | main        | person     | email       | contact         |
        app         | main        | person     | plan        | management      |
    """
    score = "app | main | person | score | |\n"
    blood = "app | main | person | blood | | health\n"
    elsewhere = "app | old | person | email | contact |\n"
    nothing = "catalogue_column"
    night("2024-03-01", DECLARED, source_columns=first, new_columns=nothing)
    night("2024-03-02", DECLARED, source_columns=first + score + elsewhere, new_columns="""
        catalogue_column     | is_declared | is_special
        app.main.person.score | false       | false
        app.old.person.email  | true        | false
    """)
    night("2024-03-03", DECLARED, source_columns=first + score + elsewhere, new_columns=nothing)
    night("2024-03-04", DECLARED, missing=("source_columns", "column_exemptions"), new_columns=nothing)
    night("2024-03-05", DECLARED, source_columns=first + score + blood, new_columns="""
        catalogue_column     | is_declared | is_special
        app.main.person.blood | false       | true
    """)
    night("2024-03-06", DECLARED, source_columns=first + elsewhere, new_columns="""
        catalogue_column    | is_declared
        app.old.person.email | true
    """)


def test_the_columns_of_another_source_are_not_new_in_its_first_night(night):
    person = "source_name | schema_name | table_name | column_name\n app | main | person | email\n"
    night("2024-03-01", DECLARED, source_columns=person, new_columns="catalogue_column")
    night("2024-03-02", DECLARED, source_columns=person + "crm | main | person | email\n", new_columns="catalogue_column")
    night("2024-03-03", DECLARED, source_columns=person + "crm | main | person | email\n crm | main | person | note\n",
          new_columns="catalogue_column\n crm.main.person.note")


# --- a day in the past --------------------------------------------------------------------------------------------


def test_a_past_day_does_not_know_what_came_after(judged):
    """Judged for 1 March 2024 from rows that were written later: nothing of 2 March has happened."""
    judged(DELETED)(
        accounts="""
            account_id | created_at       | deleted_at       | erased_at        | state
            erased     | 2017-06-01 12:00 | 2021-03-01 12:00 | 2024-03-02 00:00 | deleted
            deleted    | 2017-06-01 12:00 | 2024-03-02 00:00 |                  | deleted
            new        | 2024-03-02 00:00 | 2024-03-05 12:00 |                  | deleted
        """,
        states="""
            subject | 2024-03-01 | 2024-03-02
            erased  | overdue    | late
            deleted |            | open
        """)


def test_an_erasure_without_a_date_hides_a_past_day_as_well(judged):
    """Nothing is left of it, and nobody knows since when: neither the past day nor today can be told."""
    judged(DELETED)(
        accounts="""
            account_id | deleted_at       | has_email
            a1         | 2021-03-01 12:00 | false
        """,
        states="""
            subject | 2022-01-01 | 2024-03-01
            a1      | unknown    | unknown
        """)
