"""Cookies: gone after twelve months.

Twelve calendar months from the moment at which the cookie was first set, to the end of that local day, and no visit prolongs
it: else it never ends for whoever comes back. A cookie of the browser's session ends with it.
"""

import pytest

title = "Cookies: gone after twelve months"

SEEN = "cookie_id | seen_at | how | first_set_at | expires_at | is_session | is_prolonged\n"


@pytest.fixture
def spec(judged):
    return judged("cookies.lifetime")


def test_a_cookie_ends_on_the_same_day_a_year_later_at_the_latest(spec):
    """Where that year has no 29 February, with the month's last day. 400 days, a browser's own limit, are too long."""
    spec(cookies=SEEN + """
        short  | 2024-03-31 10:00 | visit | 2024-03-31 10:00 | 2024-04-30 10:00    | false | false
        day    | 2024-03-31 10:00 | visit | 2024-03-31 10:00 | 2025-03-31 24:00    | false | false
        second | 2024-03-31 10:00 | visit | 2024-03-31 10:00 | 2025-04-01 00:00:01 | false | false
        leap   | 2024-03-31 10:00 | visit | 2024-02-29 10:00 | 2025-02-28 24:00    | false | false
        leapt  | 2024-03-31 10:00 | visit | 2024-02-29 10:00 | 2025-03-01 00:00:01 | false | false
        most   | 2024-03-31 10:00 | visit | 2024-03-31 10:00 | 2025-05-05 10:00    | false | false
    """, states="""
        subject | 2024-03-31
        short   | kept
        day     | kept
        second  | too_long
        leap    | kept
        leapt   | too_long
        most    | too_long
    """)


def test_a_cookie_that_a_visit_prolongs_lives_for_ever(spec):
    """However short it is: each visit gives it all its time again."""
    spec(cookies=SEEN + """
        short   | 2024-03-31 10:00 | visit | 2024-03-31 10:00 | 2024-03-31 12:00 | false | true
        left    | 2024-03-31 10:00 | visit | 2024-03-31 10:00 | 2024-03-31 12:00 | false | false
        session | 2024-03-31 10:00 | visit | 2024-03-31 10:00 |                  | true  |
    """, states="""
        subject | 2024-03-31
        short   | prolonged
        left    | kept
        session | kept
    """)


def test_headers_alone_do_not_tell_whether_a_visit_prolongs(spec):
    """A server that sends the cookie again on each answer and one that sends it once send the same header the first time."""
    spec(cookies=SEEN + """
        header  | 2024-03-31 10:00 | header | 2024-03-31 10:00 | 2024-04-30 10:00 | false |
        long    | 2024-03-31 10:00 | header | 2024-03-31 10:00 | 2026-04-30 10:00 | false |
        both    | 2024-03-31 10:00 | header | 2024-03-31 10:00 | 2024-04-30 10:00 | false |
        both    | 2024-03-31 10:01 | visit  | 2024-03-31 10:00 | 2024-04-30 10:00 | false | false
        session | 2024-03-31 10:00 | header | 2024-03-31 10:00 |                  | true  |
        endless | 2024-03-31 10:00 | visit  | 2024-03-31 10:00 |                  | false | false
    """, states="""
        subject | 2024-03-31
        header  | visits_unseen
        long    | too_long
        both    | kept
        session | kept
        endless | end_unknown
    """)


def test_the_longest_stay_that_was_told_counts(spec):
    """A browser cuts a cookie's life at 400 days of its own; the header says what the site asked for."""
    spec(cookies=SEEN + """
        c | 2024-03-31 10:00 | visit  | 2024-03-31 10:00 | 2025-03-31 10:00 | false | false
        c | 2024-03-31 10:01 | header | 2024-03-31 10:01 | 2034-03-31 10:01 | false |
    """, states="""
        subject | 2024-03-31
        c       | too_long
    """)


def test_the_last_look_stands_earlier_ones_are_dated_and_an_old_one_proves_nothing_good(spec):
    spec(as_of="2024-03-31", cookies=SEEN + """
        c | 2024-02-01 10:00 | visit | 2024-02-01 10:00 | 2025-05-01 10:00 | false | false
        c | 2024-03-23 10:00 | visit | 2024-03-23 10:00 | 2024-05-01 10:00 | false | false
    """, conditions="""
        subject | seen_at          | ok    | reason
        c       | 2024-02-01 10:00 | false | too_long
        c       |                  |       | look_old
    """)


def test_a_declaration_of_more_than_twelve_months_is_a_breach_of_its_own(spec):
    """366 days are twelve months where they hold 29 February: too long is only what is so in every year."""
    spec(declared_cookies="""
        pattern | purpose | lifetime
        a       | visits  | session
        b       | visits  | P12M
        c       | visits  | P365D
        d       | visits  | P366D
        e       | visits  | PT31622400S
        f       | visits  | P367D
        g       | visits  | P13M
        h       | visits  | P12M1D
        i       | visits  | PT31708800S
    """, states="""
        subject    | 2024-03-31
        declared a | kept
        declared b | kept
        declared c | kept
        declared d | kept
        declared e | kept
        declared f | declared_too_long
        declared g | declared_too_long
        declared h | declared_too_long
        declared i | declared_too_long
    """)
