"""E-mails: every marketing or information e-mail says how to stop them, in its header or by a link.

What says so is counted by kind and local day; what does not is named, by the pseudonym of the e-mail. Receipts, alerts and
other transactional e-mails are not judged: who uses the service cannot stop them.
"""

import pytest

title = "E-mails: each says how to stop them"


@pytest.fixture
def spec(judged):
    return judged("marketing.unsubscribe")


def emails(*rows: str) -> str:
    return "\n".join(["email_id | kind | sent_at | has_list_unsubscribe | has_unsubscribe_link", *rows])


@pytest.mark.parametrize("kind", ["marketing", "information"])
def test_the_header_or_a_link_will_do_and_neither_will_not(spec, kind):
    """Of the header the reader's own mail program makes a button; a link everybody sees. Either is a way to stop them."""
    spec(as_of="2024-03-31", emails=emails(
        f"both    | {kind} | 2024-03-01 10:00 | true  | true",
        f"header  | {kind} | 2024-03-02 10:00 | true  | false",
        f"link    | {kind} | 2024-03-03 10:00 | false | true",
        f"neither | {kind} | 2024-03-04 10:00 | false | false"), conditions=f"""
        subject           | seen_at          | ok    | reason         | cases
        {kind} 2024-03-01 | 2024-03-01 00:00 | true  |                | 1
        {kind} 2024-03-02 | 2024-03-02 00:00 | true  |                | 1
        {kind} 2024-03-03 | 2024-03-03 00:00 | true  |                | 1
        neither           | 2024-03-04 10:00 | false | no_unsubscribe | 1
    """)


def test_what_nobody_recorded_is_unknown_unless_the_other_is_there(spec):
    """A link that is there is enough, whatever the header; one that is not leaves all to the header."""
    spec(emails=emails(
        "seen      | marketing   | 2024-03-01 10:00 |       | true",
        "headed    | information | 2024-03-01 10:00 | true  |",
        "no_link   | marketing   | 2024-03-02 10:00 |       | false",
        "no_header | marketing   | 2024-03-02 11:00 | false |",
        "nothing   | information | 2024-03-02 12:00 |       |"), states="""
        subject                | 2024-03-31
        marketing 2024-03-01   | kept
        information 2024-03-01 | kept
        no_link                | unsubscribe_unknown
        no_header              | unsubscribe_unknown
        nothing                | unsubscribe_unknown
    """)


def test_a_transactional_email_is_not_judged(spec):
    """Neither accused nor counted as kept: a thousand receipts say nothing of the newsletter."""
    spec(as_of="2024-03-31", emails=emails(
        "receipt | transactional | 2024-03-01 10:00 | false | false",
        "alert   | transactional | 2024-03-01 11:00 | true  | true",
        "news    | information   | 2024-03-01 12:00 | true  | true"), conditions="""
        subject                | cases
        information 2024-03-01 | 1
    """)


def test_what_is_kept_is_counted_by_kind_and_local_day(spec):
    """A newsletter to a hundred thousand is one row. Midnight in Paris parts the days: 23:00 UTC in winter."""
    spec(as_of="2024-03-31", emails=emails(
        "a | marketing   | 2024-03-01T22:59:59Z | true | true",
        "b | marketing   | 2024-03-01T23:00:00Z | true | true",
        "c | marketing   | 2024-03-02 12:00     | true | true",
        "d | information | 2024-03-02 12:00     | true | true",
        "e | marketing   | 2024-03-02 12:00     | false | false"), conditions="""
        subject                | seen_at          | ok    | cases
        marketing 2024-03-01   | 2024-03-01 00:00 | true  | 1
        marketing 2024-03-02   | 2024-03-02 00:00 | true  | 2
        information 2024-03-02 | 2024-03-02 00:00 | true  | 1
        e                      | 2024-03-02 12:00 | false | 1
    """)


def test_an_email_that_lacked_it_counts_for_twelve_months(spec):
    """It was sent and cannot be called back. Twelve months back from the end of 31 March 2024: 1 April 2023, included."""
    spec(as_of="2024-03-31", emails=emails(
        "within  | marketing | 2023-04-01 00:00    | false | false",
        "history | marketing | 2023-03-31 23:59:59 | false | false",
        "kept    | marketing | 2023-03-31 23:59:59 | true  | true"), conditions="""
        subject              | seen_at             | ok    | since_on   | in_review
        within               | 2023-04-01 00:00    | false | 2023-04-01 | true
        history              | 2023-03-31 23:59:59 | false | 2023-03-31 | false
        marketing 2023-03-31 | 2023-03-31 00:00    | true  |            | false
    """)


def test_what_was_sent_after_the_day_has_not_been_sent(spec):
    spec(emails=emails(
        "last  | marketing | 2024-03-31 23:59:59 | false | false",
        "first | marketing | 2024-04-01 00:00    | false | false"), states="""
        subject | 2024-03-31     | 2024-04-01
        last    | no_unsubscribe | no_unsubscribe
        first   |                | no_unsubscribe
    """)


@pytest.mark.parametrize(("told", "verdict_", "reason", "judged"), [
    ("", "unverifiable", "nothing_judged", 0),
    ("n1 | nil_return | emails | | 2024-03-01 | 2024-03-31 | dpo", "compliant", "none", 0),
    ("n1 | nil_return | emails | | 2024-03-01 | 2024-03-30 | dpo", "unverifiable", "nothing_judged", 0),
    ("n1 | nil_return | | marketing.unsubscribe | 2024-03-01 | 2024-03-31 | dpo", "compliant", "none", 0),
])
def test_where_no_such_email_was_sent_somebody_says_so(verdict, told, verdict_, reason, judged):
    """Receipts alone: nothing to judge. On the last day of a nil return it still counts."""
    head = "attestation_id | kind | dataset | promise | stated_on | valid_until_on | role\n"
    verdict(as_of="2024-03-31", attestations=head + told, verdicts=f"""
        promise               | verdict    | reason   | judged
        marketing.unsubscribe | {verdict_} | {reason} | {judged}
    """)
