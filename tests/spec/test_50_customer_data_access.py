"""Customers' data: opened to run the service, to prevent or solve a technical problem, where law requires, or for support.

Support is at the customer's request, and only a ticket of that very customer, open when the data was opened, shows the
request. What the journal says of other reasons cannot be looked behind; nor is an access seen that is not in it.
"""

import pytest

title = "Customers' data: opened only for a reason that counts"

ACCOUNTS = "account_id\nanne\nbruno"
TICKETS = """
    ticket_id | account_id | kind    | opened_at        | closed_at
    t1        | anne       | support | 2024-03-04 09:00 | 2024-03-06 18:00
    t2        | bruno      | support | 2024-03-04 09:00 |
"""


@pytest.fixture
def spec(judged):
    def check(tickets=TICKETS, **given):
        judged("customer-data.access")(**{"accounts": ACCOUNTS, "as_of": "2024-03-31", "tickets": tickets, **given})

    return check


def test_each_of_the_four_reasons_is_allowed_and_no_other(spec):
    """Whatever else it was for, curiosity or a demonstration to somebody, is `other`, and the policy knows no other."""
    spec(staff_access="""
        access_id   | account_id | accessed_at      | reason    | ticket_id
        running     | anne       | 2024-03-05 10:00 | service   |
        repairing   | anne       | 2024-03-05 10:00 | technical |
        helping     | anne       | 2024-03-05 10:00 | support   | t1
        ordered     | anne       | 2024-03-05 10:00 | legal     |
        curious     | anne       | 2024-03-05 10:00 | other     |
        with_ticket | anne       | 2024-03-05 10:00 | other     | t1
    """, conditions="""
        subject     | seen_at          | ok    | reason             | cases | in_review
        running     | 2024-03-05 10:00 | true  |                    | 1     | true
        repairing   | 2024-03-05 10:00 | true  |                    | 1     | true
        helping     | 2024-03-05 10:00 | true  |                    | 1     | true
        ordered     | 2024-03-05 10:00 | true  |                    | 1     | true
        curious     | 2024-03-05 10:00 | false | reason_not_allowed | 1     | true
        with_ticket | 2024-03-05 10:00 | false | reason_not_allowed | 1     | true
    """)


def test_a_reason_that_nobody_states_or_nobody_signs_for_cannot_be_believed(spec):
    """Silence proves neither. But a breach is one whoever it was."""
    spec(staff_access="""
        access_id | account_id | accessed_at      | reason    | has_staff
        silent    | anne       | 2024-03-05 10:00 |           | true
        unsigned  | anne       | 2024-03-05 10:00 | technical | false
        anybody   | anne       | 2024-03-05 10:00 | other     | false
        no_ticket | anne       | 2024-03-05 10:00 | support   | false
    """, conditions="""
        subject   | ok    | reason
        silent    |       | reason_unstated
        unsigned  |       | access_unsigned
        anybody   | false | reason_not_allowed
        no_ticket | false | ticket_missing
    """)


def test_support_needs_a_ticket_of_that_very_customer(spec):
    """One access to several accounts has an entry for each; the ticket of one of them opens no other."""
    spec(staff_access="""
        access_id | account_id | accessed_at      | reason  | ticket_id
        hers      | anne       | 2024-03-05 10:00 | support | t1
        his_too   | bruno      | 2024-03-05 10:00 | support | t1
        his       | bruno      | 2024-03-05 10:00 | support | t2
        none      | anne       | 2024-03-05 10:00 | support |
    """, states="""
        subject | 2024-03-31
        hers    | kept
        his_too | ticket_of_another
        his     | kept
        none    | ticket_missing
    """)


def test_only_support_needs_a_ticket(spec):
    """A fault may be found on one customer's ticket and be mended for another: what the ticket says decides nothing then."""
    spec(staff_access="""
        access_id | account_id | accessed_at      | reason    | ticket_id
        mending   | bruno      | 2024-03-05 10:00 | technical | t1
        console   |            | 2024-03-05 10:00 | technical |
        served    |            | 2024-03-05 10:00 | service   | t9
    """, states="""
        subject | 2024-03-31
        mending | kept
        console | kept
        served  | kept
    """)


def test_the_ticket_is_open_from_its_first_instant_and_at_the_very_second_of_closing_it_is_closed(spec):
    """Half-open, as every interval here: whoever closes a ticket has what was asked for, and opens nothing more on it."""
    spec(staff_access="""
        access_id | account_id | accessed_at                | reason  | ticket_id
        too_early | anne       | 2024-03-04 08:59:59.999999 | support | t1
        first     | anne       | 2024-03-04 09:00           | support | t1
        last      | anne       | 2024-03-06 17:59:59.999999 | support | t1
        closed    | anne       | 2024-03-06 18:00           | support | t1
        never     | bruno      | 2024-03-31 23:59:59        | support | t2
    """, states="""
        subject   | 2024-03-31
        too_early | ticket_not_open
        first     | kept
        last      | kept
        closed    | ticket_not_open
        never     | kept
    """)


def test_a_ticket_that_is_opened_again_counts_for_each_time_and_not_between(spec):
    spec(tickets="""
        ticket_id | account_id | opened_at        | closed_at
        t1        | anne       | 2024-03-04 09:00 | 2024-03-06 18:00
        t1        | anne       | 2024-03-11 09:00 | 2024-03-12 18:00
    """, staff_access="""
        access_id | account_id | accessed_at      | ended_at         | reason  | ticket_id
        first     | anne       | 2024-03-05 10:00 |                  | support | t1
        between   | anne       | 2024-03-08 10:00 |                  | support | t1
        second    | anne       | 2024-03-11 09:00 | 2024-03-11 09:30 | support | t1
        after     | anne       | 2024-03-12 18:00 |                  | support | t1
    """, states="""
        subject | 2024-03-31
        first   | kept
        between | ticket_not_open
        second  | kept
        after   | ticket_not_open
    """)


def test_an_access_may_outlast_its_ticket_by_an_hour(spec):
    """Ours: a session is closed a little after the ticket. Where no end is noted, only the moment of opening is judged."""
    spec(staff_access="""
        access_id | account_id | accessed_at      | ended_at            | reason  | ticket_id
        within    | anne       | 2024-03-06 17:00 | 2024-03-06 18:00    | support | t1
        tolerated | anne       | 2024-03-06 17:00 | 2024-03-06 19:00    | support | t1
        longer    | anne       | 2024-03-06 17:00 | 2024-03-06 19:00:01 | support | t1
        unnoted   | anne       | 2024-03-06 17:00 |                     | support | t1
        backwards | anne       | 2024-03-04 09:00 | 2024-03-04 08:00    | support | t1
    """, states="""
        subject   | 2024-03-31
        within    | kept
        tolerated | kept
        longer    | ticket_outlasted
        unnoted   | kept
        backwards | kept
    """)


def test_an_access_that_still_runs_at_the_end_of_the_day_has_run_until_then(spec):
    """That it ended later, and how long after the ticket, that day could not know."""
    spec(tickets="""
        ticket_id | account_id | opened_at        | closed_at
        t1        | anne       | 2024-03-06 09:00 | 2024-03-06 23:30
    """, staff_access="""
        access_id | account_id | accessed_at      | ended_at         | reason  | ticket_id
        running   | anne       | 2024-03-06 17:00 | 2024-03-07 12:00 | support | t1
        tomorrow  | anne       | 2024-03-07 00:00 |                  | service |
    """, states="""
        subject  | 2024-03-06 | 2024-03-07
        running  | kept       | ticket_outlasted
        tomorrow |            | kept
    """)


def test_a_ticket_that_asks_for_no_support_opens_nothing(spec):
    """Sales and billing ask nobody to look into the data (ours); help with the customer's own duties is support.

    A ticket that nobody marked came to the support desk, and is taken for support.
    """
    spec(tickets="""
        ticket_id | account_id | kind       | opened_at
        t1        | anne       | support    | 2024-03-04 09:00
        t2        | anne       | assistance | 2024-03-04 09:00
        t3        | anne       | other      | 2024-03-04 09:00
        t4        | anne       |            | 2024-03-04 09:00
    """, staff_access="""
        access_id | account_id | accessed_at      | reason  | ticket_id
        a1        | anne       | 2024-03-05 10:00 | support | t1
        a2        | anne       | 2024-03-05 10:00 | support | t2
        a3        | anne       | 2024-03-05 10:00 | support | t3
        a4        | anne       | 2024-03-05 10:00 | support | t4
    """, states="""
        subject | 2024-03-31
        a1      | kept
        a2      | kept
        a3      | ticket_not_support
        a4      | kept
    """)


ASKED = """
    access_id | account_id | accessed_at      | reason  | ticket_id
    a1        | anne       | 2024-03-05 10:00 | support | t1
    a2        | anne       | 2024-03-05 10:00 | service |
"""


def test_a_ticket_that_cannot_be_looked_up_proves_neither(spec):
    """Not in the list, of no customer, or of one that no account stands for: whose it is cannot be told."""
    spec(tickets="""
        ticket_id | account_id | opened_at
        nobodys   |            | 2024-03-04 09:00
        strangers | crm-7      | 2024-03-04 09:00
        his       | bruno      | 2024-03-04 09:00
    """, staff_access="""
        access_id | account_id | accessed_at      | reason  | ticket_id
        lost      | anne       | 2024-03-05 10:00 | support | t9
        nobodys   | anne       | 2024-03-05 10:00 | support | nobodys
        strangers | anne       | 2024-03-05 10:00 | support | strangers
        unnamed   |            | 2024-03-05 10:00 | support | his
    """, conditions="""
        subject   | ok | reason
        lost      |    | ticket_unknown
        nobodys   |    | ticket_unknown
        strangers |    | ticket_unknown
        unnamed   |    | account_unnamed
    """)


def test_without_tickets_support_is_unknown_and_the_rest_is_told(spec):
    spec(missing=("tickets",), tickets="ticket_id", staff_access=ASKED, conditions="""
        subject | ok   | reason
        a1      |      | ticket_unknown
        a2      | true |
    """)


@pytest.mark.parametrize(("column", "reason"), [("tickets.closed_at", "ticket_unknown"), ("staff_access.ticket_id", "")])
def test_a_list_of_tickets_without_their_closings_would_hold_each_open_for_ever(spec, column, reason):
    """So nothing is known from it. A journal's lack of any column matters only to what it is needed for."""
    spec(absent=(column,), staff_access=ASKED, conditions=f"""
        subject | ok                        | reason
        a1      | {'' if reason else 'true'} | {reason}
        a2      | true                      |
    """)


def test_a_journal_that_never_notes_tickets_accuses_nobody(spec):
    """Where the column is there and one entry's is empty, support was given without a ticket; that is a breach."""
    entry = """
        access_id | account_id | accessed_at      | reason
        a1        | anne       | 2024-03-05 10:00 | support
    """
    spec(absent=("staff_access.ticket_id",), staff_access=entry, states="subject | 2024-03-31\na1 | ticket_unknown")
    spec(staff_access=entry, states="subject | 2024-03-31\na1 | ticket_missing")


def test_a_list_that_was_written_before_the_access_says_nothing_of_it(spec):
    """A ticket may have been opened again since then, or closed. Written in the very instant is not after it."""
    for written_at, told in (("2024-03-05 10:00:01", "kept"), ("2024-03-05 10:00", "ticket_unknown")):
        spec(collected_at=written_at, staff_access=ASKED, states=f"""
            subject | 2024-03-05
            a1      | {told}
            a2      | kept
        """)


def test_what_happened_twelve_months_ago_is_history(spec):
    spec(tickets="ticket_id", staff_access="""
        access_id | account_id | accessed_at         | reason
        within    | anne       | 2023-04-01 00:00    | other
        history   | anne       | 2023-03-31 23:59:59 | other
    """, conditions="""
        subject | ok    | reason             | since_on   | in_review
        within  | false | reason_not_allowed | 2023-04-01 | true
        history | false | reason_not_allowed | 2023-03-31 | false
    """)


def condition(ok: str, reason: str = "") -> str:
    return f"""
        promise              | subject | seen_at          | ok   | reason
        customer-data.access | a1      | 2024-03-05 10:00 | {ok} | {reason}
    """


@pytest.mark.parametrize(("conditions", "datasets", "verdict_", "reason"), [
    (condition("true"), "", "compliant", "none"),
    (condition("false", "ticket_of_another"), "", "breached", "broken_constraint"),
    (condition("", "ticket_unknown"), "", "unverifiable", "condition_unknown"),
    (condition("", "ticket_unknown"), "tickets | missing | 0", "unverifiable", "dataset_missing"),
    (condition("true"), "tickets | missing | 0", "unverifiable", "dataset_missing"),
    (condition("false", "reason_not_allowed"), "tickets | missing | 0", "breached", "broken_constraint"),
    (condition("false", "reason_not_allowed"), "staff_access | missing | 0", "unverifiable", "dataset_missing"),
    ("promise", "", "unverifiable", "nothing_judged"),
])
def test_without_tickets_it_is_never_green_and_a_reason_that_is_not_allowed_is_red_all_the_same(
        verdict, conditions, datasets, verdict_, reason):
    verdict(as_of="2024-03-31", conditions=conditions, datasets="dataset | status | rows_kept\n" + datasets, verdicts=f"""
        promise              | verdict    | reason
        customer-data.access | {verdict_} | {reason}
    """)
