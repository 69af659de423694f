"""Rights: both ways to exercise them, in-app support and e-mail, are attended to, and users can edit their own data.

A way is seen to be attended to by what was said to those who used it. An acknowledgement that a machine sends proves less
than it seems; that the request is answered in time is another promise (chapter 10). What nobody used in a
year cannot be seen.
"""

import pytest

title = "Rights: both ways are attended to"
STANDING = ("in_app", "email", "profile")


@pytest.fixture
def spec(judged):
    """Requests alone: what stands of the two ways and of the profile is left out."""
    return judged("rights.channels", leave_out=STANDING)


@pytest.fixture
def standing(judged):
    """The two ways and the profile alone."""
    return judged("rights.channels", leave_out=("r1", "r2", "r3", "r4"))


def test_a_request_is_acknowledged_within_a_week(spec):
    """Ours: through the seventh day after it came, whatever the hour. It is judged once that can be told."""
    spec(rights_requests="""
        request_id | received_at      | acknowledged_at
        at_once    | 2024-03-04 10:00 | 2024-03-04 10:01
        last       | 2024-03-04 10:00 | 2024-03-11 23:59:59.999999
        late       | 2024-03-04 10:00 | 2024-03-12 00:00
        never      | 2024-03-04 10:00 |
    """, states="""
        subject | 2024-03-03 | 2024-03-10 | 2024-03-11     | 2024-03-12
        at_once |            | kept       | kept           | kept
        last    |            |            | kept           | kept
        late    |            |            | unacknowledged | acknowledged_late
        never   |            |            | unacknowledged | unacknowledged
    """)


def test_both_ways_are_judged_and_no_other(spec):
    """The policy names in-app support and e-mail; a letter is answered like any request, but no way of the policy's."""
    spec(rights_requests="""
        request_id | channel | received_at      | acknowledged_at
        app        | in_app  | 2024-03-04 10:00 | 2024-03-05 10:00
        app_never  | in_app  | 2024-03-04 10:00 |
        mail       | email   | 2024-03-04 10:00 | 2024-03-05 10:00
        mail_never | email   | 2024-03-04 10:00 |
        letter     | post    | 2024-03-04 10:00 |
        else       | other   | 2024-03-04 10:00 |
    """, conditions=None, states="""
        subject    | 2024-03-31
        app        | kept
        app_never  | unacknowledged
        mail       | kept
        mail_never | unacknowledged
    """)


def test_whatever_was_said_to_the_sender_acknowledges_the_request(spec):
    """A question about identity, a notice that it takes longer, the answer itself."""
    spec(rights_requests="""
        request_id | received_at      | identity_asked_at | extension_notified_at | answered_at      | outcome
        asked      | 2024-03-04 10:00 | 2024-03-11 10:00  |                       |                  |
        extended   | 2024-03-04 10:00 |                   | 2024-03-11 10:00      |                  |
        answered   | 2024-03-04 10:00 |                   |                       | 2024-03-11 10:00 | granted
        refused    | 2024-03-04 10:00 |                   |                       | 2024-03-11 10:00 | refused
        late       | 2024-03-04 10:00 | 2024-03-12 10:00  | 2024-03-13 10:00      | 2024-03-14 10:00 | granted
        silent     | 2024-03-04 10:00 |                   |                       |                  |
    """, states="""
        subject  | 2024-03-31
        asked    | kept
        extended | kept
        answered | kept
        refused  | kept
        late     | acknowledged_late
        silent   | unacknowledged
    """)


def test_what_was_said_before_the_request_came_was_not_said_to_it(spec):
    spec(rights_requests="""
        request_id | received_at      | acknowledged_at
        nonsense   | 2024-03-04 10:00 | 2024-03-04 09:59
        instant    | 2024-03-04 10:00 | 2024-03-04 10:00
    """, states="""
        subject  | 2024-03-31
        nonsense | unacknowledged
        instant  | kept
    """)


def test_one_that_is_withdrawn_within_the_week_decides_nothing(spec):
    """Nobody was left waiting. Withdrawn after it, somebody was; acknowledged before, the way is seen to be attended to."""
    spec(rights_requests="""
        request_id   | received_at      | acknowledged_at  | answered_at      | outcome
        within       | 2024-03-04 10:00 |                  | 2024-03-11 10:00 | withdrawn
        undated      | 2024-03-04 10:00 |                  |                  | withdrawn
        after        | 2024-03-04 10:00 |                  | 2024-03-12 00:00 | withdrawn
        acknowledged | 2024-03-04 10:00 | 2024-03-05 10:00 | 2024-03-06 10:00 | withdrawn
    """, states="""
        subject      | 2024-03-31
        after        | unacknowledged
        acknowledged | kept
    """)


def test_a_register_that_notes_no_acknowledgement_accuses_nobody(spec):
    """Of what was answered in the week it still tells; of the rest, nothing is known."""
    spec(absent=("rights_requests.acknowledged_at",), as_of="2024-03-31", rights_requests="""
        request_id | received_at      | answered_at      | outcome
        answered   | 2024-03-04 10:00 | 2024-03-05 10:00 | granted
        later      | 2024-03-04 10:00 | 2024-03-25 10:00 | granted
        never      | 2024-03-04 10:00 |                  |
    """, conditions="""
        subject  | seen_at          | ok   | reason
        answered | 2024-03-04 10:00 | true |
        later    | 2024-03-04 10:00 |      | reply_unrecorded
        never    | 2024-03-04 10:00 |      | reply_unrecorded
    """)


def test_a_request_counts_for_twelve_months_from_its_coming(spec):
    spec(as_of="2024-03-31", rights_requests="""
        request_id | received_at         | acknowledged_at
        within     | 2023-04-01 00:00    |
        history    | 2023-03-31 23:59:59 |
    """, conditions="""
        subject | ok    | reason         | in_review
        within  | false | unacknowledged | true
        history | false | unacknowledged | false
    """)


EDITED = "account_id | last_edit_at\na1 | 2024-03-01 10:00"


def test_a_way_is_seen_to_be_attended_to_by_a_request_of_the_last_twelve_months(standing):
    """One acknowledged in time. That others were not is told of those; that none came at all is no breach, and no proof."""
    for received_at, acknowledged_at, told in (
        ("2024-03-04 10:00", "2024-03-05 10:00", "kept"),
        ("2024-03-04 10:00", "2024-03-12 10:00", "channel_unseen"),
        ("2024-03-04 10:00", "", "channel_unseen"),
        ("2023-04-01 00:00", "2023-04-02 10:00", "kept"),
        ("2023-03-31 23:59:59", "2023-04-02 10:00", "channel_unseen"),
        ("2024-04-01 00:00", "2024-04-01 00:01", "channel_unseen"),
    ):
        standing(accounts=EDITED, rights_requests=f"""
            request_id | channel | received_at   | acknowledged_at
            r1         | email   | {received_at} | {acknowledged_at}
        """, states=f"""
            subject | 2024-03-31
            in_app  | channel_unseen
            email   | {told}
            profile | kept
        """)


def test_a_letter_shows_nothing_of_the_two_ways(standing):
    standing(as_of="2024-03-31", accounts=EDITED, rights_requests="""
        request_id | channel | received_at      | acknowledged_at
        r1         | post    | 2024-03-04 10:00 | 2024-03-05 10:00
        r2         | in_app  | 2024-03-04 10:00 | 2024-03-05 10:00
    """, conditions="""
        subject | seen_at | ok   | reason
        in_app  |         | true |
        email   |         |      | channel_unseen
        profile |         | true |
    """)


def test_users_are_seen_to_edit_their_own_data(standing):
    """By an edit of the last twelve months, of an account or of a user. That nobody edits does not prove that nobody can."""
    ways = "subject | {0}\nin_app | channel_unseen\nemail | channel_unseen\nprofile | {1}"
    for edited_at, told in (("2024-03-31 23:59:59", "kept"), ("2023-04-01 00:00", "kept"),
                            ("2023-03-31 23:59:59", "edits_unseen"), ("", "edits_unseen")):
        standing(accounts=f"account_id | last_edit_at\na1 | {edited_at}\na2 |", states=ways.format("2024-03-31", told))
        standing(accounts="account_id\na1", users=f"user_id | account_id | last_edit_at\nu1 | a1 | {edited_at}",
                 states=ways.format("2024-03-31", told))


def test_an_edit_of_a_later_day_has_not_happened(standing):
    """The last value may hide one before it; then the day cannot tell, unless somebody else's edit shows it."""
    standing(accounts="""
        account_id | last_edit_at
        a1         | 2024-04-01 00:00
    """, states="subject | 2024-03-31\nin_app | channel_unseen\nemail | channel_unseen\nprofile | edits_unseen")


def statement(kind: str, promise: str, stated_on: str, until: str) -> str:
    return f"""
        attestation_id | kind   | promise   | stated_on   | valid_until_on | role
        s1             | {kind} | {promise} | {stated_on} | {until}        | dpo
    """


@pytest.mark.parametrize(("kind", "promise", "stated_on", "until", "counts"), [
    ("statement", "rights.channels", "2024-03-31", "2025-03-31", True),
    ("statement", "rights.channels", "2023-12-31", "2025-03-31", True),
    ("statement", "rights.channels", "2023-12-30", "2025-03-31", False),
    ("statement", "rights.channels", "2024-03-01", "2024-03-31", True),
    ("statement", "rights.channels", "2024-03-01", "2024-03-30", False),
    ("statement", "rights.channels", "2024-04-01", "2025-03-31", False),
    ("statement", "processor.assistance", "2024-03-31", "2025-03-31", False),
    ("nil_return", "rights.channels", "2024-03-31", "2025-03-31", False),
])
def test_what_nobody_used_a_named_role_tries_and_states_each_quarter(standing, kind, promise, stated_on, until, counts):
    """Ours: three months, since a mailbox falls silent sooner than a year. That nobody wrote (a nil return) says nothing."""
    ways, profile = ("kept", "kept") if counts else ("channel_unseen", "edits_unseen")
    standing(attestations=statement(kind, promise, stated_on, until), states=f"""
        subject | 2024-03-31
        in_app  | {ways}
        email   | {ways}
        profile | {profile}
    """)


def test_a_statement_turns_no_breach_into_something_else(judged):
    stated = statement("statement", "rights.channels", "2024-03-31", "2024-06-30")
    judged("rights.channels")(as_of="2024-03-31", attestations=stated, rights_requests="""
        request_id | channel | received_at      | acknowledged_at
        ignored    | email   | 2024-03-04 10:00 |
    """, conditions="""
        subject | ok    | reason
        ignored | false | unacknowledged
        in_app  | true  |
        email   | true  |
        profile | true  |
    """)


@pytest.mark.parametrize(("stated_on", "until", "counts_until", "state"), [
    ("2024-03-01", "2024-12-31", "2024-06-01", "valid"),
    ("2023-12-31", "2024-12-31", "2024-03-31", "valid"),
    ("2023-12-30", "2024-12-31", "2024-03-30", "expired"),
    ("2024-03-01", "2024-03-30", "2024-03-30", "expired"),
])
def test_the_statement_is_listed_with_the_last_day_on_which_it_counts(listed, stated_on, until, counts_until, state):
    """One that was never made is not asked for: it only stands in for what was not seen."""
    listed("rights.channels", as_of="2024-03-31", statements="stated_by | state")
    listed("rights.channels", as_of="2024-03-31", attestations=statement("statement", "rights.channels", stated_on, until),
           statements=f"""
        stated_by | stated_on   | counts_until_on | state
        dpo       | {stated_on} | {counts_until}  | {state}
    """)
