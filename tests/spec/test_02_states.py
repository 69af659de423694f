"""The nine states of an obligation, and which one it is in where several would fit: the first of this order.

void, unknown, premature, late, met, held, overdue, due soon, open. All intervals are half-open: `due_at` is the first
instant too late, `earliest_at` the first one allowed, and the state is that of the first instant after the day `as_of`.

The dates are given here, not computed: how a rule finds them is told in its own chapter.
"""

import pytest
from casebook import POLICY

title = "States"

DELETE_BY = "retention.deleted-accounts"
KEEP_UNTIL = "retention.invoices"
REPLY_BY = "cancellation.done"
NO_HORIZON = "trash.purged"


def test_all_nine(stand):
    """One obligation of each state, judged for the same day."""
    stand(DELETE_BY, duties="""
        subject   | earliest_at      | due_at           | closed_at        | closed_by
        void      |                  | 2024-03-01 24:00 | 2024-01-10 12:00 | reinstated
        unknown   |                  | 2024-03-01 24:00 |                  | vanished
        premature | 2024-02-01 24:00 | 2024-03-01 24:00 | 2024-01-10 12:00 | erased
        late      |                  | 2024-03-01 24:00 | 2024-03-05 12:00 | erased
        met       |                  | 2024-03-01 24:00 | 2024-02-10 12:00 | erased
        held      |                  | 2024-03-01 24:00 |                  |
        overdue   |                  | 2024-03-01 24:00 |                  |
        due_soon  |                  | 2024-04-01 24:00 |                  |
        open      |                  | 2024-06-01 24:00 |                  |
    """, legal_holds="""
        hold_id | account_id | from_at          | until_at
        h1      | held       | 2024-02-01 00:00 | 2025-01-01 00:00
    """, states="""
        subject   | 2024-03-10
        void      | void
        unknown   | unknown
        premature | premature
        late      | late
        met       | met
        held      | held
        overdue   | overdue
        due_soon  | due_soon
        open      | open
    """)


# --- the edges ----------------------------------------------------------------------------------------------------


def test_due_at_is_the_first_instant_too_late(stand):
    stand(DELETE_BY, duties="""
        subject | due_at           | closed_at                  | closed_by
        before  | 2024-03-01 24:00 | 2024-03-01 23:59:59.999999 | erased
        at      | 2024-03-01 24:00 | 2024-03-02 00:00:00        | erased
        after   | 2024-03-01 24:00 | 2024-03-02 00:00:00.000001 | erased
    """, states="""
        subject | 2024-03-02
        before  | met
        at      | late
        after   | late
    """)


def test_earliest_at_is_the_first_instant_allowed(stand):
    stand(KEEP_UNTIL, duties="""
        subject | earliest_at      | closed_at                  | closed_by
        before  | 2024-03-01 24:00 | 2024-03-01 23:59:59.999999 | removed
        at      | 2024-03-01 24:00 | 2024-03-02 00:00:00        | removed
        after   | 2024-03-01 24:00 | 2024-03-02 00:00:00.000001 | removed
    """, states="""
        subject | 2024-03-02
        before  | premature
        at      | met
        after   | met
    """)


def test_as_of_ends_with_the_first_instant_of_the_next_day(stand):
    """What is due at that very instant is overdue; what is due a microsecond later is not yet. Without a horizon: open."""
    stand(NO_HORIZON, duties="""
        subject | due_at
        before  | 2024-03-01 23:59:59.999999
        at      | 2024-03-01 24:00
        after   | 2024-03-02 00:00:00.000001
    """, states="""
        subject | 2024-02-29 | 2024-03-01 | 2024-03-02
        before  | open       | overdue    | overdue
        at      | open       | overdue    | overdue
        after   | open       | open       | overdue
    """)


def test_what_is_only_to_be_kept_is_met_once_the_time_has_passed(stand):
    """Kept until an instant after the day: open; until that very instant: met, with the subject still there."""
    stand(KEEP_UNTIL, duties="""
        subject | earliest_at
        at      | 2024-03-01 24:00
        after   | 2024-03-02 00:00:00.000001
    """, states="""
        subject | 2024-02-29 | 2024-03-01 | 2024-03-02
        at      | open       | met        | met
        after   | open       | open       | met
    """)


def test_what_closes_after_as_of_has_not_closed(stand):
    """At the end of 1 March nothing of 2 March has happened, not even its first instant."""
    stand(DELETE_BY, duties="""
        subject  | due_at           | closed_at                  | closed_by
        before   | 2024-06-01 24:00 | 2024-03-01 23:59:59.999999 | erased
        at       | 2024-06-01 24:00 | 2024-03-02 00:00           | erased
        voided   | 2024-06-01 24:00 | 2024-03-02 00:00           | reinstated
        passed   | 2024-02-01 24:00 | 2024-03-02 00:00           | erased
    """, states="""
        subject | 2024-03-01 | 2024-03-02
        before  | met        | met
        at      | open       | met
        voided  | open       | void
        passed  | overdue    | late
    """)


@pytest.mark.parametrize(("promise", "before", "within"), [
    (DELETE_BY, "2024-01-31", "2024-02-01"),
    (REPLY_BY, "2024-02-23", "2024-02-24"),
])
def test_due_soon_within_the_horizon(stand, promise, before, within):
    """Thirty days before the end of 2 March for a retention, seven for a reply; local days, whatever the clocks do."""
    stand(promise, duties="""
        subject | due_at
        a1      | 2024-03-02 24:00
    """, states=f"""
        subject | {before} | {within} | 2024-03-01 | 2024-03-02
        a1      | open     | due_soon | due_soon   | overdue
    """)


@pytest.mark.parametrize("promise", ["trash.purged", "trash.recoverable"])
def test_without_a_horizon_nothing_is_ever_due_soon(stand, promise):
    stand(promise, duties="""
        subject | due_at
        a1      | 2024-03-02 24:00
    """, states="""
        subject | 2024-03-01 | 2024-03-02
        a1      | open       | overdue
    """)


# --- which comes first --------------------------------------------------------------------------------------------


def test_void_comes_before_everything_but_an_earlier_failure(stand):
    """Void outranks the missing date, the hold and the date to come; what had failed before stays a failure."""
    stand(DELETE_BY, duties="""
        subject    | earliest_at      | due_at           | closed_at           | closed_by
        no_date    |                  |                  | 2024-01-10 12:00    | withdrawn
        too_early  | 2024-02-01 24:00 | 2024-03-01 24:00 | 2024-01-10 12:00    | restored
        held       |                  | 2024-03-01 24:00 | 2024-01-10 12:00    | reinstated
        last       |                  | 2024-03-01 24:00 | 2024-03-01 23:59:59 | reinstated
        failed     |                  | 2024-03-01 24:00 | 2024-03-02 00:00    | reinstated
    """, legal_holds="""
        hold_id | account_id | from_at          | until_at
        h1      | held       | 2024-01-01 00:00 | 2025-01-01 00:00
    """, states="""
        subject   | 2024-03-10
        no_date   | void
        too_early | void
        held      | void
        last      | void
        failed    | late
    """)


def test_unknown_comes_before_failures_holds_and_dates(stand):
    """What the facts cannot tell is said before anything that would follow from them."""
    stand(DELETE_BY, duties="""
        subject   | earliest_at      | due_at           | closed_at        | closed_by
        overdue   |                  | 2024-03-01 24:00 |                  | vanished
        held      |                  | 2024-03-01 24:00 |                  | overwritten
        open      |                  | 2024-06-01 24:00 |                  | short_history
        late      |                  | 2024-03-01 24:00 | 2024-03-05 12:00 | bracketed
        undated   |                  | 2024-03-01 24:00 |                  | erased
        no_limits |                  |                  |                  |
        closed    |                  |                  | 2024-01-01 12:00 | erased
    """, legal_holds="""
        hold_id | account_id | from_at          | until_at
        h1      | held       | 2024-01-01 00:00 | 2025-01-01 00:00
    """, states="""
        subject   | 2024-03-10
        overdue   | unknown
        held      | unknown
        open      | unknown
        late      | unknown
        undated   | unknown
        no_limits | unknown
        closed    | unknown
    """)


def test_premature_comes_before_late_and_met(stand):
    """A range that nothing can keep (due before it is allowed) shows the earlier of the two failures."""
    stand(DELETE_BY, duties="""
        subject | earliest_at      | due_at           | closed_at        | closed_by
        both    | 2024-03-01 24:00 | 2024-01-01 24:00 | 2024-02-01 12:00 | erased
        early   | 2024-02-01 24:00 | 2024-03-01 24:00 | 2024-02-01 12:00 | erased
        between | 2024-02-01 24:00 | 2024-03-01 24:00 | 2024-02-15 12:00 | erased
    """, states="""
        subject | 2024-03-10
        both    | premature
        early   | premature
        between | met
    """)


def test_closed_comes_before_held(stand):
    stand(DELETE_BY, duties="""
        subject | due_at           | closed_at        | closed_by
        met     | 2024-03-01 24:00 | 2024-02-01 12:00 | erased
        late    | 2024-03-01 24:00 | 2024-03-05 12:00 | erased
    """, legal_holds="""
        hold_id | account_id | from_at          | until_at
        h1      | met        | 2024-01-15 00:00 | 2025-01-01 00:00
        h2      | late       | 2024-03-03 00:00 | 2025-01-01 00:00
    """, states="""
        subject | 2024-03-10
        met     | met
        late    | late
    """)


def test_held_comes_before_overdue_due_soon_and_open(stand):
    """A hold on a delete-by; on a keep-until or a reply-by there is nothing to suspend."""
    holds = """
        hold_id | account_id | from_at          | until_at
        h1      | overdue    | 2024-01-15 00:00 | 2025-01-01 00:00
        h2      | due_soon   | 2024-01-15 00:00 | 2025-01-01 00:00
        h3      | open       | 2024-01-15 00:00 | 2025-01-01 00:00
    """
    duties = """
        subject  | due_at
        overdue  | 2024-03-01 24:00
        due_soon | 2024-03-12 24:00
        open     | 2024-06-01 24:00
    """
    stand(DELETE_BY, duties=duties, legal_holds=holds, states="""
        subject  | 2024-03-10
        overdue  | held
        due_soon | held
        open     | held
    """)
    stand(REPLY_BY, duties=duties, legal_holds=holds, states="""
        subject  | 2024-03-10
        overdue  | overdue
        due_soon | due_soon
        open     | open
    """)


def test_a_hold_that_comes_too_late_suspends_nothing(stand):
    """Once the date has passed there is nothing left to suspend: a hold is no way to hide a failure."""
    stand(DELETE_BY, duties="""
        subject | due_at
        before  | 2024-03-01 24:00
        at      | 2024-03-01 24:00
    """, legal_holds="""
        hold_id | account_id | from_at             | until_at
        h1      | before     | 2024-03-01 23:59:59 | 2025-01-01 00:00
        h2      | at         | 2024-03-02 00:00    | 2025-01-01 00:00
    """, states="""
        subject | 2024-03-01 | 2024-03-10
        before  | held       | held
        at      | overdue    | overdue
    """)


def test_a_hold_is_half_open_and_the_old_date_counts_again_when_it_ends(stand):
    """Held to the end of 9 March; whoever erases while it lasts is not late, whoever has not by its end is overdue."""
    stand(DELETE_BY, duties="""
        subject | due_at           | closed_at           | closed_by
        stays   | 2024-03-01 24:00 |                     |
        in_time | 2024-03-01 24:00 | 2024-03-09 23:59:59 | erased
        late    | 2024-03-01 24:00 | 2024-03-10 00:00    | erased
    """, legal_holds="""
        hold_id | account_id | from_at          | until_at
        h1      | stays      | 2024-02-01 00:00 | 2024-03-09 24:00
        h2      | in_time    | 2024-02-01 00:00 | 2024-03-09 24:00
        h3      | late       | 2024-02-01 00:00 | 2024-03-09 24:00
    """, states="""
        subject | 2024-01-30 | 2024-01-31 | 2024-02-01 | 2024-03-08 | 2024-03-09 | 2024-03-10
        stays   | open       | due_soon   | held       | held       | held       | overdue
        in_time | open       | due_soon   | held       | held       | met        | met
        late    | open       | due_soon   | held       | held       | held       | late
    """)


def test_a_hold_renewed_before_it_ends_goes_on(stand):
    """The second hold begins after the old date but while the first still suspends it: the suspension is one."""
    stand(DELETE_BY, duties="""
        subject  | due_at
        renewed  | 2024-03-01 24:00
        narrowed | 2024-03-01 24:00
        gap      | 2024-03-01 24:00
    """, legal_holds="""
        hold_id | account_id | promise                    | from_at             | until_at
        h1      | renewed    |                            | 2024-02-01 00:00    | 2024-03-10 00:00
        h2      | renewed    |                            | 2024-03-10 00:00    | 2024-06-01 00:00
        h3      | narrowed   |                            | 2024-02-01 00:00    | 2024-03-10 00:00
        h4      | narrowed   | retention.deleted-accounts | 2024-03-05 00:00    | 2024-06-01 00:00
        h5      | gap        |                            | 2024-02-01 00:00    | 2024-03-10 00:00
        h6      | gap        |                            | 2024-03-10 00:00:01 | 2024-06-01 00:00
    """, states="""
        subject  | 2024-03-09 | 2024-03-10 | 2024-05-31 | 2024-06-01
        renewed  | held       | held       | held       | overdue
        narrowed | held       | held       | held       | overdue
        gap      | held       | overdue    | overdue    | overdue
    """)


def test_a_hold_that_ends_before_the_date_changes_nothing(stand):
    stand(DELETE_BY, duties="""
        subject | due_at
        a1      | 2024-03-01 24:00
    """, legal_holds="""
        hold_id | account_id | from_at          | until_at
        h1      | a1         | 2024-01-01 00:00 | 2024-02-14 24:00
    """, states="""
        subject | 2024-02-14 | 2024-02-15 | 2024-02-29 | 2024-03-01
        a1      | held       | due_soon   | due_soon   | overdue
    """)


# --- the words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", POLICY.closings)
def test_every_word_of_the_register_closes_voids_or_leaves_unknown(stand, word):
    """With a date in time, a word that closes gives met, one that voids gives void, and one that cannot tell unknown."""
    state = {"closes": "met", "voids": "void", "unknown": "unknown"}[POLICY.closings[word].outcome]
    stand(DELETE_BY, duties=f"""
        subject | due_at           | closed_at        | closed_by
        a1      | 2024-03-01 24:00 | 2024-02-01 12:00 | {word}
    """, states=f"""
        subject | 2024-03-10
        a1      | {state}
    """)
