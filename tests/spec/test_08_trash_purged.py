"""trash.purged: after three weeks a deleted item is gone for good, from all servers.

Closed only when the last copy is gone: on every server in service while the item existed, and in every backup snapshot
taken before it left there. A purge every night can be on time: it has until the end of the next local day. Nothing is ever
due soon.
"""

import pytest

title = "The trash: purged everywhere"


@pytest.fixture
def spec(judged):
    return judged("trash.purged")


PRIMARY = """
            server_id | role    | in_service_at
            p1        | primary | 2020-01-01 00:00
"""
SERVERS = """
            server_id | role    | in_service_at
            p1        | primary | 2020-01-01 00:00
            r1        | replica | 2020-01-01 00:00
            b1        | backup  | 2020-01-01 00:00
"""


# --- by when ------------------------------------------------------------------------------------------------------


def test_due_by_the_end_of_the_day_after_the_three_weeks(spec):
    """Deleted on 10 January at 14:00, kept until 31 January at 14:00, gone by the end of 1 February."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id  | deleted_at       | purged_at
            stays    | 2026-01-10 14:00 |
            in_time  | 2026-01-10 14:00 | 2026-02-01 23:59:59.999999
            too_late | 2026-01-10 14:00 | 2026-02-02 00:00
        """,
        states="""
            subject  | 2026-01-09 | 2026-01-10 | 2026-01-31 | 2026-02-01 | 2026-02-02
            stays    |            | open       | open       | overdue    | overdue
            in_time  |            | open       | open       | met        | met
            too_late |            | open       | open       | overdue    | late
        """)


def test_a_purge_every_night_can_be_on_time_whatever_the_hour_of_deletion(spec):
    """At 03:00 each night a job purges what has been in the trash for three weeks."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id  | deleted_at       | purged_at
            midnight | 2026-01-10 00:00 | 2026-01-31 03:00
            night    | 2026-01-10 02:59 | 2026-01-31 03:00
            missed   | 2026-01-10 03:01 | 2026-02-01 03:00
            evening  | 2026-01-10 23:59 | 2026-02-01 03:00
        """,
        states="""
            subject  | 2026-02-01
            midnight | met
            night    | met
            missed   | met
            evening  | met
        """)


def test_an_early_purge_is_no_matter_of_this_promise(spec):
    """Too early breaks the minimum, never the maximum."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at       | purged_at
            i1      | 2026-01-10 14:00 | 2026-01-12 03:00
        """,
        states="""
            subject | 2026-01-12
            i1      | met
        """)


def test_no_weekend_prolongs_it(spec):
    """1 February 2026 is a Sunday."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at       | purged_at
            i1      | 2026-01-10 14:00 | 2026-02-02 03:00
        """,
        states="""
            subject | 2026-02-02
            i1      | late
        """)


# --- the last copy ------------------------------------------------------------------------------------------------


def test_the_last_copy_decides(spec):
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | deleted_at
            both    | 2026-01-10 14:00
            late    | 2026-01-10 14:00
            stays   | 2026-01-10 14:00
        """,
        item_copies="""
            item_id | server_id | held_since_at    | gone_at
            both    | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
            both    | r1        | 2025-06-01 12:00 | 2026-02-01 03:00
            late    | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
            late    | r1        | 2025-06-01 12:00 | 2026-02-02 03:00
            stays   | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
            stays   | r1        | 2025-06-01 12:00 |
        """,
        as_of="2026-02-02",
        obligations="""
            subject | closed_at        | state
            both    | 2026-02-01 03:00 | met
            late    | 2026-02-02 03:00 | late
            stays   |                  | overdue
        """)


def test_the_mark_purged_does_not_count_against_a_copy_that_is_listed(spec):
    """Closed needs a date and no fact that contradicts it: the row says purged, the replica still lists the item."""
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | deleted_at       | purged_at
            i1      | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        item_copies="""
            item_id | server_id | held_since_at    | gone_at
            i1      | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
            i1      | r1        | 2025-06-01 12:00 |
        """,
        states="""
            subject | 2026-01-31 | 2026-02-01
            i1      | open       | overdue
        """)


def test_copies_on_a_backup_server_count_as_well(spec):
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
        """,
        item_copies="""
            item_id | server_id | held_since_at    | gone_at
            i1      | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
            i1      | r1        | 2025-06-01 12:00 | 2026-01-31 15:00
            i1      | b1        | 2025-06-02 12:00 | 2026-02-05 03:00
        """,
        states="""
            subject | 2026-02-01 | 2026-02-05
            i1      | overdue    | late
        """)


def test_a_server_that_was_not_in_service_while_the_item_existed_is_not_expected(spec):
    """r_old was switched off before the deletion, r_new went into service after the purge: neither ever held the item."""
    spec(
        servers="""
            server_id | role    | in_service_at    | out_of_service_at
            p1        | primary | 2020-01-01 00:00 |
            r_old     | replica | 2020-01-01 00:00 | 2025-01-01 00:00
            r_new     | replica | 2026-02-01 12:00 |
        """,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        item_copies="""
            item_id | server_id | held_since_at    | gone_at
            i1      | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
        """,
        states="""
            subject | 2026-02-15
            i1      | met
        """)


def test_a_server_where_the_item_was_to_be_expected_and_is_not_listed_is_unknown(spec):
    """The item's copies are listed, but not the one that the replica must have had: nobody says since when it is gone."""
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00
        """,
        item_copies="""
            item_id | server_id | held_since_at    | gone_at
            i1      | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
        """,
        as_of="2026-02-05",
        obligations="""
            subject | closed_by     | state
            i1      | unlisted_copy | unknown
        """)


def test_a_copy_on_a_server_we_know_nothing_of_is_unknown(spec):
    """All known copies are gone in time; what x9 is, and what is backed up from it, nobody described."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
        """,
        item_copies="""
            item_id | server_id | held_since_at    | gone_at
            i1      | p1        | 2025-06-01 12:00 | 2026-01-31 15:00
            i1      | x9        | 2025-06-01 12:00 |
        """,
        as_of="2026-02-05",
        obligations="""
            subject | closed_by      | state
            i1      | unknown_server | unknown
        """,
        findings="""
            kind           | subject | detail
            unknown_server | i1      | x9
        """)


def test_what_is_not_known_never_hides_what_is(spec):
    """A copy that is known to be still there is overdue, whatever else cannot be told."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
        """,
        item_copies="""
            item_id | server_id | held_since_at    | gone_at
            i1      | p1        | 2025-06-01 12:00 |
            i1      | x9        | 2025-06-01 12:00 |
        """,
        states="""
            subject | 2026-01-31 | 2026-02-01
            i1      | open       | overdue
        """)


# --- backups ------------------------------------------------------------------------------------------------------


def test_a_snapshot_taken_before_the_item_left_still_holds_it(spec):
    """The sum counts: gone from the trash on 31 January, and gone for good when the last such snapshot is."""
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id  | created_at       | deleted_at       | purged_at
            i1       | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash | removed_at
            s1          | b1        | p1               | 2026-01-30 02:00 | success | true        | 2026-02-04 02:00
            s2          | b1        | p1               | 2026-01-31 14:59 | success | true        | 2026-02-05 02:00
            s3          | b1        | p1               | 2026-01-31 15:00 | success | true        |
        """,
        as_of="2026-02-10",
        obligations="""
            subject | closed_at        | state
            i1      | 2026-02-05 02:00 | late
        """)


def test_snapshots_removed_in_time_keep_the_promise(spec):
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash | removed_at
            s1          | b1        | p1               | 2026-01-20 02:00 | success | true        | 2026-01-27 02:00
            s2          | b1        | p1               | 2026-01-31 02:00 | success | true        | 2026-02-01 20:00
        """,
        as_of="2026-02-10",
        obligations="""
            subject | closed_at        | state
            i1      | 2026-02-01 20:00 | met
        """)


def test_a_snapshot_that_is_still_there_is_overdue(spec):
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
            s1          | b1        | p1               | 2026-01-20 02:00 | success | true
        """,
        states="""
            subject | 2026-01-31 | 2026-02-01
            i1      | open       | overdue
        """)


def test_one_of_two_snapshots_that_is_still_there_is_enough(spec):
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash | removed_at
            s1          | b1        | p1               | 2026-01-20 02:00 | success | true        | 2026-01-27 02:00
            s2          | b1        | p1               | 2026-01-21 02:00 | success | true        |
        """,
        states="""
            subject | 2026-01-31 | 2026-02-01
            i1      | open       | overdue
        """)


def test_a_snapshot_from_before_the_deletion_holds_the_item_too(spec):
    """Even where backups leave the trash out: before it was deleted, the item was not in the trash."""
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
            s1          | b1        | p1               | 2026-01-10 13:59 | success | false
        """,
        states="""
            subject | 2026-02-01
            i1      | overdue
        """)


def test_what_holds_nothing_of_the_item_is_not_expected_to_go(spec):
    """Taken before it was created, after its deletion without the trash, after its purge, elsewhere, or failed."""
    spec(
        servers="""
            server_id | role    | in_service_at
            p1        | primary | 2020-01-01 00:00
            p2        | primary | 2026-02-01 00:00
            b1        | backup  | 2020-01-01 00:00
        """,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
            s1          | b1        | p1               | 2025-06-01 11:59 | success | true
            s2          | b1        | p1               | 2026-01-10 14:00 | success | false
            s3          | b1        | p1               | 2026-01-31 15:00 | success | true
            s4          | b1        | p2               | 2026-02-01 02:00 | success | true
            s5          | b1        | p1               | 2026-01-20 02:00 | failed  | true
        """,
        states="""
            subject | 2026-02-01
            i1      | met
        """)


def test_a_partial_snapshot_may_hold_it(spec):
    """Delete-by: what may still be there is not gone."""
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
            s1          | b1        | p1               | 2026-01-20 02:00 | partial | true
        """,
        states="""
            subject | 2026-02-01
            i1      | overdue
        """)


def test_a_snapshot_that_does_not_say_whether_it_holds_the_trash_may_hold_it(spec):
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            i1      | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-01-31 15:00
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash
            s1          | b1        | p1               | 2026-01-20 02:00 | success |
        """,
        states="""
            subject | 2026-02-01
            i1      | overdue
        """)


def test_a_snapshot_of_a_server_we_know_nothing_of_cannot_tell(spec):
    """Nobody described x9: its snapshot may hold the item. What is known to be there is overdue all the same."""
    spec(
        servers="""
            server_id | role    | in_service_at
            p1        | primary | 2020-01-01 00:00
            b1        | backup  | 2020-01-01 00:00
        """,
        deleted_items="""
            item_id | deleted_at       | purged_at
            purged  | 2026-01-10 14:00 | 2026-01-31 14:00
            left    | 2026-01-10 14:00 |
        """,
        backups="""
            snapshot_id | server_id | source_server_id | taken_at         | status  | holds_trash | removed_at
            strange     | b1        | x9               | 2026-01-09 04:00 | success | false       | 2026-02-03 04:00
        """,
        states="""
            subject | 2026-01-30 | 2026-01-31 | 2026-02-01 | 2026-02-02 | 2026-02-03
            purged  | open       | unknown    | unknown    | unknown    | late
            left    | open       | open       | overdue    | overdue    | overdue
        """)


def test_without_a_list_per_server_the_purge_dates_tell(spec):
    """Nothing lists copies: the primary and its replica follow the purge, the backups follow their catalogue."""
    spec(
        servers=SERVERS,
        deleted_items="""
            item_id | created_at       | deleted_at       | purged_at
            in_time | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-02-01 03:00
            late    | 2025-06-01 12:00 | 2026-01-10 14:00 | 2026-02-02 03:00
            stays   | 2025-06-01 12:00 | 2026-01-10 14:00 |
        """,
        as_of="2026-02-02",
        obligations="""
            subject | closed_at        | state
            in_time | 2026-02-01 03:00 | met
            late    | 2026-02-02 03:00 | late
            stays   |                  | overdue
        """)


# --- restored, recovered, held ------------------------------------------------------------------------------------


def test_a_restored_item_is_void_unless_it_was_due(spec):
    """Restored at the last instant it was to be gone by, and at the next: a failure before that stays a failure."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at       | restored_at
            early   | 2026-01-10 14:00 | 2026-01-15 10:00
            in_time | 2026-01-10 14:00 | 2026-02-01 23:59:59
            late    | 2026-01-10 14:00 | 2026-02-02 00:00
        """,
        states="""
            subject | 2026-01-15 | 2026-02-01 | 2026-02-02
            early   | void       | void       | void
            in_time | open       | void       | void
            late    | open       | overdue    | late
        """)


def test_a_recovery_asked_for_in_time_suspends_the_purge_until_its_outcome(spec):
    """Refused on 10 February: the end of the next local day, 11 February. Withdrawn before the date: nothing moves."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id   | deleted_at
            refused   | 2026-01-10 14:00
            withdrawn | 2026-01-10 14:00
            asked_too_late | 2026-01-10 14:00
        """,
        recoveries="""
            recovery_id | item_id        | requested_at     | outcome   | outcome_at
            v1          | refused        | 2026-01-30 10:00 | refused   | 2026-02-10 10:00
            v2          | withdrawn      | 2026-01-15 10:00 | withdrawn | 2026-01-20 10:00
            v3          | asked_too_late | 2026-01-31 14:00 | refused   | 2026-02-10 10:00
        """,
        states="""
            subject        | 2026-01-31 | 2026-02-01 | 2026-02-10 | 2026-02-11
            refused        | open       | open       | open       | overdue
            withdrawn      | open       | overdue    | overdue    | overdue
            asked_too_late | open       | overdue    | overdue    | overdue
        """)


def test_a_request_suspends_thirty_days_at_most(spec):
    """Asked for on 30 January and never answered: suspended until the end of 1 March, gone by the end of 2 March."""
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id  | deleted_at       | purged_at
            pending  | 2026-01-10 14:00 |
            in_time  | 2026-01-10 14:00 | 2026-03-02 23:59
            too_late | 2026-01-10 14:00 | 2026-03-03 00:00
        """,
        recoveries="""
            recovery_id | item_id  | requested_at     | outcome
            v1          | pending  | 2026-01-30 10:00 | pending
            v2          | in_time  | 2026-01-30 10:00 | pending
            v3          | too_late | 2026-01-30 10:00 | pending
        """,
        states="""
            subject  | 2026-02-15 | 2026-03-01 | 2026-03-02 | 2026-03-03
            pending  | open       | open       | overdue    | overdue
            in_time  | open       | open       | met        | met
            too_late | open       | open       | overdue    | late
        """)


def test_a_served_recovery_voids_the_purge(spec):
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
        """,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            v1          | i1      | 2026-01-30 10:00 | served  | 2026-02-10 10:00
        """,
        as_of="2026-03-31",
        obligations="""
            subject | closed_by | state
            i1      | restored  | void
        """)


def test_deleted_again_is_a_new_obligation(spec):
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at       | restored_at      | purged_at
            i1      | 2026-01-10 14:00 | 2026-01-15 10:00 |
            i1      | 2026-01-20 14:00 |                  | 2026-02-11 03:00
        """,
        states="""
            subject | opened     | 2026-02-01 | 2026-02-10 | 2026-02-11
            i1      | 2026-01-10 | void       | void       | void
            i1      | 2026-01-20 | open       | open       | met
        """)


def test_erasure_asked_by_the_person_does_not_change_the_date(spec):
    """It voids the minimum; the maximum stays as it was."""
    spec(
        accounts="""
            account_id
            a1
        """,
        servers=PRIMARY,
        deleted_items="""
            item_id | account_id | user_id | deleted_at
            i1      | a1         | u1      | 2026-01-10 14:00
        """,
        rights_requests="""
            request_id | user_id | right   | received_at
            r1         | u1      | erasure | 2026-01-15 10:00
        """,
        states="""
            subject | 2026-01-31 | 2026-02-01
            i1      | open       | overdue
        """)


def test_a_legal_hold_on_the_item_suspends_the_purge(spec):
    spec(
        servers=PRIMARY,
        deleted_items="""
            item_id | deleted_at
            held    | 2026-01-10 14:00
            free    | 2026-01-10 14:00
        """,
        legal_holds="""
            hold_id | item_id | promise      | from_at          | until_at
            h1      | held    | trash.purged | 2026-01-20 00:00 | 2026-02-10 24:00
        """,
        states="""
            subject | 2026-01-19 | 2026-01-20 | 2026-02-01 | 2026-02-10 | 2026-02-11
            held    | open       | held       | held       | held       | overdue
            free    | open       | open       | overdue    | overdue    | overdue
        """)
