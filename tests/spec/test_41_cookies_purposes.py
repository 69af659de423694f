"""Cookies: declared, each for one of three purposes.

A cookie is known by its name, which may hold an id: the collection decides which declaration a name falls under, and keeps a
pseudonym (`declared_as` is the pattern, empty where none fits).
"""

import pytest

title = "Cookies: declared, for sign-in, visits or preferences"

SEEN = "cookie_id | declared_as | host | seen_at\n"
DECLARED = """
    pattern | purpose     | lifetime
    sess_*  | sign_in     | session
    _ga_*   | visits      | P12M
    lang    | preferences | P12M
    ads     | other       | P12M
"""


@pytest.fixture
def spec(judged):
    return judged("cookies.purposes")


def test_a_cookie_is_declared_for_one_of_the_three_purposes_or_breaks_the_promise(spec):
    spec(declared_cookies=DECLARED, cookies=SEEN + """
        s1 | sess_* | a | 2024-03-31 04:00
        g1 | _ga_*  | a | 2024-03-31 04:00
        l1 | lang   | a | 2024-03-31 04:00
        a1 | ads    | a | 2024-03-31 04:00
        x1 |        | a | 2024-03-31 04:00
        y1 | gone_* | a | 2024-03-31 04:00
    """, states="""
        subject         | 2024-03-31
        s1              | kept
        g1              | kept
        l1              | kept
        a1              | other_purpose
        x1              | undeclared
        y1              | undeclared
        declared sess_* | kept
        declared _ga_*  | kept
        declared lang   | kept
        declared ads    | other_purpose
    """)


def test_a_declaration_for_another_purpose_is_a_breach_though_the_cookie_was_not_seen(spec):
    """Who declares it, sets it: on a page that nobody visited, or to a user whom no probe is."""
    spec(declared_cookies="""
        pattern | purpose | lifetime
        ads     | other   | P1M
    """, states="""
        subject      | 2024-03-31
        declared ads | other_purpose
    """)


def test_the_last_look_at_a_page_stands_and_earlier_ones_are_dated(spec):
    """A cookie that was taken off the page is a breach of the day on which it was last there, for twelve months."""
    spec(as_of="2024-03-31", cookies=SEEN + """
        x1 |  | a | 2023-03-31 04:00
        x1 |  | a | 2024-02-01 04:00
        x1 |  | a | 2024-02-01 16:00
        x2 |  | a | 2024-03-31 04:00
        x2 |  | a | 2024-04-01 00:00
    """, conditions="""
        subject | seen_at          | reason     | in_review
        x1      | 2023-03-31 04:00 | undeclared | false
        x1      | 2024-02-01 16:00 | undeclared | true
        x2      |                  | undeclared | true
    """)


def test_a_cookie_of_two_hosts_is_one_and_the_worse_of_both(spec):
    """Each host has a last look of its own; what stands is judged together."""
    spec(as_of="2024-03-31", declared_cookies=DECLARED, cookies=SEEN + """
        l1 | lang | a | 2024-03-30 04:00
        l1 |      | b | 2024-03-31 04:00
        l1 | lang | b | 2024-03-30 04:00
    """, conditions="""
        subject         | seen_at          | reason
        l1              |                  | undeclared
        l1              | 2024-03-30 04:00 |
        declared sess_* |                  |
        declared _ga_*  |                  |
        declared lang   |                  |
        declared ads    |                  | other_purpose
    """)


def test_a_last_look_of_more_than_eight_days_ago_no_longer_proves_that_all_is_well(spec):
    """It still proves what was wrong: nobody has shown that it was cured."""
    spec(declared_cookies="""
        pattern | purpose     | lifetime
        lang    | preferences | P12M
    """, cookies=SEEN + """
        l1 | lang | a | 2024-03-24 00:00
        l2 | lang | b | 2024-03-23 23:59
        x1 |      | b | 2024-03-23 23:59
    """, states="""
        subject       | 2024-03-31 | 2024-04-01
        l1            | kept       | look_old
        l2            | look_old   | look_old
        x1            | undeclared | undeclared
        declared lang | kept       | kept
    """)
