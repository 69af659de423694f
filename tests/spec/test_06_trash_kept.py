"""trash.kept: what a user deletes is still stored for three weeks.

A minimum: nothing is purged before the later of the same local time 21 days on and 504 hours.
"""

import pytest

title = "The trash: kept for three weeks"


@pytest.fixture
def spec(judged):
    return judged("trash.kept")


def test_purged_an_instant_early_is_premature(spec):
    spec(
        deleted_items="""
            item_id   | deleted_at       | purged_at
            too_early | 2026-01-10 14:00 | 2026-01-31 13:59:59.999999
            allowed   | 2026-01-10 14:00 | 2026-01-31 14:00
        """,
        states="""
            subject   | 2026-01-09 | 2026-01-10 | 2026-01-30 | 2026-01-31
            too_early |            | open       | open       | premature
            allowed   |            | open       | open       | met
        """)


def test_once_the_three_weeks_have_passed_with_the_item_still_there_the_promise_is_met(spec):
    """Judged at the end of a day: at 14:00 on 31 January the three weeks were over."""
    spec(
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
        """,
        states="""
            subject | 2026-01-30 | 2026-01-31 | 2026-03-01
            i1      | open       | met        | met
        """)


def test_three_weeks_that_end_at_midnight_are_over_with_the_day(spec):
    """Deleted at 00:00 on 10 January: the first instant allowed is 00:00 on 31 January, the end of the 30th."""
    spec(
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 00:00
        """,
        states="""
            subject | 2026-01-29 | 2026-01-30
            i1      | open       | met
        """)


def test_the_clocks_go_forward_and_the_item_is_kept_504_hours(spec):
    """21 local days are 503 hours only: who purges at the same local time purges an hour early."""
    spec(
        deleted_items="""
            item_id   | deleted_at       | purged_at
            too_early | 2026-03-20 14:00 | 2026-04-10 14:59:59
            allowed   | 2026-03-20 14:00 | 2026-04-10 15:00
        """,
        states="""
            subject   | 2026-04-10
            too_early | premature
            allowed   | met
        """)


def test_the_clocks_go_back_and_the_item_is_kept_21_local_days(spec):
    """504 hours end an hour before the same local time: who counts hours purges an hour early."""
    spec(
        deleted_items="""
            item_id   | deleted_at       | purged_at
            too_early | 2026-10-10 14:00 | 2026-10-31 13:00
            allowed   | 2026-10-10 14:00 | 2026-10-31 14:00
        """,
        states="""
            subject   | 2026-10-31
            too_early | premature
            allowed   | met
        """)


def test_the_journal_of_erasures_gives_the_date_where_the_row_does_not(spec):
    spec(
        deleted_items="""
            item_id   | deleted_at
            too_early | 2026-01-10 14:00
            allowed   | 2026-01-10 14:00
        """,
        erasure_journal="""
            entry_id | item_id   | erased_at
            e1       | too_early | 2026-01-20 03:00
            e2       | allowed   | 2026-02-01 03:00
        """,
        states="""
            subject   | 2026-02-01
            too_early | premature
            allowed   | met
        """)


def test_gone_from_the_primary_is_gone_for_the_user(spec):
    """Where no purge is dated, the copy on the primary tells; a copy that left a replica early takes nothing away."""
    spec(
        servers="""
            server_id | role    | in_service_at
            p1        | primary | 2020-01-01 00:00
            r1        | replica | 2020-01-01 00:00
        """,
        deleted_items="""
            item_id   | deleted_at
            too_early | 2026-01-10 14:00
            kept      | 2026-01-10 14:00
        """,
        item_copies="""
            item_id   | server_id | held_since_at    | gone_at
            too_early | p1        | 2025-01-01 12:00 | 2026-01-15 03:00
            too_early | r1        | 2025-01-01 12:00 | 2026-01-15 03:00
            kept      | p1        | 2025-01-01 12:00 |
            kept      | r1        | 2025-01-01 12:00 | 2026-01-15 03:00
        """,
        states="""
            subject   | 2026-01-20
            too_early | premature
            kept      | open
        """)


def test_a_restored_item_is_void(spec):
    spec(
        deleted_items="""
            item_id | deleted_at       | restored_at
            i1      | 2026-01-10 14:00 | 2026-01-15 10:00
        """,
        states="""
            subject | 2026-01-14 | 2026-01-15 | 2026-03-01
            i1      | open       | void       | void
        """)


def test_a_served_recovery_is_a_restoration(spec):
    spec(
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
        """,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            v1          | i1      | 2026-01-14 10:00 | served  | 2026-01-15 10:00
        """,
        as_of="2026-01-31",
        obligations="""
            subject | closed_by | state
            i1      | restored  | void
        """)


def test_restoring_cures_no_premature_purge(spec):
    """Purged on day ten and brought back from a backup: it had not been kept. A failure before that stays a failure."""
    spec(
        deleted_items="""
            item_id  | deleted_at       | purged_at        | restored_at
            after    | 2026-01-10 14:00 | 2026-01-20 03:00 | 2026-01-22 10:00
            before   | 2026-01-10 14:00 |                  | 2026-01-22 10:00
        """,
        states="""
            subject | 2026-01-20 | 2026-01-22
            after   | premature  | premature
            before  | open       | void
        """)


def test_deleted_again_is_a_new_obligation(spec):
    """Restored, then deleted again: the three weeks begin anew, and only the second deletion is judged by its purge."""
    spec(
        deleted_items="""
            item_id | deleted_at       | restored_at      | purged_at
            i1      | 2026-01-10 14:00 | 2026-01-15 10:00 |
            i1      | 2026-01-20 14:00 |                  | 2026-02-05 03:00
        """,
        states="""
            subject | opened     | 2026-01-19 | 2026-01-31 | 2026-02-05
            i1      | 2026-01-10 | void       | void       | void
            i1      | 2026-01-20 |            | open       | premature
        """)


# --- erasure asked by the person ----------------------------------------------------------------------------------


def test_erasure_asked_inside_the_three_weeks_voids_the_minimum(spec):
    """Whoever asks for erasure does not want the item kept. From the deletion to the last instant before the end."""
    spec(
        accounts="""
            account_id
            a1
        """,
        deleted_items="""
            item_id     | account_id | user_id | deleted_at       | purged_at
            at_once     | a1         | u1      | 2026-01-10 14:00 | 2026-01-20 03:00
            last_moment | a1         | u2      | 2026-01-10 14:00 |
            at_the_end  | a1         | u3      | 2026-01-10 14:00 |
            before      | a1         | u4      | 2026-01-10 14:00 | 2026-01-20 03:00
        """,
        rights_requests="""
            request_id | user_id | right   | received_at
            r1         | u1      | erasure | 2026-01-10 14:00
            r2         | u2      | erasure | 2026-01-31 13:59:59
            r3         | u3      | erasure | 2026-01-31 14:00
            r4         | u4      | erasure | 2026-01-10 13:59:59
        """,
        states="""
            subject     | 2026-01-30 | 2026-01-31
            at_once     | void       | void
            last_moment | open       | void
            at_the_end  | open       | met
            before      | premature  | premature
        """)


def test_only_erasure_and_only_the_person_s_own(spec):
    """A request for access keeps the item where it is; another user's request is about another user's data."""
    spec(
        accounts="""
            account_id
            a1
            a2
        """,
        deleted_items="""
            item_id | account_id | user_id | deleted_at       | purged_at
            access  | a1         | u1      | 2026-01-10 14:00 | 2026-01-20 03:00
            other   | a1         | u2      | 2026-01-10 14:00 | 2026-01-20 03:00
            account | a2         | u3      | 2026-01-10 14:00 | 2026-01-20 03:00
        """,
        rights_requests="""
            request_id | account_id | user_id | right   | received_at
            r1         |            | u1      | access  | 2026-01-12 10:00
            r2         | a1         | u9      | erasure | 2026-01-12 10:00
            r3         | a2         |         | erasure | 2026-01-12 10:00
        """,
        states="""
            subject | 2026-01-20
            access  | premature
            other   | premature
            account | void
        """)


def test_a_wish_for_erasure_that_was_withdrawn_voids_nothing(spec):
    """Until the withdrawal it stood; after it the person wants the item kept again."""
    spec(
        accounts="""
            account_id
            a1
        """,
        deleted_items="""
            item_id | account_id | user_id | deleted_at       | purged_at
            i1      | a1         | u1      | 2026-01-10 14:00 | 2026-01-20 03:00
        """,
        rights_requests="""
            request_id | user_id | right   | received_at      | answered_at      | outcome
            r1         | u1      | erasure | 2026-01-12 10:00 | 2026-01-14 10:00 | withdrawn
        """,
        states="""
            subject | 2026-01-13 | 2026-01-14 | 2026-01-20
            i1      | void       | open       | premature
        """)


def test_erasure_asked_for_is_the_reason_that_is_shown(spec):
    spec(
        accounts="""
            account_id
            a1
        """,
        deleted_items="""
            item_id | account_id | user_id | deleted_at       | restored_at
            asked   | a1         | u1      | 2026-01-10 14:00 |
            first   | a1         | u1      | 2026-01-10 14:00 | 2026-01-12 10:00
        """,
        rights_requests="""
            request_id | user_id | right   | received_at
            r1         | u1      | erasure | 2026-01-15 10:00
        """,
        as_of="2026-01-31",
        obligations="""
            subject | closed_at        | closed_by     | state
            asked   | 2026-01-15 10:00 | erasure_asked | void
            first   | 2026-01-12 10:00 | restored      | void
        """)


def test_asking_for_erasure_afterwards_cures_no_premature_purge(spec):
    spec(
        accounts="""
            account_id
            a1
        """,
        deleted_items="""
            item_id | account_id | user_id | deleted_at       | purged_at
            i1      | a1         | u1      | 2026-01-10 14:00 | 2026-01-12 03:00
        """,
        rights_requests="""
            request_id | user_id | right   | received_at
            r1         | u1      | erasure | 2026-01-15 10:00
        """,
        states="""
            subject | 2026-01-15
            i1      | premature
        """)


def test_a_hold_has_nothing_to_suspend(spec):
    spec(
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
        """,
        legal_holds="""
            hold_id | item_id | from_at          | until_at
            h1      | i1      | 2026-01-01 00:00 | 2027-01-01 00:00
        """,
        states="""
            subject | 2026-01-30 | 2026-01-31
            i1      | open       | met
        """)


def test_an_item_that_is_gone_without_a_trace_is_unknown(night):
    """A row that left between two collections was purged when the journal says so; without an entry nobody knows."""
    night("2026-01-31", "trash.kept", deleted_items="""
        item_id  | deleted_at
        vanishes | 2026-01-20 12:00
        journal  | 2026-01-20 12:00
    """)
    night("2026-02-01", "trash.kept", erasure_journal="""
        entry_id | item_id | erased_at
        e1       | journal | 2026-02-01 02:00
    """, obligations="""
        subject  | state     | closed_by
        vanishes | unknown   | vanished
        journal  | premature | purged
    """)
