"""trash.recoverable: a recovery asked for within the three weeks can be had.

One obligation per request made inside the window, due within thirty days (ours). No horizon: nothing here is ever due soon.
"""

import pytest

title = "The trash: recoverable for three weeks"


@pytest.fixture
def spec(judged):
    return judged("trash.recoverable")


DELETED = """
            item_id | deleted_at
            i1      | 2026-01-10 14:00
"""


def test_served_on_the_thirtieth_day_is_in_time(spec):
    """Asked for on 15 January: the end of 14 February."""
    spec(
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
            i2      | 2026-01-10 14:00
        """,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            in_time     | i1      | 2026-01-15 10:00 | served  | 2026-02-14 23:59:59
            too_late    | i2      | 2026-01-15 10:00 | served  | 2026-02-15 00:00
        """,
        states="""
            subject  | 2026-01-14 | 2026-01-15 | 2026-02-13 | 2026-02-14 | 2026-02-15
            in_time  |            | open       | open       | met        | met
            too_late |            | open       | open       | overdue    | late
        """)


def test_a_request_without_an_outcome_is_open_and_then_overdue(spec):
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome
            v1          | i1      | 2026-01-15 10:00 | pending
        """,
        states="""
            subject | 2026-02-13 | 2026-02-14 | 2026-02-15
            v1      | open       | overdue    | overdue
        """)


def test_the_window_is_half_open(spec):
    """Asked for at the last instant of the three weeks counts; at the first instant after them it need not be served."""
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at               | outcome
            at_once     | i1      | 2026-01-10 14:00           | pending
            inside      | i1      | 2026-01-31 13:59:59.999999 | pending
            outside     | i1      | 2026-01-31 14:00           | pending
        """,
        states="""
            subject | 2026-01-31 | 2026-03-02
            at_once | open       | overdue
            inside  | open       | overdue
            outside | void       | void
        """)


def test_the_window_is_as_long_as_the_minimum(spec):
    """When the clocks go forward it lasts 504 hours, when they go back 21 local days."""
    spec(
        deleted_items="""
            item_id | deleted_at
            spring  | 2026-03-20 14:00
            autumn  | 2026-10-10 14:00
        """,
        recoveries="""
            recovery_id   | item_id | requested_at     | outcome
            spring_inside | spring  | 2026-04-10 14:59 | pending
            spring_after  | spring  | 2026-04-10 15:00 | pending
            autumn_inside | autumn  | 2026-10-31 13:59 | pending
            autumn_after  | autumn  | 2026-10-31 14:00 | pending
        """,
        states="""
            subject       | 2026-10-31
            spring_inside | overdue
            spring_after  | void
            autumn_inside | open
            autumn_after  | void
        """)


def test_a_request_belongs_to_the_deletion_before_it(spec):
    """An item deleted twice has two windows; a request after the first is inside the second."""
    spec(
        deleted_items="""
            item_id | deleted_at       | restored_at
            i1      | 2026-01-10 14:00 | 2026-01-15 10:00
            i1      | 2026-02-20 14:00 |
        """,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            first       | i1      | 2026-01-14 10:00 | served  | 2026-01-15 10:00
            between     | i1      | 2026-02-19 10:00 | pending |
            second      | i1      | 2026-02-25 10:00 | pending |
        """,
        states="""
            subject | 2026-02-28
            first   | met
            between | void
            second  | open
        """)


def test_withdrawn_and_unpaid_requests_are_void(spec):
    """A recovery may cost money; who does not pay, or changes his mind, is owed nothing."""
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome   | outcome_at
            withdrawn   | i1      | 2026-01-15 10:00 | withdrawn | 2026-01-20 10:00
            unpaid      | i1      | 2026-01-15 10:00 | unpaid    | 2026-01-21 10:00
        """,
        states="""
            subject   | 2026-01-19 | 2026-01-20 | 2026-01-21 | 2026-03-01
            withdrawn | open       | void       | void       | void
            unpaid    | open       | open       | void       | void
        """)


def test_the_outcome_says_what_became_of_a_request(spec):
    spec(
        deleted_items="""
            item_id | deleted_at
            i1      | 2026-01-10 14:00
            i2      | 2026-01-10 14:00
            i3      | 2026-01-10 14:00
            i4      | 2026-01-10 14:00
        """,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome   | outcome_at
            served      | i1      | 2026-01-15 10:00 | served    | 2026-01-20 10:00
            withdrawn   | i2      | 2026-01-15 10:00 | withdrawn | 2026-01-20 10:00
            unpaid      | i3      | 2026-01-15 10:00 | unpaid    | 2026-01-20 10:00
            too_late    | i4      | 2026-02-15 10:00 | pending   |
        """,
        as_of="2026-02-28",
        obligations="""
            subject   | due_at           | closed_by      | state
            served    | 2026-02-14 24:00 | served         | met
            withdrawn | 2026-02-14 24:00 | withdrawn      | void
            unpaid    | 2026-02-14 24:00 | unpaid         | void
            too_late  | 2026-03-17 24:00 | outside_window | void
        """)


def test_withdrawing_after_the_date_cures_nothing(spec):
    """A failure before that stays a failure."""
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome   | outcome_at
            in_time     | i1      | 2026-01-15 10:00 | withdrawn | 2026-02-14 23:59
            too_late    | i1      | 2026-01-15 10:00 | withdrawn | 2026-02-15 00:00
        """,
        states="""
            subject  | 2026-02-14 | 2026-02-15
            in_time  | void       | void
            too_late | overdue    | late
        """)


def test_a_refusal_inside_the_window_breaks_the_promise_at_once(spec):
    """It could not be had: overdue from the refusal on, with nothing that could still close it."""
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            v1          | i1      | 2026-01-15 10:00 | refused | 2026-01-17 10:00
        """,
        states="""
            subject | 2026-01-16 | 2026-01-17 | 2026-03-01
            v1      | open       | overdue    | overdue
        """)


def test_a_refusal_outside_the_window_breaks_nothing(spec):
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            v1          | i1      | 2026-02-05 10:00 | refused | 2026-02-06 10:00
        """,
        states="""
            subject | 2026-02-28
            v1      | void
        """)


def test_served_without_a_date_is_unknown(spec):
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            v1          | i1      | 2026-01-15 10:00 | served  |
        """,
        as_of="2026-03-01",
        obligations="""
            subject | closed_by | state
            v1      | missing_date | unknown
        """)


def test_served_although_asked_for_after_the_window_shows_that_the_purge_failed(spec):
    """Asked on 10 February for what had to be gone on 1 February, and yet there: a finding."""
    spec(
        deleted_items=DELETED,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome | outcome_at
            v1          | i1      | 2026-02-10 10:00 | served  | 2026-02-11 10:00
        """,
        states="""
            subject | 2026-02-28
            v1      | void
        """,
        findings="""
            kind                | subject
            served_after_window | v1
        """)


def test_an_item_purged_too_early_leaves_the_request_owed(spec):
    """That it cannot be served any more closes nothing."""
    spec(
        deleted_items="""
            item_id | deleted_at       | purged_at
            i1      | 2026-01-10 14:00 | 2026-01-12 03:00
        """,
        recoveries="""
            recovery_id | item_id | requested_at     | outcome
            v1          | i1      | 2026-01-15 10:00 | pending
        """,
        states="""
            subject | 2026-02-13 | 2026-02-14
            v1      | open       | overdue
        """)
