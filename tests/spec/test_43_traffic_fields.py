"""Traffic: recorded in its declared traits only, for statistics, and no visitor kept.

Three questions: what the server's log records of a request at all; how long its raw lines are kept, in which every visitor
still is; and whether the warehouse itself holds what it must not, since it reads those lines every night.
"""

import pytest
from casebook import collect, judge, scratch

title = "Traffic: declared fields, raw logs for a year at most, no visitor kept"


@pytest.fixture
def spec(judged):
    return judged("traffic.fields")


def test_a_field_that_nobody_declared_breaks_the_promise_whether_it_is_read_or_not(spec):
    """Origin, browser, duration "and so on": what every web server writes is that; a cookie or a body is not."""
    spec(log_fields="""
        field
        address
        agent
        duration
        http_cookie
        {x-name}i
    """, states="""
        subject           | 2024-03-31
        field address     | kept
        field agent       | kept
        field duration    | kept
        field http_cookie | undeclared_field
        field {x-name}i   | undeclared_field
    """)


def test_a_log_of_json_whose_keys_nobody_has_spelled_is_unknown(spec):
    """It may record anything; only the keys that are read are known."""
    spec(log_fields="""
        field
        any JSON key
    """, states="""
        subject            | 2024-03-31
        field any JSON key | fields_unknown
    """)


def test_a_raw_log_is_kept_for_twelve_months_at_most(spec):
    """By its oldest line; that day of the next year is still in time. What the log was read for stays counted by day."""
    spec(raw_logs="""
        file | oldest_on  | newest_on  | lines
        a    | 2023-03-31 | 2024-03-31 | 9
        b    | 2023-03-30 | 2023-03-30 | 1
        c    | 2024-04-01 | 2024-04-01 | 1
    """, states="""
        subject | 2024-03-30 | 2024-03-31 | 2024-04-01
        log a   | kept       | kept       | raw_too_old
        log b   | kept       | raw_too_old | raw_too_old
        log c   |            |            | kept
    """)


def test_an_address_among_the_counted_values_is_a_visitor_kept(spec):
    """Times, versions and pseudonyms look like none."""
    spec(access_log="""
        day_on     | client | dimension | value                    | hits
        2024-03-31 | person | origin    | search.example           | 1
        2024-03-31 | person | browser   | Chrome 125.0.0.0         | 1
        2024-03-31 | person | hour      | 09                       | 1
        2024-03-31 | person | account   | account-03a0659916042ce7 | 1
        2024-03-31 | person | country   | 2001:db8::7              | 1
        2024-03-31 | person | device    | phone                    | 1
        2024-03-31 | person | device    | 192.0.2.1                | 1
    """, states="""
        subject           | 2024-03-31
        dimension origin  | kept
        dimension browser | kept
        dimension hour    | kept
        dimension account | kept
        dimension country | visitor_kept
        dimension device  | visitor_kept
    """)


def test_a_column_for_a_trait_of_one_visitor_is_found_by_its_name(spec):
    """The warehouse checks itself: today none of its facts has such a column; `visitors`, a count, is none."""
    spec(as_of="2024-03-31", conditions="subject | reason")
    scratch().execute("CREATE OR REPLACE TABLE source.stray (client_ip VARCHAR, user_agent VARCHAR, visitors BIGINT)")
    try:
        collect(scratch(), {})
        judge(scratch(), "2024-03-31", "traffic.fields")
        found = scratch().execute("SELECT subject, reason FROM obligation.condition ORDER BY ALL").fetchall()
    finally:
        scratch().execute("DROP TABLE source.stray")
    assert found == [("column source.stray.client_ip", "visitor_kept"), ("column source.stray.user_agent", "visitor_kept")]
